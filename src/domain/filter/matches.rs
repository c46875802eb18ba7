//! A filter applied in memory, with the same meaning that a list's SQL must have; tests hold the two against each other.

use super::{Filter, Term, Test, Value};
use crate::domain::text::fold;
use chrono::NaiveDate;
use std::borrow::Cow;

/// A record as a filter sees it.
pub trait Subject {
    /// All text of the record that words are looked for in; folding is done here, not by the record.
    fn text(&self) -> Cow<'_, str>;
    /// What a field holds; [`Cell::Nothing`] where it is empty or blank.
    fn cell(&self, field: &str) -> Cell<'_>;
    /// Whether the record is the reader's.
    fn is_mine(&self) -> bool;
}

/// What one field of a record holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing, or only blanks.
    Nothing,
    /// Text as stored.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// A day on the reader's wall.
    Day(NaiveDate),
    /// Milliseconds gone by.
    Age(i64),
    /// A state in snake_case.
    State(&'a str),
    /// Somebody other than the reader, by login and name.
    Person(Cow<'a, str>),
    /// The reader, by login and name.
    Me(Cow<'a, str>),
}

/// Whether every term of the filter holds for the record.
pub fn matches(filter: &Filter, subject: &impl Subject) -> bool {
    let mut text = None;
    filter.terms.iter().all(|term| match term {
        Term::Word { any_of, negated } => {
            let folded = text.get_or_insert_with(|| fold(&subject.text()));
            any_of.iter().any(|word| stands_in(word, folded)) != *negated
        }
        Term::Field { field, test, negated } => holds(test, &subject.cell(field)) != *negated,
        Term::Mine { negated } => subject.is_mine() != *negated,
    })
}

/// Two letters stand at the beginning of a word, everything else anywhere: a list finds both by an index.
fn stands_in(wanted: &str, folded: &str) -> bool {
    match wanted.chars().count() {
        2 => folded.split(' ').any(|word| word.starts_with(wanted)),
        _ => folded.contains(wanted),
    }
}

fn holds(test: &Test, cell: &Cell<'_>) -> bool {
    let nothing = match cell {
        Cell::Nothing => true,
        Cell::Text(text) => text.trim().is_empty(),
        Cell::Number(_) | Cell::Day(_) | Cell::Age(_) | Cell::State(_) | Cell::Person(_) | Cell::Me(_) => {
            false
        }
    };
    match test {
        Test::Empty => nothing,
        _ if nothing => false,
        Test::AnyOf(values) => values.iter().any(|value| fits(value, cell)),
        Test::Less(value) => place(value, cell) == Some(Place::Before),
        Test::AtMost(value) => matches!(place(value, cell), Some(Place::Before | Place::Within)),
        Test::More(value) => place(value, cell) == Some(Place::After),
        Test::AtLeast(value) => matches!(place(value, cell), Some(Place::Within | Place::After)),
    }
}

fn fits(value: &Value, cell: &Cell<'_>) -> bool {
    match (value, cell) {
        (Value::Text(wanted), Cell::Text(text)) => stands_in(wanted, &fold(text)),
        (Value::Person(wanted), Cell::Person(who) | Cell::Me(who)) => fold(who).contains(wanted.as_str()),
        (Value::Me, Cell::Me(_)) => true,
        (Value::State(wanted), Cell::State(state)) => wanted == state,
        _ => place(value, cell) == Some(Place::Within),
    }
}

/// Where a cell lies against a value that has an extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Within,
    After,
}

fn place(value: &Value, cell: &Cell<'_>) -> Option<Place> {
    let between = |before: bool, after: bool| match (before, after) {
        (true, _) => Place::Before,
        (false, true) => Place::After,
        (false, false) => Place::Within,
    };
    match (value, cell) {
        (Value::Number(wanted), Cell::Number(found)) => Some(between(found < wanted, found > wanted)),
        (Value::Days { first, last }, Cell::Day(day)) => Some(between(day < first, day > last)),
        (Value::Age { from_ms, until_ms }, Cell::Age(span)) => {
            Some(between(span < from_ms, span >= until_ms))
        }
        _ => None,
    }
}
