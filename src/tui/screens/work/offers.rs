//! What may be done to the rows: each action asks the same question as the core, and what several rows would refuse is shown
//! before anything is done.

use super::forms::Office;
use super::row::Line;
use super::{Then, Work, forms};
use crate::desk::commands::user_request::{IfRefused, SubmitUserRequest};
use crate::desk::commands::work::{
    DecideItem, ItemSubject, ReleaseItem, TakeItem, UnwatchDocument, Verdict, WakeItem, WatchDocument,
};
use crate::desk::query::user_request::UserRequestCard;
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{UserRequestMove, UserRequestState, offer as document_offer};
use crate::domain::workflow::Document;
use crate::domain::workflow::offer::{ItemMove, offer};
use crate::tui::action::Act;
use crate::tui::door::{Command, Error};
use crate::tui::effect::{Effect, Finished, Work as Job};
use crate::tui::layer::Layer;
use crate::tui::screen::Offer;
use crate::tui::screens::open_form;
use crate::tui::screens::user_requests::{beside, forms as documents};
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::{Span, Tone};

/// So many refusals are shown before the rest is counted.
const REFUSALS: usize = 8;

/// What an action on turns does to each.
pub fn move_of(act: Act) -> Option<ItemMove> {
    Some(match act {
        Act::Approve => ItemMove::Approve,
        Act::Reject => ItemMove::Reject,
        Act::RequestChange => ItemMove::RequestChange,
        Act::Delegate => ItemMove::Delegate,
        Act::Ask => ItemMove::Ask,
        Act::Take => ItemMove::Take,
        Act::Release => ItemMove::Release,
        Act::Reassign => ItemMove::Reassign,
        Act::DecideFor => ItemMove::Override,
        Act::PutAside => ItemMove::PutAside,
        Act::TakeUp => ItemMove::TakeUp,
        _ => return None,
    })
}

fn command(mv: ItemMove, item: ItemSubject) -> Option<Command> {
    Some(match mv {
        ItemMove::Approve => Command::DecideItem(DecideItem {
            item,
            verdict: Verdict::Approve,
            reason: None,
            fields: Vec::new(),
            to: None,
        }),
        ItemMove::Take => Command::TakeItem(TakeItem { item }),
        ItemMove::Release => Command::ReleaseItem(ReleaseItem { item }),
        ItemMove::TakeUp => Command::WakeItem(WakeItem { item }),
        _ => return None,
    })
}

fn subject(line: &Line) -> ItemSubject {
    ItemSubject::seen(line.row.of, line.row.seen.clone())
}

fn words(mv: ItemMove) -> String {
    mv.as_str().replace('_', " ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Work {
    fn refused(&self, line: &Line, mv: ItemMove) -> Option<String> {
        if line.row.turn().is_none() {
            let number = &line.row.number;
            return Some(format!(
                "this row of {number} is nobody's turn; the turns stand under For me and All (f)"
            ));
        }
        let facts = self.facts.borrow();
        // What was not opened yet is asked of the core, which knows.
        let facts = facts.get(&line.row.id())?;
        offer(&self.actor, facts, mv).err().map(|refusal| refusal.to_string())
    }

    pub(super) fn may(&self, mv: ItemMove) -> Offer {
        let targets = self.board.targets();
        let Some(first) = targets.first() else { return Offer::No("nothing waits here".to_owned()) };
        match targets.iter().any(|line| self.refused(line, mv).is_none()) {
            true => Offer::Yes,
            false => Offer::No(self.refused(first, mv).unwrap_or_default()),
        }
    }

    /// May this be done to the document of the row under the cursor?
    pub(super) fn may_with_document(&self, act: Act) -> Offer {
        if self.board.current().is_none() {
            return Offer::No("nothing waits here".to_owned());
        }
        if self.board.marked() > 1 {
            return Offer::No("this is done to one at a time; - clears the marks".to_owned());
        }
        match self.with_document(|card| self.document(card, act)) {
            Some(Ok(())) => Offer::Yes,
            Some(Err(refusal)) => Offer::No(refusal.to_string()),
            None => Offer::Unread,
        }
    }

    fn document(&self, card: &UserRequestCard, act: Act) -> Result<(), Refusal> {
        let state = UserRequestState::parse(&card.row.state).unwrap_or(UserRequestState::Draft);
        let ask = |mv| document_offer(&self.actor, &card.row.number, state, mv).map(|_| ());
        match act {
            Act::Submit => ask(UserRequestMove::Submit),
            Act::Edit => ask(UserRequestMove::Edit),
            Act::Recall => beside::recallable(&self.actor, card),
            Act::Resume => beside::resumable(&self.actor, card),
            _ => beside::question(&self.actor, card).map(|_| ()),
        }
    }

    /// The card of the row under the cursor, if it was read.
    fn with_document<T>(&self, look: impl FnOnce(&UserRequestCard) -> T) -> Option<T> {
        let shown = self.shown.borrow();
        let current = self.board.current()?.row.document_id;
        shown.as_ref().filter(|card| card.row.key.id == current).map(look)
    }

    /// Does to the document what was offered.
    pub(super) fn act_on_document(&self, act: Act) -> Vec<Effect> {
        let done = self.with_document(|card| {
            let (id, number) = (card.row.key.id, card.row.number.clone());
            match act {
                Act::Submit => vec![Effect::Run(Job {
                    label: format!("submit {number}"),
                    commands: vec![Command::SubmitUserRequest(SubmitUserRequest {
                        id,
                        if_refused: IfRefused::Fail,
                    })],
                    about: self.board.current().map(|line| line.row.id()).into_iter().collect(),
                })],
                Act::Edit => open_form(documents::edit(&card.row, &self.settings)),
                Act::Recall => open_form(documents::reason(documents::Asked::Recall, &[(id, number)])),
                Act::Resume => open_form(beside::resume(card)),
                _ => match beside::question(&self.actor, card) {
                    Ok(question) => open_form(beside::answer(card, question)),
                    Err(_) => Vec::new(),
                },
            }
        });
        done.unwrap_or_default()
    }

    pub(super) fn office(&self) -> Office<'_> {
        Office { calendar: &self.settings.calendar, today: self.today, texts: &self.settings.texts }
    }

    /// Watches the documents of the rows, or no more, where it is the view of what is watched.
    pub(super) fn watch(&self) -> Vec<Effect> {
        let targets = self.board.targets();
        let watched = self.board.query().state == Some("watched");
        let document = Document::UserRequest;
        let command = |line: &Line| {
            let id = line.row.document_id;
            match watched {
                true => Command::UnwatchDocument(UnwatchDocument { document, id }),
                false => Command::WatchDocument(WatchDocument { document, id }),
            }
        };
        let verb = if watched { "watch no more" } else { "watch" };
        let label = match targets.as_slice() {
            [one] => format!("{verb} {}", one.row.number),
            many => format!("{verb} {} items", many.len()),
        };
        let about = targets.iter().map(|line| line.row.id()).collect();
        vec![Effect::Run(Job { label, commands: targets.iter().map(command).collect(), about })]
    }

    /// Does to one turn what was offered; what is to be done to several is tried first.
    pub(super) fn act_on_turns(&mut self, mv: ItemMove) -> Vec<Effect> {
        let targets = self.board.targets();
        if targets.len() < 2 && !self.board.acts_elsewhere(&targets) {
            return self.go_on(mv, &targets);
        }
        let dummy = |line: &Line| {
            forms::tried(mv, subject(line), self.office()).or_else(|| command(mv, subject(line)))
        };
        let turns: Vec<Line> = targets.iter().filter(|line| line.row.turn().is_some()).cloned().collect();
        let job = Job {
            label: format!("{} {} items", words(mv), turns.len()),
            commands: turns.iter().filter_map(dummy).collect(),
            about: turns.iter().map(|line| line.row.id()).collect(),
        };
        self.then = Some(Then { mv, targets, turns });
        vec![Effect::Preview(job)]
    }

    fn go_on(&self, mv: ItemMove, lines: &[Line]) -> Vec<Effect> {
        if let Some(form) = forms::of_move(mv, lines, self.office()) {
            return open_form(form);
        }
        let label = match lines {
            [one] => format!("{} {}", words(mv), one.row.number),
            many => format!("{} {} items", words(mv), many.len()),
        };
        vec![Effect::Run(Job {
            label,
            commands: lines.iter().filter_map(|line| command(mv, subject(line))).collect(),
            about: lines.iter().map(|line| line.row.id()).collect(),
        })]
    }

    /// What was tried: which rows would refuse and why, then the question.
    pub(super) fn tried(&mut self, finished: &Finished) -> Vec<Effect> {
        let Some(Then { mv, targets, turns }) = self.then.take() else { return Vec::new() };
        let asks_words = forms::of_move(mv, &turns, self.office()).is_some();
        let mut refused: Vec<String> = targets
            .iter()
            .filter(|line| line.row.turn().is_none())
            .filter_map(|line| self.refused(line, mv))
            .collect();
        let mut can = Vec::new();
        for (line, result) in turns.iter().zip(&finished.results) {
            match result {
                // What a form will ask for is missing in what was tried.
                Err(Error::Invalid(_) | Error::NotFound { .. }) if asks_words => can.push(line.clone()),
                Err(error) => refused.push(error.to_string()),
                Ok(_) => can.push(line.clone()),
            }
        }
        let (verb, hidden) = (capital(&words(mv)), self.board.hidden_marked());
        if asks_words && refused.is_empty() && hidden == 0 {
            return self.go_on(mv, &can);
        }
        let mut ask = match can.len() {
            0 => Ask::new(format!("{verb}: none of the {} marked can be done.", targets.len()), "Close"),
            n => Ask::confirm(format!("{verb} {n} items?"), "Do it", self.go_on(mv, &can))
                .line(format!("{n} of {} marked can be done; one undo takes all of it back.", targets.len())),
        };
        if hidden > 0 {
            let words = format!("{hidden} marked rows are hidden by the filter and are left alone.");
            ask = ask.line(Span::new(words, Tone::Caution));
        }
        for why in refused.iter().take(REFUSALS) {
            ask = ask.line(Span::new(format!("not {why}"), Tone::Dim));
        }
        if refused.len() > REFUSALS {
            ask =
                ask.line(Span::new(format!("and {} more that cannot", refused.len() - REFUSALS), Tone::Dim));
        }
        vec![Effect::Open(Box::new(Layer::Ask(ask)))]
    }
}
