//! Plays the lives of the scripted sign-ups, all of them together in the order of time, as ordinary commands with the
//! clock set back: their history, checks, duplicates and letters are real.

use std::collections::HashMap;

use super::life::{Act, By, DemoStep};
use super::post::{Listening, Post};
use super::request::{RequestStep, Requests};
use super::{DemoSignup, staff};
use crate::desk::commands::signup::{
    ApproveSignup, AssignSignup, CreateCustomer, EditSignup, MailApplicant, RejectSignup, ReopenSignup,
    ResendCode, Source, Subject, SubmitSignup, Twin, VerifyByCode, VerifyByPhone, WithdrawByCode,
    WithdrawSignup,
};
use crate::desk::{Command, Desk, Error, FixedClock, Result};
use crate::domain::permission::{Actor, How};

const MINUTE: i64 = 60_000;

/// Its letters are put off by the applicant's server, so that the Mail tab has something to wait for.
const PUT_OFF: &str = "just arrived, the code is on its way";

/// Who hands in what came as a list or by mail.
const CLERK: &str = "tom";

pub(super) struct Play<'a> {
    desk: &'a mut Desk,
    clock: &'a FixedClock,
    listening: &'a Listening,
    post: Post,
    actors: HashMap<&'static str, Actor>,
    now: i64,
}

/// A step of one of the lives at its time.
struct Turn {
    at: i64,
    what: What,
}

enum What {
    /// Of the sign-up at this place.
    Signup(usize, DemoStep),
    /// Of a user request.
    Request(RequestStep),
}

impl<'a> Play<'a> {
    pub fn new(
        desk: &'a mut Desk,
        (clock, listening, post): (&'a FixedClock, &'a Listening, Post),
        now: i64,
    ) -> Result<Self> {
        let reader = desk.reader()?;
        let actors = staff()
            .into_iter()
            .map(|person| Ok((person.login, reader.actor(person.login, How::Screen)?)))
            .collect::<Result<_>>()?;
        Ok(Self { desk, clock, listening, post, actors, now })
    }

    /// Plays all of them until now; the post is carried in between.
    pub fn run(
        &mut self,
        (signups, requests): (impl Iterator<Item = DemoSignup>, Vec<RequestStep>),
        progress: &mut dyn FnMut(&str, u64),
    ) -> Result<()> {
        let signups: Vec<DemoSignup> = signups.collect();
        if let Some(last) = signups.iter().rfind(|signup| signup.point == PUT_OFF) {
            self.post.greylist(last.field("email"));
        }
        let mut turns: Vec<Turn> = Vec::new();
        for (who, signup) in signups.iter().enumerate() {
            // Not everything happens on the full minute, and no two things at once.
            let odd = i64::try_from(who).unwrap_or(0) * 977 % 60_000;
            turns.extend(signup.life.iter().map(|step| {
                let at = self.now - i64::from(step.minutes_ago) * MINUTE - odd;
                Turn { at, what: What::Signup(who, step.clone()) }
            }));
        }
        turns.extend(requests.into_iter().map(|step| Turn {
            at: self.now - i64::from(step.minutes_ago) * MINUTE,
            what: What::Request(step),
        }));
        turns.sort_by_key(|turn| turn.at);
        let mut asked = Requests::default();
        let mut ids: Vec<Option<i64>> = vec![None; signups.len()];
        for (turn, done) in turns.iter().zip(1..) {
            self.carry_until(turn.at)?;
            self.clock.set(turn.at);
            self.desk.sweep()?;
            match &turn.what {
                What::Request(step) => asked.take(self.desk, &self.actors, step)?,
                What::Signup(who, step) => {
                    let signup = &signups[*who];
                    let made = self.take(step, signup, ids[*who]).map_err(|error| {
                        Error::Bug(format!("the sample sign-up “{}”: {:?}: {error}", signup.point, step.act))
                    })?;
                    ids[*who] = ids[*who].or(made);
                }
            }
            progress("events", done);
        }
        self.carry_until(self.now)?;
        self.clock.set(self.now);
        self.desk.sweep()?;
        Ok(())
    }

    fn carry_until(&mut self, end: i64) -> Result<()> {
        while let Some(due) = self.desk.sample_mail_due()?.filter(|due| *due <= end) {
            self.clock.set(due.max(self.desk.now()));
            let post = &self.post;
            self.desk.carry_sample_mail(|claimed| post.carry(claimed))?;
        }
        Ok(())
    }

    /// Makes the step; gives the sign-up's row id.
    fn take(&mut self, step: &DemoStep, signup: &DemoSignup, id: Option<i64>) -> Result<Option<i64>> {
        let actor = self.actor(step, signup)?;
        let Some(command) = self.command(step, signup, id)? else { return Ok(id) };
        let receipt = self.desk.execute(&actor, command)?;
        Ok(id.or(receipt.record.map(|record| record.id)))
    }

    fn actor(&self, step: &DemoStep, signup: &DemoSignup) -> Result<Actor> {
        let named = |login: &str| {
            self.actors.get(login).ok_or_else(|| Error::Bug(format!("{login} is not on the sample's staff")))
        };
        Ok(match (&step.by, signup.source) {
            (By::Staff(login), _) => named(login)?.clone(),
            (By::Clock, _) => Actor::clock(),
            (By::Applicant, "import") => Actor::applicant(How::Import, named(CLERK)?),
            (By::Applicant, "mail") => Actor::applicant(How::Mail, named(CLERK)?),
            (By::Applicant, _) => Actor::drop_folder(),
        })
    }

    /// The step as a command; none for what the clock does by itself.
    fn command(&self, step: &DemoStep, signup: &DemoSignup, id: Option<i64>) -> Result<Option<Command>> {
        let subject = || id.map(Subject::now).ok_or_else(|| Error::Bug("it has not arrived yet".into()));
        let code = || {
            let code = id.and_then(|id| self.listening.code_of(id));
            code.ok_or_else(|| Error::Bug("its code was never mailed".into()))
        };
        let text = |words: &str| Some(words.to_owned()).filter(|words| !words.is_empty());
        Ok(Some(match &step.act {
            Act::Submit => Command::SubmitSignup(Box::new(submit(signup))),
            Act::Resend => Command::ResendCode(ResendCode { subject: subject()? }),
            Act::VerifyByCode => Command::VerifyByCode(VerifyByCode { code: code()?, signup: id }),
            Act::VerifyByPhone { note } => {
                Command::VerifyByPhone(VerifyByPhone { subject: subject()?, note: note.clone() })
            }
            Act::AssignToSelf => {
                let to = match &step.by {
                    By::Staff(login) => Some(login.clone()),
                    By::Applicant | By::Clock => None,
                };
                Command::AssignSignup(AssignSignup { subject: subject()?, to })
            }
            Act::Correct { field, value } => {
                let changes = [(field.clone(), value.clone())].into();
                Command::EditSignup(EditSignup { subject: subject()?, changes, note: None })
            }
            Act::Approve { note } => Command::ApproveSignup(ApproveSignup {
                subject: subject()?,
                note: text(note),
                override_reason: None,
            }),
            Act::ApproveOverride { reason } => Command::ApproveSignup(ApproveSignup {
                subject: subject()?,
                note: None,
                override_reason: text(reason),
            }),
            Act::Reject { code, note, reply } => Command::RejectSignup(RejectSignup {
                subject: subject()?,
                reason_code: code.clone(),
                note: text(note),
                reply: reply.clone(),
                mail: if reply.is_some() { MailApplicant::Tell } else { MailApplicant::DoNotMail },
            }),
            Act::Withdraw { reason } => {
                Command::WithdrawSignup(WithdrawSignup { subject: subject()?, reason: reason.clone() })
            }
            Act::WithdrawByCode => Command::WithdrawByCode(WithdrawByCode { code: code()?, reason: None }),
            Act::Reopen { reason } => {
                Command::ReopenSignup(ReopenSignup { subject: subject()?, reason: reason.clone() })
            }
            Act::Create { template } => create(subject()?, text(template), None),
            Act::CreateContact => create(subject()?, None, signup.like.clone()),
            // The sweep before every step has done it.
            Act::Expire => return Ok(None),
        }))
    }
}

fn submit(signup: &DemoSignup) -> SubmitSignup {
    SubmitSignup {
        fields: signup.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        external_id: Some(signup.external_id.clone()),
        extra: serde_json::Map::new(),
        source: match signup.source {
            "import" => Source::Import,
            "staff" => Source::Staff,
            "mail" => Source::Mail,
            _ => Source::Form,
        },
    }
}

fn create(subject: Subject, template: Option<String>, existing: Option<String>) -> Command {
    Command::CreateCustomer(Box::new(CreateCustomer {
        subject,
        existing,
        template,
        values: [].into(),
        contact: None,
        twin: Twin::Make,
        role: None,
        authentication: None,
        user_name: None,
        note: None,
    }))
}
