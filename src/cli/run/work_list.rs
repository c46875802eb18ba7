//! `countersign work list`: the turns of a view, filtered and sorted like the Work tab.

use serde_json::{Value, json};

use super::list::{self, Listing, Pages};
use super::text::{ago, wall};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape::{maybe_time, seen, time};
use crate::cli::table::{Align, Table};
use crate::cli::work::WorkList;
use crate::desk::query::in_hand::InHand;
use crate::desk::query::work_line::{FILTER, SORTS, WorkLine, WorkSource};
use crate::desk::query::work_list::{View, WorkRow};
use crate::desk::query::{Anchor, Keyed};
use crate::domain::filter::{Term, Test, Value as Wanted};
use crate::domain::permission::Permission;

/// Prints them.
pub fn run(session: &Session, asked: &WorkList, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::WorkView)?;
    let now = session.now();
    let mut query = list::query(&asked.list, Listing { fields: &FILTER, sorts: SORTS }, (&actor, now))?;
    // The view stands where other lists have a state; a state that was asked for is one more condition.
    if let Some(state) = query.state.take() {
        let test = Test::AnyOf(vec![Wanted::State(state)]);
        query.filter.terms.push(Term::Field { field: "state", test, negated: false });
    }
    query.state = View::TABLE.iter().map(|row| row.1).find(|name| *name == asked.view);
    let source = WorkSource::new(&reader, actor.staff_id().unwrap_or(0));
    let after = match &asked.list.after {
        Some(typed) => {
            // `UR-000008/21`: a record may have several turns in the list.
            let (number, turn) = typed.split_once('/').map_or((typed.as_str(), None), |(n, t)| (n, Some(t)));
            let number = reader.find(number).map_err(|error| Failure::from(error).about(typed))?.number;
            let mut lines = source.lines(&query)?;
            let is_it = |row: &WorkRow| turn.is_none_or(|turn| row.id().to_string() == turn);
            lines.retain(|line| line.row.number == number && is_it(&line.row));
            lines.pop().map(|line| line.key().clone())
        }
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| source.window(&query, anchor, limit),
        count: |_| source.total(&query),
    };
    let shown = |lines: &[WorkLine]| {
        let values: Vec<Value> = lines.iter().map(|line| shape(&line.row, now)).collect();
        (values, table(lines, now))
    };
    list::print(&asked.list, after, pages, shown, out)?;
    Ok(Exit::Done)
}

fn table(lines: &[WorkLine], now: i64) -> Table {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("What", Align::Left),
        ("For", Align::Left),
        ("Waits for", Align::Left),
        ("Why", Align::Left),
        ("From", Align::Left),
        ("Since", Align::Right),
        ("Due", Align::Left),
    ]);
    for row in lines.iter().map(|line| &line.row) {
        let due = match row.due_at {
            Some(at) if at <= now => format!("overdue {}", ago(at, now)),
            Some(at) => wall(at, now),
            None => "–".into(),
        };
        let from = row.submitter.as_deref().unwrap_or("applicant");
        table.row([
            &row.number,
            &row.what,
            &row.customer,
            &row.holder,
            &row.because,
            from,
            &ago(row.since, now),
            &due,
        ]);
    }
    table
}

fn shape(row: &WorkRow, now: i64) -> Value {
    json!({
        "number": row.number,
        "state": row.state(),
        "version": row.seen.version,
        "created_at": time(row.since),
        "updated_at": time(row.since),
        "kind": row.kind,
        "what": row.what,
        "customer": row.customer,
        "rule": row.rule,
        "because": row.because,
        "waits_for": row.holder,
        "submitted_by": row.submitter,
        "due_at": maybe_time(row.due_at),
        "overdue": row.due_at.is_some_and(|at| at <= now),
        "escalations": row.escalations,
        "seen": seen(&row.seen),
        "after": format!("{}/{}", row.number, row.id()),
    })
}
