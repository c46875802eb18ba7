//! What the forms of the screen say before they are sent, and that nothing is sent by accident.

use countersign::desk::Command;
use countersign::desk::commands::user_request::CancelUserRequest;
use countersign::desk::commands::work::RecallDocument;
use countersign::domain::workflow::Document;
use countersign::tui::theme::SignSet;

use crate::screens::{at_the_keys, at_the_keys_in, last_line};
use crate::work::keys::{SMALL, at, keys};
use crate::world::World;

/// An office with one sign-up, verified like this.
fn verified(how: &str) -> World {
    let mut world = World::new();
    world.play(&format!("applicant submits aurora; {how}"));
    world
}

#[test]
fn the_create_dialog_says_what_becomes_of_the_request_before_it_is_made() {
    let by_phone = verified("maria verifies REG-1 by phone: rang; priya approves REG-1");
    let form = keys(&mut at(&by_phone, "jens", SMALL), "2ff<Enter>c");
    assert!(form.contains("waits for approval by"), "{form}");
    assert!(form.contains("logon mail yet"), "{form}");
    let done = keys(&mut at(&by_phone, "jens", SMALL), "2ff<Enter>c<Ctrl-S>");
    assert!(done.contains("REG-000001 created · waits for approval"), "{done}");
    let by_code = verified("applicant verifies REG-1; priya approves REG-1");
    let form = keys(&mut at(&by_code, "jens", SMALL), "2ff<Enter>c");
    assert!(form.contains("the portal user at once"), "{form}");
}

#[test]
fn a_reason_to_reject_is_chosen_and_never_preset() {
    let world = verified("maria verifies REG-1 by phone: rang");
    let state = || world.raw().query_row("select state from signup", [], |r| r.get::<_, String>(0)).unwrap();
    for size in [SMALL, (120, 40)] {
        let mut priya = at_the_keys(&world.options, "priya", size);
        let form = keys(&mut priya, "2x");
        assert!(form.contains("1 already a customer") && form.contains("choose: 1 to"), "{form}");
        let refused = keys(&mut priya, "<Ctrl-S>");
        assert!(refused.contains("is needed"), "{refused}");
        assert_eq!(state(), "verified_by_user");
        priya.keys("<Esc>");
    }
    let mut priya = at_the_keys(&world.options, "priya", SMALL);
    let done = keys(&mut priya, "2x2<Ctrl-S>");
    assert!(last_line(&done).contains("REG-000001 rejected"), "{done}");
    let second: String = world.raw().query_row("select reason_code from signup", [], |r| r.get(0)).unwrap();
    assert_eq!((state().as_str(), second.as_str()), ("rejected", "not_a_business"));
    world.assert_sound();
}

#[test]
fn a_country_is_found_while_its_name_is_typed() {
    let world = World::new();
    for form in ["2n", "4n"] {
        let mut jens = at(&world, "jens", (100, 40));
        jens.keys(form);
        while !jens.screen().contains("Two letters") {
            jens.keys("<Tab>");
        }
        let offered = keys(&mut jens, "<Ctrl-U>german");
        assert!(offered.contains("DE  Germany"), "{offered}");
        let taken = keys(&mut jens, "<Tab>");
        assert!(!taken.contains("german") && taken.contains("DE"), "{taken}");
    }
}

#[test]
fn a_terminal_of_ascii_gets_no_other_sign_on_any_screen() {
    let mut world = World::new();
    world.play(
        "applicant submits w1; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1; applicant submits w2",
    );
    let scripts = [
        "1",
        "1<Enter>",
        "1x",
        "2",
        "2E",
        "2E<Enter>",
        "2n",
        "2fx",
        "2o",
        "2=",
        "3",
        "3<Enter>",
        "3p",
        "3n",
        "4",
        "4<Enter>",
        "4<Enter>e",
        "5",
        "5<Enter>",
        "5p",
        "6",
        "6j<Enter>",
        "6Q",
        "7",
        "1W",
        "1H",
        "1?",
        "1:",
        "1!",
        "1/nofield:x<Enter>",
    ];
    for size in [SMALL, (160, 45)] {
        for script in scripts {
            let mut play = at_the_keys_in(&world.options, "maria", size, SignSet::Ascii);
            let screen = keys(&mut play, script);
            let odd: String = screen.chars().filter(|c| !c.is_ascii()).collect();
            assert!(odd.is_empty(), "{script} at {size:?} draws “{odd}”:\n{screen}");
        }
    }
}

#[test]
fn a_request_says_before_it_is_submitted_who_will_get_it() {
    let mut world = World::new();
    world.play(
        "applicant submits w1; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    let id = world.find("UR-1").id;
    let recall = RecallDocument { document: Document::UserRequest, id, reason: "a slip".into() };
    world.run("jens", Command::RecallDocument(recall)).unwrap();
    let mut jens = at(&world, "jens", SMALL);
    let card = keys(&mut jens, "3<Enter>");
    assert!(card.contains("Who will get it") && card.contains("role approver ("), "{card}");
    let page = keys(&mut jens, "p");
    for words in ["Route of UR-000001", "Workflow", "Check identity", "(maria)"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // In the Work tab, where it came back to, too.
    let card = keys(&mut at(&world, "jens", SMALL), "1ff<Enter>");
    assert!(card.contains("Who will get it"), "{card}");
    // The form of a new one tries it; a second one for the same contact would be refused.
    let cancel = CancelUserRequest { id, reason: "a slip".into() };
    world.run("jens", Command::CancelUserRequest(cancel)).unwrap();
    let form = keys(&mut at(&world, "jens", SMALL), "4<Enter>U");
    assert!(form.contains("Then") && form.contains("waits for approval by"), "{form}");
    world.assert_sound();
}

#[test]
fn what_was_approved_inside_its_record_is_created_from_the_list_as_it_is_now() {
    let mut world = World::new();
    world.play("applicant submits w1; applicant verifies REG-1");
    let mut maria = at(&world, "maria", SMALL);
    let approved = keys(&mut maria, "2<Enter>a");
    assert!(approved.contains("REG-000001 approved"), "{approved}");
    maria.keys("<Esc>");
    for _ in 0..9 {
        if maria.screen().contains("Approved 1") && maria.screen().contains("▌") {
            break;
        }
        maria.keys("f");
    }
    // The first key opens it, the second makes the form.
    maria.keys("c");
    let form =
        if maria.screen().contains("Create: REG-000001") { maria.screen() } else { keys(&mut maria, "c") };
    assert!(form.contains("Create: REG-000001") && !form.contains("Approve and create"), "{form}");
    assert!(!form.contains("changed it"), "{form}");
}
