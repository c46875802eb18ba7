//! Tests that stand in a rule file beside the rules (checklist C23): a document with these values takes this workflow and
//! these steps. `workflow check` runs them, and a file whose tests fail cannot be activated.

use serde_json::{Map, Value};

use super::condition::{Values, holds};
use super::parse::nearest;
use super::vocabulary::{Type, Vocabulary};
use super::{Auto, Document, RuleSet, StepKind, route};

/// One `[[test]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// For which document.
    pub document: Document,
    /// The values that it gives, as `variable.field`; all others are empty.
    pub given: Vec<(String, Value)>,
    /// The workflow that takes it.
    pub takes: String,
    /// The steps that are not passed over, in order; none: they do not matter.
    pub steps: Option<Vec<String>>,
}

/// Why a test says nothing, or fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// A sentence without a full stop.
    pub message: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

impl Case {
    /// Runs it.
    ///
    /// # Errors
    /// What is wrong with it, or with the rules.
    pub fn run(&self, rules: &RuleSet) -> Result<(), Failed> {
        let fail =
            |message: String| Failed { message: format!("test “{}”: {message}", self.name), meant: None };
        let values = self.values()?;
        let said = |problem: super::condition::ConditionProblem| fail(problem.to_string());
        let taken = route::choose(rules, self.document, &values).map_err(said)?;
        let Some(workflow) = taken else { return Err(fail("no workflow takes it".into())) };
        if workflow.name != self.takes {
            return Err(fail(format!("it takes “{}”, not “{}”", workflow.name, self.takes)));
        }
        let Some(wanted) = &self.steps else { return Ok(()) };
        let mut steps = Vec::new();
        for step in &workflow.steps {
            if let Some(when) = &step.when
                && !holds(when, &values).map_err(said)?.holds
            {
                continue;
            }
            steps.push(step.name.clone());
            if step.kind == StepKind::Auto(Auto::Reject) {
                break;
            }
        }
        if steps == *wanted {
            return Ok(());
        }
        let list = |steps: &[String]| if steps.is_empty() { "no step".to_owned() } else { steps.join(", ") };
        Err(fail(format!("it goes through {}, not {}", list(&steps), list(wanted))))
    }

    fn values(&self) -> Result<Values, Failed> {
        let vocabulary = Vocabulary::of(self.document);
        let mut all = Map::new();
        all.insert(self.document.as_str().into(), Value::Object(Map::new()));
        for (name, value) in &self.given {
            let known = || {
                vocabulary.variables().flat_map(|v| {
                    vocabulary.fields(v).unwrap_or(&[]).iter().map(move |w| format!("{v}.{}", w.field))
                })
            };
            let word = name.split_once('.').and_then(|(variable, field)| {
                Some((variable, vocabulary.fields(variable)?.iter().find(|w| w.field == field)?))
            });
            let Some((variable, word)) = word else {
                let names: Vec<String> = known().collect();
                let meant = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
                return Err(Failed {
                    message: format!("test “{}”: there is no field “{name}”", self.name),
                    meant,
                });
            };
            let fits = match word.of {
                Type::Text => value.is_string(),
                Type::Number => value.is_number(),
                Type::Flag => value.is_boolean(),
            };
            if !fits {
                let message = format!("test “{}”: {name} is {}", self.name, word.of.title());
                return Err(Failed { message, meant: None });
            }
            let fields = all.entry(variable).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(fields) = fields {
                fields.insert(word.field.into(), value.clone());
            }
        }
        Ok(vocabulary.complete(&Value::Object(all)))
    }
}
