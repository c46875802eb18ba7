//! Two texts that a reader would call the same fold to the same letters and digits, with single blanks between.

use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization;

/// Compatibility forms joined, accents and scripts to ASCII, lower case, everything else a single blank.
pub(super) fn fold(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    let plain = deunicode(&composed);
    let mut folded = String::with_capacity(plain.len());
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    }
    folded
}
