//! CSV in: strict RFC 4180 with a header row in any order, one row in memory at a time; a row with broken quoting is reported with its line instead of being guessed at.
//!
//! The parser is written here because the usual one forgives stray quotes and an end of file inside a quoted value,
//! and both silently move values into other columns.

use std::io::{self, BufRead};

use serde_json::Value;

use super::record::{ProblemKind, Row, RowProblem, SignupInput};
use super::{RECORD_LIMIT, encoding, field};
use crate::domain::text::csv_unguard;

/// The rows of a CSV text. The caller has checked the encoding ([`encoding::check`]) where the text can be read twice.
pub struct CsvRows<R> {
    lines: Parser<R>,
    header: Header,
    number: u64,
}

enum Header {
    Unread,
    Read(Vec<String>),
    Finished,
}

impl<R: BufRead> CsvRows<R> {
    /// Reads lazily; nothing is read here.
    pub fn new(from: R) -> Self {
        CsvRows { lines: Parser::new(from), header: Header::Unread, number: 0 }
    }

    /// Reads the header; a header that cannot be used ends the file with one problem.
    fn read_header(&mut self) -> Result<Vec<String>, RowProblem> {
        self.lines.start()?;
        let line = self.lines.line;
        let names = match self.lines.values()? {
            None => {
                return Err(RowProblem::new(line, ProblemKind::NotARecord, "there is nothing in the file"));
            }
            Some((_, values)) => values?,
        };
        let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        let mut known = Vec::new();
        for (name, field) in names.iter().filter_map(|name| Some((name, field::of(name)?))) {
            if known.contains(&field) {
                let problem = format!("the column \"{name}\" means {field}, as another column does");
                return Err(RowProblem::new(line, ProblemKind::NotARecord, problem));
            }
            known.push(field);
        }
        if known.is_empty() {
            let problem = format!(
                "no column is known; is the header row missing? Columns are {}",
                field::NAMES.join(", ")
            );
            return Err(RowProblem::new(line, ProblemKind::NotARecord, problem));
        }
        Ok(names)
    }

    fn next_row(&mut self) -> Option<(u64, Result<SignupInput, Vec<RowProblem>>)> {
        if matches!(self.header, Header::Unread) {
            self.header = match self.read_header() {
                Ok(names) => Header::Read(names),
                Err(problem) => {
                    self.header = Header::Finished;
                    return Some((problem.line, Err(vec![problem])));
                }
            };
        }
        let Header::Read(names) = &self.header else { return None };
        let read = self.lines.values();
        match read {
            Ok(None) => {
                self.header = Header::Finished;
                None
            }
            Ok(Some((line, Ok(values)))) => Some((line, record(line, names, values))),
            Ok(Some((line, Err(problem)))) => Some((line, Err(vec![problem]))),
            Err(problem) => {
                self.header = Header::Finished;
                Some((problem.line, Err(vec![problem])))
            }
        }
    }
}

impl<R: BufRead> Iterator for CsvRows<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let (line, input) = self.next_row()?;
        self.number += 1;
        Some(Row { number: self.number, line, input })
    }
}

/// Joins the names and the values of a row, and takes away exactly the guard that our own export puts before formulas.
fn record(line: u64, names: &[String], values: Vec<String>) -> Result<SignupInput, Vec<RowProblem>> {
    if values.len() != names.len() {
        let problem = format!("the row has {} values, the header has {}", values.len(), names.len());
        return Err(vec![RowProblem::new(line, ProblemKind::Syntax, problem)]);
    }
    let entries = names.iter().zip(values).filter(|(name, value)| !(name.is_empty() && value.is_empty()));
    let entries = entries.filter(|(name, value)| field::of(name).is_some() || !value.is_empty());
    SignupInput::from_entries(
        line,
        entries
            .map(|(name, value)| (name.clone(), Value::String(csv_unguard(&value).into_owned())))
            .collect(),
    )
}

/// The parser: bytes to rows of values.
struct Parser<R> {
    from: R,
    line: u64,
    comma: u8,
}

/// Where the parser stands within a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Plain,
    Quoted,
    /// After a quote inside a quoted value: its end, or half of a doubled quote.
    Quote,
}

/// A row that was read: where it began, and its values or what is wrong with it alone.
type Read = (u64, Result<Vec<String>, RowProblem>);

impl<R: BufRead> Parser<R> {
    fn new(from: R) -> Self {
        Parser { from, line: 1, comma: b',' }
    }

    /// Passes the byte order mark and finds the separator: of comma, semicolon and tab the one that the header has most.
    fn start(&mut self) -> Result<(), RowProblem> {
        let head = self.from.fill_buf().map_err(|error| reading(self.line, &error))?;
        if encoding::is_utf16(head) {
            return Err(RowProblem::new(1, ProblemKind::Encoding, encoding::NotUtf8::Utf16.to_string()));
        }
        let mark = if head.starts_with(encoding::BOM) { encoding::BOM.len() } else { 0 };
        let first_line = head[mark..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |separator: u8| first_line.iter().filter(|byte| **byte == separator).count();
        self.comma =
            [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',');
        self.from.consume(mark);
        Ok(())
    }

    /// The next row that is not empty. An outer error ends the file: nothing after it can be trusted.
    fn values(&mut self) -> Result<Option<Read>, RowProblem> {
        loop {
            match self.row()? {
                Some((_, Ok(values))) if values.iter().all(|value| value.is_empty()) && values.len() <= 1 => {
                }
                row => return Ok(row),
            }
        }
    }

    fn row(&mut self) -> Result<Option<Read>, RowProblem> {
        let start = self.line;
        let mut values = Vec::new();
        let mut value = Vec::new();
        let (mut at, mut size, mut opened) = (At::Begin, 0_usize, start);
        loop {
            let byte = self.take()?;
            size += 1;
            if size > RECORD_LIMIT {
                return Err(self.too_long(start, at, opened));
            }
            match (at, byte) {
                (At::Quoted, None) => {
                    let problem = "a quoted value begins here and is never closed, so nothing after it was read";
                    return Err(RowProblem::new(opened, ProblemKind::Syntax, problem));
                }
                (At::Begin, None) if values.is_empty() && size == 1 => return Ok(None),
                (At::Begin | At::Plain | At::Quote, None | Some(b'\n')) => {
                    values.push(std::mem::take(&mut value));
                    return Ok(Some((start, texts(start, values))));
                }
                (At::Begin | At::Plain | At::Quote, Some(b'\r')) if self.peek()? == Some(b'\n') => {}
                (At::Begin | At::Plain | At::Quote, Some(byte)) if byte == self.comma => {
                    values.push(std::mem::take(&mut value));
                    at = At::Begin;
                }
                (At::Begin, Some(b'"')) => {
                    opened = self.line;
                    at = At::Quoted;
                }
                (At::Plain, Some(b'"')) => return self.bad_row(start, "a quote stands inside a value without quotes: write the value in quotes and the quote twice"),
                (At::Begin | At::Plain, Some(byte)) => {
                    value.push(byte);
                    at = At::Plain;
                }
                (At::Quoted, Some(b'"')) => at = At::Quote,
                (At::Quote, Some(b'"')) => {
                    value.push(b'"');
                    at = At::Quoted;
                }
                (At::Quote, Some(_)) => return self.bad_row(start, "something follows the closing quote of a value: a quote inside a value must be doubled"),
                (At::Quoted, Some(byte)) => value.push(byte),
            }
        }
    }

    /// Reports a row and goes on with the next line.
    fn bad_row(&mut self, start: u64, problem: &str) -> Result<Option<Read>, RowProblem> {
        let line = self.line;
        while !matches!(self.take()?, None | Some(b'\n')) {}
        Ok(Some((start, Err(RowProblem::new(line, ProblemKind::Syntax, problem)))))
    }

    fn too_long(&self, start: u64, at: At, opened: u64) -> RowProblem {
        match at {
            At::Quoted => RowProblem::new(
                opened,
                ProblemKind::Syntax,
                format!("a quoted value begins here and is not closed within {RECORD_LIMIT} bytes"),
            ),
            At::Begin | At::Plain | At::Quote => RowProblem::new(
                start,
                ProblemKind::TooLarge,
                format!("the row is longer than {RECORD_LIMIT} bytes"),
            ),
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, RowProblem> {
        loop {
            match self.from.fill_buf() {
                Ok(bytes) => return Ok(bytes.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(reading(self.line, &error)),
            }
        }
    }

    fn take(&mut self) -> Result<Option<u8>, RowProblem> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.from.consume(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }
}

fn reading(line: u64, error: &io::Error) -> RowProblem {
    RowProblem::new(line, ProblemKind::Reading, error.to_string())
}

fn texts(line: u64, values: Vec<Vec<u8>>) -> Result<Vec<String>, RowProblem> {
    let texts: Result<Vec<String>, _> = values.into_iter().map(String::from_utf8).collect();
    texts.map_err(|_| {
        RowProblem::new(line, ProblemKind::Encoding, encoding::NotUtf8::Bytes { line }.to_string())
    })
}

/// The rows as they are, for tests against other people's files.
#[cfg(test)]
pub(super) fn raw(bytes: &[u8]) -> Result<Vec<Vec<String>>, RowProblem> {
    let mut parser = Parser::new(bytes);
    parser.start()?;
    let mut rows = Vec::new();
    while let Some((_, row)) = parser.values()? {
        rows.push(row?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        CsvRows::new(text.as_bytes())
            .map(|row| match row.input {
                Ok(input) => format!("{} {}", row.line, input.company.unwrap_or_default()),
                Err(problems) => problems[0].to_string().chars().take(64).collect(),
            })
            .collect()
    }

    #[test]
    fn columns_come_in_any_order_and_spelling() {
        let text = "\u{feff}ZIP;Shoe;E-Mail;companyName\r\n1234;42;a@b.example;\"A; \"\"B\"\"\r\nC\"\r\n\r\n;;;D\r\n";
        let rows: Vec<_> = CsvRows::new(text.as_bytes()).collect();
        let first = rows[0].input.clone().unwrap();
        assert_eq!(
            (first.company.as_deref(), first.postal_code.as_deref()),
            (Some("A; \"B\"\r\nC"), Some("1234"))
        );
        assert_eq!(first.extra.get("Shoe"), Some(&Value::String("42".into())));
        assert_eq!(rows.iter().map(|row| (row.number, row.line)).collect::<Vec<_>>(), [(1, 2), (2, 5)]);
    }

    #[test]
    fn bad_rows_are_reported_with_their_line_and_good_ones_go_on() {
        assert_eq!(
            said("company,city\nA,B\nC\"D,E\n\"F\"G,H\nI\nJ,K,L\n\"M\nN\",O\nP,\"Q\n"),
            [
                "2 A",
                "line 3: a quote stands inside a value without quotes: write the ",
                "line 4: something follows the closing quote of a value: a quote ",
                "line 5: the row has 1 values, the header has 2",
                "line 6: the row has 3 values, the header has 2",
                "7 M\nN",
                "line 9: a quoted value begins here and is never closed, so nothi",
            ]
        );
    }

    #[test]
    fn a_header_that_says_nothing_ends_the_file() {
        assert_eq!(said(""), ["line 1: there is nothing in the file"]);
        assert!(said("1,2\n3,4\n")[0].contains("is the header row missing"));
        assert!(said("email,E-Mail\nx,y\n")[0].contains("means email, as another column"));
        assert_eq!(said("email,E-Mail\nx,y\n").len(), 1);
    }

    #[test]
    fn an_endless_value_ends_at_the_limit() {
        let text = format!("company\n\"{}", "x".repeat(3 * RECORD_LIMIT));
        assert!(said(&text)[0].contains("line 2: a quoted value begins here"));
        let text = format!("company\n{}\nB\n", "x".repeat(3 * RECORD_LIMIT));
        assert!(said(&text)[0].contains("line 2: the row is longer"));
    }
}
