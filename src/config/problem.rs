//! What is wrong with a config file: always with the key, with the line where there is one, and with what would be right.

use std::fmt;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Said, nothing else: an unknown key, a missing advice.
    Warning,
    /// The default is kept and that is said: a wrong value under `[screen]` or `[log]`.
    DefaultKept,
    /// Nothing starts: a rule, a path or a secret cannot be guessed.
    Stops,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; `None` where no line is to blame (something is missing).
    pub line: Option<usize>,
    /// The full name of the key, or empty.
    pub key: String,
    /// One sentence without a full stop.
    pub message: String,
    /// How much it matters.
    pub severity: Severity,
}

impl Problem {
    /// A problem with a key that stops the start.
    pub fn stops(key: &str, message: impl Into<String>) -> Problem {
        Problem { line: None, key: key.to_owned(), message: message.into(), severity: Severity::Stops }
    }

    /// A problem that is only said.
    pub fn warning(key: &str, message: impl Into<String>) -> Problem {
        Problem { line: None, key: key.to_owned(), message: message.into(), severity: Severity::Warning }
    }

    /// A wrong value: a look has a harmless default, a rule has none.
    pub fn wrong(key: &str, message: impl Into<String>) -> Problem {
        let looks = key == "screen" || key == "log" || key.starts_with("screen.") || key.starts_with("log.");
        let severity = if looks { Severity::DefaultKept } else { Severity::Stops };
        Problem { line: None, key: key.to_owned(), message: message.into(), severity }
    }

    /// The same at a line.
    pub fn at(mut self, line: usize) -> Problem {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Problem {
    /// `line 12: signup.verification_days must be …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{} ", self.key)?;
        }
        f.write_str(&self.message)?;
        match self.severity {
            Severity::Warning => f.write_str(" (warning)"),
            Severity::DefaultKept => f.write_str(" (the default is kept)"),
            Severity::Stops => Ok(()),
        }
    }
}
