//! The language in examples, then properties over any text and over strings nobody here wrote.

use super::*;
use crate::domain::filter::{Cell, Subject, matches};
use proptest::prelude::*;
use std::borrow::Cow;

#[rustfmt::skip]
const FIELDS: FieldSet = FieldSet {
    today: Some("created"),
    fields: &[
        FieldDef { name: "company",      aliases: &["name"],               kind: Kind::Text },
        FieldDef { name: "phone",        aliases: &[],                     kind: Kind::Text },
        FieldDef { name: "status",       aliases: &["state"],              kind: Kind::State(&["requested", "verified_by_user", "closed_stopped", "closed_completed"]) },
        FieldDef { name: "assigned_to",  aliases: &["assigned", "assignee"], kind: Kind::Person },
        FieldDef { name: "credit_limit", aliases: &["credit"],             kind: Kind::Number },
        FieldDef { name: "created",      aliases: &[],                     kind: Kind::Date },
        FieldDef { name: "due",          aliases: &[],                     kind: Kind::Date },
        FieldDef { name: "age",          aliases: &[],                     kind: Kind::Age },
    ],
};

struct Record {
    company: &'static str,
    phone: &'static str,
    status: &'static str,
    assigned: Option<(&'static str, bool)>,
    credit: f64,
    created: &'static str,
    age_days: i64,
}

const ZURICH: Record = Record {
    company: "Zürcher Käse & Söhne AG",
    phone: "+41 44 555 01 32",
    status: "verified_by_user",
    assigned: Some(("maria Maria Weiß", true)),
    credit: 5000.0,
    created: "2026-11-20",
    age_days: 5,
};
const LISBOA: Record = Record {
    company: "Têxteis Lisboa Lda",
    phone: "",
    status: "closed_stopped",
    assigned: None,
    credit: 120.5,
    created: "2026-11-25",
    age_days: 0,
};
const OSAKA: Record = Record {
    company: "大阪商店株式会社",
    phone: "+81 6 5550 0101",
    status: "requested",
    assigned: Some(("jens Jens Holm", false)),
    credit: 0.0,
    created: "2025-01-02",
    age_days: 692,
};

impl Subject for Record {
    fn text(&self) -> Cow<'_, str> {
        format!("{} {} {}", self.company, self.phone, self.status).into()
    }
    fn cell(&self, field: &str) -> Cell<'_> {
        match field {
            "company" => Cell::Text(self.company.into()),
            "phone" => Cell::Text(self.phone.into()),
            "status" => Cell::State(self.status),
            "assigned_to" => match self.assigned {
                Some((who, true)) => Cell::Me(who.into()),
                Some((who, false)) => Cell::Person(who.into()),
                None => Cell::Nothing,
            },
            "credit_limit" => Cell::Number(self.credit),
            "created" => Cell::Day(self.created.parse().unwrap()),
            "age" => Cell::Age(self.age_days * 86_400_000 + 3_600_000),
            _ => Cell::Nothing,
        }
    }
    fn is_mine(&self) -> bool {
        self.assigned.is_some_and(|(_, me)| me)
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

/// Which of the three records pass, as letters.
fn passing(text: &str) -> String {
    let filter = parse(text, &FIELDS, today()).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    let records = [("Z", &ZURICH), ("L", &LISBOA), ("O", &OSAKA)];
    records.iter().filter(|(_, record)| matches(&filter, *record)).map(|(letter, _)| *letter).collect()
}

#[test]
fn what_is_typed_selects_what_is_meant() {
    #[rustfmt::skip]
    let table = [
        ("",                        "ZLO"), ("   ",                    "ZLO"),
        // words anywhere, folded, all of them, or any of a comma list, or not
        ("zurcher",                 "Z"),   ("ZÜRCHER kase",           "Z"),   ("käse lisboa",   ""),
        ("kase,lisboa",             "ZL"),  ("-kase",                  "LO"),  ("!lisboa",       "ZO"),
        ("\"kase sohne\"",          "Z"),   ("\"sohne kase\"",         ""),    ("-\"kase sohne\"", "LO"),
        ("Käse & Söhne - AG",       "Z"),   ("& - ... kase",           "Z"),   ("-\"\" kase",   "Z"),
        ("44-555",                  "Z"),   ("大阪",                    "O"),   ("verified",      "Z"),
        // fields
        ("company:lisboa",          "L"),   ("name:LISBOA",            "L"),   ("-company:lisboa", "ZO"),
        ("company:\"kase & sohne\"", "Z"),  ("company:kase,lisboa",    "ZL"),  ("company=lisboa", "L"),
        ("company:\"käse\",\"têxteis\"", "ZL"), ("company:kase,",      "Z"),
        // states, whole or by their beginning
        ("status:closed",           "L"),   ("-status:closed",         "ZO"),  ("state:req,ver", "ZO"),
        ("status:verified-by-user", "Z"),   ("STATUS:Requested",       "O"),
        // people
        ("assigned:me",             "Z"),   ("assignee:jens",          "O"),   ("assigned-to:maria,jens", "ZO"),
        ("mine",                    "Z"),   ("-mine",                  "LO"),  ("assigned:",     "L"),
        ("-assigned:",              "ZO"),  ("assigned:none",          "L"),   ("assigned:any",  "ZO"),
        // empty
        ("phone:",                  "L"),   ("phone:none",             "L"),   ("-phone:none",   "ZO"),
        ("phone: company:t",        "L"),   ("phone:any",              "ZO"),  ("phone:\"\"",    "L"),
        // numbers
        ("credit>100",              "ZL"),  ("credit_limit<=120.5",    "LO"),  ("credit:5k",     "Z"),
        ("credit>=5000",            "Z"),   ("credit<5k",              "LO"),  ("-credit:0",     "ZL"),
        // dates
        ("today",                   "L"),   ("-today",                 "ZO"),  ("created:today", "L"),
        ("created<today",           "ZO"),  ("created>=2026-11-20",    "ZL"),  ("created:2026-11", "ZL"),
        ("created>2025",            "ZL"),  ("created<=2025",          "O"),   ("created:20.11.2026", "Z"),
        ("created>-1w",             "ZL"),  ("created:\"last fri\"",   "Z"),   ("created:last-fri", "Z"),
        ("due<today",               ""),    ("due:",                   "ZLO"), ("-due<today",    "ZLO"),
        // ages: what is shown as 5d is not more than 5
        ("age>7",                   "O"),   ("age>5",                  "O"),   ("age>=5d",       "ZO"),
        ("age<1",                   "L"),   ("age<=5",                 "ZL"),  ("age:5",         "Z"),
        ("age>2w",                  "O"),   ("age>1h age<7d",          "Z"),
    ];
    for (text, letters) in table {
        assert_eq!(passing(text), letters, "{text}");
    }
}

#[test]
fn what_looks_like_a_field_but_is_none_stays_a_word() {
    for text in ["10:30", "https://zurich.example", "<script>", "\"foo:bar\"", "- x", "a@b.example"] {
        let filter = parse(text, &FIELDS, today());
        assert!(
            filter.unwrap().terms.iter().all(|term| matches!(term, Term::Word { negated: false, .. })),
            "{text}"
        );
    }
}

#[test]
fn a_problem_points_at_its_characters_and_names_a_way_out() {
    #[rustfmt::skip]
    let table = [
        ("zürich compny:x",   "compny:x",        "Did you mean company?"),
        ("foo:bar",           "foo:bar",         "The fields are company, phone"),
        ("ass:me",            "ass:me",          "Did you mean assigned_to?"),
        ("status:gone",       "gone",            "one of requested, verified_by_user"),
        ("a status:req,gone", "gone",            "one of requested"),
        ("company>x",         "company>x",       "Type company:value."),
        ("credit>lots",       "credit>lots",     "credit_limit>5000"),
        ("created<31.2.2026", "created<31.2.2026", "The day comes before the month"),
        ("age>old",           "age>old",         "age>7 for days"),
        ("age>1,2",           "age>1,2",         "two terms"),
        ("credit>",           "credit>",         "credit_limit>5000"),
        ("...",               "...",             "Type a word"),
    ];
    for (text, about, remedy) in table {
        let problem = parse(text, &FIELDS, today()).expect_err(text);
        assert_eq!(&text[problem.span.clone()], about, "{text}");
        assert!(problem.remedy.contains(remedy), "{text}: {}", problem.remedy);
        assert!(!problem.message.is_empty());
    }
}

#[test]
fn while_typing_the_last_term_may_be_unfinished() {
    let all = "mine -status:closed,req created<today company:\"kase sohne\" age>=5d ";
    for (end, _) in all.char_indices().chain([(all.len(), ' ')]) {
        parse_typing(&all[..end], &FIELDS, today())
            .unwrap_or_else(|problem| panic!("{}: {problem}", &all[..end]));
    }
    assert_eq!(parse_typing(all, &FIELDS, today()), parse(all, &FIELDS, today()));
    assert_eq!(parse_typing("phone:", &FIELDS, today()).unwrap(), Filter::default(), "waits for its value");
    assert_eq!(parse_typing("phone: ", &FIELDS, today()).unwrap().terms.len(), 1, "now it means empty");
    assert!(parse_typing("compny:x ", &FIELDS, today()).is_err(), "finished, so its problem is told");
    assert!(parse_typing("compny:x", &FIELDS, today()).is_ok());
    assert!(parse_typing("compny:x mine", &FIELDS, today()).is_err());
}

fn check_any(text: &str) {
    if let Err(problem) = parse(text, &FIELDS, today()) {
        assert!(
            text.get(problem.span.clone()).is_some_and(|about| !about.is_empty()),
            "{text:?}: {:?}",
            problem.span
        );
    }
    let typing = parse_typing(text, &FIELDS, today());
    if let Ok(filter) = parse(text, &FIELDS, today()) {
        for term in &filter.terms {
            if let Term::Word { any_of, .. } = term {
                assert!(
                    !any_of.is_empty() && any_of.iter().all(|word| !word.is_empty() && fold(word) == *word)
                );
            }
        }
        let typed = typing.expect("what is right when finished is right while typing");
        assert!(typed.terms.len() + 1 >= filter.terms.len());
        matches(&filter, &ZURICH);
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        check_any(&text);
    }

    #[test]
    fn no_text_of_the_language_panics(text in "(-|!)?(company|age|created|status|due|credit|x)?(:|<|>|<=|>=|=)?[a-z0-9\"., :<>é大-]{0,16}") {
        check_any(&text);
    }

    #[test]
    fn a_term_and_its_negation_part_the_records(text in "(company:lis|status:closed|mine|kase|phone:|age>3|created<today|credit>=120)") {
        for record in [&ZURICH, &LISBOA, &OSAKA] {
            let hit = |text: &str| matches(&parse(text, &FIELDS, today()).unwrap(), record);
            let negated = format!("-{text}");
            prop_assert_ne!(hit(&text), hit(&negated), "{}", text);
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks for the corpora")]
fn strings_nobody_here_wrote_do_no_harm() {
    let shared = std::env::var("COUNTERSIGN_SHARED")
        .map_or_else(|_| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    let Ok(list) = std::fs::read_to_string(shared.join("corpora/strings/blns.json")) else {
        println!("skipped: no corpora beside the project");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&list).unwrap();
    assert!(strings.len() > 400);
    for text in &strings {
        check_any(text);
        check_any(&format!("company:{text}"));
        check_any(&format!("-created>\"{text}"));
    }
}
