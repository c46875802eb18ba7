//! Names of companies.

use super::script::{fold, without_legal_form};
use super::words;

/// Folded words without legal form and filler; single letters in a row are one word.
pub fn normalise(name: &str) -> String {
    let folded = joined_letters(&fold(&initialisms(&without_legal_form(name))));
    let all: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    let telling = |w: &&&str| !words::LEGAL_FORMS.contains(*w) && !words::FILLERS.contains(*w);
    let mut kept: Vec<&str> = all.iter().filter(telling).copied().collect();
    if kept.is_empty() {
        kept = all;
    }
    kept.join(" ")
}

/// `e e` of `E&E` is one word.
fn joined_letters(folded: &str) -> String {
    let mut made = String::with_capacity(folded.len());
    let mut single = false;
    for word in folded.split(' ') {
        let is_single = word.len() == 1;
        if !(made.is_empty() || (single && is_single)) {
            made.push(' ');
        }
        made.push_str(word);
        single = is_single;
    }
    made
}

/// `A.M.E.` and `s.r.o.` become one word; apostrophes vanish, but behind one letter they part words: `d'Investigation`.
fn initialisms(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut made = String::with_capacity(name.len());
    for (at, &c) in chars.iter().enumerate() {
        let single = at >= 1 && chars[at - 1].is_alphabetic() && (at < 2 || !chars[at - 2].is_alphanumeric());
        match c {
            '.' if single => {}
            '\'' | '’' | '`' if single => made.push(' '),
            '\'' | '’' | '`' => {}
            _ => made.push(c),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_fillers_and_dots_do_not_count() {
        #[rustfmt::skip]
        let table = [
            ("Café Aurora Lda",                  "cafe aurora"),
            ("The Bakery of Łódź Sp. z o.o.",    "bakery lodz"),
            ("Woodlawn A.M.E. Church",           "woodlawn ame church"),
            ("St. John's Ltd.",                  "st johns"),
            ("GmbH",                             "gmbh"),
            ("Université de Genève",             "universite geneve"),
            ("Centre d’Investigation Clinique", "centre investigation clinique"),
            ("E&E Co., Ltd.",                    "ee"),
        ];
        for (given, key) in table {
            assert_eq!(normalise(given), key, "{given}");
        }
    }
}
