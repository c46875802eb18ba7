//! The tab's forms as data, and what a filled one runs.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::Known;
use crate::desk::commands::staff::{AddStaff, EditStaff, HandOver, Open, SetDeputy, Traits};
use crate::desk::commands::work::MoveItems;
use crate::desk::query::staff::StaffRow;
use crate::domain::calendar::Calendar;
use crate::domain::check::email::parse_email;
use crate::domain::workflow::Document;
use crate::tui::door::Command;
use crate::tui::effect::Work;
use crate::tui::screens::colleagues;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, FormData, FormSpec};

const NEW: &str = "staff-new";
const EDIT: &str = "staff-edit";
const MANAGER: &str = "staff-manager";
const DEPUTY: &str = "staff-deputy";
/// Moves open items; tried before it is done.
pub const MOVE: &str = "staff-move";
/// Hands over everything; tried before it is done.
pub const LEAVER: &str = "staff-leaver";

const LANGUAGES: [(&str, &str); 4] =
    [("en", "English"), ("de", "Deutsch"), ("fr", "français"), ("es", "español")];

fn address(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Ok(());
    }
    parse_email(text).map(|_| ()).map_err(|p| format!("{p}; {}", p.remedy()))
}

fn working_hours(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Ok(());
    }
    Calendar::default()
        .with_hours(text.trim())
        .map(|_| ())
        .map_err(|problem| format!("{problem}; write mon-thu 08:00-16:00, fri 08:00-12:00"))
}

fn person(name: &'static str, label: &str) -> FieldSpec {
    FieldSpec::new(name, label, FieldKind::LookUp(colleagues)).help("Type a login or a name, then choose")
}

fn reason(help: &str) -> FieldSpec {
    FieldSpec::new("reason", "Reason", FieldKind::Area(2)).required().help(help)
}

/// What more there is to say of somebody than name and address. `old` gives the first values.
fn traits(mut spec: FormSpec, old: &dyn Fn(&str) -> String, personal_only: bool) -> FormSpec {
    let language = Some(old("language")).filter(|l| !l.is_empty()).unwrap_or_else(|| "en".to_owned());
    let mut languages: Vec<Choice> = LANGUAGES.iter().map(|(code, name)| Choice::new(code, name)).collect();
    if !languages.iter().any(|choice| choice.value == language) {
        languages.insert(0, Choice::new(&language, &language));
    }
    if !personal_only {
        spec = spec
            .field(person("manager", "Manager").value(old("manager")).help("Empty: nobody"))
            .field(
                FieldSpec::new("hours", "Hours", FieldKind::Line)
                    .value(old("hours"))
                    .check(working_hours)
                    .help("mon-thu 08:00-16:00, fri 08:00-12:00; empty: the office's"),
            )
            .field(FieldSpec::new("division", "Division", FieldKind::Line).value(old("division")));
    }
    spec.field(
        FieldSpec::new("language", "Language", FieldKind::Choice(languages))
            .value(language)
            .help("In which mail reaches them"),
    )
    .field(
        FieldSpec::new("digest", "Daily digest", FieldKind::Check)
            .value(if old("digest") == "daily" { "yes" } else { "no" })
            .help("A mail in their first working hour tells what waits"),
    )
}

/// Somebody new.
pub fn entry(known: &Known) -> FormSpec {
    let none = std::iter::once(Choice::new("", "choose one"));
    let roles = none.chain(known.roles.iter().map(|role| Choice::new(&role.name, &role.title))).collect();
    let spec = FormSpec::new(NEW, "New member of staff", "Add")
        .field(
            FieldSpec::new("login", "Login", FieldKind::Line)
                .required()
                .help("As the machine knows them: letters, digits, dots and hyphens"),
        )
        .field(FieldSpec::new("name", "Name", FieldKind::Line).required())
        .field(
            FieldSpec::new("email", "E-mail", FieldKind::Line).check(address).help("Where their mail goes"),
        )
        .field(
            FieldSpec::new("role", "Role", FieldKind::Choice(roles))
                .required()
                .help("What they may do; more roles can be given later"),
        );
    traits(spec, &|_| String::new(), false).field(natural_person(String::new()))
}

fn natural_person(old: String) -> FieldSpec {
    FieldSpec::new("person", "Person", FieldKind::Line)
        .value(old)
        .help("The same word for several logins of one person, so that four eyes are four")
}

/// Changes somebody; whoever may not manage staff changes what everybody may say of themselves.
pub fn edit(row: &StaffRow, personal_only: bool) -> FormSpec {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    edited(json!({
        "id": row.id, "login": row.login, "personal": personal_only,
        "old": {
            "name": row.name, "email": text(&row.email), "manager": text(&row.manager), "hours": text(&row.hours),
            "division": text(&row.division), "person": if row.person == row.login { "" } else { &row.person }, "language": row.language, "digest": text(&row.digest),
        },
    }))
}

fn edited(about: Value) -> FormSpec {
    let old = |name: &str| about["old"][name].as_str().unwrap_or_default().to_owned();
    let personal_only = about["personal"].as_bool().unwrap_or_default();
    let mut spec =
        FormSpec::new(EDIT, format!("Change {}", about["login"].as_str().unwrap_or_default()), "Save");
    if !personal_only {
        spec =
            spec.field(FieldSpec::new("name", "Name", FieldKind::Line).required().value(old("name"))).field(
                FieldSpec::new("email", "E-mail", FieldKind::Line)
                    .value(old("email"))
                    .check(address)
                    .help("Where their mail goes; empty: they get none"),
            );
    }
    spec = traits(spec, &old, personal_only);
    if !personal_only {
        spec = spec.field(natural_person(old("person")));
    }
    spec.about(about)
}

/// The manager of these people.
pub fn manager(logins: &[(i64, String)]) -> FormSpec {
    let title = match logins {
        [(_, login)] => format!("Manager of {login}"),
        many => format!("Manager of {} people", many.len()),
    };
    FormSpec::new(MANAGER, title, "Set")
        .about(json!({ "rows": logins }))
        .field(person("manager", "Manager").help("Type a login or a name, then choose; empty: nobody"))
}

/// Somebody stands in for this person.
pub fn deputy((id, login): (i64, &str), today: NaiveDate) -> FormSpec {
    let documents = std::iter::once(Choice::new("", "of all"))
        .chain(
            Document::ALL
                .iter()
                .map(|d| Choice::new(d.as_str(), &format!("{}s only", d.as_str().replace('_', " ")))),
        )
        .collect();
    FormSpec::new(DEPUTY, format!("Deputy for {login}"), "Set")
        .about(json!({ "id": id, "login": login }))
        .field(person("deputy", "Deputy").required())
        .field(
            FieldSpec::new("from", "First day", FieldKind::Date(today))
                .required()
                .value(today.to_string())
                .help("today, fri, +3d, 2026-12-21"),
        )
        .field(
            FieldSpec::new("until", "Last day", FieldKind::Date(today))
                .help("Empty: until it is ended with D"),
        )
        .field(FieldSpec::new("document", "Work", FieldKind::Choice(documents)))
        .field(FieldSpec::new("note", "Note", FieldKind::Area(2)).help("For the deputy and colleagues"))
        .field(
            FieldSpec::new("move_open", "Move open items", FieldKind::Check)
                .value("no")
                .help("What waits already goes to the deputy now; otherwise only what comes"),
        )
}

/// Everything of one person to another: their open items, or all that names them.
pub fn hand_over(id: &'static str, (row, login): (i64, &str)) -> FormSpec {
    let (title, why) = if id == MOVE {
        (format!("Move the open items of {login}"), reason("Why they go to somebody else; history keeps it"))
    } else {
        (format!("Hand over all that names {login}"), reason("Why; history keeps it").value("left"))
    };
    FormSpec::new(id, title, "Look first")
        .about(json!({ "id": row, "login": login }))
        .field(person("to", "To").required())
        .field(why)
}

/// The form of a draft.
pub fn again(id: &str, about: &Value, known: &Known) -> Option<FormSpec> {
    let one = || Some((about["id"].as_i64()?, about["login"].as_str()?));
    Some(match id {
        NEW => entry(known),
        EDIT => edited(about.clone()),
        MANAGER => manager(&serde_json::from_value::<Vec<(i64, String)>>(about["rows"].clone()).ok()?),
        DEPUTY => deputy(one()?, known.today),
        MOVE => hand_over(MOVE, one()?),
        LEAVER => hand_over(LEAVER, one()?),
        _ => return None,
    })
}

/// What a filled form runs; none where it is not one of these.
pub fn work(form: &FormData, known: &Known) -> Option<Work> {
    let text = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).unwrap_or_default();
    let some = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
    let login = form.about["login"].as_str().unwrap_or_default().to_owned();
    let about: Vec<i64> = form.about["id"].as_i64().into_iter().collect();
    let one = |label: String, command| Work { label, commands: vec![command], about: about.clone() };
    Some(match form.id {
        NEW => {
            let digest = text("digest") == "yes";
            let traits = Traits {
                manager: some("manager"),
                hours: some("hours"),
                division: some("division"),
                language: some("language"),
                digest: digest.then(|| "daily".to_owned()),
            };
            let roles = some("role").into_iter().collect();
            let (login, person) = (text("login"), some("person"));
            let label = format!("add {login}");
            one(
                label,
                Command::AddStaff(AddStaff {
                    login,
                    name: text("name"),
                    email: some("email"),
                    roles,
                    person,
                    traits,
                }),
            )
        }
        EDIT => {
            let old = |name: &str| form.about["old"][name].as_str().unwrap_or_default().to_owned();
            let new = |name: &str| {
                form.values.get(name).map(|t| t.trim().to_owned()).filter(|value| *value != old(name))
            };
            let digest = if text("digest") == "yes" { "daily" } else { "" };
            let traits = Traits {
                manager: new("manager"),
                hours: new("hours"),
                division: new("division"),
                language: new("language"),
                digest: (digest != old("digest")).then(|| digest.to_owned()),
            };
            let edit = EditStaff {
                login: login.clone(),
                name: new("name"),
                email: new("email"),
                person: new("person"),
                traits,
                ..EditStaff::default()
            };
            one(format!("change {login}"), Command::EditStaff(edit))
        }
        MANAGER => {
            let rows: Vec<(i64, String)> = serde_json::from_value(form.about["rows"].clone()).ok()?;
            let set = |(_, login): &(i64, String)| {
                let traits = Traits { manager: Some(text("manager")), ..Traits::default() };
                Command::EditStaff(EditStaff { login: login.clone(), traits, ..EditStaff::default() })
            };
            Work {
                label: "set the manager".to_owned(),
                commands: rows.iter().map(set).collect(),
                about: rows.iter().map(|(id, _)| *id).collect(),
            }
        }
        DEPUTY => {
            let day = |name: &str| text(name).parse::<NaiveDate>().ok();
            let set = SetDeputy {
                login: login.clone(),
                deputy: text("deputy"),
                document: some("document").as_deref().and_then(Document::parse),
                starts_at: known.calendar.start_of(day("from")?),
                ends_at: day("until")
                    .and_then(|last| last.succ_opt())
                    .map(|next| known.calendar.start_of(next)),
                note: some("note"),
                open: if text("move_open") == "yes" { Open::Moves } else { Open::Stays },
            };
            one(format!("set a deputy for {login}"), Command::SetDeputy(set))
        }
        MOVE => {
            let (to, reason) = (text("to"), text("reason"));
            let label = format!("Move the open items of {login} to {to}");
            one(label, Command::MoveItems(MoveItems { from: login, to, reason }))
        }
        LEAVER => {
            let (to, reason) = (text("to"), text("reason"));
            let label = format!("Hand over all that names {login} to {to}");
            one(label, Command::HandOver(HandOver { from: login, to, reason }))
        }
        _ => return None,
    })
}
