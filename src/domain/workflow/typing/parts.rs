//! What a part of a condition is: a path to a field, null, a value; and what it proves to be filled.

use super::*;

/// The fields that have a value if `part` holds (or does not).
pub(super) fn proven(part: &IdedExpr, holds: bool) -> Known {
    let mut found = Known::new();
    if let Expr::Call(call) = &part.expr {
        match (call.func_name.as_str(), call.args.as_slice(), holds) {
            ("_&&_", [a, b], true) | ("_||_", [a, b], false) => {
                found.extend(proven(a, holds));
                found.extend(proven(b, holds));
            }
            ("!_", [a], _) => found.extend(proven(a, !holds)),
            ("_!=_", [a, b], true) | ("_==_", [a, b], false) => {
                found.extend(path(a).filter(|_| is_null(b)));
                found.extend(path(b).filter(|_| is_null(a)));
            }
            ("_==_", [a, b], true) | ("_!=_", [a, b], false) => {
                found.extend(path(a).filter(|_| is_value(b)));
                found.extend(path(b).filter(|_| is_value(a)));
            }
            ("@in", [a, list], true) => {
                let filled = matches!(&list.expr, Expr::List(list) if list.elements.iter().all(is_value));
                found.extend(path(a).filter(|_| filled));
            }
            _ => {}
        }
    }
    found
}

pub(super) fn is_null(part: &IdedExpr) -> bool {
    matches!(&part.expr, Expr::Literal(LiteralValue::Null))
}

pub(super) fn is_value(part: &IdedExpr) -> bool {
    matches!(&part.expr, Expr::Literal(literal) if !matches!(literal, LiteralValue::Null))
}

/// `customer.iban`, where the part is a field of a variable.
pub(super) fn path(part: &IdedExpr) -> Option<String> {
    let Expr::Select(select) = &part.expr else { return None };
    let Expr::Ident(variable) = &select.operand.expr else { return None };
    (!select.test).then(|| format!("{variable}.{}", select.field))
}

/// The part that begins first in the text.
pub(super) fn leftmost(part: &IdedExpr) -> &IdedExpr {
    match &part.expr {
        Expr::Select(select) => leftmost(&select.operand),
        Expr::Call(call) => match (&call.target, call.args.first()) {
            (Some(target), _) => leftmost(target),
            (None, Some(first)) if call.func_name.starts_with('_') => leftmost(first),
            (None, _) => part,
        },
        _ => part,
    }
}
