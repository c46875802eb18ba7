//! Workflows: which steps a document passes, who decides, and what follows (workflow.md). Pure: rule sets as data,
//! people through a trait, time as a number. One engine serves every document.

pub mod beside;
pub mod case;
pub mod check;
pub mod condition;
pub mod definition;
pub mod instance;
pub mod lines;
pub mod machine;
pub mod offer;
pub mod parse;
mod parts;
pub mod people;
pub mod resolve;
pub mod route;
pub mod span;
pub mod stage;
mod typing;
pub mod vocabulary;
pub mod vote;

pub use definition::{
    Approval, Assignment, Auto, Choice, Document, Escalation, Finally, OnResubmit, Policy, RuleSet, Span,
    Step, StepKind, Task, Workflow,
};
pub use people::{Party, People, Person, QueueState};
pub use stage::Stage;
