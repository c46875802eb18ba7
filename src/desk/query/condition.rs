//! The `where` of a list: from the filter's terms to clauses with bound values, and what an index can say beforehand.

use chrono::{Local, NaiveDate, NaiveTime, TimeZone};
use rusqlite::types::Value as Sql;

use super::sql::{Column, ColumnKind, ListSpec};
use super::{Asker, Key, ListQuery, Order, SortValue};
use crate::domain::filter::{Term, Test, Value};

/// Whether the anchor's own row belongs to the page.
pub(super) enum Equal {
    Yes,
    No,
}

/// The `where` of a list, as clauses and bound values.
#[derive(Clone, Default)]
pub(super) struct Condition {
    pub clauses: Vec<String>,
    pub values: Vec<Sql>,
    /// Trigram expressions that must all match; each is only a first sieve, the clauses decide.
    pub matches: Vec<String>,
    /// What indexes can say beforehand; the clauses say the same once more.
    pub sieves: Vec<Sieve>,
}

/// A clause that an index answers.
#[derive(Clone)]
pub(super) struct Sieve {
    pub clause: String,
    pub values: Vec<Sql>,
    /// The column that it wants one value of: within it the index is in the order of ids.
    pub single: Option<&'static str>,
}

impl Condition {
    pub fn text(&self) -> String {
        if self.clauses.is_empty() { "true".into() } else { self.clauses.join(" and ") }
    }

    pub fn push(&mut self, clause: String, values: impl IntoIterator<Item = Sql>) {
        self.clauses.push(clause);
        self.values.extend(values);
    }

    /// Puts a clause in front of all others.
    pub fn first(&mut self, clause: String, values: impl IntoIterator<Item = Sql>) {
        self.clauses.insert(0, clause);
        self.values.splice(0..0, values);
    }

    /// Only rows behind `key`; `id` is the column that the source has the row id in.
    pub fn beyond(&mut self, (sort, id): (&str, &str), order: Order, (equal, key): (Equal, &Key)) {
        let sign = match (order, equal) {
            (Order::Ascending, Equal::No) => ">",
            (Order::Ascending, Equal::Yes) => ">=",
            (Order::Descending, Equal::No) => "<",
            (Order::Descending, Equal::Yes) => "<=",
        };
        if sort == "t.id" {
            self.push(format!("{id} {sign} ?"), [Sql::Integer(key.id)]);
            return;
        }
        let value = match &key.value {
            SortValue::Int(n) => Sql::Integer(*n),
            SortValue::Text(s) => Sql::Text(s.clone()),
        };
        self.push(format!("({sort}, {id}) {sign} (?, ?)"), [value, Sql::Integer(key.id)]);
    }
}

pub(super) fn condition<R>(spec: &ListSpec<R>, query: &ListQuery) -> Condition {
    let mut out = Condition::default();
    if let Some(state) = query.state {
        out.push("t.state = ?".into(), [Sql::Text(state.into())]);
    }
    for term in &query.filter.terms {
        match term {
            Term::Word { any_of, negated } => {
                let each: Vec<&str> = any_of.iter().map(|_| "instr(t.search, ?) > 0").collect();
                let values = any_of.iter().map(|w| Sql::Text(w.clone()));
                out.push(format!("{}({})", not(*negated), each.join(" or ")), values);
                if !negated {
                    out.matches.extend(trigrams(any_of));
                }
            }
            Term::Mine { negated } => {
                let staff = Sql::Integer(query.asker.staff.unwrap_or(0));
                let n = spec.mine.matches('?').count();
                if !negated {
                    let values = vec![staff.clone(); n];
                    out.sieves.push(Sieve { clause: spec.mine.to_owned(), values, single: None });
                }
                out.push(format!("coalesce({}, 0) = {}", spec.mine, i64::from(!negated)), vec![staff; n]);
            }
            Term::Field { field, test, negated } => {
                if let Some(column) = spec.fields.iter().find(|c| c.field == *field) {
                    field_test(&mut out, column, (test, *negated), query.asker);
                }
            }
        }
    }
    out
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

/// The trigram sieve for words of which one must stand in the text; none when one of them is too short for it.
fn trigrams(any_of: &[String]) -> Option<String> {
    let each: Option<Vec<String>> = any_of.iter().map(|word| trigrams_of(word)).collect();
    each.filter(|e| !e.is_empty()).map(|e| format!("({})", e.join(" OR ")))
}

fn trigrams_of(word: &str) -> Option<String> {
    let chars: Vec<char> = word.chars().collect();
    let quoted = |gram: String| format!("\"{}\"", gram.replace('"', "\"\""));
    match chars.len() {
        0 | 1 => None,
        // Search text ends in a blank, so two letters always have a third behind them: one of these.
        2 => {
            let third = ('a'..='z').chain('0'..='9').chain([' ']);
            let grams: Vec<String> = third.map(|c| quoted(format!("{word}{c}"))).collect();
            Some(format!("({})", grams.join(" OR ")))
        }
        _ => {
            let mut grams: Vec<String> = chars.windows(3).map(|w| quoted(w.iter().collect())).collect();
            grams.sort_unstable();
            grams.dedup();
            Some(format!("({})", grams.join(" AND ")))
        }
    }
}

fn field_test(out: &mut Condition, column: &Column, (test, negated): (&Test, bool), asker: Asker) {
    let expr = column.expr;
    let mut clauses = Vec::new();
    let mut values = Vec::new();
    match test {
        Test::Empty => clauses.push(format!("({expr} is null or {expr} = '')")),
        Test::AnyOf(list) => {
            for value in list {
                let (clause, bound) = fits(column, value, asker);
                clauses.push(clause);
                values.extend(bound);
            }
            let words: Option<Vec<String>> = list
                .iter()
                .map(|v| match v {
                    Value::Text(t) => Some(t.clone()),
                    _ => None,
                })
                .collect();
            if let (false, ColumnKind::Folded | ColumnKind::Searched, Some(words)) =
                (negated, column.kind, words)
            {
                out.matches.extend(trigrams(&words));
            }
        }
        Test::Less(v) | Test::AtMost(v) | Test::More(v) | Test::AtLeast(v) => {
            let (clause, bound) = compare(column, test, v, asker);
            clauses.push(clause);
            values.extend(bound);
        }
    }
    // An empty field passes every negated test but a negated Empty.
    let whole = clauses.join(" or ");
    if let (false, ColumnKind::Staff | ColumnKind::Code, Test::AnyOf(list)) = (negated, column.kind, test) {
        let single = (list.len() == 1 && whole.ends_with(" = ?")).then_some(column.expr);
        out.sieves.push(Sieve { clause: format!("({whole})"), values: values.clone(), single });
    }
    out.push(format!("coalesce({whole}, 0) = {}", i64::from(!negated)), values);
}

fn fits(column: &Column, value: &Value, asker: Asker) -> (String, Vec<Sql>) {
    let expr = column.expr;
    match value {
        Value::Text(code) if column.kind == ColumnKind::Code && code.len() == 2 => {
            (format!("{expr} = ?"), vec![Sql::Text(code.to_ascii_uppercase())])
        }
        Value::Text(text) => {
            let folded =
                if column.kind == ColumnKind::Folded { expr.to_owned() } else { format!("fold({expr})") };
            (format!("instr({folded}, ?) > 0"), vec![Sql::Text(text.clone())])
        }
        Value::State(state) => (format!("{expr} = ?"), vec![Sql::Text((*state).to_owned())]),
        Value::Number(n) => (format!("{expr} = ?"), vec![Sql::Real(*n)]),
        Value::Me => (format!("{expr} = ?"), vec![Sql::Integer(asker.staff.unwrap_or(0))]),
        Value::Person(text) => (
            format!(
                "{expr} in (select id from staff where instr(fold(login), ?) > 0 or instr(fold(name), ?) > 0)"
            ),
            vec![Sql::Text(text.clone()), Sql::Text(text.clone())],
        ),
        Value::Days { first, last } => {
            let (from, until) = (midnight(*first), midnight(last.succ_opt().unwrap_or(*last)));
            (format!("({expr} >= ? and {expr} < ?)"), vec![Sql::Integer(from), Sql::Integer(until)])
        }
        Value::Age { from_ms, until_ms } => (
            format!("({expr} > ? and {expr} <= ?)"),
            vec![Sql::Integer(asker.now - until_ms), Sql::Integer(asker.now - from_ms)],
        ),
    }
}

fn compare(column: &Column, test: &Test, value: &Value, asker: Asker) -> (String, Vec<Sql>) {
    // The half-open span of the value on the column's own scale; an age runs the other way.
    let (from, until, turned) = match value {
        Value::Number(n) => (Sql::Real(*n), Sql::Real(n.next_up()), false),
        Value::Days { first, last } => {
            (Sql::Integer(midnight(*first)), Sql::Integer(midnight(last.succ_opt().unwrap_or(*last))), false)
        }
        Value::Age { from_ms, until_ms } => {
            (Sql::Integer(asker.now - until_ms + 1), Sql::Integer(asker.now - from_ms + 1), true)
        }
        Value::Text(_) | Value::State(_) | Value::Person(_) | Value::Me => {
            return ("false".into(), Vec::new());
        }
    };
    let expr = column.expr;
    let (sign, bound) = match (test, turned) {
        (Test::Less(_), false) | (Test::More(_), true) => ("<", from),
        (Test::AtMost(_), false) | (Test::AtLeast(_), true) => ("<", until),
        (Test::More(_), false) | (Test::Less(_), true) => (">=", until),
        (Test::AtLeast(_), false) | (Test::AtMost(_), true) => (">=", from),
        (Test::AnyOf(_) | Test::Empty, _) => return ("false".into(), Vec::new()),
    };
    (format!("{expr} {sign} ?"), vec![bound])
}

/// The first millisecond of a day on the reader's wall.
fn midnight(day: NaiveDate) -> i64 {
    let start = day.and_time(NaiveTime::MIN);
    Local
        .from_local_datetime(&start)
        .earliest()
        .map_or_else(|| start.and_utc().timestamp_millis(), |t| t.timestamp_millis())
}
