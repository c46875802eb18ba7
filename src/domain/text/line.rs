//! Text brought to one line: what is stored of a line field, and what may stand in a mail header or a greeting.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

use super::columns::fit;
use super::display::{Breaks, Hidden, clean};

/// The most characters of a name in mail to a customer (trust.md, Hostile text).
const NAME_LIMIT: usize = 80;

/// A line field as it is stored: NFC, a run of blanks that holds a line break or a tab becomes one space, blanks
/// at both ends go. Everything else is kept as given, hidden characters too (trust.md, Hostile text).
pub fn normalise_line(text: &str) -> String {
    let composed = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    let mut line = String::with_capacity(composed.len());
    let mut rest = composed.trim();
    while let Some(start) = rest.find(char::is_whitespace) {
        let (word, from_blank) = rest.split_at(start);
        let end = from_blank.find(|c: char| !c.is_whitespace()).unwrap_or(from_blank.len());
        let (blanks, after) = from_blank.split_at(end);
        line.push_str(word);
        if blanks.contains(is_break_or_tab) {
            line.push(' ')
        } else {
            line.push_str(blanks)
        }
        rest = after;
    }
    line.push_str(rest);
    line
}

fn is_break_or_tab(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{1c}'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Text for a mail header or a display name: one line without any control or hidden character, blanks collapsed,
/// at most `max_columns` wide (trust.md, Hostile text: a display name with CR or LF never reaches the mailer).
pub fn header_text(text: &str, max_columns: usize) -> String {
    fit(&without_hidden(text), max_columns).into_owned()
}

/// A person's own name as it may stand in mail to them: one line, at most 80 characters, and nothing a mail
/// reader would turn into a link (dots inside words, `://` and `@` are taken apart). May be empty: the caller
/// then greets without a name (trust.md, Hostile text).
pub fn name_in_mail(text: &str) -> String {
    let clean = without_hidden(text);
    let unlinked = unlink(&clean);
    let mut name = String::new();
    let mut left = NAME_LIMIT;
    for cluster in unlinked.graphemes(true) {
        let size = cluster.chars().count();
        if size > left {
            break;
        }
        left -= size;
        name.push_str(cluster);
    }
    name.trim_end().to_owned()
}

fn without_hidden(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if is_break_or_tab(c) { ' ' } else { c }).collect();
    // Dropping one code point can join its neighbours into a new cluster, so the result is cleaned once more.
    let dropped = clean(&spaced, Breaks::Shown, Hidden::Dropped).text;
    let again = clean(&dropped, Breaks::Shown, Hidden::Dropped).text;
    again.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes apart what mail readers link: `://` and other colons inside words, `@`, and a dot before two or more
/// letters or digits. `J.R. Smith` and `Dr. med.` stay as they are.
fn unlink(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (index, &c) in chars.iter().enumerate() {
        let next_is_word = |ahead: usize| chars.get(index + ahead).is_some_and(|next| next.is_alphanumeric());
        match c {
            '@' | '＠' => out.push_str(" at "),
            '/' | '\\' | '／' => out.push(' '),
            ':' | '：' => out.push(' '),
            '.' | '．' | '。' | '｡' if next_is_word(1) && next_is_word(2) => out.push_str(". "),
            other => out.push(other),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::width;

    #[test]
    fn lines_are_normalised() {
        #[rustfmt::skip]
        let table = [
            ("  Ana Lima ",             "Ana Lima"),
            ("Header\r\nBcc: all@x",    "Header Bcc: all@x"),
            ("a \t\n b",                "a b"),
            ("two  spaces kept",        "two  spaces kept"),
            ("e\u{301}",                "é"),
            ("a\u{2028}b\u{85}c",       "a b c"),
            ("\u{1b}[0m\u{202e}x",      "\u{1b}[0m\u{202e}x"),
            ("",                        ""),
            ("\n",                      ""),
        ];
        for (given, stored) in table {
            assert_eq!(normalise_line(given), stored, "{given:?}");
        }
    }

    #[test]
    fn headers_hold_no_control() {
        assert_eq!(header_text("Ana\r\nBcc: x@y\u{202e}\u{1b}", 60), "Ana Bcc: x@y");
        assert_eq!(header_text("a long subject line", 8), "a long …");
    }

    #[test]
    fn names_carry_no_link() {
        #[rustfmt::skip]
        let table = [
            ("Jörg Weiß",                       "Jörg Weiß"),
            ("J.R. O'Brien",                    "J.R. O'Brien"),
            ("Dr. med. Ana Lima",               "Dr. med. Ana Lima"),
            ("win at http://evil.example/x",    "win at http evil. example x"),
            ("www.evil.example",                "www. evil. example"),
            ("a@evil.example",                  "a at evil. example"),
            ("evil。example",                   "evil. example"),
            ("Ana\nhttps://x.example",          "Ana https x. example"),
        ];
        for (given, name) in table {
            assert_eq!(name_in_mail(given), name, "{given:?}");
        }
        assert_eq!(name_in_mail(&"x".repeat(500)).chars().count(), 80);
    }

    proptest! {
        #[test]
        fn stored_lines_are_one_line(text in "(\\PC|\\pC|\\s){0,40}") {
            let line = normalise_line(&text);
            prop_assert!(!line.contains(is_break_or_tab));
            prop_assert_eq!(normalise_line(&line), line);
        }

        #[test]
        fn mail_text_is_clean(text in "(\\PC|\\pC|\\pM|\r\n|\\.|@){0,120}") {
            let name = name_in_mail(&text);
            prop_assert!(name.chars().count() <= NAME_LIMIT);
            prop_assert!(!name.contains("://") && !name.contains('@'));
            let header = header_text(&text, 40);
            prop_assert!(width(&header) <= 40);
            prop_assert!(!header.chars().chain(name.chars()).any(char::is_control));
        }
    }
}
