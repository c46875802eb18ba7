//! The door when the disk is full: nothing is saved, it is said so, and the desk works on.

use std::sync::Arc;

use super::*;
use crate::desk::commands::signup::{Source, SubmitSignup};
use crate::desk::{FirstAdministrator, FixedClock};
use crate::domain::mail::{Letter, RenderProblem, Rendered};
use crate::domain::permission::How;

struct Plain;

impl Render for Plain {
    fn render(&self, letter: &Letter) -> Result<Rendered, RenderProblem> {
        Ok(Rendered { subject: letter.event.as_str().into(), bytes: vec![b'x'; 500], lang: "en".into() })
    }
}

fn office() -> (tempfile::TempDir, Desk, Actor) {
    let dir = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        path: dir.path().join("office.db"),
        settings: Arc::new(Settings::default()),
        clock: Arc::new(FixedClock::new(1_795_424_400_000)),
        render: Arc::new(Plain),
    };
    let mut desk = Desk::open(options).unwrap();
    let first = FirstAdministrator { login: "ana".into(), name: "Ana".into() };
    desk.execute(&Actor::clock(), Command::Initialise(first)).unwrap();
    let ana = desk.reader().unwrap().actor("ana", How::CommandLine).unwrap();
    (dir, desk, ana)
}

fn submit(n: usize) -> Command {
    let company = format!("Firm {n}");
    let email = format!("f{n}@firm.example");
    let fields = [("company", company.as_str()), ("last_name", "X"), ("email", &email), ("country", "PT")];
    let fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let extra = serde_json::Map::new();
    Command::SubmitSignup(Box::new(SubmitSignup { fields, external_id: None, extra, source: Source::Staff }))
}

/// No page more may be added to the file.
fn fill(desk: &Desk) {
    let pages: i64 = desk.conn.query_row("pragma page_count", [], |r| r.get(0)).unwrap();
    let max: i64 =
        desk.conn.query_row(&format!("pragma max_page_count = {pages}"), [], |r| r.get(0)).unwrap();
    assert_eq!(max, pages);
}

fn signups(desk: &Desk) -> i64 {
    desk.conn.query_row("select count(*) from signup", [], |r| r.get(0)).unwrap()
}

#[test]
fn a_full_disk_saves_nothing_and_says_so() {
    let (_dir, mut desk, ana) = office();
    fill(&desk);
    let mut full = None;
    for n in 0..200 {
        let before = signups(&desk);
        if let Err(error) = desk.execute(&ana, submit(n)) {
            assert_eq!(signups(&desk), before);
            full = Some(error);
            break;
        }
    }
    let said = full.expect("the file was filled").to_string();
    assert!(said.contains("disk is full; nothing was saved"), "{said}");
    let before = signups(&desk);
    let results = desk.execute_all(&ana, (0..50).map(submit).collect());
    assert!(results.iter().any(Result::is_err));
    let done = i64::try_from(results.iter().filter(|r| r.is_ok()).count()).unwrap();
    assert_eq!(signups(&desk), before + done, "what is said to be done is there, no more");
    desk.conn.query_row("pragma max_page_count = 1000000", [], |r| r.get::<_, i64>(0)).unwrap();
    desk.execute(&ana, submit(1_000)).unwrap();
    assert_eq!(desk.check().unwrap(), []);
}
