//! One table of a rule file: what was taken from it is known, what is left over is a problem.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Reading;

/// A table with the keys that were asked for.
pub(super) struct Table<'a, 't> {
    table: &'a DeTable<'t>,
    at: usize,
    asked: Vec<&'static str>,
}

impl<'a, 't> Table<'a, 't>
where
    't: 'a,
{
    /// A table that begins at a byte.
    pub fn new(table: &'a DeTable<'t>, at: usize) -> Self {
        Self { table, at, asked: Vec::new() }
    }

    /// Where it begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether a key stands in it.
    pub fn had(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value of a key, and where it stands.
    pub fn take(&mut self, key: &'static str) -> Option<(&'a DeValue<'t>, Range<usize>)> {
        self.asked.push(key);
        self.table.get(key).map(|value| (value.get_ref(), value.span()))
    }

    /// The keys that nobody asked for, each with the byte it begins at.
    pub fn left_over(&self) -> impl Iterator<Item = (&str, usize)> {
        let keys = self.table.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span().start));
        keys.filter(|(key, _)| !self.asked.contains(key))
    }

    /// Says which keys nobody asked for.
    pub fn finish(self, reading: &mut Reading<'_>) {
        for (key, at) in self.left_over() {
            reading.unknown(at, "key", (key, &self.asked));
        }
    }
}
