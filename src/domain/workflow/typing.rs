//! The types of a condition, without values: unknown variables and fields, comparisons that can never be, and fields
//! that may be empty where an empty one would stop the workflow (workflow.md: type errors are found at check time).

mod parts;
pub(super) mod sure;

use self::parts::{leftmost, path, proven};
use std::collections::BTreeSet;

use cel::Program;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr};

use super::condition::compile;
use super::parse::nearest;
use super::vocabulary::{Filled, Type, Vocabulary};

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// Characters into the condition.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

/// Functions that conditions may call, beside the operators.
const FUNCTIONS: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "int",
    "uint",
    "double",
    "string",
    "bool",
    "bytes",
    "timestamp",
    "duration",
    "max",
    "min",
    "type",
    "dyn",
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
];

/// Everything that is wrong with `condition`; empty: it always says yes or no.
pub(super) fn findings(condition: &str, vocabulary: &Vocabulary) -> Vec<Finding> {
    let program = match compile(condition) {
        Ok(program) => program,
        Err((said, at)) => {
            return vec![Finding { at, message: format!("is no condition: {said}"), meant: None }];
        }
    };
    let mut typing = Typing { program: &program, vocabulary, own: Vec::new(), found: Vec::new() };
    let whole = typing.of(program.expression(), &Known::new());
    if !matches!(whole, Kind::Is(Type::Flag) | Kind::Any) {
        let message = format!("gives {}, not true or false", whole.title());
        typing.say(program.expression(), message, None);
    }
    typing.found
}

/// The type of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Is(Type),
    Null,
    List,
    Object,
    /// Nothing is known; nothing is said.
    Any,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Is(of) => of.title(),
            Self::Null => "null",
            Self::List => "a list",
            Self::Object => "a whole record",
            Self::Any => "something",
        }
    }
}

/// Fields (`customer.iban`) that are known to have a value where a part is evaluated.
type Known = BTreeSet<String>;

struct Typing<'a> {
    program: &'a Program,
    vocabulary: &'a Vocabulary,
    /// Variables that the condition makes itself: `list.exists(x, …)`.
    own: Vec<String>,
    found: Vec<Finding>,
}

impl Typing<'_> {
    fn say(&mut self, at: &IdedExpr, message: impl Into<String>, meant: Option<String>) {
        let at =
            self.program.source_info().offset_for(leftmost(at).id).map_or(0, |(start, _)| start as usize);
        let finding = Finding { at, message: message.into(), meant };
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    fn of(&mut self, part: &IdedExpr, known: &Known) -> Kind {
        match &part.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::Boolean(_) => Kind::Is(Type::Flag),
                LiteralValue::Double(_) | LiteralValue::Int(_) | LiteralValue::UInt(_) => {
                    Kind::Is(Type::Number)
                }
                LiteralValue::String(_) => Kind::Is(Type::Text),
                LiteralValue::Null => Kind::Null,
                LiteralValue::Bytes(_) => Kind::Any,
            },
            Expr::Ident(name) => self.variable(part, name),
            Expr::Select(select) => self.select(part, select, known),
            Expr::Call(call) => self.call(part, call, known),
            Expr::List(list) => {
                list.elements.iter().for_each(|element| {
                    self.of(element, known);
                });
                Kind::List
            }
            Expr::Comprehension(each) => {
                self.of(&each.iter_range, known);
                let before = self.own.len();
                self.own.extend([each.iter_var.clone(), each.accu_var.clone()]);
                self.own.extend(each.iter_var2.clone());
                for inner in [&each.accu_init, &each.loop_cond, &each.loop_step, &each.result] {
                    self.of(inner, known);
                }
                self.own.truncate(before);
                Kind::Any
            }
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Kind::Any,
        }
    }

    fn variable(&mut self, part: &IdedExpr, name: &str) -> Kind {
        if self.own.iter().any(|own| own == name) {
            return Kind::Any;
        }
        if self.vocabulary.fields(name).is_some() {
            return Kind::Object;
        }
        let meant = nearest(name, self.vocabulary.variables()).map(str::to_owned);
        let there: Vec<&str> = self.vocabulary.variables().collect();
        self.say(part, format!("unknown variable “{name}”; there are {}", there.join(", ")), meant);
        Kind::Any
    }

    fn select(&mut self, part: &IdedExpr, select: &SelectExpr, known: &Known) -> Kind {
        let Expr::Ident(variable) = &select.operand.expr else {
            let of = self.of(&select.operand, known);
            if matches!(of, Kind::Is(_)) {
                self.say(part, format!("“.{}” asks {} for a field", select.field, of.title()), None);
            }
            return if select.test { Kind::Is(Type::Flag) } else { Kind::Any };
        };
        if self.variable(&select.operand, variable) != Kind::Object {
            return Kind::Any;
        }
        let words = self.vocabulary.fields(variable).unwrap_or_default();
        let found = words.iter().find(|word| word.field == select.field).map(|word| word.of);
        match found {
            Some(_) if select.test => Kind::Is(Type::Flag),
            Some(of) => Kind::Is(of),
            None => {
                let meant = nearest(&select.field, words.iter().map(|word| word.field));
                let meant = meant.map(|field| format!("{variable}.{field}"));
                self.say(part, format!("{variable} has no field “{}”", select.field), meant);
                Kind::Any
            }
        }
    }

    fn call(&mut self, part: &IdedExpr, call: &CallExpr, known: &Known) -> Kind {
        match (call.func_name.as_str(), call.args.as_slice()) {
            ("_&&_", [a, b]) => {
                self.flag(a, known);
                let mut then = known.clone();
                then.extend(proven(a, true));
                self.flag(b, &then);
                Kind::Is(Type::Flag)
            }
            ("_||_", [a, b]) => {
                self.flag(a, known);
                let mut then = known.clone();
                then.extend(proven(a, false));
                self.flag(b, &then);
                Kind::Is(Type::Flag)
            }
            ("!_", [a]) => {
                self.flag(a, known);
                Kind::Is(Type::Flag)
            }
            ("_?_:_", [condition, yes, no]) => {
                self.flag(condition, known);
                let branch = |holds| known.iter().cloned().chain(proven(condition, holds)).collect::<Known>();
                let (yes, no) = (self.of(yes, &branch(true)), self.of(no, &branch(false)));
                if yes == no { yes } else { Kind::Any }
            }
            ("_==_" | "_!=_", [a, b]) => {
                self.equal(part, (a, b), known);
                Kind::Is(Type::Flag)
            }
            ("_<_" | "_<=_" | "_>_" | "_>=_", [a, b]) => {
                self.order(part, (a, b), known);
                Kind::Is(Type::Flag)
            }
            ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", [a, b]) => self.sum(part, (call, a, b), known),
            ("-_", [a]) => {
                self.filled(a, known);
                self.of(a, known)
            }
            ("@in", [a, b]) => {
                self.of(a, known);
                let list = self.of(b, known);
                if matches!(list, Kind::Is(_) | Kind::Null) {
                    self.say(b, format!("“in” looks into a list, not into {}", list.title()), None);
                }
                if let (Kind::Is(of), Expr::List(list)) = (self.of(a, known), &b.expr) {
                    for element in &list.elements {
                        self.same((a, Kind::Is(of)), (element, self.quiet(element, known)));
                    }
                }
                Kind::Is(Type::Flag)
            }
            (name, args) => self.function(part, (name, call.target.as_deref(), args), known),
        }
    }

    /// The type, without saying anything again.
    fn quiet(&self, part: &IdedExpr, known: &Known) -> Kind {
        let mut typing = Typing {
            program: self.program,
            vocabulary: self.vocabulary,
            own: self.own.clone(),
            found: Vec::new(),
        };
        typing.of(part, known)
    }

    fn flag(&mut self, part: &IdedExpr, known: &Known) {
        let kind = self.of(part, known);
        if !matches!(kind, Kind::Is(Type::Flag) | Kind::Any) {
            self.say(part, format!("{} stands where true or false is needed", kind.title()), None);
        }
        self.filled(part, known);
    }

    /// A field that may be empty, where an empty one cannot be used.
    fn filled(&mut self, part: &IdedExpr, known: &Known) {
        let Some(path) = path(part) else { return };
        let Some((variable, field)) = path.split_once('.') else { return };
        let word = self.vocabulary.fields(variable).and_then(|words| words.iter().find(|w| w.field == field));
        if word.is_some_and(|word| word.filled == Filled::Maybe) && !known.contains(&path) {
            let message =
                format!("{path} may be empty, which would stop the workflow; ask first: {path} != null && …");
            self.say(part, message, None);
        }
    }

    fn equal(&mut self, part: &IdedExpr, (a, b): (&IdedExpr, &IdedExpr), known: &Known) {
        let (left, right) = (self.of(a, known), self.of(b, known));
        let _ = part;
        self.same((a, left), (b, right));
    }

    fn same(&mut self, (a, left): (&IdedExpr, Kind), (b, right): (&IdedExpr, Kind)) {
        let can = match (left, right) {
            (Kind::Any | Kind::Null, _) | (_, Kind::Any | Kind::Null) => true,
            (left, right) => left == right,
        };
        if !can {
            let at = if path(a).is_some() { b } else { a };
            let other = path(a).or_else(|| path(b)).map_or(left.title().to_owned(), |p| {
                format!("{p} ({})", if path(a).is_some() { left.title() } else { right.title() })
            });
            let with = if path(a).is_some() { right.title() } else { left.title() };
            self.say(at, format!("{other} is compared with {with}, which is never equal"), None);
        }
    }

    fn order(&mut self, part: &IdedExpr, (a, b): (&IdedExpr, &IdedExpr), known: &Known) {
        let (left, right) = (self.of(a, known), self.of(b, known));
        let can = match (left, right) {
            (Kind::Any, _) | (_, Kind::Any) => true,
            (Kind::Is(left), Kind::Is(right)) => left == right,
            (Kind::Is(_) | Kind::Null | Kind::List | Kind::Object, _) => false,
        };
        if !can {
            self.say(part, format!("{} and {} have no order", left.title(), right.title()), None);
        }
        self.filled(a, known);
        self.filled(b, known);
    }

    fn sum(
        &mut self,
        part: &IdedExpr,
        (call, a, b): (&CallExpr, &IdedExpr, &IdedExpr),
        known: &Known,
    ) -> Kind {
        let (left, right) = (self.of(a, known), self.of(b, known));
        self.filled(a, known);
        self.filled(b, known);
        match (left, right) {
            (Kind::Any, _) | (_, Kind::Any) => Kind::Any,
            (Kind::Is(Type::Number), Kind::Is(Type::Number)) => Kind::Is(Type::Number),
            (Kind::Is(Type::Text), Kind::Is(Type::Text)) if call.func_name == "_+_" => Kind::Is(Type::Text),
            (Kind::List, Kind::List) if call.func_name == "_+_" => Kind::List,
            (left, right) => {
                let sign = call.func_name.trim_matches('_');
                self.say(part, format!("{} {sign} {} cannot be reckoned", left.title(), right.title()), None);
                Kind::Any
            }
        }
    }

    fn function(
        &mut self,
        part: &IdedExpr,
        (name, target, args): (&str, Option<&IdedExpr>, &[IdedExpr]),
        known: &Known,
    ) -> Kind {
        let kinds: Vec<Kind> = target.into_iter().chain(args).map(|arg| self.of(arg, known)).collect();
        // What macros and indexes become has signs in its name and is the library's own.
        let spoken = name.chars().all(|c| c.is_ascii_alphanumeric());
        if spoken && !FUNCTIONS.contains(&name) {
            let meant = nearest(name, FUNCTIONS.iter().copied()).map(str::to_owned);
            self.say(part, format!("unknown function “{name}”"), meant);
            return Kind::Any;
        }
        if spoken && !matches!(name, "type" | "dyn") {
            target.into_iter().chain(args).for_each(|arg| self.filled(arg, known));
        }
        match name {
            "contains" | "startsWith" | "endsWith" | "matches" => {
                for (arg, kind) in target.into_iter().chain(args).zip(kinds) {
                    let list = name == "contains" && kind == Kind::List;
                    if !list && !matches!(kind, Kind::Is(Type::Text) | Kind::Any) {
                        self.say(arg, format!("{name} looks into text, not into {}", kind.title()), None);
                    }
                }
                Kind::Is(Type::Flag)
            }
            "size" => {
                if let Some(kind @ (Kind::Is(Type::Number | Type::Flag) | Kind::Null)) = kinds.first() {
                    self.say(part, format!("size counts text or a list, not {}", kind.title()), None);
                }
                Kind::Is(Type::Number)
            }
            "int" | "uint" | "double" => Kind::Is(Type::Number),
            "string" => Kind::Is(Type::Text),
            "bool" => Kind::Is(Type::Flag),
            _ => Kind::Any,
        }
    }
}

#[cfg(test)]
mod tests;
