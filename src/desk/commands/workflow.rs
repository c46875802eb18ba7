//! Rule sets in the database: activating one makes a new version and replaces the one before; what runs keeps its own
//! (workflow.md).

/// Checks a rule file and makes it the one that new documents take.
#[derive(Debug, Clone)]
pub struct ActivateRuleSet {
    /// Where it comes from, for people: the file's name.
    pub origin: String,
    /// The text of the file.
    pub source: String,
}

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, FieldProblem, Result};
use crate::desk::query::office::Office;
use crate::desk::store::history::hex;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::workflow::parse::{Problem, Weight};
use crate::domain::workflow::{RuleSet, check, parse};

/// The rules of a new office.
pub const DEFAULT_RULES: &str = include_str!("../../../assets/workflows.toml");

/// Where the default rules come from, for people.
pub const DEFAULT_ORIGIN: &str = "built-in";

/// Rule sets that were parsed, by the hash of their text: a rule set never changes once it is kept.
static PARSED: LazyLock<Mutex<HashMap<String, Arc<RuleSet>>>> = LazyLock::new(Mutex::default);

/// So many are kept; an office has a handful.
const KEPT: usize = 64;

/// The active rule set and its id; none where the office has none.
///
/// # Errors
/// The database cannot be read, or its text is none of ours.
pub fn active(conn: &Connection) -> Result<Option<(i64, RuleSet)>> {
    let row: Option<(i64, String, String)> = conn
        .prepare_cached("select id, hash, source from rule_set where state = 'active'")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    row.map(|(id, hash, source)| Ok((id, parsed((id, &hash), &source)?))).transpose()
}

/// A rule set by id, active or replaced.
///
/// # Errors
/// There is none, or as [`active`].
pub fn rule_set(conn: &Connection, id: i64) -> Result<RuleSet> {
    let row: Option<(String, String)> = conn
        .prepare_cached("select hash, source from rule_set where id = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (hash, source) = row.ok_or_else(|| unknown(id))?;
    parsed((id, &hash), &source)
}

/// “There is no such version.”
pub(in crate::desk) fn unknown(id: i64) -> Error {
    Error::NotFound {
        what: format!("Version {id} of the workflows"),
        remedy: "See `countersign workflow list`.".into(),
    }
}

fn parsed((id, hash): (i64, &str), source: &str) -> Result<RuleSet> {
    let mut known = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(rules) = known.get(hash) {
        return Ok(RuleSet::clone(rules));
    }
    let rules = parse::parse(source).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        Error::Unavailable {
            message: format!("Version {id} of the workflows cannot be read: {first}."),
            remedy: "Activate a correct file with `countersign workflow activate FILE`.".into(),
        }
    })?;
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(hash.to_owned(), Arc::new(rules.clone()));
    Ok(rules)
}

/// Keeps a rule set as the active one; gives its id. The one before is replaced.
fn keep(conn: &Connection, (origin, source): (&str, &str), (by, now): (Option<i64>, i64)) -> Result<i64> {
    conn.prepare_cached(
        "update rule_set set state = 'replaced', version = version + 1 where state = 'active'",
    )?
    .execute([])?;
    conn.prepare_cached(
        "insert into rule_set (created_at, created_by, origin, source, hash, state) values (?1, ?2, ?3, ?4, ?5, 'active')",
    )?
    .execute(params![now, by, origin, source, hash(source)])?;
    Ok(conn.last_insert_rowid())
}

/// Gives an office that has no rules at all the default ones: at `init`, and when an older office is migrated.
pub(in crate::desk) fn seed(conn: &Connection, now: i64) -> Result<()> {
    let some: bool = conn.query_row("select exists (select 1 from rule_set)", [], |r| r.get(0))?;
    if !some {
        keep(conn, (DEFAULT_ORIGIN, DEFAULT_RULES), (None, now))?;
    }
    Ok(())
}

fn hash(source: &str) -> String {
    hex(&Sha256::digest(source))
}

/// Everything that is wrong with a rule file for this office: by itself, and with the people there are.
///
/// # Errors
/// The database cannot be read.
pub(in crate::desk) fn problems(conn: &Connection, source: &str) -> Result<Vec<Problem>> {
    let people = Office::new(conn);
    let found = check::all(source, &people);
    people.done()?;
    Ok(found)
}

impl ActivateRuleSet {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::WorkflowManage)?;
        let found = problems(cx.conn, &self.source)?;
        let wrong: Vec<FieldProblem> = found
            .iter()
            .filter(|problem| problem.weight == Weight::Wrong)
            .map(|problem| {
                let place = format!("{}:{}:{}", self.origin, problem.line, problem.column);
                let meant = problem.meant.as_ref().map(|meant| format!("Did you mean “{meant}”?"));
                let remedy =
                    meant.unwrap_or_else(|| "`countersign workflow check FILE` says all of it.".into());
                FieldProblem::new("rules", &place, problem.message.clone(), remedy)
            })
            .collect();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let before: Option<(i64, String)> = cx
            .conn
            .prepare_cached("select id, hash from rule_set where state = 'active'")?
            .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        if let Some((id, known)) = &before
            && *known == hash(&self.source)
        {
            let record = RecordRef::new(RecordKind::RuleSet, *id, id.to_string());
            let mut done =
                Done::audited(allowed, Happened::new("rule_set_activated", record)).state("active");
            done.repeated = crate::desk::command::Repeated::Yes;
            return Ok(done.note(format!("These workflows are active already, as version {id}.")));
        }
        let id = keep(cx.conn, (&self.origin, &self.source), (cx.actor.staff_id(), cx.now))?;
        let mut happened =
            Happened::new("rule_set_activated", RecordRef::new(RecordKind::RuleSet, id, id.to_string()))
                .fact("origin", self.origin)
                .fact("hash", hash(&self.source));
        if let Some((before, _)) = before {
            happened = happened.fact("replaces", before);
        }
        let mut done = Done::audited(allowed, happened).state("active");
        for advice in found.iter().filter(|problem| problem.weight == Weight::Advice) {
            done = done.note(advice.to_string());
        }
        Ok(done)
    }
}
