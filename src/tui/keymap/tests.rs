//! The built-in maps are whole, without clashes, and typable on any keyboard.

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;

fn own(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(key, action)| ((*key).to_owned(), (*action).to_owned())).collect()
}

#[test]
fn both_maps_are_free_of_clashes() {
    for layout in [Layout::Vim, Layout::Plain] {
        if let Err(problems) = Keymap::new(layout, &[]) {
            let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{layout:?}: {}", text.join("\n"));
        }
    }
}

#[test]
fn every_decision_has_a_key_in_both_maps() {
    for layout in [Layout::Vim, Layout::Plain] {
        let keymap = Keymap::new(layout, &[]).unwrap();
        for action in ACTIONS {
            let special = matches!(
                action.act,
                Act::Mouse
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
        for (key, act) in Keymap::new(layout, &[]).unwrap().bindings {
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
fn own_keys_take_over_and_clashes_are_named() {
    let keymap = Keymap::new(Layout::Vim, &own(&[("z", "undo"), ("a", "disabled")])).unwrap();
    assert_eq!(keymap.find("z".parse().unwrap(), &[Scope::List]), Some(Act::Undo));
    assert_eq!(keymap.find("a".parse().unwrap(), &[Scope::List, Scope::Registration]), None);
    let problems = Keymap::new(Layout::Vim, &own(&[("z", "undo"), ("z", "approve")])).unwrap_err();
    assert!(problems[0].to_string().contains("`undo`") && problems[0].to_string().contains("`approve`"));
    let problems = Keymap::new(Layout::Vim, &own(&[("zz", "undo"), ("z", "fly")])).unwrap_err();
    assert_eq!(problems.len(), 2);
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
