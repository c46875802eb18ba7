//! The tab's forms as data, and what a filled one runs.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::row::Line;
use crate::desk::commands::work::{
    AskQuestion, AskedOf, DecideItem, DelegateItem, ItemSubject, OverrideItem, ReassignItem, Seen,
    SnoozeItem, Verdict,
};
use crate::domain::calendar::Calendar;
use crate::domain::canned::Canned;
use crate::domain::workflow::offer::ItemMove;
use crate::tui::door::Command;
use crate::tui::effect::Work;
use crate::tui::screen::Submitted;
use crate::tui::screens::canned;
use crate::tui::screens::user_requests::beside::person;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, FormData, FormSpec};

/// The moves that need words, with the name of their form.
const FORMS: [(ItemMove, &str, &str); 7] = [
    (ItemMove::Reject, "work-reject", "reject"),
    (ItemMove::RequestChange, "work-change", "ask for a change of"),
    (ItemMove::Delegate, "work-delegate", "delegate"),
    (ItemMove::Reassign, "work-reassign", "reassign"),
    (ItemMove::Ask, "work-ask", "ask about"),
    (ItemMove::Override, "work-decide-for", "decide for somebody else"),
    (ItemMove::PutAside, "work-put-aside", "put aside"),
];

/// What the office gives its forms: how days are meant, and which texts it keeps ready.
#[derive(Debug, Clone, Copy)]
pub struct Office<'a> {
    /// Its working calendar and zone.
    pub calendar: &'a Calendar,
    /// Its day when the list was read.
    pub today: NaiveDate,
    /// Its canned texts.
    pub texts: &'a [Canned],
}

/// What a form is about: rows with what was seen of them.
fn about(lines: &[Line]) -> Value {
    let rows: Vec<Value> = lines
        .iter()
        .map(|line| {
            let row = &line.row;
            json!([row.id(), row.number, row.of, row.seen.version, row.seen.hash, row.submitter])
        })
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

/// Who submitted, where that is the same for all of them.
fn submitter(about: &Value) -> Option<String> {
    let rows = about["rows"].as_array()?;
    let first = rows.first()?[5].as_str()?;
    rows.iter().all(|row| row[5] == first).then(|| first.to_owned())
}

fn spec(mv: ItemMove, about: Value, office: Office<'_>) -> Option<FormSpec> {
    let (_, id, verb) = FORMS.into_iter().find(|form| form.0 == mv)?;
    let texts = || canned(office.texts);
    let reason = |help: &str| {
        FieldSpec::new("reason", "Reason", FieldKind::Area(3)).required().help(help).texts(texts())
    };
    let title = |verb: &str| {
        let words = title(verb, &about);
        let mut letters = words.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let form = |button: &str| FormSpec::new(id, title(verb), button);
    let form = match mv {
        ItemMove::Reject => form("Reject it").field(reason("Whoever submitted it reads this")),
        ItemMove::RequestChange => form("Send it back")
            .field(reason("What is wrong, and what would do"))
            .field(
                FieldSpec::new("fields", "Fields", FieldKind::Line)
                    .help("What should be changed: role, email, user_name …"),
            )
            .field(person("Who changes it").help("Empty: who submitted it")),
        ItemMove::Delegate => form("Delegate it").field(person("To").required()).field(
            FieldSpec::new("note", "Note", FieldKind::Area(3))
                .help("What they should know; they decide for you"),
        ),
        ItemMove::Reassign => form("Reassign it")
            .field(person("To").required())
            .field(reason("Why it goes to somebody else; history keeps it")),
        ItemMove::Ask => form("Ask")
            .field(
                person("Whom")
                    .required()
                    .value(submitter(&about).unwrap_or_default())
                    .only_if(|values| values.get("contact").is_none_or(|contact| contact != "yes")),
            )
            .field(
                FieldSpec::new("question", "Question", FieldKind::Area(3))
                    .required()
                    .help("Nothing waits for the answer")
                    .texts(texts()),
            )
            .field(
                FieldSpec::new("contact", "Ask the contact", FieldKind::Check)
                    .value("no")
                    .help("The person outside gets it by mail; I notes what they answer"),
            ),
        ItemMove::Override => {
            let ways = vec![Choice::new("approve", "approve it"), Choice::new("reject", "reject it")];
            FormSpec::new(id, title("decide"), "Decide for them")
                .field(FieldSpec::new("verdict", "Which way", FieldKind::Choice(ways)).value("approve"))
                .field(reason("Why you decide in their place; history marks it"))
        }
        ItemMove::PutAside => form("Put it aside")
            .field(
                FieldSpec::new("until", "Until", FieldKind::Date(office.today))
                    .required()
                    .value("tomorrow")
                    .help("It comes back that morning; its clock goes on, and others still see it"),
            )
            .field(reason("What you wait for")),
        ItemMove::Approve | ItemMove::Take | ItemMove::Release | ItemMove::TakeUp => return None,
    };
    Some(form.about(about))
}

/// The form of a move that needs words.
pub fn of_move(mv: ItemMove, lines: &[Line], office: Office<'_>) -> Option<FormSpec> {
    spec(mv, about(lines), office)
}

/// The form of a draft.
pub fn again(id: &str, about: &Value, office: Office<'_>) -> Option<FormSpec> {
    let (mv, ..) = FORMS.into_iter().find(|form| form.1 == id)?;
    spec(mv, about.clone(), office)
}

/// The command with nothing filled in: whoever may not make the move is refused it, whatever the form would ask for.
pub fn tried(mv: ItemMove, item: ItemSubject, office: Office<'_>) -> Option<Command> {
    make(mv, item, (&|_| None, office))
}

type Filled<'a> = &'a dyn Fn(&str) -> Option<String>;

fn make(mv: ItemMove, item: ItemSubject, (some, office): (Filled<'_>, Office<'_>)) -> Option<Command> {
    let text = |name: &str| some(name).unwrap_or_default();
    let decide = |item, verdict| {
        let fields = text("fields");
        let fields = fields.split([',', ' ']).filter(|f| !f.is_empty()).map(str::to_owned).collect();
        Command::DecideItem(DecideItem { item, verdict, reason: some("reason"), fields, to: some("to") })
    };
    Some(match mv {
        ItemMove::Reject => decide(item, Verdict::Reject),
        ItemMove::RequestChange => decide(item, Verdict::RequestChange),
        ItemMove::Delegate => {
            Command::DelegateItem(DelegateItem { item, to: text("to"), note: some("note") })
        }
        ItemMove::Reassign => {
            Command::ReassignItem(ReassignItem { item, to: text("to"), reason: text("reason") })
        }
        ItemMove::Ask => {
            let of = match text("contact").as_str() {
                "yes" => AskedOf::Contact,
                _ => AskedOf::Colleague(text("to")),
            };
            Command::AskQuestion(AskQuestion { item, of, question: text("question") })
        }
        ItemMove::Override => {
            let verdict = if text("verdict") == "reject" { Verdict::Reject } else { Verdict::Approve };
            Command::OverrideItem(OverrideItem { item, verdict, reason: text("reason") })
        }
        ItemMove::PutAside => {
            let until = text("until").parse().map_or(0, |day| office.calendar.start_of(day));
            Command::SnoozeItem(SnoozeItem { item, until, reason: text("reason") })
        }
        ItemMove::Approve | ItemMove::Take | ItemMove::Release | ItemMove::TakeUp => return None,
    })
}

/// What a filled form runs; none where it is not one of these.
pub fn submitted(form: &FormData, office: Office<'_>) -> Option<Submitted> {
    let (mv, _, verb) = FORMS.into_iter().find(|known| known.1 == form.id)?;
    let some = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let rows = form.about["rows"].as_array().cloned().unwrap_or_default();
    let mut commands = Vec::new();
    let mut ids = Vec::new();
    for row in &rows {
        let seen = Seen { version: row[3].as_i64()?, hash: row[4].as_str()?.to_owned() };
        commands.push(make(mv, ItemSubject::seen(row[2].as_i64()?, seen), (&some, office))?);
        ids.push(row[0].as_i64()?);
    }
    Some(Submitted::Run(Work { label: title(verb, &form.about), commands, about: ids }))
}
