//! Data from outside, read into plain [`SignupInput`]s: every row is either whole or reported with its line, and nothing read here has been judged yet.
//!
//! Nothing in this room decides: whether a value is acceptable is for the checks and the desk. What is decided here is
//! only what can be read at all: syntax, encoding, size, depth, and which field a name means (registration.md, Intake).

pub mod csv;
pub mod drop;
pub mod encoding;
pub mod field;
mod framing;
pub mod json;
pub mod record;
pub mod result;
pub mod source;
pub mod taking;

pub use drop::{Claimed, DropFolder};
pub use record::{ProblemKind, Row, RowProblem, SignupInput};
pub use result::{ResultFile, Status};
pub use source::{Format, Rows, open, read};
pub use taking::{TakenFile, TakingStopped, intake_once};

/// Bytes that one record may have (trust.md, Hostile text).
pub const RECORD_LIMIT: usize = 1_000_000;
/// How deep a JSON record may be nested (trust.md, Hostile text).
pub const DEPTH_LIMIT: usize = 64;

#[cfg(test)]
mod corpora;
