//! Who decides, as rule files write it: `{ role = "approver" }`, `{ manager_of = "originator", levels = 2 }`,
//! `{ first = [{ when = 'customer.country == "DE"', user = "jens" }, { role = "approver" }] }`.

use toml::Spanned;
use toml::de::DeValue;

use super::Reading;
use super::table::Table;
use crate::domain::workflow::{Assignment, Choice, Party};

/// The keys that name somebody; one of them stands in every assignment.
const KEYS: [&str; 6] = ["role", "user", "users", "queue", "manager_of", "person"];

impl Reading<'_> {
    pub(super) fn assignment(&mut self, value: &DeValue<'_>, at: usize) -> Option<Assignment> {
        let Some(given) = value.as_table() else {
            self.wrong(at, "say who in braces: { role = \"approver\" }");
            return None;
        };
        let mut table = Table::new(given, at);
        if let Some((choices, at)) = table.take("first") {
            for key in KEYS.into_iter().chain(["levels"]) {
                if let Some((_, at)) = table.take(key) {
                    self.wrong(at.start, format!("{key} belongs into one of the choices of first"));
                }
            }
            table.finish(self);
            return self.choices(choices, at.start).map(Assignment::First);
        }
        self.who(table)
    }

    fn who(&mut self, mut table: Table<'_, '_>) -> Option<Assignment> {
        let at = table.at();
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
        let nothing = many == 0 && table.left_over().next().is_none();
        if nothing || many > 1 {
            self.wrong(at, format!("say who by exactly one of {}", KEYS.join(", ")));
        }
        table.finish(self);
        who.filter(|_| many == 1)
    }

    /// All choices, or none: where one of them is not understood, which of the others holds is not known either.
    fn choices(&mut self, value: &DeValue<'_>, at: usize) -> Option<Vec<Choice>> {
        let items = value.as_array().filter(|items| !items.is_empty());
        let Some(items) = items else {
            self.wrong(
                at,
                "first is a list: [{ when = 'customer.country == \"DE\"', user = \"jens\" }, { role = \"approver\" }]",
            );
            return None;
        };
        let found: Vec<Option<Choice>> = items.iter().map(|item| self.choice(item)).collect();
        found.into_iter().collect()
    }

    fn choice(&mut self, item: &Spanned<DeValue<'_>>) -> Option<Choice> {
        let at = item.span().start;
        let Some(given) = item.get_ref().as_table() else {
            self.wrong(at, "a choice is written in braces: { when = '…', role = \"approver\" }");
            return None;
        };
        let problems = self.problems.len();
        let mut table = Table::new(given, at);
        let when = match table.take("when") {
            None => None,
            Some((value, at)) => match value.as_str().filter(|text| !text.trim().is_empty()) {
                Some(text) => Some(text.to_owned()),
                None => {
                    self.wrong(at.start, "when must be text in quotes");
                    return None;
                }
            },
        };
        // What is not understood may be its condition: then nothing is known of the choices behind it.
        let who = self.who(table)?;
        (self.problems.len() == problems).then_some(Choice { when, who })
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
