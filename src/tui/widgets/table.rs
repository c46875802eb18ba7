//! The list that all tabs share: it holds the rows of the window and a margin, never the table; the
//! cursor and the marks belong to records, not to row numbers.

mod draw;
mod read;

pub use draw::Look;

use std::collections::{BTreeMap, BTreeSet};

use super::Span;
use crate::tui::action::Act;
use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, More, Page};

/// How a column takes its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Always so many columns.
    Fixed(u16),
    /// At least so many, and a share of what is left.
    Flex(u16),
}

/// On which side its text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its stable name; the name to sort by, where it can be sorted.
    pub name: &'static str,
    /// Its head.
    pub title: &'static str,
    /// How wide.
    pub width: Width,
    /// Which side.
    pub align: Align,
    /// 0 stays always; the highest goes first when the window is narrow.
    pub drop: u8,
    /// Whether the list can be sorted by it.
    pub sort: Sort,
}

/// Whether a list can be sorted by a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// It can.
    Yes,
    /// It cannot.
    No,
}

/// A row that can stand in a list.
pub trait TableRow: Keyed + Clone {
    /// Its number.
    fn number(&self) -> &str;

    /// One cell per column of the list, in that order.
    fn cells(&self) -> Vec<Span>;
}

/// Where the rows come from; borrows the reader for one reading.
pub trait ListSource {
    /// What a row is.
    type Row: TableRow;

    /// Some rows in list order.
    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Self::Row>, Error>;

    /// How many there are.
    fn count(&self, query: &ListQuery) -> Result<Count, Error>;

    /// Where a record stands in this list, if it is in it.
    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error>;

    /// Of these records, those that the query shows.
    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error>;
}

/// What must be read before the list can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    First,
    Last,
    /// So many rows further than what is held; negative is up.
    By(i64),
    /// This record.
    To(i64),
    MarkAll,
}

/// The list.
#[derive(Debug, Clone)]
pub struct Table<R> {
    columns: &'static [Column],
    hidden_columns: Vec<&'static str>,
    rows: Vec<R>,
    before: More,
    after: More,
    top: usize,
    at: usize,
    height: usize,
    marks: BTreeMap<i64, R>,
    /// Marked, but not in the filter.
    hidden: BTreeSet<i64>,
    range: Option<usize>,
    pending: Vec<Pending>,
    count: Option<Count>,
    problem: Option<String>,
    /// Where the cursor goes if its record is not in what is read next.
    lost: Lost,
    /// A record that the cursor leaves at the next reading, because it has been decided.
    leave: Option<i64>,
}

/// Where the cursor goes when its record is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// To the record after it: the data has changed.
    Neighbour,
    /// To the first: it is another list.
    First,
}

/// What an action did to the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It is none of the list's.
    NotMine,
    /// Done.
    Done,
    /// Done as soon as the list has read.
    NeedsRead,
}

impl<R: TableRow> Table<R> {
    /// An empty list that has not read yet.
    pub fn new(columns: &'static [Column]) -> Table<R> {
        Table {
            columns,
            hidden_columns: Vec::new(),
            rows: Vec::new(),
            before: More::No,
            after: More::No,
            top: 0,
            at: 0,
            height: 20,
            marks: BTreeMap::new(),
            hidden: BTreeSet::new(),
            range: None,
            pending: Vec::new(),
            count: None,
            problem: None,
            lost: Lost::Neighbour,
            leave: None,
        }
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&R> {
        self.rows.get(self.at)
    }

    /// The marked rows as they were last shown, those that the filter hides left out; without marks
    /// the row under the cursor.
    pub fn targets(&self) -> Vec<R> {
        if self.marks.is_empty() {
            return self.current().cloned().into_iter().collect();
        }
        self.marks.iter().filter(|(id, _)| !self.hidden.contains(id)).map(|(_, row)| row.clone()).collect()
    }

    /// The record in the first line of the window.
    pub fn first_shown(&self) -> Option<i64> {
        self.rows.get(self.top).map(Keyed::id)
    }

    /// How many rows are marked.
    pub fn marked(&self) -> usize {
        self.marks.len()
    }

    /// How many marked rows the filter hides; actions leave them alone and say so.
    pub fn hidden_marked(&self) -> usize {
        self.hidden.len()
    }

    /// How many rows there are.
    pub fn count(&self) -> Option<Count> {
        self.count
    }

    /// All columns.
    pub fn columns(&self) -> &'static [Column] {
        self.columns
    }

    /// True unless the reader has put it away.
    pub fn is_shown(&self, column: &str) -> bool {
        !self.hidden_columns.contains(&column)
    }

    /// Shows or puts away a column; the first always stays.
    pub fn toggle_column(&mut self, name: &str) {
        let Some(column) = self.columns.iter().skip(1).find(|column| column.name == name) else { return };
        match self.hidden_columns.iter().position(|hidden| *hidden == name) {
            Some(at) => {
                self.hidden_columns.remove(at);
            }
            None => self.hidden_columns.push(column.name),
        }
    }

    /// The window has room for so many rows.
    pub fn set_height(&mut self, rows: usize) {
        self.height = rows.max(1);
        self.keep_in_window();
    }

    /// What is read next is another list: the cursor starts at the top unless its record is there too.
    pub fn start_over(&mut self) {
        self.lost = Lost::First;
    }

    /// Puts the cursor on a record when it next reads, if the list has it.
    pub fn select(&mut self, id: i64) {
        self.pending.push(Pending::To(id));
    }

    /// Puts the cursor on the row drawn so many lines below the first.
    pub fn select_line(&mut self, line: usize) {
        if self.top + line < self.rows.len() {
            self.at = self.top + line;
        }
    }

    /// Clears all marks.
    pub fn unmark(&mut self) {
        self.marks.clear();
        self.hidden.clear();
        self.range = None;
    }

    /// A decision was made on these rows: their marks go, and the cursor goes on to the next row if
    /// its own was among them and stays in the list.
    pub fn decided(&mut self, ids: &[i64]) {
        for id in ids {
            self.marks.remove(id);
            self.hidden.remove(id);
        }
        self.range = None;
        self.leave = self.current().map(|row| row.id()).filter(|id| ids.contains(id));
    }

    /// Does what a key asks of a list.
    pub fn act(&mut self, act: Act) -> Listed {
        let page = i64::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        match act {
            Act::Down => self.go(1),
            Act::Up => self.go(-1),
            Act::HalfDown => self.go((page + 1) / 2),
            Act::HalfUp => self.go(-(page + 1) / 2),
            Act::PageDown => self.go(page),
            Act::PageUp => self.go(-page),
            Act::First if self.before == More::No => self.go(-i64::try_from(self.at).unwrap_or(0)),
            Act::First => self.later(Pending::First),
            Act::Last if self.after == More::No => self.go(i64::try_from(self.rows.len()).unwrap_or(0)),
            Act::Last => self.later(Pending::Last),
            Act::Mark => {
                self.toggle_mark();
                self.go(1)
            }
            Act::MarkDown | Act::MarkUp => {
                self.mark(self.at);
                let moved = self.go(if act == Act::MarkDown { 1 } else { -1 });
                self.mark(self.at);
                moved
            }
            Act::MarkRange => {
                self.range = if self.range.is_some() { None } else { Some(self.at) };
                self.mark(self.at);
                Listed::Done
            }
            Act::MarkAll => self.later(Pending::MarkAll),
            Act::Unmark => {
                self.unmark();
                Listed::Done
            }
            _ => Listed::NotMine,
        }
    }

    fn later(&mut self, pending: Pending) -> Listed {
        self.pending.push(pending);
        Listed::NeedsRead
    }

    fn go(&mut self, by: i64) -> Listed {
        let target = i64::try_from(self.at).unwrap_or(0) + by;
        let last = i64::try_from(self.rows.len()).unwrap_or(0) - 1;
        let beyond = if target > last && self.after == More::Yes {
            target - last
        } else if target < 0 && self.before == More::Yes {
            target
        } else {
            0
        };
        let reached = target.clamp(0, last.max(0));
        self.move_to(usize::try_from(reached).unwrap_or(0));
        if beyond == 0 { Listed::Done } else { self.later(Pending::By(beyond)) }
    }

    fn move_to(&mut self, target: usize) {
        let from = self.at;
        self.at = target;
        if self.range.is_some() {
            for row in from.min(target)..=from.max(target) {
                self.mark(row);
            }
        }
        self.keep_in_window();
    }

    fn keep_in_window(&mut self) {
        self.at = self.at.min(self.rows.len().saturating_sub(1));
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + self.height {
            self.top = self.at + 1 - self.height;
        }
        if self.after == More::No {
            self.top = self.top.min(self.rows.len().saturating_sub(self.height));
        }
    }

    fn mark(&mut self, row: usize) {
        if let Some(row) = self.rows.get(row) {
            self.marks.insert(row.id(), row.clone());
        }
    }

    fn toggle_mark(&mut self) {
        if let Some(row) = self.rows.get(self.at) {
            let id = row.id();
            if self.marks.remove(&id).is_none() {
                self.marks.insert(id, row.clone());
            }
        }
    }
}
