//! Typed text to [`Filter`]: no input panics, and a problem always points at the characters it is about.

use super::value::{ValueProblem, read};
use super::{FieldDef, FieldSet, Filter, FilterProblem, Kind, Term, Test};
use crate::domain::id::RecordKind;
use crate::domain::text::fold;
use chrono::NaiveDate;
use std::ops::Range;

/// Reads a finished filter (Enter, `--filter`): every term must be understood. Signs between words (`Weiß & Söhne`)
/// are passed over, but a text of nothing else is a problem rather than a filter that lets everything through.
pub fn parse(text: &str, fields: &FieldSet, today: NaiveDate) -> Result<Filter, FilterProblem> {
    let mut terms = Vec::new();
    for piece in pieces(text) {
        terms.extend(term(&piece, fields, today)?);
    }
    if terms.is_empty() && !text.trim().is_empty() {
        let start = text.len() - text.trim_start().len();
        return Err(FilterProblem {
            span: start..text.trim_end().len(),
            message: "there is no letter or digit to look for".into(),
            remedy: "Type a word, part of a number, or field:value.".into(),
        });
    }
    Ok(Filter { terms })
}

/// Reads a filter while it is being typed: what stands right before the end is left out until it makes sense.
///
/// A term that a blank follows is finished, so its problem is told; `phone:` waits for what comes next.
pub fn parse_typing(text: &str, fields: &FieldSet, today: NaiveDate) -> Result<Filter, FilterProblem> {
    let mut terms = Vec::new();
    for piece in pieces(text) {
        let at_the_end = piece.span.end == text.len();
        let waits = at_the_end
            && piece.values.as_ref().is_some_and(|values| values.iter().any(|v| v.text.is_empty()));
        match term(&piece, fields, today) {
            Ok(_) if waits => {}
            Ok(found) => terms.extend(found),
            Err(_) if at_the_end => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Filter { terms })
}

/// A comparison sign between a field and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Is,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// One alternative of a comma list.
#[derive(Debug, Clone)]
struct Part {
    text: String,
    quoted: Quoted,
    span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    Yes,
    No,
}

/// What stands between two blanks: a word list, or a name with its values.
#[derive(Debug, Clone)]
struct Piece {
    negated: bool,
    name: Option<(String, Sign)>,
    values: Option<Vec<Part>>,
    words: Vec<Part>,
    span: Range<usize>,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return found;
        }
        let start = text.len() - rest.len();
        let (piece, end) = piece(text, start);
        found.push(piece);
        rest = &text[end..];
    }
}

fn piece(text: &str, start: usize) -> (Piece, usize) {
    let negated = text[start..].starts_with(['-', '!'])
        && text[start + 1..].chars().next().is_some_and(|next| !next.is_whitespace());
    let body = if negated { start + 1 } else { start };
    match name_and_sign(&text[body..]) {
        Some((name, sign, length)) => {
            let (values, end) = parts(text, body + length);
            let piece = Piece {
                negated,
                name: Some((name, sign)),
                values: Some(values),
                words: Vec::new(),
                span: start..end,
            };
            (piece, end)
        }
        None => {
            let (words, end) = parts(text, body);
            (Piece { negated, name: None, values: None, words, span: start..end }, end)
        }
    }
}

/// `name:`, `name=`, `name<`, `name<=`, `name>`, `name>=` at the start, and how many bytes that takes.
/// An address (`https://…`) is no field, nor is a time (`10:30`).
fn name_and_sign(text: &str) -> Option<(String, Sign, usize)> {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
    let name = &text[..length];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = &text[length..];
    let (sign, sign_length) = match rest.as_bytes() {
        [b'<', b'=', ..] => (Sign::AtMost, 2),
        [b'>', b'=', ..] => (Sign::AtLeast, 2),
        [b'<', ..] => (Sign::Less, 1),
        [b'>', ..] => (Sign::More, 1),
        [b':', b'/', b'/', ..] => return None,
        [b':' | b'=', ..] => (Sign::Is, 1),
        _ => return None,
    };
    Some((name.to_owned(), sign, length + sign_length))
}

/// The comma list from `start` to the next blank outside quotes; an open quote runs to the end.
fn parts(text: &str, start: usize) -> (Vec<Part>, usize) {
    let mut parts = Vec::new();
    let mut at = start;
    loop {
        let quoted = text[at..].starts_with('"');
        let part_end = if quoted {
            let inner = at + 1;
            let close = text[inner..].find('"').map_or(text.len(), |offset| inner + offset);
            let end = (close + 1).min(text.len());
            parts.push(Part { text: text[inner..close].to_owned(), quoted: Quoted::Yes, span: at..end });
            end
        } else {
            let end = text[at..]
                .find(|c: char| c == ',' || c.is_whitespace())
                .map_or(text.len(), |offset| at + offset);
            parts.push(Part { text: text[at..end].to_owned(), quoted: Quoted::No, span: at..end });
            end
        };
        if !text[part_end..].starts_with(',') {
            return (parts, part_end);
        }
        at = part_end + 1;
    }
}

fn term(piece: &Piece, fields: &FieldSet, today: NaiveDate) -> Result<Option<Term>, FilterProblem> {
    match (&piece.name, &piece.values) {
        (Some((name, sign)), Some(values)) => match fields.find(name) {
            Some(field) => field_term(piece, field, (*sign, values), today).map(Some),
            None => Err(unknown_field(piece, name, fields)),
        },
        _ => word_term(piece, fields, today),
    }
}

fn field_term(
    piece: &Piece,
    field: &'static FieldDef,
    (sign, values): (Sign, &[Part]),
    today: NaiveDate,
) -> Result<Term, FilterProblem> {
    let wrap = |test, negated| Ok(Term::Field { field: field.name, test, negated });
    let problem = |span: &Range<usize>, found: ValueProblem| FilterProblem {
        span: span.clone(),
        message: found.message,
        remedy: found.remedy,
    };
    if sign == Sign::Is {
        match values {
            [only] if only.text.is_empty() || unquoted(only, "none") => {
                return wrap(Test::Empty, piece.negated);
            }
            [only] if unquoted(only, "any") => return wrap(Test::Empty, !piece.negated),
            _ => {}
        }
        let mut read_values = Vec::new();
        for part in values.iter().filter(|part| !part.text.is_empty()) {
            read_values.extend(read(field, &part.text, today).map_err(|found| problem(&part.span, found))?);
        }
        return match read_values.is_empty() {
            true => wrap(Test::Empty, piece.negated),
            false => wrap(Test::AnyOf(read_values), piece.negated),
        };
    }
    let ordered = match field.kind {
        Kind::Number | Kind::Date | Kind::Age => true,
        Kind::Text | Kind::Person | Kind::State(_) => false,
    };
    let [only] = values else {
        return Err(FilterProblem {
            span: piece.span.clone(),
            message: "a comparison takes one value".into(),
            remedy: format!("Write two terms: {0}>… {0}<….", field.name),
        });
    };
    if !ordered {
        return Err(FilterProblem {
            span: piece.span.clone(),
            message: format!("{} has no order to compare by", field.name),
            remedy: format!("Type {}:value.", field.name),
        });
    }
    let value = read(field, &only.text, today).map_err(|found| problem(&piece.span, found))?.pop();
    let value = value.expect("a number, date or age is read as exactly one value");
    wrap(
        match sign {
            Sign::Is => Test::AnyOf(vec![value]),
            Sign::Less => Test::Less(value),
            Sign::AtMost => Test::AtMost(value),
            Sign::More => Test::More(value),
            Sign::AtLeast => Test::AtLeast(value),
        },
        piece.negated,
    )
}

/// `None` where only signs stand between two blanks.
fn word_term(piece: &Piece, fields: &FieldSet, today: NaiveDate) -> Result<Option<Term>, FilterProblem> {
    if let [only] = piece.words.as_slice() {
        if unquoted(only, "mine") {
            return Ok(Some(Term::Mine { negated: piece.negated }));
        }
        if let (true, Some(field)) = (unquoted(only, "today"), fields.today) {
            let test = Test::AnyOf(vec![super::Value::Days { first: today, last: today }]);
            return Ok(Some(Term::Field { field, test, negated: piece.negated }));
        }
    }
    let any_of: Vec<String> = piece
        .words
        .iter()
        .flat_map(|part| spellings(&part.text))
        .filter(|folded| !folded.is_empty())
        .collect();
    Ok((!any_of.is_empty()).then_some(Term::Word { any_of, negated: piece.negated }))
}

/// The word as it is searched for, and a short number such as `REG-132` also as it is stored.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![fold(text)];
    if let Some((kind, number)) = RecordKind::of_number(text) {
        let padded = fold(&format!("{}{number:06}", kind.prefix()));
        if !spellings.contains(&padded) {
            spellings.push(padded);
        }
    }
    spellings
}

fn unquoted(part: &Part, keyword: &str) -> bool {
    part.quoted == Quoted::No && part.text.eq_ignore_ascii_case(keyword)
}

fn unknown_field(piece: &Piece, name: &str, fields: &FieldSet) -> FilterProblem {
    let typed = name.to_lowercase().replace('-', "_");
    let near = fields
        .fields
        .iter()
        .map(|field| (strsim::damerau_levenshtein(&typed, field.name), field.name))
        .chain(
            fields.fields.iter().filter(|field| field.name.starts_with(&typed)).map(|field| (0, field.name)),
        )
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let names: Vec<&str> = fields.fields.iter().map(|field| field.name).collect();
    FilterProblem {
        span: piece.span.clone(),
        message: format!("there is no field “{name}” here"),
        remedy: match near {
            Some((_, close)) => {
                format!("Did you mean {close}? To look for the text itself, put it in quotes.")
            }
            None => {
                format!("The fields are {}. To look for the text itself, put it in quotes.", names.join(", "))
            }
        },
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
