//! The Mail tab: the outbox by state, each mail with its text and the server's words, and what a person can do.

mod detail;
mod row;

use serde_json::Value;

use crate::desk::commands::mail::{CancelMail, ReleaseQueue, RetryMail, TestMail};
use crate::desk::query::mail::MailCard;
use crate::domain::id::RecordKind;
use crate::domain::permission::{Actor, Permission};
use crate::tui::action::{Act, Scope};
use crate::tui::door::{Asker, Command, Error, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screen::{Offer, Screen, Submitted, Want};
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::board::{Board, List};
use crate::tui::widgets::detail::Detail;
use crate::tui::widgets::form::{FieldKind, FieldSpec, Form, FormData, FormSpec};
use crate::tui::widgets::message::Message;
use crate::tui::widgets::tabs::TabTitle;

use self::detail::{body_first, detail};
use self::row::{Line, SPEC, Source};

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

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
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
        vec![Act::Open, Act::MailRetry, Act::MailSend, Act::MailCancel, Act::MailPreview, Act::MailUnpause, Act::MailTest, Act::NextStatus, Act::Filter, Act::Mark,
             Act::Why, Act::History]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.board.asked_by(Asker::of(&self.actor, reader.now()));
        if want.is_anew() {
            // What was read of a record is of the moment before.
            self.shown.replace(None);
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
                // Two answers that say “cancel” would be one too many.
                let (question, keep, cancel) = match work.commands.len() {
                    1 => (format!("C{}? It is", &work.label[1..]), "Keep it", "Cancel the mail"),
                    _ => (format!("C{}? They are", &work.label[1..]), "Keep them", "Cancel the mails"),
                };
                let ask = Ask::new(format!("{question} never sent then."), keep)
                    .answer(cancel, vec![Effect::Run(work)]);
                vec![Effect::Open(Box::new(Layer::Ask(ask)))]
            }
            Act::MailPreview => {
                let id = self.board.current().map(|line| line.row.key.id);
                match self.shown.borrow().as_ref().filter(|card| Some(card.row.key.id) == id) {
                    Some(card) => {
                        let text = card.body.clone().unwrap_or_else(|| {
                            "The text was wiped after sending, since it held a secret.".into()
                        });
                        let detail = Detail { head: Vec::new(), sections: body_first("", &text) };
                        vec![Effect::Open(Box::new(Layer::Message(Message::new(
                            card.row.subject.clone(),
                            detail,
                        ))))]
                    }
                    None => vec![Effect::WhenRead(Act::MailPreview)],
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

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}

const TEST: &str = "mail-test";

fn test_form() -> FormSpec {
    FormSpec::new(TEST, "Test mail", "Send")
        .field(FieldSpec::new("to", "To", FieldKind::Line).required().help("An address of yours"))
}
