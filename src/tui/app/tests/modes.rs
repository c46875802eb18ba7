//! Only reading, saved views, copying, other keys and colours while the screen runs.

use super::super::super::action::Act;
use super::super::super::effect::{Effect, Event, Mouse};
use super::super::super::keymap::{Keymap, Layout, OwnKeys};
use super::super::super::theme::{Background, SignSet, Theme};
use super::super::super::widgets::progress::Progress;
use super::fruit::{play, play_reading};
use crate::tui::gate::Depth;

fn last_line(screen: &str) -> &str {
    screen.lines().last().unwrap_or_default()
}

#[test]
fn a_screen_that_only_reads_says_so_and_refuses_what_would_write() {
    let mut play = play_reading();
    assert!(play.row(0).contains("read-only · maria"), "{}", play.screen());
    assert!(play.out.iter().any(|e| matches!(e, Effect::Title(t) if t.contains("read-only"))));
    for keys in ["a", "n", "u"] {
        play.keys(keys);
        let said = play.screen();
        assert!(last_line(&said).contains("only reads (--read-only)"), "{keys}: {said}");
        assert!(!play.screen().contains("Ctrl-S"), "no form is opened: {said}");
    }
    play.keys("?");
    let help = play.screen();
    assert!(help.contains("only reads"), "help says why: {help}");
    play.keys("<Esc>jjy");
    assert!(play.out.iter().any(|effect| matches!(effect, Effect::Copy(text) if text == "F-0002")));
}

#[test]
fn a_view_is_saved_under_a_typed_name_opened_and_deleted() {
    let mut first = play();
    first.keys("/1<Enter>S");
    assert!(first.screen().contains("Save this view"), "{}", first.screen());
    first.keys("<Ctrl-U>ones<Ctrl-S>");
    assert!(last_line(&first.screen()).contains("saved as “ones”"), "{}", first.screen());
    assert!(first.out.iter().any(|effect| matches!(effect, Effect::Keep)), "it is written down at once");
    let kept = first.app.keep();

    let mut second = play();
    second.app.restore(&kept);
    second.keys("<Ctrl-L>");
    let restored = second.screen();
    assert!(restored.contains("/ 1"), "the last view is back: {restored}");
    second.keys("<Esc>F");
    let menu = second.screen();
    assert!(menu.contains("ones") && last_line(&menu).contains("Delete delete it"), "{menu}");
    second.keys("<Enter>");
    assert!(second.screen().contains("/ 1"), "{}", second.screen());
    second.keys("F<Del>");
    assert!(second.screen().contains("Delete the view “ones”?"), "{}", second.screen());
    second.keys("<Enter>F");
    assert!(second.screen().contains("ones"), "Enter alone keeps it: {}", second.screen());
    second.keys("<Del><Right><Enter>");
    assert!(last_line(&second.screen()).contains("“ones” is deleted"), "{}", second.screen());
    second.keys("F");
    assert!(last_line(&second.screen()).contains("no view has been saved yet"), "{}", second.screen());
}

#[test]
fn a_view_needs_a_name_and_says_when_it_replaces_one() {
    let mut play = play();
    play.keys("S<Ctrl-U><Ctrl-S>");
    assert!(play.screen().contains("is needed"), "{}", play.screen());
    play.keys("mine<Ctrl-S>S<Ctrl-U>mine<Ctrl-S>");
    assert!(
        last_line(&play.screen()).contains("the one of that name before is replaced"),
        "{}",
        play.screen()
    );
}

#[test]
fn inside_a_record_one_field_is_copied() {
    let mut play = play();
    play.keys("j<Enter>y");
    let menu = play.screen();
    assert!(menu.contains("Copy") && menu.contains("number") && menu.contains("F-0001"), "{menu}");
    play.keys("<Down><Enter>");
    let copied: Vec<&String> =
        play.out.iter().filter_map(|e| if let Effect::Copy(text) = e { Some(text) } else { None }).collect();
    assert_eq!(copied.len(), 1);
    assert_ne!(copied[0], "F-0001", "a field, not the number");
}

#[test]
fn quitting_while_something_runs_asks() {
    let mut play = play();
    play.event(Event::Progress(Some(Progress { title: "Import".into(), ..Progress::default() })));
    play.keys("q");
    let asked = play.screen();
    assert!(asked.contains("“Import” is still running") && asked.contains("Stay"), "{asked}");
    play.keys("<Enter>");
    assert!(!play.has_quit(), "Enter alone stays");
    play.keys("q<Right><Enter>");
    assert!(play.has_quit());
}

#[test]
fn keys_and_colours_change_while_it_runs() {
    let mut play = play();
    play.keys(":reload<Enter>");
    assert!(play.out.iter().any(|effect| matches!(effect, Effect::Reload)), "{}", play.screen());
    let own = OwnKeys { action: "approve".into(), keys: vec!["z".into()], line: 1 };
    let (keymap, problems) = Keymap::new(Layout::Vim, &[own]);
    assert_eq!(problems, []);
    let theme = Theme::new(Background::Dark, Depth::Mono, SignSet::Ascii);
    play.app.refit(keymap, theme, Mouse::Off);
    assert!(play.screen().contains(">  F-0000") || !play.screen().contains('▌'), "{}", play.screen());
    play.keys("a");
    assert!(last_line(&play.screen()).contains("does nothing here"), "{}", play.screen());
    play.keys("z");
    assert!(last_line(&play.screen()).contains("approved F-0000"), "{}", play.screen());
    assert_eq!(Act::named("reload"), Some(Act::Reload));
}
