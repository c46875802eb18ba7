//! What users of terminal programs expect (conventions.md), by keys and clicks through the real app and a real desk.

use countersign::domain::permission::How;
use countersign::tui::testing::Play;

use crate::screens::{Office, at_the_keys, last_line};

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
    let undone = office.keys("<Down><Enter>");
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
