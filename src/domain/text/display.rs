//! One string made safe for any terminal, log, header or file name: what cannot be seen becomes visible, and nothing that is drawn stacks higher than eight code points.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::hidden::{is_hidden, is_tag, tag_letter, usable_after, write_stand_in};

/// The most code points of one grapheme cluster that are drawn (trust.md, Hostile text).
const CLUSTER_LIMIT: usize = 8;

/// More combining marks than this in a cut cluster are a tower, not an alphabet or a long emoji.
const HONEST_MARKS: usize = 4;

/// One line that any terminal, log, CSV cell, header or file name may show: controls and line breaks as pictures
/// (`␛`, `␊`), bidirectional and zero-width controls by name (`⟨RLO⟩`), tag characters spelled out
/// (`⟨tags:…⟩`), clusters of more than eight code points cut with `…`, a mark without a base on `◌`.
/// Borrowed when there is nothing to do; applying it twice changes nothing (trust.md, Hostile text).
///
/// Emoji sequences of at most eight code points, variation selectors where they belong, and the joiners that
/// Arabic and Indic spelling needs are left alone.
pub fn display_line(text: &str) -> Cow<'_, str> {
    shown(text, Breaks::Shown)
}

/// As [`display_line`], but keeps `\n` and draws `\r\n` as `\n`, for text of several lines.
pub fn display_block(text: &str) -> Cow<'_, str> {
    shown(text, Breaks::Kept)
}

/// True if the text holds controls (other than line breaks and tabs), bidirectional or zero-width controls, tag
/// characters, other default-ignorables that do no honest work, or a tower of combining marks: the reader then
/// gets a badge (trust.md, Hostile text).
pub fn has_hidden(text: &str) -> bool {
    !is_plain(text, Breaks::Kept) && clean(text, Breaks::Kept, Hidden::Shown).hidden
}

/// What becomes of `\n`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    Shown,
    Kept,
}

/// What becomes of hidden code points: named for a reader, or left out of what leaves the house.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Shown,
    Dropped,
}

pub(super) struct Cleaned {
    pub(super) text: String,
    hidden: bool,
}

fn shown(text: &str, breaks: Breaks) -> Cow<'_, str> {
    if is_plain(text, breaks) {
        return Cow::Borrowed(text);
    }
    let cleaned = clean(text, breaks, Hidden::Shown).text;
    if cleaned == text { Cow::Borrowed(text) } else { Cow::Owned(cleaned) }
}

/// The fast path: blocks that hold neither hidden code points nor anything that combines.
fn is_plain(text: &str, breaks: Breaks) -> bool {
    text.chars().all(|c| {
        matches!(c,
            ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{58f}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}'
            | '\u{2500}'..='\u{259f}' | '✓' | '✗'
            | '\u{3000}'..='\u{3029}' | '\u{3031}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}')
            || (c == '\n' && breaks == Breaks::Kept)
    })
}

pub(super) fn clean(text: &str, breaks: Breaks, hidden: Hidden) -> Cleaned {
    let mut cleaned = Cleaned { text: String::with_capacity(text.len() + 16), hidden: false };
    for cluster in text.graphemes(true) {
        clean_cluster(cluster, breaks, hidden, &mut cleaned);
    }
    cleaned
}

fn clean_cluster(cluster: &str, breaks: Breaks, style: Hidden, cleaned: &mut Cleaned) {
    let mut chars = cluster.chars().peekable();
    let mut before = None;
    let mut kept = 0;
    while let Some(c) = chars.next() {
        if breaks == Breaks::Kept && (c == '\n' || (c == '\r' && chars.peek() == Some(&'\n'))) {
            if c == '\n' {
                cleaned.text.push('\n');
            }
            before = None;
            continue;
        }
        if is_hidden(c) && !usable_after(c, before, chars.peek().copied()) {
            let is_line_end = c == '\n' || (c == '\r' && chars.peek() == Some(&'\n'));
            cleaned.hidden |= c != '\t' && !is_line_end;
            match style {
                Hidden::Dropped => {}
                Hidden::Shown if is_tag(c) => {
                    cleaned.text.push_str("⟨tags:");
                    cleaned.text.extend(tag_letter(c));
                    while let Some(tag) = chars.next_if(|next| is_tag(*next)) {
                        cleaned.text.extend(tag_letter(tag));
                    }
                    cleaned.text.push('⟩');
                }
                Hidden::Shown => write_stand_in(c, &mut cleaned.text),
            }
            before = None;
            kept = 0;
            continue;
        }
        if kept == CLUSTER_LIMIT {
            while cleaned.text.ends_with(['\u{200c}', '\u{200d}']) {
                cleaned.text.pop();
            }
            cleaned.text.push('…');
            cleaned.hidden |= cluster.chars().filter(|c| is_combining_mark(*c)).count() > HONEST_MARKS;
            cleaned.hidden |= chars.any(is_tag);
            return;
        }
        if before.is_none() && needs_base(c) {
            match style {
                Hidden::Shown => cleaned.text.push('◌'),
                Hidden::Dropped => continue,
            }
            kept += 1;
        }
        cleaned.text.push(c);
        before = Some(c);
        kept += 1;
    }
}

/// True for a mark that would sit on whatever comes before it. A few spacing marks (Myanmar) stand alone.
fn needs_base(c: char) -> bool {
    is_combining_mark(c) && ['◌', c].iter().collect::<String>().graphemes(true).count() == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hidden_code_points_become_visible() {
        #[rustfmt::skip]
        let table = [
            ("plain",                           "plain",                         false),
            ("Łódź Textiles sp. z o.o.",        "Łódź Textiles sp. z o.o.",      false),
            ("\u{1b}[31mRed\u{1b}[0m",          "␛[31mRed␛[0m",                  true),
            ("a\nb\r\nc\td",                    "a␊b␍␊c␉d",                      false),
            ("a\rb",                            "a␍b",                           true),
            ("\u{9b}31m\u{85}\u{7f}\0",         "⟨CSI⟩31m⟨NEL⟩␡␀",               true),
            ("photo\u{202e}gnp.exe",            "photo⟨RLO⟩gnp.exe",             true),
            ("\u{2066}x\u{2069}",               "⟨LRI⟩x⟨PDI⟩",                   true),
            ("pay\u{200b}pal",                  "pay⟨ZWSP⟩pal",                  true),
            ("a\u{200d}b",                      "a⟨ZWJ⟩b",                       true),
            ("hi\u{e0068}\u{e0069}\u{e007f}!",  "hi⟨tags:hi⟩!",                  true),
            ("\u{301}lone",                     "◌\u{301}lone",                  false),
            ("\u{3164}",                        "⟨HF⟩",                          true),
            ("x\u{fe0f}",                       "x⟨VS16⟩",                       true),
            ("❤\u{fe0f}\u{fe0f}",               "❤\u{fe0f}⟨VS16⟩",               true),
            ("می\u{200c}خواهم",                 "می\u{200c}خواهم",               false),
            ("क\u{94d}\u{200d}ष",               "क\u{94d}\u{200d}ष",             false),
            ("葛\u{e0100}城",                   "葛\u{e0100}城",                 false),
            ("1\u{fe0f}\u{20e3}",               "1\u{fe0f}\u{20e3}",             false),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", "👨\u{200d}👩\u{200d}👧\u{200d}👦", false),
            ("🏴\u{e0067}\u{e0062}\u{e007f}",   "🏴⟨tags:gb⟩",                   true),
            ("\u{fffe}\u{fff9}",                "⟨U+FFFE⟩⟨U+FFF9⟩",              true),
        ];
        for (given, shown, hidden) in table {
            assert_eq!(display_line(given), shown, "{given:?}");
            assert_eq!(has_hidden(given), hidden, "{given:?}");
        }
    }

    #[test]
    fn towers_are_cut_at_eight() {
        let tower = format!("Z{}algo", "\u{301}".repeat(40));
        assert_eq!(display_line(&tower), format!("Z{}…algo", "\u{301}".repeat(7)));
        assert!(has_hidden(&tower));
        let kiss = "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿";
        assert_eq!(display_line(kiss), "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋…");
        assert!(!has_hidden(kiss), "a long emoji is no attack");
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(display_block("a\r\nb\nc\u{1b}"), "a\nb\nc␛");
        assert!(matches!(display_block("a\nb"), Cow::Borrowed(_)));
        assert!(matches!(display_line("Weiß & Söhne"), Cow::Borrowed(_)));
        assert!(matches!(display_line("شركة النور"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_steering_comes_out(text in "(\\PC|\\pC|\\pM|\u{202e}|\u{200d}|\u{e0041}|\n){0,40}") {
            let line = display_line(&text);
            prop_assert!(!line.chars().any(char::is_control));
            let steers = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || is_tag(c);
            prop_assert!(!line.contains(steers));
            prop_assert_eq!(display_line(&line), line.clone());
            prop_assert!(!display_block(&text).chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
