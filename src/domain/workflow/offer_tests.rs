//! Who may do what to a work item, as one table: state, who it is, and each move with its answer.

use insta::assert_snapshot;

use super::*;
use crate::domain::permission::Who;

fn person(id: i64, login: &str) -> Person {
    Person {
        id,
        login: login.into(),
        name: login.into(),
        person: login.into(),
        active: true,
        decides: true,
        edits: true,
    }
}

fn actor(id: i64, login: &str, permissions: &[Permission]) -> Actor {
    let mut actor = Actor::clock();
    actor.who = Who::Staff(id);
    (actor.login, actor.person) = (login.into(), login.into());
    actor.permissions = permissions.iter().copied().collect();
    actor
}

/// Maria has it, ben stands in; ann submitted it; cay has voted in the same step.
fn theirs() -> ItemFacts {
    ItemFacts {
        number: "UR-000001".into(),
        kind: ItemKind::Approval,
        state: ItemState::Open,
        ended: None,
        instance: InstanceState::Running,
        assigned: Some(person(1, "maria")),
        deputy: Some(person(2, "ben")),
        lent_by: None,
        aside: Vec::new(),
        held_by: None,
        members: Vec::new(),
        queue: None,
        barred: vec!["ann".into()],
        others: vec!["cay".into()],
        holding: Vec::new(),
        self_approval: false,
    }
}

/// A queue of maria, ann and cay holds it.
fn held(assigned: Option<Person>, queue: QueueState) -> ItemFacts {
    ItemFacts {
        assigned,
        deputy: None,
        held_by: Some("queue credit".into()),
        members: vec![1, 3, 4],
        queue: Some(queue),
        ..theirs()
    }
}

#[test]
fn who_may_do_what_is_this_table() {
    let decides = [Permission::WorkView, Permission::WorkDecide];
    let manages =
        [Permission::WorkView, Permission::WorkDecide, Permission::WorkReassign, Permission::WorkOverride];
    let actors = [
        actor(1, "maria", &decides),
        actor(2, "ben", &decides),
        actor(3, "ann", &manages),
        actor(4, "cay", &decides),
        actor(5, "dan", &manages),
        actor(6, "olga", &[Permission::WorkView]),
    ];
    let ended = |state: ItemState| ItemFacts { state, ended: Some("it is over".into()), ..theirs() };
    let points = [
        ("maria's", theirs()),
        ("maria's, self_approval", ItemFacts { self_approval: true, ..theirs() }),
        ("maria's, stopped", ItemFacts { instance: InstanceState::Stopped, ..theirs() }),
        ("maria's to change", ItemFacts { kind: ItemKind::Change, ..theirs() }),
        ("the queue's", held(None, QueueState::Active)),
        ("the queue's, on hold", held(None, QueueState::OnHold)),
        ("taken by maria", held(Some(person(1, "maria")), QueueState::Active)),
        ("approved", ended(ItemState::Approved)),
        ("rejected", ended(ItemState::Rejected)),
        ("change requested", ended(ItemState::ChangeRequested)),
        ("changed", ended(ItemState::Changed)),
        ("no longer required", ended(ItemState::NoLongerRequired)),
    ];
    let mut table = String::new();
    for (name, facts) in points {
        for actor in &actors {
            let cells: Vec<String> = ItemMove::ALL
                .iter()
                .map(|mv| match offer(actor, &facts, *mv) {
                    Ok(_) => format!("{}: yes", mv.as_str()),
                    Err(refusal) => format!("{}: {}", mv.as_str(), refusal.rule),
                })
                .collect();
            table += &format!("{name}, {}: {}\n", actor.login, cells.join(", "));
        }
    }
    assert_snapshot!(table);
}

#[test]
fn to_whom_it_may_go() {
    let facts = ItemFacts { holding: vec!["eve".into()], ..theirs() };
    let rule = |facts: &ItemFacts, to: &Person| may_get(facts, to).err().map(|r| r.rule);
    let gone = Person { active: false, ..person(7, "fay") };
    #[rustfmt::skip]
    let table = [
        (person(5, "dan"),   None),
        (person(3, "ann"),   Some("four_eyes")),
        (person(4, "cay"),   Some("voted_already")),
        (person(6, "eve"),   Some("voted_already")),
        (person(1, "maria"), Some("same_person")),
        (gone,               Some("inactive")),
    ];
    for (to, want) in table {
        assert_eq!(rule(&facts, &to), want, "{}", to.login);
    }
    let change = ItemFacts { kind: ItemKind::Change, ..facts };
    assert_eq!(rule(&change, &person(3, "ann")), None, "who submitted may change it");
}
