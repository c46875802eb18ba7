//! The Work tab: what waits for the reader, why, since when and until when; one key decides, and the next item opens.

mod card;
mod forms;
mod offers;
mod row;

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::desk::query::in_hand::InHand;
use crate::desk::query::user_request::UserRequestCard;
use crate::desk::query::work_list::View;
use crate::desk::settings::Settings;
use crate::domain::permission::Actor;
use crate::domain::workflow::beside::may_watch;
use crate::domain::workflow::offer::{ItemFacts, ItemMove};
use crate::tui::action::{Act, Scope};
use crate::tui::door::{Asker, Error, Reader};
use crate::tui::effect::{Effect, Finished};
use crate::tui::screen::{Offer, Screen, Selection, Submitted, Want};
use crate::tui::screens::user_requests::{beside, forms as documents, with_route};
use crate::tui::widgets::board::{Board, List};
use crate::tui::widgets::detail::Detail;
use crate::tui::widgets::form::{FormData, FormSpec};
use crate::tui::widgets::tabs::TabTitle;

use self::card::card;
use self::offers::move_of;
use self::row::{Line, SPEC, Source};

/// What takes a row off the list, or out of the reader's hands.
const GONE: [&str; 6] =
    ["decide_item", "override_item", "delegate_item", "reassign_item", "answer_question", "snooze_item"];

/// The tab.
pub struct Work {
    board: Board<Line>,
    actor: Actor,
    /// What is known of the turns that were read, for greying out.
    facts: RefCell<BTreeMap<i64, ItemFacts>>,
    /// The document of the row under the cursor.
    shown: RefCell<Option<UserRequestCard>>,
    settings: Settings,
    today: NaiveDate,
    waiting: i64,
    late: i64,
    /// What follows when the rows that were tried are known.
    then: Option<Then>,
    /// The row that was decided last, for coming back to it by undo.
    last: Option<i64>,
}

/// A move of several rows, being tried.
struct Then {
    mv: ItemMove,
    targets: Vec<Line>,
    /// Those of them that are turns.
    turns: Vec<Line>,
}

impl Work {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Work {
        Work {
            board: Board::new(SPEC),
            actor,
            facts: RefCell::new(BTreeMap::new()),
            shown: RefCell::new(None),
            settings: Settings::default(),
            today: NaiveDate::default(),
            waiting: 0,
            late: 0,
            then: None,
            last: None,
        }
    }

    /// Reads of the row under the cursor what its actions depend on.
    fn look(&self, reader: &Reader) -> Result<(), Error> {
        let Some(row) = self.board.current().map(|line| &line.row) else { return Ok(()) };
        let known = self.facts.borrow().contains_key(&row.id());
        if let Some(turn) = row.turn().filter(|_| !known) {
            self.facts.borrow_mut().insert(row.id(), reader.work_facts(turn)?);
        }
        if self.shown.borrow().as_ref().is_none_or(|card| card.row.key.id != row.document_id) {
            self.shown.replace(Some(reader.user_request_card(&self.actor, row.document_id)?));
        }
        Ok(())
    }
}

impl Screen for Work {
    fn name(&self) -> &'static str {
        "work"
    }

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
    }

    fn title(&self) -> TabTitle {
        let count = match (self.waiting, self.late) {
            (0, _) => String::new(),
            (waiting, 0) => waiting.to_string(),
            (waiting, late) => format!("{waiting} !{late}"),
        };
        TabTitle { name: "Work", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Work, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Approve, Act::Reject, Act::RequestChange, Act::Open, Act::Submit, Act::Edit, Act::Answer, Act::Resume, Act::NextStatus, Act::Take, Act::Delegate, Act::Ask,
             Act::Release, Act::Recall, Act::Reassign, Act::PutAside, Act::TakeUp, Act::Watch, Act::DecideFor, Act::Mark, Act::Filter, Act::Why, Act::History, Act::Undo]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        let staff = self.actor.staff_id().unwrap_or(0);
        self.board.asked_by(Asker { staff: Some(staff), ..Asker::of(&self.actor, reader.now()) });
        if want.is_anew() {
            self.settings = reader.settings().clone();
            self.today = self.settings.calendar.day_of(reader.now());
            self.waiting = reader.work_count(View::ForMe, staff)?;
            self.late = reader.work_late(staff)?;
            self.facts.borrow_mut().clear();
            self.shown.replace(None);
        }
        let source = Source::new(reader, staff);
        let query = self.board.query().clone();
        let (actor, shown) = (&self.actor, &self.shown);
        self.board.refresh(&source, want, |id| {
            let lines = source.lines(&query)?;
            let Some(line) = lines.iter().find(|line| line.row.id() == id) else {
                return Ok(Detail::default());
            };
            let document = reader.user_request_card(actor, line.row.document_id)?;
            let drawn = with_route(card(line, &document), &document, reader)?;
            shown.replace(Some(document));
            Ok(drawn)
        })?;
        self.look(reader)
    }

    fn offer(&self, act: Act) -> Offer {
        match (act, move_of(act)) {
            (_, Some(mv)) => self.may(mv),
            (Act::Submit | Act::Edit | Act::Recall | Act::Resume | Act::Answer, None) => {
                self.may_with_document(act)
            }
            (Act::Watch, None) if self.board.current().is_none() => {
                Offer::No("nothing waits here".to_owned())
            }
            (Act::Watch, None) => {
                may_watch(&self.actor).map_or_else(|r| Offer::No(r.to_string()), |_| Offer::Yes)
            }
            (_, None) => self.board.offer(act),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match (act, move_of(act)) {
            (_, Some(mv)) => self.act_on_turns(mv),
            (Act::Submit | Act::Edit | Act::Recall | Act::Resume | Act::Answer, None) => {
                self.act_on_document(act)
            }
            (Act::Watch, None) => self.watch(),
            (_, None) => self.board.act(act).unwrap_or_default(),
        }
    }

    fn selection(&self) -> Option<Selection> {
        // Why and history are the document's.
        self.board
            .current()
            .map(|line| Selection { id: line.row.document_id, number: line.row.number.clone() })
    }

    fn passes_on(&self) -> bool {
        self.waiting == 0
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, id: &str, about: &Value) -> Option<FormSpec> {
        forms::again(id, about, self.office())
            .or_else(|| beside::again(id, about))
            .or_else(|| documents::again(id, about, &self.settings))
    }

    fn anew(&self, reader: &Reader, form: &FormData) -> Result<Option<FormSpec>, Error> {
        documents::anew(reader, form, &self.settings)
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        forms::submitted(form, self.office())
            .or_else(|| beside::submitted(form))
            .or_else(|| documents::submitted(form))
            .unwrap_or_else(|| Submitted::Done(Vec::new()))
    }

    fn finished(&mut self, finished: &Finished) -> Vec<Effect> {
        let is = |result: &Result<crate::desk::Receipt, Error>, commands: &[&str]| {
            result.as_ref().is_ok_and(|receipt| commands.contains(&receipt.command))
        };
        if finished.results.iter().any(|result| is(result, &["undo"])) {
            if let Some(last) = self.last.take() {
                self.board.revisit(last);
            }
            return Vec::new();
        }
        // What was decided or handed on goes; what was asked or taken stays under the cursor.
        let rows = finished.about.iter().zip(&finished.results);
        let done: Vec<i64> = rows.filter(|(_, result)| is(result, &GONE)).map(|(id, _)| *id).collect();
        if let Some(first) = done.first() {
            self.last = Some(*first);
            self.board.decided(&done);
        }
        Vec::new()
    }

    fn previewed(&mut self, finished: &Finished) -> Vec<Effect> {
        self.tried(finished)
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}
