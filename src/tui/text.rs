//! Text on its way to the screen: hidden characters become visible stand-ins, widths are those of
//! what is drawn, and nothing is cut without `…`.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A cluster of more code points than this is cut for display (trust.md, Hostile text).
pub const CLUSTER_LIMIT: usize = 8;

/// One line as a reader may see it: controls, bidirectional overrides, tag characters and lone
/// default-ignorables are replaced by visible stand-ins; towers of marks are cut. Line breaks count
/// as controls. Text without any of these is borrowed unchanged.
pub fn show_line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        show_cluster(cluster, &mut shown);
    }
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

fn show_cluster(cluster: &str, shown: &mut String) {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return };
    if chars.next().is_none() {
        match stand_in(first) {
            Some(name) => shown.push_str(&name),
            None if is_joiner(first) => shown.push_str(&named(first)),
            None => shown.push(first),
        }
        return;
    }
    let cut = cluster.chars().count() > CLUSTER_LIMIT;
    for c in cluster.chars().take(CLUSTER_LIMIT) {
        match stand_in(c) {
            Some(name) => shown.push_str(&name),
            None => shown.push(c),
        }
    }
    if cut {
        shown.push('…');
    }
}

/// True for characters that may stand inside a cluster but mean nothing alone: joiners and
/// variation selectors.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// True for characters that must never reach the terminal as they are.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

fn stand_in(c: char) -> Option<Cow<'static, str>> {
    if !is_hidden(c) {
        return None;
    }
    let picture = match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('␡'),
        _ => None,
    };
    Some(match picture {
        Some(picture) => Cow::Owned(picture.to_string()),
        None => named(c),
    })
}

fn named(c: char) -> Cow<'static, str> {
    let name = match c {
        '\u{61c}' => "⟨ALM⟩",
        '\u{200b}' => "⟨ZWSP⟩",
        '\u{200c}' => "⟨ZWNJ⟩",
        '\u{200d}' => "⟨ZWJ⟩",
        '\u{200e}' => "⟨LRM⟩",
        '\u{200f}' => "⟨RLM⟩",
        '\u{202a}' => "⟨LRE⟩",
        '\u{202b}' => "⟨RLE⟩",
        '\u{202c}' => "⟨PDF⟩",
        '\u{202d}' => "⟨LRO⟩",
        '\u{202e}' => "⟨RLO⟩",
        '\u{2066}' => "⟨LRI⟩",
        '\u{2067}' => "⟨RLI⟩",
        '\u{2068}' => "⟨FSI⟩",
        '\u{2069}' => "⟨PDI⟩",
        '\u{ad}' => "⟨SHY⟩",
        '\u{feff}' => "⟨BOM⟩",
        '\u{e0000}'..='\u{e007f}' => "⟨TAG⟩",
        other => return Cow::Owned(format!("⟨{:X}⟩", other as u32)),
    };
    Cow::Borrowed(name)
}

/// Columns that `text` takes when drawn cluster by cluster; hidden characters must be shown first.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// `text` in at most `max` columns; when something is left out the last column is `…`.
pub fn fit(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let wide = UnicodeWidthStr::width(cluster);
        if used + wide > max - 1 {
            break;
        }
        kept.push_str(cluster);
        used += wide;
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// `text` broken into lines of at most `max` columns, at blanks where there are any; existing line
/// breaks are kept. Never empty.
pub fn wrap(text: &str, max: usize) -> Vec<String> {
    let max = max.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let shown = show_line(paragraph.trim_end_matches('\r'));
        let mut line = String::new();
        let mut used = 0;
        for word in shown.split_word_bounds() {
            let wide = width(word);
            if used + wide > max && used > 0 && !word.trim().is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            let blank = word.trim().is_empty();
            if blank && (used + wide > max || (used == 0 && !lines.is_empty())) {
                continue;
            }
            for cluster in word.graphemes(true) {
                let wide = UnicodeWidthStr::width(cluster);
                if used + wide > max && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(cluster);
                used += wide;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(show_line("plain"), "plain");
        assert_eq!(show_line("a\u{1b}[31mb"), "a␛[31mb");
        assert_eq!(show_line("abc\u{202e}def"), "abc⟨RLO⟩def");
        assert_eq!(show_line("x\u{9b}2J"), "x⟨9B⟩2J");
        assert_eq!(show_line("Łódź 東京 👩‍🔧"), "Łódź 東京 👩‍🔧");
        assert!(show_line(&format!("e{}", "\u{301}".repeat(40))).ends_with('…'));
        assert!(!show_line("a\u{e0041}b").contains('\u{e0041}'));
    }

    #[test]
    fn cut_text_ends_in_an_ellipsis_and_keeps_within_its_columns() {
        assert_eq!(fit("Contoso", 7), "Contoso");
        assert_eq!(fit("Contoso", 4), "Con…");
        assert_eq!(fit("東京タワー", 5), "東京…");
        assert_eq!(fit("東京タワー", 4), "東…");
        assert_eq!(fit("abc", 0), "");
        assert!(width(&fit("🇩🇪🇫🇷🇮🇹", 4)) <= 4);
    }

    #[test]
    fn wrapping_keeps_every_word() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a\nb", 10), ["a", "b"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }
}
