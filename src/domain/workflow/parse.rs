//! The text of a rule file becomes a [`RuleSet`], or every problem in it with line and column (workflow.md, Rule file).
//! No text makes it panic, and nothing in a file is passed over: a key that is not understood is a problem.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::case::Case;
use super::{Document, RuleSet};

mod assignment;
mod case;
mod step;
mod table;

use table::Table;

/// The longest rule file, in bytes.
const LONGEST: usize = 256 * 1024;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The file cannot be activated.
    Wrong,
    /// Worth knowing.
    Advice,
}

/// What is wrong at one place of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What was probably meant.
    pub meant: Option<String>,
    /// How much it matters.
    pub weight: Weight,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        match &self.meant {
            Some(meant) => write!(f, "; did you mean “{meant}”?"),
            None => Ok(()),
        }
    }
}

/// A part of a rule file: which workflow, which of its steps (none: the workflow itself), which key (empty: the whole).
pub type Part = (usize, Option<usize>, &'static str);

/// A rule file that was understood, with the place of each of its parts.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it says.
    pub rules: RuleSet,
    /// Its tests, each with the byte it begins at.
    pub tests: Vec<(Case, usize)>,
    text: String,
    places: BTreeMap<Part, Range<usize>>,
    /// Of each workflow that was understood, and of each of its steps, the place in the file, counted from 0.
    understood: Vec<(usize, Vec<usize>)>,
    /// Whether something was not understood and is missing in `rules`.
    pub(super) gaps: Gaps,
}

/// Whether parts of a rule file are missing in what was understood of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gaps {
    /// Nothing is missing.
    None,
    /// Something is: what is said of the rules as a whole would be said of something else.
    Some,
}

impl Source {
    /// A problem at a part of `rules`, `offset` characters into its text where it is a text.
    pub(super) fn problem(&self, part: Part, offset: usize, message: impl Into<String>) -> Problem {
        let (workflow, step, key) = part;
        let steps = self.understood.get(workflow);
        let step = step.map(|step| steps.and_then(|(_, steps)| steps.get(step).copied()).unwrap_or(step));
        let workflow = steps.map_or(workflow, |(workflow, _)| *workflow);
        let part = (workflow, step, key);
        let span = [part, (workflow, step, "name"), (workflow, step, ""), (workflow, None, "")]
            .iter()
            .find_map(|part| self.places.get(part))
            .cloned()
            .unwrap_or(0..0);
        let start = span.start + self.inside(&span, offset);
        let (line, column) = line_column(&self.text, start);
        Problem { line, column, message: message.into(), meant: None, weight: Weight::Wrong }
    }

    /// A problem at a byte.
    pub(super) fn problem_at(&self, at: usize, message: String, meant: Option<String>) -> Problem {
        let (line, column) = line_column(&self.text, at);
        Problem { line, column, message, meant, weight: Weight::Wrong }
    }

    /// The bytes from the beginning of a quoted text to its character `offset`; 0 where escapes make that uncertain.
    fn inside(&self, span: &Range<usize>, offset: usize) -> usize {
        let quoted = self.text.get(span.clone()).unwrap_or("");
        let marks = if quoted.starts_with("'''") || quoted.starts_with("\"\"\"") { 3 } else { 1 };
        let escaped = quoted.starts_with('"') && quoted.contains('\\');
        if !quoted.starts_with(['\'', '"']) || escaped {
            return 0;
        }
        let inner = quoted.get(marks..).unwrap_or("");
        let skipped = if marks == 3 && inner.starts_with('\n') { 1 } else { 0 };
        let length: usize = inner.chars().skip(skipped).take(offset).map(char::len_utf8).sum();
        (marks + skipped + length).min(quoted.len())
    }
}

/// The rules that a text says.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn parse(text: &str) -> Result<RuleSet, Vec<Problem>> {
    source(text).map(|source| source.rules)
}

/// The rules that a text says, with their places.
///
/// # Errors
/// As [`parse`].
pub fn source(text: &str) -> Result<Source, Vec<Problem>> {
    match understand(text) {
        (Some(source), problems) if problems.is_empty() => Ok(source),
        (_, problems) => Err(problems),
    }
}

/// What of a text is understood, so that it can be looked at further, and everything that is not, in the order of the
/// file. None where the text is no TOML.
pub fn understand(text: &str) -> (Option<Source>, Vec<Problem>) {
    let mut reading = Reading { text, problems: Vec::new(), places: BTreeMap::new(), understood: Vec::new() };
    if text.len() > LONGEST {
        reading.wrong(0, format!("the file is longer than {} KiB", LONGEST / 1024));
        return (None, reading.problems);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        reading.wrong(at, format!("is not TOML: {}", error.message().trim()));
    }
    if !errors.is_empty() {
        return (None, reading.problems);
    }
    let mut root = Table::new(document.get_ref(), 0);
    let workflows = reading.file(&mut root);
    let tests = reading.tests(&mut root);
    root.finish(&mut reading);
    let Reading { mut problems, places, understood, .. } = reading;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    let gaps = if problems.is_empty() { Gaps::None } else { Gaps::Some };
    let (rules, text) = (RuleSet { workflows }, text.to_owned());
    (Some(Source { rules, tests, text, places, understood, gaps }), problems)
}

/// A text being read.
struct Reading<'t> {
    text: &'t str,
    problems: Vec<Problem>,
    places: BTreeMap<Part, Range<usize>>,
    understood: Vec<(usize, Vec<usize>)>,
}

impl Reading<'_> {
    fn wrong(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, message.into(), None);
    }

    /// A word that is not one of `known`.
    fn unknown(&mut self, at: usize, what: &str, (word, known): (&str, &[&str])) {
        let meant = nearest(word, known.iter().copied()).map(str::to_owned);
        let message = match known {
            _ if word.chars().count() > 60 => format!("unknown {what}"),
            _ if known.len() <= 8 => format!("unknown {what} “{word}”; there are {}", known.join(", ")),
            _ => format!("unknown {what} “{word}”"),
        };
        self.add(at, message, meant);
    }

    fn add(&mut self, at: usize, message: String, meant: Option<String>) {
        let (line, column) = line_column(self.text, at);
        self.problems.push(Problem { line, column, message, meant, weight: Weight::Wrong });
    }

    fn file(&mut self, root: &mut Table<'_, '_>) -> Vec<super::Workflow> {
        let Some((value, at)) = root.take("workflow") else {
            self.wrong(0, "there is no [[workflow]] in this file");
            return Vec::new();
        };
        let Some(tables) = value.as_array() else {
            self.wrong(at.start, "write [[workflow]], in double brackets");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (n, item) in tables.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => found.extend(self.workflow(n, Table::new(table, item.span().start))),
                None => self.wrong(item.span().start, "a workflow is a table; write [[workflow]]"),
            }
        }
        found
    }

    fn workflow(&mut self, n: usize, mut table: Table<'_, '_>) -> Option<super::Workflow> {
        let here = table.at();
        self.places.insert((n, None, ""), here..here);
        let document = self.word(&mut table, (n, None, "document")).and_then(|(word, at)| {
            let known = Document::ALL.map(Document::as_str);
            let document = Document::parse(&word);
            if document.is_none() {
                self.unknown(at, "document", (&word, &known));
            }
            document
        });
        let name = self.word(&mut table, (n, None, "name"));
        if name.is_none() && !table.had("name") {
            self.wrong(here, "this workflow has no name");
        }
        if document.is_none() && !table.had("document") {
            self.wrong(here, "this workflow does not say for which document it is");
        }
        let when = self.word(&mut table, (n, None, "when")).map(|(text, _)| text);
        let on_resubmit = self.on_resubmit(&mut table, n);
        let self_approval = self.flag(&mut table, (n, None, "self_approval"));
        let owner = self.word(&mut table, (n, None, "owner")).map(|(text, _)| text);
        let (places, steps) = self.steps(&mut table, n).into_iter().unzip();
        table.finish(self);
        let (document, (name, _)) = (document?, name?);
        self.understood.push((n, places));
        Some(super::Workflow { document, name, when, on_resubmit, self_approval, owner, steps })
    }

    fn on_resubmit(&mut self, table: &mut Table<'_, '_>, n: usize) -> super::OnResubmit {
        match self.word(table, (n, None, "on_resubmit")) {
            None => super::OnResubmit::default(),
            Some((word, at)) => super::OnResubmit::parse(&word).unwrap_or_else(|| {
                self.unknown(at, "way to go on", (&word, &super::OnResubmit::ALL.map(|way| way.as_str())));
                super::OnResubmit::default()
            }),
        }
    }

    /// The steps, each with its place among them.
    fn steps(&mut self, table: &mut Table<'_, '_>, n: usize) -> Vec<(usize, super::Step)> {
        let Some((value, at)) = table.take("step") else { return Vec::new() };
        let Some(tables) = value.as_array() else {
            self.wrong(at.start, "write [[workflow.step]], in double brackets");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (s, item) in tables.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    let step = self.step((n, s), Table::new(table, item.span().start));
                    found.extend(step.map(|step| (s, step)));
                }
                None => self.wrong(item.span().start, "a step is a table; write [[workflow.step]]"),
            }
        }
        found
    }

    /// The text of a key, and where it stands; remembers the place. None: it is not there, or not a text (said).
    fn word(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<(String, usize)> {
        let (value, at) = self.value(table, part)?;
        let Some(text) = value.as_str() else {
            self.wrong(at.start, format!("{} must be text in quotes", part.2));
            return None;
        };
        let text = if part.2 == "when" { text.to_owned() } else { text.trim().to_owned() };
        if text.trim().is_empty() {
            self.wrong(at.start, format!("{} is empty; leave it out, or fill it", part.2));
            return None;
        }
        Some((text, at.start))
    }

    fn value<'a>(
        &mut self,
        table: &mut Table<'a, '_>,
        part: Part,
    ) -> Option<(&'a DeValue<'a>, Range<usize>)> {
        let (value, at) = table.take(part.2)?;
        self.places.insert(part, at.clone());
        Some((value, at))
    }

    fn flag(&mut self, table: &mut Table<'_, '_>, part: Part) -> bool {
        let Some((value, at)) = self.value(table, part) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.wrong(at.start, format!("{} must be true or false", part.2));
            false
        })
    }
}

/// Line and column of a byte, both from 1, the column in characters.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// The candidate that a person most likely meant.
pub(super) fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > 100 {
        return None;
    }
    let typed = typed.to_lowercase();
    candidates
        .map(|candidate| (strsim::jaro_winkler(&typed, candidate), candidate))
        .filter(|(score, _)| *score >= 0.78)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
