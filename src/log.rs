//! The log: one file a day in the state directory, the newest seven kept; never the screen, and no control character in any line.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::config::LogLevel;
use crate::domain::text::display_line;
use crate::files;

/// How many daily files are kept.
const KEPT: usize = 7;

/// Why there is no log; the programme goes on without one and says so.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The directory cannot be used.
    #[error(transparent)]
    Directory(#[from] files::Fault),
    /// The file cannot be opened.
    #[error("the log in {0} cannot be opened: {1}")]
    Open(PathBuf, String),
}

/// Starts logging into files `countersign.DATE.log` of this directory; of two calls the first one counts.
pub fn start(dir: &Path, level: LogLevel) -> Result<(), LogError> {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_writer(Mutex::new(writer(dir)?))
        .with_ansi(false)
        .log_internal_errors(false)
        .finish();
    // A second subscriber is refused by tracing; the first one goes on writing.
    let _already_started = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

/// Our own words at the level asked for, other crates' only when they warn.
fn filter(level: LogLevel) -> EnvFilter {
    let outside = match level {
        LogLevel::Error => "error",
        LogLevel::Warn | LogLevel::Info | LogLevel::Debug | LogLevel::Trace => "warn",
    };
    EnvFilter::new(format!("{outside},countersign={}", level.word()))
}

fn writer(dir: &Path) -> Result<Clean<RollingFileAppender>, LogError> {
    files::private_directory(dir)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("countersign")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(dir)
        .map_err(|error| LogError::Open(dir.to_owned(), error.to_string()))?;
    Ok(Clean(appender))
}

/// Makes every control character but the line's end visible, so that reading a log cannot drive a terminal.
struct Clean<W>(W);

impl<W: Write> Write for Clean<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let (body, end) = match text.strip_suffix('\n') {
            Some(body) => (body, "\n"),
            None => (text.as_ref(), ""),
        };
        let clean = display_line(body) + end;
        self.0.write_all(clean.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_reaches_the_file() {
        let mut sink = Clean(Vec::new());
        sink.write_all("a\u{1b}[31m\nb\u{202e}\u{9b}c\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(sink.0).unwrap(), "a␛[31m␊b⟨RLO⟩⟨CSI⟩c\n");
    }

    #[test]
    fn lines_go_into_a_dated_file() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("log");
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter(LogLevel::Info))
            .with_writer(Mutex::new(writer(&place).unwrap()))
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "countersign", number = "REG-000001", "approved");
            tracing::debug!(target: "countersign", "not at this level");
            tracing::info!(target: "elsewhere", "not ours");
        });
        let files: Vec<_> = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("approved") && text.contains("REG-000001"), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}
