//! The office's people as the workflow rules ask for them: staff, roles, queues, managers, deputies.

use std::cell::RefCell;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::desk::error::{Error, Result};
use crate::domain::workflow::{Document, People, Person, QueueState};

/// Deputies of deputies are followed so far; nobody needs more, and a loop ends.
const LONGEST_CHAIN: usize = 16;

const PERSON: &str = "s.id, s.login, s.name, coalesce(s.person, s.login), s.active,
  exists (select 1 from staff_role x join role_permission p on p.role_id = x.role_id where x.staff_id = s.id and p.permission = 'work.decide'),
  (select count(distinct p.permission) from staff_role x join role_permission p on p.role_id = x.role_id
     where x.staff_id = s.id and p.permission in ('user_request.edit', 'user_request.submit')) = 2";

/// People read from this connection. The trait has no room for failures, so the first one is kept; see [`Office::done`].
pub(in crate::desk) struct Office<'c> {
    conn: &'c Connection,
    failed: RefCell<Option<Error>>,
}

impl<'c> Office<'c> {
    /// The office behind a connection.
    pub fn new(conn: &'c Connection) -> Office<'c> {
        Office { conn, failed: RefCell::new(None) }
    }

    /// The failure of a question that was answered with nothing, if there was one.
    pub fn done(self) -> Result<()> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn keep<T>(&self, outcome: rusqlite::Result<T>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed.borrow_mut().get_or_insert(error.into());
                None
            }
        }
    }

    fn one(&self, condition: &str, key: &dyn rusqlite::ToSql) -> Option<Person> {
        let sql = format!("select {PERSON} from staff s where {condition}");
        let found = self.conn.prepare_cached(&sql).and_then(|mut s| s.query_row([key], person).optional());
        self.keep(found).flatten()
    }

    fn members(&self, sql: &str, id: i64) -> Option<Vec<Person>> {
        let found = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([id], person)?.collect::<rusqlite::Result<Vec<_>>>());
        self.keep(found)
    }

    fn deputy_rule(&self, id: i64, document: Document, now: i64) -> Option<i64> {
        let found = self
            .conn
            .prepare_cached(
                "select deputy_id from deputy where staff_id = ?1 and state = 'active' and starts_at <= ?2
                   and (ends_at is null or ends_at > ?2) and (document is null or document = ?3)
                 order by document is null, starts_at desc, id desc limit 1",
            )
            .and_then(|mut s| s.query_row((id, now, document.as_str()), |r| r.get(0)).optional());
        self.keep(found).flatten()
    }
}

fn person(r: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: r.get(0)?,
        login: r.get(1)?,
        name: r.get(2)?,
        person: r.get(3)?,
        active: r.get(4)?,
        decides: r.get(5)?,
        edits: r.get(6)?,
    })
}

fn state(name: &str) -> QueueState {
    match name {
        "active" => QueueState::Active,
        "on_hold" => QueueState::OnHold,
        _ => QueueState::Inactive,
    }
}

impl People for Office<'_> {
    fn by_login(&self, login: &str) -> Option<Person> {
        self.one("s.login = ?1", &login)
    }

    fn by_id(&self, id: i64) -> Option<Person> {
        self.one("s.id = ?1", &id)
    }

    fn role(&self, name: &str) -> Option<Vec<Person>> {
        let id: Option<i64> = self
            .keep(
                self.conn
                    .prepare_cached("select id from role where name = ?1")
                    .and_then(|mut s| s.query_row([name], |r| r.get(0)).optional()),
            )
            .flatten();
        let sql = format!(
            "select {PERSON} from staff_role sr join staff s on s.id = sr.staff_id
             where sr.role_id = ?1 and s.active = 1 order by s.login"
        );
        self.members(&sql, id?)
    }

    fn role_names(&self) -> Vec<String> {
        let found = self
            .conn
            .prepare_cached("select name from role order by id")
            .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<Vec<_>>>());
        self.keep(found).unwrap_or_default()
    }

    fn queue(&self, name: &str) -> Option<(QueueState, Vec<Person>)> {
        let found: Option<(i64, String)> = self
            .keep(
                self.conn
                    .prepare_cached("select id, state from queue where name = ?1")
                    .and_then(|mut s| s.query_row([name], |r| Ok((r.get(0)?, r.get(1)?))).optional()),
            )
            .flatten();
        let (id, name) = found?;
        let sql = format!(
            "select {PERSON} from queue_member m join staff s on s.id = m.staff_id
             where m.queue_id = ?1 and s.active = 1 order by s.login"
        );
        Some((state(&name), self.members(&sql, id)?))
    }

    fn queues(&self) -> Vec<(String, QueueState, Option<String>)> {
        let found = self
            .conn
            .prepare_cached("select name, state, condition from queue order by position, id")
            .and_then(|mut s| {
                s.query_map([], |r| Ok((r.get(0)?, state(&r.get::<_, String>(1)?), r.get(2)?)))?
                    .collect::<rusqlite::Result<Vec<_>>>()
            });
        self.keep(found).unwrap_or_default()
    }

    fn manager_of(&self, id: i64) -> Option<Person> {
        self.one("s.id = (select manager_id from staff where id = ?1)", &id)
    }

    fn deputy_of(&self, id: i64, document: Document, now: i64) -> Option<Person> {
        let mut chain = vec![id];
        while let Some(next) = self.deputy_rule(*chain.last()?, document, now) {
            if chain.contains(&next) || chain.len() > LONGEST_CHAIN {
                return None;
            }
            chain.push(next);
        }
        let last = *chain.last()?;
        (last != id).then(|| self.by_id(last)).flatten().filter(|p| p.active && p.decides)
    }
}
