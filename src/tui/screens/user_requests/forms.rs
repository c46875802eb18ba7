//! The tab's forms as data, and what a filled one runs. The form for a new request is the Customers tab's too.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::commands::user_request::{AfterMaking, CancelUserRequest, EditUserRequest, NewUserRequest};
use crate::desk::commands::work::RecallDocument;
use crate::desk::query::customer::ContactRow;
use crate::desk::query::user_request::UserRequestRow;
use crate::desk::settings::Settings;
use crate::domain::check::email::parse_email;
use crate::domain::filter::{Filter, Term};
use crate::domain::text::fold;
use crate::domain::user_request::{Action, Authentication, UserState};
use crate::domain::workflow::Document;
use crate::tui::door::{Anchor, Asker, Command, Error, ListQuery, Order, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screen::Submitted;
use crate::tui::screens::route;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, Form, FormData, FormSpec};

const NEW: &str = "user-request-new";
const EDIT: &str = "user-request-edit";
const RECALL: &str = "user-request-recall";
const CANCEL: &str = "user-request-cancel";

/// Opens a form.
pub fn open(spec: FormSpec) -> Vec<Effect> {
    vec![Effect::Open(Box::new(Layer::Form(Form::new(spec))))]
}

/// Opens the form of a new request; what it will come to is tried at once.
pub fn open_new(spec: FormSpec) -> Vec<Effect> {
    let form = Form::new(spec);
    let tried = submitted(&form.data()).and_then(route::try_out);
    std::iter::once(Effect::Open(Box::new(Layer::Form(form)))).chain(tried).collect()
}

/// What is chosen rather than typed: a change of it is tried at once.
const CHOSEN: [&str; 4] = ["what", "role", "authentication", "submit"];

/// A field changed: what the request will come to follows.
pub fn changed(form: &FormData, field: &str) -> Vec<Effect> {
    let new = form.id == NEW && CHOSEN.contains(&field);
    let tried = new.then(|| submitted(form).and_then(route::try_out));
    tried.flatten().into_iter().collect()
}

/// What can be asked for these people: each with the actions that fit the portal user they have.
pub fn possible(reader: &Reader, contacts: &[ContactRow]) -> Result<Vec<Choice>, Error> {
    let mut choices = Vec::new();
    for contact in contacts.iter().filter(|contact| contact.state == "active") {
        let user = match &contact.portal_user {
            Some(name) => Some(reader.portal_user(name)?),
            None => None,
        };
        let state = match &user {
            None => UserState::None,
            Some(user) if user.state == "active" => UserState::Active,
            Some(_) => UserState::Inactive,
        };
        let person = format!("{} {}", contact.first_name.as_deref().unwrap_or_default(), contact.last_name);
        for action in Action::ALL.into_iter().filter(|action| action.fits(state)) {
            let what = match (&user, action) {
                (_, Action::Add) | (None, _) => "add a portal user".to_owned(),
                (Some(user), _) => format!("{} {}", action.title(), user.user_name),
            };
            let value = format!("{} {}", contact.number, action.as_str());
            choices.push(Choice::new(&value, &format!("{} {}: {what}", contact.number, person.trim())));
        }
    }
    Ok(choices)
}

/// People by number, name, e-mail; each with what can be asked for them.
fn look_up(reader: &Reader, typed: &str) -> Result<Vec<Choice>, Error> {
    let words = fold(typed);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let terms = words.split(' ').map(|w| Term::Word { any_of: vec![w.to_owned()], negated: false }).collect();
    let query = ListQuery {
        state: Some("active"),
        filter: Filter { terms },
        sort: "number",
        order: Order::Ascending,
        asker: Asker::default(),
    };
    possible(reader, &reader.contacts(&query, &Anchor::Start, 4)?.rows)
}

fn roles(settings: &Settings, first: &str) -> Vec<Choice> {
    let none = std::iter::once(Choice::new("", first));
    none.chain(settings.portal_roles.iter().map(|r| Choice::new(r, &r.replace('_', " ")))).collect()
}

fn ways(first: &str) -> Vec<Choice> {
    let none = std::iter::once(Choice::new("", first));
    none.chain(Authentication::ALL.iter().map(|a| Choice::new(a.as_str(), a.title()))).collect()
}

fn address(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Ok(());
    }
    parse_email(text).map(|_| ()).map_err(|p| format!("{p}; {}", p.remedy()))
}

/// Whether what was chosen asks for this; while nothing is chosen it may.
fn asks(values: &BTreeMap<&'static str, String>, gives: fn(Action) -> bool) -> bool {
    let what = values.get("what").and_then(|what| what.split_once(' '));
    what.and_then(|(_, action)| Action::parse(action)).is_none_or(gives)
}

/// A new request. `people`: whom it may be for; none: found by typing.
pub fn entry(settings: &Settings, people: Option<Vec<Choice>>) -> FormSpec {
    let about =
        people.as_ref().map(|choices| choices.iter().map(|c| (&c.value, &c.label)).collect::<Vec<_>>());
    let about = json!({ "people": about });
    let first = people.as_ref().and_then(|choices| choices.first()).map(|choice| choice.value.clone());
    let kind = people.map_or(FieldKind::LookUp(look_up), FieldKind::Choice);
    FormSpec::new(NEW, "New user request", "Make")
        .about(about)
        .field(
            FieldSpec::new("what", "For whom, what", kind)
                .required()
                .value(first.unwrap_or_default())
                .help("A contact by name, number or e-mail; only what is possible for them is offered"),
        )
        .field(
            FieldSpec::new("kind", "Type", FieldKind::Line)
                .required()
                .value("customer")
                .help("customer, worker, or a word of your own"),
        )
        .field(
            FieldSpec::new("role", "Role", FieldKind::Choice(roles(settings, "as it is, or the preset one")))
                .only_if(|values| asks(values, Action::gives_role))
                .help("To change the role, choose another one than they have"),
        )
        .field(
            FieldSpec::new(
                "authentication",
                "Logon by",
                FieldKind::Choice(ways("as it is, or the preset way")),
            )
            .only_if(|values| asks(values, Action::gives_logon)),
        )
        .field(
            FieldSpec::new("user_name", "User name", FieldKind::Line)
                .only_if(|values| asks(values, |action| action == Action::Add))
                .help("At most 64 characters, unique; left empty one is suggested"),
        )
        .field(
            FieldSpec::new("email", "E-mail", FieldKind::Line)
                .check(address)
                .help("Who is told of the outcome; left empty the contact's address"),
        )
        .field(
            FieldSpec::new("justification", "Justification", FieldKind::Area(2))
                .help("Why; to inactivate one is due"),
        )
        .field(
            FieldSpec::new("submit", "Submit at once", FieldKind::Check)
                .value("yes")
                .help("Off: it stays a draft, to be submitted with s"),
        )
        .field(route::field())
}

/// Changes a draft.
pub fn edit(row: &UserRequestRow, settings: &Settings) -> FormSpec {
    let about = json!({
        "id": row.key.id, "number": row.number, "version": row.version, "action": row.action,
        "old": {
            "role": row.role, "authentication": row.authentication, "user_name": row.user_name, "email": row.email,
            "justification": row.justification.clone().unwrap_or_default(),
        },
    });
    edited(about, settings)
}

fn edited(about: Value, settings: &Settings) -> FormSpec {
    let old = |name: &str| about["old"][name].as_str().unwrap_or_default().to_owned();
    let number = about["number"].as_str().unwrap_or_default();
    let mut all = settings.portal_roles.clone();
    if !all.contains(&old("role")) {
        all.insert(0, old("role"));
    }
    let roles = all.iter().map(|r| Choice::new(r, &r.replace('_', " "))).collect();
    let ways = Authentication::ALL.iter().map(|a| Choice::new(a.as_str(), a.title())).collect();
    let action = about["action"].as_str().and_then(Action::parse);
    let mut spec = FormSpec::new(EDIT, format!("Change {number}"), "Save");
    if action.is_none_or(Action::gives_role) {
        spec = spec.field(FieldSpec::new("role", "Role", FieldKind::Choice(roles)).value(old("role")));
    }
    if action.is_none_or(Action::gives_logon) {
        spec = spec.field(
            FieldSpec::new("authentication", "Logon by", FieldKind::Choice(ways))
                .value(old("authentication")),
        );
    }
    if action == Some(Action::Add) {
        spec = spec.field(
            FieldSpec::new("user_name", "User name", FieldKind::Line)
                .required()
                .value(old("user_name"))
                .help("At most 64 characters, unique"),
        );
    }
    spec.field(
        FieldSpec::new("email", "E-mail", FieldKind::Line).required().check(address).value(old("email")),
    )
    .field(FieldSpec::new("justification", "Justification", FieldKind::Area(2)).value(old("justification")))
    .about(about)
}

/// A reason is due to recall or cancel these.
pub fn reason(recall: Asked, about: &[(i64, String)]) -> FormSpec {
    let (id, verb, help) = match recall {
        Asked::Recall => (RECALL, "Recall", "Why it is taken back; those it waited for are told by history"),
        Asked::Cancel => (CANCEL, "Cancel", "Why it is not wanted any more; it stays readable"),
    };
    let title = match about {
        [(_, number)] => format!("{verb} {number}"),
        many => format!("{verb} {} user requests", many.len()),
    };
    FormSpec::new(id, title, &format!("{verb} it"))
        .about(json!({ "rows": about }))
        .field(FieldSpec::new("text", "Reason", FieldKind::Area(3)).required().help(help))
}

/// What a reason is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Taking it back.
    Recall,
    /// Closing it.
    Cancel,
}

/// The form as the draft is now.
pub fn anew(reader: &Reader, form: &FormData, settings: &Settings) -> Result<Option<FormSpec>, Error> {
    let id = form.about["id"].as_i64().filter(|_| form.id == EDIT);
    id.map(|id| reader.user_request(id).map(|row| edit(&row, settings))).transpose()
}

/// The form of a draft.
pub fn again(id: &str, about: &Value, settings: &Settings) -> Option<FormSpec> {
    let rows = || serde_json::from_value(about["rows"].clone()).unwrap_or_default();
    let rows: Vec<(i64, String)> = rows();
    Some(match id {
        NEW => {
            let people: Option<Vec<(String, String)>> =
                serde_json::from_value(about["people"].clone()).unwrap_or_default();
            let people =
                people.map(|all| all.iter().map(|(value, label)| Choice::new(value, label)).collect());
            entry(settings, people)
        }
        EDIT => edited(about.clone(), settings),
        RECALL => reason(Asked::Recall, &rows),
        CANCEL => reason(Asked::Cancel, &rows),
        _ => return None,
    })
}

/// What a filled form runs; none where it is not one of these.
pub fn submitted(form: &FormData) -> Option<Submitted> {
    let some = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let way = || some("authentication").as_deref().and_then(Authentication::parse);
    Some(match form.id {
        NEW => {
            let what = some("what").unwrap_or_default();
            let Some((contact, action)) =
                what.split_once(' ').and_then(|(contact, action)| Some((contact, Action::parse(action)?)))
            else {
                return Some(Submitted::Wrong(vec![(
                    "what".into(),
                    "is nobody yet: type a name and choose from the list".into(),
                )]));
            };
            let at_once = form.values.get("submit").is_some_and(|v| v == "yes");
            Submitted::Run(Work {
                label: format!("{} for {contact}", action.title()),
                commands: vec![Command::NewUserRequest(NewUserRequest {
                    kind: some("kind").unwrap_or_default(),
                    action,
                    contact: contact.to_owned(),
                    role: some("role").filter(|_| action.gives_role()),
                    email: some("email"),
                    authentication: way().filter(|_| action.gives_logon()),
                    user_name: some("user_name").filter(|_| action == Action::Add),
                    justification: some("justification"),
                    then: if at_once { AfterMaking::Submit } else { AfterMaking::KeepDraft },
                })],
                about: Vec::new(),
            })
        }
        EDIT => {
            let id = form.about["id"].as_i64().unwrap_or_default();
            let old = |name: &str| form.about["old"][name].as_str().unwrap_or_default().to_owned();
            let new = |name: &str| form.values.get(name).cloned().filter(|value| *value != old(name));
            Submitted::Run(Work {
                label: format!("change {}", form.about["number"].as_str().unwrap_or_default()),
                commands: vec![Command::EditUserRequest(EditUserRequest {
                    id,
                    version: form.about["version"].as_i64(),
                    role: new("role"),
                    email: new("email"),
                    authentication: new("authentication").as_deref().and_then(Authentication::parse),
                    user_name: new("user_name"),
                    justification: new("justification"),
                })],
                about: vec![id],
            })
        }
        RECALL => each(form, "recall", |id, reason| {
            Command::RecallDocument(RecallDocument { document: Document::UserRequest, id, reason })
        }),
        CANCEL => {
            each(form, "cancel", |id, reason| Command::CancelUserRequest(CancelUserRequest { id, reason }))
        }
        _ => return None,
    })
}

fn each(form: &FormData, verb: &str, make: impl Fn(i64, String) -> Command) -> Submitted {
    let rows: Vec<(i64, String)> = serde_json::from_value(form.about["rows"].clone()).unwrap_or_default();
    let reason = form.values.get("text").cloned().unwrap_or_default();
    let label = match rows.as_slice() {
        [(_, number)] => format!("{verb} {number}"),
        many => format!("{verb} {} user requests", many.len()),
    };
    Submitted::Run(Work {
        label,
        commands: rows.iter().map(|(id, _)| make(*id, reason.clone())).collect(),
        about: rows.iter().map(|(id, _)| *id).collect(),
    })
}
