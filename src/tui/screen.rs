//! What a tab is: object-safe and small. The app holds screens and never names one.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::action::{Act, Scope};
use super::canvas::{Canvas, Hit};
use super::door::{Error, Reader};
use super::effect::{Effect, Finished, Work};
use super::key::Chord;
use super::widgets::board::List;
use super::widgets::form::{FormData, FormSpec};
use super::widgets::tabs::TabTitle;
use crate::domain::permission::Actor;

/// May this action be done now?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// It may.
    Yes,
    /// It may not, because of this.
    No(String),
    /// That is only known when the record under the cursor has been read: it is opened first.
    Unread,
    /// This screen knows nothing of it.
    NotMine,
}

/// What a screen is asked to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Everything again: the data has changed.
    All,
    /// The same but the detail, which is read when somebody looks at it: the tab is not in front, or the first frame
    /// is to come first.
    List,
    /// What a key has made necessary: rows beyond the window, another filter.
    Pending,
    /// The detail of the record under the cursor: it has rested there.
    Detail,
}

impl Want {
    /// True where the data has changed, so that nothing that was read still holds.
    pub fn is_anew(self) -> bool {
        matches!(self, Want::All | Want::List)
    }
}

/// The record under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Its row.
    pub id: i64,
    /// Its number.
    pub number: String,
}

/// What a submitted form leads to.
#[derive(Debug, Clone)]
pub enum Submitted {
    /// These fields are wrong: name and problem.
    Wrong(Vec<(String, String)>),
    /// Run this; the form stays open until it has worked.
    Run(Work),
    /// Close the form and do this.
    Done(Vec<Effect>),
}

/// A tab.
pub trait Screen {
    /// Its stable name, also in drafts.
    fn name(&self) -> &'static str;

    /// Its tab: name and count.
    fn title(&self) -> TabTitle;

    /// Whose keys hold here, the most particular first.
    fn scopes(&self) -> &'static [Scope];

    /// The list that it consists of: places, keys and mouse go to it unless the screen takes them itself.
    fn list(&self) -> Option<&dyn List> {
        None
    }

    /// The same, to be changed.
    fn list_mut(&mut self) -> Option<&mut dyn List> {
        None
    }

    /// Actions for the footer, most useful first.
    fn hints(&self) -> Vec<Act>;

    /// The area it will be drawn on; called before reading.
    fn layout(&mut self, area: Rect) {
        if let Some(list) = self.list_mut() {
            list.layout(area);
        }
    }

    /// Reads what is wanted. An error is shown; what was read before stays on the screen.
    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error>;

    /// May this be done now?
    fn offer(&self, act: Act) -> Offer;

    /// Does it. Only called after `offer` said yes.
    fn act(&mut self, act: Act) -> Vec<Effect>;

    /// Draws it; the cursor belongs on the focused row.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(list) = self.list() {
            list.draw(canvas, area);
        }
    }

    /// The record under the cursor.
    fn selection(&self) -> Option<Selection> {
        self.list()?.selection()
    }

    /// True if the programme need not open on it, since nothing waits there; asked once, after the first reading.
    fn passes_on(&self) -> bool {
        false
    }

    /// True while keys are text (the filter line).
    fn is_typing(&self) -> bool {
        self.list().is_some_and(List::is_typing)
    }

    /// True while the keys are inside a record, so that Esc leads back to the list.
    fn is_inside(&self) -> bool {
        self.list().is_some_and(List::is_inside)
    }

    /// A key while typing.
    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.list_mut().map_or_else(Vec::new, |list| list.key(chord))
    }

    /// Pasted text while typing.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.list_mut().map_or_else(Vec::new, |list| list.paste(text))
    }

    /// A click on what was drawn there; twice quickly opens.
    fn click(&mut self, hit: Hit) -> Vec<Effect> {
        self.list_mut().map_or_else(Vec::new, |list| list.click(hit))
    }

    /// The wheel over what was drawn there, down when positive.
    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        self.list_mut().map_or_else(Vec::new, |list| list.wheel(hit, lines))
    }

    /// The answer of one of its own menus.
    fn told(&mut self, _what: &'static str, _value: &str) -> Vec<Effect> {
        Vec::new()
    }

    /// One of its forms, for a draft.
    fn form(&self, _id: &str, _about: &serde_json::Value) -> Option<FormSpec> {
        None
    }

    /// One of its forms as the record is now, for what somebody else changed while it was being filled.
    fn anew(&self, _reader: &Reader, _form: &FormData) -> Result<Option<FormSpec>, Error> {
        Ok(None)
    }

    /// A field of its form has another value: perhaps others follow (`Effect::Fill`).
    fn changed(&mut self, _form: &FormData, _field: &'static str) -> Vec<Effect> {
        Vec::new()
    }

    /// Its form was filled and all fields passed their checks.
    fn submit(&mut self, _form: &FormData) -> Submitted {
        Submitted::Done(Vec::new())
    }

    /// Its commands were run: the app says it and lets everybody read; the screen moves its cursor.
    fn finished(&mut self, _finished: &Finished) -> Vec<Effect> {
        Vec::new()
    }

    /// Its commands were tried.
    fn previewed(&mut self, _finished: &Finished) -> Vec<Effect> {
        Vec::new()
    }

    /// The row of this number or name, if it is one of this tab's records.
    fn find(&self, _reader: &Reader, _text: &str) -> Result<Option<i64>, Error> {
        Ok(None)
    }

    /// Puts the cursor on a row, over any filter that hides it.
    fn select(&mut self, id: i64) -> Vec<Effect> {
        self.list_mut().map_or_else(Vec::new, |list| list.select(id))
    }

    /// Somebody else acts from now on (demo).
    fn act_as(&mut self, _actor: &Actor) {}

    /// What it keeps between sessions: filter, order, columns, saved views.
    fn keep(&self) -> BTreeMap<String, String> {
        self.list().map_or_else(BTreeMap::new, List::keep)
    }

    /// What it kept.
    fn restore(&mut self, kept: &BTreeMap<String, String>) {
        if let Some(list) = self.list_mut() {
            list.restore(kept);
        }
    }
}
