//! What can go wrong at the desk, by kind; each kind has one exit status (interface.md, Command line).

use crate::domain::refusal::Refusal;

/// One field of the input that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// The stable name of the field.
    pub field: String,
    /// The value as given.
    pub value: String,
    /// What is wrong with it, a phrase: `is not an e-mail address`.
    pub problem: String,
    /// What would do.
    pub remedy: String,
}

impl FieldProblem {
    /// A problem of `field`.
    pub fn new(field: &str, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { field: field.into(), value: value.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

/// Why a command or query did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error("{0}")]
    Refused(Refusal),
    /// The input is not usable.
    #[error("{}", join(.0))]
    Invalid(Vec<FieldProblem>),
    /// Somebody else changed the record meanwhile.
    #[error("{message} {remedy}")]
    Stale {
        /// Who changed what, when.
        message: String,
        /// What to do now.
        remedy: String,
    },
    /// There is no such record.
    #[error("{what} does not exist. {remedy}")]
    NotFound {
        /// What was looked for.
        what: String,
        /// Where to look instead.
        remedy: String,
    },
    /// The database, disk or a file cannot be used now; nothing was saved.
    #[error("{message} {remedy}")]
    Unavailable {
        /// What failed.
        message: String,
        /// What to do.
        remedy: String,
    },
    /// An invariant of ours does not hold.
    #[error("internal error: {0}. Nothing was saved; please report this.")]
    Bug(String),
}

fn join(problems: &[FieldProblem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|p| match p.value.is_empty() {
            true => format!("{} {}. {}", p.field, p.problem, sentence(&p.remedy)),
            false => format!("{} “{}” {}. {}", p.field, p.value, p.problem, sentence(&p.remedy)),
        })
        .collect();
    lines.join(" · ")
}

/// A phrase with a capital and a full stop.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.trim().trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

impl Error {
    /// The kind as JSON and logs name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Refused(_) => "refused",
            Error::Invalid(_) => "invalid",
            Error::Stale { .. } => "stale",
            Error::NotFound { .. } => "not_found",
            Error::Unavailable { .. } => "unavailable",
            Error::Bug(_) => "bug",
        }
    }

    /// A single-field [`Error::Invalid`].
    pub fn invalid(field: &str, value: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::Invalid(vec![FieldProblem::new(field, value, problem, remedy)])
    }

    /// [`Error::NotFound`] for a number that was typed.
    pub fn not_found(what: impl Into<String>) -> Self {
        Error::NotFound { what: what.into(), remedy: "Check the number, or look it up in the list.".into() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as E;
        let unavailable =
            |message: String, remedy: &str| Error::Unavailable { message, remedy: remedy.into() };
        match error.sqlite_error_code() {
            Some(E::DatabaseBusy | E::DatabaseLocked) => unavailable(
                "Another user was writing for too long; nothing was saved.".into(),
                "Try again; `countersign db stats` shows who holds the database.",
            ),
            Some(E::DiskFull) => unavailable(
                "The disk is full; nothing was saved.".into(),
                "Make room, then try again; what you typed is kept.",
            ),
            Some(E::ReadOnly | E::PermissionDenied) => unavailable(
                "The database cannot be written; nothing was saved.".into(),
                "Check owner and mode of the database file and its directory.",
            ),
            Some(E::DatabaseCorrupt | E::NotADatabase) => unavailable(
                format!(
                    "The database file cannot be read as it should ({error}); nothing was saved, and nothing in it was touched."
                ),
                "Bring the newest backup back with `countersign db restore FILE --yes`, which keeps the damaged file.",
            ),
            Some(E::SystemIoFailure | E::CannotOpen) => unavailable(
                format!("The database could not be read or written ({error}); nothing was saved."),
                "Check the disk and the path; `countersign check` says more.",
            ),
            Some(E::OperationInterrupted) => {
                unavailable("The search was stopped.".into(), "Type more, or try again.")
            }
            _ => Error::Bug(error.to_string()),
        }
    }
}

/// What the desk gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;
