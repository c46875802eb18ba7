//! The Customers tab: list, search over everything, the record with its people, logons and sign-ups.

mod forms;
mod record;

use crate::desk::query::customer::{CustomerCard, CustomerRow, FILTER, TemplateRow};
use crate::desk::settings::Settings;
use crate::domain::date::age;
use crate::domain::id::RecordKind;
use crate::domain::permission::{Actor, Permission};
use crate::tui::action::{Act, Scope};
use crate::tui::door::{Anchor, Asker, Count, Error, Key, Keyed, ListQuery, Order, Page, Reader};
use crate::tui::effect::{Effect, Finished};
use crate::tui::screen::{Offer, Screen, Submitted, Want};
use crate::tui::screens::{COUNTED, route, understand, user_requests};
use crate::tui::widgets::board::{Board, BoardSpec, List};
use crate::tui::widgets::form::{Choice, FormData, FormSpec};
use crate::tui::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use crate::tui::widgets::tabs::TabTitle;
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort: Sort::Yes }
}

#[rustfmt::skip]
const SPEC: BoardSpec = BoardSpec {
    columns: &[
        column("number",  "Number",  Width::Fixed(9), 0),
        column("name",    "Name",    Width::Flex(24), 0),
        column("city",    "City",    Width::Flex(12), 1),
        column("country", "Country", Width::Fixed(7), 2),
        Column { name: "phone", title: "Phone",  width: Width::Fixed(17), align: Align::Left,  drop: 5, sort: Sort::No },
        Column { name: "email", title: "E-mail", width: Width::Flex(16),  align: Align::Left,  drop: 6, sort: Sort::No },
        Column { name: "state", title: "Status", width: Width::Fixed(8),  align: Align::Left,  drop: 3, sort: Sort::No },
        Column { name: "since", title: "Since",  width: Width::Fixed(5),  align: Align::Right, drop: 4, sort: Sort::No },
    ],
    states: &[("active", "Active"), ("on_hold", "On hold"), ("inactive", "Inactive")],
    opens_on: None,
    sort: ("number", Order::Ascending),
    filter_hint: "name, number, contact, e-mail, phone, city, tax number…",
    empty: "No customer here. n makes one; a sign-up becomes one with c in the Registration tab.",
    empty_in: &[],
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row and when it was read.
#[derive(Debug, Clone)]
struct Line {
    row: CustomerRow,
    now: i64,
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
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        let tone = if row.state == "active" { Tone::Dim } else { Tone::Caution };
        vec![
            row.number.as_str().into(),
            row.name.as_str().into(),
            or_none(&row.city).into(),
            Span::new(or_none(&row.country), Tone::Dim),
            Span::new(or_none(&row.phone), Tone::Dim),
            Span::new(or_none(&row.email), Tone::Dim),
            Span::new(row.state.replace('_', " "), tone),
            Span::new(age(self.now - row.created_at), Tone::Dim),
        ]
    }
}

struct Source<'a> {
    reader: &'a Reader,
}

impl ListSource for Source<'_> {
    type Row = Line;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Line>, Error> {
        let page = self.reader.customers(query, anchor, limit)?;
        let now = self.reader.now();
        Ok(Page {
            rows: page.rows.into_iter().map(|row| Line { row, now }).collect(),
            before: page.before,
            after: page.after,
        })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        if query.filter.terms.is_empty() {
            return self.reader.tallied(RecordKind::Customer, query.state);
        }
        self.reader.count_customers(query, COUNTED)
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        self.reader.customer_key(query, id)
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        self.reader.visible_customers(query, ids)
    }
}

/// The tab.
pub struct Customers {
    board: Board<Line>,
    actor: Actor,
    shown: std::cell::RefCell<Option<CustomerCard>>,
    templates: Vec<TemplateRow>,
    settings: Settings,
    /// What can be asked for the contacts of the record that is shown.
    requests: std::cell::RefCell<Vec<Choice>>,
}

impl Customers {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Customers {
        Customers {
            board: Board::new(SPEC),
            actor,
            shown: std::cell::RefCell::new(None),
            templates: Vec::new(),
            settings: Settings::default(),
            requests: std::cell::RefCell::new(Vec::new()),
        }
    }

    fn shown(&self) -> Option<CustomerCard> {
        let id = self.board.current()?.row.key.id;
        self.shown.borrow().as_ref().filter(|card| card.row.key.id == id).cloned()
    }

    fn allowed(&self, permission: Permission) -> Offer {
        self.actor.allow(permission).map_or_else(|refusal| Offer::No(refusal.to_string()), |_| Offer::Yes)
    }
}

impl Screen for Customers {
    fn name(&self) -> &'static str {
        "customers"
    }

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
    }

    fn title(&self) -> TabTitle {
        TabTitle { name: "Customers", count: String::new() }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Customers, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Open, Act::Filter, Act::New, Act::RequestUser, Act::Origin, Act::TemplateFrom, Act::NextStatus, Act::SortBy, Act::Copy, Act::History, Act::Why, Act::Undo]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.board.asked_by(Asker::of(&self.actor, reader.now()));
        if want.is_anew() {
            // What was read of a record is of the moment before.
            self.shown.replace(None);
            self.templates = reader.templates()?;
            self.settings = reader.settings().clone();
        }
        let (shown, requests) = (&self.shown, &self.requests);
        self.board.refresh(&Source { reader }, want, |id| {
            let card = reader.customer(id)?;
            *requests.borrow_mut() = user_requests::forms::possible(reader, &card.contacts)?;
            let drawn = record::detail(&card, reader.now());
            *shown.borrow_mut() = Some(card);
            Ok(drawn)
        })
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::New => self.allowed(Permission::CustomerEdit),
            Act::TemplateFrom if self.board.current().is_none() => Offer::No("the list is empty".to_owned()),
            Act::TemplateFrom => self.allowed(Permission::TemplateEdit),
            Act::RequestUser => match self.shown() {
                Some(_) if self.requests.borrow().is_empty() => {
                    Offer::No("it has no active contact".to_owned())
                }
                Some(_) => self.allowed(Permission::UserRequestEdit),
                None => Offer::Unread,
            },
            Act::Origin => match self.shown() {
                Some(card) if card.signups.is_empty() => {
                    Offer::No("it did not come from a sign-up".to_owned())
                }
                Some(_) => Offer::Yes,
                None => Offer::Unread,
            },
            other => self.board.offer(other),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::New => forms::open(forms::entry(&self.templates)),
            Act::TemplateFrom => match self.board.current() {
                Some(line) => forms::open(forms::template_from(line.row.key.id, &line.row.number)),
                None => Vec::new(),
            },
            Act::RequestUser => {
                let people = self.requests.borrow().clone();
                user_requests::forms::open_new(user_requests::forms::entry(&self.settings, Some(people)))
            }
            Act::Origin => match self.shown().and_then(|card| card.signups.last().cloned()) {
                Some(signup) => vec![Effect::Show("registration", signup.id)],
                None => Vec::new(),
            },
            other => self.board.act(other).unwrap_or_default(),
        }
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, id: &str, about: &serde_json::Value) -> Option<FormSpec> {
        forms::again(id, about, &self.templates)
            .or_else(|| user_requests::forms::again(id, about, &self.settings))
    }

    fn changed(&mut self, form: &FormData, field: &'static str) -> Vec<Effect> {
        let mut effects = user_requests::forms::changed(form, field);
        effects.extend(forms::changed(form, field, &self.templates));
        effects
    }

    fn previewed(&mut self, finished: &Finished) -> Vec<Effect> {
        route::tried(finished)
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        user_requests::forms::submitted(form).unwrap_or_else(|| forms::submitted(form))
    }

    fn find(&self, reader: &Reader, text: &str) -> Result<Option<i64>, Error> {
        let found = reader.find(text);
        Ok(found.ok().filter(|record| record.kind == RecordKind::Customer).map(|record| record.id))
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}
