//! Records as JSON: the names of the glossary, states in snake_case, times RFC 3339 in UTC, unknown is null and never
//! left out (interface.md, JSON). What stands here is what `countersign schema` describes.

mod customer;
mod office;
mod portal;
pub mod schema;
mod signup;
mod workflow;

use serde_json::{Map, Value, json};

pub use customer::{contact, customer, customer_row, preset, template};
pub use office::{deputy, history, leaver, mail, mail_row, persons, queue, receipt, role, staff, why};
pub use portal::{portal_user, user_request, user_request_row};
pub use signup::{hit, seen, signup, signup_row};
pub use workflow::{diff_line, rule_problem, rule_set, rule_set_with, trial};

use crate::domain::date::to_rfc3339;

/// A time.
pub fn time(at: i64) -> Value {
    Value::String(to_rfc3339(at))
}

/// A time that may be unknown.
pub fn maybe_time(at: Option<i64>) -> Value {
    at.map_or(Value::Null, time)
}

/// What every record begins with.
fn head(number: &str, state: &str, version: i64, (created_at, updated_at): (i64, i64)) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("number".into(), json!(number));
    map.insert("state".into(), json!(state));
    map.insert("version".into(), json!(version));
    map.insert("created_at".into(), time(created_at));
    map.insert("updated_at".into(), time(updated_at));
    map
}

/// The head followed by the fields of an object.
fn with(mut head: Map<String, Value>, rest: Value) -> Value {
    if let Value::Object(rest) = rest {
        head.extend(rest);
    }
    Value::Object(head)
}
