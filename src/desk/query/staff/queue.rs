//! Queues as lists show them, in the order in which they are asked.

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// Name, as rules have it.
    pub name: String,
    /// For people.
    pub title: String,
    /// `active`, `on_hold` or `inactive`.
    pub state: String,
    /// Login of who looks after it.
    pub admin: String,
    /// Its place: the first active queue whose condition holds takes what goes to `auto`.
    pub position: i64,
    /// CEL; none: only by its name.
    pub condition: Option<String>,
    /// Logins of its active members.
    pub members: Vec<String>,
    /// Open items that nobody has taken.
    pub waiting: i64,
    /// When it was made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

use rusqlite::Connection;

use crate::desk::error::Result;

/// All queues by position.
pub(in crate::desk) fn all(conn: &Connection) -> Result<Vec<QueueRow>> {
    let mut statement = conn.prepare_cached(
        "select q.id, q.version, q.name, q.title, q.state, a.login, q.position, q.condition,
           (select count(*) from work_item i where i.queue_id = q.id and i.state = 'open' and i.assigned_id is null),
           q.created_at, q.updated_at
         from queue q join staff a on a.id = q.admin_id order by q.position, q.id",
    )?;
    let mut rows: Vec<QueueRow> = statement
        .query_map([], |r| {
            Ok(QueueRow {
                id: r.get(0)?,
                version: r.get(1)?,
                name: r.get(2)?,
                title: r.get(3)?,
                state: r.get(4)?,
                admin: r.get(5)?,
                position: r.get(6)?,
                condition: r.get(7)?,
                members: Vec::new(),
                waiting: r.get(8)?,
                created_at: r.get(9)?,
                updated_at: r.get(10)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for row in &mut rows {
        row.members = super::list(
            conn,
            "select s.login from queue_member m join staff s on s.id = m.staff_id
             where m.queue_id = ?1 and s.active = 1 order by s.login",
            &row.id,
        )?;
    }
    Ok(rows)
}
