//! A server's reply, read from bounded lines; bytes that are not UTF-8 are shown, never refused.

use crate::domain::mail::Code;
use crate::mail::clean;

/// Longest line that is kept; RFC 5321 allows 512.
pub(super) const LINE_LIMIT: usize = 4096;
/// Most lines in one reply.
pub(super) const LINES_LIMIT: usize = 128;
/// Longest text that is kept for people.
const WORDS_LIMIT: usize = 500;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// Text behind the codes, line by line.
    pub(super) lines: Vec<String>,
}

/// One line of a reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReplyLine {
    pub(super) code: u16,
    pub(super) last: bool,
    pub(super) text: String,
}

impl ReplyLine {
    /// Reads `250-text` or `250 text`; `None` if the line is no reply.
    pub(super) fn parse(line: &[u8]) -> Option<ReplyLine> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (digits, rest) = line.split_at_checked(3)?;
        if !(b'2'..=b'5').contains(&digits[0]) || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = digits.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'));
        let last = match rest.first() {
            None | Some(b' ') => true,
            Some(b'-') => false,
            Some(_) => return None,
        };
        let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default()).into_owned();
        Some(ReplyLine { code, last, text })
    }
}

impl Reply {
    /// Whether it says yes, go on or done.
    pub(super) fn is(&self, class: u16) -> bool {
        self.code / 100 == class
    }

    /// The numbers, with the enhanced code where the text begins with one of the same class.
    pub(super) fn code(&self) -> Code {
        let enhanced = self.lines.first().and_then(|line| {
            let mut parts = line.split(' ').next()?.split('.').map(|part| part.parse::<u16>().ok());
            let code = (parts.next()??, parts.next()??, parts.next()??);
            (parts.next().is_none() && code.0 == self.code / 100).then_some(code)
        });
        Code { code: self.code, enhanced }
    }

    /// Code and text in one clean line for lists.
    pub(super) fn words(&self) -> String {
        clean::one_line(&format!("{} {}", self.code, self.lines.join(" ")), WORDS_LIMIT)
    }

    /// Whether EHLO offered `keyword`, and with which parameters.
    pub(super) fn offers(&self, keyword: &str) -> Option<Vec<String>> {
        self.lines.iter().skip(1).find_map(|line| {
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            words.next().filter(|word| word.eq_ignore_ascii_case(keyword))?;
            Some(words.map(str::to_ascii_uppercase).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let read = |line: &str| ReplyLine::parse(line.as_bytes()).map(|l| (l.code, l.last, l.text));
        assert_eq!(read("250-one\r\n"), Some((250, false, "one".into())));
        assert_eq!(read("250 two\r\n"), Some((250, true, "two".into())));
        assert_eq!(read("250\n"), Some((250, true, String::new())));
        for bad in ["", "25", "banana", "150 x", "650 x", "2x0 x", "250_x", "25\r\n"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert!(ReplyLine::parse(b"250 2.0.0 Ok \xff\xfe").unwrap().text.contains('\u{fffd}'));
    }

    #[test]
    fn codes_and_words() {
        let reply = |code, line: &str| Reply { code, lines: vec![line.to_string()] };
        assert_eq!(reply(550, "5.1.1 no such user").code().enhanced, Some((5, 1, 1)));
        assert_eq!(reply(450, "5.1.1 lies").code().enhanced, None);
        assert_eq!(reply(550, "5.1 short").code().enhanced, None);
        assert_eq!(reply(550, "no\u{1b}[31m\r\nred").words(), "550 no [31m red");
    }

    #[test]
    fn offers_of_ehlo() {
        let lines = ["mail.example", "SIZE 1000", "auth PLAIN LOGIN", "AUTH=LOGIN", "STARTTLS"];
        let reply = Reply { code: 250, lines: lines.map(str::to_string).to_vec() };
        assert_eq!(reply.offers("AUTH"), Some(vec!["PLAIN".to_string(), "LOGIN".to_string()]));
        assert_eq!(reply.offers("starttls"), Some(vec![]));
        assert_eq!(reply.offers("mail.example"), None);
        assert_eq!(reply.offers("SMTPUTF8"), None);
    }
}
