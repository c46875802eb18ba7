//! The search key: stored text and queries pass the same function, so `Müller`, `MÜLLER` and `muller` meet.

use deunicode::{deunicode_char, deunicode_with_tofu};
use unicode_normalization::UnicodeNormalization;

/// The search key of a text: compatibility forms resolved, every script written in ASCII, lower case, whatever is
/// no letter or digit one space, none at the ends. Idempotent.
pub fn fold(text: &str) -> String {
    if text.is_ascii() && !text.contains('\u{7f}') {
        return squeeze(text);
    }
    let composed: String = text.nfkc().collect();
    squeeze(&deunicode_with_tofu(&composed, " "))
}

/// ASCII alone: what composing and transcribing leave as it is (but for DEL, which they drop).
fn squeeze(ascii: &str) -> String {
    let mut key = String::with_capacity(ascii.len());
    for c in ascii.chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// Only the decimal digits of a text, those of any script as ASCII.
pub fn digits(text: &str) -> String {
    text.nfkc().filter_map(|c| if c.is_ascii_digit() { Some(c) } else { foreign_digit(c) }).collect()
}

fn foreign_digit(c: char) -> Option<char> {
    if c.is_ascii() || !c.is_numeric() {
        return None;
    }
    let mut ascii = deunicode_char(c)?.chars();
    let first = ascii.next().filter(char::is_ascii_digit)?;
    ascii.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_meet() {
        #[rustfmt::skip]
        let table = [
            ("Müller",                    "muller"),
            ("MÜLLER  &  Söhne",          "muller sohne"),
            ("Weiß",                      "weiss"),
            ("O'Brien-Daughters, Ltd.",   "o brien daughters ltd"),
            ("Łódź",                      "lodz"),
            ("ＡＣＭＥ １",               "acme 1"),
            ("ﬁne",                       "fine"),
            ("Cafe\u{301}",               "cafe"),
            ("  ",                        ""),
            ("C-000012",                  "c 000012"),
        ];
        for (given, key) in table {
            assert_eq!(fold(given), key, "{given:?}");
        }
    }

    #[test]
    fn the_short_way_for_ascii_is_the_long_way() {
        for c in (0..128u8).map(char::from) {
            let text = format!("a{c}b");
            let long = squeeze(&deunicode_with_tofu(&text.nfkc().collect::<String>(), " "));
            assert_eq!(fold(&text), long, "{c:?}");
        }
    }

    #[test]
    fn digits_of_any_script() {
        assert_eq!(digits("+351 (21) 555-0132"), "351215550132");
        assert_eq!(digits("٠١٢ ０３ ०९"), "0120309");
        assert_eq!(digits("none"), "");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let key = fold(&text);
            prop_assert!(key.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | ' ')));
            prop_assert_eq!(fold(&key), key);
        }
    }
}
