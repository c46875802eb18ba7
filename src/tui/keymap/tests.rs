//! The built-in maps are whole, without clashes, and typable on any keyboard.

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;

fn own(list: &[(&str, &[&str])]) -> Vec<OwnKeys> {
    let line = |(at, (action, keys)): (usize, &(&str, &[&str]))| OwnKeys {
        action: (*action).to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        line: at + 1,
    };
    list.iter().enumerate().map(line).collect()
}

fn said(list: &[(&str, &[&str])]) -> Vec<String> {
    Keymap::new(Layout::Vim, &own(list)).1.iter().map(ToString::to_string).collect()
}

#[test]
fn both_maps_are_free_of_clashes() {
    for layout in [Layout::Vim, Layout::Plain] {
        let keymap = Keymap::built_in(layout);
        for (key, act) in &keymap.bindings {
            let other = keymap.holder(*key, *act).map(|other| other.action().name);
            assert_eq!(other, None, "{layout:?}: {key} means `{}` too", act.action().name);
        }
    }
}

#[test]
fn every_decision_has_a_key_in_both_maps() {
    for layout in [Layout::Vim, Layout::Plain] {
        let keymap = Keymap::built_in(layout);
        for action in ACTIONS {
            let special = matches!(
                action.act,
                Act::Mouse
                    | Act::Reload
                    | Act::SaveView
                    | Act::Views
                    | Act::MarkRange
                    | Act::HalfDown
                    | Act::HalfUp
                    | Act::PreviousStatus
            );
            assert!(
                special || keymap.keys(action.act).next().is_some(),
                "{layout:?} has no key for {}",
                action.name
            );
        }
    }
}

#[test]
fn no_key_needs_altgr_or_alt() {
    let altgr = "[]{}@\\|~€#^`´";
    for layout in [Layout::Vim, Layout::Plain] {
        for (key, act) in Keymap::built_in(layout).bindings {
            if let KeyCode::Char(c) = key.code {
                assert!(!altgr.contains(c), "{} needs AltGr", act.action().name);
                let control = key.modifiers.contains(KeyModifiers::CONTROL);
                assert!(!control || !"ijmh[".contains(c), "Ctrl-{c} is another key to a terminal");
            }
            assert!(!key.modifiers.contains(KeyModifiers::ALT));
        }
    }
}

#[test]
fn own_keys_replace_the_built_in_ones_of_their_action() {
    let list = Keymap::new(Layout::Vim, &own(&[("undo", &["z", "F5"]), ("approve", &["u"])]));
    assert_eq!(list.1, []);
    let find = |key: &str| list.0.find(key.parse().unwrap(), &[Scope::List, Scope::Registration]);
    assert_eq!((find("z"), find("F5")), (Some(Act::Undo), Some(Act::Undo)));
    assert_eq!(find("u"), Some(Act::Approve), "undo has left it");
    assert_eq!(find("a"), None);
    assert_eq!(list.0.key(Act::Undo), "z");
}

#[test]
fn a_built_in_key_is_switched_off_by_its_action() {
    let (keymap, problems) = Keymap::new(Layout::Vim, &own(&[("approve", &[]), ("reject", &["a"])]));
    assert_eq!(problems, []);
    let here = [Scope::List, Scope::Registration];
    assert_eq!(keymap.key(Act::Approve), "");
    assert_eq!(keymap.find("a".parse().unwrap(), &here), Some(Act::Reject));
    assert_eq!(keymap.find("x".parse().unwrap(), &here), None);
}

#[test]
fn wrong_lines_are_named_with_their_line_and_passed_over() {
    insta::assert_snapshot!(
        said(&[("fly", &["z"]), ("approv", &["z"]), ("undo", &["zz"]), ("mark", &["x"]), ("quit", &[]), ("redo", &["B"]), ("why", &["B"])]).join("\n"),
        @r#"
    line 1: `fly` is no action (`countersign keys` lists them)
    line 2: `approv` is no action; did you mean `approve`? (`countersign keys` lists them)
    line 3: `zz` is no key; keys look like a, R, Ctrl-R, F5, space, Enter, Shift-Tab, PgDn
    line 4: x would mean both `reject` and `mark`; give one of them another key or "disabled"
    line 5: `quit` must keep a key, else nobody gets out
    line 7: B would mean both `redo` and `why`; give one of them another key or "disabled"
    "#
    );
    let (keymap, _) = Keymap::new(
        Layout::Vim,
        &own(&[("mark", &["x"]), ("undo", &["zz"]), ("quit", &[]), ("redo", &["B"])]),
    );
    let keys = [Act::Mark, Act::Undo, Act::Quit, Act::Reject, Act::Redo].map(|act| keymap.key(act));
    assert_eq!(
        keys,
        ["space", "u", "q", "x", "B"],
        "what is wrong keeps its keys, what is right has its own"
    );
}

#[test]
fn a_key_means_what_its_screen_says() {
    let keymap = Keymap::default();
    let x = "x".parse().unwrap();
    assert_eq!(keymap.find(x, &[Scope::List, Scope::Registration]), Some(Act::Reject));
    assert_eq!(keymap.find(x, &[Scope::List, Scope::Mail]), Some(Act::MailCancel));
    assert_eq!(keymap.find(x, &[Scope::List, Scope::Customers]), None);
    assert_eq!(keymap.find(Chord::ctrl('c'), &[]), Some(Act::Quit));
}
