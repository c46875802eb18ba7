//! How a mail stands in the list.

use crate::desk::query::mail::{FILTER, MailRow};
use crate::domain::date::age;
use crate::domain::id::RecordKind;
use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, Order, Page, Reader};
use crate::tui::screens::{COUNTED, understand};
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort: Sort::No }
}

#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        Column { name: "number", title: "No", width: Width::Fixed(7), align: Align::Left, drop: 0, sort: Sort::Yes },
        column("state",   "Status",  Width::Fixed(9),  0),
        column("to",      "To",      Width::Flex(20),  0),
        column("subject", "Subject", Width::Flex(20),  2),
        column("record",  "Record",  Width::Fixed(10), 1),
        Column { name: "tries", title: "Tries", width: Width::Fixed(5), align: Align::Right, drop: 3, sort: Sort::No },
        Column { name: "age",   title: "Age",   width: Width::Fixed(4), align: Align::Right, drop: 0, sort: Sort::No },
        column("reply",   "Last answer", Width::Flex(14), 5),
    ],
    states: &[
        ("failed", "Failed"), ("paused", "Paused"), ("waiting", "Waiting"), ("held", "Held for undo"), ("sending", "Sending"), ("sent", "Sent"),
        ("cancelled", "Cancelled"), ("superseded", "Superseded"),
    ],
    opens_on: None,
    sort: ("number", Order::Descending),
    filter_hint: "address, subject:…, record:REG-132, state:failed",
    empty: "No mail here. Mail is written when something is decided; f shows another status.",
    empty_in: &[],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row, its number and when it was read.
#[derive(Debug, Clone)]
pub struct Line {
    pub row: MailRow,
    pub number: String,
    pub now: i64,
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.row.key
    }
}

/// How a state is said: never by colour alone.
pub fn state_span(row: &MailRow) -> Span {
    let tone = match row.state.as_str() {
        "failed" | "paused" => Tone::Alarm,
        "waiting" | "sending" => Tone::Caution,
        "sent" => Tone::Good,
        _ => Tone::Dim,
    };
    let word = if row.unsure > 0 { format!("{} ?", row.state) } else { row.state.clone() };
    Span::new(word, tone)
}

impl TableRow for Line {
    fn number(&self) -> &str {
        &self.number
    }

    fn cells(&self) -> Vec<Span> {
        let row = &self.row;
        vec![
            self.number.as_str().into(),
            state_span(row),
            row.to.as_str().into(),
            Span::new(row.subject.clone(), Tone::Dim),
            Span::new(row.record.clone().unwrap_or_else(|| "–".into()), Tone::Dim),
            Span::new(row.attempts.to_string(), Tone::Dim),
            Span::new(age(self.now - row.created_at), Tone::Dim),
            Span::new(row.last_reply.clone().unwrap_or_else(|| "–".into()), Tone::Dim),
        ]
    }
}

/// The mails, through one reader.
pub struct Source<'a> {
    pub reader: &'a Reader,
}

impl ListSource for Source<'_> {
    type Row = Line;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Line>, Error> {
        let page = self.reader.mails(query, anchor, limit)?;
        let now = self.reader.now();
        let line = |row: MailRow| Line { number: format!("M-{}", row.key.id), row, now };
        Ok(Page { rows: page.rows.into_iter().map(line).collect(), before: page.before, after: page.after })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        if query.filter.terms.is_empty() {
            return self.reader.tallied(RecordKind::Mail, query.state);
        }
        self.reader.count_mails(query, COUNTED)
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        let shown = self.reader.visible_mails(query, &[id])?;
        Ok(shown.first().map(|id| Key { value: crate::tui::door::SortValue::Int(*id), id: *id }))
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        self.reader.visible_mails(query, ids)
    }
}
