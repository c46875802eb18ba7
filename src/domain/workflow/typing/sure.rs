//! What a condition says whatever the document holds: constants, and fields that a condition around it has settled.

use std::collections::BTreeMap;

use super::parts::path;
use super::*;

/// Fields by path, each with the one value that it is sure to have.
#[derive(Debug, Clone, Default)]
pub(in crate::domain::workflow) struct Settled(BTreeMap<String, LiteralValue>);

impl Settled {
    /// What is sure where this condition holds: `field == value` between `&&`.
    pub(in crate::domain::workflow) fn by(condition: &str) -> Settled {
        let mut settled = Settled::default();
        if let Ok(program) = compile(condition) {
            settled.add(program.expression());
        }
        settled
    }

    /// With a field that has this text.
    pub(in crate::domain::workflow) fn with(mut self, path: &str, text: &str) -> Settled {
        self.0.insert(path.to_owned(), LiteralValue::String(text.to_owned().into()));
        self
    }

    /// Whether `condition` holds for sure, fails for sure, or depends on the document.
    pub(in crate::domain::workflow) fn say(&self, condition: &str) -> Option<bool> {
        let program = compile(condition).ok()?;
        if program.references().variables().is_empty() {
            return crate::domain::workflow::condition::holds(condition, &serde_json::Value::Null)
                .ok()
                .map(|t| t.holds);
        }
        self.of(program.expression())
    }

    fn add(&mut self, part: &IdedExpr) {
        let Expr::Call(call) = &part.expr else { return };
        match (call.func_name.as_str(), call.args.as_slice()) {
            ("_&&_", [a, b]) => {
                self.add(a);
                self.add(b);
            }
            ("_==_", [a, b]) => {
                let pair = path(a).zip(literal(b)).or_else(|| path(b).zip(literal(a)));
                if let Some((path, value)) = pair {
                    self.0.entry(path).or_insert_with(|| value.clone());
                }
            }
            _ => {}
        }
    }

    fn value<'a>(&'a self, part: &'a IdedExpr) -> Option<&'a LiteralValue> {
        literal(part).or_else(|| self.0.get(&path(part)?))
    }

    fn of(&self, part: &IdedExpr) -> Option<bool> {
        let call = match &part.expr {
            Expr::Literal(LiteralValue::Boolean(truth)) => return Some(*truth.inner()),
            Expr::Call(call) => call,
            _ => return None,
        };
        match (call.func_name.as_str(), call.args.as_slice()) {
            ("_&&_", [a, b]) => {
                // The right side is looked at only where the left one holds, so that it settles fields there.
                let mut inside = self.clone();
                inside.add(a);
                match (self.of(a), inside.of(b)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            ("_||_", [a, b]) => match (self.of(a), self.of(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            ("!_", [a]) => self.of(a).map(|truth| !truth),
            ("_==_", [a, b]) => Some(self.value(a)? == self.value(b)?),
            ("_!=_", [a, b]) => Some(self.value(a)? != self.value(b)?),
            ("@in", [a, list]) => {
                let Expr::List(list) = &list.expr else { return None };
                let (wanted, all) =
                    (self.value(a)?, list.elements.iter().map(literal).collect::<Option<Vec<_>>>()?);
                Some(all.contains(&wanted))
            }
            _ => None,
        }
    }
}

fn literal(part: &IdedExpr) -> Option<&LiteralValue> {
    match &part.expr {
        Expr::Literal(value) => Some(value),
        _ => None,
    }
}
