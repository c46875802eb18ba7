//! What is done beside the turns, by keys and by command: a stopped request goes on, somebody decides for somebody else, what
//! came back is submitted again, a question is answered.

use super::hands::MARIA;
use super::keys::{SMALL, at, keys};
use super::{holders, office, state};
use crate::world::World;

/// UR-1 was approved by maria and is stopped since priya, who comes next, has left.
fn stopped() -> World {
    let rules = MARIA.replace(
        "  [[workflow.step]]\n  task",
        "  [[workflow.step]]\n  name = \"Second look\"\n  approve = { user = \"priya\" }\n\n  [[workflow.step]]\n  task",
    );
    let world = office(&rules);
    let gone = "drop trigger staff_image_u; update staff set active = 0 where login = 'priya'";
    world.raw().execute_batch(gone).unwrap();
    at(&world, "maria", SMALL).keys("a");
    assert_eq!((state(&world).as_str(), holders(&world).len()), ("pending_approval", 0));
    world
}

#[test]
fn what_is_stopped_is_listed_with_its_cause_and_goes_on_by_keys() {
    for (script, then, expected) in [
        ("c<Tab>otto is back<Ctrl-S>", "again", "cannot go on: Priya Rao is inactive"),
        ("c<Space><Tab>maria<Enter>she knows them<Ctrl-S>", "reassign", "goes on, pending approval"),
        ("c<Space><Space><Tab>it was wrong<Ctrl-S>", "draft", "goes on, draft"),
    ] {
        let world = stopped();
        let mut ana = at(&world, "ana", SMALL);
        let listed = keys(&mut ana, "1ffff");
        assert!(listed.contains("Stopped 1") && listed.contains("! stopped"), "{then}: {listed}");
        let card = keys(&mut ana, "<Enter>");
        assert!(
            card.contains("stopped: Priya Rao is") && card.contains("(priya)"),
            "{then}: cause and culprit: {card}"
        );
        let form = keys(&mut ana, "c");
        assert!(
            form.contains("Resume UR-000001") && form.contains("Priya Rao is inactive"),
            "{then}: {form}"
        );
        ana.keys("<Esc>");
        let done = keys(&mut ana, script);
        assert!(done.contains(expected), "{then}: {done}");
        if then == "again" {
            ana.keys("<Esc>");
        }
        let holder = if then == "reassign" { vec!["maria".to_owned()] } else { Vec::new() };
        assert_eq!(holders(&world), holder, "{then}");
        // Who may not is told which permission is missing, on the key, and jens finds it among his submissions.
        let mut jens = at(&world, "jens", SMALL);
        let listed = keys(&mut jens, "1ff");
        assert!(listed.contains("Submitted by me 1") && listed.contains("UR-000001"), "{then}: {listed}");
        let refused = keys(&mut jens, "c");
        assert!(refused.contains("work.resume"), "{then}: {refused}");
        let help = keys(&mut jens, "<Esc>?resume");
        assert!(help.contains("work.resume"), "{then}: {help}");
    }
}

#[test]
fn a_manager_decides_for_somebody_else_and_history_marks_it() {
    let world = office(MARIA);
    let mut jens = at(&world, "jens", SMALL);
    let refused = keys(&mut jens, "1EA");
    assert!(refused.contains("work.override"), "{refused}");
    let mut priya = at(&world, "priya", SMALL);
    let form = keys(&mut priya, "1EA");
    assert!(form.contains("Decide UR-000001") && form.contains("Which way"), "{form}");
    let done = keys(&mut priya, "<Tab>maria is away<Ctrl-S>");
    assert!(done.contains("UR-000001 decided, completed"), "{done}");
    let marked = [keys(&mut priya, ":UR-1<Enter>H"), keys(&mut priya, "<PgDn>")].concat();
    assert!(marked.contains("overridden  yes") && marked.contains("maria is away"), "{marked}");
}

#[test]
fn the_originator_recalls_and_submits_again_from_the_work_tab() {
    let world = office(MARIA);
    let mut jens = at(&world, "jens", SMALL);
    let listed = keys(&mut jens, "1ff");
    assert!(listed.contains("Submitted by me 1") && listed.contains("with maria"), "{listed}");
    let form = keys(&mut jens, "b");
    assert!(form.contains("Recall UR-000001"), "{form}");
    let back = keys(&mut jens, "a slip<Ctrl-S>");
    assert!(back.contains("UR-000001 taken back, draft") && back.contains("recalled, back"), "{back}");
    let again = keys(&mut jens, "s");
    assert!(again.contains("UR-000001 pending approval"), "{again}");
    assert_eq!(holders(&world), ["maria"]);
    at(&world, "maria", SMALL).keys("xwho is that?<Ctrl-S>");
    assert_eq!(state(&world), "rejected");
    let rejected = keys(&mut jens, "<Ctrl-L>");
    assert!(rejected.contains("rejected, back"), "{rejected}");
    let card = keys(&mut jens, "<Enter>");
    assert!(card.contains("It came back: who is that?"), "{card}");
    jens.keys("s");
    assert_eq!(holders(&world), ["maria"]);
    world.assert_sound();
}
