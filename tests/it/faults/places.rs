//! Config and directories that cannot be trusted, or do not say what they should: refused with the path, the reason and
//! the command that helps.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::office::{Office, is_root};

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn fifo(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

#[test]
fn config_errors_are_told_all_at_once_with_their_lines() {
    let office = Office::new();
    let file = office.config();
    let name = file.display().to_string();
    #[rustfmt::skip]
    let cases: [(&[u8], &[&str]); 5] = [
        (b"nonsense = [",                                             &["line 1", "TOML"]),
        (b"[mail]\ntransport = \"pigeon\"\n[signup]\nverification_days = \"x\"\n",
                                                                      &["line 2", "mail.transport", "line 4", "signup.verification_days"]),
        (b"\xff\xfe[\0m\0",                                           &["UTF-8"]),
        (b"[mail]\ntransport = \"\\u001b]0;x\\u0007\\u202e\"\n",      &["line 2", "mail.transport"]),
        (b"[signup]\nintake_dir = 7\n",                               &["line 2", "signup.intake_dir"]),
    ];
    for (text, says) in cases {
        fs::write(&file, text).unwrap();
        let ran = office.run(&["signup", "list"]).fails(1, says).fails(1, &["countersign config example"]);
        assert_eq!(ran.err.matches(name.as_str()).count(), 1, "the file is named once: {ran:?}");
        assert!(!ran.err.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{ran:?}");
        office.run(&["check"]).fails(1, says);
    }
}

#[test]
fn links_pipes_and_open_places_are_refused() {
    let office = Office::new();
    let at = |name: &str| office.home().join(name);
    let named = |name: &str| at(name).display().to_string();
    let list = |flag: &str, name: &str| office.run(&[flag, &named(name), "signup", "list"]);

    symlink(office.config(), at("link.toml")).unwrap();
    list("--config", "link.toml").fails(1, &["symbolic link"]);
    fifo(&at("pipe.toml"));
    list("--config", "pipe.toml").fails(1, &["not a regular file"]);
    list("--config", "none.toml").fails(1, &["no such file"]);
    fs::write(at("open.toml"), "").unwrap();
    chmod(&at("open.toml"), 0o666);
    list("--config", "open.toml").fails(1, &[&format!("chmod o-w {}", named("open.toml"))]);

    symlink(office.database(), at("link.db")).unwrap();
    list("--db", "link.db").fails(1, &["symbolic link"]);
    fifo(&at("pipe.db"));
    list("--db", "pipe.db").fails(1, &["not a regular file"]);
    list("--db", "none.db").fails(1, &["countersign init"]);
    list("--db", "not/there/none.db").fails(1, &["countersign init"]);

    let (db, dir) = (office.database(), office.database().parent().unwrap().to_owned());
    chmod(&db, 0o666);
    office.run(&["signup", "list"]).fails(1, &[&format!("`chmod 0600 {}`", db.display())]);
    chmod(&db, 0o600);
    for mode in [0o777, 0o1777, 0o702] {
        chmod(&dir, mode);
        office.run(&["signup", "list"]).fails(1, &[&format!("chmod o-w {}", dir.display())]);
    }
    chmod(&dir, 0o700);
    office.run(&["signup", "list"]).ok();
}

#[test]
fn somebody_elses_database_is_refused() {
    if !is_root() {
        return println!("skipped: only root can give a file away");
    }
    let office = Office::new();
    office.submit("kept");
    let nobody = rustix::fs::Uid::from_raw(65_534);
    rustix::fs::chown(office.database(), Some(nobody), None).unwrap();
    for words in [&["signup", "list"][..], &["undo"], &["init"]] {
        office.run(words).fails(1, &["belongs to", "not to you"]);
    }
}

#[test]
fn the_service_account_and_flags_cannot_be_borrowed() {
    let office = Office::staffed();
    office.run(&["--actor", "maria", "signup", "list"]).fails(3, &["--actor"]);
    office.run(&["--as", "nobody-here", "signup", "list"]).fails(3, &["nobody-here"]);
    let mut lying =
        office.command(&["staff", "new", "eve", "--name", "Eve", "--role", "auditor", "--as", "maria"]);
    lying.env("USER", "maria").env("LOGNAME", "maria").env("SUDO_UID", "0");
    let told = super::office::Ran::from(lying.output().unwrap());
    told.fails(3, &["staff.manage"]);
}
