//! Which workflow a document takes: the first whose condition holds, the one without a condition last.

use super::condition::{ConditionProblem, Truth, Values, holds};
use super::{Document, RuleSet, Workflow};

/// The workflow for a document with these values; none: the rule set has none for it.
///
/// # Errors
/// A condition on the way cannot be evaluated: it is never taken for a no.
pub fn choose<'a>(
    rules: &'a RuleSet,
    document: Document,
    values: &Values,
) -> Result<Option<&'a Workflow>, ConditionProblem> {
    Ok(look(rules, document, values)?.into_iter().find_map(|seen| seen.taken.then_some(seen.workflow)))
}

/// One workflow on the way to the choice.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// The workflow.
    pub workflow: &'a Workflow,
    /// What its condition says; none: it is the default.
    pub truth: Option<Truth>,
    /// Whether it is the one.
    pub taken: bool,
}

/// Every workflow that was looked at, in the order of looking, up to the one that is taken.
///
/// # Errors
/// As [`choose`].
pub fn look<'a>(
    rules: &'a RuleSet,
    document: Document,
    values: &Values,
) -> Result<Vec<Seen<'a>>, ConditionProblem> {
    let of = |workflow: &&Workflow| workflow.document == document;
    let mut seen = Vec::new();
    for workflow in rules.workflows.iter().filter(of) {
        let Some(when) = &workflow.when else { continue };
        let truth = holds(when, values)?;
        let taken = truth.holds;
        seen.push(Seen { workflow, truth: Some(truth), taken });
        if taken {
            return Ok(seen);
        }
    }
    let default = rules.workflows.iter().filter(of).find(|workflow| workflow.when.is_none());
    seen.extend(default.map(|workflow| Seen { workflow, truth: None, taken: true }));
    Ok(seen)
}
