//! Only UTF-8 is read; anything else is refused as a whole with the line and what to do, so that no file is taken in by half.

use std::io::{self, Read};

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum NotUtf8 {
    /// By its first bytes.
    #[error("the file is UTF-16: save it as UTF-8 (in Excel: \"CSV UTF-8\")")]
    Utf16,
    /// A byte that UTF-8 does not have there.
    #[error(
        "line {line}: the file is not UTF-8, it looks like Latin-1 or Windows-1252: save it as UTF-8, or run iconv -f WINDOWS-1252 -t UTF-8"
    )]
    Bytes {
        /// Counted from 1.
        line: u64,
    },
    /// The system could not read on.
    #[error("{0}")]
    Reading(#[from] io::Error),
}

/// The byte order mark of UTF-8.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// Whether these first bytes are those of UTF-16, with its mark or without.
pub fn is_utf16(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    let Some(pair) = head.get(..2) else { return false };
    // Without a mark, the first ASCII character has a zero byte beside it.
    pair.contains(&0) && pair != [0, 0]
}

/// Reads to the end and names the first line that is not UTF-8. Memory use does not depend on the size of the file.
pub fn check(mut from: impl Read) -> Result<(), NotUtf8> {
    let mut buffer = vec![0; 64 * 1024];
    let (mut kept, mut line, mut first) = (0, 1, true);
    loop {
        let read = match from.read(&mut buffer[kept..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let bytes = &buffer[..kept + read];
        if first && bytes.len() < 2 && read > 0 {
            kept = bytes.len();
            continue;
        }
        if first && is_utf16(bytes) {
            return Err(NotUtf8::Utf16);
        }
        first = false;
        let good = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
            Err(error) => {
                return Err(NotUtf8::Bytes { line: line + newlines(&bytes[..error.valid_up_to()]) });
            }
        };
        line += newlines(&bytes[..good]);
        let end = bytes.len();
        buffer.copy_within(good..end, 0);
        kept = end - good;
        if read == 0 {
            return Ok(());
        }
    }
}

/// How many lines end within these bytes.
pub fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every character is torn.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn verdict(bytes: &[u8]) -> String {
        let at_once = check(bytes).err().map(|e| e.to_string()).unwrap_or_default();
        let dripping = check(Drip(bytes)).err().map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(at_once, dripping);
        at_once.split([':', ',']).next().unwrap_or("").to_owned()
    }

    #[test]
    fn the_first_bad_line_is_named() {
        assert_eq!(verdict("a\nWeiß 😀\n".as_bytes()), "");
        assert_eq!(verdict(b""), "");
        assert_eq!(verdict(b"a\nb\nWei\xdf & S\xf6hne\n"), "line 3");
        assert_eq!(verdict("torn 😀".as_bytes().split_last().unwrap().1), "line 1");
        assert_eq!(verdict(b"\xff\xfea\0"), "the file is UTF-16");
        assert_eq!(verdict(b"a\0b\0"), "the file is UTF-16");
        assert_eq!(verdict(b"\0a\0b"), "the file is UTF-16");
    }
}
