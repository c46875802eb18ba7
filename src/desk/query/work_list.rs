//! Lists of open work items, by view; each person has few, so a view is read whole, up to a bound, and filtered in hand.

use rusqlite::{Connection, Row};

use super::work;
use crate::desk::commands::signup::Seen;
use crate::desk::error::Result;

/// More than these are not read at once; the list says that there are more.
pub const MOST: usize = 2_000;

/// Whose items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What waits for the reader: theirs, as deputy, through role or queue.
    ForMe,
    /// What their roles and queues hold and nobody has taken.
    Roles,
    /// What they submitted, wherever it waits.
    Submitted,
    /// Whatever is past its due time.
    Overdue,
    /// What one person holds, theirs alone: neither as deputy nor through role or queue.
    Held,
    /// Everything that is open.
    All,
}

impl View {
    /// All views: stable name and words, in the order in which `f` shows them.
    #[rustfmt::skip]
    pub const TABLE: [(View, &'static str, &'static str); 6] = [
        (View::ForMe,     "for_me",    "For me"),
        (View::Roles,     "roles",     "Roles and queues"),
        (View::Submitted, "submitted", "Submitted by me"),
        (View::Overdue,   "overdue",   "Overdue"),
        (View::Held,      "held",      "Held by one person"),
        (View::All,       "all",       "All open"),
    ];

    /// The view of that stable name.
    pub fn parse(name: &str) -> Option<View> {
        Self::TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// An open item as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    /// Row id of the item.
    pub id: i64,
    /// Its document's row.
    pub document_id: i64,
    /// Its document's number.
    pub number: String,
    /// `approval` or `change`.
    pub kind: String,
    /// What is asked: action and user name.
    pub what: String,
    /// Customer or contact.
    pub customer: String,
    /// Workflow and step.
    pub rule: String,
    /// Why this person.
    pub because: String,
    /// Who has it, or which role or queue.
    pub holder: String,
    /// Who submitted; none: the applicant.
    pub submitter: Option<String>,
    /// Since when it waits, UTC milliseconds.
    pub since: i64,
    /// When it is due.
    pub due_at: Option<i64>,
    /// How many hops it has gone.
    pub escalations: i64,
    /// Whether the reader has had it on the screen.
    pub is_new: bool,
    /// What binds a decision on it.
    pub seen: Seen,
}

const COLUMNS: &str = "i.id, i.document_id, i.number, i.kind, replace(u.action, '_', ' ') || ' ' || u.user_name,
   coalesce(c.name, trim(coalesce(k.first_name, '') || ' ' || k.last_name)), n.workflow || ' · ' || i.step_name, i.because,
   coalesce(a.login, 'role ' || r.name, 'queue ' || q.name, 'nobody'), s.login, i.created_at, i.due_at, i.escalations,
   not exists (select 1 from work_seen w where w.item_id = i.id and w.staff_id = ?1)
 from work_item i join workflow_instance n on n.id = i.instance_id join user_request u on u.id = i.document_id
 join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id left join role r on r.id = i.role_id
 left join queue q on q.id = i.queue_id left join staff a on a.id = i.assigned_id left join staff s on s.id = n.submitted_by";

/// Items by an index each; the reader's own submissions are not theirs to decide, so roles and queues leave them out.
fn ids(view: View) -> &'static str {
    match view {
        View::ForMe => {
            "select id from work_item where assigned_id = ?1 and state = 'open'
             union select id from work_item where deputy_id = ?1 and state = 'open'
             union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
               where w.role_id in (select role_id from staff_role where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1
             union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
               where w.queue_id in (select queue_id from queue_member where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1"
        }
        View::Roles => {
            "select w.id from work_item w join workflow_instance f on f.id = w.instance_id
               where w.role_id in (select role_id from staff_role where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1
             union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
               where w.queue_id in (select queue_id from queue_member where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1"
        }
        View::Submitted => {
            "select w.id from workflow_instance f join work_item w on w.instance_id = f.id
             where f.submitted_by = ?1 and f.state in ('running', 'change_requested', 'stopped') and w.state = 'open'"
        }
        View::Overdue => "select id from work_item where state = 'open' and due_at is not null and due_at <= ?2",
        View::Held => "select id from work_item where assigned_id = ?1 and state = 'open'",
        View::All => "select id from work_item where state = 'open'",
    }
}

/// The open items of a view, oldest first, at most [`MOST`].
pub(in crate::desk) fn list(conn: &Connection, view: View, (staff, now): (i64, i64)) -> Result<Vec<WorkRow>> {
    let sql =
        format!("select {COLUMNS} where i.id in ({}) and ?2 = ?2 order by i.id limit {MOST}", ids(view));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows: Vec<WorkRow> = statement.query_map([staff, now], row)?.collect::<rusqlite::Result<_>>()?;
    for row in &mut rows {
        row.seen = work::seen(conn, row.id)?;
    }
    Ok(rows)
}

fn row(r: &Row<'_>) -> rusqlite::Result<WorkRow> {
    Ok(WorkRow {
        id: r.get(0)?,
        document_id: r.get(1)?,
        number: r.get(2)?,
        kind: r.get(3)?,
        what: r.get(4)?,
        customer: r.get(5)?,
        rule: r.get(6)?,
        because: r.get(7)?,
        holder: r.get(8)?,
        submitter: r.get(9)?,
        since: r.get(10)?,
        due_at: r.get(11)?,
        escalations: r.get(12)?,
        is_new: r.get(13)?,
        seen: Seen::row(0),
    })
}

/// How many wait for this person.
pub(in crate::desk) fn waiting(conn: &Connection, staff: i64) -> Result<i64> {
    let sql = format!(
        "select count(*) from (select id from work_item where id in ({}) and ?1 = ?1 limit {MOST})",
        ids(View::ForMe)
    );
    Ok(conn.prepare_cached(&sql)?.query_row([staff], |r| r.get(0))?)
}
