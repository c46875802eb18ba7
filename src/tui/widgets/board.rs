//! A list with its detail, filter and status: what every tab is made of. A tab adds its columns, its
//! detail and its own actions; everything that lists have in common is here once.

mod draw;
mod input;
mod list;
mod read;
mod views;
mod visit;

pub use list::List;
use read::Shown;
use visit::Visit;

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::filter::FilterLine;
use super::progress::shown_count;
use super::table::{Column, Listed, Table, TableRow};
use crate::tui::action::Act;
use crate::tui::door::{Asker, Count, Filter, ListQuery, Order};
use crate::tui::effect::{Effect, Notice};
use crate::tui::screen::{Offer, Selection};

/// The form that asks for the name of a view; the app gives it back to the board of the active tab.
pub const SAVE_VIEW: &str = "view.save";

/// From this width on list and detail stand side by side.
const SIDE_BY_SIDE: u16 = 110;

/// What makes one list differ from another.
#[derive(Debug, Clone, Copy)]
pub struct BoardSpec {
    /// Columns; the first holds the number and always stays.
    pub columns: &'static [Column],
    /// Statuses in the order of `f`: stable name and words. `All` comes after them by itself.
    pub states: &'static [(&'static str, &'static str)],
    /// With which status it opens; none: all.
    pub opens_on: Option<&'static str>,
    /// Its order when none is chosen.
    pub sort: (&'static str, Order),
    /// Beside the slash of an empty filter: `company, e-mail, city…`.
    pub filter_hint: &'static str,
    /// What would fill the list, and which key does it.
    pub empty: &'static str,
    /// The same for statuses that have words of their own.
    pub empty_in: &'static [(&'static str, &'static str)],
    /// Understands the filter line, finished or while it is typed.
    pub parse: fn(&str, Typed, Asker) -> Result<Filter, String>,
}

/// Whether a filter is still being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The end may be unfinished.
    Typing,
    /// Every term must be understood.
    Finished,
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    List,
    /// The detail.
    Detail,
}

/// The state of a tab with a list.
#[derive(Debug, Clone)]
pub struct Board<R> {
    spec: BoardSpec,
    table: Table<R>,
    filter: FilterLine,
    query: ListQuery,
    pane: Pane,
    detail: Option<Shown>,
    scrolled: usize,
    counts: Vec<(Option<&'static str>, Count)>,
    whole: Option<Count>,
    stale: Stale,
    area: Rect,
    views: BTreeMap<String, String>,
    visit: Option<Visit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stale {
    Yes,
    No,
}

impl<R: TableRow> Board<R> {
    /// A board that has read nothing yet.
    pub fn new(spec: BoardSpec) -> Board<R> {
        let query = ListQuery {
            state: spec.opens_on,
            filter: Filter::default(),
            sort: spec.sort.0,
            order: spec.sort.1,
            asker: Asker::default(),
        };
        Board {
            spec,
            table: Table::new(spec.columns),
            filter: FilterLine::default(),
            query,
            pane: Pane::List,
            detail: None,
            scrolled: 0,
            counts: Vec::new(),
            whole: None,
            stale: Stale::Yes,
            area: Rect::new(0, 0, 80, 22),
            views: BTreeMap::new(),
            visit: None,
        }
    }

    /// Who asks, for `mine` and ages.
    pub fn asked_by(&mut self, asker: Asker) {
        self.query.asker = asker;
    }

    /// The rows an action is about: the marked ones in the filter, else the one under the cursor. Whoever has opened a
    /// record acts on what they read, whatever is marked in the list behind it.
    pub fn targets(&self) -> Vec<R> {
        match self.pane {
            Pane::Detail => self.current().cloned().into_iter().collect(),
            Pane::List => self.table.targets(),
        }
    }

    /// True where the one row that an action is about is not the one under the cursor: it is marked, and out of sight
    /// or elsewhere in the list.
    pub fn acts_elsewhere(&self, targets: &[R]) -> bool {
        matches!(targets, [only] if self.current().is_none_or(|row| row.id() != only.id()))
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&R> {
        self.table.current()
    }

    /// How many marked rows the filter hides: actions leave them alone and must say so.
    pub fn hidden_marked(&self) -> usize {
        self.table.hidden_marked()
    }

    /// How many rows are marked.
    pub fn marked(&self) -> usize {
        self.table.marked()
    }

    /// What is listed.
    pub fn query(&self) -> &ListQuery {
        &self.query
    }

    /// The record under the cursor.
    pub fn selection(&self) -> Option<Selection> {
        self.current().map(|row| Selection { id: row.id(), number: row.number().to_owned() })
    }

    /// The record whose detail is on the screen.
    pub fn shown(&self) -> Option<i64> {
        let visible = self.is_wide() || self.pane == Pane::Detail;
        self.detail.as_ref().filter(|_| visible).map(|shown| shown.id)
    }

    /// True while the keys are inside the record.
    pub fn is_inside(&self) -> bool {
        self.pane == Pane::Detail && self.current().is_some()
    }

    /// True while keys go into the filter line.
    pub fn is_typing(&self) -> bool {
        self.filter.is_typing()
    }

    /// The count for the tab: of the status it opens on, so that the tab says what waits.
    pub fn count(&self) -> String {
        let wanted = self.counts.iter().find(|(state, _)| *state == self.spec.opens_on);
        wanted.map_or_else(String::new, |(_, count)| shown_count(*count))
    }

    /// The area it is drawn on.
    pub fn layout(&mut self, area: Rect) {
        self.area = area;
        self.lay_detail();
        self.table.set_height(usize::from(area.height.saturating_sub(3)));
    }

    fn is_wide(&self) -> bool {
        self.area.width >= SIDE_BY_SIDE
    }

    /// May this be done? `NotMine` for what a tab must answer itself.
    pub fn offer(&self, act: Act) -> Offer {
        let record =
            || if self.current().is_some() { Offer::Yes } else { Offer::No("the list is empty".to_owned()) };
        match act {
            Act::Open | Act::Mark | Act::MarkRange | Act::Copy => record(),
            Act::Unmark if self.marked() == 0 => Offer::No("nothing is marked".to_owned()),
            Act::NextStatus | Act::PreviousStatus if self.spec.states.is_empty() => Offer::NotMine,
            Act::Views if self.views.is_empty() => Offer::No("no view has been saved yet".to_owned()),
            Act::Down
            | Act::Up
            | Act::HalfDown
            | Act::HalfUp
            | Act::PageDown
            | Act::PageUp
            | Act::First
            | Act::Last
            | Act::MarkDown
            | Act::MarkUp
            | Act::MarkAll
            | Act::Unmark
            | Act::Back
            | Act::Filter
            | Act::NextStatus
            | Act::PreviousStatus
            | Act::SortBy
            | Act::Reverse
            | Act::Columns
            | Act::SaveView
            | Act::Views
            | Act::FocusDetail
            | Act::FocusList => Offer::Yes,
            _ => Offer::NotMine,
        }
    }

    /// Does what all lists can; `None` for a tab's own actions.
    pub fn act(&mut self, act: Act) -> Option<Vec<Effect>> {
        if self.pane == Pane::Detail
            && let Some(effects) = self.scroll(act)
        {
            return Some(effects);
        }
        if act == Act::Unmark {
            return Some(self.clear_marks());
        }
        match self.table.act(act) {
            Listed::Done => return Some(Vec::new()),
            Listed::NeedsRead => return Some(vec![Effect::Read]),
            Listed::NotMine => {}
        }
        Some(match act {
            Act::Open | Act::FocusDetail => {
                self.pane = Pane::Detail;
                vec![Effect::Read]
            }
            Act::FocusList => {
                self.pane = Pane::List;
                Vec::new()
            }
            Act::Back => self.back(),
            Act::Filter => {
                self.visit = None;
                self.filter.open();
                Vec::new()
            }
            Act::NextStatus => self.next_status(1),
            Act::PreviousStatus => self.next_status(self.spec.states.len()),
            Act::SortBy => self.sort_menu(),
            Act::Reverse => {
                self.query.order = self.query.order.reversed();
                self.reread()
            }
            Act::Columns => self.columns_menu(0),
            Act::SaveView => self.save_view(),
            Act::Views => self.views_menu(),
            Act::Copy => self.copy(),
            _ => return None,
        })
    }

    /// One step back: detail, then the range, then the filter, then the marks.
    fn back(&mut self) -> Vec<Effect> {
        if self.pane == Pane::Detail {
            self.pane = Pane::List;
            return self.return_from_visit();
        }
        if !self.filter.text().is_empty() {
            self.filter.set("");
            return self.refilter(Typed::Finished);
        }
        if self.visit.is_some() { self.return_from_visit() } else { self.clear_marks() }
    }

    fn clear_marks(&mut self) -> Vec<Effect> {
        let text = match self.marked() {
            0 => return Vec::new(),
            1 => "1 mark cleared".to_owned(),
            n => format!("{n} marks cleared"),
        };
        self.table.unmark();
        vec![Effect::Say(Notice::good(text))]
    }

    /// Another list: it starts at the top, unless the record under the cursor is in it too.
    fn reread(&mut self) -> Vec<Effect> {
        self.stale = Stale::Yes;
        self.table.start_over();
        vec![Effect::Read]
    }

    fn next_status(&mut self, step: usize) -> Vec<Effect> {
        self.visit = None;
        let states: Vec<Option<&'static str>> =
            self.spec.states.iter().map(|(name, _)| Some(*name)).chain([None]).collect();
        let now = states.iter().position(|state| *state == self.query.state).unwrap_or(0);
        self.query.state = states[(now + step) % states.len()];
        self.pane = Pane::List;
        self.reread()
    }

    fn refilter(&mut self, typed: Typed) -> Vec<Effect> {
        match (self.spec.parse)(self.filter.text(), typed, self.query.asker) {
            Ok(filter) => {
                let misunderstood = self.filter.problem.take().is_some();
                if filter == self.query.filter && !misunderstood {
                    return Vec::new();
                }
                self.query.filter = filter;
                self.reread()
            }
            Err(problem) => {
                self.filter.problem = Some(problem);
                // What was listed before is not what was asked for now.
                if typed == Typed::Finished {
                    self.table.forget();
                    self.detail = None;
                }
                Vec::new()
            }
        }
    }

    /// A decision was made on these rows: marks go, the cursor goes on to the next; whoever reads records one by
    /// one has the next one open.
    pub fn decided(&mut self, ids: &[i64]) {
        self.table.decided(ids);
    }

    /// Puts the cursor on a record if the list shows it when it next reads.
    pub fn revisit(&mut self, id: i64) {
        self.table.select(id);
    }

    /// Why nothing is listed: the finished filter is not understood.
    fn misunderstood(&self) -> Option<&str> {
        self.filter.problem.as_deref().filter(|_| !self.filter.is_typing())
    }

    fn state_title(&self) -> &'static str {
        let named = self.spec.states.iter().find(|(name, _)| Some(*name) == self.query.state);
        named.map_or("All", |(_, title)| *title)
    }
}
