//! How a sign-up stands in the list.

use crate::desk::query::signup::{FILTER, Hidden, SignupRow};
use crate::domain::date::age;
use crate::domain::signup::SignupState;
use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, Order, Page, Reader};
use crate::tui::screens::checks::sign;
use crate::tui::screens::{COUNTED, understand};
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort: Sort::Yes }
}

/// The list of the tab.
#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        column("number",    "Number",   Width::Fixed(10), 0),
        column("company",   "Company",  Width::Flex(15),  0),
        column("contact",   "Contact",  Width::Flex(10),  3),
        column("email",     "E-mail",   Width::Flex(16),  6),
        Column { name: "state", title: "Status", width: Width::Fixed(9), align: Align::Left, drop: 5, sort: Sort::Yes },
        Column { name: "age", title: "Age", width: Width::Fixed(5), align: Align::Right, drop: 0, sort: Sort::Yes },
        column("checks",    "Checks",   Width::Fixed(7),  1),
        column("duplicate", "Dup",      Width::Fixed(10), 2),
        column("assigned",  "Assigned", Width::Fixed(8),  4),
    ],
    states: &[
        ("verified_by_user", "Verified by user"), ("requested", "Requested"), ("approved", "Approved"), ("created", "Created"),
        ("rejected", "Rejected"), ("withdrawn", "Withdrawn"), ("expired", "Expired"),
    ],
    opens_on: Some("verified_by_user"),
    sort: ("age", Order::Ascending),
    filter_hint: "company, e-mail, city…",
    empty: "No sign-up here. f shows the next status, n enters a new one; what is sent in comes by itself.",
    empty_in: &[],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// The sign-ups, through one reader.
pub struct Source<'a> {
    pub reader: &'a Reader,
}

impl ListSource for Source<'_> {
    type Row = Line;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Line>, Error> {
        let page = self.reader.signups(query, anchor, limit)?;
        let now = self.reader.now();
        let rows = page.rows.into_iter().map(|row| Line { row, now }).collect();
        Ok(Page { rows, before: page.before, after: page.after })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        if query.filter.terms.is_empty() {
            return self.reader.tallied(crate::domain::id::RecordKind::Signup, query.state);
        }
        self.reader.count_signups(query, COUNTED)
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        self.reader.signup_key(query, id)
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        self.reader.visible_signups(query, ids)
    }
}

/// A row and when it was read, for its age.
#[derive(Debug, Clone)]
pub struct Line {
    pub row: SignupRow,
    pub now: i64,
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.row.key
    }
}

impl TableRow for Line {
    fn number(&self) -> &str {
        &self.row.number
    }

    fn cells(&self) -> Vec<Span> {
        let row = &self.row;
        let (sign, tone) = sign(&row.checks_worst);
        let checks = if row.checks_good == row.checks_total {
            format!("{sign} {}", row.checks_total)
        } else {
            format!("{sign} {}/{}", row.checks_good, row.checks_total)
        };
        let duplicate = match (&row.duplicate, row.duplicate_percent) {
            (Some(number), Some(percent)) => format!("{percent}% {}", short(number)),
            _ => "–".to_owned(),
        };
        let company = match row.hidden {
            Hidden::Some => format!("! {}", row.company),
            Hidden::None => row.company.clone(),
        };
        vec![
            row.number.as_str().into(),
            company.into(),
            row.contact.as_str().into(),
            Span::new(row.email.clone(), Tone::Dim),
            Span::new(state_word(row.state), state_tone(row.state)),
            Span::new(age(self.now - row.created_at), Tone::Dim),
            Span::new(checks, tone),
            Span::new(duplicate, Tone::Dim),
            Span::new(row.assigned.clone().unwrap_or_else(|| "–".into()), Tone::Dim),
        ]
    }
}

/// `REG-000131` as `REG-131`, so that the column stays narrow.
fn short(number: &str) -> String {
    match number.rsplit_once('-') {
        Some((prefix, digits)) => format!("{prefix}-{}", digits.trim_start_matches('0')),
        None => number.to_owned(),
    }
}

/// One short word for the column.
fn state_word(state: SignupState) -> &'static str {
    match state {
        SignupState::Requested => "requested",
        SignupState::VerifiedByUser => "verified",
        SignupState::Approved => "approved",
        SignupState::Created => "created",
        SignupState::Rejected => "rejected",
        SignupState::Withdrawn => "withdrawn",
        SignupState::Expired => "expired",
    }
}

/// What waits for a person stands out a little.
pub fn state_tone(state: SignupState) -> Tone {
    match state {
        SignupState::VerifiedByUser | SignupState::Approved => Tone::Accent,
        SignupState::Requested
        | SignupState::Created
        | SignupState::Rejected
        | SignupState::Withdrawn
        | SignupState::Expired => Tone::Dim,
    }
}
