//! What the screen knows of the desk: the names it uses, in one place.

use std::fmt;

/// Reads.
#[derive(Debug, Default)]
pub struct Reader;

/// A command.
#[derive(Debug, Clone)]
pub struct Command(pub String);

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(pub String);

/// Why not.
#[derive(Debug, Clone)]
pub struct Error(pub String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The filter line, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter(pub String);

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl Order {
    /// The other way.
    pub fn reversed(self) -> Order {
        match self {
            Order::Ascending => Order::Descending,
            Order::Descending => Order::Ascending,
        }
    }
}

/// Who reads a list and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asker {
    /// Staff id.
    pub staff: Option<i64>,
    /// UTC milliseconds.
    pub now: i64,
}

/// Which rows, in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Only rows in this state.
    pub state: Option<&'static str>,
    /// The filter line.
    pub filter: Filter,
    /// Column name.
    pub sort: &'static str,
    /// Which way.
    pub order: Order,
    /// Who asks and when.
    pub asker: Asker,
}

/// A value a list is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum SortValue {
    /// A number, time or id.
    Int(i64),
    /// Folded text.
    Text(String),
}

/// Where a row stands in its list.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The value of the sort column.
    pub value: SortValue,
    /// Row id.
    pub id: i64,
}

/// From where a page is read.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows behind this one.
    After(Key),
    /// The rows in front of this one (given in list order).
    Before(Key),
    /// This row, if it is still in the list, and those behind it.
    From(Key),
}

/// Whether there is more on a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Some rows of a list, in list order.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether rows stand in front of the first.
    pub before: More,
    /// Whether rows stand behind the last.
    pub after: More,
}

/// A row that knows where it stands.
pub trait Keyed {
    /// Its key in the list it was read for.
    fn key(&self) -> &Key;

    /// Its row id.
    fn id(&self) -> i64 {
        self.key().id
    }
}

/// How many rows match, as far as it is worth counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(i64),
    /// More than this.
    MoreThan(i64),
}
