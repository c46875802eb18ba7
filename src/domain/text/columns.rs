//! Text measured in terminal columns: what comes out is never wider than asked and never cuts a grapheme cluster.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The columns a terminal grid gives this text: the sum over its grapheme clusters, as they are drawn cell by
/// cell. Expects text that went through [`super::display_line`].
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    if is_narrow(text) {
        return text.chars().count();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text if it is at most `columns` wide, else its longest beginning with `…` that is.
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    Cow::Owned(format!("{}…", &text[..prefix_len(text, columns - 1)]))
}

/// The lines of a text wrapped at words to at most `columns`; a word wider than that is broken between clusters,
/// and a cluster wider than that is drawn as `…`. Line breaks in the text stay; there is always one line.
/// `columns` of 0 counts as 1.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    text.split('\n').flat_map(|line| wrap_line(line, columns)).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut used = 0;
    for word in words(line) {
        let bare = word.trim_end_matches(' ');
        let fits = columns.checked_sub(used).is_some_and(|left| prefix_len(bare, left) == bare.len());
        if !current.is_empty() && !bare.is_empty() && !fits {
            lines.push(std::mem::take(&mut current).trim_end_matches(' ').to_owned());
            used = 0;
        }
        // From here on the word begins a line or fits the one that is begun.
        let mut rest = word;
        while current.is_empty() && prefix_len(rest, columns) < rest.trim_end_matches(' ').len() {
            let taken = prefix_len(rest, columns);
            if taken == 0 {
                lines.push("…".to_owned());
                rest = &rest[rest.graphemes(true).next().map_or(rest.len(), str::len)..];
            } else {
                lines.push(rest[..taken].to_owned());
                rest = &rest[taken..];
            }
        }
        current.push_str(rest);
        used += width(rest);
    }
    let last = current.trim_end_matches(' ');
    if !last.is_empty() || lines.is_empty() {
        lines.push(last.to_owned());
    }
    lines
}

/// The words of a line, each with the blank after it. A blank that carries a mark is part of its word.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let plain = is_plain(line);
    let mut rest = line;
    std::iter::from_fn(move || {
        let blank = match plain {
            true => rest.find(' '),
            false => rest.grapheme_indices(true).find(|(_, cluster)| *cluster == " ").map(|(at, _)| at),
        };
        let end = blank.map_or(rest.len(), |at| at + 1);
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// True where every character is one cluster of one column: Latin, Greek, Cyrillic and the signs of frames, with nothing
/// that combines. Most of what is drawn, so that it is worth knowing without taking clusters apart.
pub fn is_narrow(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
            ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{377}' | '\u{384}'..='\u{38a}' | '\u{38e}'..='\u{3a1}'
            | '\u{3a3}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '–' | '—' | '‘' | '’' | '“' | '”' | '•' | '…' | '←' | '↑' | '→' | '↓'
            | '\u{2500}'..='\u{257f}' | '✓' | '✗')
    })
}

/// True where every byte is one cluster of one column.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Bytes of the longest beginning, in whole clusters, that is at most `columns` wide.
fn prefix_len(text: &str, columns: usize) -> usize {
    if is_plain(text) {
        return text.len().min(columns);
    }
    if is_narrow(text) {
        return text.char_indices().nth(columns).map_or(text.len(), |(at, _)| at);
    }
    let mut used = 0;
    for (start, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            return start;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::{display_block, display_line};

    /// What is called narrow is, sign by sign and beside each other.
    #[test]
    fn narrow_signs_are_one_cluster_of_one_column_each() {
        let all: Vec<char> = ('\u{20}'..='\u{2fff}').filter(|c| is_narrow(&c.to_string())).collect();
        assert!(all.len() > 1_000);
        for pair in all.windows(2) {
            let text: String = pair.iter().collect();
            let widths: Vec<usize> = text.graphemes(true).map(UnicodeWidthStr::width).collect();
            assert_eq!(widths, [1, 1], "{text:?}");
            assert_eq!(display_line(&text), text, "{text:?}");
        }
        assert!(!is_narrow("e\u{301}") && !is_narrow("汉") && !is_narrow("\u{ad}") && !is_narrow("\u{202e}"));
        assert_eq!((width("Žluťoučký"), fit("Žluťoučký kůň", 6).as_ref()), (9, "Žluťo…"));
    }

    #[test]
    fn text_fits_its_columns() {
        #[rustfmt::skip]
        let table = [
            ("Acme",                4, "Acme"),
            ("Acme Ltd",            5, "Acme…"),
            ("株式会社さくら",      7, "株式会…"),
            ("株式会社さくら",      6, "株式…"),
            ("e\u{301}e\u{301}e",   2, "e\u{301}…"),
            ("👨\u{200d}👩\u{200d}👧x", 2, "…"),
            ("Acme",                1, "…"),
            ("Acme",                0, ""),
        ];
        for (given, columns, fitted) in table {
            assert_eq!(fit(given, columns), fitted, "{given:?} in {columns}");
        }
    }

    #[test]
    fn words_wrap() {
        assert_eq!(wrap("We would like to order weekly.", 12), ["We would", "like to", "order", "weekly."]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("株式", 1), ["…", "…"]);
        assert_eq!(wrap("", 9), [""]);
    }

    proptest! {
        #[test]
        fn never_wider_than_asked(text in "(\\PC|\\pC|\\pM| ){0,60}", columns in 1usize..30) {
            prop_assert!(width(&fit(&display_line(&text), columns)) <= columns);
            for line in wrap(&display_block(&text), columns) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }
}
