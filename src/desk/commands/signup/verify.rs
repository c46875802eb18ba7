//! Verification: by the applicant's code, by phone, a new code, and the clock that lets old codes run out.

use super::moving::{apply, look, offered, record, values};
use super::{ExpireSignup, ResendCode, Subject, VerifyByCode, VerifyByPhone, checks, code};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::happened::Happened;
use crate::domain::mail::MailEvent;
use crate::domain::refusal::Refusal;
use crate::domain::signup::{SignupMove, SignupState, check_reason};

impl VerifyByCode {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let found = code::find(cx, &self.code, self.signup)?;
        let card = look(cx, &Subject::now(found.signup))?;
        if found.used_at.is_some() {
            return Err(Error::Refused(Refusal::new(
                "code_used",
                format!("This code of {} was used before.", card.row.number),
                "Nothing more is to do.",
            )));
        }
        code::check_good(cx, &found, &card.row.number)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Verify)?;
        cx.conn
            .prepare_cached("update signup_code set used_at = ?2 where id = ?1 and used_at is null")?
            .execute([found.id, cx.now])?;
        let to = apply(
            cx,
            &card,
            step,
            &[("verified_at", &cx.now), ("verified_how", &"code"), ("code_expires_at", &None::<i64>)],
        )?;
        // Customers and sign-ups came since the submission; whoever decides next looks at those too.
        checks::run(cx, &record(&card), &values(&card))?;
        let letter = code::to_applicant(cx, MailEvent::SignupVerified, &record(&card), &values(&card));
        let happened = Happened::new("signup_verified", record(&card))
            .moved(step.from.as_str(), to.as_str())
            .fact("how", "code");
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }
}

impl VerifyByPhone {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::VerifyByPhone)?;
        check_reason(step, Some(&self.note))?;
        cx.conn
            // Used, not replaced: it verifies no more, but its holder can still withdraw.
            .prepare_cached("update signup_code set used_at = ?2 where signup_id = ?1 and replaced_at is null and used_at is null")?
            .execute([card.row.key.id, cx.now])?;
        let staff = cx.actor.staff_id();
        let to = apply(
            cx,
            &card,
            step,
            &[
                ("verified_at", &cx.now),
                ("verified_how", &"phone"),
                ("verified_by", &staff),
                ("verify_note", &self.note),
                ("code_expires_at", &None::<i64>),
            ],
        )?;
        // Customers and sign-ups came since the submission; whoever decides next looks at those too.
        checks::run(cx, &record(&card), &values(&card))?;
        let letter = code::to_applicant(cx, MailEvent::SignupVerified, &record(&card), &values(&card));
        let happened = Happened::new("signup_verified", record(&card))
            .moved(step.from.as_str(), to.as_str())
            .note(Some(&self.note))
            .fact("how", "phone");
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }
}

impl ResendCode {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Resend)?;
        let code = code::make(cx, card.row.key.id)?;
        let (count, expires) = (card.resend_count + 1, code::expiry(cx)?);
        let to = apply(
            cx,
            &card,
            step,
            &[("resend_count", &count), ("resent_at", &cx.now), ("code_expires_at", &expires)],
        )?;
        let letter = code::letter(cx, MailEvent::SignupResent, (&record(&card), &values(&card)), &code)?;
        let mut happened = Happened::new("code_resent", record(&card)).fact("count", count);
        happened = code::supersede(cx, card.row.key.id, happened)?;
        if to != step.from {
            happened = happened.moved(step.from.as_str(), to.as_str());
        }
        let mut done = Done::audited(allowed, happened).mail(Some(letter));
        done.state = Some(to.as_str());
        Ok(done)
    }
}

impl ExpireSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &Subject::now(self.id))?;
        let (allowed, step) = offered(cx, &card, SignupMove::Expire)?;
        if card.code_expires_at.is_none_or(|at| at > cx.now) || card.row.state != SignupState::Requested {
            return Err(Error::Refused(Refusal::new(
                "code_still_good",
                format!("The code of {} has not expired.", card.row.number),
                "Nothing is to do.",
            )));
        }
        let to = apply(cx, &card, step, &[])?;
        Ok(Done::audited(
            allowed,
            Happened::new("signup_expired", record(&card)).moved(step.from.as_str(), to.as_str()),
        ))
    }
}
