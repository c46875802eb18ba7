//! How a work item stands in the list.

use crate::desk::query::work_line::FILTER;
pub use crate::desk::query::work_line::{WorkLine as Line, WorkSource as Source};
use crate::desk::query::work_list::WorkRow;
use crate::domain::date::age;
use crate::tui::door::Order;
use crate::tui::screens::{clock, understand};
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8, sort: Sort) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort }
}

#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        Column { name: "number", title: "Number", width: Width::Fixed(10), align: Align::Left, drop: 0, sort: Sort::Yes },
        column("what",     "What",     Width::Flex(11),  0, Sort::Yes),
        column("customer", "For",      Width::Flex(8),   1, Sort::Yes),
        column("because",  "Why me",   Width::Flex(13),  2, Sort::No),
        column("from",     "From",     Width::Fixed(9),  3, Sort::Yes),
        Column { name: "since", title: "Since", width: Width::Fixed(5), align: Align::Right, drop: 0, sort: Sort::Yes },
        Column { name: "due", title: "Due", width: Width::Fixed(12), align: Align::Left, drop: 0, sort: Sort::Yes },
    ],
    states: &[
        ("for_me", "For me"), ("roles", "Roles and queues"), ("submitted", "Submitted by me"), ("overdue", "Overdue"),
        ("stopped", "Stopped"), ("aside", "Put aside"), ("watched", "Watched"), ("administered", "In my queues"),
    ],
    opens_on: Some("for_me"),
    sort: ("due", Order::Ascending),
    filter_hint: "customer, user name, from:jens, due:today",
    empty: "Nothing waits here. What you must decide comes by itself; f shows roles, your submissions, what is overdue.",
    empty_in: &[
        ("roles",     "Nothing waits for your roles and queues that nobody has taken."),
        ("submitted", "Nothing that you submitted is on its way or came back to you."),
        ("overdue",   "Nothing is past its due time."),
        ("stopped",   "No workflow is stopped by an error."),
    ],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

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
