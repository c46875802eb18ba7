//! A wall clock that jumps: work goes on, history stays whole, nothing that ran out comes back, and `check` says so.

use countersign::desk::Command;
use countersign::desk::commands::signup::{ApproveSignup, VerifyByCode};

use super::office::Office;
use crate::world::{DAY, HOUR, T0, World};

fn verify(world: &mut World, number: &str) -> Result<(), String> {
    let (code, applicant) = (world.code(number), world.applicant());
    let verify = Command::VerifyByCode(VerifyByCode { code, signup: None });
    world.desk.execute(&applicant, verify).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_clock_set_back_stops_nobody_and_history_still_holds() {
    let mut world = World::new();
    let before = world.verified("contoso");
    world.clock.set(T0 - 30 * DAY);
    let after = world.verified("fabrikam");
    for number in [&before, &after] {
        let approve = ApproveSignup { subject: world.subject(number), note: None, override_reason: None };
        world.run("maria", Command::ApproveSignup(approve)).unwrap();
    }
    world.assert_sound();
}

#[test]
fn a_clock_set_back_makes_no_code_good_again() {
    let mut world = World::new();
    let old = world.submit("contoso");
    world.clock.advance(8 * DAY);
    world.submit("fabrikam");
    world.clock.set(T0 + HOUR);
    let refused = verify(&mut world, &old).unwrap_err();
    assert!(refused.contains("has expired"), "{refused}");
}

#[test]
fn check_says_that_the_clock_is_behind_history() {
    let office = Office::new();
    office.submit("first");
    // The machine's own clock is not ours to set, so the newest entry comes from another machine's future.
    let conn = rusqlite::Connection::open(office.database()).unwrap();
    let guards: Vec<(String, String)> = {
        let mut query = conn
            .prepare("select name, sql from sqlite_schema where type = 'trigger' and tbl_name = 'history'")
            .unwrap();
        query.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    for (name, _) in &guards {
        conn.execute_batch(&format!("drop trigger {name}")).unwrap();
    }
    conn.execute("update history set at = at + 86400000 where id = (select max(id) from history)", [])
        .unwrap();
    for (_, sql) in &guards {
        conn.execute_batch(sql).unwrap();
    }
    drop(conn);
    office.run(&["check"]).fails(1, &["clock:", "Set this machine's clock right"]);
}
