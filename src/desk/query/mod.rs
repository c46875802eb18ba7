//! What the faces read: rows made for the screen, page by page, never the whole table (house.md, Queries).

pub mod contact;
pub mod customer;
pub mod history;
pub mod in_hand;
pub mod mail;
pub(in crate::desk) mod office;
pub mod pace;
pub mod portal_user;
pub mod report;
pub mod signup;
pub(in crate::desk) mod sql;
pub mod staff;
pub mod stuck;
pub mod template;
pub mod user_request;
pub mod why;
mod why_work;
pub mod work;
pub mod work_line;
pub mod work_list;
pub mod work_load;
pub mod workflow;

use crate::domain::filter::Filter;
use crate::domain::permission::{Actor, Permission};

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
    pub fn reversed(self) -> Self {
        match self {
            Order::Ascending => Order::Descending,
            Order::Descending => Order::Ascending,
        }
    }
}

/// Which rows, in which order. `sort` is the name of one of the list's sortable columns.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Only rows in this state (stable name); none: all.
    pub state: Option<&'static str>,
    /// The filter line.
    pub filter: Filter,
    /// Column name, see each list's `SORTS`.
    pub sort: &'static str,
    /// Which way.
    pub order: Order,
    /// Who asks and when: for `mine`, `me` and ages.
    pub asker: Asker,
}

/// Who reads a list and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asker {
    /// Staff id.
    pub staff: Option<i64>,
    /// UTC milliseconds.
    pub now: i64,
    /// What they may see of records that a row names.
    pub sees: Sees,
}

impl Asker {
    /// This actor, now.
    pub fn of(actor: &Actor, now: i64) -> Self {
        Self { staff: actor.staff_id(), now, sees: Sees::of(actor) }
    }
}

/// Which records may be named to somebody, beside those of the list they read (trust.md; account-requests.md: warnings
/// never name records that the reader may not see).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sees {
    /// Customers and sign-ups.
    #[default]
    All,
    /// Customers alone.
    Customers,
    /// Sign-ups alone.
    Signups,
    /// Neither.
    Nothing,
}

impl Sees {
    /// By the actor's permissions.
    pub fn of(actor: &Actor) -> Self {
        let may = |permission| actor.permissions.has(permission);
        match (may(Permission::CustomerView), may(Permission::SignupView)) {
            (true, true) => Self::All,
            (true, false) => Self::Customers,
            (false, true) => Self::Signups,
            (false, false) => Self::Nothing,
        }
    }

    /// Whether customers may be named.
    pub fn customers(self) -> bool {
        matches!(self, Self::All | Self::Customers)
    }

    /// Whether sign-ups may be named.
    pub fn signups(self) -> bool {
        matches!(self, Self::All | Self::Signups)
    }
}

/// A value a list is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum SortValue {
    /// A number, time or id.
    Int(i64),
    /// Folded text.
    Text(String),
}

/// Where a row stands in its list: sort value, then id. Unique, so paging never skips or repeats.
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
