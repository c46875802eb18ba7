//! One step of a rule file: exactly one of `approve`, `auto` and `task`, and what belongs to it.

use toml::de::DeValue;

use super::table::Table;
use super::{Part, Reading};
use crate::domain::workflow::{
    Approval, Auto, Escalation, Finally, Policy, Span, Step, StepKind, Task, span,
};

/// Keys that only people's steps have.
const FOR_PEOPLE: [&str; 5] = ["policy", "due", "remind", "escalate", "finally"];

impl Reading<'_> {
    pub(super) fn step(&mut self, (n, s): (usize, usize), mut table: Table<'_, '_>) -> Option<Step> {
        let here = table.at();
        let part = |key: &'static str| -> Part { (n, Some(s), key) };
        self.places.insert(part(""), here..here);
        let name = self.word(&mut table, part("name")).map(|(text, _)| text);
        let when = self.word(&mut table, part("when")).map(|(text, _)| text);
        let kinds: Vec<&str> = ["approve", "auto", "task"].into_iter().filter(|key| table.had(key)).collect();
        let problems = self.problems.len();
        let kind = match kinds.as_slice() {
            ["approve"] => self.approval((n, s), &mut table).map(StepKind::Approval),
            ["auto"] => self.auto(&mut table, part("auto")).map(StepKind::Auto),
            ["task"] => self.task(&mut table, part("task")).map(StepKind::Task),
            [] => {
                self.wrong(here, "this step does nothing; give it approve, auto or task");
                None
            }
            several => {
                self.wrong(
                    here,
                    format!("a step does one thing, not {} at once; make it two", several.join(" and ")),
                );
                None
            }
        };
        if kinds != ["approve"] {
            for key in ["approve", "auto", "task"].into_iter().chain(FOR_PEOPLE) {
                if let Some((_, at)) = table.take(key)
                    && FOR_PEOPLE.contains(&key)
                {
                    self.wrong(at.start, format!("{key} belongs to a step with approve"));
                }
            }
        }
        table.finish(self);
        let kind = kind?;
        let name = match (name, &kind) {
            (Some(name), _) => name,
            (None, StepKind::Task(task)) => task.as_str().to_owned(),
            (None, StepKind::Auto(Auto::Approve)) => "approved by rule".to_owned(),
            (None, StepKind::Auto(Auto::Reject)) => "rejected by rule".to_owned(),
            (None, StepKind::Approval(_)) => {
                if self.problems.len() == problems {
                    self.wrong(here, "this step has no name");
                }
                return None;
            }
        };
        Some(Step { name, when, kind })
    }

    fn auto(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<Auto> {
        let (word, at) = self.word(table, part)?;
        match word.as_str() {
            "approve" => Some(Auto::Approve),
            "reject" => Some(Auto::Reject),
            _ => {
                self.unknown(at, "decision", (&word, &["approve", "reject"]));
                None
            }
        }
    }

    fn task(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<Task> {
        let (word, at) = self.word(table, part)?;
        let task = Task::parse(&word);
        if task.is_none() {
            self.unknown(at, "task", (&word, &Task::ALL.map(Task::as_str)));
        }
        task
    }

    fn approval(&mut self, (n, s): (usize, usize), table: &mut Table<'_, '_>) -> Option<Approval> {
        let part = |key: &'static str| -> Part { (n, Some(s), key) };
        let who = self.value(table, part("approve")).and_then(|(value, at)| self.assignment(value, at.start));
        let policy = match self.value(table, part("policy")) {
            None => Some(Policy::default()),
            Some((value, at)) => self.policy(value, at.start),
        };
        let due = self.span(table, part("due"));
        let remind = self.remind(table, part("remind"));
        let escalate = match self.value(table, part("escalate")) {
            None => Vec::new(),
            Some((value, at)) => self.escalations(value, at.start),
        };
        let finally = self.finally(table, part("finally"));
        for (key, given) in
            [("remind", remind.is_some()), ("escalate", !escalate.is_empty()), ("finally", finally.is_some())]
        {
            if given && due.is_none() && !table.had("due") {
                let at = self.places.get(&part(key)).map_or(table.at(), |place| place.start);
                self.wrong(at, format!("{key} counts from due, but the step has none"));
            }
        }
        // A policy that is not understood has been said, and is no reason not to look at who decides.
        Some(Approval { who: who?, policy: policy.unwrap_or_default(), due, remind, escalate, finally })
    }

    fn policy(&mut self, value: &DeValue<'_>, at: usize) -> Option<Policy> {
        let words = ["any", "all", "majority"];
        if let Some(word) = value.as_str() {
            let policy = match word.trim() {
                "any" => Some(Policy::Any),
                "all" => Some(Policy::All),
                "majority" => Some(Policy::Majority),
                _ => None,
            };
            if policy.is_none() {
                self.unknown(at, "policy", (word, &words));
            }
            return policy;
        }
        let Some(given) = value.as_table() else {
            self.wrong(
                at,
                "policy must be \"any\", \"all\", \"majority\", { count = 2 } or { percent = 60 }",
            );
            return None;
        };
        let mut table = Table::new(given, at);
        let found = [("count", u32::MAX), ("percent", 100)].map(|(key, most)| {
            table.take(key).map(|(value, at)| (key, self.number(value, (at.start, key), most)))
        });
        table.finish(self);
        match found {
            [Some((_, number)), None] => number.map(Policy::Count),
            [None, Some((_, number))] => number.and_then(|n| u8::try_from(n).ok()).map(Policy::Percent),
            [None, None] | [Some(_), Some(_)] => {
                self.wrong(at, "policy must hold either count or percent");
                None
            }
        }
    }

    /// A whole number from 1 to `most`.
    pub(super) fn number(&mut self, value: &DeValue<'_>, (at, key): (usize, &str), most: u32) -> Option<u32> {
        let number = value
            .as_integer()
            .and_then(|n| u32::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok())
            .filter(|n| (1..=most).contains(n));
        if number.is_none() {
            let to = if most == u32::MAX { " up".to_owned() } else { format!(" to {most}") };
            self.wrong(at, format!("{key} must be a whole number from 1{to}"));
        }
        number
    }

    fn span(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<Span> {
        let (text, at) = self.word(table, part)?;
        self.length(&text, at)
    }

    pub(super) fn length(&mut self, text: &str, at: usize) -> Option<Span> {
        span::parse(text).map_err(|said| self.wrong(at, said)).ok()
    }

    fn remind(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<Span> {
        let (text, at) = self.word(table, part)?;
        match text.strip_suffix("before") {
            Some(length) => self.length(length.trim_end(), at),
            None => {
                self.wrong(at, "remind counts back from due; write for example \"4 hours before\"");
                None
            }
        }
    }

    fn finally(&mut self, table: &mut Table<'_, '_>, part: Part) -> Option<Finally> {
        let (word, at) = self.word(table, part)?;
        match word.as_str() {
            "approve" => Some(Finally::Approve),
            "reject" => Some(Finally::Reject),
            _ => {
                self.unknown(at, "final action", (&word, &["approve", "reject"]));
                None
            }
        }
    }

    fn escalations(&mut self, value: &DeValue<'_>, at: usize) -> Vec<Escalation> {
        let Some(items) = value.as_array() else {
            self.wrong(
                at,
                "escalate is a list: [{ after = \"1 working day\", to = { role = \"manager\" } }]",
            );
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            let Some(given) = item.get_ref().as_table() else {
                self.wrong(
                    item.span().start,
                    "write { after = \"1 working day\", to = { role = \"manager\" } }",
                );
                continue;
            };
            let mut table = Table::new(given, item.span().start);
            let after = table.take("after").map(|(value, at)| match value.as_str() {
                Some(text) => self.length(text, at.start),
                None => {
                    self.wrong(at.start, "after must be text such as \"1 working day\"");
                    None
                }
            });
            let to = table.take("to").map(|(value, at)| self.assignment(value, at.start));
            if after.is_none() || to.is_none() {
                self.wrong(item.span().start, "a hop needs both after and to");
            }
            table.finish(self);
            if let (Some(Some(after)), Some(Some(to))) = (after, to) {
                found.push(Escalation { after, to });
            }
        }
        found
    }
}
