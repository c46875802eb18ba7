//! The Mail tab: the outbox by state, each mail with its text and the server's words, and what a person can do.

use std::collections::BTreeMap;

use ratatui::layout::Rect;
use serde_json::Value;

use crate::desk::commands::mail::{CancelMail, ReleaseQueue, RetryMail, TestMail};
use crate::desk::query::mail::{FILTER, MailCard, MailRow};
use crate::domain::date::age;
use crate::domain::id::RecordKind;
use crate::domain::permission::{Actor, Permission};
use crate::tui::action::{Act, Scope};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::door::{Anchor, Asker, Command, Count, Error, Key, Keyed, ListQuery, Order, Page, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::key::Chord;
use crate::tui::layer::Layer;
use crate::tui::screen::{Offer, Screen, Selection, Submitted, Want};
use crate::tui::screens::{COUNTED, clock, understand};
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::board::{Board, BoardSpec};
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::form::{FieldKind, FieldSpec, Form, FormData, FormSpec};
use crate::tui::widgets::message::Message;
use crate::tui::widgets::table::{Align, Column, ListSource, Sort, TableRow, Width};
use crate::tui::widgets::tabs::TabTitle;
use crate::tui::widgets::{Span, Tone};

const fn column(name: &'static str, title: &'static str, width: Width, drop: u8) -> Column {
    Column { name, title, width, align: Align::Left, drop, sort: Sort::No }
}

#[rustfmt::skip]
const SPEC: BoardSpec = BoardSpec {
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
    parse: |text, typed, asker| understand(&FILTER, text, typed, asker),
};

/// A row, its number and when it was read.
#[derive(Debug, Clone)]
struct Line {
    row: MailRow,
    number: String,
    now: i64,
}

impl Keyed for Line {
    fn key(&self) -> &Key {
        &self.row.key
    }
}

/// How a state is said: never by colour alone.
fn state_span(row: &MailRow) -> Span {
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

struct Source<'a> {
    reader: &'a Reader,
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

/// The tab.
pub struct Mails {
    board: Board<Line>,
    actor: Actor,
    shown: std::cell::RefCell<Option<MailCard>>,
    failed: i64,
    paused: Option<String>,
}

impl Mails {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Mails {
        Mails {
            board: Board::new(SPEC),
            actor,
            shown: std::cell::RefCell::new(None),
            failed: 0,
            paused: None,
        }
    }

    fn may(&self, states: &[&str], what: &str) -> Offer {
        if let Err(refusal) = self.actor.allow(Permission::MailManage) {
            return Offer::No(refusal.to_string());
        }
        let targets = self.board.targets();
        if targets.is_empty() {
            return Offer::No("the list is empty".to_owned());
        }
        if targets.iter().any(|line| states.contains(&line.row.state.as_str())) {
            return Offer::Yes;
        }
        let state = targets.first().map_or("gone", |line| line.row.state.as_str());
        Offer::No(format!("a mail that is {state} cannot be {what}"))
    }

    fn run(&self, verb: &str, states: &[&str], make: impl Fn(i64) -> Command) -> Work {
        let targets: Vec<Line> = self
            .board
            .targets()
            .into_iter()
            .filter(|line| states.contains(&line.row.state.as_str()))
            .collect();
        let label = match targets.as_slice() {
            [one] => format!("{verb} {} to {}", one.number, one.row.to),
            many => format!("{verb} {} mails", many.len()),
        };
        Work {
            label,
            commands: targets.iter().map(|line| make(line.row.key.id)).collect(),
            about: targets.iter().map(|line| line.row.key.id).collect(),
        }
    }
}

/// States from which a mail can still be sent or cancelled.
const OPEN: &[&str] = &["failed", "paused", "waiting", "held"];

impl Screen for Mails {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn title(&self) -> TabTitle {
        let count = if self.failed > 0 { format!("!{}", self.failed) } else { String::new() };
        TabTitle { name: "Mail", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Mail, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::MailRetry, Act::MailSend, Act::MailCancel, Act::MailPreview, Act::MailUnpause, Act::MailTest, Act::NextStatus, Act::Filter, Act::Mark,
             Act::Why, Act::History]
    }

    fn layout(&mut self, area: Rect) {
        self.board.layout(area);
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.board.asked_by(Asker { staff: self.actor.staff_id(), now: reader.now() });
        if want == Want::All {
            let health = reader.mail_health()?;
            self.failed = health.failed;
            self.paused = match health.queue {
                crate::desk::outbox::QueueState::Paused { reason, .. } => Some(reason),
                crate::desk::outbox::QueueState::Ok | crate::desk::outbox::QueueState::BackingOff { .. } => {
                    None
                }
            };
        }
        let shown = &self.shown;
        self.board.refresh(&Source { reader }, want, |id| {
            let card = reader.mail(id)?;
            let drawn = detail(&card, reader.now());
            *shown.borrow_mut() = Some(card);
            Ok(drawn)
        })
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::MailRetry | Act::MailSend => self.may(OPEN, "sent again"),
            Act::MailCancel => self.may(OPEN, "cancelled"),
            Act::MailPreview => match self.board.current() {
                Some(_) => Offer::Yes,
                None => Offer::No("the list is empty".to_owned()),
            },
            Act::MailUnpause if self.paused.is_none() => Offer::No("the queue is not paused".to_owned()),
            Act::MailUnpause | Act::MailTest => match self.actor.allow(Permission::MailManage) {
                Ok(_) => Offer::Yes,
                Err(refusal) => Offer::No(refusal.to_string()),
            },
            other => self.board.offer(other),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::MailRetry => {
                vec![Effect::Run(self.run("retry", OPEN, |id| Command::RetryMail(RetryMail { id })))]
            }
            Act::MailSend => {
                vec![Effect::Run(self.run("send now", OPEN, |id| Command::RetryMail(RetryMail { id })))]
            }
            Act::MailCancel => {
                let work =
                    self.run("cancel", OPEN, |id| Command::CancelMail(CancelMail { id, reason: None }));
                let question = format!("{}? It is never sent then.", work.label);
                vec![Effect::Open(Box::new(Layer::Ask(Ask::confirm(
                    question,
                    "Cancel the mail",
                    vec![Effect::Run(work)],
                ))))]
            }
            Act::MailPreview => {
                let id = self.board.current().map(|line| line.row.key.id);
                match self.shown.borrow().as_ref().filter(|card| Some(card.row.key.id) == id) {
                    Some(card) => {
                        let text = card.body.clone().unwrap_or_else(|| {
                            "The text was wiped after sending, since it held a secret.".into()
                        });
                        let detail = Detail { head: Vec::new(), sections: vec![Section::new("").text(text)] };
                        vec![Effect::Open(Box::new(Layer::Message(Message::new(
                            card.row.subject.clone(),
                            detail,
                        ))))]
                    }
                    None => vec![Effect::Act(Act::Open)],
                }
            }
            Act::MailUnpause => vec![Effect::Run(Work {
                label: "let mail go out again".into(),
                commands: vec![Command::ReleaseQueue(ReleaseQueue)],
                about: Vec::new(),
            })],
            Act::MailTest => vec![Effect::Open(Box::new(Layer::Form(Form::new(test_form()))))],
            other => self.board.act(other).unwrap_or_default(),
        }
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

    fn is_inside(&self) -> bool {
        self.board.is_inside()
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

    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        self.board.wheel(hit, lines)
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, id: &str, _: &Value) -> Option<FormSpec> {
        (id == TEST).then(test_form)
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        let to = form.values.get("to").cloned().unwrap_or_default();
        Submitted::Run(Work {
            label: format!("send a test mail to {to}"),
            commands: vec![Command::TestMail(TestMail { to })],
            about: Vec::new(),
        })
    }

    fn find(&self, reader: &Reader, text: &str) -> Result<Option<i64>, Error> {
        let found = reader.find(text);
        Ok(found.ok().filter(|record| record.kind == RecordKind::Mail).map(|record| record.id))
    }

    fn revisit(&mut self, id: i64) {
        self.board.revisit(id);
    }

    fn select(&mut self, id: i64) -> Vec<Effect> {
        self.board.select(id)
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }

    fn keep(&self) -> BTreeMap<String, String> {
        self.board.keep()
    }

    fn restore(&mut self, kept: &BTreeMap<String, String>) {
        self.board.restore(kept);
    }
}

const TEST: &str = "mail-test";

fn test_form() -> FormSpec {
    FormSpec::new(TEST, "Test mail", "Send")
        .field(FieldSpec::new("to", "To", FieldKind::Line).required().help("An address of yours"))
}

/// A mail as it is drawn: what it is, each attempt with the server's words, its text.
fn detail(card: &MailCard, now: i64) -> Detail {
    let row = &card.row;
    let head = vec![
        vec![
            Span::new(format!("M-{}", row.key.id), Tone::Accent),
            "  ".into(),
            Span::new(row.subject.clone(), Tone::Heading),
            "  ".into(),
            state_span(row),
        ],
        vec![Span::new(format!("to {} · {} ({})", row.to, row.event.replace('_', " "), row.lang), Tone::Dim)],
    ];
    let mut course = Section::new("Course").pair("queued", clock(row.created_at, now));
    if let Some(record) = &row.record {
        course = course.pair("about", record.clone());
    }
    match row.state.as_str() {
        "held" => {
            course = course.pair(
                "held until",
                format!(
                    "{}, so that undo can take it back",
                    row.next_at.map_or_else(String::new, |at| clock(at, now))
                ),
            )
        }
        "waiting" => {
            course = course.pair("next try", row.next_at.map_or_else(String::new, |at| clock(at, now)))
        }
        _ => {}
    }
    if let Some(at) = row.sent_at {
        course = course.pair("accepted", clock(at, now));
    }
    if row.unsure > 0 {
        let text = format!(
            "may have been sent twice ({} times unsure): the line broke after the text was handed over",
            row.unsure
        );
        course = course.text(Span::new(text, Tone::Caution));
    }
    course = course.pair("Message-ID", row.message_id.clone());
    let mut attempts = Section::new("Attempts");
    if card.attempts.is_empty() {
        attempts = attempts.text(Span::new("none yet", Tone::Dim));
    }
    for attempt in &card.attempts {
        let words = attempt.reply.as_deref().unwrap_or("no answer");
        attempts = attempts.pair(
            &format!("{} {}", clock(attempt.at, now), attempt.phase),
            format!("{}: {words}", attempt.outcome),
        );
    }
    let text = card
        .body
        .clone()
        .unwrap_or_else(|| "The text was wiped after sending, since it held a secret.".into());
    Detail { head, sections: vec![course, attempts, Section::new("Text").text(text)] }
}
