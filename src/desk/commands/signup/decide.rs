//! The decisions: approve, reject, withdraw, reopen. Each is one legal move with who, when and why.

use rusqlite::params;

use super::moving::{apply, look, offered, record, values};
use super::{
    ApproveSignup, MailApplicant, NotADuplicate, RejectSignup, ReopenSignup, Subject, WithdrawByCode,
    WithdrawSignup, checks, code,
};
use crate::desk::commands::words::{About, filled};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::happened::Happened;
use crate::domain::mail::MailEvent;
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::signup::{SignupMove, SignupState, check_reason};

impl ApproveSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let overriding = self.override_reason.is_some() && card.row.state == SignupState::Requested;
        let mv = if overriding { SignupMove::ApproveOverride } else { SignupMove::Approve };
        let (allowed, step) = offered(cx, &card, mv)?;
        if self.override_reason.is_some() && !overriding {
            let message = format!("{} was verified, so there is nothing to override.", card.row.number);
            let remedy = "Approve it without --override; a --note is kept.";
            return Err(Refusal::new("override_needless", message, remedy).into());
        }
        let reason = if overriding { self.override_reason.as_deref() } else { self.note.as_deref() };
        check_reason(step, reason)?;
        let staff = cx.actor.staff_id();
        let to = apply(
            cx,
            &card,
            step,
            &[
                ("decided_by", &staff),
                ("decided_at", &cx.now),
                ("overridden", &overriding),
                ("reason", &reason),
            ],
        )?;
        let own =
            card.facts.policy.self_approval && card.facts.authors.iter().any(|a| a.person == cx.actor.person);
        let letter = code::to_applicant(cx, MailEvent::SignupApproved, &record(&card), &values(&card));
        let kind = if overriding { "signup_approved_unverified" } else { "signup_approved" };
        let mut happened = Happened::new(kind, record(&card))
            .moved(step.from.as_str(), to.as_str())
            .note(self.note.as_deref())
            .reason(self.override_reason.as_deref().filter(|_| overriding));
        if own {
            happened = happened.fact("self_approval", true);
        }
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }
}

impl RejectSignup {
    pub(in crate::desk) fn run(mut self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Reject)?;
        for (field, text) in [("note", &mut self.note), ("reply", &mut self.reply)] {
            if let Some(text) = text {
                *text = filled(cx, About::Signup(card.row.key.id), (field, text))?;
            }
        }
        check_reason(step, Some(&self.reason_code))?;
        if !cx.settings.reject_reasons.iter().any(|(code, _)| *code == self.reason_code) {
            let codes: Vec<&str> = cx.settings.reject_reasons.iter().map(|(c, _)| c.as_str()).collect();
            let remedy = format!("Take one of {}.", codes.join(", "));
            return Err(Error::invalid("reason", &self.reason_code, "is no reason code", remedy));
        }
        if self.reason_code == "other"
            && !self.note.as_deref().is_some_and(|note| note.chars().any(char::is_alphanumeric))
        {
            let message = "The reason “other” says nothing without a note.";
            return Err(
                Refusal::new("note_missing", message, "Say why in the internal note (--note).").into()
            );
        }
        let staff = cx.actor.staff_id();
        let to = apply(
            cx,
            &card,
            step,
            &[
                ("decided_by", &staff),
                ("decided_at", &cx.now),
                ("reason_code", &self.reason_code),
                ("reason", &self.note),
                ("reply", &self.reply),
            ],
        )?;
        let letter = match self.mail {
            MailApplicant::DoNotMail => None,
            MailApplicant::Tell => {
                let mut letter =
                    code::to_applicant(cx, MailEvent::SignupRejected, &record(&card), &values(&card));
                letter.values.insert("text", self.reply.clone().unwrap_or_default());
                Some(letter)
            }
        };
        let happened = Happened::new("signup_rejected", record(&card))
            .moved(step.from.as_str(), to.as_str())
            .note(self.note.as_deref())
            .reason(Some(&self.reason_code))
            .fact("mailed", letter.is_some());
        Ok(Done::audited(allowed, happened).mail(letter))
    }
}

impl WithdrawSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        withdraw(cx, &self.subject, SignupMove::Withdraw, Some(self.reason.as_str()))
    }
}

impl WithdrawByCode {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let found = code::find(cx, &self.code, None)?;
        code::check_good(cx, &found, &look(cx, &Subject::now(found.signup))?.row.number)?;
        withdraw(cx, &Subject::now(found.signup), SignupMove::WithdrawByCode, self.reason.as_deref())
    }
}

fn withdraw(cx: &Cx<'_>, subject: &Subject, mv: SignupMove, reason: Option<&str>) -> Result<Done> {
    let card = look(cx, subject)?;
    let (allowed, step) = offered(cx, &card, mv)?;
    check_reason(step, reason)?;
    let staff = cx.actor.staff_id();
    let to = apply(cx, &card, step, &[("decided_by", &staff), ("decided_at", &cx.now), ("reason", &reason)])?;
    let letter = code::to_applicant(cx, MailEvent::SignupWithdrawn, &record(&card), &values(&card));
    let happened = Happened::new("signup_withdrawn", record(&card))
        .moved(step.from.as_str(), to.as_str())
        .reason(reason);
    Ok(Done::audited(allowed, happened).mail(Some(letter)))
}

impl ReopenSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Reopen)?;
        check_reason(step, Some(&self.reason))?;
        let none: Option<i64> = None;
        // A sign-up that waits for its code again gets the old expiry or a day, so that the sweep does not take it at once.
        let expires =
            card.verified_at.is_none().then(|| card.code_expires_at.unwrap_or(0).max(cx.now + 86_400_000));
        let to = apply(
            cx,
            &card,
            step,
            &[
                ("decided_by", &none),
                ("decided_at", &none),
                ("reason_code", &None::<String>),
                ("reason", &None::<String>),
                ("reply", &None::<String>),
                ("code_expires_at", &expires),
            ],
        )?;
        let happened = Happened::new("signup_reopened", record(&card))
            .moved(step.from.as_str(), to.as_str())
            .reason(Some(&self.reason));
        Ok(Done::audited(allowed, happened))
    }
}

impl NotADuplicate {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::SignupApprove)?;
        let card = look(cx, &self.subject)?;
        let id = card.row.key.id;
        let exists: bool = cx.conn.query_row(
            "select exists (select 1 from customer where number = ?1) or exists (select 1 from signup where number = ?1)",
            [&self.other],
            |r| r.get(0),
        )?;
        if !exists {
            return Err(Error::not_found(self.other));
        }
        remember(cx, id, &self.other)?;
        checks::run(cx, &record(&card), &values(&card))?;
        cx.conn
            .prepare_cached("update signup set version = version + 1, updated_at = ?2 where id = ?1")?
            .execute([id, cx.now])?;
        let happened = Happened::new("duplicate_ruled_out", record(&card)).fact("other", self.other);
        let mut done = Done::audited(allowed, happened);
        done.state = Some(card.row.state.as_str());
        Ok(done)
    }
}

/// Keeps “not a duplicate of”; the same answer twice is kept once.
pub fn remember(cx: &Cx<'_>, signup: i64, other: &str) -> Result<()> {
    cx.conn
        .prepare_cached("insert into not_duplicate (signup_id, other, by_id, at) values (?1, ?2, ?3, ?4) on conflict do nothing")?
        .execute(params![signup, other, cx.actor.staff_id(), cx.now])?;
    Ok(())
}
