//! The exit status of the command line, stable for scripts (interface.md, Command line).

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// It failed: input that cannot be used, a file, the database.
    Failed = 1,
    /// The command line itself is wrong.
    Usage = 2,
    /// A rule says no.
    Refused = 3,
    /// There is no such record.
    NotFound = 4,
    /// Somebody else changed it meanwhile.
    Stale = 5,
    /// Of several rows some were done; the result says which.
    Partly = 6,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The status of a batch from those of its rows: all the same, or partly.
    pub fn of_batch(rows: impl IntoIterator<Item = Exit>) -> Exit {
        let mut rows = rows.into_iter();
        let Some(first) = rows.next() else { return Exit::Done };
        let (mut done, mut all_same) = (first == Exit::Done, true);
        for row in rows {
            done |= row == Exit::Done;
            all_same &= row == first;
        }
        match (all_same, done) {
            (true, _) => first,
            (false, true) => Exit::Partly,
            (false, false) => Exit::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{self, *};

    #[test]
    fn a_batch_is_what_all_rows_are_or_partly() {
        for (rows, status) in [
            (vec![], Done),
            (vec![Done, Done], Done),
            (vec![Refused, Refused], Refused),
            (vec![Done, Refused], Partly),
            (vec![Stale, Done, NotFound], Partly),
            (vec![Stale, NotFound], Failed),
        ] {
            assert_eq!(Exit::of_batch(rows.clone()), status, "{rows:?}");
        }
    }
}
