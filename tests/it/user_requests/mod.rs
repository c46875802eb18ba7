//! User requests from the draft to the logon and back: who may do what in which state, every action, and how the
//! office's own portal follows.

mod hook;
mod life;
mod programme;

use countersign::desk::commands::user_request::{
    AfterMaking, CancelUserRequest, DeleteUserRequest, EditUserRequest, IfRefused, NewUserRequest,
    SubmitUserRequest,
};
use countersign::desk::commands::work::{DecideItem, ItemSubject, RecallDocument, Verdict};
use countersign::desk::query::user_request::UserRequestCard;
use countersign::desk::{Command, Error, Receipt};
use countersign::domain::user_request::{Action, Authentication};
use countersign::domain::workflow::Document;

use crate::world::World;

/// An office whose sign-up REG-000001 became C-000001 with contact CON-000001 and portal user `ana`.
pub fn office(change: impl FnOnce(&mut countersign::desk::Settings)) -> World {
    let mut world = World::with(change);
    world.play("applicant submits aurora; applicant verifies REG-1; maria creates REG-1");
    assert_eq!(world.reader.portal_user("ana").unwrap().state, "active");
    world
}

/// A request for CON-000001, not submitted.
pub fn asked(action: Action) -> NewUserRequest {
    NewUserRequest {
        kind: "customer".into(),
        action,
        contact: "CON-000001".into(),
        role: None,
        email: None,
        authentication: None,
        user_name: None,
        justification: Some("the office asked for it".into()),
        then: AfterMaking::KeepDraft,
    }
}

pub fn new(request: NewUserRequest) -> Command {
    Command::NewUserRequest(request)
}

pub fn submit(id: i64) -> Command {
    Command::SubmitUserRequest(SubmitUserRequest { id, if_refused: IfRefused::Fail })
}

pub fn recall(id: i64) -> Command {
    let document = Document::UserRequest;
    Command::RecallDocument(RecallDocument { document, id, reason: "asked too early".into() })
}

pub fn edit(id: i64) -> Command {
    let email = Some("somebody@aurora.example".to_owned());
    Command::EditUserRequest(EditUserRequest { id, email, ..EditUserRequest::default() })
}

pub fn delete(id: i64) -> Command {
    Command::DeleteUserRequest(DeleteUserRequest { id })
}

pub fn cancel(id: i64) -> Command {
    Command::CancelUserRequest(CancelUserRequest { id, reason: "not wanted any more".into() })
}

/// The rule of a refusal, `ok`, or the kind of another error.
pub fn outcome(result: &Result<Receipt, Error>) -> String {
    match result {
        Ok(_) => "ok".into(),
        Err(Error::Refused(refusal)) => refusal.rule.to_string(),
        Err(error) => error.kind().to_string(),
    }
}

pub fn card(world: &World, login: &str, number: &str) -> UserRequestCard {
    world.reader.user_request_card(&world.actor(login), world.find(number).id).unwrap()
}

/// Makes, submits; gives number and row.
pub fn submitted(world: &mut World, login: &str, request: NewUserRequest) -> (String, i64) {
    let record = world.run(login, new(request)).unwrap().record.unwrap();
    world.run(login, submit(record.id)).unwrap();
    (record.number, record.id)
}

/// Decides the open turn that waits for `login`.
pub fn decide(world: &mut World, login: &str, number: &str, verdict: Verdict) -> Result<Receipt, Error> {
    let (item, seen) = card(world, login, number).mine.expect("it waits for them");
    let decide = DecideItem {
        item: ItemSubject::seen(item, seen),
        verdict,
        reason: Some("looked at it".into()),
        fields: vec!["role".into()],
        to: None,
    };
    world.run(login, Command::DecideItem(decide))
}

/// Another role, by the way the user has.
pub fn other_role() -> NewUserRequest {
    NewUserRequest { role: Some("customer_admin".into()), ..asked(Action::ChangeRole) }
}

/// New credentials by this way.
pub fn new_credentials(way: Authentication) -> NewUserRequest {
    NewUserRequest { authentication: Some(way), ..asked(Action::ResetCredentials) }
}
