//! Going to a record by its number or from another tab: filter and status give way to it, and Esc leads back to the list
//! that was there before.

use super::{Board, Pane, Stale, Typed};
use crate::tui::door::Filter;
use crate::tui::effect::Effect;
use crate::tui::widgets::table::TableRow;

/// What was listed before somebody went to a record by its number, past filter and status.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub state: Option<&'static str>,
    pub filter: String,
    pub current: Option<i64>,
}

impl<R: TableRow> Board<R> {
    /// Puts the cursor on a record; filter and status give way until Esc leads back.
    pub fn select(&mut self, id: i64) -> Vec<Effect> {
        if self.current().is_none_or(|row| row.id() != id) {
            let narrowed = self.query.state.is_some() || !self.filter.text().is_empty();
            if narrowed && self.visit.is_none() {
                self.visit = Some(Visit {
                    state: self.query.state,
                    filter: self.filter.text().to_owned(),
                    current: self.current().map(|row| row.id()),
                });
            }
            self.query.state = None;
            self.filter.set("");
            self.query.filter = Filter::default();
        }
        self.table.select(id);
        self.pane = Pane::Detail;
        self.reread()
    }

    /// Back to the list that was there before somebody went to a record by its number.
    pub(super) fn return_from_visit(&mut self) -> Vec<Effect> {
        let Some(visit) = self.visit.take() else { return Vec::new() };
        self.query.state = visit.state;
        self.filter.set(&visit.filter);
        let effects = self.refilter(Typed::Finished);
        self.stale = Stale::Yes;
        if let Some(id) = visit.current {
            self.table.select(id);
        }
        if effects.is_empty() { vec![Effect::Read] } else { effects }
    }
}
