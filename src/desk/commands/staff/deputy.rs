//! Deputies: a dated rule per person, for all documents or one; chains are followed, loops refused with their names
//! (workflow.md, Actions: out of office).

use rusqlite::params;

use super::{find, may_decide};
use crate::desk::command::Command;
use crate::desk::commands::work::MoveItems;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::desk::query::staff as query;
use crate::domain::date::to_rfc3339;
use crate::domain::deputy::{Absence, loop_of};
use crate::domain::happened::Happened;
use crate::domain::id::RecordRef;
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::refusal::Refusal;
use crate::domain::staff::may_set_deputy;
use crate::domain::workflow::{Document, People};

const MINUTE: i64 = 60_000;

/// What becomes of the items that are open when a deputy is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// They stay; the deputy sees what comes.
    Stays,
    /// They go to the deputy now.
    Moves,
}

/// Lets somebody stand in for a person.
#[derive(Debug, Clone)]
pub struct SetDeputy {
    /// Whose work.
    pub login: String,
    /// Who stands in.
    pub deputy: String,
    /// Of one document; none: of all.
    pub document: Option<Document>,
    /// Its first instant, UTC milliseconds.
    pub starts_at: i64,
    /// The first instant it holds no more; none: open end.
    pub ends_at: Option<i64>,
    /// For the deputy and colleagues.
    pub note: Option<String>,
    /// What becomes of what is open.
    pub open: Open,
}

/// Ends a rule; what the deputy has stays with them.
#[derive(Debug, Clone)]
pub struct EndDeputy {
    /// The rule's id.
    pub id: i64,
}

impl SetDeputy {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (staff, deputy) = (find(cx, &self.login)?, find(cx, &self.deputy)?);
        let allowed = may_set_deputy(cx.actor, staff.id)?;
        self.check(cx, &staff, &deputy)?;
        let note = self.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
        cx.conn
            .prepare_cached(
                "insert into deputy (created_at, updated_at, staff_id, deputy_id, document, starts_at, ends_at, note)
                 values (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                cx.now,
                staff.id,
                deputy.id,
                self.document.map(Document::as_str),
                self.starts_at,
                self.ends_at,
                note
            ])?;
        let id = cx.conn.last_insert_rowid();
        let happened = Happened::new("deputy_set", staff.clone())
            .note(note)
            .fact("deputy", deputy.number.clone())
            .fact("rule", id)
            .fact("from", to_rfc3339(self.starts_at))
            .fact("until", self.ends_at.map(to_rfc3339));
        let mut done = Done::audited(allowed, happened).mail(self.letter(cx, &staff, &deputy)?);
        let absences: Vec<Absence> = query::absences(cx.conn, cx.now)?.into_iter().map(|(_, a)| a).collect();
        let onward =
            absences.iter().find(|a| a.staff == deputy.id && a.starts_at <= self.starts_at.max(cx.now));
        if onward.is_some() {
            done = done.note(format!(
                "{} is away too; what comes goes on to whoever stands in there.",
                deputy.number
            ));
        }
        if self.open == Open::Moves {
            let reason = format!("{} stands in for {}", deputy.number, staff.number);
            done = done.then(Command::MoveItems(MoveItems { from: self.login, to: self.deputy, reason }));
        }
        Ok(done)
    }

    fn check(&self, cx: &Cx<'_>, staff: &RecordRef, deputy: &RecordRef) -> Result<()> {
        if self.ends_at.is_some_and(|end| end <= self.starts_at || end <= cx.now) {
            let remedy = "Give a last day that is not before the first and not over.";
            return Err(Error::invalid("until", "", "is before the absence begins, or over", remedy));
        }
        let office = Office::new(cx.conn);
        let pair = (office.by_id(staff.id), office.by_id(deputy.id));
        office.done()?;
        let (Some(own), Some(other)) = pair else {
            return Err(Error::Bug("staff that was found is not there".into()));
        };
        if !other.active {
            return Err(Error::invalid("deputy", &other.login, "is inactive", "Choose somebody else."));
        }
        may_decide("deputy", Some(&other))?;
        if own.person == other.person {
            return Err(Error::invalid(
                "deputy",
                &other.login,
                "is the same person",
                "Choose somebody else.",
            ));
        }
        let new = Absence {
            staff: staff.id,
            deputy: deputy.id,
            document: self.document,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
        };
        let rules = query::absences(cx.conn, cx.now)?;
        if let Some((id, _)) = rules.iter().find(|(_, rule)| rule.clashes(&new)) {
            return Err(Error::Refused(Refusal::new(
                "deputy_twice",
                format!("{} has a deputy for some of that time already (rule {id}).", staff.number),
                format!("End it first: `countersign deputy end {id}`."),
            )));
        }
        let rules: Vec<Absence> = rules.into_iter().map(|(_, rule)| rule).collect();
        refuse_loop(cx, &new, &rules)
    }

    /// The deputy is told, unless they set it themselves or have no address.
    fn letter(&self, cx: &Cx<'_>, staff: &RecordRef, deputy: &RecordRef) -> Result<Option<Letter>> {
        if cx.actor.staff_id() == Some(deputy.id) {
            return Ok(None);
        }
        let (email, name, language): (Option<String>, String, String) = cx
            .conn
            .prepare_cached("select email, name, language from staff where id = ?1")?
            .query_row([deputy.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let who: String = cx
            .conn
            .prepare_cached("select name from staff where id = ?1")?
            .query_row([staff.id], |r| r.get(0))?;
        let Some(address) = email.filter(|e| !e.is_empty()) else { return Ok(None) };
        let mailbox = Mailbox { address, name: Some(name.clone()) };
        let mut letter = cx.letter(MailEvent::DeputySet, mailbox, Some(&language), staff);
        letter.values.insert("name", name);
        letter.values.insert("who", who);
        letter.values.insert("starts", self.starts_at.to_string());
        if let Some(end) = self.ends_at {
            // The last minute, so that the day that stands there is the last one.
            letter.values.insert("ends", (end - MINUTE).to_string());
        }
        if let Some(document) = self.document {
            letter.values.insert("document", document.as_str().into());
        }
        if let Some(note) = &self.note {
            letter.values.insert("text", note.clone());
        }
        letter.values.insert("command", "countersign work list".into());
        Ok(Some(letter))
    }
}

/// Refuses what would lead back to its beginning, with the names on the way.
pub(super) fn refuse_loop(cx: &Cx<'_>, new: &Absence, rules: &[Absence]) -> Result<()> {
    let Some(path) = loop_of(new, rules) else { return Ok(()) };
    let office = Office::new(cx.conn);
    let mut names: Vec<String> = path.iter().filter_map(|id| office.by_id(*id)).map(|p| p.login).collect();
    office.done()?;
    names.extend(names.first().cloned());
    Err(Error::Refused(Refusal::new(
        "deputy_loop",
        format!("That would be a loop: {}.", names.join(" → ")),
        "Choose somebody who is there, or other days.",
    )))
}

impl EndDeputy {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let missing = || Error::NotFound {
            what: format!("Deputy rule {}", self.id),
            remedy: "See `countersign deputy list`.".into(),
        };
        let exists: bool =
            cx.conn
                .query_row("select exists (select 1 from deputy where id = ?1)", [self.id], |r| r.get(0))?;
        if !exists {
            return Err(missing());
        }
        let row = query::deputy(cx.conn, self.id, cx.now)?;
        let staff = find(cx, &row.staff)?;
        let allowed = may_set_deputy(cx.actor, staff.id)?;
        if matches!(row.state, "ended" | "over") {
            return Err(Error::Refused(Refusal::new(
                "illegal_move",
                format!("Deputy rule {} came to its end before.", self.id),
                "See `countersign deputy list --all`.",
            )));
        }
        end(cx, self.id)?;
        Ok(Done::audited(
            allowed,
            Happened::new("deputy_ended", staff).fact("deputy", row.deputy).fact("rule", self.id),
        ))
    }
}

/// Ends a rule.
pub(super) fn end(cx: &Cx<'_>, id: i64) -> Result<()> {
    cx.conn
        .prepare_cached(
            "update deputy set state = 'ended', version = version + 1, updated_at = ?2 where id = ?1",
        )?
        .execute([id, cx.now])?;
    Ok(())
}
