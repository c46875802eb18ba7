//! The decisions: approve, reject, request change, and the override of somebody else's turn.

use super::turn::{Turn, actor, allowed, person, reason};
use super::{DecideItem, OverrideItem, Verdict};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::happened::Happened;
use crate::domain::permission::Allowed;
use crate::domain::workflow::Person;
use crate::domain::workflow::machine::{Overriding, Vote};
use crate::domain::workflow::offer::{ItemMove, MAY_NOT_EDIT};

fn move_of(verdict: Verdict) -> ItemMove {
    match verdict {
        Verdict::Approve => ItemMove::Approve,
        Verdict::Reject => ItemMove::Reject,
        Verdict::RequestChange => ItemMove::RequestChange,
    }
}

impl DecideItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (turn, at, allowed) = allowed(cx, &self.item, move_of(self.verdict))?;
        let why = match self.verdict {
            Verdict::Approve => {
                self.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned)
            }
            Verdict::Reject => Some(reason("reject it", self.reason.as_deref())?),
            Verdict::RequestChange => Some(reason("want it changed", self.reason.as_deref())?),
        };
        let why = why.map(|why| turn.filled(cx, "reason", &why)).transpose()?;
        let to = match self.verdict {
            Verdict::RequestChange => Some(self.to_whom(cx, &turn)?),
            Verdict::Approve | Verdict::Reject => None,
        };
        let fields = match self.verdict {
            Verdict::RequestChange => known(&turn.fields(cx)?, &self.fields)?,
            Verdict::Approve | Verdict::Reject => self.fields,
        };
        let vote =
            Vote { by: None, verdict: self.verdict, reason: why, fields, to, overriding: Overriding::No };
        cast(cx, (turn, at), allowed, vote)
    }

    fn to_whom(&self, cx: &Cx<'_>, turn: &Turn) -> Result<Person> {
        let to = match &self.to {
            Some(login) => person(cx, login)?,
            None => turn.instance.submitter.clone().filter(|p| p.active).ok_or_else(|| {
                Error::invalid(
                    "to",
                    "",
                    "is needed: whoever submitted it is not on the staff any more",
                    "Say who should change it.",
                )
            })?,
        };
        let why = match (to.active, to.edits) {
            (true, true) => return Ok(to),
            (false, _) => "is inactive".to_owned(),
            (true, false) => format!("cannot get it: {MAY_NOT_EDIT}"),
        };
        Err(Error::invalid("to", &to.login, why, "Choose somebody else with --to."))
    }
}

/// The fields that a change request names, each one that there is; none named: any of them.
fn known(there: &[&str], named: &[String]) -> Result<Vec<String>> {
    named
        .iter()
        .map(|field| {
            let plain = field.trim().to_lowercase().replace('-', "_");
            let remedy = || format!("Give one of {}, or none.", there.join(", "));
            let found = there.iter().any(|known| *known == plain);
            found
                .then_some(plain)
                .ok_or_else(|| Error::invalid("field", field, "cannot be changed in it", remedy()))
        })
        .collect()
}

impl OverrideItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (turn, at, allowed) = allowed(cx, &self.item, ItemMove::Override)?;
        if self.verdict == Verdict::RequestChange {
            return Err(Error::invalid(
                "verdict",
                "request_change",
                "cannot be decided for somebody else",
                "Approve or reject, or reassign it.",
            ));
        }
        let why = reason("decide in place of somebody else", Some(&self.reason))?;
        let vote = Vote {
            by: None,
            verdict: self.verdict,
            reason: Some(turn.filled(cx, "reason", &why)?),
            fields: Vec::new(),
            to: None,
            overriding: Overriding::Yes,
        };
        cast(cx, (turn, at), allowed, vote)
    }
}

fn cast(cx: &Cx<'_>, (mut turn, at): (Turn, usize), allowed: Allowed, vote: Vote<'_>) -> Result<Done> {
    let by = actor(cx)?;
    let rule = turn.rule(at);
    let own = turn.lifts_four_eyes() && turn.instance.bars(&by);
    let (verdict, why, overriding) = (vote.verdict, vote.reason.clone(), vote.overriding);
    let fields = vote.fields.clone();
    let effects =
        turn.drive(cx, |machine, instance| machine.vote(instance, at, Vote { by: Some(&by), ..vote }))?;
    let kind = match verdict {
        Verdict::Approve => "work_approved",
        Verdict::Reject => "work_rejected",
        Verdict::RequestChange => "change_requested",
    };
    let instead_of = turn.instance.items[at].decided_for;
    let instead_of = match instead_of {
        Some(id) => {
            cx.conn.query_row("select login from staff where id = ?1", [id], |r| r.get::<_, String>(0)).ok()
        }
        None => None,
    };
    turn.finish(cx, effects, |turn, to| {
        let mut happened =
            Happened::new(kind, turn.record()).moved(turn.from, to).reason(why.as_deref()).fact("rule", rule);
        if let Some(login) = instead_of {
            happened = happened.fact("for", login);
        }
        if !fields.is_empty() {
            happened = happened.fact("fields", fields);
        }
        if overriding == Overriding::Yes {
            happened = happened.fact("overridden", true);
        }
        if own {
            happened = happened.fact("self_approval", true);
        }
        Done::audited(allowed, happened)
    })
}
