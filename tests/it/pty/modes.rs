//! Only reading, and a config that changes while the screen runs, on a real terminal.

use std::fs;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use super::keys::office;
use super::terminal::Terminal;
use crate::faults::office::can_mount;

#[test]
fn a_screen_that_only_reads_writes_nothing() {
    let office = office();
    let before = office.run(&["history", "--json"]).out;
    let mut terminal = Terminal::open(&office, &["--as", "maria", "--read-only"]);
    terminal.shows("Company first").shows("read-only · ");
    terminal
        .is_quiet_for(Duration::from_millis(400))
        .types("a")
        .shows("this screen only reads (--read-only)");
    terminal.types("n").shows("this screen only reads").types("q");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(office.run(&["history", "--json"]).out, before);
    fs::write(office.config(), "[screen]\nread_only = true\n").unwrap();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("read-only · ").types("a").shows("screen.read_only in the config").types("q");
    assert_eq!(terminal.ends(), 0);
}

/// As a person types it: the palette opens, then the word; keys that come all at once are no hands.
fn reload(terminal: &mut Terminal) -> &mut Terminal {
    terminal.types(":").shows("Approve it; several if rows are marked").types("reload\r")
}

#[test]
fn the_config_is_read_again_and_a_bad_one_changes_nothing() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(400));
    fs::write(office.config(), "[screen.bind]\napprove = \"z\"\n").unwrap();
    reload(&mut terminal).shows("the config file was read again").types("\x1b").shows("z approve");
    fs::write(office.config(), "[screen]\n\nkeys = \"emacs\"\n").unwrap();
    reload(&mut terminal)
        .shows("the old settings stay")
        .shows("line 3: screen.keys")
        .types("\x1b")
        .shows("z approve");
    fs::write(office.config(), "[screen.bind]\n\nfly = \"x\"\n").unwrap();
    reload(&mut terminal).shows("line 3: `fly` is no action").types("\x1b").shows("z approve");
    fs::write(office.config(), "[signup]\nself_approval = true\n\n[screen]\nmouse = false\n").unwrap();
    reload(&mut terminal).shows("the config file was read again").types("\x1b").shows("a approve");
    terminal.is_quiet_for(Duration::from_millis(400)).types("a").shows("approved").types("q");
    assert_eq!(terminal.ends(), 0);
    terminal.assert_restored();
}

#[test]
fn own_keys_that_are_wrong_are_said_with_their_line_and_stop_nothing() {
    let office = office();
    fs::write(office.config(), "[screen.bind]\nundo = \"disabled\"\nmark = \"x\"\n").unwrap();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("line 3: x would mean both `reject` and `mark`");
    terminal.is_quiet_for(Duration::from_millis(400)).types("u").shows("u does nothing here");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    let checked = office.run(&["check"]);
    assert!(checked.out.contains("line 3: x would mean both"), "{}", checked.out);
}

/// How long the screen waits after it has asked the terminal for its background; `None` if it did not ask.
fn waited(words: &[&str]) -> Option<Duration> {
    let office = office();
    let mut terminal = Terminal::open(&office, words);
    let has = |written: &[u8], part: &[u8]| written.windows(part.len()).any(|window| window == part);
    let mut asked = None;
    let last = Instant::now() + Duration::from_secs(20);
    while !has(&terminal.written, b"\x1b[?1049h") && Instant::now() < last {
        terminal.takes(Duration::from_millis(5));
        if has(&terminal.written, b"\x1b]11;?") && asked.is_none() {
            asked = Some(Instant::now());
        }
    }
    let waited = asked.map(|at| at.elapsed());
    terminal.shows("Company first").types("q");
    assert_eq!(terminal.ends(), 0);
    waited
}

#[test]
fn a_terminal_that_never_answers_delays_nothing_for_long() {
    assert_eq!(waited(&["--as", "maria", "--theme", "dark"]), None, "with a theme given nothing is asked");
    let best = (0..3).filter_map(|_| waited(&["--as", "maria"])).min().expect("it asks");
    assert!(
        best < Duration::from_millis(300),
        "waited {best:?} for an answer; 150 ms is the bound, the rest is ours"
    );
}

#[test]
fn a_read_only_medium_is_read_and_marked() {
    if !can_mount() {
        return println!("skipped: no private mount can be made");
    }
    let office = office();
    let dir = office.database().parent().unwrap().display().to_string();
    let mut command = CommandBuilder::new("/bin/sh");
    let mount = format!("mount --bind {dir} {dir} && mount -o remount,ro,bind {dir} && exec \"$@\"");
    command.args(["-c", "exec unshare -m sh -c \"$0\" sh \"$@\"", &mount]);
    command.args([env!("CARGO_BIN_EXE_countersign"), "--as", "maria"]);
    let mut terminal = Terminal::run(&office, command);
    terminal.shows("Company first").shows("read-only · ");
    terminal
        .is_quiet_for(Duration::from_millis(400))
        .types("a")
        .shows("lies on a read-only medium")
        .types("q");
    assert_eq!(terminal.ends(), 0);
    office.assert_sound();
}

#[test]
fn an_older_office_is_brought_up_to_date_by_opening_its_screen() {
    let office = office();
    let older = rusqlite::Connection::open(office.database()).unwrap();
    older
        .execute_batch(
            "drop trigger work_question_image_i; drop trigger work_question_image_u; drop trigger work_question_image_d;
             alter table work_question drop column outside; drop table work_snooze; drop table work_watch;
             drop index user_request_state_user_name; pragma user_version = 5",
        )
        .unwrap();
    drop(older);
    office.run(&["signup", "list"]).fails(1, &["schema version 5", "`countersign init` backs it up"]);
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("Company first");
    terminal.signal(Signal::TERM);
    terminal.ends();
    office.run(&["signup", "list"]).ok();
    office.assert_sound();
}
