//! Reading of workflows: versions, what is wrong with a file, what a record would go through.

use super::Reader;
use crate::desk::commands::workflow::{active, problems};
use crate::desk::error::Result;
use crate::desk::query::pace::{self, Pace};
use crate::desk::query::workflow::{RuleSetRow, Trial, all, one, trial, under_way};
use crate::domain::id::RecordRef;
use crate::domain::workflow::RuleSet;
use crate::domain::workflow::parse::Problem;

impl Reader {
    /// All versions of the workflows, newest first.
    pub fn rule_sets(&self) -> Result<Vec<RuleSetRow>> {
        all(&self.conn)
    }

    /// A version with its text; without a number the active one, if there is one.
    pub fn rule_set(&self, version: Option<i64>) -> Result<Option<(RuleSetRow, String)>> {
        one(&self.conn, version)
    }

    /// The documents that wait for somebody in this version of the workflows, or that an error holds in it.
    pub fn under_way(&self, version: i64) -> Result<Vec<RecordRef>> {
        under_way(&self.conn, version)
    }

    /// The active workflows with their version.
    pub fn active_rules(&self) -> Result<Option<(i64, RuleSet)>> {
        active(&self.conn)
    }

    /// Everything that is wrong with a rule file for this office.
    pub fn rule_problems(&self, source: &str) -> Result<Vec<Problem>> {
        problems(&self.conn, source)
    }

    /// What a record would go through by these rules, were it submitted now.
    pub fn try_rules(&self, rules: &RuleSet, record: &RecordRef) -> Result<Trial> {
        trial(&self.conn, (&self.settings, self.now()), (rules, record))
    }

    /// How long steps usually take.
    pub fn pace(&self) -> Result<Pace> {
        pace::read(&self.conn)
    }
}
