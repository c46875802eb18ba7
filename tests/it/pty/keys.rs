//! One whole task by keys, and what a person sees around it.

use portable_pty::CommandBuilder;
use std::time::Duration;

use super::terminal::Terminal;
use crate::faults::office::{Office, signup};

/// An office with one sign-up to decide.
pub fn office() -> Office {
    let office = Office::staffed();
    office.submit("first");
    office.run(&["signup", "verify", "REG-000001", "--by", "phone", "--note", "rang", "--as", "jens"]).ok();
    office
}

fn state(office: &Office) -> String {
    office.run(&["signup", "show", "REG-000001", "--json"]).json()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_signup_is_approved_undone_and_the_terminal_given_back() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("REG-000001").shows("Company first").shows("maria");
    assert!(terminal.screen().alternate_screen() && terminal.screen().bracketed_paste());
    terminal.is_quiet_for(Duration::from_millis(400)).types("a").shows("Approve");
    if state(&office) != "approved" {
        terminal.types("\x13");
    }
    terminal.shows("approved");
    assert_eq!(state(&office), "approved");
    terminal.is_quiet_for(Duration::from_millis(400)).types("u").shows("undone");
    assert_eq!(state(&office), "verified_by_user");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    terminal.assert_restored();
    office.assert_sound();
}

#[test]
fn what_another_process_writes_appears_by_itself() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria", "--theme", "light"]);
    terminal.shows("Company first").types("f");
    office.fed(&["signup", "submit", "--file", "-"], signup("second")).ok();
    terminal.until("the second sign-up in some list", |screen| {
        screen.contents().contains("Company second") || screen.contents().contains("All 2")
    });
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_demo_opens_decides_and_leaves_nothing_behind() {
    let office = Office::new();
    let words = ["demo", "--customers", "60", "--signups", "20"];
    let mut terminal = Terminal::open(&office, &words);
    terminal
        .shows("Registration")
        .shows("? help")
        .types("4")
        .shows("Customers")
        .types("?")
        .shows("Type to search");
    terminal
        .types("\x1b")
        .hides("Type to search")
        .types("2")
        .is_quiet_for(Duration::from_millis(300))
        .types("q");
    assert_eq!(terminal.ends(), 0);
    terminal.assert_restored();
    let left: Vec<_> =
        std::fs::read_dir(office.home()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[test]
fn an_idle_screen_writes_nothing() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    // A clock, a spinner or a blinking sign would write within each second and a half.
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(1_500));
    terminal.types("j").types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn without_a_usable_terminal_it_says_what_to_do() {
    let office = Office::new();
    for words in [&[][..], &["demo"]] {
        office.run(words).fails(1, &["needs a terminal", "countersign signup list"]);
    }
    for term in ["dumb", ""] {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", &format!("TERM={term} exec \"$0\""), env!("CARGO_BIN_EXE_countersign")]);
        let mut terminal = Terminal::run(&office, command);
        terminal.shows("cannot show a screen").shows("countersign signup list");
        assert_eq!(terminal.ends(), 1);
        assert!(!terminal.written.contains(&0x1b), "{:?}", String::from_utf8_lossy(&terminal.written));
    }
}
