//! The Staff tab by keys, at 80×24: what the list and the record say, every action, what is refused, and undo.

use countersign::desk::commands::staff::NewQueue;
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::{Command, Desk};
use countersign::domain::permission::How;
use countersign::tui::app::Setup;
use countersign::tui::keymap::Keymap;
use countersign::tui::open::who;
use countersign::tui::screens;
use countersign::tui::testing::Play;
use countersign::tui::theme::Theme;

use super::MARIA;
use crate::world::World;

/// A world where UR-1 waits for maria, with somebody at the keys who has opened the Staff tab.
fn open(world: &World, login: &str) -> Play {
    let actor = world.reader.actor(login, How::Screen).unwrap();
    let all = screens::all(&actor);
    let tab = all.iter().position(|screen| screen.name() == "staff").unwrap() + 1;
    let setup = Setup {
        screens: all,
        keymap: Keymap::default(),
        theme: Theme::default(),
        who: who(&actor),
        actor: actor.clone(),
        hats: Vec::new(),
        drafts: serde_json::Value::Null,
    };
    let mut play = Play::new(setup, Desk::open(world.options.clone()).unwrap(), actor, (80, 24));
    play.keys(&tab.to_string());
    play
}

fn world() -> World {
    let mut world = World::new();
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source: MARIA.into() };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    world.play(
        "applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    world
}

/// Plays keys; gives the screen.
fn keys(play: &mut Play, script: &str) -> String {
    play.keys(script);
    play.screen()
}

fn has(screen: &str, words: &[&str]) {
    for words in words {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

fn one<T: rusqlite::types::FromSql>(world: &World, sql: &str) -> T {
    world.raw().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn the_list_is_filtered_and_sorted_and_the_record_tells_what_hangs_on_a_person() {
    let world = world();
    let mut play = open(&world, "ana");
    let list = play.screen();
    has(&list, &["Staff", "All 7", "Login ↑", "maria", "Maria Silva", "approver", "active"]);
    let filtered = keys(&mut play, "/role:approver open>0<Enter>");
    has(&filtered, &["1 of 7", "maria "]);
    has(&keys(&mut play, "<Esc>/-role:approver<Enter>"), &["3 of 7"]);
    has(&keys(&mut play, "<Esc>/mine<Enter>"), &["1 of 7", "Ana Costa"]);
    // The sixth of the menu is the column of open items.
    let sorted = keys(&mut play, "<Esc>o<Down><Down><Down><Down><Enter>O");
    has(&sorted, &["Open ↓"]);
    let first = sorted.lines().find(|line| line.starts_with('▌') || line.contains(" maria ")).unwrap();
    assert!(first.contains("maria"), "who has most stands first: {sorted}");
    let record = keys(&mut play, "/maria@<Enter><Enter>");
    has(
        &record,
        &[
            "Maria Silva",
            "maria@office.example",
            "the office's:",
            "Open items 1",
            "UR-000001",
            "Check identity",
            "roles     Approver",
            "What the roles allow",
        ],
    );
    has(&keys(&mut play, "<End>"), &["What names them", "Rules that name them: Maria"]);
}

#[test]
fn somebody_is_taken_on_changed_given_roles_and_taken_back_by_undo() {
    let world = world();
    let mut play = open(&world, "ana");
    let form = keys(&mut play, "n");
    has(
        &form,
        &["New member of staff", "Login", "E-mail", "Role", "Manager", "Hours", "Language", "Daily digest"],
    );
    let wrong = keys(&mut play, "kim<Tab>Kim Park<Tab>kim@localhost<C-s>");
    has(&wrong, &["receives no mail"]);
    // The caret stands in the field that is wrong.
    let asks = keys(&mut play, "<C-u>kim@office.example<C-s>");
    assert!(asks.contains("New member of staff"), "a role is due: {asks}");
    let made = keys(&mut play, "<Right><C-s>");
    has(&made, &["kim added", "u undo", "Kim Park"]);
    let menu = keys(&mut play, "/kim<Enter>r");
    has(&menu, &["Roles of kim", "[x] Administrator", "Enter takes it", "[ ] Auditor"]);
    has(&keys(&mut play, "7"), &["kim has that role now"]);
    has(&keys(&mut play, "r1"), &["kim has that role no more"]);
    let roles: String = one(
        &world,
        "select group_concat(r.name) from staff_role sr join role r on r.id = sr.role_id join staff s on s.id = sr.staff_id where s.login = 'kim'",
    );
    assert_eq!(roles, "auditor");
    let form = keys(&mut play, "e");
    has(&form, &["Change kim", "kim@office.example"]);
    let hours = keys(&mut play, "<Tab><Tab><Tab>mon 25:00-26:00<C-s>");
    has(&hours, &["mon-thu 08:00-16:00"]);
    has(&keys(&mut play, "<C-u>mon-thu 08:00-16:00<C-s>"), &["kim changed"]);
    has(&keys(&mut play, "mpri<Down><Enter><C-s>"), &["kim changed"]);
    let manager: String =
        one(&world, "select m.login from staff s join staff m on m.id = s.manager_id where s.login = 'kim'");
    assert_eq!(manager, "priya");
    for undone in ["edit staff", "edit staff", "revoke role", "grant role", "add staff"] {
        has(&keys(&mut play, "u"), &[&format!("Undid: {undone}")]);
    }
    assert_eq!(one::<i64>(&world, "select count(*) from staff where login = 'kim'"), 0);
    world.assert_sound();
}

#[test]
fn marked_people_get_a_role_and_a_manager_at_once() {
    let world = world();
    let mut play = open(&world, "ana");
    has(&keys(&mut play, "/approver<Enter>*r"), &["Roles of 4 people", "[x] Approver"]);
    has(&keys(&mut play, "7"), &["Give Auditor to 4 people?"]);
    has(&keys(&mut play, "<Right><Enter>"), &["4 staff has that role now"]);
    let auditors =
        "select count(*) from staff_role sr join role r on r.id = sr.role_id where r.name = 'auditor'";
    assert_eq!(one::<i64>(&world, auditors), 5);
    has(&keys(&mut play, "m"), &["Manager of 4 people"]);
    has(&keys(&mut play, "pri<Down><Enter><C-s>"), &["4 staff changed"]);
    assert_eq!(one::<i64>(&world, "select count(*) from staff where manager_id is not null"), 4);
    has(&keys(&mut play, "uu"), &["Undid"]);
    assert_eq!(one::<i64>(&world, auditors), 1);
}

#[test]
fn a_deputy_is_set_for_days_seen_and_ended() {
    let world = world();
    let mut play = open(&world, "ana");
    let form = keys(&mut play, "/maria@<Enter>d");
    has(&form, &["Deputy for maria", "First day", "2026-11-23", "Move open items"]);
    let set = keys(&mut play, "tom<Down><Enter><Tab>+3d<C-s>");
    has(&set, &["maria has a deputy", "1 mail", "tom", "away"]);
    has(&keys(&mut play, "<Enter>"), &["Deputies", "now: tom, 2026-11-23 to 2026-11-26"]);
    has(&keys(&mut play, "<Esc>d"), &["Deputy for maria"]);
    let twice = keys(&mut play, "pri<Down><Enter><C-s>");
    has(&twice, &["has a deputy for some of that time already"]);
    has(&keys(&mut play, "<Esc><Right><Enter>"), &["maria"]);
    has(&keys(&mut play, "D"), &["maria decides alone again"]);
    has(&keys(&mut play, "D"), &["nobody stands in for maria"]);
    has(&keys(&mut play, "<Esc>u"), &["Undid: end deputy"]);
    assert_eq!(one::<String>(&world, "select state from deputy"), "active");
    world.assert_sound();
}

#[test]
fn who_leaves_is_marked_and_all_of_it_moves_after_a_preview() {
    let mut world = world();
    let queue = NewQueue {
        name: "support".into(),
        title: Some("Support".into()),
        admin: "priya".into(),
        members: vec!["maria".into()],
        condition: None,
    };
    world.run("ana", Command::NewQueue(queue)).unwrap();
    let mut play = open(&world, "ana");
    let moved = keys(&mut play, "/maria@<Enter>M");
    has(&moved, &["Move the open items of maria", "Reason"]);
    let tried = keys(&mut play, "jens<Down><Enter>she left<C-s>");
    has(&tried, &["Move the open items of maria to jens?", "UR-000001 stays with maria", "0 moved"]);
    assert_eq!(
        one::<i64>(
            &world,
            "select count(*) from work_item i join staff s on s.id = i.assigned_id where s.login = 'maria'"
        ),
        1
    );
    has(&keys(&mut play, "<Esc>x"), &["maria changed"]);
    has(&play.screen(), &["! inactive", "Staff !1"]);
    has(&keys(&mut play, "x"), &["maria is inactive already"]);
    let form = keys(&mut play, "<Esc>L");
    has(&form, &["Hand over all that names maria"]);
    let wrong = keys(&mut play, "mar<Down><Enter><C-s>");
    assert!(wrong.contains("Hand over all that names maria"), "maria2 or nobody: {wrong}");
    let tried = keys(&mut play, "<Esc>");
    let tried = if tried.contains("Throw") || tried.contains("eep") {
        keys(&mut play, "<Right><Enter>")
    } else {
        tried
    };
    assert!(!tried.contains("Look first"), "{tried}");
    let tried = keys(&mut play, "Lpri<Down><Enter><C-s>");
    has(
        &tried,
        &[
            "Hand over all that names maria to priya?",
            "Open items: UR-000001 (Check identity)",
            "Queues they are in: support",
            "Rules that name them",
        ],
    );
    let done = keys(&mut play, "<Right><Enter>");
    has(&done, &["maria items moved"]);
    let holder =
        "select s.login from work_item i join staff s on s.id = i.assigned_id where i.state = 'open'";
    assert_eq!(one::<String>(&world, holder), "priya");
    assert!(!done.contains("Staff !1"), "nothing is left behind: {done}");
    has(&keys(&mut play, "L"), &["Hand over all that names maria"]);
    has(&keys(&mut play, "pri<Down><Enter><C-s>"), &["there is nothing to hand over"]);
    has(&keys(&mut play, "<Esc>u"), &["Undid"]);
    assert_eq!(one::<String>(&world, holder), "maria");
    has(&keys(&mut play, "R"), &["maria changed"]);
    world.assert_sound();
}

#[test]
fn a_queue_is_joined_and_left_by_whoever_looks_after_it() {
    let mut world = world();
    for (name, admin) in [("support", "tom"), ("samples", "ana")] {
        let queue = NewQueue {
            name: name.into(),
            title: None,
            admin: admin.into(),
            members: Vec::new(),
            condition: None,
        };
        world.run("ana", Command::NewQueue(queue)).unwrap();
    }
    let mut play = open(&world, "tom");
    has(&keys(&mut play, "/jens<Enter>Q"), &["Queues of jens", "[ ] support", "[ ] samples"]);
    let refused = keys(&mut play, "2");
    assert!(refused.contains("may not") && !refused.contains("has one more member"), "{refused}");
    has(&keys(&mut play, "1"), &["support has one more member"]);
    has(&keys(&mut play, "<Enter>"), &["Queues", "support"]);
    has(&keys(&mut play, "Q1"), &["support has one member less"]);
}

#[test]
fn what_is_not_allowed_says_why_and_ones_own_is() {
    let world = world();
    let mut play = open(&world, "tom");
    keys(&mut play, "/jens<Enter>");
    for key in ["n", "e", "r", "m", "x", "L", "d"] {
        let refused = keys(&mut play, key);
        assert!(refused.contains("tom may not"), "{key}: {refused}");
        keys(&mut play, "<Esc>");
    }
    keys(&mut play, "<Esc>/maria@<Enter>");
    has(&keys(&mut play, "M"), &["tom may not"]);
    keys(&mut play, "<Esc><Esc>/tom<Enter>");
    let own = keys(&mut play, "e");
    assert!(own.contains("Language") && !own.contains("E-mail"), "{own}");
    has(&keys(&mut play, "<Right><C-s>"), &["tom changed"]);
    assert_eq!(one::<String>(&world, "select language from staff where login = 'tom'"), "de");
    has(&keys(&mut play, "d"), &["Deputy for tom"]);
    has(&keys(&mut play, "jens<Down><Enter><C-s>"), &["tom has a deputy"]);
}

#[test]
fn help_and_palette_know_the_tab() {
    let world = world();
    let mut play = open(&world, "ana");
    has(&keys(&mut play, "?"), &["roles", "Give or take a role", "deputy-set", "work-reassign"]);
    let found = keys(&mut play, "<Esc>:hand over");
    has(&found, &["leaver"]);
}

#[test]
fn queues_are_made_put_on_hold_and_handed_to_somebody_else() {
    let world = world();
    let mut play = open(&world, "ana");
    has(&keys(&mut play, "C"), &["Make or change a queue", "A new queue"]);
    play.keys("<End><Enter>");
    has(&play.screen(), &["New queue", "Looks after it"]);
    let made = keys(&mut play, "nightshift<Tab>Night shift<Tab>maria<Enter><C-s>");
    has(&made, &["nightshift made"]);
    has(&keys(&mut play, "C"), &["Night shift", "active · maria · 0 members · 0 waiting"]);
    let form = keys(&mut play, "1");
    has(&form, &["Change queue nightshift", "Place"]);
    let changed = keys(&mut play, "<Tab><Space><C-s>");
    has(&changed, &["nightshift changed"]);
    has(&keys(&mut play, "C"), &["on hold · maria"]);
    play.keys("<Esc>");
    // Whoever looks after it may change it, nobody else but who manages staff.
    let mut maria = open(&world, "maria");
    has(&keys(&mut maria, "C1"), &["Change queue nightshift"]);
    let mut jens = open(&world, "jens");
    assert!(!keys(&mut jens, "C").contains("Make or change"), "{}", jens.screen());
    world.assert_sound();
}
