//! How a user request stands in the list.

use crate::desk::query::user_request::{FILTER, UserRequestRow};
use crate::domain::date::age;
use crate::domain::id::RecordKind;
use crate::domain::user_request::{Action, UserRequestState};
use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, Order, Page, Reader};
use crate::tui::screens::{COUNTED, understand};
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, (drop, sort): (u8, Sort)) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort }
}

#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        Column { name: "number", title: "Number", width: Width::Fixed(10), align: Align::Left, drop: 0, sort: Sort::Yes },
        column("action",    "Action",    Width::Fixed(11), (4, Sort::No)),
        column("user_name", "User name", Width::Flex(10),  (0, Sort::Yes)),
        column("customer",  "Customer",  Width::Flex(12),  (2, Sort::No)),
        column("state",     "Status",    Width::Fixed(18), (0, Sort::Yes)),
        column("waits",     "Waits for", Width::Flex(10),  (1, Sort::No)),
        Column { name: "age", title: "Age", width: Width::Fixed(4), align: Align::Right, drop: 3, sort: Sort::Yes },
        column("role",      "Role",      Width::Flex(10),  (5, Sort::No)),
    ],
    states: &[
        ("draft", "Draft"), ("submitted", "Submitted"), ("pending_approval", "Pending approval"), ("approved", "Approved"),
        ("pending_completion", "Pending completion"), ("completed", "Completed"), ("rejected", "Rejected"), ("canceled", "Canceled"),
    ],
    opens_on: None,
    sort: ("number", Order::Descending),
    filter_hint: "user name, number, contact, action:inactivate, mine, today…",
    empty: "No user request here. n makes one for a contact; c in the Registration tab makes one with the customer.",
    empty_in: &[
        ("draft",              "No draft. n makes a request for a contact; what came back for a change stands here too."),
        ("submitted",          "Nothing has been submitted that its workflow has not begun with."),
        ("pending_approval",   "Nothing waits for a decision."),
        ("approved",           "Nothing is approved without being carried out."),
        ("pending_completion", "Nothing is being carried out, and nothing failed on the way."),
        ("completed",          "Nothing is completed yet."),
        ("rejected",           "Nothing is rejected."),
        ("canceled",           "Nothing is canceled."),
    ],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row and when it was read.
#[derive(Debug, Clone)]
pub struct Line {
    pub row: UserRequestRow,
    pub now: i64,
}

impl Line {
    /// Its state; none where the database knows one that we do not.
    pub fn state(&self) -> Option<UserRequestState> {
        UserRequestState::parse(&self.row.state)
    }
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.row.key
    }
}

/// The action in words.
pub fn action(row: &UserRequestRow) -> &str {
    Action::parse(&row.action).map_or(row.action.as_str(), |action| action.title())
}

/// How a state is said: never by colour alone.
pub fn state_span(row: &UserRequestRow) -> Span {
    let Some(state) = UserRequestState::parse(&row.state) else {
        return Span::new(row.state.clone(), Tone::Alarm);
    };
    if row.failure.is_some() {
        return Span::new("failed", Tone::Alarm);
    }
    if state == UserRequestState::Completed && row.hook.as_deref() == Some("failed") {
        return Span::new("Completed, !portal", Tone::Alarm);
    }
    let tone = match state {
        UserRequestState::PendingApproval
        | UserRequestState::PendingCompletion
        | UserRequestState::Submitted => Tone::Caution,
        UserRequestState::Completed | UserRequestState::Approved => Tone::Good,
        UserRequestState::Draft | UserRequestState::Rejected | UserRequestState::Canceled => Tone::Dim,
    };
    Span::new(state.title(), tone)
}

/// Whom or what it waits for, short.
fn waits(row: &UserRequestRow) -> Span {
    match (&row.waits_for, row.hook.as_deref()) {
        (Some(who), _) => Span::new(who.clone(), Tone::Text),
        (None, Some("failed")) => Span::new("! portal not told", Tone::Alarm),
        (None, Some("waiting")) if row.hook_error.is_some() => Span::new("portal, again", Tone::Caution),
        (None, _) if row.waiting_reason.is_some() => Span::new("a rule set", Tone::Caution),
        (None, _) => Span::new("–", Tone::Dim),
    }
}

impl TableRow for Line {
    fn number(&self) -> &str {
        &self.row.number
    }

    fn cells(&self) -> Vec<Span> {
        let row = &self.row;
        let customer = row.customer_name.as_deref().or(row.customer.as_deref()).unwrap_or("–");
        // `reset credentials` is longer than its column.
        let action = if row.action == "reset_credentials" { "reset" } else { action(row) };
        vec![
            row.number.as_str().into(),
            Span::new(action, Tone::Dim),
            row.user_name.as_str().into(),
            Span::new(customer, Tone::Dim),
            state_span(row),
            waits(row),
            Span::new(age(self.now - row.created_at), Tone::Dim),
            Span::new(row.role.replace('_', " "), Tone::Dim),
        ]
    }
}

/// The user requests, through one reader.
pub struct Source<'a> {
    pub reader: &'a Reader,
}

impl ListSource for Source<'_> {
    type Row = Line;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Line>, Error> {
        let page = self.reader.user_requests(query, anchor, limit)?;
        let now = self.reader.now();
        Ok(Page {
            rows: page.rows.into_iter().map(|row| Line { row, now }).collect(),
            before: page.before,
            after: page.after,
        })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        if query.filter.terms.is_empty() {
            return self.reader.tallied(RecordKind::UserRequest, query.state);
        }
        self.reader.count_user_requests(query, COUNTED)
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        self.reader.user_request_key(query, id)
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        self.reader.visible_user_requests(query, ids)
    }
}
