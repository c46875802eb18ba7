//! What is wrong with a rule file before it is activated (workflow.md, Rule file; checklist A26, A54): names nobody
//! knows, steps that reach nobody or are never reached, documents without a default, conditions that can never be.

mod reach;

use std::collections::BTreeMap;

use super::condition::names;
use super::parse::{Gaps, Part, Problem, Source, Weight, nearest, understand};
use super::people::QueueState;
use super::resolve::{AUTO, MISSING, Parties, resolve, wording};
use super::typing::findings;
use super::typing::sure::Settled;
use super::vocabulary::Vocabulary;
use super::{Approval, Assignment, Auto, Choice, Document, People, Policy, StepKind, Task, Workflow, span};

/// The longest name of a workflow or step, in characters.
pub const LONGEST_NAME: usize = 60;

/// Everything that is wrong with a text: what is not understood of it, and what is wrong with the rest; in the order of
/// the file.
pub fn all(text: &str, people: &dyn People) -> Vec<Problem> {
    let (source, mut problems) = understand(text);
    problems.extend(source.iter().flat_map(|source| check(source, people)));
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

/// Everything that is wrong, in the order of the file. Where parts of it were not understood, nothing is said of the whole.
pub fn check(source: &Source, people: &dyn People) -> Vec<Problem> {
    let mut checking = Checking { source, people, found: Vec::new() };
    for (n, workflow) in source.rules.workflows.iter().enumerate() {
        checking.workflow(n, workflow);
        checking.reach(n, workflow);
    }
    checking.names();
    if source.gaps == Gaps::None {
        checking.undone();
        checking.defaults();
        checking.tests();
    }
    let mut found = checking.found;
    found.sort_by_key(|problem| (problem.line, problem.column));
    found
}

/// What is wrong with a condition that may be about any kind of document, such as a queue's; empty: nothing. The kind is
/// told by the variables it speaks of.
pub fn any_condition(condition: &str) -> Vec<String> {
    let names = names(condition);
    let knows = |document: &Document| {
        let vocabulary = Vocabulary::of(*document);
        names.iter().all(|name| vocabulary.fields(name).is_some())
    };
    let about = Document::ALL.into_iter().find(knows).unwrap_or(Document::UserRequest);
    self::condition(condition, about)
}

/// What is wrong with a condition that stands outside of a rule file; empty: nothing.
pub fn condition(condition: &str, document: Document) -> Vec<String> {
    let said = |finding: super::typing::Finding| match finding.meant {
        Some(meant) => format!("{}; did you mean “{meant}”?", finding.message),
        None => finding.message,
    };
    findings(condition, &Vocabulary::of(document)).into_iter().map(said).collect()
}

struct Checking<'a> {
    source: &'a Source,
    people: &'a dyn People,
    found: Vec<Problem>,
}

impl Checking<'_> {
    fn wrong(&mut self, part: Part, message: impl Into<String>) {
        self.found.push(self.source.problem(part, 0, message));
    }

    fn advice(&mut self, part: Part, message: impl Into<String>) {
        let problem = self.source.problem(part, 0, message);
        self.found.push(Problem { weight: Weight::Advice, ..problem });
    }

    fn meaning(&mut self, part: Part, message: String, meant: Option<String>) {
        let problem = self.source.problem(part, 0, message);
        self.found.push(Problem { meant, ..problem });
    }

    fn workflow(&mut self, n: usize, workflow: &Workflow) {
        self.name((n, None, "name"), &workflow.name);
        let vocabulary = Vocabulary::of(workflow.document);
        if let Some(when) = &workflow.when {
            self.condition((n, None, "when"), when, &vocabulary);
        }
        if let Some(owner) = &workflow.owner {
            self.login((n, None, "owner"), owner);
        }
        if workflow.steps.is_empty() && self.source.gaps == Gaps::None {
            self.advice(
                (n, None, "name"),
                format!("“{}” has no steps: what takes it is approved at once", workflow.name),
            );
        }
        let mut over: Option<&str> = None;
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (s, step) in workflow.steps.iter().enumerate() {
            let part = |key: &'static str| -> Part { (n, Some(s), key) };
            self.name(part("name"), &step.name);
            if seen.insert(step.name.to_lowercase(), s).is_some() {
                self.wrong(
                    part("name"),
                    format!("two steps of “{}” are called “{}”", workflow.name, step.name),
                );
            }
            if let Some(last) = over {
                self.wrong(
                    part("name"),
                    format!("step “{}” is never reached: “{last}” ends the workflow", step.name),
                );
            }
            if let Some(when) = &step.when {
                self.condition(part("when"), when, &vocabulary);
            }
            match &step.kind {
                StepKind::Approval(approval) => self.approval((n, s), approval, &vocabulary),
                StepKind::Auto(Auto::Reject) if step.when.is_none() => over = Some(&step.name),
                StepKind::Auto(Auto::Approve) if step.when.is_none() => {
                    let message = format!(
                        "step “{}” approves everything and has no when: it changes nothing",
                        step.name
                    );
                    self.advice(part("auto"), message);
                }
                StepKind::Auto(Auto::Approve | Auto::Reject) => {}
                StepKind::Task(task) => self.task(part("task"), *task, workflow.document),
            }
        }
    }

    fn task(&mut self, part: Part, task: Task, document: Document) {
        let fits = match task {
            Task::ProvisionUser | Task::ChangeUser | Task::InactivateUser => {
                document == Document::UserRequest
            }
            Task::ApplyChanges => document == Document::Proposal,
            Task::Notify => true,
        };
        if !fits {
            self.wrong(part, format!("task “{}” is not for {}", task.as_str(), document.as_str()));
        }
    }

    fn name(&mut self, part: Part, name: &str) {
        let length = name.chars().count();
        if length > LONGEST_NAME {
            self.wrong(part, format!("this name has {length} characters; lists show {LONGEST_NAME} at most"));
        }
        if name.chars().any(char::is_control) {
            self.wrong(part, "this name holds a control character");
        }
    }

    fn condition(&mut self, part: Part, condition: &str, vocabulary: &Vocabulary) {
        for finding in findings(condition, vocabulary) {
            let problem = self.source.problem(part, finding.at, finding.message);
            self.found.push(Problem { meant: finding.meant, ..problem });
        }
    }

    fn login(&mut self, part: Part, login: &str) {
        match self.people.by_login(login) {
            None => self.meaning(part, format!("nobody on the staff has the login “{login}”"), None),
            Some(person) if !person.active => {
                self.wrong(part, format!("{} ({login}) is inactive", person.name));
            }
            Some(_) => {}
        }
    }

    fn approval(&mut self, (n, s): (usize, usize), approval: &Approval, vocabulary: &Vocabulary) {
        let part = |key: &'static str| -> Part { (n, Some(s), key) };
        let several = self.assignment(part("approve"), &approval.who, vocabulary);
        for hop in &approval.escalate {
            self.assignment(part("escalate"), &hop.to, vocabulary);
        }
        if let (Some(there), Policy::Count(wanted)) = (several, approval.policy)
            && usize::try_from(wanted).is_ok_and(|wanted| wanted > there)
        {
            let who = wording(&approval.who);
            self.wrong(part("policy"), format!("{wanted} votes are needed, but {who} gives only {there}"));
        }
        if let (Some(due), Some(remind)) = (approval.due, approval.remind) {
            let calendar = crate::domain::calendar::Calendar::default();
            // Any moment will do: both lengths are reckoned by the same days.
            let from = 1_767_600_000_000;
            if calendar.before(calendar.add(from, due), remind) <= from {
                let message = format!("{} before due is not after the beginning", span::wording(remind));
                self.advice(part("remind"), message);
            }
        }
    }

    /// Says what is wrong with an assignment; gives how many votes it has, where that is known now.
    fn assignment(&mut self, part: Part, who: &Assignment, vocabulary: &Vocabulary) -> Option<usize> {
        match who {
            Assignment::First(choices) => {
                self.choices(part, choices, vocabulary);
                None
            }
            Assignment::Role(name) if self.people.role(name).is_none() => {
                let roles = self.people.role_names();
                let meant = nearest(name, roles.iter().map(String::as_str)).map(str::to_owned);
                self.meaning(part, format!("there is no role “{name}”"), meant);
                None
            }
            Assignment::Queue(name) if name != AUTO && self.people.queue(name).is_none() => {
                let queues: Vec<String> = self.people.queues().into_iter().map(|(name, _, _)| name).collect();
                let meant = nearest(name, queues.iter().map(String::as_str)).map(str::to_owned);
                self.meaning(part, format!("there is no queue “{name}”"), meant);
                None
            }
            Assignment::Users(logins) => {
                for login in logins {
                    self.login(part, login);
                    if let Some(person) = self.people.by_login(login).filter(|p| p.active && !p.decides) {
                        self.wrong(part, format!("{} ({login}) may not decide: {MISSING}", person.name));
                    }
                }
                Some(logins.len())
            }
            Assignment::Queue(name) if name == AUTO && self.people.queues().is_empty() => {
                self.wrong(part, "queue “auto” needs queues, and there are none");
                None
            }
            // Which queue it is, only the document says; that there is one can be known.
            Assignment::Queue(name) if name == AUTO => {
                let staffed = |name: &str| {
                    self.people.queue(name).is_some_and(|(_, members)| members.iter().any(|p| p.decides))
                };
                let mut queues = self.people.queues().into_iter();
                if !queues.any(|(name, state, _)| state == QueueState::Active && staffed(&name)) {
                    self.wrong(part, "this resolves to nobody: no active queue has an active member");
                }
                None
            }
            Assignment::Role(_) | Assignment::Queue(_) => {
                let nothing = serde_json::Value::Null;
                match resolve(who, &Parties::default(), self.people, &nothing) {
                    Ok(resolved) => Some(resolved.people.len()),
                    Err(nobody) => {
                        self.wrong(part, format!("this resolves to nobody: {}, {}", nobody.who, nobody.why));
                        None
                    }
                }
            }
            // Known only with a document: submit refuses it then, with the name.
            Assignment::ManagerOf(..) | Assignment::Party(_) => None,
        }
    }

    /// Which choice it is, only the document says; that there is always one can be known.
    fn choices(&mut self, part: Part, choices: &[Choice], vocabulary: &Vocabulary) {
        let mut always = false;
        for (n, choice) in choices.iter().enumerate() {
            let last = n + 1 == choices.len();
            let says = choice.when.as_deref().map(|when| Settled::default().say(when));
            match &choice.when {
                Some(_) if says == Some(Some(false)) => {
                    self.wrong(part, format!("choice {} is never taken: its when never holds", n + 1));
                }
                Some(_) if says == Some(Some(true)) && !last => {
                    always = true;
                    self.wrong(
                        part,
                        format!("choice {} always holds, so those behind it are never taken", n + 1),
                    );
                }
                Some(when) => {
                    for finding in findings(when, vocabulary) {
                        self.meaning(part, format!("choice {}: {}", n + 1, finding.message), finding.meant);
                    }
                    if last && !always {
                        let message = "the last choice has a when: where none holds, nobody would decide; leave that when out";
                        self.wrong(part, message);
                    }
                }
                None if !last => {
                    always = true;
                    self.wrong(
                        part,
                        format!("choice {} has no when, so those behind it are never taken", n + 1),
                    );
                }
                None => {}
            }
            self.assignment(part, &choice.who, vocabulary);
        }
    }

    /// Only rules that are in order can be tried.
    fn tests(&mut self) {
        if self.found.iter().any(|problem| problem.weight == Weight::Wrong) {
            return;
        }
        for (case, at) in &self.source.tests {
            if let Err(failed) = case.run(&self.source.rules) {
                self.found.push(self.source.problem_at(*at, failed.message, failed.meant));
            }
        }
    }

    fn names(&mut self) {
        let mut seen: BTreeMap<(Document, String), ()> = BTreeMap::new();
        for (n, workflow) in self.source.rules.workflows.iter().enumerate() {
            if seen.insert((workflow.document, workflow.name.to_lowercase()), ()).is_some() {
                let message = format!(
                    "two workflows for {} are called “{}”",
                    workflow.document.as_str(),
                    workflow.name
                );
                self.wrong((n, None, "name"), message);
            }
        }
    }

    /// One default per document, and nothing that can never be taken.
    fn defaults(&mut self) {
        for document in Document::ALL {
            let of: Vec<(usize, &Workflow)> = self
                .source
                .rules
                .workflows
                .iter()
                .enumerate()
                .filter(|(_, w)| w.document == document)
                .collect();
            let Some((first, _)) = of.first() else { continue };
            let defaults: Vec<&(usize, &Workflow)> = of.iter().filter(|(_, w)| w.when.is_none()).collect();
            match defaults.as_slice() {
                [] => {
                    let message = format!(
                        "{} has no default: one workflow without when takes what no other takes",
                        document.as_str()
                    );
                    self.wrong((*first, None, "document"), message);
                }
                [_] => {}
                [_, others @ ..] => {
                    for (n, workflow) in others {
                        let message =
                            format!("“{}” is a second default for {}", workflow.name, document.as_str());
                        self.wrong((*n, None, "name"), message);
                    }
                }
            }
            let mut known: BTreeMap<String, &str> = BTreeMap::new();
            let mut always: Option<&str> = None;
            for (n, workflow) in &of {
                let Some(when) = &workflow.when else { continue };
                let plain: String = when.split_whitespace().collect();
                let before = always.or_else(|| known.get(&plain).copied());
                if let Some(before) = before {
                    let message =
                        format!("“{}” is never taken: “{before}” takes the same before it", workflow.name);
                    self.wrong((*n, None, "when"), message);
                }
                if plain == "true" {
                    always = Some(&workflow.name);
                }
                known.insert(plain, &workflow.name);
            }
            if let (Some(before), [(n, workflow), ..]) = (always, defaults.as_slice()) {
                let message =
                    format!("“{}” is never taken: “{before}” takes everything before it", workflow.name);
                self.wrong((*n, None, "name"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests;
