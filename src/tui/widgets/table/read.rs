//! Reading a list: a window and a margin around it, by key; the cursor stays with its record, and
//! where the record is gone, with its place on the screen.

use super::{Anchor, Error, ListQuery, ListSource, Lost, More, Page, Pending, Table, TableRow};

/// Rows held beyond each side of the window.
const MARGIN: usize = 60;
/// At most so many rows are marked at once.
pub const MARK_LIMIT: usize = 10_000;

impl<R: TableRow> Table<R> {
    /// Reads everything again: after a change of the data, the filter or the order. After an error
    /// the old rows stay and the error stands in the list.
    pub fn reload(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery) -> Result<(), Error> {
        let outcome = self.try_reload(source, query);
        self.problem = outcome.as_ref().err().map(ToString::to_string);
        outcome
    }

    /// Holds no row until it next reads: what was asked for is not understood.
    pub fn forget(&mut self) {
        self.rows.clear();
        (self.before, self.after) = (More::No, More::No);
        (self.at, self.top) = (0, 0);
        self.pending.clear();
    }

    fn try_reload(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery) -> Result<(), Error> {
        let line = self.at - self.top;
        let at_start = self.top == 0 && self.before == More::No;
        let current = self.current().map(|row| row.key().clone());
        let next = self.rows.get(self.at + 1).map(|row| row.id());
        let stays = match &current {
            Some(key) => source.key_of(query, key.id)?,
            None => None,
        };
        let lost = std::mem::replace(&mut self.lost, Lost::Neighbour);
        let left = current.as_ref().map(|key| key.id).filter(|id| self.leave.take() == Some(*id));
        match (stays, &current) {
            (Some(key), _) => {
                let id = key.id;
                self.read_around(source, query, &Anchor::From(key))?;
                self.put(id, line);
                if left == self.current().map(|row| row.id())
                    && left.is_some()
                    && self.at + 1 < self.rows.len()
                {
                    self.at += 1;
                    self.keep_in_window();
                }
            }
            (None, Some(key)) if lost == Lost::Neighbour && !self.rows.is_empty() => {
                let follower = match next {
                    Some(id) => source.key_of(query, id)?,
                    None => None,
                };
                match follower {
                    Some(key) => {
                        let id = key.id;
                        self.read_around(source, query, &Anchor::From(key))?;
                        self.put(id, line);
                    }
                    None => {
                        let anchor = Anchor::From(key.clone());
                        self.read_around(source, query, &anchor)?;
                        self.at = self.at.min(self.rows.len().saturating_sub(1));
                        self.top = self.at.saturating_sub(line);
                    }
                }
            }
            (None, _) => self.replace(source.page(query, &Anchor::Start, self.window())?),
        }
        // Who looks at the beginning of a list sees what is new there; the cursor stays on its record.
        if at_start && self.before == More::No && self.at < self.height {
            self.top = 0;
        }
        self.keep_in_window();
        self.count = Some(source.count(query)?);
        self.refresh_marks(source, query)
    }

    /// Reads what keys have asked for since the last reading.
    pub fn catch_up(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery) -> Result<(), Error> {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::First => {
                    self.replace(source.page(query, &Anchor::Start, self.window())?);
                    self.move_to(0);
                }
                Pending::Last => {
                    self.replace(source.page(query, &Anchor::End, self.window())?);
                    self.move_to(self.rows.len().saturating_sub(1));
                }
                Pending::By(by) => self.read_on(source, query, by)?,
                Pending::To(id) => {
                    if let Some(key) = source.key_of(query, id)? {
                        self.read_around(source, query, &Anchor::From(key))?;
                        self.put(id, self.height / 2);
                    }
                }
                Pending::MarkAll => self.mark_all(source, query)?,
            }
        }
        Ok(())
    }

    fn window(&self) -> usize {
        self.height + MARGIN
    }

    fn replace(&mut self, page: Page<R>) {
        self.rows = page.rows;
        self.before = page.before;
        self.after = page.after;
        (self.at, self.top) = (0, 0);
        self.range = None;
    }

    /// The rows from the anchor on with a margin before it; the cursor is on the anchor's row.
    fn read_around(
        &mut self,
        source: &dyn ListSource<Row = R>,
        query: &ListQuery,
        anchor: &Anchor,
    ) -> Result<(), Error> {
        let range = self.range;
        let mut page = source.page(query, anchor, self.window())?;
        let mut at = 0;
        let first = match (page.rows.first(), anchor) {
            (Some(first), _) => Some(Anchor::Before(first.key().clone())),
            (None, Anchor::From(key)) => Some(Anchor::Before(key.clone())),
            (None, _) => None,
        };
        if let Some(before) = first {
            let earlier = source.page(query, &before, self.window())?;
            at = earlier.rows.len();
            let mut rows = earlier.rows;
            rows.append(&mut page.rows);
            page = Page { rows, before: earlier.before, after: page.after };
        }
        self.replace(page);
        self.range = range.filter(|row| *row < self.rows.len());
        self.at = at.min(self.rows.len().saturating_sub(1));
        Ok(())
    }

    /// The cursor on this record, so many lines below the top of the window.
    fn put(&mut self, id: i64, line: usize) {
        if let Some(at) = self.rows.iter().position(|row| row.id() == id) {
            self.at = at;
        }
        self.top = self.at.saturating_sub(line);
        self.keep_in_window();
    }

    /// Fetches the next rows behind or before what is held and moves by what is left; rows far away
    /// from the window are let go.
    fn read_on(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery, by: i64) -> Result<(), Error> {
        let steps = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let limit = steps.min(self.height) + MARGIN;
        if by > 0 {
            let Some(last) = self.rows.last().map(|row| row.key().clone()) else { return Ok(()) };
            let page = source.page(query, &Anchor::After(last), limit)?;
            self.rows.extend(page.rows);
            self.after = page.after;
            let drop = self.top.min(self.at).saturating_sub(2 * MARGIN);
            if drop > 0 && self.range.is_none() {
                self.rows.drain(..drop);
                self.before = More::Yes;
                self.at -= drop;
                self.top -= drop;
            }
            self.move_to((self.at + steps).min(self.rows.len().saturating_sub(1)));
        } else {
            let Some(first) = self.rows.first().map(|row| row.key().clone()) else { return Ok(()) };
            let mut page = source.page(query, &Anchor::Before(first), limit)?;
            let new = page.rows.len();
            page.rows.append(&mut self.rows);
            self.rows = page.rows;
            self.before = page.before;
            self.at += new;
            self.top += new;
            self.range = self.range.map(|row| row + new);
            let keep = self.top + self.height + 2 * MARGIN;
            if keep < self.rows.len() && self.range.is_none() {
                self.rows.truncate(keep);
                self.after = More::Yes;
            }
            self.move_to(self.at.saturating_sub(steps));
        }
        Ok(())
    }

    fn mark_all(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery) -> Result<(), Error> {
        let mut anchor = Anchor::Start;
        while self.marks.len() < MARK_LIMIT {
            let page = source.page(query, &anchor, 500)?;
            let Some(last) = page.rows.last().map(|row| row.key().clone()) else { break };
            for row in page.rows {
                self.hidden.remove(&row.id());
                self.marks.insert(row.id(), row);
            }
            if page.after == More::No {
                break;
            }
            anchor = Anchor::After(last);
        }
        Ok(())
    }

    /// Marked rows that are on the screen are as shown now; those that the filter hides are counted.
    fn refresh_marks(&mut self, source: &dyn ListSource<Row = R>, query: &ListQuery) -> Result<(), Error> {
        for row in &self.rows {
            if let Some(marked) = self.marks.get_mut(&row.id()) {
                *marked = row.clone();
            }
        }
        self.hidden.clear();
        if !self.marks.is_empty() {
            let marked: Vec<i64> = self.marks.keys().copied().collect();
            let visible = source.visible(query, &marked)?;
            self.hidden = marked.into_iter().filter(|id| !visible.contains(id)).collect();
        }
        Ok(())
    }
}
