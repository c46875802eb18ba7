//! Lists of what waits for whom, by view; each person has few, so a view is read whole, up to a bound, and filtered in hand.

use rusqlite::{Connection, Row, ToSql, params};

use super::work;
use crate::desk::commands::signup::Seen;
use crate::desk::error::Result;
use crate::domain::workflow::Document;

/// More than these are not read at once; the list says that there are more.
pub const MOST: usize = 2_000;

/// Whose items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What waits for the reader: theirs, as deputy, through role or queue; and questions asked of them.
    ForMe,
    /// What their roles and queues hold and nobody has taken.
    Roles,
    /// What they submitted, wherever it waits, and what came back to them.
    Submitted,
    /// What they put aside and has not come back yet.
    Aside,
    /// What they watch, wherever it stands.
    Watched,
    /// What the queues hold whose administrator they are, taken or not.
    Administered,
    /// Turns that are past their due time.
    Overdue,
    /// What an error has stopped.
    Stopped,
    /// Every open turn, and what an error has stopped.
    All,
}

impl View {
    /// All views: stable name and words, in the order in which `f` shows them.
    #[rustfmt::skip]
    pub const TABLE: [(View, &'static str, &'static str); 9] = [
        (View::ForMe,     "for_me",    "For me"),
        (View::Roles,     "roles",     "Roles and queues"),
        (View::Submitted, "submitted", "Submitted by me"),
        (View::Overdue,   "overdue",   "Overdue"),
        (View::Aside,     "aside",     "Put aside"),
        (View::Watched,   "watched",   "Watched"),
        (View::Administered, "administered", "In my queues"),
        (View::Stopped,   "stopped",   "Stopped"),
        (View::All,       "all",       "All open"),
    ];

    /// The view of that stable name.
    pub fn parse(name: &str) -> Option<View> {
        Self::TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// What the view is made of: where its turns, questions and instances come from.
    fn parts(self) -> [Option<(Part, &'static str)>; 3] {
        let [turns, questions, instances] = match self {
            View::ForMe => [Some(TURNS_FOR_ME), Some(QUESTIONS_FOR_ME), None],
            View::Roles => [Some(TURNS_OF_ROLES), None, None],
            View::Submitted => [None, None, Some(INSTANCES_OF_MINE)],
            View::Overdue => [Some(TURNS_OVERDUE), None, None],
            View::Aside => [Some(TURNS_ASIDE), None, None],
            View::Watched => [None, None, Some(INSTANCES_WATCHED)],
            View::Administered => [Some(TURNS_ADMINISTERED), None, None],
            View::Stopped => [None, None, Some(INSTANCES_STOPPED)],
            View::All => [Some(TURNS_OPEN), None, Some(INSTANCES_STOPPED)],
        };
        [
            turns.map(|ids| (Part::Turn, ids)),
            questions.map(|ids| (Part::Question, ids)),
            instances.map(|ids| (Part::Instance, ids)),
        ]
    }
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Somebody's turn: a decision or a change.
    Turn,
    /// A question without an answer.
    Question,
    /// A document on its way, whoever has it.
    Instance,
}

/// A row of the lists.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    /// What it stands for.
    pub part: Part,
    /// Row id of the turn, question or instance.
    pub of: i64,
    /// Its document's row.
    pub document_id: i64,
    /// Its document's number.
    pub number: String,
    /// `approval` or `change` of a turn; `question`; of an instance `underway`, `task`, or its state once it is stopped or has ended.
    pub kind: String,
    /// What is asked: action and user name.
    pub what: String,
    /// Customer or contact.
    pub customer: String,
    /// Workflow and step.
    pub rule: String,
    /// Why this person; why it was stopped or came back.
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
    /// Whether the turn or the question is the reader's own, also as deputy, or the document was submitted by them.
    pub mine: bool,
    /// What binds a decision on it.
    pub seen: Seen,
}

impl WorkRow {
    /// One number for each row of any view; it stays the same while the row is there.
    pub fn id(&self) -> i64 {
        let part = match self.part {
            Part::Turn => 0,
            Part::Question => 1,
            Part::Instance => 2,
        };
        self.of * 3 + part
    }

    /// The turn that it is, if it is one.
    pub fn turn(&self) -> Option<i64> {
        (self.part == Part::Turn).then_some(self.of)
    }
}

const TURN_COLUMNS: &str = "i.id, i.document_id, i.number, i.kind, replace(u.action, '_', ' ') || ' ' || u.user_name,
   coalesce(c.name, trim(coalesce(k.first_name, '') || ' ' || k.last_name)), n.workflow || ' · ' || i.step_name, i.because,
   coalesce(a.login, 'role ' || r.name, 'queue ' || q.name, 'nobody'), s.login, i.created_at, i.due_at, i.escalations, i.version,
   i.assigned_id is ?1 or i.deputy_id is ?1
 from work_item i join workflow_instance n on n.id = i.instance_id join user_request u on u.id = i.document_id
 join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id left join role r on r.id = i.role_id
 left join queue q on q.id = i.queue_id left join staff a on a.id = i.assigned_id left join staff s on s.id = n.submitted_by
 where i.id in";

const QUESTION_COLUMNS: &str = "i.id, n.document_id, n.number, 'question', i.question,
   coalesce(c.name, trim(coalesce(k.first_name, '') || ' ' || k.last_name)), n.workflow, a.login || ' asks',
   o.login, s.login, i.created_at, null, 0, i.version, i.asked_of = ?1
 from work_question i join workflow_instance n on n.id = i.instance_id join user_request u on u.id = n.document_id
 join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id join staff a on a.id = i.asked_by
 join staff o on o.id = i.asked_of left join staff s on s.id = n.submitted_by
 where i.id in";

/// Whoever has an open turn on it, else who or what it waits for.
const INSTANCE_COLUMNS: &str = "i.id, i.document_id, i.number,
   case when i.state in ('stopped', 'rejected', 'recalled', 'approved', 'completed') then i.state
        when exists (select 1 from work_item t where t.instance_id = i.id and t.state = 'open') then 'underway' else 'task' end,
   replace(u.action, '_', ' ') || ' ' || u.user_name,
   coalesce(c.name, trim(coalesce(k.first_name, '') || ' ' || k.last_name)), i.workflow,
   case i.state when 'stopped' then coalesce(i.cause || coalesce(' (' || i.culprit || ')', ''), '') when 'running' then '' else coalesce(u.change_note, '') end,
   case when i.state = 'stopped' then 'resume' when i.state in ('rejected', 'recalled') then coalesce(s.login, 'nobody') when i.state in ('approved', 'completed') then 'nobody' else
     coalesce((select group_concat(coalesce(a.login, 'role ' || r.name, 'queue ' || q.name, 'nobody'), ', ') from work_item t
        left join role r on r.id = t.role_id left join queue q on q.id = t.queue_id left join staff a on a.id = t.assigned_id
        where t.instance_id = i.id and t.state = 'open'), 'its task') end,
   s.login,
   case when i.state = 'running' then coalesce((select min(t.created_at) from work_item t where t.instance_id = i.id and t.state = 'open'), i.updated_at)
        else i.updated_at end,
   (select min(t.due_at) from work_item t where t.instance_id = i.id and t.state = 'open'),
   coalesce((select max(t.escalations) from work_item t where t.instance_id = i.id and t.state = 'open'), 0), i.version, i.submitted_by is ?1
 from workflow_instance i join user_request u on u.id = i.document_id join contact k on k.id = u.contact_id
 left join customer c on c.id = u.customer_id left join staff s on s.id = i.submitted_by
 where i.id in";

/// Turns by an index each; the reader's own submissions are not theirs to decide, so roles and queues leave them out, and
/// what they put aside is not on their list until it comes back.
const TURNS_FOR_ME: &str = "select id from (
   select id from work_item where assigned_id = ?1 and state = 'open'
   union select id from work_item where deputy_id = ?1 and state = 'open'
   union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
     where w.role_id in (select role_id from staff_role where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1
   union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
     where w.queue_id in (select queue_id from queue_member where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1)
 where id not in (select item_id from work_snooze where staff_id = ?1 and until_at > ?2)";

const TURNS_OF_ROLES: &str = "select id from (
   select w.id from work_item w join workflow_instance f on f.id = w.instance_id
     where w.role_id in (select role_id from staff_role where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1
   union select w.id from work_item w join workflow_instance f on f.id = w.instance_id
     where w.queue_id in (select queue_id from queue_member where staff_id = ?1) and w.state = 'open' and w.assigned_id is null and f.submitted_by is not ?1)
 where id not in (select item_id from work_snooze where staff_id = ?1 and until_at > ?2)";

const TURNS_ASIDE: &str = "select w.id from work_item w join work_snooze z on z.item_id = w.id
 where z.staff_id = ?1 and z.until_at > ?2 and w.state = 'open'";

const TURNS_ADMINISTERED: &str = "select id from work_item where queue_id in (select id from queue where admin_id = ?1) and state = 'open'";

/// The last way that each watched document went.
const INSTANCES_WATCHED: &str = "select (select max(f.id) from workflow_instance f where f.document = z.document and f.document_id = z.document_id)
 from work_watch z where z.staff_id = ?1";

const TURNS_OVERDUE: &str =
    "select id from work_item where state = 'open' and due_at is not null and due_at <= ?2";

const TURNS_OPEN: &str = "select id from work_item where state = 'open'";

/// A question is worth an answer while its document is on its way.
const QUESTIONS_FOR_ME: &str =
    "select a.id from work_question a join workflow_instance f on f.id = a.instance_id
 where a.asked_of = ?1 and a.answer is null and a.outside is null and f.state in ('running', 'change_requested', 'stopped')";

/// What is over stays only where its originator may still do something about it.
const INSTANCES_OF_MINE: &str = "select id from workflow_instance where submitted_by = ?1 and state in ('running', 'change_requested', 'stopped')
 union select f.id from workflow_instance f join user_request d on d.id = f.document_id
   where f.submitted_by = ?1 and f.state in ('rejected', 'recalled') and d.state in ('draft', 'rejected')
   and not exists (select 1 from workflow_instance later where later.document = f.document and later.document_id = f.document_id and later.id > f.id)";

const INSTANCES_STOPPED: &str = "select id from workflow_instance where state = 'stopped'";

/// Open turns by what they hang on, whoever reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turns<'a> {
    /// On a document, by its row.
    On(Document, i64),
    /// Held by one person, theirs alone: neither as deputy nor through role or queue.
    OfPerson(i64),
    /// Held by a role, by its name; nobody has taken them.
    OfRole(&'a str),
    /// Held by a queue, by its name; nobody has taken them.
    OfQueue(&'a str),
}

/// The open turns that hang on it, as they came; all of them.
pub(in crate::desk) fn turns(conn: &Connection, which: Turns<'_>) -> Result<Vec<WorkRow>> {
    let (ids, document, of): (_, Option<&str>, &dyn ToSql) = match &which {
        Turns::On(document, id) => (
            "select id from work_item where document = ?2 and document_id = ?1 and state = 'open'",
            Some(document.as_str()),
            id,
        ),
        Turns::OfPerson(id) => {
            ("select id from work_item where assigned_id = ?1 and state = 'open'", None, id)
        }
        Turns::OfRole(name) => (
            "select id from work_item where role_id = (select id from role where name = ?1) and state = 'open' and assigned_id is null",
            None,
            name,
        ),
        Turns::OfQueue(name) => (
            "select id from work_item where queue_id = (select id from queue where name = ?1) and state = 'open' and assigned_id is null",
            None,
            name,
        ),
    };
    let sql = format!("select {TURN_COLUMNS} ({ids}) and ?2 is ?2 order by i.id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![of, document], |r| row(r, Part::Turn))?;
    rows.map(|found| {
        let found = found?;
        Ok(WorkRow { seen: work::seen(conn, found.of)?, ..found })
    })
    .collect()
}

fn columns(part: Part) -> &'static str {
    match part {
        Part::Turn => TURN_COLUMNS,
        Part::Question => QUESTION_COLUMNS,
        Part::Instance => INSTANCE_COLUMNS,
    }
}

/// The rows of a view, most urgent first: by due time, then as they came; at most [`MOST`] of each part.
pub(in crate::desk) fn list(conn: &Connection, view: View, (staff, now): (i64, i64)) -> Result<Vec<WorkRow>> {
    let mut rows = Vec::new();
    for (part, ids) in view.parts().into_iter().flatten() {
        let sql =
            format!("select {} ({ids}) and ?1 = ?1 and ?2 = ?2 order by i.id limit {MOST}", columns(part));
        let mut statement = conn.prepare_cached(&sql)?;
        for found in statement.query_map([staff, now], |r| row(r, part))? {
            let mut row = found?;
            if let Some(turn) = row.turn() {
                row.seen = work::seen(conn, turn)?;
            }
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| (row.due_at.unwrap_or(i64::MAX), row.since, row.id()));
    Ok(rows)
}

fn row(r: &Row<'_>, part: Part) -> rusqlite::Result<WorkRow> {
    Ok(WorkRow {
        part,
        of: r.get(0)?,
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
        seen: Seen::row(r.get(13)?),
        mine: r.get(14)?,
    })
}

/// How many rows a view has, up to [`MOST`] of each part.
pub(in crate::desk) fn count(conn: &Connection, view: View, (staff, now): (i64, i64)) -> Result<i64> {
    let mut all = 0;
    for (_, ids) in view.parts().into_iter().flatten() {
        let sql =
            format!("select count(*) from (select * from ({ids}) where ?1 = ?1 and ?2 = ?2 limit {MOST})");
        all += conn.prepare_cached(&sql)?.query_row([staff, now], |r| r.get::<_, i64>(0))?;
    }
    Ok(all)
}

/// How many turns of this person are past their due time.
pub(in crate::desk) fn late(conn: &Connection, (staff, now): (i64, i64)) -> Result<i64> {
    let sql = format!(
        "select count(*) from (select id from work_item where id in ({TURNS_FOR_ME}) and due_at is not null and due_at <= ?2 limit {MOST})"
    );
    Ok(conn.prepare_cached(&sql)?.query_row([staff, now], |r| r.get(0))?)
}
