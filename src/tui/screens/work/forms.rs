//! The tab's forms as data, and what a filled one runs.

use serde_json::{Value, json};

use super::row::Line;
use crate::desk::commands::work::{
    AskQuestion, DecideItem, DelegateItem, ItemSubject, ReassignItem, Seen, Verdict,
};
use crate::tui::door::Command;
use crate::tui::effect::Work;
use crate::tui::screen::Submitted;
use crate::tui::screens::colleagues;
use crate::tui::widgets::form::{FieldKind, FieldSpec, FormData, FormSpec};

const REJECT: &str = "work-reject";
const CHANGE: &str = "work-change";
const DELEGATE: &str = "work-delegate";
const REASSIGN: &str = "work-reassign";
const ASK: &str = "work-ask";

/// What a form is about: rows with what was seen of them.
fn about(lines: &[Line]) -> Value {
    let rows: Vec<Value> = lines
        .iter()
        .map(|line| json!([line.row.id, line.row.number, line.row.seen.version, line.row.seen.hash]))
        .collect();
    json!({ "rows": rows })
}

fn title(verb: &str, about: &Value) -> String {
    match about["rows"].as_array().map(Vec::as_slice) {
        Some([one]) => format!("{verb} {}", one[1].as_str().unwrap_or_default()),
        Some(many) => format!("{verb} {} items", many.len()),
        None => verb.to_owned(),
    }
}

fn person(label: &str) -> FieldSpec {
    FieldSpec::new("to", label, FieldKind::LookUp(colleagues)).help("Type a login or a name, then choose")
}

fn spec(id: &'static str, about: Value) -> Option<FormSpec> {
    let reason = |help: &str| FieldSpec::new("reason", "Reason", FieldKind::Area(3)).required().help(help);
    Some(
        match id {
            REJECT => FormSpec::new(id, title("Reject", &about), "Reject it")
                .field(reason("Whoever submitted it reads this")),
            CHANGE => FormSpec::new(id, title("Ask for a change of", &about), "Send it back")
                .field(
                    FieldSpec::new("fields", "Fields", FieldKind::Line)
                        .help("What should be changed: role, email, user_name …"),
                )
                .field(reason("What is wrong, and what would do"))
                .field(person("Who changes it").help("Empty: who submitted it")),
            DELEGATE => FormSpec::new(id, title("Delegate", &about), "Delegate it")
                .field(person("To").required())
                .field(
                    FieldSpec::new("note", "Note", FieldKind::Area(3))
                        .help("What they should know; they decide for you"),
                ),
            REASSIGN => FormSpec::new(id, title("Reassign", &about), "Reassign it")
                .field(person("To").required())
                .field(reason("Why it goes to somebody else; history keeps it")),
            ASK => {
                FormSpec::new(id, title("Ask about", &about), "Ask").field(person("Whom").required()).field(
                    FieldSpec::new("question", "Question", FieldKind::Area(3))
                        .required()
                        .help("Nothing waits for the answer"),
                )
            }
            _ => return None,
        }
        .about(about),
    )
}

/// The form of a decision that needs words.
pub fn reject(lines: &[Line]) -> Option<FormSpec> {
    spec(REJECT, about(lines))
}

/// The form of a change request.
pub fn change(lines: &[Line]) -> Option<FormSpec> {
    spec(CHANGE, about(lines))
}

/// The form that gives a turn to somebody.
pub fn delegate(lines: &[Line]) -> Option<FormSpec> {
    spec(DELEGATE, about(lines))
}

/// The form that gives somebody else's turn to somebody.
pub fn reassign(lines: &[Line]) -> Option<FormSpec> {
    spec(REASSIGN, about(lines))
}

/// The form of a question.
pub fn ask(lines: &[Line]) -> Option<FormSpec> {
    spec(ASK, about(lines))
}

/// The form of a draft.
pub fn again(id: &str, about: &Value) -> Option<FormSpec> {
    let known = [REJECT, CHANGE, DELEGATE, REASSIGN, ASK].into_iter().find(|known| *known == id)?;
    spec(known, about.clone())
}

/// What a filled form runs.
pub fn submitted(form: &FormData) -> Option<Submitted> {
    let some = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let rows = form.about["rows"].as_array().cloned().unwrap_or_default();
    let make = |item: ItemSubject| -> Option<Command> {
        let decide = |verdict| {
            let fields = some("fields").unwrap_or_default();
            let fields = fields.split([',', ' ']).filter(|f| !f.is_empty()).map(str::to_owned).collect();
            DecideItem { item: item.clone(), verdict, reason: some("reason"), fields, to: some("to") }
        };
        Some(match form.id {
            REJECT => Command::DecideItem(decide(Verdict::Reject)),
            CHANGE => Command::DecideItem(decide(Verdict::RequestChange)),
            DELEGATE => Command::DelegateItem(DelegateItem { item, to: some("to")?, note: some("note") }),
            REASSIGN => {
                Command::ReassignItem(ReassignItem { item, to: some("to")?, reason: some("reason")? })
            }
            ASK => Command::AskQuestion(AskQuestion { item, of: some("to")?, question: some("question")? }),
            _ => return None,
        })
    };
    let mut commands = Vec::new();
    let mut ids = Vec::new();
    for row in &rows {
        let id = row[0].as_i64()?;
        let seen = Seen { version: row[2].as_i64()?, hash: row[3].as_str()?.to_owned() };
        commands.push(make(ItemSubject::seen(id, seen))?);
        ids.push(id);
    }
    let verb = match form.id {
        REJECT => "reject",
        CHANGE => "send back",
        DELEGATE => "delegate",
        REASSIGN => "reassign",
        _ => "ask about",
    };
    Some(Submitted::Run(Work { label: title(verb, &form.about), commands, about: ids }))
}
