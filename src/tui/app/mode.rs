//! How the whole screen behaves beyond its data: only reading, the reader's order of day and month, other keys and colours.

use super::App;
use crate::domain::date::DayOrder;
use crate::tui::effect::Mouse;
use crate::tui::effect::Notice;
use crate::tui::keymap::Keymap;
use crate::tui::layer::Layer;
use crate::tui::theme::Theme;
use crate::tui::widgets::form::Busy;
use crate::tui::widgets::{Span, Tone};

impl App {
    /// Nothing is written from here, because of this: shown in the top line, said at every action that would write.
    pub fn reads_only(mut self, why: Option<String>) -> App {
        self.read_only = why;
        self
    }

    /// Dates with slashes are read in this order.
    pub fn reads_days(mut self, order: DayOrder) -> App {
        self.day_order = order;
        self
    }

    /// Says something at the start, kept for `!`.
    pub fn saying(mut self, notices: Vec<Notice>) -> App {
        notices.into_iter().for_each(|notice| self.say(notice));
        self
    }

    /// Other keys and colours from the next frame on: the config file was read again.
    pub fn refit(&mut self, keymap: Keymap, theme: Theme, mouse: Mouse) {
        self.keymap = keymap;
        self.theme = theme;
        self.mouse = mouse;
    }

    /// Says why nothing is written; a form that waited for it stays open with what was typed.
    pub(super) fn refuse_writing(&mut self) {
        let why = self.read_only.clone().unwrap_or_default();
        if let Some(Layer::Form(form)) = self.layers.last_mut().filter(|_| self.read_only.is_some()) {
            form.busy = Busy::No;
            form.failure = Some(why.clone());
        }
        self.say(Notice::wrong(why));
    }

    /// Who acts, and before it whether nothing can be written.
    pub(super) fn who_line(&self) -> Vec<Span> {
        let mut spans = self.who.clone();
        if self.read_only.is_some() {
            spans.insert(0, Span::new("read-only", Tone::Caution));
            spans.insert(1, Span::new(" · ", Tone::Dim));
        }
        spans
    }
}
