//! Rubbish on the line: random bytes, torn sequences, storms of sizes. No panic, and nothing is decided by accident.

use std::time::{Duration, Instant};

use super::keys::office;
use super::terminal::Terminal;

/// A small generator with a fixed start, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Keys that end the programme, or hand the terminal to another.
fn leaves(byte: u8) -> bool {
    matches!(byte, b'q' | 0x03 | 0x1a | 0x1c | 0x0f)
}

#[test]
fn random_bytes_and_sizes_break_nothing_and_decide_nothing() {
    let office = office();
    let before = office.run(&["history", "--json"]).json();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(300));
    let mut random = Random(0x1234_5678_9abc_def1);
    let (began, mut sent) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(2) {
        // A storm is faster than hands: whatever letters it holds, it is no decision.
        let burst: Vec<u8> =
            (0..64).map(|_| (random.next() >> 24) as u8).filter(|byte| !leaves(*byte)).collect();
        sent += burst.len();
        terminal.types(&burst);
        if random.next().is_multiple_of(8) {
            let (cols, rows) = (random.next() % 300 + 1, random.next() % 120 + 1);
            terminal.resize(cols as u16, rows as u16);
        }
        terminal.is_quiet_for(Duration::from_millis(15));
        assert!(terminal.runs(), "after {sent} bytes:\n{}", terminal.text());
    }
    assert!(sent > 1_000, "only {sent} bytes");
    terminal.resize(120, 40);
    let last = Instant::now() + Duration::from_secs(15);
    while !terminal.text().contains("? help") || terminal.text().contains("[ Keep editing ]") {
        assert!(Instant::now() < last, "it does not come back:\n{}", terminal.text());
        terminal.types("\x1b").is_quiet_for(Duration::from_millis(100));
    }
    let after = office.run(&["history", "--json"]).json();
    assert_eq!(after, before, "rubbish decided something");
    terminal.types("\x03");
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    terminal.assert_restored();
    office.assert_sound();
}

#[test]
fn a_pasted_page_decides_nothing() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("Company first").is_quiet_for(Duration::from_millis(300));
    terminal.types("\x1b[200~a\rx\rc\r\x1b[31maaaa\rYes\r\x1b[201~").is_quiet_for(Duration::from_millis(300));
    terminal.types("axcaxcaxc").is_quiet_for(Duration::from_millis(300));
    assert_eq!(office.run(&["signup", "show", "REG-000001", "--json"]).json()["state"], "verified_by_user");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn any_size_is_survived() {
    let office = office();
    let mut terminal = Terminal::open(&office, &["--as", "maria"]);
    terminal.shows("Company first");
    for (cols, rows) in
        [(1, 1), (2, 200), (59, 14), (60, 15), (80, 24), (5_000, 5_000), (400, 200), (1, 1), (120, 40)]
    {
        terminal.resize(cols, rows).is_quiet_for(Duration::from_millis(40));
        assert!(terminal.runs(), "{cols}×{rows}");
    }
    terminal.shows("Company first").shows("? help").types("q");
    assert_eq!(terminal.ends(), 0);
}
