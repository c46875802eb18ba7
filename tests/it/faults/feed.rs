//! Input that is broken, huge or no file at all: one line that names the place, good rows taken in, nothing half done.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

use super::office::{Office, Ran, signup};

/// No control character but line breaks, and nothing that turns text round.
#[track_caller]
fn assert_calm(ran: &Ran) {
    let wild = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!ran.out.contains(wild) && !ran.err.contains(wild), "{ran:?}");
}

#[test]
fn monstrous_json_is_refused_in_one_line() {
    let office = Office::new();
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("deep arrays",    "[".repeat(100_000).into(),                                              "nested deeper than 64"),
        ("deep objects",   "{\"extra\":".repeat(100_000).into(),                                    "nested deeper than 64"),
        ("deep in a row",  format!("{{\"company\":\"A\",\"x\":{}1{}}}", "[".repeat(50_000), "]".repeat(50_000)).into(), "nested deeper than 64"),
        ("long record",    format!("{{\"company\":\"{}\"}}", "x".repeat(3_000_000)).into(),          "longer than 1000000 bytes"),
        ("endless string", format!("{{\"company\":\"{}", "\\".repeat(2_000_000)).into(),             "longer than 1000000 bytes"),
        ("nothing",        Vec::new(),                                                               "nothing in the file"),
        ("not text",       b"\x00\x01\x02\xff".to_vec(),                                             "line 1"),
        ("a surrogate",    br#"{"company":"\ud800","last_name":"B"}"#.to_vec(),                      "line 1"),
        ("escapes",        "{\"company\":\"A\",\"email\":\"\\u001b]0;x\\u0007\\u202e\"}".into(),     "email"),
    ];
    for (what, input, says) in cases {
        let ran = office.fed(&["signup", "submit", "--file", "-"], input);
        assert!(ran.err.contains(says), "{what}: {ran:?}");
        assert!(ran.err.len() < 2_000, "{what}: {} bytes of error", ran.err.len());
        assert_calm(&ran.fails(1, &[]));
    }
    assert_eq!(office.run(&["signup", "list", "--json"]).json().as_array().unwrap().len(), 0);
}

#[test]
fn good_rows_beside_bad_ones_go_in_and_the_status_says_partly() {
    let office = Office::new();
    let deep = format!("{{\"company\":\"A\",\"x\":{}{}}}", "[".repeat(90_000), "]".repeat(90_000));
    let text = [signup("one"), deep, "{\"company\":".into(), signup("two")].join("\n");
    let ran = office.fed(&["signup", "submit", "--file", "-"], text);
    assert_calm(&ran);
    let ran = ran.fails(6, &["line 2: ", "line 3: "]);
    assert_eq!(ran.out.lines().count(), 2, "{ran:?}");
}

#[test]
fn broken_csv_is_told_by_line_and_its_result_file_is_harmless() {
    let office = Office::new();
    let head = "company,last_name,email,country\n";
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>, i32, &str); 7] = [
        ("open quote",   format!("{head}Good,B,g@contoso-coffee.com,PT\n\"Bad,B,b@contoso-coffee.com,PT\nMore,C,c@contoso-coffee.com,PT\n").into(), 6, "line 3"),
        ("short row",    format!("{head}Good,B,h@contoso-coffee.com,PT\nBad\n").into(),                                       6, "line 3"),
        ("latin-1",      [head.as_bytes(), b"Good,B,i@contoso-coffee.com,PT\nWei\xdf,B,j@contoso-coffee.com,PT\n"].concat(),  1, "line 3"),
        ("UTF-16",       [&b"\xff\xfe"[..], b"c\0o\0"].concat(),                                                              1, "UTF-16"),
        ("no columns",   b"one,two\n1,2\n".to_vec(),                                                                          1, "line 1"),
        ("empty",        Vec::new(),                                                                                          1, "nothing"),
        ("formulas",     format!("{head}=cmd|' /C calc'!A0,@B,\"=1+1\u{1b}[31m\",\u{202e}ZZ\n").into(),                       1, "email"),
    ];
    for (n, (what, bytes, status, says)) in cases.into_iter().enumerate() {
        let (file, result) = (format!("{n}.csv"), format!("{n}.result.csv"));
        fs::write(office.home().join(&file), bytes).unwrap();
        let ran = office.run(&["import", "signups", &file, "--result", &result]);
        assert_calm(&ran);
        let rows = fs::read_to_string(office.home().join(&result)).unwrap_or_default();
        assert_eq!(ran.status, Some(status), "{what}: {ran:?} {rows}");
        assert!(format!("{}{rows}", ran.err).contains(says), "{what}: {ran:?} {rows}");
        assert!(!rows.contains(|c: char| c.is_control() && c != '\n'), "{what}: {rows:?}");
        for row in csv::Reader::from_reader(rows.as_bytes()).records() {
            for cell in &row.unwrap() {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{what}: {cell:?}");
            }
        }
    }
    // A BOM and a NUL are data of the office's own files, not damage.
    let text = format!("\u{feff}{head}Bom\0,B,k@contoso-coffee.com,PT\n");
    fs::write(office.home().join("bom.csv"), text).unwrap();
    office.run(&["import", "signups", "bom.csv"]).ok();
    let list = office.run(&["signup", "list", "--json"]);
    assert_calm(&list);
    let rows = list.json();
    assert!(rows.as_array().unwrap().iter().any(|row| row["company"] == "Bom\0"), "stored as given: {rows}");
}

#[test]
fn things_that_are_no_files_are_refused_by_name() {
    let office = Office::new();
    let at = |name: &str| office.home().join(name);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at("pipe.json"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    fs::write(at("real.json"), signup("one")).unwrap();
    symlink(at("real.json"), at("link.json")).unwrap();
    fs::create_dir(at("dir.json")).unwrap();
    for (name, says) in [
        ("pipe.json", "not a regular file"),
        ("link.json", "symbolic link"),
        ("dir.json", "not a regular file"),
        ("none.json", "no such file"),
    ] {
        office.run(&["signup", "submit", "--file", name]).fails(1, &[name, says]);
        office.run(&["import", "signups", name]).fails(1, &[name, says]);
    }
    office.run(&["signup", "submit", "--file", "/dev/zero"]).fails(1, &["not a regular file"]);
}

/// Waits until the condition holds.
#[track_caller]
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let last = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < last, "{what} did not happen");
        std::thread::yield_now();
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_drop_folder_takes_whole_files_and_is_not_led_astray() {
    const MANY: usize = 300;
    let office = Office::new();
    let drop = office.home().join("drop");
    fs::create_dir(&drop).unwrap();
    fs::write(
        office.config(),
        format!("[signup]\nintake_dir = \"{}\"\nintake_settle_seconds = 0\n", drop.display()),
    )
    .unwrap();
    for n in 0..MANY {
        fs::write(drop.join(format!("{n:03}.json")), signup(&format!("c{n}"))).unwrap();
    }
    fs::write(office.home().join("outside.json"), signup("outside")).unwrap();
    symlink(office.home().join("outside.json"), drop.join("link.json")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        drop.join("pipe.json"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    fs::write(drop.join("half.json.part"), "{\"comp").unwrap();
    fs::write(drop.join(".hidden.json"), signup("hidden")).unwrap();
    fs::write(drop.join("deep.json"), "[".repeat(100_000)).unwrap();
    fs::write(drop.join("huge.json"), format!("{{\"company\":\"{}\"}}", "x".repeat(5_000_000))).unwrap();
    fs::write(drop.join("\u{1b}[2J\u{202e}evil.json"), "{\"email\":\"\u{1b}]0;x\u{7}\"}").unwrap();
    fs::write(drop.join("=cmd.csv"), "company,last_name,email,country\n=A,B,nobody,XX\n").unwrap();

    let mut child = office.command(&["mail", "send", "--watch"]).spawn().unwrap();
    let (done, failed) = (drop.join("done"), drop.join("failed"));
    wait_until("everything whole is put away", || done.is_dir() && names(&drop).len() == 7);
    wait_until("working/ is empty", || names(&drop.join("working")).is_empty());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0), "a service that is stopped has not failed");
    assert_calm(&child.wait_with_output().unwrap().into());

    assert_eq!(names(&done).len(), MANY);
    assert_eq!(
        names(&drop),
        [".hidden.json", "done", "failed", "half.json.part", "link.json", "pipe.json", "working"]
    );
    let reasons: Vec<String> =
        names(&failed).into_iter().filter(|name| name.ends_with(".reason.txt")).collect();
    assert_eq!((reasons.len(), names(&failed).len()), (4, 8));
    for name in reasons {
        let said = fs::read_to_string(failed.join(&name)).unwrap();
        assert!(said.starts_with("line "), "{name}: {said}");
        assert!(
            !said.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'),
            "{name}: {said:?}"
        );
    }
    let log_dir = office.home().join(".local/state/countersign/log");
    for log in names(&log_dir) {
        let log = fs::read_to_string(log_dir.join(log)).unwrap();
        assert!(!log.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{log:?}");
    }
    assert_eq!(
        office.run(&["signup", "list", "--limit", "1000", "--json"]).json().as_array().unwrap().len(),
        MANY
    );
    office.assert_sound();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Locked {
    Yes,
    No,
}

/// Makes a file that the programme may not take away, for root too where the file system can; false where it cannot.
fn lock_away(path: &Path, locked: Locked) -> bool {
    use std::os::unix::fs::PermissionsExt;
    if super::office::is_root() {
        let flag = if locked == Locked::Yes { "+i" } else { "-i" };
        let done = std::process::Command::new("chattr").arg(flag).arg(path).output();
        return done.is_ok_and(|done| done.status.success());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(if locked == Locked::Yes { 0 } else { 0o600 }))
        .is_ok()
}

#[test]
fn one_file_that_cannot_be_taken_does_not_keep_the_others_out() {
    let mut world = crate::world::World::new();
    let drop = world.dir.path().join("drop");
    fs::create_dir(&drop).unwrap();
    for name in ["a", "b", "c"] {
        fs::write(drop.join(format!("{name}.json")), signup(name)).unwrap();
    }
    if !lock_away(&drop.join("a.json"), Locked::Yes) {
        return println!("skipped: no file can be locked away from root here");
    }
    let mut folder = countersign::intake::DropFolder::open(&drop, 0).unwrap();
    let mut round = || {
        let taken = countersign::intake::intake_once(&mut world.desk, &mut folder);
        taken
            .map(|files| files.iter().map(ToString::to_string).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    };
    let (first, second) = (round(), round());
    lock_away(&drop.join("a.json"), Locked::No);
    let third = round();
    let first = first.unwrap();
    assert!(first[0].starts_with("a.json: left where it is, the others are taken: "), "{first:?}");
    assert_eq!(first[1..], ["b.json: 1 taken in", "c.json: 1 taken in"]);
    assert_eq!(second, Ok(vec![]), "it is told once");
    assert_eq!(third, Ok(vec!["a.json: 1 taken in".to_owned()]));
}
