//! How a work item stands in the list, and the list itself: a view is read whole and filtered in hand, since nobody has
//! thousands of turns.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::desk::query::work_list::{View, WorkRow};
use crate::domain::date::age;
use crate::domain::filter::{Cell, FieldDef, FieldSet, Kind, Subject, matches};
use crate::tui::door::{Error, Key, Keyed, ListQuery, Order, Reader, SortValue};
use crate::tui::screens::in_hand::{InHand, arrange};
use crate::tui::screens::{clock, understand};
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort: Sort::No }
}

/// What the list can be filtered by.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        FieldDef { name: "number",   aliases: &["no"],        kind: Kind::Text },
        FieldDef { name: "customer", aliases: &["for"],       kind: Kind::Text },
        FieldDef { name: "from",     aliases: &["submitter"], kind: Kind::Text },
        FieldDef { name: "age",      aliases: &[],            kind: Kind::Age },
    ],
    today: None,
};

#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        Column { name: "number", title: "Number", width: Width::Fixed(10), align: Align::Left, drop: 0, sort: Sort::Yes },
        column("what",     "What",     Width::Flex(11),  0),
        column("customer", "For",      Width::Flex(8),   1),
        column("because",  "Why me",   Width::Flex(13),  2),
        column("from",     "From",     Width::Fixed(9),  3),
        Column { name: "since", title: "Since", width: Width::Fixed(5), align: Align::Right, drop: 0, sort: Sort::Yes },
        Column { name: "due", title: "Due", width: Width::Fixed(12), align: Align::Left, drop: 0, sort: Sort::Yes },
    ],
    states: &[
        ("for_me", "For me"), ("roles", "Roles and queues"), ("submitted", "Submitted by me"), ("overdue", "Overdue"),
        ("stopped", "Stopped"), ("aside", "Put aside"), ("watched", "Watched"), ("administered", "In my queues"),
    ],
    opens_on: Some("for_me"),
    sort: ("due", Order::Ascending),
    filter_hint: "customer, number, user name, from:jens, age>2",
    empty: "Nothing waits here. What you must decide comes by itself; f shows roles, your submissions, what is overdue.",
    empty_in: &[
        ("roles",     "Nothing waits for your roles and queues that nobody has taken."),
        ("submitted", "Nothing that you submitted is on its way or came back to you."),
        ("overdue",   "Nothing is past its due time."),
        ("stopped",   "No workflow is stopped by an error."),
    ],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row and when it was read.
#[derive(Debug, Clone)]
pub struct Line {
    pub row: WorkRow,
    pub key: Key,
    pub now: i64,
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// When it is due: a sign and a word for what is late, never colour alone.
pub fn due(row: &WorkRow, now: i64) -> Span {
    match row.due_at {
        None => Span::new("–", Tone::Dim),
        Some(at) if at <= now => Span::new(format!("! late {}", age(now - at)), Tone::Alarm),
        Some(at) if at - now < 4 * 3_600_000 => Span::new(format!("soon {}", clock(at, now)), Tone::Caution),
        Some(at) => Span::new(clock(at, now), Tone::Dim),
    }
}

/// Why it is this person's turn, and who has it where that says more.
pub fn reason(because: &str, holder: &str) -> String {
    if because == holder || because.is_empty() { holder.to_owned() } else { format!("{because} · {holder}") }
}

impl Line {
    /// A row of the list.
    pub fn new(row: WorkRow, sort: &str, now: i64) -> Line {
        let value = match sort {
            "number" => row.document_id,
            "since" => row.since,
            _ => row.due_at.unwrap_or(i64::MAX),
        };
        Line { key: Key { value: SortValue::Int(value), id: row.id() }, row, now }
    }
}

impl TableRow for Line {
    fn number(&self) -> &str {
        &self.row.number
    }

    fn cells(&self) -> Vec<Span> {
        let row = &self.row;
        let what = match row.kind.as_str() {
            "change" => format!("change: {}", row.what),
            "question" => format!("answer: {}", row.what),
            _ => row.what.clone(),
        };
        let why = match row.kind.as_str() {
            "stopped" => Span::new("! stopped", Tone::Alarm),
            "rejected" | "recalled" => Span::new(format!("{}, back", row.kind), Tone::Caution),
            "underway" => Span::new(format!("with {}", row.holder), Tone::Dim),
            "task" => Span::new("its task runs", Tone::Dim),
            _ => Span::new(reason(&row.because, &row.holder), Tone::Dim),
        };
        vec![
            row.number.as_str().into(),
            what.into(),
            row.customer.as_str().into(),
            why,
            Span::new(row.submitter.clone().unwrap_or_else(|| "applicant".into()), Tone::Dim),
            Span::new(age(self.now - row.since), Tone::Dim),
            due(row, self.now),
        ]
    }
}

impl Subject for Line {
    fn text(&self) -> Cow<'_, str> {
        let row = &self.row;
        let from = row.submitter.as_deref().unwrap_or_default();
        format!("{} {} {} {} {} {from}", row.number, row.what, row.customer, row.because, row.holder).into()
    }

    fn cell(&self, field: &str) -> Cell<'_> {
        match field {
            "number" => Cell::Text(self.row.number.as_str().into()),
            "customer" => Cell::Text(self.row.customer.as_str().into()),
            "from" => self.row.submitter.as_deref().map_or(Cell::Nothing, |who| Cell::Text(who.into())),
            "age" => Cell::Age(self.now - self.row.since),
            _ => Cell::Nothing,
        }
    }

    fn is_mine(&self) -> bool {
        true
    }
}

/// The items of one person, through one reader; each view is read once for a refresh.
pub struct Source<'a> {
    pub reader: &'a Reader,
    pub staff: i64,
    pub read: RefCell<Vec<(View, Vec<Line>)>>,
}

impl<'a> Source<'a> {
    /// Nothing read yet.
    pub fn new(reader: &'a Reader, staff: i64) -> Source<'a> {
        Source { reader, staff, read: RefCell::new(Vec::new()) }
    }
}

impl InHand for Source<'_> {
    type Row = Line;

    fn lines(&self, query: &ListQuery) -> Result<Vec<Line>, Error> {
        let view = query.state.and_then(View::parse).unwrap_or(View::All);
        let known = self.read.borrow().iter().find(|(v, _)| *v == view).map(|(_, lines)| lines.clone());
        let all = match known {
            Some(lines) => lines,
            None => {
                let now = self.reader.now();
                let rows = self.reader.work(view, self.staff)?.into_iter();
                let lines: Vec<Line> = rows.map(|row| Line::new(row, query.sort, now)).collect();
                self.read.borrow_mut().push((view, lines.clone()));
                lines
            }
        };
        let mut lines: Vec<Line> = all.into_iter().filter(|line| matches(&query.filter, line)).collect();
        arrange(&mut lines, query.order);
        Ok(lines)
    }

    fn known(&self, query: &ListQuery) -> Result<Option<i64>, Error> {
        if !query.filter.terms.is_empty() {
            return Ok(None);
        }
        let view = query.state.and_then(View::parse).unwrap_or(View::All);
        self.reader.work_count(view, self.staff).map(Some)
    }
}
