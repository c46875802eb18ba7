//! Every way out: signals, a closed window, a stop by the shell. The terminal is given back, what was typed is offered
//! again, no process stays.

use std::path::Path;
use std::time::Duration;

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use super::keys::office;
use super::terminal::Terminal;
use crate::faults::office::Office;

/// A form with a company typed into it.
fn half_filled(office: &Office, words: &[&str]) -> Terminal {
    let mut terminal = Terminal::open(office, words);
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(400)).types("n").shows("New sign-up");
    // Key by key: a burst faster than hands is no typing.
    for key in "Kiwi Ltd".chars() {
        terminal.types(key.to_string()).is_quiet_for(Duration::from_millis(30));
    }
    terminal.shows("Kiwi Ltd");
    terminal
}

/// The next start offers it.
fn assert_offered(office: &Office, words: &[&str]) {
    let mut terminal = Terminal::open(office, words);
    terminal
        .shows("Half-filled forms of last time")
        .is_quiet_for(Duration::from_millis(400))
        .types("\r")
        .shows("Kiwi Ltd");
    terminal.signal(Signal::TERM);
    terminal.ends();
}

#[test]
fn signals_give_the_terminal_back_and_keep_the_draft() {
    let office = office();
    for (signal, status) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)]
    {
        let mut terminal = half_filled(&office, &["--as", "maria"]);
        terminal.signal(signal);
        assert_eq!(terminal.ends_within(Duration::from_secs(2)), status, "{signal:?}");
        terminal.assert_restored();
        assert_offered(&office, &["--as", "maria"]);
        std::fs::remove_dir_all(office.home().join(".local/state/countersign/drafts")).unwrap();
    }
    office.assert_sound();
}

#[test]
fn a_killed_process_loses_at_most_two_seconds_of_typing() {
    let office = office();
    let mut terminal = half_filled(&office, &["--as", "maria"]);
    let drafts = office.home().join(".local/state/countersign/drafts");
    let kept = |dir: &Path| {
        let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
        files
            .into_iter()
            .any(|file| std::fs::read_to_string(file.path()).is_ok_and(|text| text.contains("Kiwi Ltd")))
    };
    let typed = std::time::Instant::now();
    while !kept(&drafts) {
        assert!(typed.elapsed() < Duration::from_secs(3), "the draft is not saved while typing rests");
        terminal.is_quiet_for(Duration::from_millis(50));
    }
    terminal.signal(Signal::KILL);
    terminal.ends();
    assert_offered(&office, &["--as", "maria"]);
}

#[test]
fn what_was_typed_in_one_office_is_not_offered_in_another() {
    let office = office();
    let mut terminal = half_filled(&office, &["--as", "maria"]);
    terminal.signal(Signal::TERM);
    terminal.ends();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = elsewhere.path().join("other.db").display().to_string();
    office.run(&["--db", &other, "init"]).ok();
    office.run(&["--db", &other, "staff", "new", "maria", "--name", "Maria", "--role", "manager"]).ok();
    let mut terminal = Terminal::open(&office, &["--db", &other, "--as", "maria"]);
    terminal.shows("Registration").is_quiet_for(Duration::from_millis(400));
    assert!(!terminal.screen().contents().contains("Half-filled"), "{}", terminal.screen().contents());
    terminal.signal(Signal::TERM);
    terminal.ends();
    assert_offered(&office, &["--as", "maria"]);
}

#[test]
fn a_closed_window_ends_the_process_and_keeps_the_draft() {
    let office = office();
    for _ in 0..3 {
        let mut terminal = half_filled(&office, &["--as", "maria"]);
        terminal.close();
        assert_eq!(terminal.ends_within(Duration::from_secs(2)), 129);
        assert_offered(&office, &["--as", "maria"]);
        std::fs::remove_dir_all(office.home().join(".local/state/countersign/drafts")).unwrap();
    }
    office.assert_sound();
}

#[test]
fn the_shell_can_stop_it_and_bring_it_back() {
    if !Path::new("/bin/bash").exists() {
        return println!("skipped: there is no shell with job control");
    }
    let office = office();
    let mut shell = CommandBuilder::new("/bin/bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = Terminal::run(&office, shell);
    terminal.shows("bash").types(format!("'{}' --as maria\r", env!("CARGO_BIN_EXE_countersign")));
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(300));
    for round in 1..=2 {
        // What an earlier round left on the shell's screen is no sign that it has stopped again.
        terminal.types("\x1a").until("the shell says so", |screen| {
            !screen.alternate_screen() && screen.contents().matches("Stopped").count() >= round
        });
        assert!(!terminal.screen().alternate_screen());
        assert_eq!(terminal.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        terminal.types("echo $((6*7))\r").shows("42");
        terminal.types("fg\r").until("the screen again", |screen| {
            screen.alternate_screen()
                && screen.contents().contains("Company first")
                && screen.contents().contains("? help")
        });
        terminal.is_quiet_for(Duration::from_millis(300));
    }
    terminal.types("q").until("the shell's prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with(['#', '$'])
    });
    terminal.types("exit 7\r");
    assert_eq!(terminal.ends(), 7);
}
