//! JSON in: one object, an array, or JSON lines, told apart by looking; one record in memory at a time, no recursion before the depth is known to be harmless.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::framing::Framing;
use super::record::{ProblemKind, Row, RowProblem, SignupInput};
use super::{RECORD_LIMIT, encoding};

/// The records of a JSON text. Good rows come before a bad one is met; after broken syntax inside an array nothing more is read, since nothing after it can be trusted.
pub struct JsonRows<R> {
    from: R,
    line: u64,
    number: u64,
    shape: Shape,
    waiting: VecDeque<Record>,
}

/// The line where a record begins, and its bytes.
type Record = (u64, Result<Vec<u8>, RowProblem>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    /// Between the brackets of an array; whether an element was read.
    Array(Elements),
    Lines,
    Finished,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Elements {
    None,
    Some,
}

impl<R: BufRead> JsonRows<R> {
    /// Reads lazily; nothing is read here.
    pub fn new(from: R) -> Self {
        JsonRows { from, line: 1, number: 0, shape: Shape::Unknown, waiting: VecDeque::new() }
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        loop {
            if let Some(record) = self.waiting.pop_front() {
                return Ok(Some(record));
            }
            match self.shape {
                Shape::Unknown => self.look()?,
                Shape::Array(elements) => self.element(elements)?,
                Shape::Lines => match self.one_line()? {
                    Some(record) => return Ok(Some(record)),
                    None => self.shape = Shape::Finished,
                },
                Shape::Finished => return Ok(None),
            }
        }
    }

    /// Tells the shape from the first bytes.
    fn look(&mut self) -> io::Result<()> {
        let head = self.from.fill_buf()?;
        if encoding::is_utf16(head) {
            self.stop(ProblemKind::Encoding, encoding::NotUtf8::Utf16.to_string());
            return Ok(());
        }
        if head.starts_with(encoding::BOM) {
            self.from.consume(encoding::BOM.len());
        }
        match self.skip_blanks()? {
            None => self.stop(ProblemKind::Syntax, "there is nothing in the file"),
            Some(b'[') => {
                self.take()?;
                self.shape = Shape::Array(Elements::None);
            }
            Some(_) => self.object_or_lines()?,
        }
        Ok(())
    }

    /// Reads the next element of an array, up to its comma or the closing bracket.
    fn element(&mut self, elements: Elements) -> io::Result<()> {
        let first = self.skip_blanks()?;
        if first == Some(b']') && elements == Elements::None {
            self.take()?;
            return self.after_document();
        }
        let start = self.line;
        let mut framing = Framing::default();
        let mut record = Vec::new();
        loop {
            let Some(byte) = self.take()? else {
                self.stop_at(start, ProblemKind::Syntax, "the array is not closed");
                return Ok(());
            };
            if framing.outside() && (byte == b',' || byte == b']') {
                let broken = syntax_problem(&record, start).is_some();
                self.waiting.push_back((start, Ok(record)));
                match byte {
                    _ if broken => self.shape = Shape::Finished,
                    b']' => return self.after_document(),
                    _ => self.shape = Shape::Array(Elements::Some),
                }
                return Ok(());
            }
            if let Err(problem) = framing.step(byte) {
                self.stop_at(start, ProblemKind::TooLarge, problem);
                return Ok(());
            }
            record.push(byte);
            if record.len() > RECORD_LIMIT {
                self.stop_at(start, ProblemKind::TooLarge, too_long());
                return Ok(());
            }
        }
    }

    /// After the array's end only blanks may follow.
    fn after_document(&mut self) -> io::Result<()> {
        self.shape = Shape::Finished;
        if self.skip_blanks()?.is_some() {
            let line = self.line;
            self.stop_at(line, ProblemKind::Syntax, "something follows the end of the array");
        }
        Ok(())
    }

    /// One object over several lines, or an object on each line: read up to one record's size, then decide.
    fn object_or_lines(&mut self) -> io::Result<()> {
        let start = self.line;
        let mut head: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut size = 0;
        self.shape = Shape::Lines;
        loop {
            let line = self.line;
            let Some(record) = self.line_bytes()? else { break };
            let bytes = match record {
                Ok(bytes) => bytes,
                Err(problem) => {
                    self.wait_for_lines(head);
                    self.waiting.push_back((line, Err(problem)));
                    return Ok(());
                }
            };
            size += bytes.len() + 1;
            // A whole object at a line's very beginning is a line of JSON lines; inside an object over several lines it would be indented.
            let whole = (head.is_empty() || bytes.starts_with(b"{")) && is_object(&bytes);
            head.push((line, bytes));
            if whole {
                self.wait_for_lines(head);
                return Ok(());
            }
            if size > RECORD_LIMIT {
                self.stop_at(start, ProblemKind::TooLarge, too_long());
                return Ok(());
            }
        }
        let document = head.iter().map(|(_, bytes)| bytes.as_slice()).collect::<Vec<_>>().join(&b'\n');
        self.waiting.push_back((start, Ok(document)));
        self.shape = Shape::Finished;
        Ok(())
    }

    fn wait_for_lines(&mut self, lines: Vec<(u64, Vec<u8>)>) {
        self.waiting.extend(
            lines.into_iter().filter(|(_, bytes)| !is_blank(bytes)).map(|(line, bytes)| (line, Ok(bytes))),
        );
    }

    fn one_line(&mut self) -> io::Result<Option<Record>> {
        loop {
            let line = self.line;
            match self.line_bytes()? {
                None => return Ok(None),
                Some(Ok(bytes)) if is_blank(&bytes) => {}
                Some(record) => return Ok(Some((line, record))),
            }
        }
    }

    /// The bytes of a line without its end; what is longer than a record may be is passed over, not kept.
    fn line_bytes(&mut self) -> io::Result<Option<Result<Vec<u8>, RowProblem>>> {
        let line = self.line;
        let mut bytes = Vec::new();
        let mut length = 0_usize;
        loop {
            let chunk = fill(&mut self.from)?;
            if chunk.is_empty() && length == 0 {
                return Ok(None);
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            length += part.len();
            if length <= RECORD_LIMIT {
                bytes.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            let done = end.is_some() || chunk.is_empty();
            self.from.consume(used);
            if done {
                self.line += 1;
                let whole = length <= RECORD_LIMIT;
                return Ok(Some(if whole {
                    Ok(bytes)
                } else {
                    Err(RowProblem::new(line, ProblemKind::TooLarge, too_long()))
                }));
            }
            length = length.max(1);
        }
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = fill(&mut self.from)?.first().copied() else { return Ok(None) };
        self.from.consume(1);
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    fn skip_blanks(&mut self) -> io::Result<Option<u8>> {
        loop {
            match fill(&mut self.from)?.first().copied() {
                Some(byte) if is_space(byte) => self.take()?,
                other => return Ok(other),
            };
        }
    }

    fn stop(&mut self, kind: ProblemKind, problem: impl Into<String>) {
        self.stop_at(self.line, kind, problem);
    }

    fn stop_at(&mut self, line: u64, kind: ProblemKind, problem: impl Into<String>) {
        self.waiting.push_back((line, Err(RowProblem::new(line, kind, problem))));
        self.shape = Shape::Finished;
    }
}

impl<R: BufRead> Iterator for JsonRows<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let (line, record) = match self.next_record() {
            Ok(record) => record?,
            Err(error) => {
                self.shape = Shape::Finished;
                (self.line, Err(RowProblem::new(self.line, ProblemKind::Reading, error.to_string())))
            }
        };
        self.number += 1;
        let input = record.and_then(|bytes| entries(&bytes, line)).map_err(|problem| vec![problem]);
        let input = input.and_then(|entries| SignupInput::from_entries(line, entries));
        Some(Row { number: self.number, line, input })
    }
}

/// Waits out an interruption.
fn fill(from: &mut impl BufRead) -> io::Result<&[u8]> {
    while let Err(error) = from.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    from.fill_buf()
}

fn too_long() -> String {
    format!("the record is longer than {RECORD_LIMIT} bytes")
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_space(*byte))
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !is_space(**byte)) == Some(&b'{') && syntax_problem(bytes, 1).is_none()
}

/// An object's names and values in their order, doubles included.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Reading)
    }
}

/// Why these bytes are not one JSON value within the limits; `None` if they are.
fn syntax_problem(bytes: &[u8], start: u64) -> Option<RowProblem> {
    limit_problem(bytes, start)
        .or_else(|| serde_json::from_slice::<IgnoredAny>(bytes).err().map(|error| broken(&error, start)))
}

/// Too deep, or not UTF-8; checked before anything recursive sees the bytes.
fn limit_problem(bytes: &[u8], start: u64) -> Option<RowProblem> {
    let mut framing = Framing::default();
    for byte in bytes {
        if let Err(problem) = framing.step(*byte) {
            return Some(RowProblem::new(start, ProblemKind::TooLarge, problem));
        }
    }
    let error = std::str::from_utf8(bytes).err()?;
    let line = start + encoding::newlines(&bytes[..error.valid_up_to()]);
    Some(RowProblem::new(line, ProblemKind::Encoding, "the record is not UTF-8"))
}

fn broken(error: &serde_json::Error, start: u64) -> RowProblem {
    let text = error.to_string();
    // serde_json counts lines from the record's first one; ours count from the file's.
    let said = text.split(" at line ").next().unwrap_or(&text);
    let line = start + u64::try_from(error.line().saturating_sub(1)).unwrap_or(0);
    let what = match error.is_eof() {
        true => "this is not JSON: it ends before it is whole".to_owned(),
        false => format!("this is not JSON: {said} at column {}", error.column()),
    };
    RowProblem::new(line, ProblemKind::Syntax, what)
}

fn entries(bytes: &[u8], line: u64) -> Result<Vec<(String, Value)>, RowProblem> {
    if let Some(problem) = limit_problem(bytes, line) {
        return Err(problem);
    }
    match serde_json::from_slice::<Entries>(bytes) {
        Ok(Entries(entries)) => Ok(entries),
        Err(error) => match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Object(_)) => Err(broken(&error, line)),
            Ok(_) => Err(RowProblem::new(
                line,
                ProblemKind::NotARecord,
                "a record must be an object: {\"company\": …, \"email\": …}",
            )),
            Err(error) => Err(broken(&error, line)),
        },
    }
}
