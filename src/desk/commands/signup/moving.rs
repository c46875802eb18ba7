//! How a sign-up is looked at and moved: by its card, and only along a row of the life cycle's table.

use rusqlite::{OptionalExtension, ToSql, params};

use super::values::Values;
use super::{Seen, Subject};
use crate::desk::cx::Cx;
use crate::desk::error::{Error, Result};
use crate::desk::query::signup::{SignupCard, card};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::lifecycle::{Step, Target};
use crate::domain::permission::Allowed;
use crate::domain::refusal::Refusal;
use crate::domain::signup::{SignupMove, SignupState, offer};

/// The sign-up as it is now; refused as stale if it is not what the person saw.
pub fn look(cx: &Cx<'_>, subject: &Subject) -> Result<SignupCard> {
    let card = card(cx.conn, cx.settings, subject.id, cx.now)?;
    match &subject.seen {
        Some(seen) if !seen.holds_for(&card.seen) => Err(stale(cx, &card, seen)?),
        Some(_) | None => Ok(card),
    }
}

/// Who changed it meanwhile, and to what (trust.md, Decisions bind to what was seen).
fn stale(cx: &Cx<'_>, card: &SignupCard, seen: &Seen) -> Result<Error> {
    let last: Option<(String, String, i64)> = cx
        .conn
        .prepare_cached(
            "select actor, kind, at from history where record_kind = 'signup' and record_id = ?1 order by id desc limit 1",
        )?
        .query_row([card.row.key.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let by = last.map_or_else(
        || "somebody".to_owned(),
        |(actor, kind, at)| format!("{actor} ({}, {})", in_words(&kind), cx.settings.calendar.wall_clock(at)),
    );
    let what = if seen.version == card.row.version { "what was shown of it" } else { "it" };
    Ok(Error::Stale {
        message: format!(
            "{}: {by} changed {what} meanwhile; it is {} now.",
            card.row.number,
            card.row.state.title()
        ),
        remedy: "Look at it again, then decide.".into(),
    })
}

/// May the actor make this move now? Where the table has no such move any more, the refusal says who was faster.
pub fn offered(
    cx: &Cx<'_>,
    card: &SignupCard,
    mv: SignupMove,
) -> Result<(Allowed, &'static Step<SignupState, SignupMove>)> {
    match offer(cx.actor, &card.facts, mv) {
        Ok(offered) => Ok(offered),
        Err(refusal) if refusal.rule == "illegal_move" => {
            Err(Error::Refused(with_last_move(cx, card, refusal)?))
        }
        Err(refusal) => Err(Error::Refused(refusal)),
    }
}

fn with_last_move(cx: &Cx<'_>, card: &SignupCard, mut refusal: Refusal) -> Result<Refusal> {
    let last: Option<(String, String, i64)> = cx
        .conn
        .prepare_cached(
            "select actor, kind, at from history where record_kind = 'signup' and record_id = ?1
               and to_state is not null and undone_by is null order by id desc limit 1",
        )?
        .query_row([card.row.key.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    if let Some((actor, kind, at)) = last {
        let kind = in_words(&kind);
        let message = refusal.message.trim_end_matches('.');
        refusal.message = format!("{message} ({kind} by {actor}, {}).", cx.settings.calendar.wall_clock(at));
    }
    Ok(refusal)
}

/// What happened, as people read it: `sign-up approved`.
fn in_words(kind: &str) -> String {
    kind.replace('_', " ").replace("signup", "sign-up")
}

/// A reference to the sign-up.
pub fn record(card: &SignupCard) -> RecordRef {
    RecordRef::new(RecordKind::Signup, card.row.key.id, card.row.number.clone())
}

/// Its applicant values.
pub fn values(card: &SignupCard) -> Values {
    card.fields.iter().filter_map(|(n, v)| Some(((*n).to_owned(), v.clone()?))).collect()
}

/// Moves the sign-up along `step` and sets `columns` with it; gives the state it has now.
/// No row: somebody was faster, which the transaction makes impossible unless the card is old.
pub fn apply(
    cx: &Cx<'_>,
    card: &SignupCard,
    step: &Step<SignupState, SignupMove>,
    columns: &[(&str, &dyn ToSql)],
) -> Result<SignupState> {
    let id = card.row.key.id;
    let to = match step.to {
        Target::To(state) => state,
        Target::Same => step.from,
        Target::Before => before(cx, id)?,
    };
    let moved = to != step.from;
    let sets: Vec<String> =
        columns.iter().enumerate().map(|(i, (c, _))| format!(", {c} = ?{}", i + 7)).collect();
    let sql = format!(
        "update signup set state = ?2, version = version + 1, updated_at = ?3,
           state_before = case when ?6 then ?4 else state_before end,
           state_since = case when ?6 then ?3 else state_since end{}
         where id = ?1 and state = ?4 and version = ?5",
        sets.concat()
    );
    let (from, to_name) = (step.from.as_str(), to.as_str());
    let mut all: Vec<&dyn ToSql> = params![id, to_name, cx.now, from, card.row.version, moved].to_vec();
    all.extend(columns.iter().map(|(_, v)| *v));
    if cx.conn.prepare_cached(&sql)?.execute(&all[..])? == 1 {
        return Ok(to);
    }
    Err(stale(cx, card, &card.seen)?)
}

fn before(cx: &Cx<'_>, id: i64) -> Result<SignupState> {
    let name: Option<String> = cx
        .conn
        .prepare_cached("select state_before from signup where id = ?1")?
        .query_row([id], |r| r.get(0))?;
    // Who was approved goes back to the decision, not past it (registration.md: Verified by user or Requested).
    let state = name.as_deref().and_then(SignupState::parse).unwrap_or(SignupState::Requested);
    let verified: bool = cx
        .conn
        .prepare_cached("select verified_at is not null from signup where id = ?1")?
        .query_row([id], |r| r.get(0))?;
    Ok(match state {
        SignupState::Requested if verified => SignupState::VerifiedByUser,
        SignupState::VerifiedByUser => SignupState::VerifiedByUser,
        SignupState::Approved if verified => SignupState::VerifiedByUser,
        SignupState::Requested
        | SignupState::Approved
        | SignupState::Created
        | SignupState::Rejected
        | SignupState::Withdrawn
        | SignupState::Expired => SignupState::Requested,
    })
}
