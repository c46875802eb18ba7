//! The language of `/` and `--filter`: what is typed becomes terms, all of which must hold; it is data, never SQL.
//!
//! interface.md, Keys: words match anywhere (two letters: where a word begins); `field:value`, `-field:value`, `a,b`, `<` `>`, `mine`, `today`.
//! Also `!word` and `-word`, `"two words"`, `field:` or `field:none` for empty, `field:any` for filled.

mod matches;
mod parse;
mod value;

use chrono::NaiveDate;
use std::ops::Range;

pub use matches::{Cell, Subject, matches};
pub use parse::{parse, parse_typing};

/// The fields one list can be filtered by; static data beside the list's columns.
#[derive(Debug, Clone, Copy)]
pub struct FieldSet {
    /// Every field, in the order in which help prints them.
    pub fields: &'static [FieldDef],
    /// The date field that a bare `today` means; without one `today` is a word like any other.
    pub today: Option<&'static str>,
}

/// One field that can be named before a colon.
#[derive(Debug, Clone, Copy)]
pub struct FieldDef {
    /// The name of the glossary in snake_case; `-` and `_` are the same when typed.
    pub name: &'static str,
    /// Other names that are understood (`assignee` for `assigned_to`).
    pub aliases: &'static [&'static str],
    /// What its values are, hence which tests make sense.
    pub kind: Kind,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; the value may stand anywhere in it, accents and case folded.
    Text,
    /// A number; money in whole units of its currency.
    Number,
    /// A calendar day on the reader's wall.
    Date,
    /// One of these snake_case states; a beginning that fits several means all of them (`status:closed`).
    State(&'static [&'static str]),
    /// A member of staff by login or name; `me` is the reader.
    Person,
    /// Time gone by since a moment; a bare number counts days.
    Age,
}

/// A whole filter: every term must hold. Empty means everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// The terms in the order typed.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// At least one of these folded phrases stands somewhere in the record (or none does, if negated).
    Word {
        /// Folded, never empty.
        any_of: Vec<String>,
        /// `!word` or `-word`.
        negated: bool,
    },
    /// A named field passes (or fails, if negated) a test.
    Field {
        /// The name of a [`FieldDef`] of the set, never an alias.
        field: &'static str,
        /// What is asked of it.
        test: Test,
        /// `-field:value`. An empty field passes every negated test but a negated [`Test::Empty`].
        negated: bool,
    },
    /// `mine`: the record is the reader's; each list says what that is.
    Mine {
        /// `-mine`.
        negated: bool,
    },
}

/// What is asked of a field. An empty field passes only [`Test::Empty`].
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// One of these values fits.
    AnyOf(Vec<Value>),
    /// Before the value begins: `<`.
    Less(Value),
    /// Before the value ends: `<=`.
    AtMost(Value),
    /// After the value ends: `>`.
    More(Value),
    /// After the value begins: `>=`.
    AtLeast(Value),
    /// Nothing is there.
    Empty,
}

/// A value typed after a field's name, understood as that field's kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Folded text; fits where it stands anywhere in the folded field, two letters where a word begins.
    Text(String),
    /// A number.
    Number(f64),
    /// A state of the field's list.
    State(&'static str),
    /// Folded part of a login or name.
    Person(String),
    /// The reader.
    Me,
    /// Days from the first to the last, both included; one day, a month (`2026-12`), a year or a week.
    Days {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// An age in milliseconds, the end excluded: `3d` is what is shown as three days, so `age>3d` begins at four.
    Age {
        /// Where it begins.
        from_ms: i64,
        /// Where the next one begins.
        until_ms: i64,
    },
}

/// Why a filter was not understood, and where; the text stays as typed, so it can be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterProblem {
    /// The bytes of the typed text that it is about, on character boundaries.
    pub span: Range<usize>,
    /// One sentence without its full stop.
    pub message: String,
    /// What to type instead.
    pub remedy: String,
}

impl FieldSet {
    /// The field of this name or alias; case and the difference of `-` and `_` do not matter.
    pub fn find(&self, typed: &str) -> Option<&'static FieldDef> {
        let wanted = typed.to_lowercase().replace('-', "_");
        self.fields.iter().find(|field| field.name == wanted || field.aliases.contains(&wanted.as_str()))
    }
}
