//! Questions and answers: threaded on the document, nothing waits for them.

use rusqlite::{OptionalExtension, params};

use super::turn::{actor, allowed, person};
use super::{AnswerQuestion, AskQuestion, letters};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::workflow::People;
use crate::domain::workflow::beside::{Answerable, may_answer};
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
        let (turn, at, allowed) = allowed(cx, &self.item, ItemMove::Ask)?;
        let question = said("question", &self.question)?;
        let (by, of) = (actor(cx)?, person(cx, &self.of)?);
        if !of.active || of.id == by.id {
            let what = if of.active { "is yourself" } else { "is inactive" };
            return Err(Error::invalid("of", &of.login, what, "Ask somebody else."));
        }
        cx.conn
            .prepare_cached(
                "insert into work_question (created_at, updated_at, instance_id, item_id, asked_by, asked_of, question)
                 values (?1, ?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![cx.now, turn.before.id, turn.instance.items[at].id, by.id, of.id, question])?;
        let letter = letters::asked(cx, &turn.before, (&by, &of), &question)?;
        let happened =
            Happened::new("question_asked", turn.record()).note(Some(&question)).fact("of", of.login.clone());
        Ok(Done::audited(allowed, happened).state(turn.from).mail(letter))
    }
}

impl AnswerQuestion {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let by = actor(cx)?;
        let found: Option<(String, i64, String, bool, i64, i64, String)> = cx
            .conn
            .prepare_cached(
                "select s.login, i.document_id, i.number, q.answer is not null, i.id, q.asked_by, q.question from work_question q
                 join workflow_instance i on i.id = q.instance_id join staff s on s.id = q.asked_of where q.id = ?1",
            )?
            .query_row([self.question], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?))
            })
            .optional()?;
        let (of, document, number, answered, instance, asked_by, question) =
            found.ok_or_else(|| Error::not_found(format!("Question {}", self.question)))?;
        let allowed = may_answer(cx.actor, Answerable { number: &number, of: &of, answered })?;
        let answer = said("answer", &self.answer)?;
        cx.conn
            .prepare_cached(
                "update work_question set answer = ?2, answered_by = ?3, answered_at = ?4, version = version + 1, updated_at = ?4 where id = ?1",
            )?
            .execute(params![self.question, answer, by.id, cx.now])?;
        let record = RecordRef::new(RecordKind::UserRequest, document, number);
        let loaded = crate::desk::store::work::load(cx.conn, instance)?;
        let office = Office::new(cx.conn);
        let asker = office.by_id(asked_by);
        office.done()?;
        let letter = match &asker {
            Some(asker) => letters::answered(cx, &loaded, (&by, asker), (&question, &answer))?,
            None => None,
        };
        Ok(Done::audited(allowed, Happened::new("question_answered", record).note(Some(&answer)))
            .mail(letter))
    }
}
