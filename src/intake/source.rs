//! One way in for every kind of text: what format it is, by its name or its first byte, and its rows one after the other.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use super::csv::CsvRows;
use super::encoding;
use super::json::JsonRows;
use super::record::Row;
use crate::files;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One object, an array, or an object a line.
    Json,
    /// A header row and rows.
    Csv,
}

impl Format {
    /// By the file's ending; `None` where that says nothing.
    pub fn of_name(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "json" | "jsonl" | "ndjson" => Some(Format::Json),
            "csv" | "tsv" => Some(Format::Csv),
            _ => None,
        }
    }

    /// By the first bytes: JSON begins with a bracket.
    pub fn of_head(head: &[u8]) -> Format {
        let head = head.strip_prefix(encoding::BOM).unwrap_or(head);
        match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Format::Json,
            _ => Format::Csv,
        }
    }
}

/// Rows of either format.
pub enum Rows<R> {
    /// From JSON.
    Json(JsonRows<R>),
    /// From CSV.
    Csv(CsvRows<R>),
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        match self {
            Rows::Json(rows) => rows.next(),
            Rows::Csv(rows) => rows.next(),
        }
    }
}

/// Why a text is not read at all.
#[derive(Debug, thiserror::Error)]
pub enum NotReadable {
    /// The file cannot be opened.
    #[error(transparent)]
    File(#[from] files::Fault),
    /// The text is not UTF-8.
    #[error(transparent)]
    Encoding(#[from] encoding::NotUtf8),
    /// The system could not read on.
    #[error("{0}")]
    Reading(#[from] io::Error),
}

/// Opens a file that a person named. A CSV file is checked for its encoding from end to end first, so that none is taken in by half.
pub fn open(path: &Path) -> Result<Rows<BufReader<File>>, NotReadable> {
    let file = files::open_regular(path)?;
    read_file(file, Format::of_name(path))
}

/// The rows of an open file, from its beginning.
pub fn read_file(mut file: File, format: Option<Format>) -> Result<Rows<BufReader<File>>, NotReadable> {
    let format = match format {
        Some(format) => format,
        None => {
            let mut head = [0; 512];
            let length = file.read(&mut head)?;
            file.rewind()?;
            Format::of_head(&head[..length])
        }
    };
    if format == Format::Csv {
        encoding::check(&file)?;
        file.rewind()?;
    }
    Ok(read(BufReader::new(file), format))
}

/// The rows of a stream, which can be read only once. CSV from a stream is put into a temporary file first, for the same check.
pub fn read_stream(
    mut from: impl Read,
    format: Option<Format>,
) -> Result<Rows<BufReader<File>>, NotReadable> {
    let mut spool = tempfile::tempfile()?;
    io::copy(&mut from, &mut spool)?;
    spool.rewind()?;
    read_file(spool, format)
}

/// The rows of a reader whose encoding is checked row by row.
pub fn read<R: BufRead>(from: R, format: Format) -> Rows<R> {
    match format {
        Format::Json => Rows::Json(JsonRows::new(from)),
        Format::Csv => Rows::Csv(CsvRows::new(from)),
    }
}
