//! Undo and redo said before they are done (conventions.md, 35): what each would take back now, or why it cannot, and
//! one's own last changes to choose from.

use super::App;
use super::peek::Peek;
use crate::desk::OwnChange;
use crate::tui::action::Act;
use crate::tui::door::{Error, Reader};
use crate::tui::effect::{Effect, Notice};
use crate::tui::layer::Layer;
use crate::tui::screens::clock;
use crate::tui::widgets::Outlook;
use crate::tui::widgets::menu::{Menu, MenuItem};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// So many changes are listed.
const LISTED: usize = 20;

impl App {
    /// Opens help or palette at once; what undo and redo would do is told in it when the reader has been asked.
    pub(super) fn foretold(&mut self, layer: Layer) -> Vec<Effect> {
        self.peek = Some(Peek::Foretell);
        vec![Effect::Open(Box::new(layer)), Effect::Read]
    }

    pub(super) fn foretell(&mut self, reader: &Reader) -> Result<(), Error> {
        let now = reader.now();
        let undo = outlook(reader.next_undo(&self.actor)?, "Take back", now);
        let redo = outlook(reader.next_redo(&self.actor)?, "Do again", now);
        for (act, outlook) in [(Act::Undo, undo), (Act::Redo, redo)] {
            let name = act.action().name;
            match self.layers.last_mut() {
                Some(Layer::Palette(palette)) => palette.explain(name, &outlook),
                Some(Layer::Help(help)) => help.explain(name, &outlook),
                Some(Layer::Ask(_) | Layer::Form(_) | Layer::Menu(_) | Layer::Message(_)) | None => {}
            }
        }
        Ok(())
    }

    pub(super) fn list_own_changes(&mut self, reader: &Reader) -> Result<(), Error> {
        let now = reader.now();
        let items: Vec<MenuItem> = reader
            .own_changes(&self.actor, LISTED)?
            .into_iter()
            .map(|change| {
                let when = ago(change.at, now);
                let hint = if change.refusal.is_some() { format!("not now · {when}") } else { when };
                let mut item = MenuItem::new(change.words, hint, vec![Effect::Undo(Some(change.group))]);
                item.refusal = change.refusal;
                item
            })
            .collect();
        if items.is_empty() {
            self.say(Notice::note("you have changed nothing yet that could be taken back"));
        } else {
            let menu = Menu::new("Your last changes; Enter takes that one back", items, 0).careful();
            self.layers.push(Layer::Menu(menu));
        }
        Ok(())
    }
}

/// `Take back: approve sign-up REG-000132, 3 min ago`.
fn outlook(change: Option<OwnChange>, verb: &str, now: i64) -> Outlook {
    match change {
        None => Outlook::Cannot(format!("there is nothing of yours to {}", verb.to_lowercase())),
        Some(OwnChange { refusal: Some(why), .. }) => Outlook::Cannot(why),
        Some(change) => Outlook::Would(format!("{verb}: {}, {}", change.words, ago(change.at, now))),
    }
}

/// `just now`, `3 min ago`; what is longer ago is told by the clock on the wall.
fn ago(at: i64, now: i64) -> String {
    match now - at {
        span if span < MINUTE => "just now".to_owned(),
        span if span < HOUR => format!("{} min ago", span / MINUTE),
        _ => clock(at, now),
    }
}
