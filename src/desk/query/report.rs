//! How much was decided, how fast, and which way (checklist A77): by step, person, month and more; the numbers are those of
//! the decisions themselves, so that a recount gives the same.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::desk::error::Result;
use crate::domain::calendar::Calendar;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// Decisions of people and of the clock in workflows.
    Work,
    /// Approved and rejected sign-ups.
    Signups,
}

/// Name of a grouping, and the expression that gives it; none: the month, by the office's calendar.
type Grouping = (&'static str, Option<&'static str>);

impl Book {
    /// How its decisions can be grouped; the first is the preset.
    pub fn groupings(self) -> &'static [Grouping] {
        match self {
            Book::Work => &[
                ("step", Some("f.workflow || ' · ' || i.step_name")),
                ("workflow", Some("f.workflow")),
                ("person", Some("coalesce(a.login, 'the clock')")),
                ("action", Some("u.action")),
                ("originator", Some("coalesce(o.login, 'applicant')")),
                ("month", None),
            ],
            Book::Signups => &[
                ("person", Some("coalesce(a.login, 'nobody')")),
                ("reason", Some("coalesce(t.reason_code, 'approved')")),
                ("country", Some("coalesce(t.country, 'unknown')")),
                ("source", Some("t.source")),
                ("verified", Some("coalesce(t.verified_how, 'never')")),
                ("month", None),
            ],
        }
    }

    /// Group, verdict, when, how long it waited, late, by override, own work, decided by the clock. A turn waits from the
    /// moment it came up, a sign-up from the moment it was verified.
    fn sql(self, group: &str) -> String {
        match self {
            Book::Work => format!(
                "select {group}, i.state, i.decided_at, i.decided_at - i.created_at, coalesce(i.due_at < i.decided_at, 0), i.overridden,
                   exists (select 1 from history h where h.record_kind = 'user_request' and h.record_id = i.document_id and h.at = i.decided_at
                     and h.kind = 'work_approved' and h.undone_by is null and json_valid(h.detail) and json_extract(h.detail, '$.self_approval')),
                   i.decided_by is null
                 from work_item i join workflow_instance f on f.id = i.instance_id join user_request u on u.id = i.document_id
                 left join staff a on a.id = i.decided_by left join staff o on o.id = f.submitted_by
                 where i.kind = 'approval' and i.state in ('approved', 'rejected', 'change_requested') and i.decided_at >= ?1 and i.decided_at < ?2"
            ),
            Book::Signups => format!(
                "select {group}, iif(t.state = 'rejected', 'rejected', 'approved'), t.decided_at, t.decided_at - coalesce(t.verified_at, t.created_at), 0,
                   t.verified_how is null and t.state <> 'rejected',
                   exists (select 1 from history h where h.record_kind = 'signup' and h.record_id = t.id and h.at = t.decided_at
                     and h.undone_by is null and json_valid(h.detail) and json_extract(h.detail, '$.self_approval')),
                   0
                 from signup t left join staff a on a.id = t.decided_by
                 where t.state in ('approved', 'created', 'rejected') and t.decided_at >= ?1 and t.decided_at < ?2"
            ),
        }
    }
}

/// How long decisions took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Took {
    /// The shortest.
    pub least: i64,
    /// The mean.
    pub mean: i64,
    /// Half took at most so long.
    pub median: i64,
    /// Nine of ten took at most so long.
    pub p90: i64,
    /// The longest.
    pub most: i64,
}

/// One group of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportRow {
    /// What they have in common; `all` for all of them.
    pub group: String,
    /// How many there are.
    pub decided: i64,
    /// Of these, yes.
    pub approved: i64,
    /// No.
    pub rejected: i64,
    /// Sent back for a change.
    pub sent_back: i64,
    /// Decided after they were due.
    pub late: i64,
    /// By override: in place of whoever had it, or without verification.
    pub overridden: i64,
    /// Approved by whoever had made or edited it, where that is allowed.
    pub own: i64,
    /// Decided by the clock.
    pub by_clock: i64,
    /// How long they took.
    pub took: Took,
}

#[derive(Default)]
struct Tally {
    row: ReportRow,
    took: Vec<i64>,
}

impl Tally {
    fn add(&mut self, verdict: &str, took: i64, [late, overridden, own, by_clock]: [bool; 4]) {
        let row = &mut self.row;
        row.decided += 1;
        row.approved += i64::from(verdict == "approved");
        row.rejected += i64::from(verdict == "rejected");
        row.sent_back += i64::from(verdict == "change_requested");
        row.late += i64::from(late);
        row.overridden += i64::from(overridden);
        row.own += i64::from(own);
        row.by_clock += i64::from(by_clock);
        self.took.push(took);
    }

    fn done(mut self, group: String) -> ReportRow {
        self.took.sort_unstable();
        let took = &self.took;
        // The smallest value that at least so many of a hundred do not exceed.
        let at = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        let count = i64::try_from(took.len()).unwrap_or(i64::MAX).max(1);
        let took = Took {
            least: at(0).unwrap_or(0),
            mean: took.iter().sum::<i64>() / count,
            median: at(50).unwrap_or(0),
            p90: at(90).unwrap_or(0),
            most: at(100).unwrap_or(0),
        };
        ReportRow { group, took, ..self.row }
    }
}

/// The groups by name, and all of them as the last; nothing where nothing was decided between the two moments.
pub(in crate::desk) fn decisions(
    conn: &Connection,
    calendar: &Calendar,
    (book, by): (Book, &str),
    (from, to): (i64, i64),
) -> Result<Vec<ReportRow>> {
    let grouping = book.groupings().iter().find(|(name, _)| *name == by).and_then(|(_, group)| *group);
    let mut statement = conn.prepare_cached(&book.sql(grouping.unwrap_or("''")))?;
    let mut groups: BTreeMap<String, Tally> = BTreeMap::new();
    let mut all = Tally::default();
    let mut rows = statement.query([from, to])?;
    while let Some(row) = rows.next()? {
        let group = match grouping {
            Some(_) => row.get(0)?,
            None => calendar.day_of(row.get(2)?).format("%Y-%m").to_string(),
        };
        let (verdict, took, flags) = decision(row)?;
        all.add(&verdict, took, flags);
        groups.entry(group).or_default().add(&verdict, took, flags);
    }
    let any = !groups.is_empty();
    let mut report: Vec<ReportRow> = groups.into_iter().map(|(group, tally)| tally.done(group)).collect();
    report.extend(any.then(|| all.done("all".into())));
    Ok(report)
}

fn decision(row: &Row<'_>) -> rusqlite::Result<(String, i64, [bool; 4])> {
    Ok((row.get(1)?, row.get(3)?, [row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?]))
}
