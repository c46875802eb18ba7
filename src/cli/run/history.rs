//! `countersign history`, `why`, `undo`, `redo`, `schema`: questions to any record, and taking one's own work back.

use serde_json::{Value, json};

use super::batch;
use super::signup::single;
use super::text::{Page, wall};
use crate::cli::args::{Numbers, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::record::{History, Schema, Undo};
use crate::cli::session::Session;
use crate::cli::shape::{self, schema as schemas};
use crate::cli::table::{Align, Table};
use crate::desk::query::history::HistoryRow;
use crate::desk::query::why::Why;
use crate::desk::{self, Command, Reader};
use crate::domain::date::local_sentence;
use crate::domain::id::RecordKind;
use crate::domain::permission::Permission;

/// Entries read at once.
const PAGE: usize = 500;

/// The entries of one record or of all, or the check of the whole chain.
pub fn run(session: &Session, asked: History, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let permission = match &asked.number {
        // Anybody who may see a record may see who decided it (mission.md); the whole and its proof are for few.
        Some(number) if !asked.verify => {
            let record = reader.find(number).map_err(|error| Failure::from(error).about(number))?;
            let seen = seen_by(record.kind).filter(|permission| actor.allow(*permission).is_ok());
            seen.unwrap_or(Permission::HistoryView)
        }
        Some(_) | None => Permission::HistoryView,
    };
    let _allowed = actor.allow(permission)?;
    if asked.verify {
        return verify(&reader, out);
    }
    let wanted = if asked.limit == 0 { usize::MAX } else { asked.limit as usize };
    let rows = match &asked.number {
        Some(number) => {
            let record = reader.find(number).map_err(|error| Failure::from(error).about(number))?;
            let mut rows = reader.history(Some(&record), None, wanted)?;
            rows.retain(|row| asked.before.is_none_or(|before| row.id < before));
            rows
        }
        None => all(&reader, asked.before, wanted)?,
    };
    let now = session.now();
    let mut table = Table::new(&[
        ("Id", Align::Right),
        ("When", Align::Left),
        ("Who", Align::Left),
        ("What", Align::Left),
        ("Record", Align::Left),
        ("State", Align::Left),
        ("Why", Align::Left),
    ]);
    for row in &rows {
        let state = row.to.as_deref().map(|to| to.replace('_', " ")).unwrap_or_default();
        table.row([
            &row.id.to_string(),
            &wall(row.at, now),
            &who(row),
            &what(row),
            row.record.as_deref().unwrap_or("–"),
            &state,
            &reasons(row),
        ]);
    }
    out.list(&rows.iter().map(shape::history).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}

fn all(reader: &Reader, mut before: Option<i64>, wanted: usize) -> Result<Vec<HistoryRow>, Failure> {
    let mut rows: Vec<HistoryRow> = Vec::new();
    while rows.len() < wanted {
        let page = reader.history(None, before, PAGE.min(wanted - rows.len()))?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        rows.extend(page);
    }
    Ok(rows)
}

/// What lets somebody see records of a kind.
fn seen_by(kind: RecordKind) -> Option<Permission> {
    match kind {
        RecordKind::Signup => Some(Permission::SignupView),
        RecordKind::Customer | RecordKind::Contact => Some(Permission::CustomerView),
        RecordKind::UserRequest | RecordKind::PortalUser => Some(Permission::UserRequestView),
        RecordKind::Template
        | RecordKind::Staff
        | RecordKind::Role
        | RecordKind::Queue
        | RecordKind::RuleSet
        | RecordKind::Mail => None,
    }
}

fn who(row: &HistoryRow) -> String {
    let who = match shape::persons(row) {
        (actor, Some(other), _) => format!("{actor} as {other}"),
        (actor, None, Some(carrier)) => format!("{actor} (by {carrier})"),
        (actor, None, None) => actor.to_owned(),
    };
    row.for_whom().map_or(who.clone(), |other| format!("{who} for {other}"))
}

fn what(row: &HistoryRow) -> String {
    let what = row.kind.replace('_', " ");
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    match detail["what"].as_str() {
        Some(undone) => format!("{what}: {undone}"),
        None if row.undone_by.is_some() => format!("{what} (undone)"),
        None => what,
    }
}

/// Reason and note, what there is of them.
fn reasons(row: &HistoryRow) -> String {
    let given = [row.reason.clone(), row.note.clone()];
    given.into_iter().flatten().chain(marks(row)).collect::<Vec<_>>().join(", ")
}

/// What must not be overlooked in an entry: by which rule, for which fields, to whom, and whether a right was used that
/// others do not have.
fn marks(row: &HistoryRow) -> Vec<String> {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let mut marks = Vec::new();
    if detail["overridden"] == true {
        marks.push("overridden".to_owned());
    }
    if detail["self_approval"] == true {
        marks.push("own work, four eyes lifted".to_owned());
    }
    let fields: Vec<&str> =
        detail["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !fields.is_empty() {
        marks.push(format!("fields {}", fields.join(", ")));
    }
    for (name, words) in [("from", "from"), ("to", "to"), ("of", "asked"), ("rule", "rule")] {
        if let Some(text) = detail[name].as_str().filter(|_| row.kind.starts_with("work_") || name != "from")
        {
            marks.push(format!("{words} {text}"));
        }
    }
    marks
}

/// One entry as a line.
pub fn line(row: &HistoryRow, now: i64) -> String {
    let why = reasons(row);
    let colon = if why.is_empty() { "" } else { ": " };
    format!("{}  {} by {}{colon}{why}", wall(row.at, now), what(row), who(row))
}

fn verify(reader: &Reader, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let verdict = reader.verify_history()?;
    let good = verdict.bad.is_none() && verdict.outside == 0;
    let bad = verdict.bad.as_ref().map(|(entry, what)| json!({ "entry": entry, "problem": what }));
    let value = json!({
        "ok": good, "entries": verdict.entries, "images": verdict.images, "newest": verdict.newest,
        "bad": bad, "outside": verdict.outside,
    });
    let mut text = match &verdict.bad {
        None => format!("{} entries and {} row images hold together.\n", verdict.entries, verdict.images),
        Some((entry, what)) => format!("Entry {entry} does not hold: {what}.\n"),
    };
    if verdict.outside > 0 {
        text.push_str(&format!("{} rows were written past the programme.\n", verdict.outside));
    }
    text.push_str(&format!("Newest hash: {}\n", verdict.newest));
    text.push_str("A tail that was cut off does not show here: keep the newest hash elsewhere and compare.");
    out.record(&value, &text)?;
    Ok(if good { Exit::Done } else { Exit::Failed })
}

/// Why a record is in its state, whom it waits for, what is missing.
pub fn why(session: &Session, numbers: &Numbers, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    batch::show(numbers, out, |number| {
        let record = reader.find(number).map_err(|error| Failure::from(error).about(number))?;
        actor.allow(to_see(record.kind))?;
        let why = reader.why(&actor, &record)?;
        Ok((shape::why(&why, &key), in_words(&why, session.now())))
    })
}

fn in_words(why: &Why, now: i64) -> String {
    let local = |text: &str| local_sentence(text, now, &chrono::Local);
    let because = local(&why.because).replacen("signup ", "sign-up ", 1);
    let mut page = Page::new(&format!("{}  {}: {because}", why.number, why.state.replace('_', " ")));
    if !why.waits_for.is_empty() || !why.missing.is_empty() {
        page.section("Waits");
        page.field("For", Some(&why.waits_for.join(", ")));
        why.missing.iter().for_each(|missing| page.field("Missing", Some(&local(missing))));
    }
    if !why.possible.is_empty() {
        page.section("You could");
        for possible in &why.possible {
            let command = possible.command.replace('_', " ");
            match &possible.refusal {
                None => page.line(&format!("✓ {command}: {}", possible.rule)),
                Some(refusal) => {
                    page.line(&local(&format!("✗ {command}: {} {}", refusal.message, refusal.remedy)));
                }
            }
        }
    }
    page.done()
}

/// What a person needs to see records of that kind.
fn to_see(kind: RecordKind) -> Permission {
    match kind {
        RecordKind::Signup => Permission::SignupView,
        RecordKind::Customer | RecordKind::Contact | RecordKind::PortalUser | RecordKind::Template => {
            Permission::CustomerView
        }
        RecordKind::UserRequest => Permission::UserRequestView,
        RecordKind::RuleSet => Permission::WorkflowView,
        RecordKind::Mail => Permission::MailView,
        RecordKind::Staff | RecordKind::Role | RecordKind::Queue => Permission::StaffView,
    }
}

/// The key of the terminal interface for a move (registration.md, The screen).
fn key(command: &str) -> Option<&'static str> {
    Some(match command {
        "approve" => "a",
        "approve_override" | "override" => "A",
        "reject" => "x",
        "create" => "c",
        "edit" => "e",
        "verify_by_phone" => "v",
        "resend" => "r",
        "withdraw" => "w",
        "assign" => "m",
        "submit" => "s",
        "recall" => "b",
        "cancel" => "x",
        "delete" => "X",
        "retry" | "release" | "reopen" => "R",
        "request_change" => "r",
        "delegate" => "T",
        "ask" => "i",
        "take" => "t",
        "reassign" => "M",
        _ => return None,
    })
}

/// Takes back the last command, or that group.
pub fn undo(session: &Session, asked: Undo, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let command = Command::Undo(desk::Undo { group: asked.group });
    single(session, (&actor, &asked.write), command, out)
}

/// Takes back the last undo.
pub fn redo(session: &Session, write: Write, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    single(session, (&actor, &write), Command::Redo(desk::Redo), out)
}

/// The JSON Schema of a noun, or of all by name.
pub fn schema(asked: &Schema, out: &mut Output<'_>) -> Result<(), Failure> {
    let value = match &asked.noun {
        Some(noun) => schemas::of(noun).ok_or_else(|| {
            Failure::new(Exit::NotFound, "not_found", format!("There is no noun “{noun}”"))
                .remedy(format!("Take one of {}.", schemas::nouns().collect::<Vec<_>>().join(", ")))
        })?,
        None => Value::Object(
            schemas::nouns().filter_map(|noun| Some((noun.to_owned(), schemas::of(noun)?))).collect(),
        ),
    };
    Ok(out.record(&value, &format!("{value:#}"))?)
}
