//! Looks at bytes as a terminal would, and knows the only sequences that are ours.

use countersign::domain::text::is_hidden;

/// True for what acts on a terminal or turns text round: controls, and what Unicode uses to steer.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Text for people: lines, tabs between cells, and nothing that acts.
#[track_caller]
pub fn assert_text(what: &str, text: &str) {
    let bad = text.char_indices().find(|(_, c)| acts(*c) && *c != '\n' && *c != '\t');
    if let Some((at, c)) = bad {
        let near: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{what}: U+{:04X} after {near:?}", c as u32);
    }
}

/// JSON: escapes, never the character itself.
#[track_caller]
pub fn assert_json(what: &str, text: &str) {
    let bad = text.chars().find(|c| *c != '\n' && (acts(*c) || is_hidden(*c)));
    assert_eq!(bad, None, "{what}");
}

/// The screen's bytes: text, and of sequences only those that the gate writes itself.
#[track_caller]
pub fn assert_frame(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("a frame is UTF-8");
    let mut rest = text;
    while let Some(at) = rest.find(acts) {
        let tail = &rest[at..];
        let taken = ours(tail).unwrap_or_else(|| {
            panic!("{:?} is not ours", tail.chars().take(40).collect::<String>());
        });
        rest = &tail[taken..];
    }
}

/// The length of one of our own sequences, or `None`.
fn ours(tail: &str) -> Option<usize> {
    if let Some(moved) = tail.strip_prefix(['\r', '\n', '\u{8}']) {
        return Some(tail.len() - moved.len());
    }
    if let Some(mode) = ["\u{1b}[?2026h", "\u{1b}[?2026l", "\u{1b}[?25h", "\u{1b}[?25l"]
        .iter()
        .find(|m| tail.starts_with(**m))
    {
        return Some(mode.len());
    }
    let numbers = tail.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
    "mHJKXCDABGrSTML".contains(numbers.get(end..=end)?).then_some(2 + end + 1)
}

#[test]
fn the_watch_itself_is_awake() {
    let caught = |bytes: &'static str| std::panic::catch_unwind(|| assert_frame(bytes.as_bytes())).is_err();
    assert!(!caught("\u{1b}[?2026h\u{1b}[m\u{1b}[3;4Habc\r\né\u{1b}[K\u{1b}[?2026l"));
    for bad in [
        "\u{1b}]0;x\u{7}",
        "\u{1b}[5n",
        "\u{9b}2J",
        "\u{202e}",
        "\u{7}",
        "\u{1b}c",
        "\u{1b}[?1049l",
        "\u{e0041}",
        "\t",
    ] {
        assert!(caught(bad), "{bad:?}");
    }
}
