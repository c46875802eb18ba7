//! Work items in a real office: who has them, round after round, in a crowd, and as time goes by.

mod aside;
mod beside;
mod clock;
mod crowd;
mod hands;
pub mod keys;
mod programme;
mod rounds;
mod stuck;
mod versions;
mod why;

use countersign::desk::commands::user_request::{EditUserRequest, IfRefused, SubmitUserRequest};
use countersign::desk::commands::work::{DecideItem, ItemSubject, RecallDocument, Verdict};
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::{Command, Error, Receipt};
use countersign::domain::workflow::Document;

use crate::world::World;

/// An office with these rules where jens has submitted UR-1, so that he may not decide it.
fn office(rules: &str) -> World {
    office_in(World::new(), rules)
}

/// The same in a world that is there already.
pub fn office_in(mut world: World, rules: &str) -> World {
    if !rules.is_empty() {
        let activate = ActivateRuleSet { origin: "mine.toml".into(), source: rules.into() };
        world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    }
    world.play(
        "applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    world
}

fn request(world: &World) -> i64 {
    world.find("UR-1").id
}

/// The open items of UR-1: row id, and who has it or which role holds it.
fn open(world: &World) -> Vec<(i64, String)> {
    let conn = world.raw();
    let mut statement = conn
        .prepare(
            "select i.id, coalesce(s.login, 'role ' || r.name) from work_item i
             left join staff s on s.id = i.assigned_id left join role r on r.id = i.role_id
             where i.state = 'open' and i.number = 'UR-000001' order by i.id",
        )
        .unwrap();
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn holders(world: &World) -> Vec<String> {
    open(world).into_iter().map(|(_, who)| who).collect()
}

fn decide(world: &mut World, who: &str, verdict: Verdict, reason: Option<&str>) -> Result<Receipt, Error> {
    let open = open(world);
    let item = open.iter().find(|(_, holder)| holder == who).or(open.first()).expect("an open item").0;
    let command = DecideItem {
        item: ItemSubject::now(item),
        verdict,
        reason: reason.map(str::to_owned),
        fields: if verdict == Verdict::RequestChange { vec!["email".into()] } else { Vec::new() },
        to: None,
    };
    world.run(who, Command::DecideItem(command))
}

fn submit(world: &mut World, who: &str) -> Result<Receipt, Error> {
    let id = request(world);
    world.run(who, Command::SubmitUserRequest(SubmitUserRequest { id, if_refused: IfRefused::Fail }))
}

fn edit(world: &mut World, who: &str, why: &str) -> Result<Receipt, Error> {
    let id = request(world);
    let edit = EditUserRequest { id, justification: Some(why.into()), ..EditUserRequest::default() };
    world.run(who, Command::EditUserRequest(edit))
}

fn recall(world: &mut World, who: &str, reason: &str) -> Result<Receipt, Error> {
    let id = request(world);
    let recall = RecallDocument { document: Document::UserRequest, id, reason: reason.into() };
    world.run(who, Command::RecallDocument(recall))
}

fn state(world: &World) -> String {
    world
        .raw()
        .query_row("select state from user_request where number = 'UR-000001'", [], |r| r.get(0))
        .unwrap()
}

/// Mails about UR-1 since `after`, as `event to`, sorted.
pub fn mails(world: &World, after: i64) -> Vec<String> {
    let conn = world.raw();
    let mut statement = conn
        .prepare(
            "select event || ' ' || substr(to_address, 1, instr(to_address, '@') - 1) from outbox
             where id > ?1 and record = 'UR-000001' and state <> 'superseded' order by 1",
        )
        .unwrap();
    let rows = statement.query_map([after], |r| r.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

pub fn newest_mail(world: &World) -> i64 {
    world.raw().query_row("select coalesce(max(id), 0) from outbox", [], |r| r.get(0)).unwrap()
}

/// What happened to UR-1 in history since `after`.
pub fn happened(world: &World, kinds: &[&str]) -> Vec<(String, usize)> {
    let conn = world.raw();
    kinds
        .iter()
        .map(|kind| {
            let n: i64 = conn
                .query_row(
                    "select count(*) from history where kind = ?1 and record = 'UR-000001'",
                    [kind],
                    |r| r.get(0),
                )
                .unwrap();
            ((*kind).to_owned(), n as usize)
        })
        .collect()
}
