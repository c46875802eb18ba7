//! What conditions can have wrong, each with its place; and that no text makes the checker panic.

use super::*;
use crate::domain::workflow::Document;

fn said(condition: &str) -> String {
    let found = findings(condition, &Vocabulary::of(Document::UserRequest));
    let line = |f: &Finding| match &f.meant {
        Some(meant) => format!("{}: {} [{meant}]", f.at, f.message),
        None => format!("{}: {}", f.at, f.message),
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn good_conditions_pass() {
    for condition in [
        r#"user_request.type == "customer" && user_request.action == "add""#,
        r#"signup.verified_how != "code""#,
        "customer.credit_limit != null && customer.credit_limit > 1000",
        "customer.credit_limit == null || customer.credit_limit * 2 > 1000.5",
        "customer.country in ['DE', 'AT'] && customer.country.startsWith('D')",
        "!(customer.iban == null) && size(customer.iban) > 20",
        "['add', 'reactivate'].exists(a, a == user_request.action)",
        "has(customer.iban)",
        "customer.mandatory_credit_limit == true",
        "true",
        "customer.iban != null ? size(customer.iban) > 5 : false",
    ] {
        assert_eq!(said(condition), "", "{condition}");
    }
}

#[test]
fn what_can_never_be_is_found_with_its_place() {
    let all: Vec<String> = [
        "user_request.typ == \"customer\"",
        "request.type == \"customer\"",
        "user_request.type == 5",
        "user_request.type == \"customer\" && customer.credit_limit > \"1000\"",
        "customer.credit_limit > 1000",
        "customer.mandatory_credit_limit",
        "user_request.type",
        "user_request.type && true",
        "user_request.type.lowerAscii() == \"x\"",
        "user_request.type.contain(\"x\")",
        "user_request.type + 5 == \"x\"",
        "user_request.type in \"customer\"",
        "user_request.type in ['a', 5]",
        "customer.iban.startsWith('DE')",
        "user_request.type ==",
        "(user_request.type",
        "user_request.type = \"x\"",
    ]
    .into_iter()
    .map(|condition| format!("{condition}\n{}", said(condition)))
    .collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        drop(findings(&text, &Vocabulary::of(Document::UserRequest)));
    }

    #[test]
    fn no_words_in_any_order_make_it_panic(words in proptest::collection::vec(proptest::sample::select(vec![
        "user_request", ".", "type", "(", ")", "&&", "||", "!", "==", "\"x\"", "5", "[", "]", ",", "in", "?", ":", "-", "null",
        "customer.iban", "has", "exists", "{", "}", "x", "'", "\\",
    ]), 0..16)) {
        drop(findings(&words.join(" "), &Vocabulary::of(Document::UserRequest)));
    }
}
