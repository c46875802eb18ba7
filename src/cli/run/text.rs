//! One record for people: a heading, then sections of labelled lines; what is unknown is left out.

use crate::domain::date::{age, local_second, local_short};
use crate::domain::text::{display_line, width};

/// A record being written.
#[derive(Default)]
pub struct Page {
    text: String,
    section: Vec<(String, String)>,
}

impl Page {
    /// A page with its heading.
    pub fn new(heading: &str) -> Page {
        Page { text: format!("{}\n", display_line(heading)), section: Vec::new() }
    }

    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        self.close();
        self.text.push_str(&format!("\n{title}\n"));
    }

    /// A labelled value, if there is one.
    pub fn field(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.section.push((label.to_owned(), display_line(value).into_owned()));
        }
    }

    /// A line as it is.
    pub fn line(&mut self, line: &str) {
        self.close();
        self.text.push_str(&format!("  {}\n", display_line(line)));
    }

    /// Text of several lines, set in.
    pub fn block(&mut self, text: &str) {
        self.close();
        for line in text.lines() {
            self.text.push_str(&format!("  {}\n", display_line(line)));
        }
    }

    /// The whole page.
    pub fn done(mut self) -> String {
        self.close();
        self.text
    }

    fn close(&mut self) {
        let longest = self.section.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        for (label, value) in self.section.drain(..) {
            let blanks = " ".repeat(longest - width(&label));
            self.text.push_str(&format!("  {label}{blanks}  {value}\n"));
        }
    }
}

/// A time on the wall of this machine.
pub fn wall(at: i64, now: i64) -> String {
    local_short(at, now, &chrono::Local)
}

/// A time on the wall of this machine, with its day, to the second: for what somebody waits for or compares.
pub fn to_second(at: i64) -> String {
    local_second(at, &chrono::Local)
}

/// How long ago.
pub fn ago(at: i64, now: i64) -> String {
    age(now - at)
}
