//! How a member of staff stands in the list, and the list itself.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::desk::query::in_hand::{InHand, arrange};
use crate::desk::query::staff::StaffRow;
use crate::domain::date::age;
use crate::domain::filter::{Cell, FieldDef, FieldSet, Kind, Subject, matches};
use crate::domain::text::fold;
use crate::tui::door::{Error, Key, Keyed, ListQuery, Order, Reader, SortValue};
use crate::tui::screens::understand;
use crate::tui::widgets::board::BoardSpec;
use crate::tui::widgets::table::{Align, Column, Sort, TableRow, Width};
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8, sort: Sort) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort }
}

/// What the list can be filtered by.
#[rustfmt::skip]
static FILTER: FieldSet = FieldSet {
    fields: &[
        FieldDef { name: "login",    aliases: &[],         kind: Kind::Text },
        FieldDef { name: "name",     aliases: &[],         kind: Kind::Text },
        FieldDef { name: "email",    aliases: &["mail"],   kind: Kind::Text },
        FieldDef { name: "role",     aliases: &["roles"],  kind: Kind::Text },
        FieldDef { name: "manager",  aliases: &[],         kind: Kind::Text },
        FieldDef { name: "deputy",   aliases: &[],         kind: Kind::Text },
        FieldDef { name: "division", aliases: &[],         kind: Kind::Text },
        FieldDef { name: "open",     aliases: &["items"],  kind: Kind::Number },
        FieldDef { name: "late",     aliases: &["overdue"], kind: Kind::Number },
        FieldDef { name: "state",    aliases: &["status"], kind: Kind::State(&["active", "inactive"]) },
    ],
    today: None,
};

#[rustfmt::skip]
pub const SPEC: BoardSpec = BoardSpec {
    columns: &[
        column("login",   "Login",   Width::Fixed(10), 0, Sort::Yes),
        column("name",    "Name",    Width::Flex(14),  0, Sort::Yes),
        column("roles",   "Roles",   Width::Flex(11),  1, Sort::No),
        column("manager", "Manager", Width::Fixed(8),  3, Sort::Yes),
        column("deputy",  "Deputy",  Width::Fixed(8),  2, Sort::Yes),
        Column { name: "open", title: "Open", width: Width::Fixed(6), align: Align::Right, drop: 0, sort: Sort::Yes },
        Column { name: "oldest", title: "Oldest", width: Width::Fixed(6), align: Align::Right, drop: 4, sort: Sort::Yes },
        column("state",   "Status",  Width::Fixed(10), 0, Sort::No),
        column("email",   "E-mail",  Width::Flex(20),  5, Sort::Yes),
    ],
    states: &[("active", "Active"), ("inactive", "Inactive")],
    opens_on: None,
    sort: ("login", Order::Ascending),
    filter_hint: "login, name, role:approver, -deputy:, open>3, late>0",
    empty: "Nobody here. n adds a member of staff.",
    empty_in: &[],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row, and whether something still names who left.
#[derive(Debug, Clone)]
pub struct Line {
    pub row: StaffRow,
    pub key: Key,
    pub left_behind: bool,
    pub is_me: bool,
    /// When it was read.
    pub now: i64,
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// Whether they may act, and whether work is left behind: never by colour alone.
pub fn state_span(row: &StaffRow, left_behind: bool) -> Span {
    match (row.active, left_behind) {
        (true, _) if row.deputy.is_some() => Span::new("away", Tone::Caution),
        (true, _) => Span::new("active", Tone::Good),
        (false, true) => Span::new("! inactive", Tone::Alarm),
        (false, false) => Span::new("inactive", Tone::Dim),
    }
}

impl TableRow for Line {
    fn number(&self) -> &str {
        &self.row.login
    }

    fn cells(&self) -> Vec<Span> {
        let row = &self.row;
        let or_none = |value: &Option<String>| Span::new(value.as_deref().unwrap_or("–"), Tone::Dim);
        let roles = row.roles.iter().map(|role| role.replace('_', " ")).collect::<Vec<_>>().join(", ");
        let deputy = match &row.deputy {
            Some(login) => login.as_str().into(),
            None => Span::new("–", Tone::Dim),
        };
        // As in the title of the Work tab: so many, and of them late.
        let open = match (row.open, row.late) {
            (0, _) => Span::new("–", Tone::Dim),
            (open, 0) => open.to_string().into(),
            (open, late) => Span::new(format!("{open} !{late}"), Tone::Alarm),
        };
        let oldest = row.oldest.map_or_else(|| "–".to_owned(), |since| age(self.now - since));
        vec![
            row.login.as_str().into(),
            row.name.as_str().into(),
            Span::new(roles, Tone::Dim),
            or_none(&row.manager),
            deputy,
            open,
            Span::new(oldest, Tone::Dim),
            state_span(row, self.left_behind),
            or_none(&row.email),
        ]
    }
}

impl Subject for Line {
    fn text(&self) -> Cow<'_, str> {
        let row = &self.row;
        let more = [&row.email, &row.manager, &row.deputy, &row.division];
        let more: Vec<&str> = more.into_iter().filter_map(|value| value.as_deref()).collect();
        format!("{} {} {} {}", row.login, row.name, row.roles.join(" ").replace('_', " "), more.join(" "))
            .into()
    }

    #[allow(clippy::cast_precision_loss, reason = "nobody holds 2^52 items")]
    fn cell(&self, field: &str) -> Cell<'_> {
        let row = &self.row;
        let maybe =
            |value: &Option<String>| value.clone().map_or(Cell::Nothing, |text| Cell::Text(text.into()));
        match field {
            "login" => Cell::Text(row.login.as_str().into()),
            "name" => Cell::Text(row.name.as_str().into()),
            "email" => maybe(&row.email),
            "role" => Cell::Text(row.roles.join(" ").into()),
            "manager" => maybe(&row.manager),
            "deputy" => maybe(&row.deputy),
            "division" => maybe(&row.division),
            "open" => Cell::Number(row.open as f64),
            "late" => Cell::Number(row.late as f64),
            "state" => Cell::State(if row.active { "active" } else { "inactive" }),
            _ => Cell::Nothing,
        }
    }

    fn is_mine(&self) -> bool {
        self.is_me
    }
}

/// The staff, through one reader; read once for a refresh.
pub struct Source<'a> {
    pub reader: &'a Reader,
    /// Logins of who left and is still named somewhere.
    pub left_behind: &'a [String],
    /// The reader's own row.
    pub me: Option<i64>,
    read: OnceCell<Vec<StaffRow>>,
}

impl<'a> Source<'a> {
    /// Nothing read yet.
    pub fn new(reader: &'a Reader, left_behind: &'a [String], me: Option<i64>) -> Source<'a> {
        Source { reader, left_behind, me, read: OnceCell::new() }
    }

    fn rows(&self) -> Result<&[StaffRow], Error> {
        if let Some(rows) = self.read.get() {
            return Ok(rows);
        }
        let rows = self.reader.staff()?;
        Ok(self.read.get_or_init(|| rows))
    }
}

fn sort_value(row: &StaffRow, sort: &str) -> SortValue {
    let text = |value: &Option<String>| SortValue::Text(fold(value.as_deref().unwrap_or_default()));
    match sort {
        "name" => SortValue::Text(fold(&row.name)),
        "manager" => text(&row.manager),
        "deputy" => text(&row.deputy),
        "email" => text(&row.email),
        "open" => SortValue::Int(row.open),
        // Whoever has nothing is never behind.
        "oldest" => SortValue::Int(row.oldest.unwrap_or(i64::MAX)),
        _ => SortValue::Text(row.login.clone()),
    }
}

impl InHand for Source<'_> {
    type Row = Line;

    fn lines(&self, query: &ListQuery) -> Result<Vec<Line>, Error> {
        let line = |row: &StaffRow| Line {
            key: Key { value: sort_value(row, query.sort), id: row.id },
            left_behind: self.left_behind.contains(&row.login),
            is_me: self.me == Some(row.id),
            now: self.reader.now(),
            row: row.clone(),
        };
        let active = query.state.map(|state| state == "active");
        let rows = self.rows()?.iter().filter(|row| active.is_none_or(|active| row.active == active));
        let mut lines: Vec<Line> = rows.map(line).filter(|line| matches(&query.filter, line)).collect();
        arrange(&mut lines, query.order);
        Ok(lines)
    }
}
