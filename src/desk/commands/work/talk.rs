//! Questions and answers: threaded on the document, nothing waits for them.

use rusqlite::{OptionalExtension, params};

use super::turn::{Turn, actor, allowed, person};
use super::{AnswerQuestion, AskQuestion, AskedOf, ItemSubject, Seen, letters};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::desk::query::work;
use crate::desk::store::work as store;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::workflow::People;
use crate::domain::workflow::beside::{Answerable, Asked, may_answer};
use crate::domain::workflow::offer::ItemMove;

fn said(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(field, text, "is empty", "Write a sentence."))
}

impl AskQuestion {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        // What was asked and answered meanwhile is no reason not to ask; only decisions bind to it.
        let item =
            ItemSubject { seen: self.item.seen.as_ref().map(|seen| Seen::row(seen.version)), ..self.item };
        let (turn, at, allowed) = allowed(cx, &item, ItemMove::Ask)?;
        let question = turn.filled(cx, "question", &said("question", &self.question)?)?;
        let by = actor(cx)?;
        let (of, outside, letter) = match &self.of {
            AskedOf::Colleague(login) => {
                let of = person(cx, login)?;
                if !of.active || of.id == by.id {
                    let what = if of.active { "is yourself" } else { "is inactive" };
                    return Err(Error::invalid("of", &of.login, what, "Ask somebody else."));
                }
                let letter = letters::asked(cx, &turn.before, (&by, &of), &question)?;
                (of, None, letter)
            }
            AskedOf::Contact => {
                self.may_ask_outside(cx, &turn, at)?;
                let letter = letters::asked_outside(cx, turn.before.document_id, &question)?;
                let who = letter.to.name.clone().unwrap_or_else(|| letter.to.address.clone());
                (by.clone(), Some(who), Some(letter))
            }
        };
        cx.conn
            .prepare_cached(
                "insert into work_question (created_at, updated_at, instance_id, item_id, asked_by, asked_of, outside, question)
                 values (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                cx.now,
                turn.before.id,
                turn.instance.items[at].id,
                by.id,
                of.id,
                outside,
                question
            ])?;
        let whom = outside.unwrap_or(of.login);
        let happened = Happened::new("question_asked", turn.record()).note(Some(&question)).fact("of", whom);
        Ok(Done::audited(allowed, happened).state(turn.from).mail(letter))
    }
}

impl AskQuestion {
    /// People outside hear from whoever decides it, or whoever handed it in.
    fn may_ask_outside(&self, cx: &Cx<'_>, turn: &Turn, at: usize) -> Result<()> {
        let facts = work::facts(cx.conn, turn.instance.items[at].id, cx.now)?;
        let concerned = cx.actor.staff_id().is_some_and(|staff| facts.waits_for(staff))
            || turn.instance.barred.contains(&cx.actor.person)
            || cx.actor.allow(Permission::WorkReassign).is_ok();
        if concerned {
            return Ok(());
        }
        Err(Error::Refused(Refusal::new(
            "not_yours",
            format!(
                "{} waits for {}; the contact is asked by whoever decides it.",
                facts.number,
                facts.holder()
            ),
            "Ask them to, or ask a colleague with --of.",
        )))
    }
}

/// A question as it stands.
struct Question {
    instance: i64,
    of: String,
    outside: Option<String>,
    by: i64,
    text: String,
    answered: bool,
}

fn question(cx: &Cx<'_>, id: i64) -> Result<Question> {
    let found = cx
        .conn
        .prepare_cached(
            "select q.instance_id, s.login, q.outside, q.asked_by, q.question, q.answer is not null
             from work_question q join staff s on s.id = q.asked_of where q.id = ?1",
        )?
        .query_row([id], |r| {
            Ok(Question {
                instance: r.get(0)?,
                of: r.get(1)?,
                outside: r.get(2)?,
                by: r.get(3)?,
                text: r.get(4)?,
                answered: r.get(5)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("Question {id}")))
}

impl AnswerQuestion {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let by = actor(cx)?;
        let asked = question(cx, self.question)?;
        let loaded = store::load(cx.conn, asked.instance)?;
        let of = if asked.outside.is_some() { Asked::Outside } else { Asked::Of(&asked.of) };
        let allowed =
            may_answer(cx.actor, Answerable { number: &loaded.number, of, answered: asked.answered })?;
        let answer = said("answer", &self.answer)?;
        cx.conn
            .prepare_cached(
                "update work_question set answer = ?2, answered_by = ?3, answered_at = ?4, version = version + 1, updated_at = ?4 where id = ?1",
            )?
            .execute(params![self.question, answer, by.id, cx.now])?;
        let record = RecordRef::new(RecordKind::UserRequest, loaded.document_id, loaded.number.clone());
        let office = Office::new(cx.conn);
        let asker = office.by_id(asked.by);
        office.done()?;
        let answerer = asked.outside.as_deref().unwrap_or(&by.name);
        let letter = match &asker {
            Some(asker) => letters::answered(cx, &loaded, (answerer, asker), (&asked.text, &answer))?,
            None => None,
        };
        let mut happened = Happened::new("question_answered", record).note(Some(&answer));
        if let Some(outside) = asked.outside {
            happened = happened.fact("for", outside);
        }
        Ok(Done::audited(allowed, happened).mail(letter))
    }
}
