//! Key scripts through the real loop on a tab of made-up rows.

mod fruit;
mod modes;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use fruit::{play, play_at};

use super::super::effect::{Effect, Event};

#[test]
fn the_first_frame_shows_list_and_detail_side_by_side() {
    let play = play_at(120, 24);
    let screen = play.screen();
    assert!(play.row(0).starts_with(" countersign  1 Fruit 30"), "{screen}");
    assert!(play.row(0).ends_with("maria · approver"), "{screen}");
    assert!(play.row(1).contains("Ripe 30"), "{screen}");
    assert!(play.row(3).starts_with("▌  F-0000"), "{screen}");
    assert!(play.row(2).contains("│ F-0000"), "the detail of the first row: {screen}");
    assert!(play.row(23).contains("? help"), "{screen}");
    assert_eq!(play.cursor().map(|at| (at.x, at.y)), Some((0, 3)));
}

#[test]
fn at_80_columns_the_detail_replaces_the_list() {
    let mut play = play();
    assert!(!play.screen().contains("│"));
    play.keys("j<Enter>");
    assert!(play.row(2).contains("F-0001"), "{}", play.screen());
    assert!(!play.screen().contains("F-0002"));
    play.keys("<Esc>");
    assert!(play.row(4).starts_with("▌  F-0001"), "{}", play.screen());
}

#[test]
fn keys_move_and_the_window_follows() {
    let mut play = play();
    play.keys("jjj");
    assert!(play.row(6).starts_with("▌  F-0003"));
    play.keys("G");
    assert!(play.screen().contains("▌  F-0029"));
    play.keys("g");
    assert!(play.row(3).starts_with("▌  F-0000"));
    play.keys("<PgDn><Ctrl-U>");
    assert!(play.screen().contains('▌'));
}

#[test]
fn a_long_list_is_paged_by_key_and_holds_only_a_window() {
    let mut play = fruit::play_with(5000, 80, 24);
    play.keys("G");
    assert!(play.screen().contains("▌  F-4999"), "{}", play.screen());
    for _ in 0..30 {
        play.keys("<PgUp>");
    }
    assert!(play.screen().contains("▌  F-4"), "{}", play.screen());
    play.keys("g");
    for _ in 0..40 {
        play.keys("<PgDn>");
    }
    assert!(play.screen().contains("▌  F-0720"), "{}", play.screen());
}

#[test]
fn the_filter_works_while_typed_and_letters_trigger_nothing() {
    let mut play = play();
    play.keys("/xa");
    assert!(play.row(1).contains("/ xa"), "{}", play.screen());
    assert!(play.screen().contains("Nothing matches"), "{}", play.screen());
    play.keys("<Esc>");
    assert!(play.screen().contains("F-0005"));
    play.keys("/0012");
    assert!(play.row(1).contains("1 of 30"), "{}", play.screen());
    play.keys("<Enter>");
    assert!(play.row(1).contains("/ 0012"));
    play.keys("<Esc>");
    assert!(play.row(1).contains("/ name, colour"), "{}", play.screen());
}

#[test]
fn the_cursor_stays_with_its_record_over_filter_and_order() {
    let mut play = play();
    play.keys("jjjjj/f<Enter>");
    assert!(play.screen().contains("▌  F-0005"), "{}", play.screen());
    play.keys("O");
    assert!(play.screen().contains("▌  F-0005"), "{}", play.screen());
    play.keys("<Esc>");
    assert!(play.screen().contains("▌  F-0005"), "{}", play.screen());
}

#[test]
fn marks_survive_the_filter_and_hidden_ones_are_told() {
    let mut play = play();
    play.keys("<space><space>");
    assert!(play.row(21).contains("2 marked"), "{}", play.screen());
    play.keys("/0001<Enter>");
    assert!(play.row(21).contains("2 marked, 1 hidden by the filter"), "{}", play.screen());
    play.keys("-");
    assert!(!play.screen().contains("marked"));
    play.keys("<Esc>Vjjj");
    assert!(play.screen().contains("4 marked"), "{}", play.screen());
    play.keys("V<Esc>*");
    assert!(play.screen().contains("30 marked"), "{}", play.screen());
}

#[test]
fn a_disabled_action_says_why() {
    let mut play = play();
    play.keys("x");
    assert!(play.row(23).contains("reject: fruit cannot be rejected"), "{}", play.screen());
    play.keys("j");
    assert!(play.row(23).contains("? help"));
    play.keys("!");
    assert!(play.screen().contains("fruit cannot be rejected"), "{}", play.screen());
}

#[test]
fn help_palette_and_footer_print_the_same_table() {
    let mut play = play_at(100, 30);
    play.keys("?reject");
    assert!(play.screen().contains("not now: fruit cannot be rejected"), "{}", play.screen());
    play.keys("<Esc><Esc>:approve<Enter>");
    assert!(play.row(29).contains("approved F-0000"), "{}", play.screen());
    play.keys(":F-0007<Enter>");
    assert!(play.screen().contains("F-0007"), "{}", play.screen());
}

#[test]
fn a_form_keeps_what_was_typed() {
    let mut play = play();
    play.keys("nKiwi");
    assert!(play.screen().contains("New fruit *"), "{}", play.screen());
    play.keys("<Esc>");
    assert!(play.screen().contains("[ Keep editing ]"), "{}", play.screen());
    play.keys("<Esc>");
    assert!(play.screen().contains("Kiwi"));
    play.keys("<Esc><Right><Enter>");
    assert!(!play.screen().contains("Kiwi"));
    play.keys("n");
    assert!(play.screen().contains("Kiwi"), "{}", play.screen());
    play.keys("<Ctrl-S>");
    assert!(play.screen().contains("✗ is needed"), "{}", play.screen());
    play.keys("green<Ctrl-S>");
    assert!(play.row(23).contains("picked Kiwi, green"), "{}", play.screen());
}

#[test]
fn drafts_are_offered_at_the_next_start() {
    let mut play = play();
    play.keys("nKiwi");
    let drafts = play.app.drafts();
    assert!(play.out.iter().any(|effect| matches!(effect, Effect::SaveDrafts(saved) if *saved == drafts)));
    let mut next = fruit::play_after(drafts);
    assert!(next.screen().contains("Half-filled forms"), "{}", next.screen());
    next.keys("<Enter>");
    assert!(next.screen().contains("Kiwi"), "{}", next.screen());
}

#[test]
fn a_burst_of_keys_is_dropped_and_said() {
    let mut play = play();
    play.burst("max power");
    assert!(play.row(23).contains("9 keys came at once"), "{}", play.screen());
    assert!(!play.screen().contains("approved"));
    play.burst("jjjj");
    assert!(play.row(7).starts_with("▌"), "{}", play.screen());
}

#[test]
fn decisions_are_ignored_while_another_record_has_come_under_the_cursor() {
    let mut play = play();
    fruit::take_away_first();
    play.event(Event::Changed);
    play.event(Event::Keys(crate::tui::key::script("a").unwrap()));
    assert!(play.row(23).contains("look, then press again"), "{}", play.screen());
    play.wait(400).keys("a");
    assert!(play.row(23).contains("approved F-0001"), "{}", play.screen());
    fruit::bring_back();
}

#[test]
fn pasting_into_a_list_does_nothing_and_says_so() {
    let mut play = play();
    play.event(Event::Paste("aaaa\nxx".to_owned()));
    assert!(play.row(23).contains("text field"));
    play.keys("/").event(Event::Paste("0003\n".to_owned()));
    assert!(play.row(1).contains("/ 0003"), "{}", play.screen());
}

#[test]
fn a_small_terminal_says_what_it_needs_and_still_quits() {
    for (width, height) in [(59, 24), (80, 14), (1, 1), (0, 0), (40, 8)] {
        let mut play = play_at(width, height);
        if width >= 40 {
            assert!(play.row(0).starts_with("needs 60x15"), "{}", play.screen());
        }
        play.keys("<Ctrl-C>");
        assert!(play.has_quit());
    }
}

#[test]
fn every_size_is_drawn_without_a_panic() {
    let mut play = play();
    for width in (0..130).step_by(7).chain([400, 5000]) {
        for height in [0, 1, 3, 15, 16, 24, 60, 250] {
            play.event(Event::Resize(width, height));
            for layer in ["?", ":ap", "n", "!", "o", "<Enter>"] {
                play.keys(layer);
                play.keys("<Esc><Esc><Esc>");
            }
        }
    }
}

#[test]
fn esc_never_quits_and_quitting_a_dirty_form_asks() {
    let mut play = play();
    play.keys("<Esc><Esc><Esc>");
    assert!(!play.has_quit());
    play.keys("nKiwi<Ctrl-C>");
    assert!(!play.has_quit() && play.screen().contains("kept and offered again"), "{}", play.screen());
    play.keys("<Right><Enter>");
    assert!(play.has_quit());
}

#[test]
fn clicks_mean_what_is_drawn_there() {
    let mut play = play_at(120, 24);
    let click = |x, y| {
        Event::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: x,
            row: y,
            modifiers: KeyModifiers::NONE,
        })
    };
    play.event(click(10, 8));
    assert!(play.row(8).starts_with('▌'), "{}", play.screen());
    play.event(click(4, 2));
    assert!(play.row(2).contains("Number ↓") || play.row(2).contains("Number ↑"), "{}", play.screen());
}

#[test]
fn sorting_by_menu_shows_an_arrow() {
    let mut play = play();
    play.keys("oName");
    play.keys("<Esc>o");
    assert!(play.screen().contains("Sort by"), "{}", play.screen());
    play.keys("<Down><Enter>");
    assert!(play.row(2).contains("Name ↑"), "{}", play.screen());
    play.keys("O");
    assert!(play.row(2).contains("Name ↓"), "{}", play.screen());
}

#[test]
fn copying_takes_the_number() {
    let mut play = play();
    play.keys("jy");
    assert!(play.out.iter().any(|effect| matches!(effect, Effect::Copy(text) if text == "F-0001")));
}

#[test]
fn wide_and_hostile_names_keep_the_columns_straight() {
    let play = play_at(120, 40);
    let screen = play.screen();
    let buffer = play.buffer();
    let line =
        (0..120).find(|x| buffer[(*x, 2)].symbol() == "│").expect("list and detail are parted by a line");
    for y in 3..30 {
        assert_eq!(buffer[(line, y)].symbol(), "│", "row {y} of {screen}");
    }
    assert!(screen.contains("␛"), "{screen}");
    assert!(screen.contains("⟨RLO⟩"), "{screen}");
    assert!(!screen.contains('\u{202e}') && !screen.contains('\u{1b}'));
}

#[test]
fn the_footer_follows_the_focus() {
    let mut play = play();
    play.keys("/a");
    assert!(play.row(23).contains("Enter keep"), "{}", play.screen());
    play.keys("<Esc>");
    assert!(play.row(23).contains("a approve"), "{}", play.screen());
}

#[test]
fn hats_are_changed_in_the_demo_only() {
    let mut play = play();
    play.keys("<F9>");
    assert!(play.row(23).contains("does nothing here"), "{}", play.screen());
    let mut demo = fruit::play_demo();
    demo.keys("<F9>");
    assert!(demo.screen().contains("Jens") && demo.screen().contains("auditor"), "{}", demo.screen());
    demo.keys("2");
    assert!(demo.out.iter().any(|effect| matches!(effect, Effect::Become(login) if login == "jens")));
}
