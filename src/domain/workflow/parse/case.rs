//! `[[test]]` of a rule file.

use serde_json::Value;
use toml::de::DeValue;

use super::table::Table;
use super::{Part, Reading};
use crate::domain::workflow::Document;
use crate::domain::workflow::case::Case;

impl Reading<'_> {
    /// The tests, each with the byte it begins at.
    pub(super) fn tests(&mut self, root: &mut Table<'_, '_>) -> Vec<(Case, usize)> {
        let Some((value, at)) = root.take("test") else { return Vec::new() };
        let Some(tables) = value.as_array() else {
            self.wrong(at.start, "write [[test]], in double brackets");
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in tables.iter() {
            let at = item.span().start;
            match item.get_ref().as_table() {
                Some(table) => found.extend(self.test(Table::new(table, at)).map(|case| (case, at))),
                None => self.wrong(at, "a test is a table; write [[test]]"),
            }
        }
        found
    }

    fn test(&mut self, mut table: Table<'_, '_>) -> Option<Case> {
        // Tests have no part of their own: what is wrong with one is told at its beginning.
        let part = |key| -> Part { (usize::MAX, None, key) };
        let here = table.at();
        let mut needed = |reading: &mut Self, key| {
            let word = reading.word(&mut table, part(key));
            if word.is_none() && !table.had(key) {
                reading.wrong(here, format!("this test has no {key}"));
            }
            word
        };
        let name = needed(self, "name");
        let document = needed(self, "document");
        let takes = needed(self, "takes");
        let document = document.and_then(|(word, at)| {
            let document = Document::parse(&word);
            if document.is_none() {
                self.unknown(at, "document", (&word, &Document::ALL.map(Document::as_str)));
            }
            document
        });
        let given = self.given(&mut table);
        let steps = self.names(&mut table);
        table.finish(self);
        Some(Case { name: name?.0, document: document?, given, takes: takes?.0, steps })
    }

    fn given(&mut self, table: &mut Table<'_, '_>) -> Vec<(String, Value)> {
        let Some((value, at)) = table.take("given") else { return Vec::new() };
        let Some(fields) = value.as_table() else {
            self.wrong(at.start, "write given = { \"user_request.action\" = \"add\" }");
            return Vec::new();
        };
        let mut given = Vec::new();
        for (name, value) in fields.iter() {
            match plain(value.get_ref()) {
                Some(plain) => given.push((name.get_ref().to_string(), plain)),
                None => self.wrong(
                    name.span().start,
                    format!(
                        "write \"{}.…\" in quotation marks, and a text, a number, true or false",
                        name.get_ref()
                    ),
                ),
            }
        }
        given
    }

    fn names(&mut self, table: &mut Table<'_, '_>) -> Option<Vec<String>> {
        let (value, at) = table.take("steps")?;
        let names = value.as_array().map(|list| {
            list.iter().map(|name| name.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if names.as_ref().is_none_or(Option::is_none) {
            self.wrong(at.start, "steps is a list of their names: [\"Check identity\", \"provision_user\"]");
        }
        names.flatten()
    }
}

fn plain(value: &DeValue<'_>) -> Option<Value> {
    if let Some(text) = value.as_str() {
        return Some(text.into());
    }
    if let Some(flag) = value.as_bool() {
        return Some(flag.into());
    }
    let number = value
        .as_integer()
        .map(|n| n.as_str().to_owned())
        .or_else(|| value.as_float().map(|f| f.as_str().to_owned()))?;
    number.replace('_', "").parse::<f64>().ok().map(Value::from)
}
