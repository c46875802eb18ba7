//! Keys of readline, what is selected, pasting, and lines that wrap.

use super::*;
use crate::tui::key;

fn typed(start: &str, keys: &str) -> String {
    let mut editor = Editor::new(start, Lines::One);
    for event in key::script(keys).unwrap() {
        editor.key(event.into());
    }
    let (before, after) = editor.text.split_at(editor.caret);
    format!("{before}|{after}")
}

#[test]
fn keys_of_readline() {
    for (start, keys, end) in [
        ("", "abc", "abc|"),
        ("one two", "<Ctrl-A>x", "x|one two"),
        ("one two", "<Ctrl-W>", "one |"),
        ("one two", "<Ctrl-U>", "|"),
        ("one two", "<Ctrl-A><Ctrl-K><Ctrl-Y>!", "one two!|"),
        ("e\u{301}a", "<Left><Backspace>", "|a"),
        ("a👩‍🔧", "<Backspace>", "a|"),
        ("one two", "<Ctrl-Left><Ctrl-Left><Delete>", "|ne two"),
        ("ab", "<Home><End>c", "abc|"),
    ] {
        assert_eq!(typed(start, keys), end, "{start} {keys}");
    }
}

#[test]
fn what_is_typed_takes_the_place_of_what_is_selected_and_a_movement_keeps_it() {
    for (keys, end) in [
        ("new", "new|"),
        ("<Backspace>", "|"),
        ("<Del>n", "n|"),
        ("<End>!", "one two!|"),
        ("<Right>!", "one two!|"),
        ("<Left>!", "!|one two"),
        ("<Home>!", "!|one two"),
        ("<Ctrl-A>!", "!|one two"),
        ("<Ctrl-E>!", "one two!|"),
        ("<Ctrl-W>", "one |"),
        ("<Ctrl-U>", "|"),
        ("n<Backspace><Ctrl-Y>", "one two|"),
    ] {
        let mut editor = Editor::new("one two", Lines::One);
        editor.select_whole();
        for event in key::script(keys).unwrap() {
            editor.key(event.into());
        }
        let (before, after) = editor.text.split_at(editor.caret);
        assert_eq!(format!("{before}|{after}"), end, "{keys}");
    }
    let mut editor = Editor::new("one two", Lines::One);
    editor.select_whole();
    editor.insert("pasted");
    assert_eq!(editor.text(), "pasted");
    let mut editor = Editor::new("one\ntwo", Lines::Many);
    editor.select_whole();
    editor.insert("!");
    assert_eq!(editor.text(), "one\ntwo!", "of several lines nothing is selected");
}

#[test]
fn pasting_is_one_clean_insert() {
    let mut editor = Editor::new("", Lines::One);
    editor.insert("two\r\nlines\u{1b}[31m");
    assert_eq!(editor.text(), "two lines[31m");
    let mut editor = Editor::new("", Lines::Many);
    editor.insert("two\r\nlines");
    assert_eq!(editor.text(), "two\nlines");
}

#[test]
fn lines_wrap_at_blanks_and_the_caret_moves_between_them() {
    let mut editor = Editor::new("one two three", Lines::Many);
    assert_eq!(editor.height(9), 2);
    assert_eq!(editor.vertical(9, Step::Up), Edited::Moved);
    assert_eq!(editor.caret, 5);
    assert_eq!(editor.vertical(9, Step::Up), Edited::No);
    assert_eq!(Editor::new("a\n", Lines::Many).height(9), 2);
}
