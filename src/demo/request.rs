//! User requests of the sample office and what became of them, as data: decided ones from weeks ago, and what waits today
//! for whom; played as ordinary commands in between the lives of the sign-ups.

use std::collections::HashMap;

use super::life::minutes;
use crate::desk::commands::user_request::{AfterMaking, NewUserRequest};
use crate::desk::commands::work::{
    AnswerQuestion, AskQuestion, AskedOf, DecideItem, DelegateItem, ItemSubject, TakeItem, Verdict,
};
use crate::desk::query::work_list::Turns;
use crate::desk::{Command, Desk, Error, Result};
use crate::domain::permission::{Actor, How};
use crate::domain::user_request::Action;
use crate::domain::workflow::Document;

/// One request: for which contact of the book, what, why, and its life; `AGO VERB WHO: TEXT` a step, the first submits it.
struct Life {
    contact: &'static str,
    action: Action,
    role: Option<&'static str>,
    why: &'static str,
    steps: &'static [&'static str],
}

const fn life(
    contact: &'static str,
    action: Action,
    role: Option<&'static str>,
    why: &'static str,
    steps: &'static [&'static str],
) -> Life {
    Life { contact, action, role, why, steps }
}

use Action::{Add, ChangeRole, Inactivate, ResetCredentials};

#[rustfmt::skip]
const LIVES: &[Life] = &[
    life("CON-12",  Add,              None,                       "orders for their whole group from now on",         &["35d submit tom", "34d20h approve jens"]),
    life("CON-31",  Add,              None,                       "asked for it at the fair",                          &["30d submit tom", "29d18h approve maria"]),
    life("CON-44",  Add,              None,                       "wants to see prices",                               &["25d submit aiko", "24d21h reject maria: We have no contract with them yet"]),
    life("CON-57",  Add,              None,                       "took over from a colleague who retired",            &["21d submit tom", "20d22h ask maria tom: Has the colleague's logon been switched off?", "20d20h answer tom: Yes, last week.", "20d19h approve maria"]),
    life("CON-12",  ChangeRole,       Some("customer_admin"),     "looks after the logons of their branches",          &["12d submit jens", "11d20h approve maria"]),
    life("CON-31",  ResetCredentials, None,                       "has lost the telephone with the password store",    &["8d submit tom", "7d22h approve jens"]),
    life("CON-73",  Add,              None,                       "second buyer, for the holidays of the first",       &["7d submit tom"]),
    life("CON-57",  Inactivate,       None,                       "left the company",                                  &["3d submit jens", "2d20h change maria: From which day on? Their last order came yesterday."]),
    life("CON-95",  Add,              None,                       "asked by telephone, known for years",               &["1d5h submit maria", "3h ask jens maria: Which of the two brothers is it?"]),
    life("CON-101", Add,              None,                       "new in their purchasing",                           &["2d2h submit tom", "1d20h take jens", "1d2h delegate jens maria: I am at the customer's tomorrow"]),
    life("CON-12",  Inactivate,       None,                       "moved to another of their branches",                &["1d4h submit tom"]),
    life("CON-31",  ChangeRole,       Some("customer_read_only"), "only looks at invoices",                            &["5h submit jens"]),
    life("CON-118", Add,              None,                       "their only buyer for spare parts",                  &["3h submit tom", "1h take maria"]),
    life("CON-126", Add,              Some("customer_read_only"), "auditor of theirs, until the end of the year",      &["2h submit aiko"]),
    life("CON-140", Add,              None,                       "cannot log on since the company was renamed",       &["25m submit tom"]),
];

/// A step of one of the requests at its time.
#[derive(Debug, Clone)]
pub(super) struct RequestStep {
    /// How many minutes before now.
    pub minutes_ago: u32,
    which: usize,
    verb: &'static str,
    who: &'static str,
    whom: Option<&'static str>,
    text: &'static str,
}

/// The steps of all of them.
pub(super) fn steps() -> Vec<RequestStep> {
    let read = |which: usize, text: &'static str| {
        let (head, text) = text.split_once(": ").unwrap_or((text, ""));
        let mut words = head.split(' ');
        let when = words.next().and_then(minutes);
        let (Some(minutes_ago), Some(verb), Some(who)) = (when, words.next(), words.next()) else {
            panic!("“{head}” is no step of a request");
        };
        RequestStep { minutes_ago, which, verb, who, whom: words.next(), text }
    };
    let all = LIVES.iter().enumerate();
    all.flat_map(|(which, life)| life.steps.iter().map(move |text| read(which, text))).collect()
}

/// The requests as they come to be, by their place in the table.
#[derive(Default)]
pub(super) struct Requests(HashMap<usize, i64>);

impl Requests {
    /// Makes one step. A request whose contact is not in the book, as a small office may lack it, is passed over.
    pub fn take(
        &mut self,
        desk: &mut Desk,
        actors: &HashMap<&'static str, Actor>,
        step: &RequestStep,
    ) -> Result<()> {
        let actor =
            actors.get(step.who).ok_or_else(|| Error::Bug(format!("{} is not on the staff", step.who)))?;
        let life = &LIVES[step.which];
        if step.verb == "submit" {
            let Ok(contact) = desk.reader()?.find(life.contact) else { return Ok(()) };
            let request = NewUserRequest {
                kind: "customer".into(),
                action: life.action,
                contact: contact.number,
                role: life.role.map(str::to_owned),
                email: None,
                authentication: None,
                user_name: None,
                justification: Some(life.why.into()),
                then: AfterMaking::Submit,
            };
            let receipt = desk.execute(actor, Command::NewUserRequest(request))?;
            self.0.extend(receipt.record.map(|record| (step.which, record.id)));
            return Ok(());
        }
        let Some(id) = self.0.get(&step.which).copied() else { return Ok(()) };
        desk.execute(actor, command(desk, step, id)?).map(drop)
    }
}

fn command(desk: &Desk, step: &RequestStep, id: i64) -> Result<Command> {
    let reader = desk.reader()?;
    if step.verb == "answer" {
        let card = reader.user_request_card(&reader.actor(step.who, How::Screen)?, id)?;
        let open = card.questions.iter().find(|question| question.answer.is_none());
        let question = open.ok_or_else(|| Error::Bug("nothing was asked".into()))?.id;
        return Ok(Command::AnswerQuestion(AnswerQuestion { question, answer: step.text.into() }));
    }
    let turns = reader.turns(Turns::On(Document::UserRequest, id))?;
    let turn = turns.first().ok_or_else(|| Error::Bug("it waits for nobody".into()))?;
    let item = ItemSubject::now(turn.of);
    let decide = |item, verdict| {
        let reason = Some(step.text.to_owned()).filter(|text| !text.is_empty());
        Command::DecideItem(DecideItem { item, verdict, reason, fields: Vec::new(), to: None })
    };
    let whom = || step.whom.unwrap_or_default().to_owned();
    Ok(match step.verb {
        "approve" => decide(item, Verdict::Approve),
        "reject" => decide(item, Verdict::Reject),
        "change" => decide(item, Verdict::RequestChange),
        "take" => Command::TakeItem(TakeItem { item }),
        "delegate" => {
            Command::DelegateItem(DelegateItem { item, to: whom(), note: Some(step.text.to_owned()) })
        }
        "ask" => {
            let of = AskedOf::Colleague(whom());
            Command::AskQuestion(AskQuestion { item, of, question: step.text.to_owned() })
        }
        other => return Err(Error::Bug(format!("“{other}” is no verb of a request's life"))),
    })
}
