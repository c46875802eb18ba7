//! Reports say what a recount of the decisions says.

use countersign::desk::Command;
use countersign::desk::commands::work::{DecideItem, ItemSubject, OverrideItem, Verdict};
use countersign::desk::commands::workflow::{ActivateRuleSet, DEFAULT_RULES};
use countersign::desk::query::report::{Book, ReportRow};

use crate::cli_world::Office;
use crate::world::World;

const HOUR: i64 = 3_600_000;

fn of<'a>(rows: &'a [ReportRow], group: &str) -> &'a ReportRow {
    rows.iter().find(|row| row.group == group).unwrap_or_else(|| panic!("no {group} in {rows:?}"))
}

/// Decides the one open turn after so many hours.
fn decide(world: &mut World, who: &str, hours: i64, verdict: Verdict) {
    world.play(&format!("wait {hours} hours"));
    let item =
        world.raw().query_row("select id from work_item where state = 'open'", [], |r| r.get(0)).unwrap();
    let reason = Some("because".to_owned());
    let item = ItemSubject::now(item);
    let command = DecideItem { item, verdict, reason, fields: Vec::new(), to: None };
    world.run(who, Command::DecideItem(command)).unwrap();
}

#[test]
fn decisions_are_counted_by_whom_and_how_fast() {
    let mut world = World::new();
    let rules = DEFAULT_RULES.replace(
        "name     = \"Logon for a new user\"",
        "name     = \"Logon for a new user\"\nself_approval = true",
    );
    let rules = rules.replace(
        "takes    = \"Logon for a new user\"\nself_approval = true",
        "takes    = \"Logon for a new user\"",
    );
    world
        .run("ana", Command::ActivateRuleSet(ActivateRuleSet { origin: "own.toml".into(), source: rules }))
        .unwrap();
    let begin = world.reader.now();
    for (n, party) in ["aurora", "borealis", "corona", "dorado"].into_iter().enumerate() {
        let signup = format!("REG-{}", n + 1);
        world.play(&format!(
            "applicant submits {party}; maria verifies {signup} by phone: rang the switchboard; wait 1 hour; priya approves {signup}; jens creates {signup}"
        ));
        match n {
            0 => decide(&mut world, "maria", 1, Verdict::Approve),
            1 => decide(&mut world, "maria", 3, Verdict::Reject),
            // Somebody who made it, which this office allows.
            2 => decide(&mut world, "jens", 5, Verdict::Approve),
            _ => {
                world.play("wait 200 hours");
                let item = world
                    .raw()
                    .query_row("select id from work_item where state = 'open'", [], |r| r.get(0))
                    .unwrap();
                let (item, reason) = (ItemSubject::now(item), "the fair begins".to_owned());
                let command = OverrideItem { item, verdict: Verdict::Approve, reason };
                world.run("ana", Command::OverrideItem(command)).unwrap();
            }
        }
    }
    let span = (begin, i64::MAX);
    let rows = world.reader.report((Book::Work, "person"), span).unwrap();
    assert_eq!(
        rows.iter().map(|row| row.group.as_str()).collect::<Vec<_>>(),
        ["ana", "jens", "maria", "all"]
    );
    let maria = of(&rows, "maria");
    assert_eq!((maria.decided, maria.approved, maria.rejected, maria.own), (2, 1, 1, 0));
    assert_eq!((maria.took.least, maria.took.median, maria.took.mean), (HOUR, HOUR, 2 * HOUR));
    assert_eq!((of(&rows, "jens").own, of(&rows, "jens").overridden), (1, 0));
    let ana = of(&rows, "ana");
    assert_eq!((ana.overridden, ana.late, ana.own), (1, 1, 0), "two working days were over");
    let all = of(&rows, "all");
    assert_eq!(
        (all.decided, all.took.median, all.took.p90, all.took.most),
        (4, 3 * HOUR, 200 * HOUR, 200 * HOUR)
    );
    for by in ["step", "workflow", "action", "originator", "month"] {
        let rows = world.reader.report((Book::Work, by), span).unwrap();
        let (all, groups) = rows.split_last().unwrap();
        assert_eq!(groups.iter().map(|row| row.decided).sum::<i64>(), all.decided, "{by}");
    }
    assert!(world.reader.report((Book::Work, "step"), (0, begin)).unwrap().is_empty());
    let signups = world.reader.report((Book::Signups, "person"), span).unwrap();
    assert_eq!((of(&signups, "priya").approved, of(&signups, "priya").took.median), (4, HOUR));
}

#[test]
fn the_days_of_a_report_are_the_offices() {
    let office = Office::new();
    let number = office.rung("Aurora");
    office.run(&["signup", "reject", &number, "--reason", "spam", "--no-mail"]).ends(0);
    let rows = office.json(&["report", "signup", "--by", "reason", "--from", "today"]);
    assert_eq!((&rows[0]["group"], &rows[0]["rejected"]), (&"spam".into(), &1.into()));
    assert_eq!(rows[1]["group"], "all");
    let run = office.run(&["report", "signup", "--until", "-1d", "--json"]).ends(0);
    assert_eq!((run.data.trim(), run.messages.trim()), ("[]", "Nothing was decided in these days."));
    office.run(&["report", "signup", "--from", "tomorrow", "--until", "today"]).ends(2);
    office.run(&["report", "work", "--by", "mood"]).ends(2);
    let csv = office.run(&["report", "signup", "--by", "month", "--csv"]).ends(0).data;
    assert!(csv.starts_with("group,decided,approved,rejected,"), "{csv}");
}
