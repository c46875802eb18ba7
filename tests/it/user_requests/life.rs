//! Each state, each thing that can be done, each kind of member of staff; and each action to its end.

use countersign::desk::commands::user_request::{EditUserRequest, NewUserRequest, RemindUserName};
use countersign::desk::commands::work::Verdict;
use countersign::desk::{Command, Error};
use countersign::domain::user_request::{Action, Authentication, UserRequestState};

use super::{
    asked, cancel, card, decide, delete, edit, new, new_credentials, office, other_role, outcome, recall,
    submit, submitted,
};
use crate::world::World;

/// What somebody who may make and submit requests gets, per state: edit, delete, submit, recall, cancel. A request that
/// no workflow has in hand cannot be recalled, whatever its state says.
#[rustfmt::skip]
const GRID: &[(UserRequestState, [&str; 5])] = &[
    (UserRequestState::Draft,             ["ok",           "ok",           "ok",           "illegal_move", "ok"]),
    (UserRequestState::Submitted,         ["illegal_move", "illegal_move", "illegal_move", "illegal_move", "illegal_move"]),
    (UserRequestState::PendingApproval,   ["illegal_move", "illegal_move", "illegal_move", "illegal_move", "illegal_move"]),
    (UserRequestState::Approved,          ["illegal_move", "illegal_move", "illegal_move", "illegal_move", "illegal_move"]),
    (UserRequestState::PendingCompletion, ["illegal_move", "illegal_move", "ok",           "illegal_move", "illegal_move"]),
    (UserRequestState::Completed,         ["illegal_move", "illegal_move", "illegal_move", "illegal_move", "illegal_move"]),
    (UserRequestState::Rejected,          ["ok",           "illegal_move", "ok",           "illegal_move", "ok"]),
    (UserRequestState::Canceled,          ["illegal_move", "illegal_move", "illegal_move", "illegal_move", "illegal_move"]),
];

/// A command on a request.
type Make = fn(i64) -> Command;

#[test]
fn in_each_state_each_person_may_do_what_the_table_says_and_no_more() {
    let mut world = office(|_| {});
    let id = world.run("tom", new(other_role())).unwrap().record.unwrap().id;
    for (state, expected) in GRID {
        world
            .raw()
            .execute("update user_request set state = ?2 where id = ?1", (id, state.as_str()))
            .unwrap();
        for login in ["tom", "maria", "priya", "olga"] {
            let actor = world.actor(login);
            let makes: [(&str, Make); 5] = [
                ("edit", edit),
                ("delete", delete),
                ("submit", submit),
                ("recall", recall),
                ("cancel", cancel),
            ];
            for (want, (verb, make)) in expected.iter().zip(makes) {
                // The auditor may look only: where the table allows the move, the right is missing; recall asks for the
                // right first.
                let want = match (login, *want, verb) {
                    ("olga", "ok", _) | ("olga", _, "recall") => "permission",
                    (_, want, _) => want,
                };
                let got = world.desk.preview(&actor, vec![make(id)]).pop().unwrap();
                assert_eq!(outcome(&got), want, "{login}: {verb} in {state:?}: {got:?}");
            }
        }
    }
    assert_eq!(GRID.len(), UserRequestState::ALL.len());
}

#[test]
fn a_submitted_request_is_recalled_by_its_originator_alone_and_never_after_it_is_complete() {
    let mut world = office(|_| {});
    let (number, id) = submitted(&mut world, "tom", other_role());
    assert_eq!(card(&world, "tom", &number).row.state, "pending_approval");
    assert_eq!(outcome(&world.run("maria", recall(id))), "not_yours");
    world.run("tom", recall(id)).unwrap();
    let row = card(&world, "tom", &number).row;
    assert_eq!(
        (row.state.as_str(), row.waits_for, row.change_note.as_deref()),
        ("draft", None, Some("asked too early"))
    );
    world.run("tom", submit(id)).unwrap();
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    assert_eq!(card(&world, "tom", &number).row.state, "completed");
    match world.run("tom", recall(id)) {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.rule, "illegal_move");
            assert!(refusal.remedy.contains("cannot be recalled; make a new request"), "{refusal}");
        }
        other => panic!("{other:?}"),
    }
    world.assert_sound();
}

#[test]
fn whoever_submitted_or_last_edited_it_does_not_decide_it() {
    let mut world = office(|_| {});
    let made = world.run("tom", new(other_role())).unwrap().record.unwrap();
    let change = EditUserRequest {
        id: made.id,
        justification: Some("told on the phone".into()),
        ..EditUserRequest::default()
    };
    world.run("maria", Command::EditUserRequest(change)).unwrap();
    world.run("tom", submit(made.id)).unwrap();
    let (item, seen) = card(&world, "maria", &made.number).mine.expect("her role has it");
    let yes = countersign::desk::commands::work::DecideItem {
        item: countersign::desk::commands::work::ItemSubject::seen(item, seen),
        verdict: Verdict::Approve,
        reason: None,
        fields: Vec::new(),
        to: None,
    };
    for login in ["maria", "maria2"] {
        assert_eq!(outcome(&world.run(login, Command::DecideItem(yes.clone()))), "four_eyes", "{login}");
    }
    decide(&mut world, "jens", &made.number, Verdict::Approve).unwrap();
    assert_eq!(world.reader.portal_user("ana").unwrap().role, "customer_admin");
}

#[test]
fn a_rejected_one_says_why_and_can_be_submitted_again_or_cancelled() {
    let mut world = office(|_| {});
    let (number, id) = submitted(&mut world, "tom", other_role());
    decide(&mut world, "maria", &number, Verdict::Reject).unwrap();
    let row = card(&world, "tom", &number).row;
    assert_eq!((row.state.as_str(), row.change_note.as_deref()), ("rejected", Some("looked at it")));
    world.run("tom", submit(id)).unwrap();
    assert_eq!(card(&world, "tom", &number).row.state, "pending_approval");
    decide(&mut world, "jens", &number, Verdict::Reject).unwrap();
    world.run("tom", cancel(id)).unwrap();
    assert_eq!(card(&world, "tom", &number).row.state, "canceled");
    world.assert_sound();
}

#[test]
fn a_change_request_comes_back_with_its_fields_any_number_of_rounds() {
    let mut world = office(|_| {});
    let (number, id) = submitted(&mut world, "tom", other_role());
    for round in 1..=3 {
        decide(&mut world, "maria", &number, Verdict::RequestChange).unwrap();
        let seen = card(&world, "tom", &number);
        assert_eq!(
            (seen.row.state.as_str(), seen.row.waits_for.as_deref()),
            ("draft", Some("tom")),
            "round {round}"
        );
        assert!(seen.turns.iter().any(|turn| turn.fields == ["role"]), "{:?}", seen.turns);
        world.run("tom", edit(id)).unwrap();
        world.run("tom", submit(id)).unwrap();
        assert_eq!(card(&world, "tom", &number).row.state, "pending_approval", "round {round}");
    }
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    assert_eq!(card(&world, "tom", &number).row.state, "completed");
}

#[test]
fn only_what_fits_the_portal_user_can_be_asked_for() {
    let mut world = office(|_| {});
    let refused = |world: &mut World, request: NewUserRequest| match world.run("tom", new(request)) {
        Err(Error::Invalid(problems)) => format!("{} {}", problems[0].field, problems[0].problem),
        other => panic!("{other:?}"),
    };
    assert!(refused(&mut world, asked(Action::Reactivate)).contains("the portal user is active"));
    assert!(refused(&mut world, asked(Action::Add)).contains("has the portal user ana already"));
    let silent = NewUserRequest { justification: None, ..asked(Action::Inactivate) };
    assert!(refused(&mut world, silent).starts_with("justification"));
    let same = NewUserRequest { role: Some("customer".into()), ..asked(Action::ChangeRole) };
    assert!(refused(&mut world, same).starts_with("role"));
    let (number, _) = submitted(&mut world, "tom", asked(Action::Inactivate));
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    let user = world.reader.portal_user("ana").unwrap();
    assert_eq!((user.state.as_str(), user.logon.as_deref()), ("inactive", Some("link revoked")));
    for action in [Action::Inactivate, Action::ChangeRole, Action::ResetCredentials] {
        assert!(refused(&mut world, asked(action)).contains("the portal user is inactive"), "{action:?}");
    }
    let remind = Command::RemindUserName(RemindUserName { user_name: "ana".into() });
    assert_eq!(outcome(&world.run("tom", remind.clone())), "illegal_move");
    let (number, _) = submitted(&mut world, "tom", asked(Action::Reactivate));
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    assert_eq!(world.reader.portal_user("ana").unwrap().state, "active");
    let mails = world.run("tom", remind).unwrap().mails;
    assert_eq!(mails.iter().map(|mail| mail.event.as_str()).collect::<Vec<_>>(), ["user_name_reminder"]);
    world.assert_sound();
}

#[test]
fn new_credentials_end_the_old_ones_and_nobody_reads_the_new_ones() {
    let mut world = office(|_| {});
    let live = |world: &World| -> i64 {
        let sql = "select count(*) from logon_token where revoked_at is null and used_at is null";
        world.raw().query_row(sql, [], |r| r.get(0)).unwrap()
    };
    assert_eq!(live(&world), 1);
    for (way, event, tokens) in [
        (Authentication::SetPasswordLink, "logon_link", 1),
        (Authentication::TemporaryPassword, "logon_temporary", 0),
        (Authentication::ExternalSso, "logon_sso", 0),
    ] {
        let (number, _) = submitted(&mut world, "tom", new_credentials(way));
        let mails = decide(&mut world, "maria", &number, Verdict::Approve).unwrap().mails;
        assert!(mails.iter().any(|mail| mail.event == event), "{mails:?}");
        assert_eq!(live(&world), tokens, "{way:?}");
        let (hash, must_change): (Option<String>, bool) = world
            .raw()
            .query_row("select password_hash, must_change from portal_user", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .unwrap();
        let temporary = way == Authentication::TemporaryPassword;
        assert_eq!((hash.is_some(), must_change), (temporary, temporary), "{way:?}");
        assert!(hash.is_none_or(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
    }
}

#[test]
fn undo_names_what_the_person_did_and_puts_everything_back() {
    let mut world = office(|_| {});
    let (number, _) = submitted(&mut world, "tom", other_role());
    let said = world.play("tom undoes");
    assert!(said.contains("Undid: submit user request UR-000002."), "{said}");
    assert_eq!(card(&world, "tom", &number).row.state, "draft");
    world.play("tom redoes");
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    let said = world.play("maria undoes");
    assert!(said.contains("Undid: approve UR-000002."), "{said}");
    let seen = card(&world, "maria", &number);
    assert_eq!((seen.row.state.as_str(), seen.mine.is_some()), ("pending_approval", true));
    assert_eq!(world.reader.portal_user("ana").unwrap().role, "customer");
    world.assert_sound();
}

#[test]
fn what_was_submitted_once_stays_for_the_record() {
    let mut world = office(|_| {});
    let (number, id) = submitted(&mut world, "tom", other_role());
    decide(&mut world, "maria", &number, Verdict::RequestChange).unwrap();
    assert_eq!(outcome(&world.run("tom", delete(id))), "in_use");
    let why = world.reader.why(&world.actor("tom"), &world.find(&number)).unwrap();
    let delete_too = why.possible.iter().find(|p| p.command == "delete").unwrap();
    assert_eq!(delete_too.refusal.as_ref().map(|r| r.rule), Some("in_use"), "what is refused is not offered");
    world.run("tom", recall(id)).unwrap();
    world.run("tom", delete(id)).unwrap();
    world.play("tom undoes");
    world.run("tom", cancel(id)).unwrap();
    assert_eq!(card(&world, "tom", &number).row.state, "canceled");
    let draft = world.run("tom", new(other_role())).unwrap().record.unwrap();
    world.run("tom", delete(draft.id)).unwrap();
    assert!(world.reader.find(&draft.number).is_err());
    world.play("tom undoes");
    assert_eq!(card(&world, "tom", &draft.number).row.state, "draft");
    world.assert_sound();
}

#[test]
fn a_reset_leaves_the_role_and_what_an_action_does_not_use_is_refused() {
    let mut world = office(|_| {});
    let reset = submitted(&mut world, "tom", new_credentials(Authentication::TemporaryPassword)).0;
    let role = submitted(&mut world, "tom", other_role()).0;
    decide(&mut world, "maria", &role, Verdict::Approve).unwrap();
    decide(&mut world, "maria", &reset, Verdict::Approve).unwrap();
    assert_eq!(world.reader.portal_user("ana").unwrap().role, "customer_admin");
    let draft = world.run("tom", new(asked(Action::ResetCredentials))).unwrap().record.unwrap();
    let said = |result: Result<countersign::desk::Receipt, Error>| match result {
        Err(Error::Invalid(problems)) => format!("{} {}", problems[0].field, problems[0].problem),
        other => panic!("{other:?}"),
    };
    let role = Some("customer_read_only".to_owned());
    let way = Some(Authentication::ExternalSso);
    let name = Some("somebody".to_owned());
    let mut refused = vec![
        said(world.run("tom", new(NewUserRequest { role: role.clone(), ..asked(Action::ResetCredentials) }))),
        said(world.run("tom", new(NewUserRequest { role: role.clone(), ..asked(Action::Inactivate) }))),
        said(world.run("tom", new(NewUserRequest { authentication: way, ..other_role() }))),
        said(world.run("tom", new(NewUserRequest { user_name: name, ..other_role() }))),
    ];
    let change = EditUserRequest { id: draft.id, role, ..EditUserRequest::default() };
    refused.push(said(world.run("tom", Command::EditUserRequest(change))));
    insta::assert_snapshot!(refused.join("\n"), @r"
    role cannot be given: reset credentials leaves it as it is
    role cannot be given: inactivate leaves it as it is
    authentication cannot be given: change role leaves it as it is
    user_name cannot be given: change role leaves it as it is
    role cannot be given: reset credentials leaves it as it is
    ");
    world.assert_sound();
}

#[test]
fn a_second_request_that_conflicts_is_refused_with_the_number_of_the_first() {
    let mut world = office(|_| {});
    let conflict = |world: &mut World, action| match world.run("tom", new(asked(action))) {
        Err(Error::Invalid(problems)) => problems[0].problem.clone(),
        other => panic!("{other:?}"),
    };
    let first = world.run("tom", new(asked(Action::Inactivate))).unwrap().record.unwrap();
    let said = conflict(&mut world, Action::Inactivate);
    assert_eq!(said, "is not possible: UR-000002, which is Draft, asks for the same");
    world.run("tom", submit(first.id)).unwrap();
    assert!(conflict(&mut world, Action::Inactivate).contains("UR-000002, which is Pending approval"));

    // Two drafts that were made before either was refused.
    world.raw().execute_batch("drop trigger user_request_image_u").unwrap();
    let draft = world.run("tom", new(asked(Action::ResetCredentials))).unwrap().record.unwrap();
    let same = "update user_request set action = ?2 where id = ?1";
    world.raw().execute(same, (draft.id, "inactivate")).unwrap();
    let refused = world.run("tom", submit(draft.id)).unwrap_err();
    assert!(
        refused.to_string().contains("UR-000002, which is Pending approval, asks for the same"),
        "{refused}"
    );
    decide(&mut world, "maria", "UR-2", Verdict::Approve).unwrap();
    let refused = world.run("tom", submit(draft.id)).unwrap_err();
    assert!(refused.to_string().contains("the portal user is inactive"), "{refused}");
    assert!(conflict(&mut world, Action::Add).contains("has the portal user ana, which is inactive"));
}

#[test]
fn a_portal_user_who_came_to_be_meanwhile_stops_the_task() {
    let mut world = World::new();
    world.play("applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1");
    let other = "insert into portal_user (created_at, updated_at, state, user_name, user_name_key, contact_id, role, authentication)
        select 0, 0, 'active', 'other', 'other', id, 'customer', 'external_sso' from contact where number = 'CON-000001'";
    world.raw().execute(other, []).unwrap();
    decide(&mut world, "maria", "UR-1", Verdict::Approve).unwrap();
    let row = card(&world, "tom", "UR-1").row;
    assert_eq!(row.state, "pending_completion");
    assert!(row.failure.is_some_and(|why| why.contains("has the portal user other already")));
    assert!(world.reader.portal_user("ana").is_err());
}

#[test]
fn a_rejected_one_is_put_right_and_every_round_stays_readable() {
    let mut world = office(|_| {});
    let (number, id) = submitted(&mut world, "tom", other_role());
    decide(&mut world, "maria", &number, Verdict::Reject).unwrap();
    let receipt = world.run("tom", edit(id)).unwrap();
    assert_eq!(receipt.state.as_deref(), Some("rejected"));
    world.run("tom", submit(id)).unwrap();
    decide(&mut world, "jens", &number, Verdict::Approve).unwrap();
    let seen = card(&world, "tom", &number);
    let turns: Vec<(u32, &str, &str)> = seen.turns.iter().map(|t| (t.round, &*t.state, &*t.who)).collect();
    assert_eq!(turns, [(1, "rejected", "maria"), (2, "approved", "jens")]);
    world.assert_sound();
}

#[test]
fn what_is_not_kept_is_not_named_and_what_is_deleted_says_so() {
    let mut world = office(|_| {});
    world.raw().execute("update rule_set set state = 'replaced'", []).unwrap();
    let at_once = NewUserRequest {
        then: countersign::desk::commands::user_request::AfterMaking::Submit,
        ..other_role()
    };
    let refused = world.run("tom", new(at_once)).unwrap_err().to_string();
    assert!(refused.starts_with("The new request cannot be submitted"), "{refused}");
    let draft = world.run("tom", new(other_role())).unwrap().record.unwrap();
    assert_eq!(world.run("tom", delete(draft.id)).unwrap().state.as_deref(), Some("deleted"));
}
