//! A tab of made-up rows, and a desk in memory behind it.

use std::cell::Cell;
use std::sync::Arc;

use super::super::super::action::{Act, Scope};
use super::super::super::canvas::{Canvas, Hit};
use super::super::super::door::{
    Anchor, Count, Error, Filter, Key, Keyed, ListQuery, More, Order, Page, Reader, SortValue,
};
use super::super::super::effect::{Effect, Notice};
use super::super::super::key::Chord;
use super::super::super::keymap::Keymap;
use super::super::super::layer::Layer;
use super::super::super::screen::{Offer, Screen, Selection, Submitted, Want};
use super::super::super::testing::Play;
use super::super::super::theme::Theme;
use super::super::super::widgets::board::{Board, BoardSpec};
use super::super::super::widgets::detail::{Detail, Section};
use super::super::super::widgets::form::{FieldKind, FieldSpec, Form, FormData, FormSpec};
use super::super::super::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use super::super::super::widgets::tabs::TabTitle;
use super::super::super::widgets::{Span, Tone};
use super::super::{App, Hat, Setup};
use crate::desk::{Desk, FixedClock, OpenOptions, Settings};
use crate::domain::mail::{Letter, Render, RenderProblem, Rendered};
use crate::domain::permission::Actor;
use ratatui::layout::Rect;

thread_local! {
    static TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// The first row is gone for everybody who reads.
pub fn take_away_first() {
    TAKEN.set(true);
}

/// And there again.
pub fn bring_back() {
    TAKEN.set(false);
}

const NAMES: [&str; 6] =
    ["Apple", "Łódź plum", "東京みかん", "pear \u{202e}raep", "\u{1b}[2Jfig", "👩‍🔧 melon"];

const COLUMNS: &[Column] = &[
    Column {
        name: "number",
        title: "Number",
        width: Width::Fixed(10),
        align: Align::Left,
        drop: 0,
        sort: Sort::Yes,
    },
    Column {
        name: "name",
        title: "Name",
        width: Width::Flex(16),
        align: Align::Left,
        drop: 0,
        sort: Sort::Yes,
    },
    Column {
        name: "age",
        title: "Age",
        width: Width::Fixed(5),
        align: Align::Right,
        drop: 1,
        sort: Sort::No,
    },
];

const SPEC: BoardSpec = BoardSpec {
    columns: COLUMNS,
    states: &[("ripe", "Ripe"), ("unripe", "Unripe")],
    opens_on: Some("ripe"),
    sort: ("number", Order::Ascending),
    filter_hint: "name, colour",
    empty: "No fruit. n picks some.",
    empty_in: &[],
    parse: |text, _, _| {
        let term =
            crate::domain::filter::Term::Word { any_of: vec![text.trim().to_lowercase()], negated: false };
        Ok(if text.trim().is_empty() { Filter::default() } else { Filter { terms: vec![term] } })
    },
};

#[derive(Debug, Clone)]
struct FruitRow {
    key: Key,
    number: String,
    name: &'static str,
}

impl Keyed for FruitRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

impl TableRow for FruitRow {
    fn number(&self) -> &str {
        &self.number
    }

    fn cells(&self) -> Vec<Span> {
        vec![
            self.number.as_str().into(),
            self.name.into(),
            Span::new(format!("{}h", self.key.id % 9), Tone::Dim),
        ]
    }
}

struct Basket(i64);

impl Basket {
    fn all(&self, query: &ListQuery) -> Vec<FruitRow> {
        if query.state == Some("unripe") {
            return Vec::new();
        }
        let words: Vec<String> = query
            .filter
            .terms
            .iter()
            .filter_map(|term| match term {
                crate::domain::filter::Term::Word { any_of, .. } => any_of.first().cloned(),
                _ => None,
            })
            .collect();
        let mut rows: Vec<FruitRow> = (i64::from(TAKEN.get())..self.0)
            .map(|id| {
                let (number, name) =
                    (format!("F-{id:04}"), NAMES[usize::try_from(id).unwrap() % NAMES.len()]);
                let value =
                    if query.sort == "name" { SortValue::Text(name.to_owned()) } else { SortValue::Int(id) };
                FruitRow { key: Key { value, id }, number, name }
            })
            .filter(|row| words.iter().all(|word| row.number.to_lowercase().contains(word)))
            .collect();
        if query.sort == "name" {
            rows.sort_by_key(|row| (row.name, row.key.id));
        }
        if query.order == Order::Descending {
            rows.reverse();
        }
        rows
    }
}

impl ListSource for Basket {
    type Row = FruitRow;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<FruitRow>, Error> {
        let all = self.all(query);
        let place = |key: &Key| {
            let exact = all.iter().position(|row| row.key.id == key.id);
            exact.unwrap_or_else(|| all.iter().filter(|row| row.key.id < key.id).count())
        };
        let (from, to) = match anchor {
            Anchor::Start => (0, limit),
            Anchor::End => (all.len().saturating_sub(limit), all.len()),
            Anchor::From(key) => (place(key), place(key) + limit),
            Anchor::After(key) => (place(key) + 1, place(key) + 1 + limit),
            Anchor::Before(key) => (place(key).saturating_sub(limit), place(key)),
        };
        let to = to.min(all.len());
        let from = from.min(to);
        let more = |is| if is { More::Yes } else { More::No };
        Ok(Page { rows: all[from..to].to_vec(), before: more(from > 0), after: more(to < all.len()) })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        Ok(Count::Exactly(i64::try_from(self.all(query).len()).unwrap()))
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        Ok(self.all(query).into_iter().find(|row| row.key.id == id).map(|row| row.key))
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        Ok(self.all(query).iter().map(|row| row.key.id).filter(|id| ids.contains(id)).collect())
    }
}

struct Fruit {
    board: Board<FruitRow>,
    basket: Basket,
}

fn new_fruit() -> FormSpec {
    FormSpec::new("fruit.new", "New fruit", "Pick")
        .field(FieldSpec::new("name", "Name", FieldKind::Line).required())
        .field(FieldSpec::new("colour", "Colour", FieldKind::Line).required().help("as you see it"))
}

impl Screen for Fruit {
    fn name(&self) -> &'static str {
        "fruit"
    }

    fn title(&self) -> TabTitle {
        TabTitle { name: "Fruit", count: self.board.count() }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Registration, Scope::List]
    }

    fn hints(&self) -> Vec<Act> {
        vec![Act::Approve, Act::Reject, Act::New, Act::Mark]
    }

    fn layout(&mut self, area: Rect) {
        self.board.layout(area);
    }

    fn refresh(&mut self, _: &Reader, want: Want) -> Result<(), Error> {
        let detail = |id: i64| {
            let head = vec![vec![Span::new(format!("F-{id:04}"), Tone::Heading)]];
            let section = Section::new("Taste").pair("sweet", "very").text("Grown outside.");
            Ok(Detail { head, sections: vec![section] })
        };
        self.board.refresh(&self.basket, want, detail)
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::Approve | Act::New => Offer::Yes,
            Act::Reject => Offer::No("fruit cannot be rejected".to_owned()),
            act => self.board.offer(act),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        if let Some(effects) = self.board.act(act) {
            return effects;
        }
        match act {
            Act::Approve => {
                let numbers: Vec<String> =
                    self.board.targets().iter().map(|row| row.number.clone()).collect();
                vec![Effect::Say(Notice::good(format!("approved {}", numbers.join(", "))))]
            }
            Act::New => vec![Effect::Open(Box::new(Layer::Form(Form::new(new_fruit()))))],
            _ => Vec::new(),
        }
    }

    fn keep(&self) -> std::collections::BTreeMap<String, String> {
        self.board.keep()
    }

    fn restore(&mut self, kept: &std::collections::BTreeMap<String, String>) {
        self.board.restore(kept);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.board.draw(canvas, area);
    }

    fn selection(&self) -> Option<Selection> {
        self.board.selection()
    }

    fn is_typing(&self) -> bool {
        self.board.is_typing()
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.board.key(chord)
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.board.paste(text)
    }

    fn click(&mut self, hit: Hit) -> Vec<Effect> {
        self.board.click(hit)
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, _: &str, _: &serde_json::Value) -> Option<FormSpec> {
        Some(new_fruit())
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        let said = format!("picked {}, {}", form.values["name"], form.values["colour"]);
        Submitted::Done(vec![Effect::Say(Notice::good(said))])
    }

    fn find(&self, _: &Reader, text: &str) -> Result<Option<i64>, Error> {
        Ok(text.strip_prefix("F-").and_then(|digits| digits.parse().ok()))
    }

    fn select(&mut self, id: i64) -> Vec<Effect> {
        self.board.select(id)
    }
}

struct NoMail;

impl Render for NoMail {
    fn render(&self, _: &Letter) -> Result<Rendered, RenderProblem> {
        Ok(Rendered { subject: String::new(), bytes: Vec::new(), lang: "en".to_owned() })
    }
}

fn start(rows: i64, size: (u16, u16), drafts: serde_json::Value) -> Play {
    start_as(rows, size, (drafts, Vec::new()))
}

fn start_as(rows: i64, size: (u16, u16), asked: (serde_json::Value, Vec<Hat>)) -> Play {
    start_app(rows, size, asked, |app| app)
}

fn start_app(
    rows: i64,
    size: (u16, u16),
    (drafts, hats): (serde_json::Value, Vec<Hat>),
    mode: impl FnOnce(App) -> App,
) -> Play {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(OpenOptions {
        path: folder.path().join("office.db"),
        settings: Arc::new(Settings::default()),
        clock: Arc::new(FixedClock::new(1_790_000_000_000)),
        render: Arc::new(NoMail),
    })
    .unwrap();
    let setup = Setup {
        screens: vec![Box::new(Fruit { board: Board::new(SPEC), basket: Basket(rows) })],
        keymap: Keymap::default(),
        theme: Theme::default(),
        who: vec!["maria".into(), Span::new(" · approver", Tone::Dim)],
        actor: Actor::clock(),
        hats,
        drafts,
    };
    Play::of(mode(App::new(setup)), desk, Actor::clock(), size)
}

/// A screen that only reads.
pub fn play_reading() -> Play {
    let why = "this screen only reads (--read-only); start it without, to write";
    start_app(30, (80, 24), (serde_json::Value::Null, Vec::new()), |app| app.reads_only(Some(why.to_owned())))
}

pub fn play() -> Play {
    play_at(80, 24)
}

pub fn play_at(width: u16, height: u16) -> Play {
    play_with(30, width, height)
}

pub fn play_with(rows: i64, width: u16, height: u16) -> Play {
    start(rows, (width, height), serde_json::Value::Null)
}

pub fn play_after(drafts: serde_json::Value) -> Play {
    start(30, (80, 24), drafts)
}

pub fn play_demo() -> Play {
    let hat = |login: &str, name: &str, roles: &str| Hat {
        login: login.to_owned(),
        name: name.to_owned(),
        roles: roles.to_owned(),
    };
    let hats = vec![hat("maria", "Maria", "approver"), hat("jens", "Jens", "auditor")];
    start_as(30, (80, 24), (serde_json::Value::Null, hats))
}
