//! Queues as they are made and changed: the menu of them, the form, and what a filled one runs.

use serde_json::{Value, json};

use crate::desk::commands::staff::{EditQueue, NewQueue};
use crate::desk::query::staff::QueueRow;
use crate::domain::permission::{Actor, Permission};
use crate::domain::refusal::Refusal;
use crate::domain::staff::may_change_queue;
use crate::tui::door::Command;
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screens::{colleagues, open_form};
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, FormData, FormSpec};
use crate::tui::widgets::menu::{Menu, MenuItem};

/// What the menu tells: the queue by name, nothing for a new one.
pub const CHANGE: &str = "change-queue";

const NEW: &str = "queue-new";
const EDIT: &str = "queue-edit";

const STATES: [(&str, &str); 3] = [
    ("active", "active: it takes what comes"),
    ("on_hold", "on hold: what is in it stays, nothing new comes by `auto`"),
    ("inactive", "inactive"),
];

/// May this person make queues, or change at least one?
pub fn may(actor: &Actor, queues: &[QueueRow]) -> Result<(), Refusal> {
    let own = queues.iter().any(|queue| may_change_queue(actor, &queue.admin).is_ok());
    if own { Ok(()) } else { actor.allow(Permission::StaffManage).map(|_| ()) }
}

/// All queues in their order, and a new one.
pub fn menu(actor: &Actor, queues: &[QueueRow]) -> Vec<Effect> {
    let item = |queue: &QueueRow| {
        let state = queue.state.replace('_', " ");
        let hint = format!(
            "{state} · {} · {} members · {} waiting",
            queue.admin,
            queue.members.len(),
            queue.waiting
        );
        let mut item =
            MenuItem::new(queue.title.clone(), hint, vec![Effect::Tell(CHANGE, queue.name.clone())]);
        item.refusal = may_change_queue(actor, &queue.admin).err().map(|refusal| refusal.to_string());
        item
    };
    let mut new = MenuItem::new("A new queue…", "", vec![Effect::Tell(CHANGE, String::new())]);
    new.refusal = actor.allow(Permission::StaffManage).err().map(|refusal| refusal.to_string());
    let items = queues.iter().map(item).chain([new]).collect();
    vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Make or change a queue", items, 0))))]
}

/// Opens the form of that queue; of a new one where there is none of that name.
pub fn open(queues: &[QueueRow], name: &str) -> Vec<Effect> {
    open_form(match queues.iter().find(|queue| queue.name == name) {
        Some(queue) => edited(&json!({
            "name": queue.name, "title": queue.title, "state": queue.state, "admin": queue.admin,
            "condition": queue.condition.clone().unwrap_or_default(), "position": queue.position.to_string(),
        })),
        None => entry(),
    })
}

fn admin() -> FieldSpec {
    FieldSpec::new("admin", "Looks after it", FieldKind::LookUp(colleagues))
        .required()
        .help("Type a login or a name, then choose; they may take people in and out")
}

fn condition() -> FieldSpec {
    FieldSpec::new("condition", "Takes", FieldKind::Area(2))
        .help("A condition (CEL) for steps that say `auto`; empty: only what names the queue")
}

fn entry() -> FormSpec {
    FormSpec::new(NEW, "New queue", "Make")
        .field(
            FieldSpec::new("name", "Name", FieldKind::Line)
                .required()
                .help("As rule files have it: one word"),
        )
        .field(FieldSpec::new("title", "Title", FieldKind::Line).help("For people; empty: the name"))
        .field(admin())
        .field(condition())
}

fn edited(old: &Value) -> FormSpec {
    let text = |name: &str| old[name].as_str().unwrap_or_default();
    let states = STATES.iter().map(|(state, label)| Choice::new(state, label)).collect();
    FormSpec::new(EDIT, format!("Change queue {}", text("name")), "Save")
        .about(old.clone())
        .field(FieldSpec::new("title", "Title", FieldKind::Line).required().value(text("title")))
        .field(FieldSpec::new("state", "State", FieldKind::Choice(states)).value(text("state")))
        .field(admin().value(text("admin")))
        .field(
            FieldSpec::new("position", "Place", FieldKind::Line)
                .required()
                .value(text("position"))
                .check(|typed| match typed.trim().parse::<i64>() {
                    Ok(1..) => Ok(()),
                    Ok(_) | Err(_) => Err("is a number from 1".to_owned()),
                })
                .help("The first active queue whose condition holds takes what goes to `auto`"),
        )
        .field(condition().value(text("condition")))
}

/// The form of a draft.
pub fn again(id: &str, about: &Value) -> Option<FormSpec> {
    match id {
        NEW => Some(entry()),
        EDIT => Some(edited(about)),
        _ => None,
    }
}

/// What a filled form runs; none where it is not one of these.
pub fn work(form: &FormData) -> Option<Work> {
    let text = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).unwrap_or_default();
    let some = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
    let one = |label, command| Work { label, commands: vec![command], about: Vec::new() };
    match form.id {
        NEW => {
            let name = text("name");
            let make = NewQueue {
                title: some("title"),
                admin: text("admin"),
                members: Vec::new(),
                condition: some("condition"),
                name: name.clone(),
            };
            Some(one(format!("make queue {name}"), Command::NewQueue(make)))
        }
        EDIT => {
            let name = form.about["name"].as_str().unwrap_or_default().to_owned();
            let new = |field: &str| {
                Some(text(field)).filter(|value| form.about[field].as_str().unwrap_or_default() != value)
            };
            let edit = EditQueue {
                title: new("title"),
                state: new("state"),
                admin: new("admin"),
                condition: new("condition"),
                position: new("position").and_then(|place| place.parse().ok()),
                name: name.clone(),
            };
            Some(one(format!("change queue {name}"), Command::EditQueue(edit)))
        }
        _ => None,
    }
}
