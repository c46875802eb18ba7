//! Who there is, as workflows ask for them: the desk's answer to [`People`].

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::desk::error::Result;
use crate::domain::workflow::{Document, People, Person, QueueState};

/// Staff, roles, queues and deputies as they are in one transaction. Read once: an office has dozens of people.
#[derive(Debug, Clone, Default)]
pub struct DeskPeople {
    staff: BTreeMap<i64, (Person, Option<i64>)>,
    roles: BTreeMap<String, Vec<i64>>,
    queues: Vec<Queue>,
    deputies: Vec<Deputy>,
}

#[derive(Debug, Clone)]
struct Queue {
    name: String,
    state: QueueState,
    condition: Option<String>,
    members: Vec<i64>,
}

#[derive(Debug, Clone)]
struct Deputy {
    of: i64,
    is: i64,
    document: Option<String>,
    starts_at: i64,
    ends_at: Option<i64>,
}

impl DeskPeople {
    /// Reads them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn load(conn: &Connection) -> Result<Self> {
        let mut people = Self::default();
        let mut statement = conn.prepare_cached(
            "select id, login, name, coalesce(person, login), active, manager_id from staff",
        )?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let person = Person {
                id: r.get(0)?,
                login: r.get(1)?,
                name: r.get(2)?,
                person: r.get(3)?,
                active: r.get(4)?,
            };
            people.staff.insert(person.id, (person, r.get(5)?));
        }
        let mut statement = conn.prepare_cached(
            "select r.name, s.staff_id from role r left join staff_role s on s.role_id = r.id order by r.id, s.staff_id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let holders = people.roles.entry(r.get(0)?).or_default();
            holders.extend(r.get::<_, Option<i64>>(1)?);
        }
        people.queues = queues(conn)?;
        let mut statement = conn.prepare_cached(
            "select staff_id, deputy_id, document, starts_at, ends_at from deputy where state = 'active' order by id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            people.deputies.push(Deputy {
                of: r.get(0)?,
                is: r.get(1)?,
                document: r.get(2)?,
                starts_at: r.get(3)?,
                ends_at: r.get(4)?,
            });
        }
        Ok(people)
    }

    fn person(&self, id: i64) -> Option<&Person> {
        self.staff.get(&id).map(|(person, _)| person)
    }

    fn active(&self, ids: &[i64]) -> Vec<Person> {
        ids.iter().filter_map(|id| self.person(*id)).filter(|p| p.active).cloned().collect()
    }

    fn stand_in(&self, id: i64, (document, now): (Document, i64)) -> Option<i64> {
        let now_there = |deputy: &&Deputy| {
            deputy.of == id
                && deputy.starts_at <= now
                && deputy.ends_at.is_none_or(|end| now < end)
                && deputy.document.as_deref().is_none_or(|d| d == document.as_str())
        };
        // A rule for this document goes before one for all.
        let mut found: Vec<&Deputy> = self.deputies.iter().filter(now_there).collect();
        found.sort_by_key(|deputy| deputy.document.is_none());
        found.first().map(|deputy| deputy.is)
    }
}

fn queues(conn: &Connection) -> Result<Vec<Queue>> {
    let mut statement = conn.prepare_cached(
        "select q.name, q.state, q.condition, m.staff_id from queue q left join queue_member m on m.queue_id = q.id
         order by q.position, q.id, m.staff_id",
    )?;
    let mut rows = statement.query([])?;
    let mut found: Vec<Queue> = Vec::new();
    while let Some(r) = rows.next()? {
        let name: String = r.get(0)?;
        if found.last().is_none_or(|queue| queue.name != name) {
            let state = match r.get::<_, String>(1)?.as_str() {
                "active" => QueueState::Active,
                "on_hold" => QueueState::OnHold,
                _ => QueueState::Inactive,
            };
            found.push(Queue { name, state, condition: r.get(2)?, members: Vec::new() });
        }
        if let (Some(queue), Some(member)) = (found.last_mut(), r.get::<_, Option<i64>>(3)?) {
            queue.members.push(member);
        }
    }
    Ok(found)
}

impl People for DeskPeople {
    fn by_login(&self, login: &str) -> Option<Person> {
        self.staff.values().map(|(person, _)| person).find(|person| person.login == login).cloned()
    }

    fn by_id(&self, id: i64) -> Option<Person> {
        self.person(id).cloned()
    }

    fn role(&self, name: &str) -> Option<Vec<Person>> {
        self.roles.get(name).map(|ids| self.active(ids))
    }

    fn role_names(&self) -> Vec<String> {
        self.roles.keys().cloned().collect()
    }

    fn queue(&self, name: &str) -> Option<(QueueState, Vec<Person>)> {
        let queue = self.queues.iter().find(|queue| queue.name == name)?;
        Some((queue.state, self.active(&queue.members)))
    }

    fn queues(&self) -> Vec<(String, QueueState, Option<String>)> {
        self.queues.iter().map(|q| (q.name.clone(), q.state, q.condition.clone())).collect()
    }

    fn manager_of(&self, id: i64) -> Option<Person> {
        let manager = self.staff.get(&id)?.1?;
        self.by_id(manager)
    }

    fn deputy_of(&self, id: i64, document: Document, now: i64) -> Option<Person> {
        let mut seen = vec![id];
        let mut here = id;
        while let Some(next) = self.stand_in(here, (document, now)) {
            if seen.contains(&next) {
                return None;
            }
            seen.push(next);
            here = next;
        }
        (here != id).then(|| self.by_id(here)).flatten().filter(|person| person.active)
    }
}
