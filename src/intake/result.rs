//! What became of every row, as CSV with a line per input row, written as it happens: after a crash the file says how far it came.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::record::RowProblem;
use crate::domain::text::{csv_guard, display_line};
use crate::files;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Taken in under a new number.
    New,
    /// Its `external_id` was known, so it has the number from then.
    Known,
    /// Would be taken in (dry run).
    WouldBeNew,
    /// Refused by a rule.
    Refused,
    /// Could not be read.
    Bad,
    /// Not tried, since the run was stopped.
    NotTried,
}

impl Status {
    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Known => "known",
            Status::WouldBeNew => "would be new",
            Status::Refused => "refused",
            Status::Bad => "bad",
            Status::NotTried => "not tried",
        }
    }
}

/// One line of the result file.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The line of the input where the row begins.
    pub line: u64,
    /// What became of it.
    pub status: Status,
    /// The number it got, or had.
    pub number: Option<&'a str>,
    /// What is wrong, or nothing.
    pub message: &'a str,
}

/// The result file.
pub struct ResultFile<W: Write> {
    csv: ::csv::Writer<W>,
}

impl ResultFile<BufWriter<File>> {
    /// Makes a new private file; never replaces one.
    pub fn create(path: &Path) -> Result<Self, files::Fault> {
        let file = files::create_new(path)?;
        ResultFile::new(BufWriter::new(file))
            .map_err(|error| files::Fault::Io { path: path.to_owned(), error })
    }
}

impl<W: Write> ResultFile<W> {
    /// Writes the header.
    pub fn new(to: W) -> io::Result<Self> {
        let mut csv = ::csv::Writer::from_writer(to);
        csv.write_record(["line", "status", "number", "message"])?;
        csv.flush()?;
        Ok(ResultFile { csv })
    }

    /// Writes one line, at once.
    pub fn write(&mut self, outcome: Outcome<'_>) -> io::Result<()> {
        let message = display_line(outcome.message);
        let message = csv_guard(&message);
        self.csv.write_record([
            &outcome.line.to_string(),
            outcome.status.word(),
            outcome.number.unwrap_or(""),
            &message,
        ])?;
        self.csv.flush()
    }

    /// Writes the line of a row that could not be read.
    pub fn write_bad(&mut self, line: u64, problems: &[RowProblem]) -> io::Result<()> {
        let message = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        self.write(Outcome { line, status: Status::Bad, number: None, message: &message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_line_and_texts_are_guarded() {
        let mut bytes = Vec::new();
        {
            let mut file = ResultFile::new(&mut bytes).unwrap();
            file.write(Outcome { line: 2, status: Status::New, number: Some("REG-000001"), message: "" })
                .unwrap();
            file.write(Outcome {
                line: 3,
                status: Status::Refused,
                number: None,
                message: "=cmd|' /C calc'!A0, \"x\"",
            })
            .unwrap();
        }
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "line,status,number,message\n2,new,REG-000001,\n3,refused,,\"'=cmd|' /C calc'!A0, \"\"x\"\"\"\n"
        );
    }
}
