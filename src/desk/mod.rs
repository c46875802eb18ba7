//! The only door to the data: commands in, receipts out (house.md, sentence 1). Every write is one [`Command`],
//! run in one immediate transaction: permission → legal move → write → history → outbox → commit.

mod backup;
mod bulk;
pub mod clock;
pub mod command;
pub mod commands;
mod cx;
mod door;
pub mod error;
mod health;
pub mod hook;
mod init;
pub mod matching;
pub mod medium;
pub mod outbox;
mod postbox;
pub mod query;
mod reader;
pub mod settings;
mod store;
mod undo;
mod upkeep;

pub use backup::{damage, is_newer};
pub use bulk::{BulkContact, BulkCustomer, BulkSignup, Progress};
pub use clock::{Clock, FixedClock, SystemClock};
pub use command::{Command, QueuedMail, Receipt, Redo, Repeated, Undo};
pub use door::{Desk, OpenOptions};
pub use error::{Error, FieldProblem, Result};
pub use health::Trouble;
pub use init::FirstAdministrator;
pub use postbox::Postbox;
pub use reader::Reader;
pub use settings::{FieldRules, Gaps, ProvisionHook, Sequence, Settings};
pub use store::migrate::Migrated;
pub use store::open::Access;
pub use undo::own::OwnChange;
pub use upkeep::Stats;
