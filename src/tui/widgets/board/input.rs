//! Filter keys, paste, mouse and scrolling of a board.

use crossterm::event::KeyCode;

use super::{Board, Pane, Typed};
use crate::tui::action::Act;
use crate::tui::canvas::Hit;
use crate::tui::effect::Effect;
use crate::tui::key::Chord;
use crate::tui::widgets::filter::Filtered;
use crate::tui::widgets::table::{Listed, Sort, TableRow};

impl<R: TableRow> Board<R> {
    /// A key while the filter is typed.
    pub fn key(&mut self, chord: Chord) -> Vec<Effect> {
        match self.filter.key(chord) {
            Filtered::Same => Vec::new(),
            Filtered::Changed => self.refilter(Typed::Typing),
            Filtered::Kept => self.refilter(Typed::Finished),
            Filtered::Move(code) => {
                let act = match code {
                    KeyCode::Up => Act::Up,
                    KeyCode::PageUp => Act::PageUp,
                    KeyCode::PageDown => Act::PageDown,
                    _ => Act::Down,
                };
                self.act(act).unwrap_or_default()
            }
        }
    }

    /// Text pasted into the filter.
    pub fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.filter.paste(text);
        self.refilter(Typed::Typing)
    }

    /// A click.
    pub fn click(&mut self, hit: Hit) -> Vec<Effect> {
        match hit {
            Hit::Row(line) => {
                self.pane = Pane::List;
                self.table.select_line(line);
                Vec::new()
            }
            Hit::Column(index) => {
                match self.spec.columns.get(index).filter(|column| column.sort == Sort::Yes) {
                    Some(column) => self.told("sort", column.name).unwrap_or_default(),
                    None => Vec::new(),
                }
            }
            Hit::Detail => {
                self.pane = Pane::Detail;
                Vec::new()
            }
            Hit::Tab(_) | Hit::Act(_) | Hit::Key(_) | Hit::List | Hit::Item(_) | Hit::Layer => Vec::new(),
        }
    }

    /// The wheel.
    pub fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        let over_detail = matches!(hit, Some(Hit::Detail)) || (self.pane == Pane::Detail && !self.is_wide());
        let act = if lines > 0 { Act::Down } else { Act::Up };
        let mut effects = Vec::new();
        for _ in 0..lines.unsigned_abs() {
            if over_detail {
                self.scroll(act);
            } else if self.table.act(act) == Listed::NeedsRead {
                effects = vec![Effect::Read];
            }
        }
        effects
    }

    pub(super) fn scroll(&mut self, act: Act) -> Option<Vec<Effect>> {
        let farthest = self.detail.as_ref().map_or(0, |shown| shown.laid.farthest(self.detail_area().height));
        let page = usize::from(self.area.height.saturating_sub(4));
        let wanted = match act {
            Act::Down => self.scrolled + 1,
            Act::Up => self.scrolled.saturating_sub(1),
            Act::HalfDown => self.scrolled + page / 2,
            Act::HalfUp => self.scrolled.saturating_sub(page / 2),
            Act::PageDown => self.scrolled + page,
            Act::PageUp => self.scrolled.saturating_sub(page),
            Act::First => 0,
            Act::Last => farthest,
            _ => return None,
        };
        self.scrolled = wanted.min(farthest);
        Some(Vec::new())
    }
}
