//! Who decides: an assignment becomes people, each with the reason why it is them (workflow.md, Actions). Nobody is an
//! answer only with the name of the role, user or queue that is empty.

use super::condition::{Values, holds, names};
use super::{Assignment, Choice, Party, People, Person, QueueState};

/// Who plays which part for one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parties {
    /// Who submits.
    pub originator: Option<i64>,
    /// The customer's account manager.
    pub account_manager: Option<i64>,
    /// The customer's sales rep.
    pub sales_rep: Option<i64>,
}

impl Parties {
    /// The staff id of a party.
    pub fn get(&self, party: Party) -> Option<i64> {
        match party {
            Party::Originator => self.originator,
            Party::AccountManager => self.account_manager,
            Party::SalesRep => self.sales_rep,
        }
    }
}

/// From where people take their turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pool {
    /// Whoever of this role takes it.
    Role(String),
    /// Whoever of this queue takes it.
    Queue(String),
    /// These people, each for themselves.
    People,
}

/// The people of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// From where.
    pub pool: Pool,
    /// Never empty, all active and with the permission to decide, nobody twice.
    pub people: Vec<Person>,
    /// Why them: `role approver`, `manager of jens`.
    pub because: String,
}

/// An assignment that leads to nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{who}: {why}")]
pub struct Unresolved {
    /// The role, user or queue at fault: `role approver`, `maria`.
    pub who: String,
    /// What is the matter with it.
    pub why: String,
}

fn nobody<T>(who: impl Into<String>, why: impl Into<String>) -> Result<T, Unresolved> {
    Err(Unresolved { who: who.into(), why: why.into() })
}

/// The people an assignment means now.
///
/// # Errors
/// The role, user or queue that is unknown, inactive or empty.
pub fn resolve(
    assignment: &Assignment,
    parties: &Parties,
    people: &dyn People,
    values: &Values,
) -> Result<Resolved, Unresolved> {
    match assignment {
        Assignment::Role(name) => role(name, people),
        Assignment::Users(logins) => users(logins, people),
        Assignment::Queue(name) if name == AUTO => auto(people, values),
        Assignment::Queue(name) => queue(name, people),
        Assignment::ManagerOf(party, levels) => manager(*party, *levels, (parties, people)),
        Assignment::Party(party) => {
            let person = party_person(*party, (parties, people))?;
            Ok(alone(person, title(*party).to_owned()))
        }
        Assignment::First(choices) => first(choices, parties, people, values),
    }
}

/// The first choice whose condition holds, and because of what.
fn first(
    choices: &[Choice],
    parties: &Parties,
    people: &dyn People,
    values: &Values,
) -> Result<Resolved, Unresolved> {
    for choice in choices {
        let Some(when) = &choice.when else { return resolve(&choice.who, parties, people, values) };
        match holds(when, values) {
            Err(problem) => return nobody("the choice", problem.to_string()),
            Ok(truth) if !truth.holds => {}
            Ok(_) => {
                let found = resolve(&choice.who, parties, people, values)?;
                return Ok(Resolved { because: format!("{}, as {when}", found.because), ..found });
            }
        }
    }
    nobody("the choice", "none of its conditions holds")
}

/// The queue name that stands for “the first whose condition holds”.
pub const AUTO: &str = "auto";

/// How people read a party.
pub fn title(party: Party) -> &'static str {
    match party {
        Party::Originator => "originator",
        Party::AccountManager => "account manager",
        Party::SalesRep => "sales rep",
    }
}

/// How people read an assignment: `role approver`, `manager of originator`.
pub fn wording(assignment: &Assignment) -> String {
    match assignment {
        Assignment::Role(name) => format!("role {name}"),
        Assignment::Users(logins) => logins.join(", "),
        Assignment::Queue(name) if name == AUTO => "the first queue whose condition holds".into(),
        Assignment::Queue(name) => format!("queue {name}"),
        Assignment::ManagerOf(party, 1) => format!("manager of {}", title(*party)),
        Assignment::ManagerOf(party, levels) => format!("manager {levels} levels above {}", title(*party)),
        Assignment::Party(party) => title(*party).to_owned(),
        Assignment::First(choices) => {
            let choice = |choice: &Choice| match &choice.when {
                Some(when) => format!("{} when {when}", wording(&choice.who)),
                None => format!("else {}", wording(&choice.who)),
            };
            choices.iter().map(choice).collect::<Vec<_>>().join(", ")
        }
    }
}

fn alone(person: Person, because: String) -> Resolved {
    Resolved { pool: Pool::People, people: vec![person], because }
}

fn role(name: &str, people: &dyn People) -> Result<Resolved, Unresolved> {
    let who = format!("role {name}");
    match people.role(name) {
        None => nobody(who, "there is no such role"),
        Some(holders) if holders.is_empty() => nobody(who, "nobody active has it"),
        Some(holders) => {
            let people: Vec<Person> = holders.into_iter().filter(|p| p.decides).collect();
            if people.is_empty() {
                return nobody(who, format!("nobody active who has it may decide ({MISSING})"));
            }
            Ok(Resolved { pool: Pool::Role(name.to_owned()), people, because: who })
        }
    }
}

fn users(logins: &[String], people: &dyn People) -> Result<Resolved, Unresolved> {
    let mut found: Vec<Person> = Vec::new();
    for login in logins {
        let Some(person) = people.by_login(login) else { return nobody(login, "nobody has this login") };
        let person = active(person)?;
        if found.iter().all(|other| other.id != person.id) {
            found.push(person);
        }
    }
    if found.is_empty() {
        return nobody("users", "the list is empty");
    }
    Ok(Resolved { pool: Pool::People, people: found, because: "named by the rule".into() })
}

fn active(person: Person) -> Result<Person, Unresolved> {
    if person.active && person.decides {
        return Ok(person);
    }
    let why = if person.active {
        format!("{} may not decide ({MISSING})", person.name)
    } else {
        format!("{} is inactive", person.name)
    };
    nobody(person.login, why)
}

/// What keeps people from being given a turn that they could not decide.
pub const MISSING: &str = "the permission work.decide is missing";

fn queue(name: &str, people: &dyn People) -> Result<Resolved, Unresolved> {
    let who = format!("queue {name}");
    match people.queue(name) {
        None => nobody(who, "there is no such queue"),
        Some((QueueState::OnHold, _)) => nobody(who, "it is on hold"),
        Some((QueueState::Inactive, _)) => nobody(who, "it is inactive"),
        Some((QueueState::Active, members)) if members.is_empty() => nobody(who, "it has no active member"),
        Some((QueueState::Active, members)) => {
            let members: Vec<Person> = members.into_iter().filter(|p| p.decides).collect();
            if members.is_empty() {
                return nobody(who, format!("no active member may decide ({MISSING})"));
            }
            Ok(Resolved { pool: Pool::Queue(name.to_owned()), people: members, because: who })
        }
    }
}

/// The first active queue, by position, whose condition holds; one without a condition always does, one about another kind
/// of document never.
fn auto(people: &dyn People, values: &Values) -> Result<Resolved, Unresolved> {
    for (name, state, condition) in people.queues() {
        if state != QueueState::Active {
            continue;
        }
        let fits = match &condition {
            None => true,
            Some(condition) if names(condition).iter().any(|name| values.get(name).is_none()) => false,
            Some(condition) => match holds(condition, values) {
                Ok(truth) => truth.holds,
                Err(problem) => return nobody(format!("queue {name}"), problem.to_string()),
            },
        };
        if fits {
            return queue(&name, people);
        }
    }
    nobody("queue auto", "no active queue's condition holds")
}

fn party_person(party: Party, (parties, people): (&Parties, &dyn People)) -> Result<Person, Unresolved> {
    let who = title(party);
    let Some(id) = parties.get(party) else { return nobody(who, "there is none") };
    match people.by_id(id) {
        None => nobody(who, "is not on the staff"),
        Some(person) => active(person),
    }
}

fn manager(
    party: Party,
    levels: u8,
    (parties, people): (&Parties, &dyn People),
) -> Result<Resolved, Unresolved> {
    let Some(mut id) = parties.get(party) else {
        return nobody(format!("manager of {}", title(party)), format!("there is no {}", title(party)));
    };
    let mut below = people.by_id(id).map_or_else(|| title(party).to_owned(), |p| p.login);
    let first = below.clone();
    let mut above = None;
    for _ in 0..levels.max(1) {
        let Some(person) = people.manager_of(id) else {
            return nobody(format!("manager of {below}"), format!("{below} has no manager"));
        };
        id = person.id;
        below.clone_from(&person.login);
        above = Some(person);
    }
    let person = active(above.expect("at least one level was climbed"))?;
    let because = match levels {
        0 | 1 => format!("manager of {first}"),
        _ => format!("manager {levels} levels above {first}"),
    };
    Ok(alone(person, because))
}
