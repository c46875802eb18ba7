//! Who has how much to decide: one row for each person, role and queue that holds open turns (checklist C19).

use rusqlite::Connection;

use crate::desk::error::Result;

/// What falls due within so many milliseconds is said to be due soon: a day.
const SOON: i64 = 24 * 60 * 60 * 1_000;

/// What one of them holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadRow {
    /// A login, `role NAME`, `queue NAME`; `nobody` where a turn has no one.
    pub holder: String,
    /// Open turns.
    pub open: i64,
    /// Of these, past their due time.
    pub overdue: i64,
    /// Of these, due within a day.
    pub due_soon: i64,
    /// Of these, put aside by whoever has them.
    pub aside: i64,
    /// Of these, gone up at least one level.
    pub escalated: i64,
    /// Since when the oldest waits, UTC milliseconds.
    pub oldest: i64,
}

/// All who hold something; who is most behind comes first.
pub(in crate::desk) fn load(conn: &Connection, now: i64) -> Result<Vec<LoadRow>> {
    let sql = "select coalesce(a.login, 'role ' || r.name, 'queue ' || q.name, 'nobody') as holder, count(*),
         sum(i.due_at is not null and i.due_at <= ?1) as overdue, sum(i.due_at is not null and i.due_at > ?1 and i.due_at <= ?2),
         sum(exists (select 1 from work_snooze z where z.item_id = i.id and z.staff_id = i.assigned_id and z.until_at > ?1)),
         sum(i.escalations > 0), min(i.created_at) as oldest
       from work_item i left join staff a on a.id = i.assigned_id left join role r on r.id = i.role_id
       left join queue q on q.id = i.queue_id
       where i.state = 'open' group by holder order by overdue desc, count(*) desc, oldest, holder";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([now, now + SOON], |r| {
        Ok(LoadRow {
            holder: r.get(0)?,
            open: r.get(1)?,
            overdue: r.get(2)?,
            due_soon: r.get(3)?,
            aside: r.get(4)?,
            escalated: r.get(5)?,
            oldest: r.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
