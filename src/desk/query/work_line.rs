//! A row of the work lists as a filter and a sort see it; both faces list turns by it.

use std::borrow::Cow;
use std::cell::RefCell;

use chrono::Local;

use super::in_hand::{InHand, arrange};
use super::work_list::{Part, View, WorkRow};
use super::{Key, Keyed, ListQuery, SortValue};
use crate::desk::Reader;
use crate::desk::error::Result;
use crate::domain::date::local_day;
use crate::domain::filter::{Cell, FieldDef, FieldSet, Kind, Subject, matches};
use crate::domain::text::fold;

/// How what a row stands for may stand.
pub const STATES: &[&str] = &["open", "task", "stopped", "rejected", "recalled", "approved", "completed"];

/// What the list can be filtered by. `mine` is: the turn is the reader's alone, not a role's or a queue's.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        FieldDef { name: "number",    aliases: &["no"],               kind: Kind::Text },
        FieldDef { name: "what",      aliases: &["action", "user"],   kind: Kind::Text },
        FieldDef { name: "customer",  aliases: &["for"],              kind: Kind::Text },
        FieldDef { name: "waits_for", aliases: &["holder", "with"],   kind: Kind::Text },
        FieldDef { name: "from",      aliases: &["submitter", "submitted_by"], kind: Kind::Text },
        FieldDef { name: "rule",      aliases: &["workflow", "step"], kind: Kind::Text },
        FieldDef { name: "kind",      aliases: &["part"],             kind: Kind::Text },
        FieldDef { name: "state",     aliases: &["status"],           kind: Kind::State(STATES) },
        FieldDef { name: "due",       aliases: &["due_at"],           kind: Kind::Date },
        FieldDef { name: "age",       aliases: &["since"],            kind: Kind::Age },
    ],
    today: Some("due"),
};

/// The columns the list can be sorted by; the first is the preset.
pub const SORTS: &[&str] = &["due", "number", "what", "customer", "waits_for", "from", "since"];

/// A row, where it stands in its list, and when it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkLine {
    /// The row.
    pub row: WorkRow,
    /// By the sort that was asked for.
    pub key: Key,
    /// UTC milliseconds.
    pub now: i64,
}

impl WorkLine {
    /// A row in a list sorted by one of [`SORTS`].
    pub fn new(row: WorkRow, sort: &str, now: i64) -> WorkLine {
        let text = |text: &str| SortValue::Text(fold(text));
        let value = match sort {
            "number" => SortValue::Int(row.document_id),
            "what" => text(&row.what),
            "customer" => text(&row.customer),
            "waits_for" => text(&row.holder),
            "from" => text(row.submitter.as_deref().unwrap_or_default()),
            "since" => SortValue::Int(row.since),
            _ => SortValue::Int(row.due_at.unwrap_or(i64::MAX)),
        };
        WorkLine { key: Key { value, id: row.id() }, row, now }
    }

    /// The rows of a view that a query's filter lets through, in its order.
    pub fn list(rows: Vec<WorkRow>, query: &ListQuery, now: i64) -> Vec<WorkLine> {
        let lines = rows.into_iter().map(|row| WorkLine::new(row, query.sort, now));
        let mut lines: Vec<WorkLine> = lines.filter(|line| matches(&query.filter, line)).collect();
        arrange(&mut lines, query.order);
        lines
    }
}

impl WorkRow {
    /// How it stands, one of [`STATES`].
    pub fn state(&self) -> &'static str {
        let ended = STATES.iter().find(|state| self.part == Part::Instance && **state == self.kind);
        ended.copied().unwrap_or("open")
    }
}

impl Keyed for WorkLine {
    fn key(&self) -> &Key {
        &self.key
    }
}

impl Subject for WorkLine {
    fn text(&self) -> Cow<'_, str> {
        let row = &self.row;
        let from = row.submitter.as_deref().unwrap_or_default();
        format!("{} {} {} {} {} {from}", row.number, row.what, row.customer, row.because, row.holder).into()
    }

    fn cell(&self, field: &str) -> Cell<'_> {
        let row = &self.row;
        let text = |text: &'_ str| Cell::Text(text.to_owned().into());
        match field {
            "number" => text(&row.number),
            "what" => text(&row.what),
            "customer" => text(&row.customer),
            "waits_for" => text(&row.holder),
            "from" => row.submitter.as_deref().map_or(Cell::Nothing, text),
            "rule" => text(&row.rule),
            "kind" => text(&row.kind),
            "state" => Cell::State(row.state()),
            "due" => row.due_at.and_then(|at| local_day(at, &Local)).map_or(Cell::Nothing, Cell::Day),
            "age" => Cell::Age(self.now - row.since),
            _ => Cell::Nothing,
        }
    }

    fn is_mine(&self) -> bool {
        self.row.mine
    }
}

/// The items of one person, through one reader; the query's state names the view, and each view is read once.
pub struct WorkSource<'a> {
    reader: &'a Reader,
    staff: i64,
    read: RefCell<Vec<(View, Vec<WorkRow>)>>,
}

impl<'a> WorkSource<'a> {
    /// Nothing read yet.
    pub fn new(reader: &'a Reader, staff: i64) -> WorkSource<'a> {
        WorkSource { reader, staff, read: RefCell::new(Vec::new()) }
    }

    fn view(query: &ListQuery) -> View {
        query.state.and_then(View::parse).unwrap_or(View::All)
    }
}

impl InHand for WorkSource<'_> {
    type Row = WorkLine;

    fn lines(&self, query: &ListQuery) -> Result<Vec<WorkLine>> {
        let view = Self::view(query);
        let known = self.read.borrow().iter().find(|(known, _)| *known == view).map(|(_, rows)| rows.clone());
        let rows = match known {
            Some(rows) => rows,
            None => {
                let rows = self.reader.work(view, self.staff)?;
                self.read.borrow_mut().push((view, rows.clone()));
                rows
            }
        };
        Ok(WorkLine::list(rows, query, self.reader.now()))
    }

    fn known(&self, query: &ListQuery) -> Result<Option<i64>> {
        if !query.filter.terms.is_empty() {
            return Ok(None);
        }
        self.reader.work_count(Self::view(query), self.staff).map(Some)
    }
}
