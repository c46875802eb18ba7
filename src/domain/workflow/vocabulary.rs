//! The words that conditions may use: each variable with its fields, their types, and whether they may be empty.
//! What a document's values lack is filled in from here, so a condition never meets a field that is not there.

use serde_json::{Map, Value};

use super::Document;
use crate::domain::customer;

/// The type of a field, as conditions see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text; also times, as RFC 3339.
    Text,
    /// A number, with or without decimals.
    Number,
    /// True or false.
    Flag,
}

impl Type {
    /// How messages name it, with its article.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Flag => "true or false",
        }
    }
}

/// Whether a field may be unknown, which conditions see as null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// There is a value in every record.
    Always,
    /// It may be null.
    Maybe,
}

/// One field of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its name.
    pub field: &'static str,
    /// Its type.
    pub of: Type,
    /// Whether it may be null.
    pub filled: Filled,
}

use Filled::{Always, Maybe};
use Type::{Flag, Number, Text};

const fn w(field: &'static str, of: Type, filled: Filled) -> Word {
    Word { field, of, filled }
}

/// `user_request`.
#[rustfmt::skip]
const USER_REQUEST: &[Word] = &[
    w("number",         Text, Always),
    w("type",           Text, Always),
    w("action",         Text, Always),
    w("role",           Text, Always),
    w("email",          Text, Always),
    w("authentication", Text, Always),
    w("user_name",      Text, Always),
    w("origin",         Text, Maybe),
    w("justification",  Text, Maybe),
    w("created_at",     Text, Always),
    w("submitted_at",   Text, Maybe),
    w("contact",        Text, Always),
    w("contact_name",   Text, Always),
];

/// `signup`: empty where the document does not come from one.
#[rustfmt::skip]
const SIGNUP: &[Word] = &[
    w("number",            Text,   Maybe),
    w("state",             Text,   Maybe),
    w("source",            Text,   Maybe),
    w("verified_how",      Text,   Maybe),
    w("company",           Text,   Maybe),
    w("first_name",        Text,   Maybe),
    w("last_name",         Text,   Maybe),
    w("job_title",         Text,   Maybe),
    w("email",             Text,   Maybe),
    w("phone",             Text,   Maybe),
    w("website",           Text,   Maybe),
    w("tax_number",        Text,   Maybe),
    w("city",              Text,   Maybe),
    w("postal_code",       Text,   Maybe),
    w("country",           Text,   Maybe),
    w("language",          Text,   Maybe),
    w("existing_account",  Text,   Maybe),
    w("checks_good",       Number, Maybe),
    w("checks_total",      Number, Maybe),
    w("checks_worst",      Text,   Maybe),
    w("duplicate_percent", Number, Maybe),
];

/// `originator`: who submits; empty where the applicant's own sign-up does.
#[rustfmt::skip]
const ORIGINATOR: &[Word] = &[
    w("login",    Text, Maybe),
    w("name",     Text, Maybe),
    w("email",    Text, Maybe),
    w("division", Text, Maybe),
    w("manager",  Text, Maybe),
];

/// `customer`, beside the fields of its own table.
#[rustfmt::skip]
const CUSTOMER: &[Word] = &[
    w("number",   Text, Maybe),
    w("state",    Text, Maybe),
    w("division", Text, Maybe),
];

/// The variables of one document.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    variables: Vec<(&'static str, Vec<Word>)>,
}

impl Vocabulary {
    /// What conditions on this document may speak of.
    pub fn of(document: Document) -> Self {
        let mut customer: Vec<Word> = CUSTOMER.to_vec();
        for field in customer::FIELDS {
            if customer.iter().all(|word| word.field != field.name) {
                customer.push(w(field.name, typed(field.kind), Maybe));
            }
        }
        let own = match document {
            Document::UserRequest => ("user_request", USER_REQUEST.to_vec()),
            Document::Proposal => ("proposal", vec![w("number", Text, Always), w("origin", Text, Maybe)]),
            Document::AccountRequest => {
                ("account_request", vec![w("number", Text, Always), w("type", Text, Always)])
            }
        };
        let mut variables = vec![own];
        match document {
            Document::UserRequest => variables.push(("signup", SIGNUP.to_vec())),
            Document::Proposal => {
                variables.push(("old", customer.clone()));
                variables.push(("new", customer.clone()));
            }
            Document::AccountRequest => {}
        }
        variables.push(("customer", customer));
        variables.push(("originator", ORIGINATOR.to_vec()));
        Self { variables }
    }

    /// The names of the variables.
    pub fn variables(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.variables.iter().map(|(name, _)| *name)
    }

    /// The fields of a variable; none: there is no such variable.
    pub fn fields(&self, variable: &str) -> Option<&[Word]> {
        self.variables.iter().find(|(name, _)| *name == variable).map(|(_, words)| words.as_slice())
    }

    /// Puts null where `values` lack a field or a variable, and numbers where a number is written as text.
    pub fn complete(&self, values: &Value) -> Value {
        let mut all = values.as_object().cloned().unwrap_or_default();
        for (name, words) in &self.variables {
            let given = all.get(*name).and_then(Value::as_object).cloned().unwrap_or_default();
            all.insert((*name).to_owned(), Value::Object(filled(given, words)));
        }
        Value::Object(all)
    }

    /// The document whose values these are, by the variable it has for itself.
    pub(super) fn guess(values: &Value) -> Self {
        let named = |document: &Document| values.get(document.as_str()).is_some();
        Self::of(Document::ALL.into_iter().find(named).unwrap_or(Document::UserRequest))
    }
}

fn typed(kind: customer::Kind) -> Type {
    match kind {
        customer::Kind::Text | customer::Kind::Lines | customer::Kind::Staff | customer::Kind::Choice(_) => {
            Text
        }
        customer::Kind::Decimal | customer::Kind::Whole => Number,
        customer::Kind::YesNo => Flag,
    }
}

fn filled(mut given: Map<String, Value>, words: &[Word]) -> Map<String, Value> {
    for word in words {
        let shaped = match (word.of, given.get(word.field)) {
            (_, None) => Some(Value::Null),
            (Number, Some(Value::String(text))) => {
                Some(text.trim().parse::<f64>().map_or(Value::Null, Value::from))
            }
            (Flag, Some(Value::String(text))) => {
                Some(Value::Bool(matches!(text.as_str(), "1" | "true" | "yes")))
            }
            (Flag, Some(Value::Number(n))) => Some(Value::Bool(n.as_i64() != Some(0))),
            (_, Some(_)) => None,
        };
        if let Some(shaped) = shaped {
            given.insert(word.field.to_owned(), shaped);
        }
    }
    given
}
