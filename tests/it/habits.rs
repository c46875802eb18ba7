//! What users of terminal programs expect (conventions.md), by keys and clicks through the real app and a real desk.

use countersign::desk::Command;
use countersign::desk::commands::work::RecallDocument;
use countersign::domain::permission::How;
use countersign::domain::workflow::Document;
use countersign::tui::effect::Event;
use countersign::tui::testing::Play;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::Modifier;

use crate::screens::{Office, at_the_keys, last_line};
use crate::world::World;

/// The line of the screen that holds this.
fn line_with<'a>(screen: &'a str, text: &str) -> &'a str {
    screen.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("no “{text}”: {screen}"))
}

#[test]
fn undo_and_redo_say_before_what_they_would_do() {
    let mut office = Office::open("maria", (120, 40));
    let help = office.keys("?redo");
    assert!(help.contains("not now: there is nothing of yours to do again"), "{help}");
    office.keys("<Esc><Esc>/contoso<Enter>a");
    let help = office.keys("?undo");
    assert!(help.contains("Take back: approve sign-up REG-000057, just now"), "{help}");
    let palette = office.keys("<Esc><Esc>:undo");
    assert!(line_with(&palette, "▌ undo").contains("Take back: approve sign-up REG-000057"), "{palette}");
    office.keys("<Enter>");
    let palette = office.keys(":redo");
    assert!(line_with(&palette, "▌ redo").contains("Do again: approve sign-up REG-000057"), "{palette}");
    office.keys("<Enter>");
    let mut jens = at_the_keys(&office.options, "jens", (120, 40));
    jens.keys(":REG-57<Enter>m");
    let help = office.keys("?undo");
    assert!(help.contains("not now: approve sign-up REG-000057: jens changed it since"), "{help}");
}

#[test]
fn of_ones_own_last_changes_exactly_one_is_taken_back() {
    let mut office = Office::open("maria", (120, 40));
    office.keys("/contoso<Enter>a<Esc>m");
    let newest = || {
        let reader = office.reader();
        let maria = reader.actor("maria", How::Screen).unwrap();
        reader.own_changes(&maria, 2).unwrap()
    };
    let [second, first] = newest().try_into().unwrap();
    assert_eq!((first.words.as_str(), &first.refusal), ("approve sign-up REG-000057", &None));
    let list = office.keys("!");
    assert!(last_line(&list).contains("Y my changes"), "notices lead to them: {list}");
    let list = office.keys("Y");
    assert!(list.contains("Your last changes") && list.contains(&second.words), "{list}");
    let highlighted = office.keys("2");
    assert!(
        line_with(&highlighted, "approve sign-up REG-000057").contains("▌"),
        "a digit does nothing yet: {highlighted}"
    );
    let undone = office.keys("<Enter>");
    assert!(undone.contains("Undid: approve sign-up REG-000057"), "{undone}");
    let list = office.keys("Y");
    assert!(line_with(&list, "2 approve sign-up REG-000057").contains("not now"), "{list}");
    assert!(!line_with(&list, &second.words).contains("not now"), "the newer one stands: {list}");
    let refused = office.keys("<Down><Enter>");
    assert!(last_line(&refused).contains("was undone before"), "{refused}");
}

/// Goes to the field with this label, the caret in it.
fn to_field(play: &mut Play, label: &str) {
    for _ in 0..30 {
        let cursor = play.cursor().expect("a form has a caret");
        if play.row(usize::from(cursor.y)).contains(label) {
            return;
        }
        play.keys("<Tab>");
    }
    panic!("no field {label}: {}", play.screen());
}

#[test]
fn what_two_people_changed_is_chosen_field_by_field_and_nothing_typed_is_lost() {
    for size in [(80, 24), (120, 40)] {
        let mut office = Office::open("maria", size);
        let mut jens = at_the_keys(&office.options, "jens", size);
        office.keys("/contoso<Enter><Enter>e");
        for (label, text) in [("Company", "Mine Ltd"), ("City", "Porto"), ("County", "Mine too")] {
            to_field(&mut office.play, label);
            office.keys(&format!("<End><Ctrl-U>{text}"));
        }
        // Meanwhile jens changes two of these fields and one more.
        jens.keys("/contoso<Enter><Enter>e");
        for (label, text) in [("Company", "Theirs Ltd"), ("City", "Faro"), ("State or region", "Algarve")] {
            to_field(&mut jens, label);
            jens.keys(&format!("<End><Ctrl-U>{text}"));
        }
        let saved = jens.keys("<Ctrl-S>").screen();
        assert!(last_line(&saved).contains("REG-000057 corrected"), "{saved}");

        let asked = office.keys("<Ctrl-S>");
        for words in ["changed meanwhile", "jens", "yours", "Mine Ltd", "theirs", "Theirs Ltd", "take theirs"]
        {
            assert!(asked.contains(words), "{words}: {asked}");
        }
        let back = office.keys("<Esc>");
        assert!(back.contains("Mine too") && back.contains("nothing is lost"), "{back}");
        office.keys("<Ctrl-S>");
        let missing = office.keys("<Ctrl-S>");
        assert!(missing.contains("is needed"), "nothing is chosen for anybody: {missing}");
        office.keys("1");
        to_field(&mut office.play, "choose");
        let last = office.keys("<Tab>2");
        assert!(last.contains("Faro") && last.contains("Algarve"), "{last}");
        let done = office.keys("<Ctrl-S>");
        assert!(last_line(&done).contains("REG-000057 corrected"), "{done}");
        let card = office.reader().signup(57).unwrap();
        let value = |name: &str| {
            card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone()).unwrap_or_default()
        };
        assert_eq!(
            ["company", "city", "county", "region"].map(value),
            ["Mine Ltd", "Faro", "Mine too", "Algarve"].map(str::to_owned)
        );
    }
}

/// Clicks on this text; gives the screen.
fn click(office: &mut Office, text: &str) -> String {
    let screen = office.play.screen();
    let found = screen.lines().enumerate().find_map(|(y, line)| Some((y, line.find(text)?, line)));
    let (y, at, line) = found.unwrap_or_else(|| panic!("no “{text}”: {screen}"));
    office.play.event(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: u16::try_from(line[..at].chars().count()).unwrap(),
        row: u16::try_from(y).unwrap(),
        modifiers: KeyModifiers::NONE,
    }));
    office.play.wait(1000);
    office.play.screen()
}

#[test]
fn key_hints_inside_boxes_take_clicks() {
    let mut office = Office::open("maria", (80, 24));
    office.keys("x");
    let chosen = click(&mut office, "2 Details");
    assert!(chosen.contains("▌ 2 Details"), "a listed choice: {chosen}");
    let next = click(&mut office, "Tab next");
    assert!(next.contains("For colleagues; the applicant never sees it"), "{next}");
    let asked = click(&mut office, "Esc back");
    assert!(asked.contains("The form is half filled."), "{asked}");
    let highlighted = click(&mut office, "Tab or arrows");
    assert!(highlighted.contains("[ Put aside ]"), "{highlighted}");
    let kept = click(&mut office, "Esc back");
    assert!(!kept.contains("half filled") && kept.contains("Tab next"), "{kept}");
    let saved = click(&mut office, "Ctrl-S save");
    assert!(last_line(&saved).contains("rejected"), "{saved}");
    office.keys("!");
    let changes = click(&mut office, "my changes");
    assert!(changes.contains("Your last changes"), "{changes}");
    let closed = click(&mut office, "Esc back");
    assert!(!closed.contains("Your last changes"), "{closed}");
    office.keys("?");
    let closed = click(&mut office, "Esc back");
    assert!(!closed.contains("Type to search"), "{closed}");
}

#[test]
fn cancelling_a_mail_leaves_no_doubt_which_word_does_it() {
    let mut office = Office::open("admin", (80, 24));
    let asked = office.keys("5jjx");
    assert!(asked.contains("[ Keep it ]") && asked.contains("Cancel the mail"), "{asked}");
    assert!(!asked.contains("  Cancel  ") && !asked.contains("[ Cancel ]"), "{asked}");
    let kept = office.keys("<Enter>x<Tab><Enter>");
    assert!(last_line(&kept).contains("cancelled"), "{kept}");
}

#[test]
fn marks_that_go_are_told() {
    let mut office = Office::open("maria", (80, 24));
    let gone = office.keys("<Space><Space><Esc>");
    assert!(last_line(&gone).contains("2 marks cleared"), "{gone}");
    let gone = office.keys("<Space>-");
    assert!(last_line(&gone).contains("1 mark cleared"), "{gone}");
    let quiet = office.keys("<Esc>");
    assert!(!quiet.contains("cleared"), "{quiet}");
}

#[test]
fn one_press_is_enough_where_the_record_must_be_read_first() {
    let mut office = Office::open("maria", (80, 24));
    let form = office.keys("/contoso<Enter>e");
    assert!(form.contains("Correct REG-000057"), "{form}");
    let mut office = Office::open("maria", (80, 24));
    let create = office.keys("/contoso<Enter>c");
    assert!(create.contains("Create: REG-000057") || create.contains("create:"), "{create}");
    let mut office = Office::open("maria", (80, 24));
    let alike = office.keys("/cardiff<Enter>d");
    assert!(alike.contains("Possible duplicates"), "{alike}");
    let none = office.keys("<Esc><Esc><Esc>/contoso<Enter>d");
    assert!(last_line(&none).contains("no possible duplicate was found"), "{none}");
    let asked = office.keys("4U");
    assert!(asked.contains("New user request"), "{asked}");
}

#[test]
fn going_to_a_number_leaves_the_list_as_it_was() {
    for size in [(80, 24), (120, 40)] {
        let mut office = Office::open("maria", size);
        let before = office.keys("/gmbh<Enter>j");
        let there = office.keys(":REG-57<Enter>");
        assert!(there.contains("REG-000057") && there.contains("Contoso"), "{there}");
        assert_eq!(office.keys("<Esc>"), before, "Esc leads back to what was listed");
        // What is kept between sessions is the list that was chosen.
        office.keys(":REG-57<Enter>");
        assert!(office.play.app.keep()["registration"]["last"].ends_with("gmbh"));
        let other = office.keys("<Esc>:REG-57<Enter>f");
        assert!(!office.keys("<Esc>").contains("/ gmbh"), "whoever goes on from there stays there: {other}");
    }
}

#[test]
fn help_ends_with_its_last_line_and_menus_of_boxes_take_space() {
    let mut office = Office::open("maria", (80, 24));
    let end = office.keys(&format!("?{}", "<PgDn>".repeat(20)));
    assert!(
        end.lines().nth(21).is_some_and(|line| line.contains("Back to the shell"))
            || end.lines().rev().take(5).any(|line| line.contains("help  ")),
        "{end}"
    );
    let columns = office.keys("<Esc>=<Space>");
    assert!(columns.contains("1 [ ]") && last_line(&columns).contains("space on or off"), "{columns}");
    let setup = office.keys("<Esc>7<Esc>");
    assert!(!setup.contains("not for this tab"), "{setup}");
}

#[test]
fn the_work_list_says_why_and_how_to_see_another() {
    let mut office = Office::open("maria", (120, 40));
    let wide = office.keys("1");
    assert!(
        wide.lines().nth(2).is_some_and(|head| head.contains("Why me") && head.contains("Due")),
        "{wide}"
    );
    let mut office = Office::open("maria", (80, 24));
    let narrow = office.keys("1");
    assert!(last_line(&narrow).contains("f status"), "{narrow}");
}

#[test]
fn what_was_typed_for_one_record_is_not_put_into_the_form_of_another() {
    let mut office = Office::open("maria", (120, 40));
    office.keys("e");
    to_field(&mut office.play, "City");
    office.keys("<End><Ctrl-U>Elsewhere<Esc><Right><Enter>");
    let other = office.keys("<Esc>je");
    assert!(other.contains("Correct REG-") && !other.contains("Elsewhere"), "{other}");
    let back = office.keys("<Esc><Esc>ke");
    assert!(back.contains("Elsewhere") && back.contains("is back"), "{back}");
}

#[test]
fn typing_in_a_field_entered_by_tab_takes_the_place_of_what_stood_there() {
    let mut office = Office::open("maria", (80, 24));
    office.keys("/contoso<Enter>e");
    to_field(&mut office.play, "City");
    let cursor = office.play.cursor().unwrap();
    let cell = office.play.buffer()[(cursor.x - 1, cursor.y)].clone();
    assert!(cell.modifier.contains(Modifier::REVERSED), "what is selected is seen: {cell:?}");
    let typed = office.keys("Faro");
    assert!(line_with(&typed, "City").contains("Faro") && !typed.contains("Lisboa Faro"), "{typed}");
    assert!(!line_with(&typed, "City").contains("Lisboa"), "{typed}");
    let kept = office.keys("<Tab><End>X");
    assert!(line_with(&kept, "Postal code").contains("1100-053X"), "{kept}");
    let by_arrow = office.keys("<Up>!");
    assert!(
        line_with(&by_arrow, "City").contains("Faro!"),
        "arrows between fields select nothing: {by_arrow}"
    );
}

/// Setup is left out: it shows what stands in the rule file, in the words in which it is written.
#[test]
fn no_screen_shows_a_name_of_the_code() {
    let mut office = Office::open("admin", (160, 45));
    let raw = |screen: &str| -> Vec<String> {
        let words = screen.split(|c: char| !c.is_alphanumeric() && !"_@.-/".contains(c));
        let own = |word: &&str| {
            word.contains('_')
                && !word.contains('@')
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        };
        words.filter(own).map(str::to_owned).collect()
    };
    for keys in [
        "1", "1ff", "2", "2fff", "2fffff", "3", "3H", "4", "4H", "5", "5p", "6", "6jH", "2W", "2H", "3W",
        "3p",
    ] {
        let screen = office.keys(&format!("<Esc><Esc><Esc>{keys}"));
        assert_eq!(raw(&screen), Vec::<String>::new(), "{keys}: {screen}");
    }
}

#[test]
fn inside_a_record_the_footer_offers_the_most_useful_first() {
    let mut office = Office::open("maria", (80, 24));
    let inside = office.keys("/contoso<Enter><Enter>");
    let footer = last_line(&inside);
    assert!(footer.contains("a approve  x reject") && footer.contains("? help"), "{inside}");
    assert!(!footer.contains("/ filter"), "there is no list to filter: {inside}");
    let form = office.keys("<Esc>4U");
    let told = "only what is possible for them is offered";
    assert!(form.lines().any(|line| line.contains("offered")) && !form.contains("of…"), "{told}: {form}");
}

#[test]
fn nothing_of_a_records_head_is_cut() {
    let mut office = Office::open("maria", (112, 40));
    for tab in ["2", "3", "4", "5", "6"] {
        let screen = office.keys(tab);
        let detail: Vec<&str> =
            screen.lines().skip(2).filter_map(|line| line.split_once('│')).map(|(_, r)| r).collect();
        let head = detail.iter().take_while(|line| !line.trim().is_empty());
        for line in head {
            assert!(!line.contains('…'), "tab {tab}: {screen}");
        }
    }
}

#[test]
fn a_draft_of_a_user_request_that_two_people_change_asks_too() {
    let mut world = World::new();
    world.play(
        "applicant submits w1; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    let id = world.find("UR-1").id;
    let recall = RecallDocument { document: Document::UserRequest, id, reason: "a slip".into() };
    world.run("jens", Command::RecallDocument(recall)).unwrap();
    let (mut jens, mut priya) =
        (at_the_keys(&world.options, "jens", (80, 24)), at_the_keys(&world.options, "priya", (80, 24)));
    for (play, address) in [(&mut jens, "mine@w1.example"), (&mut priya, "theirs@w1.example")] {
        play.keys("3<Enter>e");
        to_field(play, "E-mail");
        play.keys(&format!("<End><Ctrl-U>{address}"));
    }
    let saved = priya.keys("<Ctrl-S>").screen();
    assert!(last_line(&saved).contains("UR-000001"), "{saved}");
    let asked = jens.keys("<Ctrl-S>").screen();
    assert!(asked.contains("mine@w1.example") && asked.contains("theirs@w1.example"), "{asked}");
    jens.keys("1<Ctrl-S>");
    assert_eq!(world.reader.user_request(id).unwrap().email, "mine@w1.example");
    world.assert_sound();
}
