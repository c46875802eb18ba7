//! Cells that a spreadsheet would run are quoted on the way out, and the way in takes exactly that away: `csv_unguard(csv_guard(x)) == x` for every string.

use std::borrow::Cow;

use super::hidden::is_hidden;

/// The cell as a spreadsheet may be given it: a leading `'` before a value that begins, after blanks, with
/// `= + - @`, their full-width or small forms, a tab, CR or LF. A value that already begins with `'` before such
/// a start gets one more, so that the inverse is exact (trust.md, Hostile text).
pub fn csv_guard(cell: &str) -> Cow<'_, str> {
    if would_run(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The exact inverse of [`csv_guard`]: one `'` goes if it stands before something the guard would have guarded.
pub fn csv_unguard(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(inner) if would_run(inner) => Cow::Owned(inner.to_owned()),
        Some(_) | None => Cow::Borrowed(cell),
    }
}

fn would_run(cell: &str) -> bool {
    let start = cell.trim_start_matches('\'');
    start
        .chars()
        .find(|c| starts_formula(*c) || !(c.is_whitespace() || is_hidden(*c)))
        .is_some_and(starts_formula)
}

fn starts_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '\n'
            | '＝'
            | '＋'
            | '－'
            | '＠'
            | '﹦'
            | '﹢'
            | '﹣'
            | '﹫'
            | '−'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded() {
        #[rustfmt::skip]
        let table = [
            ("Acme",          "Acme"),
            ("",              ""),
            ("=1+1",          "'=1+1"),
            ("  @SUM(A1)",    "'  @SUM(A1)"),
            ("\u{a0}-5",      "'\u{a0}-5"),
            ("+351 21",       "'+351 21"),
            ("\tx",           "'\tx"),
            ("＝cmd",         "'＝cmd"),
            ("\u{feff}=1",    "'\u{feff}=1"),
            ("'=1",           "''=1"),
            ("'quoted'",      "'quoted'"),
            ("a=b",           "a=b"),
        ];
        for (given, guarded) in table {
            assert_eq!(csv_guard(given), guarded, "{given:?}");
            assert_eq!(csv_unguard(guarded), given, "{guarded:?}");
        }
    }

    proptest! {
        #[test]
        fn guarding_is_undone_exactly(cell in "'{0,3}[ \t\u{a0}]{0,2}(=|\\+|-|@|＝|x|\r|\n)?(\\PC|\\pC){0,12}") {
            let guarded = csv_guard(&cell);
            prop_assert_eq!(csv_unguard(&guarded), cell.as_str());
            prop_assert!(!guarded.starts_with(starts_formula));
        }

        #[test]
        fn any_text_survives(cell in any::<String>()) {
            let guarded = csv_guard(&cell);
            prop_assert_eq!(csv_unguard(&guarded), cell.as_str());
        }
    }
}
