//! The Work tab by keys alone: whoever has hundreds of these to do needs one key for each.

use countersign::desk::Command;
use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::desk::commands::user_request::{
    AfterMaking, EditUserRequest, IfRefused, NewUserRequest, SubmitUserRequest,
};
use countersign::desk::commands::work::RecallDocument;
use countersign::domain::user_request::Action;
use countersign::domain::workflow::Document;
use countersign::tui::testing::Play;

use crate::screens::{at_the_keys, last_line};
use crate::world::World;

pub const SMALL: (u16, u16) = (80, 24);

/// An office where so many user requests wait for the role approver; jens submitted them.
fn waiting(many: usize) -> World {
    let mut world = World::new();
    for n in 1..=many {
        world.play(&format!(
            "applicant submits w{n}; maria verifies REG-{n} by phone: rang; priya approves REG-{n}; jens creates REG-{n}"
        ));
    }
    world
}

pub fn at(world: &World, login: &str, size: (u16, u16)) -> Play {
    at_the_keys(&world.options, login, size)
}

pub fn keys(play: &mut Play, script: &str) -> String {
    play.keys(script);
    play.screen()
}

fn count(world: &World, state: &str) -> i64 {
    let sql = "select count(*) from user_request where state = ?1";
    world.raw().query_row(sql, [state], |r| r.get(0)).unwrap()
}

#[test]
fn fifty_requests_are_decided_with_fifty_keys_and_each_card_says_what_a_decision_needs() {
    let world = waiting(50);
    let mut maria = at(&world, "maria", SMALL);
    assert!(maria.screen().contains("1 Work 50"), "{}", maria.screen());
    // One key opens the first; from there on every decision opens the next.
    maria.keys("<Enter>");
    for n in 1..=50 {
        let card = maria.screen();
        let number = format!("UR-{n:06}");
        for (what, words) in [
            ("which", number.as_str()),
            ("what", "add w"),
            ("who asks", "jens"),
            ("customer", &format!("w{n} Works")),
            ("contact", &format!("Personw{n}")),
            ("why me", "role approver"),
            ("since when", "since"),
            ("due", "due"),
            ("rule and step", "Logon for a new user · Check identity"),
            ("how verified", "by phone"),
            ("by whom verified", "rang"),
            ("checks", "checks"),
        ] {
            assert!(card.contains(words), "{what}: “{words}” of {number}:\n{card}");
        }
        maria.keys("a");
    }
    assert_eq!((count(&world, "pending_approval"), count(&world, "completed")), (0, 50));
    let empty = maria.screen();
    assert!(empty.contains("Nothing waits here") && !empty.contains("Work 50"), "{empty}");
    world.assert_sound();
}

#[test]
fn the_card_says_what_came_of_earlier_rounds_and_fits_a_small_screen() {
    let mut world = waiting(1);
    let id = world.find("UR-1").id;
    let mut maria = at(&world, "maria", SMALL);
    let card = keys(&mut maria, "<Enter>");
    assert!(!card.contains("… "), "nothing is cut: {card}");
    maria.keys("xNo proof of role<Ctrl-S>");
    let again = SubmitUserRequest { id, if_refused: IfRefused::Fail };
    world.run("jens", Command::SubmitUserRequest(again.clone())).unwrap();
    let recall = RecallDocument { document: Document::UserRequest, id, reason: "proof is here".into() };
    world.run("jens", Command::RecallDocument(recall)).unwrap();
    let edit = EditUserRequest {
        id,
        email: Some("somebody.quite.else@another-company.example".into()),
        ..EditUserRequest::default()
    };
    world.run("jens", Command::EditUserRequest(edit)).unwrap();
    world.run("jens", Command::SubmitUserRequest(again)).unwrap();
    for size in [SMALL, (120, 40)] {
        let mut maria = at(&world, "maria", size);
        let card = keys(&mut maria, "<Enter>");
        for words in [
            "rejected by maria",
            "“No proof of role”",
            "somebody.quite.else",
            "@another-company.example",
            "! the contact's is w1@w1.example",
        ] {
            assert!(card.contains(words), "“{words}” at {size:?}:\n{card}");
        }
        assert!(!card.contains("… "), "nothing is cut: {card}");
    }
    world.assert_sound();
}

/// One more approver, a person of their own.
fn otto(world: &mut World) {
    let otto = AddStaff {
        login: "otto".into(),
        name: "Otto Lund".into(),
        email: None,
        roles: vec!["approver".into()],
        person: None,
        traits: Traits::default(),
    };
    world.run("ana", Command::AddStaff(otto)).unwrap();
}

#[test]
fn whoever_comes_second_is_told_who_was_first_and_the_row_goes() {
    let mut world = waiting(3);
    otto(&mut world);
    let (mut maria, mut otto) = (at(&world, "maria", SMALL), at(&world, "otto", SMALL));
    otto.keys("<Enter>");
    maria.keys("a");
    let second = keys(&mut otto, "a");
    assert!(second.contains("UR-000001 was decided meanwhile: approved by maria"), "{second}");
    assert!(second.contains("UR-000002  Pending approval  add w2"), "the next card is open: {second}");
    // In the list too, with the row that maria takes under otto's cursor.
    let listed = keys(&mut otto, "<Esc><Esc>");
    assert!(!listed.contains("UR-000001 ") && listed.contains("UR-000002 "), "{listed}");
    maria.keys("t");
    let second = keys(&mut otto, "a");
    assert!(second.contains("maria (work taken"), "{second}");
    let listed = keys(&mut otto, "<Esc>");
    assert!(
        !listed.contains("UR-000002 ") && listed.contains("UR-000003 "),
        "it waits for maria alone: {listed}"
    );
    let page = keys(&mut otto, "!");
    assert!(page.contains("approved by maria"), "notices keep it: {page}");
    world.assert_sound();
}

#[test]
fn marked_rows_are_tried_first_then_decided_with_a_line_for_each_that_was_not() {
    let mut world = waiting(5);
    otto(&mut world);
    for size in [SMALL, (120, 40)] {
        let mut maria = at(&world, "maria", size);
        maria.keys("<Space><Space><Space>");
        // Somebody else is quicker with one of the marked; the screen does not know yet.
        let mut otto = at(&world, "otto", size);
        otto.keys("a");
        let asked = keys(&mut maria, "a");
        for words in
            ["Approve 2 items?", "2 of 3 marked can be", "one undo takes all of it back", "approved by otto"]
        {
            assert!(asked.contains(words), "{words}: {asked}");
        }
        let before = count(&world, "completed");
        let done = keys(&mut maria, "<Right><Enter>");
        assert!(last_line(&done).contains("2 user requests decided"), "{done}");
        assert_eq!(count(&world, "completed"), before + 2);
        let back = keys(&mut maria, "u");
        assert_eq!(count(&world, "completed"), before, "one undo takes all of it back: {back}");
        maria.keys("-");
        otto.keys("u");
    }
    // A form for several: whoever may not is told before it opens, what cannot be after it was filled.
    let mut maria = at(&world, "maria", SMALL);
    maria.keys("<Space><Space>");
    let form = keys(&mut maria, "x");
    assert!(form.contains("Reject 2 items"), "{form}");
    let mut otto = at(&world, "otto", SMALL);
    otto.keys("a");
    let done = keys(&mut maria, "nobody knows them<Ctrl-S>");
    assert!(done.contains("approved by otto") && done.contains("UR-000002"), "one line for each: {done}");
    assert_eq!((count(&world, "rejected"), count(&world, "completed")), (1, 1));
    world.assert_sound();
}

#[test]
fn a_decision_is_taken_back_within_the_grace_time_and_not_after_its_mail_has_left() {
    let mut world = waiting(2);
    let mut maria = at(&world, "maria", SMALL);
    maria.keys("<Enter>");
    let done = keys(&mut maria, "a");
    assert!(last_line(&done).contains("2 mails wait 30 s") && last_line(&done).contains("u undo"), "{done}");
    let back = keys(&mut maria, "u");
    assert!(back.contains("UR-000001  Pending approval  add w1"), "the card is open again: {back}");
    assert_eq!(count(&world, "completed"), 0);
    maria.keys("a");
    world.play("wait 31 seconds; mail leaves");
    let refused = keys(&mut maria, "u");
    assert!(refused.contains("the mail to jens@office.example left at"), "{refused}");
    assert_eq!(count(&world, "completed"), 1);
    world.assert_sound();
}

#[test]
fn turns_change_hands_by_keys_at_eighty_columns() {
    let mut world = waiting(4);
    otto(&mut world);
    let mut maria = at(&world, "maria", SMALL);
    let taken = keys(&mut maria, "t");
    assert!(last_line(&taken).contains("UR-000001 taken"), "{taken}");
    let given_back = keys(&mut maria, "R");
    assert!(last_line(&given_back).contains("UR-000001 given back"), "{given_back}");
    // Delegate.
    let form = keys(&mut maria, "T");
    assert!(form.contains("Delegate UR-000001") && form.contains("Note"), "{form}");
    let delegated = keys(&mut maria, "otto<Enter>I am out<Ctrl-S>");
    assert!(last_line(&delegated).contains("UR-000001 delegated"), "{delegated}");
    assert!(!keys(&mut maria, "<Esc>").contains("UR-000001 "), "{}", maria.screen());
    let mut other = at(&world, "otto", SMALL);
    let card = keys(&mut other, "<Enter>");
    assert!(card.contains("delegated by maria") && card.contains("I am out"), "{card}");
    // Ask, answer, and both see it.
    let asked = keys(&mut maria, "i");
    assert!(
        asked.contains("Ask about UR-000002") && asked.contains("jens"),
        "who submitted is preset: {asked}"
    );
    let asked = keys(&mut maria, "<Tab>is she employed there?<Ctrl-S>");
    assert!(last_line(&asked).contains("the question is asked"), "{asked}");
    let mut jens = at(&world, "jens", SMALL);
    let listed = jens.screen();
    assert!(listed.contains("1 Work 1") && listed.contains("answer: is s"), "{listed}");
    let question = keys(&mut jens, "<Enter>");
    assert!(question.contains("maria asks") && question.contains("is she employed there?"), "{question}");
    let form = keys(&mut jens, "I");
    assert!(form.contains("Answer about UR-000002") && form.contains("is she employed"), "{form}");
    let answered = keys(&mut jens, "since May<Ctrl-S>");
    assert!(last_line(&answered).contains("UR-000002 answered"), "{answered}");
    assert!(answered.contains("Nothing waits here"), "{answered}");
    for who in [&mut maria, &mut jens] {
        let card = keys(who, ":UR-2<Enter>");
        assert!(card.contains("is she employed") && card.contains("jens: since May"), "{card}");
        who.keys("<Esc>1");
    }
    // The person outside is asked by mail, and what they say is noted.

    let asked = keys(&mut maria, "i<Tab>who else works there?<Tab><Space><Ctrl-S>");
    assert!(last_line(&asked).contains("the question is asked"), "{asked}");
    let (to, of): (String, String) = world
        .raw()
        .query_row(
            "select o.to_address, q.outside from work_question q join outbox o on o.event = 'contact_asked' order by q.id desc limit 1",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .unwrap();
    assert!(to.contains('@') && !of.is_empty(), "{to} {of}");
    // Request a change; the originator changes it and submits again, all from the Work tab.
    let sent_back = keys(&mut maria, "C");
    assert!(sent_back.contains("Ask for a change of UR-000002"), "{sent_back}");
    let sent_back = keys(&mut maria, "another address<Tab>email<Ctrl-S>");
    assert!(last_line(&sent_back).contains("UR-000002 decided, draft"), "{sent_back}");
    let mut jens = at(&world, "jens", SMALL);
    let card = keys(&mut jens, "<Enter>");
    assert!(card.contains("another address") && card.contains("email"), "{card}");
    let refused = keys(&mut jens, "a");
    assert!(refused.contains("waits for a change, not for a decision"), "{refused}");
    let edited = keys(&mut jens, "<Esc>e<Tab><Tab><Tab><Ctrl-U>w2@other.example<Ctrl-S>");
    assert!(last_line(&edited).contains("UR-000002"), "{edited}");
    let again = keys(&mut jens, "s");
    assert!(last_line(&again).contains("UR-000002 pending approval"), "{again}");
    assert_eq!(count(&world, "pending_approval"), 4);
    world.assert_sound();
}

#[test]
fn the_card_says_how_others_of_the_same_contact_were_decided() {
    let mut world = waiting(1);
    let mut maria = at(&world, "maria", SMALL);
    maria.keys("a");
    world
        .run(
            "jens",
            Command::NewUserRequest(NewUserRequest {
                kind: "customer".into(),
                action: Action::Inactivate,
                contact: "CON-000001".into(),
                role: None,
                email: None,
                authentication: None,
                user_name: None,
                justification: Some("she left".into()),
                then: AfterMaking::Submit,
            }),
        )
        .unwrap();
    let mut maria = at(&world, "maria", SMALL);
    let card = keys(&mut maria, "<Enter>");
    assert!(card.contains("Decided before") && card.contains("UR-000001 add w1"), "{card}");
    assert!(card.contains("completed") && card.contains("by maria"), "{card}");
    let other = world.reader.user_request_card(&world.actor("maria"), world.find("UR-1").id).unwrap();
    assert!(other.similar.is_empty(), "what is still open is no example: {:?}", other.similar);
}
