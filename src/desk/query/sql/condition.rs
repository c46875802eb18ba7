//! The `where` of a list: a filter's terms as clauses with bound values, and the trigram sieve in front of them.
//! It means what `domain::filter::matches` means.
//!
//! Words: the search text has a blank on each side of every word. Three letters and more match anywhere, by the
//! trigrams of the word. Two letters match the beginning of a word, by the one trigram of a blank and both letters,
//! so that they too are found fast among a million rows. One letter matches anywhere; there is no sieve for it, but
//! hardly a row that lacks it either.

use chrono::{Local, NaiveDate, NaiveTime, TimeZone};
use rusqlite::types::Value as Sql;

use super::{Column, ColumnKind, ListSpec};
use crate::desk::query::{Asker, Key, ListQuery, Order, SortValue};
use crate::domain::filter::{Term, Test, Value};

/// Whether the row of a key is meant as well.
#[derive(Clone, Copy)]
pub enum Equal {
    Yes,
    No,
}

/// The `where` of a list, as clauses and bound values.
#[derive(Clone)]
pub struct Condition {
    pub clauses: Vec<String>,
    pub values: Vec<Sql>,
    /// Trigram expressions that must all match; each is only a first sieve, the clauses decide.
    pub matches: Vec<String>,
}

impl Condition {
    pub fn text(&self) -> String {
        if self.clauses.is_empty() { "true".into() } else { self.clauses.join(" and ") }
    }

    pub fn push(&mut self, clause: String, values: impl IntoIterator<Item = Sql>) {
        self.clauses.push(clause);
        self.values.extend(values);
    }

    /// Only rows beyond `key` in that order.
    pub fn beyond(&mut self, sort: &str, order: Order, equal: Equal, key: &Key) {
        let sign = match (order, equal) {
            (Order::Ascending, Equal::No) => ">",
            (Order::Ascending, Equal::Yes) => ">=",
            (Order::Descending, Equal::No) => "<",
            (Order::Descending, Equal::Yes) => "<=",
        };
        if sort == "t.id" {
            let id = if self.clauses.first().is_some_and(|c| c.ends_with(" match ?")) {
                "f.rowid"
            } else {
                "t.id"
            };
            self.push(format!("{id} {sign} ?"), [Sql::Integer(key.id)]);
            return;
        }
        let value = match &key.value {
            SortValue::Int(n) => Sql::Integer(*n),
            SortValue::Text(s) => Sql::Text(s.clone()),
        };
        self.push(format!("({sort}, t.id) {sign} (?, ?)"), [value, Sql::Integer(key.id)]);
    }
}

/// The condition of a list query.
pub fn condition<R>(spec: &ListSpec<R>, query: &ListQuery) -> Condition {
    let mut out = Condition { clauses: Vec::new(), values: Vec::new(), matches: Vec::new() };
    if let Some(state) = query.state {
        out.push("t.state = ?".into(), [Sql::Text(state.into())]);
    }
    for term in &query.filter.terms {
        match term {
            Term::Word { any_of, negated } => {
                let each: Vec<String> =
                    any_of.iter().map(|_| format!("instr({}, ?) > 0", spec.search)).collect();
                // The search text begins with a blank of its own.
                let values =
                    any_of.iter().map(|w| Sql::Text(if is_pair(w) { format!(" {w}") } else { w.clone() }));
                out.push(format!("{}({})", not(*negated), each.join(" or ")), values);
                if !negated {
                    out.matches.extend(trigrams(any_of));
                }
            }
            Term::Mine { negated } => {
                let staff = Sql::Integer(query.asker.staff.unwrap_or(0));
                let n = spec.mine.matches('?').count();
                // Said plainly, the indexes over the two columns find the rows; turned around, all others are meant.
                let clause =
                    if *negated { format!("coalesce({}, 0) = 0", spec.mine) } else { spec.mine.to_owned() };
                out.push(clause, vec![staff; n]);
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

/// Two letters match the beginning of a word only.
fn is_pair(word: &str) -> bool {
    word.chars().count() == 2
}

fn trigrams_of(word: &str) -> Option<String> {
    if is_pair(word) {
        return Some(format!("\" {word}\""));
    }
    let chars: Vec<char> = word.chars().collect();
    if chars.len() < 3 {
        return None;
    }
    let mut grams: Vec<String> = chars
        .windows(3)
        .map(|w| format!("\"{}\"", w.iter().collect::<String>().replace('"', "\"\"")))
        .collect();
    grams.sort_unstable();
    grams.dedup();
    Some(format!("({})", grams.join(" AND ")))
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
    out.push(format!("coalesce({whole}, 0) = {}", i64::from(!negated)), values);
}

fn fits(column: &Column, value: &Value, asker: Asker) -> (String, Vec<Sql>) {
    let expr = column.expr;
    match value {
        Value::Text(text) => {
            let folded =
                if column.kind == ColumnKind::Folded { expr.to_owned() } else { format!("fold({expr})") };
            match is_pair(text) {
                true => (format!("instr(' ' || {folded}, ?) > 0"), vec![Sql::Text(format!(" {text}"))]),
                false => (format!("instr({folded}, ?) > 0"), vec![Sql::Text(text.clone())]),
            }
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
