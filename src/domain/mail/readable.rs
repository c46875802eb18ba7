//! A message as people read it: transfer encodings undone, everything else as it goes out. Never fails: what is not
//! understood stays as it is.

/// The text of an RFC 5322 message with its quoted-printable parts decoded; headers and other encodings as they are.
pub fn readable(message: &[u8]) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(message.len());
    let mut place = Place::Headers(Encoding::Other);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        place = match place {
            Place::Headers(encoding) if text.is_empty() => Place::Body(encoding),
            Place::Headers(encoding) => Place::Headers(encoding.or(text)),
            Place::Body(_) if is_boundary(text) => Place::Headers(Encoding::Other),
            Place::Body(encoding) => Place::Body(encoding),
        };
        match place {
            Place::Body(Encoding::QuotedPrintable) if !text.is_empty() => decode(text, &mut out),
            Place::Headers(_) | Place::Body(_) => {
                out.extend_from_slice(text);
                out.push(b'\n');
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[derive(Clone, Copy)]
enum Place {
    Headers(Encoding),
    Body(Encoding),
}

#[derive(Clone, Copy)]
enum Encoding {
    QuotedPrintable,
    Other,
}

impl Encoding {
    /// What this header line says, or what was known before.
    fn or(self, header: &[u8]) -> Encoding {
        let header = String::from_utf8_lossy(header).to_ascii_lowercase();
        match header.strip_prefix("content-transfer-encoding:") {
            Some(value) if value.trim() == "quoted-printable" => Encoding::QuotedPrintable,
            Some(_) => Encoding::Other,
            None => self,
        }
    }
}

/// Quoted-printable never writes two hyphens and a word at a line's beginning but at a boundary; a signature is `-- `.
fn is_boundary(line: &[u8]) -> bool {
    line.strip_prefix(b"--").is_some_and(|rest| rest.len() > 8 && !rest.contains(&b' '))
}

/// One line; a `=` at its end joins it to the next.
fn decode(line: &[u8], out: &mut Vec<u8>) {
    let (line, joined) = match line.strip_suffix(b"=") {
        Some(line) => (line, true),
        None => (line, false),
    };
    let mut at = 0;
    while at < line.len() {
        let hex = (line[at] == b'=').then(|| line.get(at + 1..at + 3)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(byte.unwrap_or(line[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    if !joined {
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_undone_and_the_rest_stays() {
        let mail = "Subject: a=3Db\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe https://a.exa=\r\nmple/?t=3D1\r\n\r\n-- \r\n50 =zz\r\n";
        assert_eq!(
            readable(mail.as_bytes()),
            "Subject: a=3Db\nContent-Transfer-Encoding: quoted-printable\n\nGrüße https://a.example/?t=1\n\n-- \n50 =zz\n"
        );
        assert_eq!(readable(b"Subject: x\r\n\r\na=3Db\r\n"), "Subject: x\n\na=3Db\n");
    }

    #[test]
    fn every_part_has_its_own_encoding() {
        let mail = "Content-Type: multipart/alternative; boundary=0123456789\n\n--0123456789\nContent-Transfer-Encoding: quoted-printable\n\na=20b\n--0123456789\nContent-Transfer-Encoding: 7bit\n\na=20b\n--0123456789--\n";
        let text = readable(mail.as_bytes());
        assert!(text.contains("\na b\n") && text.contains("\na=20b\n"), "{text}");
    }
}
