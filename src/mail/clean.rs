//! Outside text made fit for a mail; what comes out holds no control character but the line feeds of a block.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest name in a mail to somebody outside (trust.md, Hostile text).
const NAME_LIMIT: usize = 80;
/// Combining marks kept on one letter; the rest of a tower is dropped.
const MARKS_LIMIT: usize = 4;

/// Invisible or reordering characters that nobody needs in a mail.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn without_hidden(text: &str) -> String {
    let mut marks = 0;
    text.nfc()
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MARKS_LIMIT && !is_hidden(*c)
        })
        .collect()
}

/// One line for a header or a sentence, at most `limit` characters; breaks and runs of blanks
/// become one blank.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let spaced: String = without_hidden(text)
        .chars()
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .collect();
    let mut line = String::new();
    for word in spaced.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    match line.char_indices().nth(limit) {
        Some((end, _)) => line[..end].trim_end().to_string(),
        None => line,
    }
}

/// A person's own name for a mail; `None` when nothing is left or it looks like a link, so that
/// nobody can have us mail their advertisement to a stranger.
pub(super) fn name(text: &str) -> Option<String> {
    let line = one_line(text, NAME_LIMIT);
    (!line.is_empty() && !looks_like_link(&line)).then_some(line)
}

fn looks_like_link(line: &str) -> bool {
    let lower: Vec<char> = line.nfkc().flat_map(char::to_lowercase).collect();
    let text: String = lower.iter().collect();
    if text.contains("://") || text.contains("www.") || text.contains(['@', '/', '\\']) {
        return true;
    }
    // A dot with two letters right behind it and something right before it: `evil.example`.
    lower.windows(4).any(|w| {
        w[0].is_alphanumeric()
            && matches!(w[1], '.' | '。')
            && w[2].is_alphanumeric()
            && w[3].is_alphanumeric()
    })
}

/// Text of several lines: line feeds only, no other control, no blanks at the ends of lines.
pub(super) fn block(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let clean: String = without_hidden(&unified)
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    let mut out = String::with_capacity(clean.len());
    let mut blank = 0;
    for line in clean.trim().lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank <= 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A web address that stays one word: `http` or `https`, printable ASCII, no quotes or brackets.
pub(super) fn link(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |b: u8| {
        b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    };
    (!rest.is_empty() && text.len() <= 900 && rest.bytes().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(one_line("  Ana\r\nBcc: x@y\u{202e}\t Lima\u{0} ", 80), "Ana Bcc: x@y Lima");
        assert_eq!(one_line("abcdef gh", 7), "abcdef");
        assert_eq!(one_line("\u{1b}[31mred", 80), "[31mred");
        assert_eq!(one_line(&format!("a{}", "\u{301}".repeat(50)), 80).chars().count(), 5);
    }

    #[test]
    fn names() {
        for good in
            ["Ana Lima", "J. R. R. Tolkien", "J.R.R. Tolkien", "Müller-Lüdenscheidt, Dr. h.c.", "王小明"]
        {
            assert_eq!(name(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "\u{200b}",
            "http://a",
            "see www.evil",
            "evil.example",
            "a@b",
            "win at evil。example now",
            "ｅｖｉｌ．ｃｏｍ",
        ] {
            assert_eq!(name(bad), None, "{bad}");
        }
        assert_eq!(name(&"x".repeat(500)).unwrap().len(), 80);
    }

    #[test]
    fn blocks() {
        assert_eq!(block("\r\na \r\rb\r\n\r\n\r\n\tc\u{7}\u{85}d\n"), "a\n\nb\n\n c\nd");
        assert_eq!(block("\u{1b}"), "");
    }

    #[test]
    fn links() {
        assert_eq!(link(" https://a.example/?c=AB-CD "), Some("https://a.example/?c=AB-CD"));
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://a\r\nBcc: x",
            "https://a/<b>",
            "ftp://a",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }
}
