//! Opening, backup and restore: what is not ours, newer, damaged or in the way is named and left as it was
//! (trust.md, Faults). The steps of a migration are tested where they are private, in `desk::store::migrate`.

use std::path::Path;

use countersign::desk::{Desk, Error, Migrated, OpenOptions, Postbox, Reader};
use rusqlite::Connection;

use crate::world::World;

fn at(world: &World, path: &Path) -> OpenOptions {
    OpenOptions { path: path.to_owned(), ..world.options.clone() }
}

/// What a desk, a reader and a postbox say of this file; all three must refuse, and the file must stay as it is.
fn refused(world: &World, path: &Path) -> String {
    let before = std::fs::read(path).ok();
    let mut said: Vec<String> = [
        Desk::open(at(world, path)).map(|_| ()),
        Reader::open(&at(world, path)).map(|_| ()),
        Postbox::open(&at(world, path)).map(|_| ()),
    ]
    .into_iter()
    .map(|opened| match opened {
        Err(error @ Error::Unavailable { .. }) => error.to_string(),
        Err(other) => panic!("{}: {other}", other.kind()),
        Ok(()) => panic!("it was opened"),
    })
    .collect();
    assert_eq!(std::fs::read(path).ok(), before, "the file was touched");
    said.dedup();
    said.join("\n").replace(&world.dir.path().display().to_string(), "DIR")
}

#[test]
fn a_newer_schema_names_both_versions() {
    let world = World::new();
    let path = world.dir.path().join("newer.db");
    world.desk.backup(&world.actor("ana"), &path).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    insta::assert_snapshot!(refused(&world, &path), @"The database has schema version 99; this programme knows versions up to 8. Install the newer programme that wrote it; nothing was touched.");
}

#[test]
fn a_database_of_another_programme_is_left_alone() {
    let world = World::new();
    let path = world.dir.path().join("music.db");
    Connection::open(&path).unwrap().execute_batch("create table song (title text)").unwrap();
    insta::assert_snapshot!(refused(&world, &path), @"This file is a database of another programme. Name ours with --db, or make a new one with `countersign init`.");
    assert!(!world.dir.path().join("music.db-wal").exists());
}

#[test]
fn what_is_no_database_is_left_alone() {
    let world = World::new();
    let path = world.dir.path().join("letter.txt");
    std::fs::write(&path, "Dear customer, ".repeat(500)).unwrap();
    insta::assert_snapshot!(refused(&world, &path), @"The database file cannot be read as it should (file is not a database); nothing was saved, and nothing in it was touched. Bring the newest backup back with `countersign db restore FILE --yes`, which keeps the damaged file.");
    std::fs::write(&path, vec![0; 8192]).unwrap();
    insta::assert_snapshot!(refused(&world, &path), @"The database file cannot be read as it should (file is not a database); nothing was saved, and nothing in it was touched. Bring the newest backup back with `countersign db restore FILE --yes`, which keeps the damaged file.");
}

#[test]
fn damaged_files_are_said_to_be_unreadable_and_never_mended() {
    let mut world = World::new();
    for n in 0..20 {
        world.submit(&format!("f{n}"));
    }
    let good = world.dir.path().join("good.db");
    world.desk.backup(&world.actor("ana"), &good).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    let path = world.dir.path().join("bad.db");
    for (what, bad) in [
        ("cut short", bytes[..bytes.len() / 2 + 100].to_vec()),
        ("cut to its header", bytes[..100].to_vec()),
        ("zeros behind the header", [&bytes[..100], &vec![0; bytes.len() - 100]].concat()),
        ("noise in the middle", {
            let mut noise = bytes.clone();
            let n = noise.len();
            noise[4096..n / 2].fill(0xa5);
            noise
        }),
    ] {
        std::fs::write(&path, &bad).unwrap();
        let opened = Desk::open(at(&world, &path)).and_then(|desk| {
            // It may open; then looking into it says so, and nothing panics.
            let reader = desk.reader()?;
            let verdict = reader.verify_history()?;
            let found = desk.check()?;
            Ok((verdict.bad.is_some(), found))
        });
        match opened {
            Err(Error::Unavailable { message, remedy }) => {
                assert!(!message.is_empty() && !remedy.is_empty(), "{what}")
            }
            Err(other) => panic!("{what}: {}: {other}", other.kind()),
            Ok((bad, found)) => assert!(bad || !found.is_empty(), "{what} was not noticed"),
        }
        for beside in ["bad.db-wal", "bad.db-shm"] {
            let _ = std::fs::remove_file(world.dir.path().join(beside));
        }
    }
}

#[test]
fn a_reader_neither_makes_nor_migrates() {
    let world = World::new();
    let path = world.dir.path().join("not.db");
    assert!(matches!(Reader::open(&at(&world, &path)), Err(Error::Unavailable { .. })));
    assert!(!path.exists());
    std::fs::write(&path, "").unwrap();
    let said = Reader::open(&at(&world, &path)).err().unwrap().to_string();
    insta::assert_snapshot!(said, @"The database is empty: it was never set up, or what was in it is gone. Bring a backup back with `countersign db restore FILE --yes`; a new office begins with `countersign init`.");
    assert!(matches!(Postbox::open(&at(&world, &path)), Err(Error::Unavailable { .. })));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    assert_eq!(*Desk::open(at(&world, &path)).unwrap().migrated(), Migrated::Fresh);
    assert_eq!(*Desk::open(at(&world, &path)).unwrap().migrated(), Migrated::Already);
}

#[test]
fn there_and_back() {
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1; maria creates REG-1");
    let copy = world.dir.path().join("copy.db");
    assert_eq!(world.desk.backup(&world.actor("ana"), &copy).unwrap(), copy);
    let newest = world.reader.verify_history().unwrap().newest;
    world.play("applicant submits weiss");
    assert!(world.reader.find("REG-2").is_ok());
    world.desk.restore(&world.actor("ana"), &copy).unwrap();
    assert!(world.reader.find("REG-2").is_err(), "the reader that was open sees it at once");
    assert_eq!(world.reader.verify_history().unwrap().newest, newest);
    world.assert_sound();
    world.play("applicant submits lodz");
    assert_eq!(world.find("REG-2").number, "REG-000002");
    world.assert_sound();
    let alone = Reader::open(&at(&world, &copy)).unwrap();
    assert_eq!(alone.verify_history().unwrap().newest, newest, "the backup is as it was");
}

#[test]
fn a_backup_never_lies_over_another_file() {
    let world = World::new();
    let to = world.dir.path().join("notes.txt");
    let part = world.dir.path().join("notes.part");
    std::fs::write(&to, "mine").unwrap();
    std::fs::write(&part, "mine too").unwrap();
    let said = world.desk.backup(&world.actor("ana"), &to).unwrap_err().to_string();
    insta::assert_snapshot!(said.replace(&world.dir.path().display().to_string(), "DIR"), @"DIR/notes.txt: exists already. Name a new file in a directory you may write.");
    world.desk.backup(&world.actor("ana"), &world.dir.path().join("notes.db")).unwrap();
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "mine");
    assert_eq!(std::fs::read_to_string(&part).unwrap(), "mine too");
    let nowhere = world.dir.path().join("no/such/dir/copy.db");
    assert!(matches!(world.desk.backup(&world.actor("ana"), &nowhere), Err(Error::Unavailable { .. })));
    std::os::unix::fs::symlink("elsewhere", world.dir.path().join("link.db")).unwrap();
    assert!(matches!(
        world.desk.backup(&world.actor("ana"), &world.dir.path().join("link.db")),
        Err(Error::Unavailable { .. })
    ));
}

#[test]
fn only_what_verifies_is_restored() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let newest = world.reader.verify_history().unwrap().newest;
    let copy = world.dir.path().join("copy.db");
    let texts = [
        ("altered", "drop trigger history_fixed; update history set actor = 'olga' where id = 3"),
        ("newer", "pragma user_version = 99"),
        ("foreign", "pragma application_id = 7"),
    ];
    for (what, sql) in texts {
        let _ = std::fs::remove_file(&copy);
        world.desk.backup(&world.actor("ana"), &copy).unwrap();
        Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        assert!(
            matches!(world.desk.restore(&world.actor("ana"), &copy), Err(Error::Unavailable { .. })),
            "{what}"
        );
    }
    std::fs::write(&copy, "").unwrap();
    assert!(
        matches!(world.desk.restore(&world.actor("ana"), &copy), Err(Error::Unavailable { .. })),
        "empty"
    );
    std::fs::write(&copy, "Dear customer, ".repeat(500)).unwrap();
    assert!(
        matches!(world.desk.restore(&world.actor("ana"), &copy), Err(Error::Unavailable { .. })),
        "a letter"
    );
    assert!(
        matches!(
            world.desk.restore(&world.actor("ana"), Path::new("/no/such/file")),
            Err(Error::Unavailable { .. })
        ),
        "nothing"
    );
    assert_eq!(world.reader.verify_history().unwrap().newest, newest, "the live one is as it was");
    world.assert_sound();
}

#[test]
fn a_backup_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let to = world.dir.path().join("copy.db");
    world.desk.backup(&world.actor("ana"), &to).unwrap();
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn only_who_manages_the_database_takes_a_copy_or_brings_one_back() {
    let mut world = World::new();
    let copy = world.dir.path().join("copy.db");
    world.desk.backup(&world.actor("ana"), &copy).unwrap();
    let maria = world.actor("maria");
    let refused = |outcome: Error| matches!(outcome, Error::Refused(_));
    assert!(refused(world.desk.backup(&maria, &world.dir.path().join("mine.db")).unwrap_err()));
    assert!(!world.dir.path().join("mine.db").exists());
    assert!(refused(world.desk.restore(&maria, &copy).unwrap_err()));
    let mut nobody = Desk::open(at(&world, &world.dir.path().join("new.db"))).unwrap();
    nobody.restore(&maria, &copy).unwrap();
    assert!(refused(nobody.restore(&maria, &copy).unwrap_err()), "now it has staff");
}
