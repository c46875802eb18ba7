//! The house rules that no compiler knows: who may use whom, where outside crates live, how long a file may be
//! (ARCHITECTURE.md, Rooms).

use std::path::{Path, PathBuf};

/// A room, and the rooms of ours that it may name.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    ("domain",   &["domain"]),
    ("matching", &["matching", "domain"]),
    ("files",    &["files"]),
    ("desk",     &["desk", "matching", "domain"]),
    ("intake",   &["intake", "desk", "domain", "files"]),
    ("mail",     &["mail", "desk", "domain", "files"]),
    ("provision", &["provision", "mail", "desk"]),
    ("config",   &["config", "mail", "desk", "domain", "files"]),
    ("log",      &["log", "config", "domain", "files"]),
    ("demo",     &["demo", "config", "mail", "desk", "matching", "domain", "files"]),
    ("chores",   &["chores", "config", "intake", "mail", "provision", "desk", "domain", "files"]),
    ("tui",      &["tui", "chores", "mail", "desk", "matching", "domain", "files"]),
    ("cli",      &["cli", "demo", "log", "config", "intake", "mail", "provision", "desk", "matching", "domain", "files"]),
    ("screen",   &["chores", "cli", "config", "demo", "desk", "domain", "files", "intake", "log", "mail", "provision", "tui"]),
    ("main",     &["chores", "cli", "config", "demo", "desk", "domain", "files", "intake", "log", "mail", "tui"]),
    ("lib",      &[]),
];

/// Outside crates that belong to certain rooms.
#[rustfmt::skip]
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite",           &["desk"]),
    ("argon2",             &["desk"]),
    ("ratatui",            &["tui"]),
    ("crossterm",          &["tui"]),
    ("tui_textarea",       &["tui"]),
    ("lettre",             &["mail"]),
    ("minijinja",          &["mail"]),
    ("rustls",             &["mail"]),
    ("clap",               &["cli", "main"]),
    ("toml",               &["config", "cli", "demo", "domain"]),
    ("tracing_subscriber", &["log"]),
    ("tracing_appender",   &["log"]),
];

/// Text that no file of ours holds, and what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("todo!(", "write it, or leave the feature out"),
    ("unimplemented!(", "write it, or leave the feature out"),
    ("dbg!(", "use tracing, or a test"),
    ("#[ignore", "make it fast, or bound it by an environment variable"),
    ("unsafe {", "there is no unsafe code here"),
];

struct Source {
    path: String,
    room: String,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    assert!(found.len() > 10, "{folder} is not where it was");
    found
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let room = path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs").to_owned();
            Source { text: std::fs::read_to_string(&file).unwrap(), path, room }
        })
        .collect()
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The code of a line, without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The names that follow `prefix` in the code of a text: the rooms behind `crate::`.
fn named<'a>(text: &'a str, prefix: &'static str) -> impl Iterator<Item = &'a str> {
    text.lines().map(code).flat_map(move |line| {
        line.match_indices(prefix).map(move |(at, _)| {
            let rest = &line[at + prefix.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
    })
}

fn report(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_room_uses_only_those_below_it() {
    let mut found = Vec::new();
    for source in sources("src") {
        let Some((_, may)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
            found.push(format!("{}: the room {} stands in no row of ROOMS", source.path, source.room));
            continue;
        };
        for prefix in ["crate::", "countersign::"] {
            for name in named(&source.text, prefix) {
                let room = ROOMS.iter().any(|(r, _)| *r == name);
                // In the binary, `crate` is the binary itself.
                let own = matches!(source.room.as_str(), "main" | "screen") && prefix == "crate::";
                if room && !own && !may.contains(&name) && source.room != name {
                    found.push(format!("{}: {} may not use {name}", source.path, source.room));
                }
            }
        }
    }
    found.dedup();
    report(found);
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut found = Vec::new();
    for source in sources("src") {
        for (name, rooms) in CRATES {
            let used = source.text.lines().map(code).any(|line| {
                line.match_indices(&format!("{name}::")).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            });
            // A module of ours may have the name of a crate.
            let ours = source.text.contains(&format!("mod {name};"))
                || source.text.contains(&format!("super::{name}"));
            if used && !ours && !rooms.contains(&source.room.as_str()) {
                found.push(format!("{}: {name} belongs to {}", source.path, rooms.join(", ")));
            }
        }
    }
    report(found);
}

#[test]
fn files_say_what_they_are_and_stay_short() {
    let mut found = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        if !source.text.starts_with("//! ") {
            found.push(format!("{}: the first line is no sentence with its invariant (//! …)", source.path));
        }
        let lines = source.text.lines().count();
        if lines > 400 {
            found.push(format!("{}: {lines} lines are asking to be split", source.path));
        }
    }
    report(found);
}

#[test]
fn nothing_is_left_for_later() {
    let mut found = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")).filter(|s| !s.path.ends_with("tidy.rs"))
    {
        for (number, line) in source.text.lines().enumerate() {
            for (text, instead) in BANNED.iter().filter(|(text, _)| code(line).contains(text)) {
                found.push(format!("{}:{}: {text} — {instead}", source.path, number + 1));
            }
        }
    }
    report(found);
}

#[test]
fn only_the_binary_ends_the_process() {
    let found = sources("src")
        .into_iter()
        .filter(|s| !matches!(s.room.as_str(), "main" | "screen" | "tui"))
        .filter(|s| s.text.lines().map(code).any(|line| line.contains("process::exit(")))
        .map(|s| format!("{}: return an exit status instead", s.path));
    report(found.collect());
}

#[test]
fn sql_is_in_lower_case() {
    let mut found = Vec::new();
    for source in sources("src").into_iter().filter(|s| s.room == "desk") {
        for (number, line) in source.text.lines().enumerate() {
            let shouted =
                ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", " WHERE ", "CREATE TABLE", "PRAGMA "];
            if shouted.iter().any(|word| code(line).contains(word)) {
                found.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    report(found);
}
