//! What can be done beside the turns: let a stopped instance go on, answer a question, watch. Asked by the screen to grey an action
//! out and by the core to refuse it, as [`super::offer`] is for turns.

use super::instance::InstanceState;
use crate::domain::permission::{Actor, Allowed, Permission};
use crate::domain::refusal::Refusal;

/// May somebody let it go on, give it to somebody else, or send it back to draft?
///
/// # Errors
/// The refusal: `permission`, `illegal_move` where nothing has stopped it.
pub fn may_resume(actor: &Actor, (number, state): (&str, Option<InstanceState>)) -> Result<Allowed, Refusal> {
    let allowed = actor.allow(Permission::WorkResume)?;
    if state == Some(InstanceState::Stopped) {
        return Ok(allowed);
    }
    Err(Refusal::new(
        "illegal_move",
        format!("{number} is not stopped."),
        "Only what an error has stopped is resumed; `why` says what it waits for.",
    ))
}

/// A question as far as it matters for who may answer it.
#[derive(Debug, Clone, Copy)]
pub struct Answerable<'a> {
    /// The document's number.
    pub number: &'a str,
    /// Of whom it was asked.
    pub of: Asked<'a>,
    /// Whether it has an answer.
    pub answered: bool,
}

/// Of whom something was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// A member of staff, by login.
    Of(&'a str),
    /// Somebody outside, whose answer anybody notes who may decide or hand in.
    Outside,
}

/// May somebody answer a question?
///
/// # Errors
/// The refusal: `permission`, `illegal_move` once it is answered, `not_yours`.
pub fn may_answer(actor: &Actor, question: Answerable<'_>) -> Result<Allowed, Refusal> {
    let allowed = match question.of {
        Asked::Of(_) => actor.allow(Permission::WorkView)?,
        Asked::Outside => {
            actor.allow(Permission::UserRequestEdit).or_else(|_| actor.allow(Permission::WorkDecide))?
        }
    };
    let Answerable { number, of, answered } = question;
    let refuse =
        |rule, message: String| Err(Refusal::new(rule, message, "Ask a question of your own instead."));
    if answered {
        return refuse("illegal_move", format!("The question on {number} was answered already."));
    }
    match of {
        Asked::Of(login) if login != actor.login => {
            refuse("not_yours", format!("The question on {number} was asked of {login}."))
        }
        Asked::Of(_) | Asked::Outside => Ok(allowed),
    }
}

/// May somebody keep a document on their list of what they watch?
///
/// # Errors
/// The refusal: `permission`.
pub fn may_watch(actor: &Actor) -> Result<Allowed, Refusal> {
    actor.allow(Permission::UserRequestView)
}
