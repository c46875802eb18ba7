//! How a board reads: the window of its list, the count of each status, and the detail of the record under the
//! cursor, which is broken into lines once and not for every frame.

use super::{Board, Pane, Stale};
use crate::tui::door::{Error, Filter, ListQuery};
use crate::tui::screen::Want;
use crate::tui::widgets::detail::{Detail, Laid};
use crate::tui::widgets::table::{ListSource, TableRow};

/// The detail on the screen.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// Whose it is.
    pub id: i64,
    pub detail: Detail,
    pub laid: Laid,
    columns: u16,
    /// The first line of the list when it was read.
    pub beside: Option<i64>,
}

impl<R: TableRow> Board<R> {
    /// Reads what is wanted; `detail` makes the detail of a record.
    pub fn refresh(
        &mut self,
        source: &dyn ListSource<Row = R>,
        want: Want,
        detail: impl Fn(i64) -> Result<Detail, Error>,
    ) -> Result<(), Error> {
        if self.misunderstood().is_some() {
            self.read_counts(source)?;
            return Ok(());
        }
        if want.is_anew() || self.stale == Stale::Yes {
            self.stale = Stale::No;
            self.table.reload(source, &self.query)?;
            self.read_counts(source)?;
        }
        self.table.catch_up(source, &self.query)?;
        self.read_detail(want, detail)
    }

    fn read_counts(&mut self, source: &dyn ListSource<Row = R>) -> Result<(), Error> {
        let unfiltered = |state| ListQuery { state, filter: Filter::default(), ..self.query.clone() };
        let states = self.spec.states.iter().map(|(name, _)| Some(*name)).chain([None]);
        let mut counts = Vec::new();
        for state in states {
            counts.push((state, source.count(&unfiltered(state))?));
        }
        self.counts = counts;
        self.whole =
            self.counts.iter().find(|(state, _)| *state == self.query.state).map(|(_, count)| *count);
        Ok(())
    }

    fn read_detail(
        &mut self,
        want: Want,
        detail: impl Fn(i64) -> Result<Detail, Error>,
    ) -> Result<(), Error> {
        let Some(id) = self.current().map(|row| row.id()) else {
            self.detail = None;
            self.pane = Pane::List;
            return Ok(());
        };
        let other = self.detail.as_ref().map(|shown| shown.id) != Some(id);
        let visible = self.is_wide() || self.pane == Pane::Detail;
        let wanted = match want {
            Want::All => true,
            Want::List => {
                self.detail = None;
                false
            }
            Want::Detail => other,
            Want::Pending => other && (self.pane == Pane::Detail || self.detail.is_none()),
        };
        if visible && wanted {
            if other {
                self.scrolled = 0;
            }
            let (detail, columns) = (detail(id)?, self.detail_area().width);
            let laid = detail.laid(columns);
            self.detail = Some(Shown { id, detail, laid, columns, beside: self.table.first_shown() });
        }
        Ok(())
    }

    /// Breaks the detail anew where its pane has another width.
    pub(super) fn lay_detail(&mut self) {
        let columns = self.detail_area().width;
        if let Some(shown) = self.detail.as_mut().filter(|shown| shown.columns != columns) {
            shown.laid = shown.detail.laid(columns);
            shown.columns = columns;
        }
    }
}
