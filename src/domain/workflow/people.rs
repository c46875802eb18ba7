//! Who there is, as the rules ask for them; the desk answers from its tables, tests from a list.

/// A member of staff, as far as workflows care.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// Staff id.
    pub id: i64,
    /// Login.
    pub login: String,
    /// Name to show.
    pub name: String,
    /// The natural person: one person with two logins is one person (trust.md, Who is acting).
    pub person: String,
    /// Whether they may act.
    pub active: bool,
    /// Whether they have the permission to decide work items; without it no turn may go to them.
    pub decides: bool,
    /// Whether they may change and submit documents, so that one can be sent back to them.
    pub edits: bool,
}

/// Somebody whom a document names by their part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Who submitted it.
    Originator,
    /// The customer's account manager.
    AccountManager,
    /// The customer's sales rep.
    SalesRep,
}

impl Party {
    /// All parties.
    pub const ALL: [Self; 3] = [Self::Originator, Self::AccountManager, Self::SalesRep];

    /// The stable name, as rule files have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Originator => "originator",
            Self::AccountManager => "account_manager",
            Self::SalesRep => "sales_rep",
        }
    }

    /// The party of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == name)
    }
}

/// Whether a queue takes work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum QueueState {
    Active,
    OnHold,
    Inactive,
}

/// The office's people, roles, queues and absences.
pub trait People {
    /// The member of staff with that login, active or not.
    fn by_login(&self, login: &str) -> Option<Person>;
    /// The member of staff with that id.
    fn by_id(&self, id: i64) -> Option<Person>;
    /// The active holders of a role; none: there is no such role.
    fn role(&self, name: &str) -> Option<Vec<Person>>;
    /// The names of all roles.
    fn role_names(&self) -> Vec<String>;
    /// State and active members of a queue; none: there is no such queue.
    fn queue(&self, name: &str) -> Option<(QueueState, Vec<Person>)>;
    /// Queues by position with their conditions (CEL), for `auto`.
    fn queues(&self) -> Vec<(String, QueueState, Option<String>)>;
    /// Their manager.
    fn manager_of(&self, id: i64) -> Option<Person>;
    /// Who stands in for them at `now` for this document: the end of the chain; none: they are there. A chain that
    /// leads back to its beginning, or to nobody active, gives none.
    fn deputy_of(&self, id: i64, document: super::Document, now: i64) -> Option<Person>;
}
