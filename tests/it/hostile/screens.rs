//! Every screen on hostile records, through the real gate: list, detail, forms, comparison, history, why, palette.

use countersign::desk::Command;
use countersign::desk::commands::signup::{ApproveSignup, Subject};
use countersign::domain::permission::How;
use countersign::tui::app::Setup;
use countersign::tui::gate::{Caps, Gate};
use countersign::tui::keymap::Keymap;
use countersign::tui::screens;
use countersign::tui::testing::Play;
use countersign::tui::theme::Theme;

use super::office::{Hostile, hostile, step};
use super::watch::assert_frame;
use crate::world::World;

/// The emulator must be asked for nothing by the text: no title, no bell, no clipboard, no answer.
struct Strict;

impl vt100::Callbacks for Strict {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        panic!("it rang");
    }
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        panic!("title {title:?}");
    }
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], _: &[u8]) {
        panic!("it copied");
    }
    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        panic!("it pasted");
    }
    fn resize(&mut self, _: &mut vt100::Screen, _: (u16, u16)) {
        panic!("it resized");
    }
    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        panic!("control {byte}");
    }
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, _: &[&[u8]]) {
        panic!("an OSC came through");
    }
}

fn cells(n: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(n).unwrap()
}

/// A person at the screen, with a gate and an emulator behind it.
struct Viewer {
    _dir: tempfile::TempDir,
    play: Play,
    gate: Gate,
    emulator: vt100::Parser<Strict>,
    frames: usize,
}

impl Viewer {
    fn new(office: Hostile, login: &str, (width, height): (u16, u16)) -> Viewer {
        let World { dir, desk, reader, .. } = office.world;
        let actor = reader.actor(login, How::Screen).unwrap();
        let setup = Setup {
            screens: screens::all(&actor),
            keymap: Keymap::default(),
            theme: Theme::default(),
            who: vec![login.into()],
            actor: actor.clone(),
            hats: Vec::new(),
            drafts: serde_json::Value::Null,
        };
        let play = Play::new(setup, desk, actor, (width, height));
        let emulator = vt100::Parser::new_with_callbacks(cells(height), cells(width), 0, Strict);
        let mut viewer = Viewer { _dir: dir, play, gate: Gate::new(Caps::default()), emulator, frames: 0 };
        viewer.look();
        viewer
    }

    fn keys(&mut self, keys: &str) {
        self.play.keys(keys);
        self.look();
    }

    /// The frame as it would be sent: only our own sequences in it, and the frame's own lines still stand.
    #[track_caller]
    fn look(&mut self) {
        let bytes = self.gate.frame(&self.play.buffer(), self.play.cursor()).to_vec();
        assert_frame(&bytes);
        self.emulator.process(&bytes);
        self.frames += 1;
        let (_, width) = self.emulator.screen().size();
        let top = self.emulator.screen().contents_between(0, 0, 0, width.get());
        assert_eq!(top.trim_end(), self.play.row(0).trim_end(), "{}", self.play.screen());
    }
}

#[test]
fn lists_and_details() {
    let Some(office) = hostile(step(4)) else { return };
    let (strings, records) = (office.strings, office.given.len());
    let mut viewer = Viewer::new(office, "maria", (150, 50));
    viewer.keys("f");
    while !viewer.play.row(1).contains("All") {
        viewer.keys("f");
        assert!(viewer.frames < 20, "{}", viewer.play.screen());
    }
    viewer.keys("g");
    for _ in 0..records {
        viewer.keys("j");
    }
    println!("{strings} strings, {} frames", viewer.frames);
}

#[test]
fn every_panel_on_a_sample_of_records() {
    let Some(mut office) = hostile(step(40)) else { return };
    for given in office.given.iter().step_by(4) {
        let subject = Subject::now(office.world.find(&given.number).id);
        let reason = format!("known: {}", given.fields["message"]);
        let approve = ApproveSignup { subject, note: Some(reason.clone()), override_reason: Some(reason) };
        office.world.run("priya", Command::ApproveSignup(approve)).unwrap();
    }
    let records = office.given.len();
    let mut viewer = Viewer::new(office, "priya", (80, 24));
    while !viewer.play.row(1).contains("All") {
        viewer.keys("f");
        assert!(viewer.frames < 20, "{}", viewer.play.screen());
    }
    viewer.keys("g");
    for n in 0..records {
        viewer.keys("<Enter>");
        viewer.keys("<PgDn>");
        viewer.keys("<PgDn>");
        viewer.keys("<Esc>");
        for panel in ["e", "c", "W", "H", "d", "D", ":", "y", "x", "?", "!"] {
            if n % 3 == 0 || panel == "e" || panel == "H" {
                viewer.keys(panel);
                viewer.keys("<Esc><Esc>");
            }
        }
        viewer.keys("j");
    }
    viewer.keys("3");
    viewer.keys("<Enter>");
    viewer.keys("4");
    for _ in 0..40 {
        viewer.keys("j<Enter>");
        viewer.keys("<Esc>");
    }
    println!("{} frames", viewer.frames);
}

#[test]
fn hostile_text_typed_and_pasted_stays_text() {
    use countersign::tui::effect::Event;
    let corpora = super::corpus::all();
    if corpora.is_empty() {
        return;
    }
    let Some(office) = hostile(100) else { return };
    let mut viewer = Viewer::new(office, "maria", (100, 30));
    let mut pasted = 0;
    for corpus in &corpora {
        let short = corpus.strings.iter().filter(|text| text.len() < 1_000);
        for text in short.step_by(1 + corpus.strings.len() / 10) {
            viewer.keys("/");
            viewer.play.event(Event::Paste(text.clone())).wait(500);
            viewer.look();
            viewer.keys("<Esc><Esc>n");
            viewer.play.event(Event::Paste(text.clone())).wait(500);
            viewer.look();
            viewer.keys("<Ctrl-U><Esc><Right><Enter>");
            pasted += 2;
        }
    }
    println!("{pasted} pastes, {} frames", viewer.frames);
}
