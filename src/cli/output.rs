//! The one place that prints: data to standard output, messages to standard error, every text through the terminal's gate, and a reader that went away ends the run quietly.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde_json::Value;

use super::args::{Colour, Global};
use super::csv::Csv;
use super::exit::Exit;
use super::failure::Failure;
use super::table::Table;
use crate::domain::text::{display_block, display_line};

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people; on a terminal fitted to so many columns.
    Text {
        /// The terminal's width; `None` where there is no terminal.
        columns: Option<usize>,
    },
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values under the names that the JSON has.
    Csv {
        /// Whether formulas are quoted.
        formulas: Formulas,
    },
}

/// What becomes of CSV values that a spreadsheet would run (trust.md, Hostile text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formulas {
    /// They get a leading `'`, which our import takes away.
    Guarded,
    /// They stay as they are.
    Raw,
}

/// Whether escape sequences for bold are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Yes.
    On,
    /// No.
    Off,
}

/// Where everything goes. Writing fails only when the reader went away or the disk is full.
pub struct Output<'a> {
    data: Box<dyn Write + 'a>,
    messages: Box<dyn Write + 'a>,
    form: Form,
    paint: Paint,
    paint_messages: Paint,
    progress: Progress,
    csv: Csv,
}

/// Whether a line of progress is drawn over the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Shown,
    Hidden,
}

impl Output<'static> {
    /// The process's own streams, as these flags want them. `columns` is the terminal's width, if known.
    pub fn of_process(global: &Global, columns: Option<usize>) -> Output<'static> {
        let terminal = io::stdout().is_terminal();
        let no_colour = crate::config::process_env("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = crate::config::process_env("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let painted = |to_terminal: bool| match global.color {
            Colour::Always => Paint::On,
            Colour::Auto if to_terminal && !no_colour && !dumb => Paint::On,
            Colour::Auto | Colour::Never => Paint::Off,
        };
        let (paint, paint_messages) = (painted(terminal), painted(io::stderr().is_terminal()));
        let form = match (global.json, global.jsonl, global.csv) {
            (_, _, true) => {
                Form::Csv { formulas: if global.raw { Formulas::Raw } else { Formulas::Guarded } }
            }
            (_, true, _) => Form::JsonLines,
            (true, false, _) => Form::Json,
            (false, false, false) => Form::Text { columns: terminal.then(|| columns.unwrap_or(80)) },
        };
        let progress = if io::stderr().is_terminal() { Progress::Shown } else { Progress::Hidden };
        Output {
            data: Box::new(io::stdout()),
            messages: Box::new(io::stderr()),
            form,
            paint,
            paint_messages,
            progress,
            csv: Csv::default(),
        }
    }
}

impl<'a> Output<'a> {
    /// Other streams, for tests and files.
    pub fn new(data: impl Write + 'a, messages: impl Write + 'a, form: Form) -> Output<'a> {
        let (paint, paint_messages, progress) = (Paint::Off, Paint::Off, Progress::Hidden);
        Output {
            data: Box::new(data),
            messages: Box::new(messages),
            form,
            paint,
            paint_messages,
            progress,
            csv: Csv::default(),
        }
    }

    /// How data is printed.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The raw stream for data that is not text for people: completions, a manual page, a backup.
    pub fn raw(&mut self) -> &mut dyn Write {
        &mut *self.data
    }

    /// A list: the array or lines of JSON, or the table. An empty list says so where people read.
    pub fn list(&mut self, list: &[Value], table: &Table) -> io::Result<()> {
        match self.form {
            Form::Csv { formulas } => self.csv.rows(&mut *self.data, formulas, list),
            Form::Json => self.document(&Value::Array(list.to_vec())),
            Form::JsonLines => list.iter().try_for_each(|value| self.line_of_json(value)),
            Form::Text { columns: None } => self.data.write_all(table.plain().as_bytes()),
            Form::Text { columns: Some(_) } if table.is_empty() => self.message("Nothing to show."),
            Form::Text { columns: Some(columns) } => {
                let (header, body) = table.fitted(columns);
                let header = bold(&header, self.paint);
                writeln!(self.data, "{header}")?;
                self.data.write_all(body.as_bytes())
            }
        }
    }

    /// One record: its JSON, or the text for people, which passes the gate here.
    pub fn record(&mut self, value: &Value, text: &str) -> io::Result<()> {
        match self.form {
            Form::Csv { formulas } => self.csv.rows(
                &mut *self.data,
                formulas,
                value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice),
            ),
            Form::Json => self.document(value),
            Form::JsonLines => self.line_of_json(value),
            Form::Text { .. } => {
                let text = display_block(text);
                let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                write!(self.data, "{text}{end}")
            }
        }
    }

    /// One of many records that are printed as they are found; `before` is how many there were. In JSON they make one
    /// array, which [`Output::items_end`] closes.
    pub fn item(&mut self, before: usize, value: &Value, text: &str) -> io::Result<()> {
        match self.form {
            Form::Csv { formulas } => self.csv.rows(&mut *self.data, formulas, std::slice::from_ref(value)),
            Form::Json => {
                let open = if before == 0 { "[" } else { "," };
                let text = escaped(&value.to_string());
                writeln!(self.data, "{open}{text}")
            }
            Form::JsonLines => self.line_of_json(value),
            Form::Text { .. } => writeln!(self.data, "{}", display_line(text)),
        }
    }

    /// The end of [`Output::item`]s, of which there were so many.
    pub fn items_end(&mut self, count: usize) -> io::Result<()> {
        match self.form {
            Form::Json if count == 0 => writeln!(self.data, "[]"),
            Form::Json => writeln!(self.data, "]"),
            Form::JsonLines | Form::Csv { .. } | Form::Text { .. } => Ok(()),
        }
    }

    /// Several records by their numbers, one after the other: in JSON one document, an array where there are several.
    /// What is not there fails alone.
    pub fn records(&mut self, rows: &[Result<(Value, String), Failure>]) -> io::Result<Exit> {
        if !matches!(self.form, Form::Text { .. }) {
            return self.batch(rows);
        }
        for (before, row) in rows.iter().enumerate() {
            match row {
                Ok((value, text)) => {
                    if before > 0 {
                        writeln!(self.data)?;
                    }
                    self.record(value, text)?;
                }
                Err(failure) => self.failure(failure)?,
            }
        }
        Ok(Exit::of_batch(
            rows.iter().map(|row| row.as_ref().map_or_else(|failure| failure.exit, |_| Exit::Done)),
        ))
    }

    /// The outcome of a batch: JSON per row, or a line per row; failures of rows go with the data in JSON, to the messages otherwise.
    pub fn batch(&mut self, rows: &[Result<(Value, String), Failure>]) -> io::Result<Exit> {
        let json = |row: &Result<(Value, String), Failure>| match row {
            Ok((value, _)) => value.clone(),
            Err(failure) => failure.json(),
        };
        match (self.form, rows) {
            (Form::Json, [Ok((one, _))]) => self.document(one)?,
            (Form::Json, [Err(failure)]) => self.failure(failure)?,
            (Form::Json, rows) => self.document(&Value::Array(rows.iter().map(json).collect()))?,
            (Form::JsonLines, rows) => {
                rows.iter().map(json).try_for_each(|value| self.line_of_json(&value))?
            }
            (Form::Csv { formulas }, rows) => {
                for row in rows {
                    match row {
                        Ok((value, _)) => {
                            self.csv.rows(&mut *self.data, formulas, std::slice::from_ref(value))?
                        }
                        Err(failure) => self.failure(failure)?,
                    }
                }
            }
            (Form::Text { .. }, rows) => {
                for row in rows {
                    match row {
                        Ok((_, text)) => writeln!(self.data, "{}", display_line(text))?,
                        Err(failure) => self.failure(failure)?,
                    }
                }
            }
        }
        Ok(Exit::of_batch(
            rows.iter().map(|row| row.as_ref().map_or_else(|failure| failure.exit, |_| Exit::Done)),
        ))
    }

    /// A message for people.
    pub fn message(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.messages, "{}", display_block(text))
    }

    /// How far long work is, drawn over what was drawn before; nothing where messages are not read on a terminal.
    pub fn progress(&mut self, text: &str) -> io::Result<()> {
        match self.progress {
            Progress::Hidden => Ok(()),
            Progress::Shown => {
                write!(self.messages, "\r{}\u{1b}[K", display_line(text))?;
                self.messages.flush()
            }
        }
    }

    /// What went wrong: in JSON as the one document on standard output, for people on standard error.
    pub fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        match self.form {
            Form::Json => self.document(&failure.json()),
            Form::JsonLines => self.line_of_json(&failure.json()),
            Form::Csv { .. } | Form::Text { .. } => {
                let lead = bold("countersign:", self.paint_messages);
                writeln!(self.messages, "{lead} {}", display_block(&failure.text()))
            }
        }
    }

    /// Hands everything on.
    pub fn flush(&mut self) -> io::Result<()> {
        self.data.flush()?;
        self.messages.flush()
    }

    fn document(&mut self, value: &Value) -> io::Result<()> {
        let text = escaped(&format!("{value:#}"));
        writeln!(self.data, "{text}")
    }

    fn line_of_json(&mut self, value: &Value) -> io::Result<()> {
        let text = escaped(&value.to_string());
        writeln!(self.data, "{text}")
    }
}

fn bold(text: &str, paint: Paint) -> String {
    match paint {
        Paint::On => format!("\u{1b}[1m{text}\u{1b}[0m"),
        Paint::Off => text.to_owned(),
    }
}

/// The width of the terminal that data goes to; `None` where it goes elsewhere.
pub fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// JSON escapes C0 by itself; DEL, C1 and everything a terminal could act on or hide is escaped too, so that the text is the same to a machine and harmless to a person.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !(c.is_control() || crate::domain::text::is_hidden(c)) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// The exit status where writing failed: nothing is wrong when the reader went away (`countersign … | head`).
pub fn write_failed(error: &io::Error) -> Exit {
    if error.kind() == ErrorKind::BrokenPipe { Exit::Done } else { Exit::Failed }
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
