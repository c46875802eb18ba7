//! Every screen and every layer as a person sees it, at 80×24 and 120×40: key script in, frame out (house.md, Tests). The
//! cursor, marks and states are signs, so they show in text.
//!
//! A change of a frame is read before it is accepted: `cargo insta review`, or `INSTA_UPDATE=always` and then the diff.

use std::process::Command;
use std::sync::Arc;

use countersign::demo;
use countersign::desk::{Desk, FixedClock, OpenOptions, Reader};
use countersign::domain::permission::How;
use countersign::tui::app::{Hat, Setup};
use countersign::tui::keymap::Keymap;
use countersign::tui::open::who;
use countersign::tui::screens;
use countersign::tui::testing::Play;
use countersign::tui::theme::Theme;

/// Monday, 2 November 2026, 10:41 UTC.
const NOW: i64 = 1_793_616_060_000;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Name and the keys that lead there from the first frame. A mail's detail shows its Message-ID, which is random, so it
/// stands in `screens.rs` instead.
#[rustfmt::skip]
const FRAMES: &[(&str, &str)] = &[
    ("registration_list",        ""),
    ("registration_all",         "EG"),
    ("registration_nothing",     "/zzzz<Enter>"),
    ("registration_typing",      "/lisb"),
    ("registration_bad_filter",  "/nofield:x<Enter>"),
    ("registration_detail",      "jj<Enter>"),
    ("registration_detail_end",  "jj<Enter><End>"),
    ("registration_marked",      "<Space>jV<Down><Down>"),
    ("registration_hidden_mark", "<Space><Space>/lisboa<Enter>"),
    ("bulk_question",            "<Space><Space><Space>a"),
    ("form_new",                 "n"),
    ("form_new_wrong",           "nAcme<Tab><Tab>Berg<Tab><Tab>nonsense<Ctrl-S>"),
    ("form_half_filled",         "nAcme<Esc>"),
    ("form_reject",              "x"),
    ("form_edit",                "<Enter>e"),
    ("form_withdraw",            "w"),
    ("form_verify",              "fv"),
    ("form_save_view",           "/lisboa<Enter>S"),
    ("create_dialog",            "/coffee<Enter><Enter>c"),
    ("create_existing",          "/coffee<Enter><Enter>c<Space>"),
    ("duplicates_menu",          "/cardiff<Enter><Enter>d"),
    ("duplicates_choices",       "/cardiff<Enter><Enter>d<Enter>"),
    ("duplicates_compared",      "/cardiff<Enter><Enter>d<Enter><Enter>"),
    ("why",                      "W"),
    ("history",                  "H"),
    ("notices_none",             "!"),
    ("help",                     "?"),
    ("help_searched",            "?undo"),
    ("palette",                  ":"),
    ("palette_searched",         ":appr"),
    ("palette_number",           ":REG-7"),
    ("menu_sort",                "o"),
    ("menu_columns",             "="),
    ("menu_copy",                "<Enter>y"),
    ("menu_hats",                "<F9>"),
    ("quit_half_filled",         "nAcme<Ctrl-C>"),
    ("unknown_key",              "z"),
    ("work_nothing",             "1"),
    ("user_requests_list",       "3"),
    ("user_requests_detail",     "3<Enter>"),
    ("staff_list",               "6"),
    ("staff_detail",             "6jj<Enter>"),
    ("staff_refused",            "6n"),
    ("staff_own_edit",           "6/maria<Enter>e"),
    ("staff_own_deputy",         "6/maria<Enter>d"),
    ("setup",                    "7"),
    ("customers_list",           "4"),
    ("customers_detail",         "4<Enter>"),
    ("customers_new",            "4n"),
    ("customers_edit",           "4<Enter>e"),
    ("customers_template",       "4<Enter>t"),
    ("approved",                 "a"),
    ("approved_taken_back",      "u"),
    ("too_small",                ""),
];

/// Times are drawn on the reader's wall, so the frames are drawn in a process whose wall is UTC.
#[test]
fn every_screen_and_layer_at_both_sizes() {
    if std::env::var_os("TZ").is_some_and(|tz| tz == "UTC") {
        return draw_all();
    }
    let this = std::env::current_exe().unwrap();
    let done = Command::new(this)
        .args(["--exact", "frames::every_screen_and_layer_at_both_sizes"])
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

fn draw_all() {
    let office = demo::make_at(&demo::Options::default(), NOW, &mut |_, _| {}).unwrap();
    let options = OpenOptions { clock: Arc::new(FixedClock::new(NOW)), ..office.open.clone() };
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "frames" }, {
        for (name, keys) in FRAMES {
            let sizes = if *name == "too_small" { [(59, 15), (60, 14)] } else { SIZES };
            let frames: Vec<String> = sizes.iter().map(|size| frame(&options, *size, keys)).collect();
            insta::assert_snapshot!(*name, frames.join("\n"));
        }
    });
}

fn frame(options: &OpenOptions, (width, height): (u16, u16), keys: &str) -> String {
    let reader = Reader::open(options).unwrap();
    let actor = reader.actor(demo::LOGIN, How::Screen).unwrap();
    let hat = |login: &str, name: &str, roles: &str| Hat {
        login: login.into(),
        name: name.into(),
        roles: roles.into(),
    };
    let setup = Setup {
        screens: screens::all(&actor),
        keymap: Keymap::default(),
        theme: Theme::default(),
        who: who(&actor),
        actor: actor.clone(),
        hats: vec![hat("maria", "Maria Silva", "approver"), hat("jens", "Jens Holm", "approver")],
        drafts: serde_json::Value::Null,
    };
    let mut play = Play::new(setup, Desk::open(options.clone()).unwrap(), actor, (width, height));
    play.keys(keys);
    format!("{width}x{height} {keys}\n{}", play.screen())
}
