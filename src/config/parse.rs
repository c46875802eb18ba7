//! Text to settings: reads everything there is to read and reports every problem at once; what is wrong keeps its default.

use toml::de::{DeTable, DeValue};

use super::check::nearest;
use super::lists;
use super::problem::Problem;
use super::settings::Config;
use super::{keys, together};

/// Reads the text of a config file. Problems come in the order of the file, those without a line last.
pub fn parse(text: &str) -> (Config, Vec<Problem>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reading = Reading { config: Config::default(), problems: Vec::new(), text };
    for error in &errors {
        let problem = Problem::stops("", format!("is not TOML: {}", error.message().trim()));
        let line = error.span().map(|span| reading.line_of(span.start));
        reading.problems.push(line.into_iter().fold(problem, Problem::at));
    }
    reading.table("", document.get_ref());
    let Reading { config, mut problems, .. } = reading;
    if errors.is_empty() {
        problems.extend(together::problems(&config));
    }
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    (config, problems)
}

struct Reading<'t> {
    config: Config,
    problems: Vec<Problem>,
    text: &'t str,
}

impl Reading<'_> {
    fn line_of(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }

    fn table(&mut self, section: &str, table: &DeTable<'_>) {
        for (name, value) in table.iter() {
            let path = if section.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{section}.{}", name.get_ref())
            };
            let line = self.line_of(name.span().start);
            self.entry(&path, line, value.get_ref());
        }
    }

    fn entry(&mut self, path: &str, line: usize, value: &DeValue<'_>) {
        if let Some(key) = keys::find(path) {
            let problem = key.check.problem(value);
            let outcome = match problem {
                Some(message) => Err(message),
                None => (key.set)(&mut self.config, value),
            };
            if let Err(message) = outcome {
                self.problems.push(Problem::wrong(path, message).at(line));
            }
            return;
        }
        let country = path.strip_prefix("signup.fields.").filter(|name| !name.contains('.'));
        match (value, country) {
            (DeValue::Table(table), Some(country)) => self.own_section(path, country, table),
            (DeValue::Table(table), None) if lists::LISTS.contains(&path) => {
                self.own_section(path, "", table)
            }
            (DeValue::Table(table), None) if keys::is_section(path) => self.table(path, table),
            (_, None) if keys::is_section(path) => {
                self.problems.push(Problem::wrong(path, format!("is a section: write [{path}]")).at(line));
            }
            (_, _) => self.unknown(path, line),
        }
    }

    fn own_section(&mut self, path: &str, country: &str, table: &DeTable<'_>) {
        let text = self.text;
        let line_of = move |offset| line_of(text, offset);
        let found = match path {
            "signup.reject_reasons" => lists::reject_reasons(&mut self.config, table, &line_of),
            "texts" => lists::texts(&mut self.config, table, &line_of),
            "screen.bind" => lists::bindings(&mut self.config, table, &line_of),
            _ => lists::country_fields(&mut self.config, country, (table, &line_of)),
        };
        self.problems.extend(found);
    }

    fn unknown(&mut self, path: &str, line: usize) {
        if path.ends_with("password") {
            let message =
                "does not belong into this file: use mail.smtp.password_file or a systemd credential";
            self.problems.push(Problem::stops(path, message).at(line));
            return;
        }
        let sections =
            keys::KEYS.iter().flat_map(|key| key.path.rsplit_once('.').map(|(section, _)| section));
        let known = keys::KEYS.iter().map(|key| key.path).chain(lists::LISTS.iter().copied()).chain(sections);
        let message = match nearest(path, known) {
            Some(near) => format!("is not known; did you mean {near}?"),
            None => "is not known".to_owned(),
        };
        self.problems.push(Problem::warning(path, message).at(line));
    }
}

/// The line of a byte offset, counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}
