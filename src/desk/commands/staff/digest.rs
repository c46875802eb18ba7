//! The digest: once a day, in a person's first working hour, what waits for them; exactly once, whichever process looks
//! first (mail.md, When; checklist A41).

use rusqlite::params;

use super::find;
use crate::desk::command::{Command, Repeated};
use crate::desk::cx::{Cx, Done};
use crate::desk::door::Desk;
use crate::desk::error::Result;
use crate::domain::calendar::Calendar;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{MailEvent, Mailbox};
use crate::domain::permission::{Actor, Who};

/// Sends a person what waits for them, unless they had it today.
#[derive(Debug, Clone)]
pub struct SendDigest {
    /// Their login.
    pub login: String,
}

/// What waits for a person, oldest first: theirs, those they stand in for, and what their roles and queues hold.
const WAITING: &str = "select i.number, i.step_name, i.due_at, i.created_at from work_item i where i.state = 'open' and i.id in (
    select id from work_item where state = 'open' and assigned_id = ?1
    union select id from work_item where state = 'open' and deputy_id = ?1
    union select w.id from work_item w join staff_role sr on sr.role_id = w.role_id
      where w.state = 'open' and w.assigned_id is null and w.role_id is not null and sr.staff_id = ?1
    union select w.id from work_item w join queue_member m on m.queue_id = w.queue_id
      where w.state = 'open' and w.assigned_id is null and w.queue_id is not null and m.staff_id = ?1)
  order by i.due_at is null, i.due_at, i.id";

fn duty(id: i64) -> String {
    format!("digest {id}")
}

fn calendar(office: &Calendar, hours: Option<&str>) -> Calendar {
    hours.and_then(|h| office.with_hours(h).ok()).unwrap_or_else(|| office.clone())
}

impl SendDigest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow_as(&Who::Clock)?;
        let person = find(cx, &self.login)?;
        let done_at: Option<i64> = cx
            .conn
            .prepare_cached("select max(done_at) from clock_duty where name = ?1")?
            .query_row([duty(person.id)], |r| r.get(0))?;
        let calendar = &cx.settings.calendar;
        let today = calendar.day_of(cx.now);
        let had = done_at.is_some_and(|at| calendar.day_of(at) >= today);
        let (address, name, language): (Option<String>, String, String) = cx
            .conn
            .prepare_cached("select email, name, language from staff where id = ?1")?
            .query_row([person.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let items: Vec<(String, String, Option<i64>)> = cx
            .conn
            .prepare_cached(WAITING)?
            .query_map([person.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let happened =
            Happened::new("digest_sent", RecordRef::new(RecordKind::Staff, person.id, person.number.clone()))
                .fact("items", items.len());
        let mut done = Done::audited(allowed, happened);
        let Some(address) = address.filter(|a| !a.is_empty() && !had && !items.is_empty()) else {
            done.repeated = Repeated::Yes;
            return Ok(done);
        };
        cx.conn
            .prepare_cached(
                "insert into clock_duty (name, done_at) values (?1, ?2) on conflict do update set done_at = excluded.done_at",
            )?
            .execute(params![duty(person.id), cx.now])?;
        let mailbox = Mailbox { address, name: Some(name.clone()) };
        let mut letter = cx.letter(MailEvent::WorkDigest, mailbox, Some(&language), &person);
        letter.values.insert("name", name);
        letter.values.insert("count", items.len().to_string());
        let line = |(number, step, due): &(String, String, Option<i64>)| {
            let due = due.map(|at| format!("  {}", calendar.wall_clock(at))).unwrap_or_default();
            format!("{number}  {step}{due}")
        };
        let (late, rest): (Vec<_>, Vec<_>) =
            items.iter().partition(|(.., due)| due.is_some_and(|at| at <= cx.now));
        let lines = |part: Vec<&(String, String, Option<i64>)>| {
            part.into_iter().map(line).collect::<Vec<_>>().join("\n")
        };
        letter.values.insert("overdue", lines(late));
        letter.values.insert("items", lines(rest));
        letter.values.insert("command", "countersign work list\n  countersign decide NUMBER approve".into());
        Ok(done.mail(Some(letter)))
    }
}

impl Desk {
    /// Sends the digests that are due: to whom wants it, works at this moment, and had something waiting when the day
    /// began. Gives how many went out.
    pub(in crate::desk) fn digests(&mut self) -> Result<usize> {
        let now = self.now();
        let office = self.options.settings.calendar.clone();
        let midnight = office.start_of(office.day_of(now));
        let wanted: Vec<(i64, String, Option<String>)> = self
            .conn
            .prepare_cached(
                "select s.id, s.login, s.hours from staff s left join clock_duty d on d.name = 'digest ' || s.id
                 where s.digest = 'daily' and s.active = 1 and s.email <> '' and (d.done_at is null or d.done_at < ?1) order by s.id",
            )?
            .query_map([midnight], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut commands = Vec::new();
        for (id, login, hours) in wanted {
            let oldest: Option<i64> = self
                .conn
                .prepare_cached(&format!("select min(created_at) from ({WAITING})"))?
                .query_row([id], |r| r.get(0))?;
            if oldest.is_some_and(|at| at < midnight) && calendar(&office, hours.as_deref()).is_open(now) {
                commands.push(Command::SendDigest(SendDigest { login }));
            }
        }
        if commands.is_empty() {
            return Ok(0);
        }
        let results = self.execute_all(&Actor::clock(), commands);
        for error in results.iter().filter_map(|r| r.as_ref().err()) {
            tracing::warn!(%error, "a digest");
        }
        Ok(results.iter().filter(|r| r.as_ref().is_ok_and(|r| r.repeated == Repeated::No)).count())
    }
}
