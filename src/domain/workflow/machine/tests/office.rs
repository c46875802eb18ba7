//! An office of six people with seven logins, for the machine's tests.

use crate::domain::workflow::people::QueueState;
use crate::domain::workflow::{Document, People, Person};

pub const STAFF: [&str; 7] = ["ann", "ben", "cay", "dan", "eve", "fay", "ann2"];

/// Seven logins of six people: `ann2` is ann again.
pub struct Office {
    pub away: Vec<(i64, i64)>,
}

pub fn who(id: i64) -> Person {
    let login = STAFF[usize::try_from(id).unwrap() - 1];
    let person = if login == "ann2" { "ann" } else { login };
    Person {
        id,
        login: login.into(),
        name: login.into(),
        person: person.into(),
        active: true,
        decides: true,
        edits: true,
    }
}

impl People for Office {
    fn by_login(&self, login: &str) -> Option<Person> {
        (1..=7).map(who).find(|p| p.login == login)
    }
    fn by_id(&self, id: i64) -> Option<Person> {
        (1..=7).contains(&id).then(|| who(id))
    }
    fn role(&self, name: &str) -> Option<Vec<Person>> {
        (name == "approver").then(|| (1..=7).map(who).collect())
    }
    fn role_names(&self) -> Vec<String> {
        vec!["approver".into()]
    }
    fn queue(&self, name: &str) -> Option<(QueueState, Vec<Person>)> {
        (name == "credit").then(|| (QueueState::Active, (1..=4).map(who).collect()))
    }
    fn queues(&self) -> Vec<(String, QueueState, Option<String>)> {
        vec![("credit".into(), QueueState::Active, None)]
    }
    fn manager_of(&self, id: i64) -> Option<Person> {
        (id != 6).then(|| who(6))
    }
    fn deputy_of(&self, id: i64, _: Document, _: i64) -> Option<Person> {
        let mut at = id;
        for _ in 0..STAFF.len() {
            match self.away.iter().find(|(from, _)| *from == at) {
                Some((_, to)) if *to == id => return None,
                Some((_, to)) => at = *to,
                None => break,
            }
        }
        (at != id).then(|| who(at))
    }
}
