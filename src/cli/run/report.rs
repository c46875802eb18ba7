//! `countersign report work` and `report signup`.

use chrono::Datelike;
use serde_json::{Value, json};

use super::absence::day;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::report::{Days, Report};
use crate::cli::session::Session;
use crate::cli::table::{Align, Table};
use crate::desk::query::report::{Book, ReportRow};
use crate::domain::date::age;
use crate::domain::permission::Permission;

/// Prints one report.
pub fn run(session: &Session, asked: &Report, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (book, by, days, sees) = match asked {
        Report::Work(asked) => (Book::Work, &asked.by, &asked.days, Permission::WorkView),
        Report::Signup(asked) => (Book::Signups, &asked.by, &asked.days, Permission::SignupView),
    };
    let (reader, actor, _allowed) = session.look(Permission::HistoryView)?;
    actor.allow(sees)?;
    let rows = reader.report((book, by), span(session, days)?)?;
    if rows.is_empty() {
        out.message("Nothing was decided in these days.")?;
    }
    out.list(&rows.iter().map(shape).collect::<Vec<Value>>(), &table(&rows))?;
    Ok(Exit::Done)
}

/// From the beginning of the first day to the end of the last, by the office's clock.
fn span(session: &Session, days: &Days) -> Result<(i64, i64), Failure> {
    let calendar = &session.settings().calendar;
    let from = days.from.as_deref().map(|typed| day(session, "--from", typed)).transpose()?;
    let last = match days.until.as_deref() {
        Some(typed) => day(session, "--until", typed)?,
        None => calendar.day_of(session.now()),
    };
    if let Some(from) = from.filter(|from| *from > last) {
        let wrong = format!("--from: {from} is after {last}");
        return Err(Failure::usage(wrong).remedy("Give the first day, then the last."));
    }
    let end =
        last.succ_opt().filter(|next| next.year() < 9_999).map_or(i64::MAX, |next| calendar.start_of(next));
    Ok((from.map_or(i64::MIN, |from| calendar.start_of(from)), end))
}

fn table(rows: &[ReportRow]) -> Table {
    let number = |head| (head, Align::Right);
    let mut table = Table::new(&[
        ("Group", Align::Left),
        number("All"),
        number("Yes"),
        number("No"),
        number("Back"),
        number("Late"),
        number("Over"),
        number("Own"),
        number("Clock"),
        number("Median"),
        number("90 %"),
        number("Longest"),
    ]);
    for row in rows {
        let counts = [
            row.decided,
            row.approved,
            row.rejected,
            row.sent_back,
            row.late,
            row.overridden,
            row.own,
            row.by_clock,
        ];
        let [decided, approved, rejected, sent_back, late, overridden, own, clock] =
            counts.map(|n| n.to_string());
        let [median, p90, most] = [row.took.median, row.took.p90, row.took.most].map(age);
        table.row([
            &row.group,
            &decided,
            &approved,
            &rejected,
            &sent_back,
            &late,
            &overridden,
            &own,
            &clock,
            &median,
            &p90,
            &most,
        ]);
    }
    table
}

fn shape(row: &ReportRow) -> Value {
    let minutes = |ms: i64| ms / 60_000;
    json!({
        "group": row.group,
        "decided": row.decided,
        "approved": row.approved,
        "rejected": row.rejected,
        "sent_back": row.sent_back,
        "late": row.late,
        "overridden": row.overridden,
        "own_work": row.own,
        "by_clock": row.by_clock,
        "minutes_least": minutes(row.took.least),
        "minutes_mean": minutes(row.took.mean),
        "minutes_median": minutes(row.took.median),
        "minutes_p90": minutes(row.took.p90),
        "minutes_most": minutes(row.took.most),
    })
}
