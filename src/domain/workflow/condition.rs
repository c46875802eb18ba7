//! Conditions in CEL: whether one holds for a document's values, and which part of it does (workflow.md, Rule file).
//! A condition that cannot be evaluated is a problem with a name, never a silent no.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, Program};

use super::parts::split;
use super::vocabulary::Vocabulary;

/// A document's values: an object of variables, each an object of fields (`user_request`, `customer`, `signup`,
/// `originator`; proposals also `old` and `new`).
pub type Values = serde_json::Value;

/// The longest condition, in bytes.
pub const LONGEST: usize = 2_000;

/// What became of a condition.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Truth {
    /// Whether the whole holds.
    pub holds: bool,
    /// Its parts, between `&&` and `||`, each with its own truth.
    pub parts: Vec<(String, bool)>,
}

/// A condition that says neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the condition `{condition}` cannot be evaluated: {problem}")]
pub struct ConditionProblem {
    /// The condition.
    pub condition: String,
    /// What is wrong.
    pub problem: String,
}

/// Whether `condition` holds for `values`. What values lack is null.
///
/// # Errors
/// It is no CEL, gives no yes or no, or compares what cannot be compared.
pub fn holds(condition: &str, values: &Values) -> Result<Truth, ConditionProblem> {
    let context = context(values);
    let holds = one(condition, &context)?;
    let parts = split(condition)
        .into_iter()
        .map(|part| {
            // A part behind a guard (`x != null && x > 5`) may have no truth of its own: then it is not true.
            let truth = one(&part, &context).unwrap_or(false);
            (part, truth)
        })
        .collect();
    Ok(Truth { holds, parts })
}

/// The compiled condition.
///
/// # Errors
/// The sentence says what is wrong; a position is that of the text, in characters from 0, where it is known.
pub(super) fn compile(condition: &str) -> Result<Program, (String, usize)> {
    if condition.trim().is_empty() {
        return Err(("it is empty".into(), 0));
    }
    if condition.len() > LONGEST {
        return Err((format!("it is longer than {LONGEST} bytes"), 0));
    }
    Program::compile(condition).map_err(|errors| {
        let first = errors.errors.first();
        let said = first.map_or_else(|| "it is no CEL".to_owned(), |e| e.msg.trim().to_owned());
        let (line, column) = first.map_or((1, 1), |e| e.pos);
        (said, offset(condition, line, column))
    })
}

/// The variables that the condition speaks of; none where it cannot be read, which is for [`holds`] to say.
pub fn names(condition: &str) -> Vec<String> {
    let Ok(program) = compile(condition) else { return Vec::new() };
    program.references().variables().into_iter().map(str::to_owned).collect()
}

fn offset(text: &str, line: isize, column: isize) -> usize {
    let lines = usize::try_from(line - 1).unwrap_or(0);
    let before: usize = text.split('\n').take(lines).map(|l| l.chars().count() + 1).sum();
    before + usize::try_from(column - 1).unwrap_or(0)
}

fn one(condition: &str, context: &Context<'_, '_>) -> Result<bool, ConditionProblem> {
    let problem = |problem: String| ConditionProblem { condition: condition.to_owned(), problem };
    let program = compile(condition).map_err(|(said, _)| problem(said))?;
    match program.execute(context) {
        Ok(cel::Value::Bool(truth)) => Ok(truth),
        Ok(other) => Err(problem(format!("it gives {:?}, not true or false", other.type_of()))),
        Err(error) => Err(problem(error.to_string())),
    }
}

fn context(values: &Values) -> Context<'static, 'static> {
    let complete = Vocabulary::guess(values).complete(values);
    let mut context = Context::default();
    for (name, value) in complete.as_object().into_iter().flatten() {
        context.add_variable_from_value(name.clone(), to_cel(value));
    }
    context
}

/// JSON as CEL: whole numbers are `int`, others `double`, so that `3` in a condition compares with both.
fn to_cel(value: &serde_json::Value) -> cel::Value {
    match value {
        serde_json::Value::Null => cel::Value::Null,
        serde_json::Value::Bool(b) => cel::Value::Bool(*b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => cel::Value::String(Arc::new(text.clone())),
        serde_json::Value::Array(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        serde_json::Value::Object(fields) => {
            let map: HashMap<Key, cel::Value> =
                fields.iter().map(|(name, v)| (Key::String(Arc::new(name.clone())), to_cel(v))).collect();
            cel::Value::Map(Map { map: Arc::new(map) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn truth(condition: &str, values: &Values) -> bool {
        holds(condition, values).unwrap().holds
    }

    #[test]
    fn the_conditions_of_the_handbook_hold_where_they_should() {
        let values = json!({
            "user_request": { "type": "customer", "action": "add" },
            "signup": { "verified_how": "phone" },
            "customer": { "credit_limit": "5000.50", "mandatory_credit_limit": "true", "payment_base_days": "30" },
        });
        assert!(truth(r#"user_request.type == "customer" && user_request.action == "add""#, &values));
        assert!(truth(r#"signup.verified_how != "code""#, &values));
        assert!(truth("customer.credit_limit > 5000", &values));
        assert!(truth("customer.payment_base_days == 30", &values));
        assert!(truth("customer.mandatory_credit_limit", &values));
        assert!(truth("user_request.action in ['add', 'reactivate']", &values));
    }

    #[test]
    fn what_is_not_there_is_null_and_no_error() {
        let values = json!({ "user_request": { "type": "customer" } });
        assert!(truth(r#"signup.verified_how != "code""#, &values));
        assert!(truth("customer.iban == null && originator.login == null", &values));
    }

    #[test]
    fn each_part_has_its_own_truth() {
        let values = json!({ "user_request": { "type": "customer", "action": "add" } });
        let said = holds(
            r#"user_request.type == "worker" || (user_request.action == "add" && customer.iban != null)"#,
            &values,
        );
        let part = |text: &str, truth| (text.to_owned(), truth);
        let truth = said.unwrap();
        assert!(!truth.holds);
        let want = [
            part(r#"user_request.type == "worker""#, false),
            part(r#"user_request.action == "add""#, true),
            part("customer.iban != null", false),
        ];
        assert_eq!(truth.parts, want);
    }

    #[test]
    fn what_says_neither_yes_nor_no_is_a_problem_with_a_name() {
        let values = json!({ "user_request": { "type": "customer" } });
        for (condition, word) in [
            ("user_request.type", "not true or false"),
            ("customer.credit_limit > 5", "overload"),
            ("nobody.knows == 1", "nobody"),
            ("user_request.type ==", ""),
            ("", "empty"),
        ] {
            let problem = holds(condition, &values).unwrap_err();
            assert!(problem.problem.contains(word), "{condition}: {problem}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_words_in_any_order_make_it_panic(words in proptest::collection::vec(proptest::sample::select(vec![
            "user_request", ".", "type", "(", ")", "&&", "||", "!", "==", "<", "\"x\"", "5", "9223372036854775807", "1.5", "[", "]", ",", "in", "?", ":",
            "-", "/", "%", "+", "null", "customer.iban", "has", "size", "matches", "exists", "map", "{", "}", "x", "'", "true",
        ]), 0..16)) {
            let values = json!({ "user_request": { "type": "customer" } });
            drop(holds(&words.join(" "), &values));
        }
    }
}
