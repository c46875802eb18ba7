//! A condition cut at its `&&` and `||`, in the words of whoever wrote it.

/// The parts of a condition; one that cannot be cut (`a ? b : c`) is one part.
pub fn split(condition: &str) -> Vec<String> {
    let text = condition.trim();
    let cuts = cuts(text);
    if cuts.is_empty() {
        return match unwrapped(text) {
            Some(inside) => split(inside),
            None => vec![text.to_owned()],
        };
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for at in cuts {
        parts.extend(split(&text[from..at]));
        from = at + 2;
    }
    parts.extend(split(&text[from..]));
    parts
}

/// Where `&&` and `||` stand outside of brackets and quotes; none where a `?` decides there.
fn cuts(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    for (at, sign) in signs(text) {
        match sign {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'?' if depth == 0 => return Vec::new(),
            b'&' | b'|'
                if depth == 0
                    && text.as_bytes().get(at + 1) == Some(&sign)
                    && found.last().is_none_or(|last| last + 1 < at) =>
            {
                found.push(at);
            }
            _ => {}
        }
    }
    found
}

/// What stands inside brackets that go around the whole.
fn unwrapped(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for (_, sign) in signs(inside) {
        match sign {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0 && !inside.trim().is_empty()).then_some(inside)
}

/// The ASCII signs outside of quoted text, with their places.
fn signs(text: &str) -> Vec<(usize, u8)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let sign = bytes[at];
        if sign == b'"' || sign == b'\'' {
            let raw = at > 0 && matches!(bytes[at - 1], b'r' | b'R');
            at = after_quote(bytes, at, raw);
            continue;
        }
        if sign.is_ascii() {
            found.push((at, sign));
        }
        at += 1;
    }
    found
}

/// The place behind the quoted text that begins at `at`.
fn after_quote(bytes: &[u8], at: usize, raw: bool) -> usize {
    let quote = bytes[at];
    let long = bytes[at..].starts_with(&[quote; 3]);
    let end: &[u8] = if long { &[quote; 3] } else { &[quote] };
    let mut here = at + end.len();
    while here < bytes.len() {
        if bytes[here] == b'\\' && !raw {
            here += 2;
            continue;
        }
        if bytes[here..].starts_with(end) {
            return here + end.len();
        }
        here += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn parts_are_cut_outside_of_brackets_and_quotes() {
        #[rustfmt::skip]
        let cases: &[(&str, &[&str])] = &[
            ("a == 1",                          &["a == 1"]),
            ("a && b || c",                     &["a", "b", "c"]),
            ("(a || b) && !(c && d)",           &["a", "b", "!(c && d)"]),
            (r#"x == "a && b" && y == 'c||d'"#, &[r#"x == "a && b""#, "y == 'c||d'"]),
            (r#"x == "\"&&" && y"#,             &[r#"x == "\"&&""#, "y"]),
            (r#"x == r"\" && y"#,               &[r#"x == r"\""#, "y"]),
            ("[1, 2].exists(i, i > 1 && i < 3)", &["[1, 2].exists(i, i > 1 && i < 3)"]),
            ("a && b ? c : d",                  &["a && b ? c : d"]),
            ("((a && b))",                      &["a", "b"]),
            ("é == \"ü\" && ß",                 &["é == \"ü\"", "ß"]),
            ("()",                              &["()"]),
        ];
        for (text, want) in cases {
            assert_eq!(split(text), *want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_parts(text in "\\PC{0,60}") {
            proptest::prop_assert!(!split(&text).is_empty());
        }

        #[test]
        fn brackets_and_quotes_never_panic(text in "[a&|()'\"\\\\r?é \\[\\]]{0,40}") {
            proptest::prop_assert!(!split(&text).is_empty());
        }
    }
}
