//! The disk and the database file: full, read-only, damaged, foreign, newer. What failed, what was kept, what to do;
//! the damaged file is never touched.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::office::{Office, can_mount, is_root, signup};

const SUBMIT: &[&str] = &["signup", "submit", "--file", "-", "--json"];

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

/// How many sign-ups there are.
fn count(office: &Office) -> usize {
    office.run(&["signup", "list", "--json"]).json().as_array().unwrap().len()
}

#[test]
fn a_file_that_may_not_grow_fails_the_command_and_nothing_else() {
    let office = Office::new();
    office.submit("before");
    // 25 KB are less than one commit writes to the log.
    let submit = [
        "signup",
        "submit",
        "--company",
        "A",
        "--last-name",
        "B",
        "--email",
        "b@contoso-coffee.com",
        "--country",
        "DE",
    ];
    let ran = office.under("ulimit -f 50; exec \"$@\"", &submit);
    ran.fails(1, &["nothing was saved"]);
    assert_eq!(count(&office), 1);
    office.submit("after");
    office.assert_sound();
}

#[test]
fn a_full_disk_fails_the_command_and_reading_goes_on() {
    if !can_mount() {
        return println!("skipped: no private mount can be made");
    }
    let office = Office::new();
    office.submit("before");
    put_together(&office);
    let db = office.database();
    let script = format!(
        "mount -t tmpfs -o size=2m,mode=700 tmpfs {0} && cp \"$DB\" {0}/office.db && \"$1\" --db {0}/office.db signup list >/dev/null; \
         dd if=/dev/zero of={0}/fill bs=4k; \
         \"$@\"; echo \"status $?\"; \"$1\" --db {0}/office.db signup list; echo \"status $?\"; \
         rm {0}/fill; \"$@\"; echo \"status $?\"; \"$1\" --db {0}/office.db db check; echo \"status $?\"",
        office.home().join("mnt").display(),
    );
    fs::create_dir(office.home().join("mnt")).unwrap();
    let on_it = office.home().join("mnt/office.db").display().to_string();
    #[rustfmt::skip]
    let words = ["--db", &on_it, "signup", "submit", "--company", "A", "--last-name", "B", "--email", "b@contoso-coffee.com", "--country", "DE"];
    let shell = format!(
        "DB={}; export DB; exec unshare -m sh -c '{}' sh \"$@\"",
        db.display(),
        script.replace('\'', "'\\''")
    );
    let ran = office.under(&shell, &words);
    let statuses: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("status")).collect();
    assert_eq!(statuses, ["status 1", "status 0", "status 0", "status 0"], "{ran:?}");
    assert!(ran.err.contains("nothing was saved"), "{ran:?}");
    assert_eq!(ran.out.matches("Company before").count(), 1, "the list was read on a full disk: {ran:?}");
}

#[test]
fn a_medium_that_cannot_be_written_is_read() {
    let office = Office::new();
    office.submit("before");
    #[rustfmt::skip]
    let submit = ["signup", "submit", "--company", "A", "--last-name", "B", "--email", "b@contoso-coffee.com", "--country", "DE"];
    let dir = office.database().parent().unwrap().to_owned();
    let (list, refused) = if !is_root() {
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o500)).unwrap();
        fs::set_permissions(office.database(), fs::Permissions::from_mode(0o400)).unwrap();
        let both = (office.run(&["signup", "list"]), office.run(&submit));
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(office.database(), fs::Permissions::from_mode(0o600)).unwrap();
        both
    } else if can_mount() {
        let shell = format!(
            "exec unshare -m sh -c 'mount --bind {0} {0} && mount -o remount,ro,bind {0} && exec \"$@\"' sh \"$@\"",
            dir.display()
        );
        (office.under(&shell, &["signup", "list"]), office.under(&shell, &submit))
    } else {
        return println!("skipped: root can write everywhere and no private mount can be made");
    };
    assert!(list.ok().contains("Company before"));
    refused.fails(1, &["cannot be written; nothing was saved"]);
    assert_eq!(count(&office), 1);
    office.assert_sound();
}

/// Writes `with` over the file at page `page`.
fn overwrite(path: &Path, page: usize, with: &[u8]) {
    let mut all = bytes(path);
    let end = (page * 4096 + with.len()).min(all.len());
    all[page * 4096..end].copy_from_slice(&with[..end - page * 4096]);
    fs::write(path, all).unwrap();
}

/// Brings all that is in the log into the file itself; gives the file.
fn put_together(office: &Office) -> Vec<u8> {
    let conn = rusqlite::Connection::open(office.database()).unwrap();
    conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    drop(conn);
    bytes(&office.database())
}

#[test]
fn a_damaged_file_is_told_and_never_touched() {
    let office = Office::new();
    for n in 0..5 {
        office.submit(&format!("c{n}"));
    }
    let whole = put_together(&office);
    let noise: Vec<u8> = (0..120 * 4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    type Damage = fn(&Path, &[u8]);
    let damages: [(&str, Damage); 6] = [
        ("cut in the middle", |path, _| fs::write(path, &bytes(path)[..70_000]).unwrap()),
        ("first pages zeroed", |path, _| overwrite(path, 0, &[0; 5 * 4096])),
        ("inner pages zeroed", |path, _| overwrite(path, 3, &[0; 110 * 4096])),
        ("inner pages noise", |path, noise| overwrite(path, 2, noise)),
        ("text over the head", |path, _| overwrite(path, 0, b"Dear diary")),
        ("emptied", |path, _| fs::write(path, b"").unwrap()),
    ];
    for (what, damage) in damages {
        fs::write(office.database(), &whole).unwrap();
        for side in ["-wal", "-shm"] {
            let _none = fs::remove_file(format!("{}{side}", office.database().display()));
        }
        damage(&office.database(), &noise);
        let damaged = bytes(&office.database());
        for words in [&["signup", "list"][..], &["why", "REG-000001"], &["db", "check"]] {
            let ran = office.run(words);
            assert_ne!(ran.status, Some(0), "{what}: {words:?} {ran:?}");
            ran.fails(1, &["countersign db restore"]);
        }
        office.fed(SUBMIT, signup("more")).fails(1, &["countersign db restore", "\"kind\": \"unavailable\""]);
        office.run(&["check"]).fails(1, &["database:", "countersign db restore"]);
        assert!(bytes(&office.database()) == damaged, "{what}: the evidence was changed");
    }
}

#[test]
fn a_damaged_file_comes_back_from_its_backup() {
    let office = Office::new();
    office.submit("kept");
    let copy = office.home().join("copy.db").display().to_string();
    office.run(&["db", "backup", &copy]).ok();
    put_together(&office);
    overwrite(&office.database(), 0, &[0; 20 * 4096]);
    office.run(&["db", "restore", &copy, "--yes"]).ok();
    assert!(office.run(&["signup", "list"]).ok().contains("Company kept"));
    office.assert_sound();
}

#[test]
fn newer_and_foreign_databases_are_refused_with_both_versions() {
    let office = Office::new();
    let conn = rusqlite::Connection::open(office.database()).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let before = bytes(&office.database());
    for words in [&["signup", "list"][..], &["init"], &["undo"]] {
        office.run(words).fails(1, &["schema version 99", "versions up to"]);
    }
    assert!(bytes(&office.database()) == before, "a newer file was changed");

    let foreign = office.home().join("foreign.db");
    let conn = rusqlite::Connection::open(&foreign).unwrap();
    conn.execute_batch("create table music (title text)").unwrap();
    drop(conn);
    fs::set_permissions(&foreign, fs::Permissions::from_mode(0o600)).unwrap();
    let before = bytes(&foreign);
    let name = foreign.display().to_string();
    for words in [&["signup", "list"][..], &["init"], &["db", "check"]] {
        office.run(&[&["--db", name.as_str()], words].concat()).fails(1, &["another programme"]);
    }
    assert!(bytes(&foreign) == before, "somebody else's file was changed");
}
