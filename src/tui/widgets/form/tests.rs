//! Key scripts into a form, values out.

use super::*;
use crate::tui::key;

fn spec() -> FormSpec {
    let email =
        |value: &str| if value.contains('@') { Ok(()) } else { Err("is not an e-mail address".to_owned()) };
    FormSpec::new("signup.new", "New sign-up", "Save")
        .field(FieldSpec::new("company", "Company", FieldKind::Line).required())
        .field(FieldSpec::new("email", "E-mail", FieldKind::Line).required().check(email))
        .field(FieldSpec::new(
            "kind",
            "Kind",
            FieldKind::Choice(vec![
                Choice::new("new", "New customer"),
                Choice::new("old", "Existing account"),
            ]),
        ))
        .field(
            FieldSpec::new("account", "Account", FieldKind::Line).only_if(|values| values["kind"] == "old"),
        )
        .field(FieldSpec::new("message", "Message", FieldKind::Area(3)))
        .field(FieldSpec::new("mail", "Mail them", FieldKind::Check).value("yes"))
}

fn fill(keys: &str) -> (Form, FormKey) {
    let mut form = Form::new(spec());
    let mut last = FormKey::Stay;
    for event in key::script(keys).unwrap() {
        last = form.key(event.into(), 40);
    }
    (form, last)
}

#[test]
fn fields_are_filled_in_order_and_the_button_submits() {
    let (form, last) = fill("Contoso<Enter>a@b.c<Enter><Enter>hi<Tab><space><Tab><Enter>");
    assert_eq!(last, FormKey::Submit);
    let values = form.data().values;
    assert_eq!(values["company"], "Contoso");
    assert_eq!(values["email"], "a@b.c");
    assert_eq!(values["message"], "hi");
    assert_eq!(values["mail"], "no");
    assert!(!values.contains_key("account"));
}

#[test]
fn enter_in_an_area_is_a_new_line() {
    let (form, _) = fill("<Tab><Tab><Tab>one<Enter>two");
    assert_eq!(form.data().values["message"], "one\ntwo");
}

#[test]
fn hidden_fields_appear_when_they_apply() {
    let (form, _) = fill("<Tab><Tab><space><Tab>C-1");
    assert_eq!(form.data().values["account"], "C-1");
}

#[test]
fn errors_stand_at_their_field_and_nothing_typed_is_lost() {
    let (mut form, last) = fill("<Tab>nonsense<Ctrl-S>");
    assert_eq!(last, FormKey::Submit);
    assert!(!form.check());
    assert_eq!(form.focus, 0);
    assert_eq!(form.fields[0].error.as_deref(), Some("is needed"));
    assert_eq!(form.fields[1].error.as_deref(), Some("is not an e-mail address"));
    assert_eq!(form.data().values["email"], "nonsense");
}

#[test]
fn a_draft_brings_everything_back() {
    let (form, _) = fill("Contoso<Tab>a@b<Tab><space><Tab>C-1");
    let draft = form.to_draft();
    let mut again = Form::new(spec());
    assert!(!again.is_dirty());
    again.restore(&draft);
    assert_eq!(again.data(), form.data());
    assert_eq!(again.focus, form.focus);
    assert!(again.is_dirty());
}

#[test]
fn a_template_fills_only_what_is_empty_and_says_so() {
    let (mut form, _) = fill("Contoso");
    let from = |name, value: &str| (name, value.to_owned(), "from template".to_owned());
    form.fill(&[from("company", "Other"), from("message", "Terms: 30 days")]);
    let values = form.data().values;
    assert_eq!(values["company"], "Contoso");
    assert_eq!(values["message"], "Terms: 30 days");
    assert_eq!(form.fields[4].spec.origin.as_deref(), Some("from template"));
}

#[test]
fn pasting_never_submits() {
    let mut form = Form::new(spec());
    assert_eq!(form.paste("Contoso\nGmbH\n"), FormKey::Changed("company"));
    assert_eq!(form.data().values["company"], "Contoso GmbH");
    assert_eq!(form.focus, 0);
}

#[test]
fn a_look_up_takes_what_is_highlighted() {
    fn nobody(_: &crate::tui::door::Reader, _: &str) -> Result<Vec<Choice>, crate::tui::door::Error> {
        Ok(Vec::new())
    }
    let spec =
        FormSpec::new("x", "X", "OK").field(FieldSpec::new("account", "Account", FieldKind::LookUp(nobody)));
    let mut form = Form::new(spec);
    for event in key::script("con").unwrap() {
        form.key(event.into(), 40);
    }
    let (name, _, typed) = form.wanted().unwrap();
    assert_eq!((name, typed.as_str()), ("account", "con"));
    assert!(!form.check());
    form.offer("account", vec![Choice::new("C-1", "Contoso"), Choice::new("C-2", "Concorde")]);
    for event in key::script("<Down><Enter>").unwrap() {
        form.key(event.into(), 40);
    }
    assert_eq!(form.data().values["account"], "C-2");
    assert!(form.check());
}

fn day_form(keys: &str) -> (Form, FormKey) {
    let today = "2026-11-25".parse().unwrap();
    let date = FieldSpec::new("from", "From", FieldKind::Date(today)).required();
    let spec = FormSpec::new("x", "Deputy", "Save").field(date).field(FieldSpec::new(
        "note",
        "Note",
        FieldKind::Line,
    ));
    let mut form = Form::new(spec);
    let mut last = FormKey::Stay;
    for event in key::script(keys).unwrap() {
        last = form.key(event.into(), 40);
    }
    (form, last)
}

#[test]
fn a_date_is_typed_moved_by_arrows_or_chosen_in_a_month() {
    #[rustfmt::skip]
    let table = [
        ("tomorrow",                       "2026-11-26"),
        ("+3d<Tab>",                       "2026-11-28"),
        ("fri<Enter>",                     "2026-11-27"),
        ("31.12.26<Tab>",                  "2026-12-31"),
        ("fri<Up><Up>",                    "2026-11-29"),
        ("fri<Down>",                      "2026-11-26"),
        ("<Down>x",                        ""),
        ("<Ctrl-T><Right><Down><Enter>",   "2026-12-03"),
        ("fri<Ctrl-T><PgDn><Ctrl-T>",      "2026-12-27"),
        ("fri<Ctrl-T><PgDn><Esc>",         "2026-11-27"),
        ("<Ctrl-T><Esc>",                  ""),
        ("<Ctrl-T>1 dec<Right><Enter>",    "2026-12-02"),
        ("<Ctrl-T><Right><Tab>",           "2026-11-26"),
        ("soon",                           "soon"),
    ];
    for (keys, day) in table {
        assert_eq!(day_form(keys).0.data().values["from"], day, "{keys}");
    }
}

#[test]
fn a_text_that_is_no_day_stands_with_its_remedy_beside_the_field() {
    let (mut form, _) = day_form("soon<Tab>hello");
    assert!(!form.check());
    let error = form.fields[0].error.clone().unwrap();
    assert!(error.contains("“soon” is not a date") && error.contains("tomorrow"), "{error}");
    assert_eq!(form.fields[0].editor.text(), "soon", "nothing typed is lost");
    let (mut form, _) = day_form("1/2/26<Tab>");
    assert!(form.check());
    assert_eq!(form.fields[0].editor.text(), "2026-02-01", "a year of two digits is written out");
}

#[test]
fn a_draft_of_a_date_means_the_same_day_tomorrow() {
    let (form, _) = day_form("+3d");
    let mut again = day_form("").0;
    again.restore(&form.to_draft());
    assert_eq!(again.data().values["from"], "2026-11-28");
}

#[test]
fn the_month_opens_under_its_field_and_says_its_keys() {
    use crate::tui::{canvas::Canvas, testing::text_of, theme::Theme};
    use ratatui::{buffer::Buffer, layout::Rect};
    let theme = Theme::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 22));
    let (form, _) = day_form("fri<Ctrl-T><Right>");
    form.draw(&mut Canvas::new(&mut buffer, &theme), Rect::new(0, 0, 80, 22));
    insta::assert_snapshot!(text_of(&buffer), @r#"
    ┌─ Deputy * ─────────────────────────────────────────────────────────────────┐
    │ From    * 2026-11-28                           Sat 2026-11-28 · in 3 days  │
    │            November 2026                                                   │
    │            Mo Tu We Th Fr Sa Su                                            │
    │                               1                                            │
    │             2  3  4  5  6  7  8                                            │
    │             9 10 11 12 13 14 15                                            │
    │            16 17 18 19 20 21 22                                            │
    │            23 24*25 26 27▌28 29                                            │
    │            30                                                              │
    │ Note                                                                       │
    │                                                                            │
    │                                                                            │
    │                                                                            │
    │ [ Save ]     arrows PgUp PgDn move  Home today  Enter take  Esc never mind │
    └────────────────────────────────────────────────────────────────────────────┘
    "#);
}

#[test]
fn an_at_sign_offers_the_offices_texts_and_enter_puts_one_in_its_place() {
    let texts = vec![
        Choice::new("We could not reach {contact}.", "unreachable  We could not reach {contact}."),
        Choice::new("Please send a proof of role.", "proof  Please send a proof of role."),
    ];
    let spec = || {
        FormSpec::new("x", "X", "OK")
            .field(FieldSpec::new("reason", "Reason", FieldKind::Area(3)).texts(texts.clone()))
            .field(FieldSpec::new("note", "Note", FieldKind::Line))
    };
    let typed = |keys: &str| {
        let mut form = Form::new(spec());
        for event in key::script(keys).unwrap() {
            form.key(event.into(), 40);
        }
        form
    };
    let form = typed("@");
    assert_eq!(form.fields[0].offers.len(), 2, "all of them");
    assert_eq!(form.fields[0].spec.help, "@ offers texts");
    let form = typed("Hello, @prf<Enter> Thank you");
    assert_eq!(form.data().values["reason"], "Hello, Please send a proof of role. Thank you");
    assert_eq!(form.focus, 0, "the caret stays");
    let form = typed("@<Down><Enter>");
    assert_eq!(form.data().values["reason"], "Please send a proof of role.");
    for as_it_is in
        ["ask @proof<Tab>x", "write to a@proof<Tab>x", "ask @proof<Esc><Tab>x", "@nothing like it<Tab>x"]
    {
        let form = typed(as_it_is);
        assert_eq!(form.data().values["reason"], as_it_is.split('<').next().unwrap());
        assert_eq!(form.data().values["note"], "x");
    }
}
