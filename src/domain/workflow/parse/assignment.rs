//! Who decides, as rule files write it: `{ role = "approver" }`, `{ manager_of = "originator", levels = 2 }`.

use toml::de::DeValue;

use super::Reading;
use super::table::Table;
use crate::domain::workflow::{Assignment, Party};

/// The keys that name somebody; one of them stands in every assignment.
const KEYS: [&str; 6] = ["role", "user", "users", "queue", "manager_of", "person"];

impl Reading<'_> {
    pub(super) fn assignment(&mut self, value: &DeValue<'_>, at: usize) -> Option<Assignment> {
        let Some(given) = value.as_table() else {
            self.wrong(at, "say who in braces: { role = \"approver\" }");
            return None;
        };
        let mut table = Table::new(given, at);
        let found: Vec<&'static str> = KEYS.into_iter().filter(|key| table.had(key)).collect();
        let mut who = None;
        for key in KEYS {
            if let Some((value, at)) = table.take(key) {
                who = self.one(key, value, at.start);
            }
        }
        let levels = table.take("levels");
        if let Some((value, at)) = levels {
            match (self.number(value, (at.start, "levels"), 20), &mut who) {
                (Some(n), Some(Assignment::ManagerOf(_, levels))) => *levels = u8::try_from(n).unwrap_or(1),
                (Some(_), Some(_)) => self.wrong(at.start, "levels belongs to manager_of"),
                (_, None) | (None, _) => {}
            }
        }
        let many = found.len();
        let nothing = many == 0 && given.iter().all(|(key, _)| key.get_ref() == "levels");
        if nothing || many > 1 {
            self.wrong(at, format!("say who by exactly one of {}", KEYS.join(", ")));
        }
        table.finish(self);
        who.filter(|_| many == 1)
    }

    fn one(&mut self, key: &'static str, value: &DeValue<'_>, at: usize) -> Option<Assignment> {
        if key == "users" {
            return self.users(value, at);
        }
        let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) else {
            self.wrong(at, format!("{key} must be text in quotes"));
            return None;
        };
        match key {
            "role" => Some(Assignment::Role(text.to_owned())),
            "user" => Some(Assignment::Users(vec![text.to_owned()])),
            "queue" => Some(Assignment::Queue(text.to_owned())),
            "manager_of" => self.party(text, at).map(|party| Assignment::ManagerOf(party, 1)),
            _ => self.party(text, at).map(Assignment::Party),
        }
    }

    fn party(&mut self, text: &str, at: usize) -> Option<Party> {
        let party = Party::parse(text);
        if party.is_none() {
            self.unknown(at, "person", (text, &Party::ALL.map(Party::as_str)));
        }
        party
    }

    fn users(&mut self, value: &DeValue<'_>, at: usize) -> Option<Assignment> {
        let logins: Option<Vec<String>> = value.as_array().and_then(|items| {
            items.iter().map(|item| item.get_ref().as_str().map(|login| login.trim().to_owned())).collect()
        });
        match logins {
            Some(logins) if !logins.is_empty() => Some(Assignment::Users(logins)),
            Some(_) | None => {
                self.wrong(at, "users must be a list of logins: [\"maria\", \"jens\"]");
                None
            }
        }
    }
}
