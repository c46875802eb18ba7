//! The User requests tab: what was asked for portal users, whom it waits for, what became of it, and what a person can do.

pub mod beside;
pub mod detail;
pub mod forms;
mod row;

use serde_json::Value;

use crate::desk::commands::user_request::{DeleteUserRequest, IfRefused, RetryHook, SubmitUserRequest};
use crate::desk::query::user_request::UserRequestCard;
use crate::desk::settings::Settings;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, Permission};
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{Recallable, Running, UserRequestMove, may_recall, offer};
use crate::tui::action::{Act, Scope};
use crate::tui::door::{Asker, Command, Error, Reader};
use crate::tui::effect::{Effect, Finished, Work};
use crate::tui::screen::{Offer, Screen, Submitted, Want};
use crate::tui::widgets::board::{Board, List};
use crate::tui::widgets::form::{FormData, FormSpec};
use crate::tui::widgets::tabs::TabTitle;

use self::detail::{ASKED, detail};
use self::forms::Asked;
use self::row::{Line, SPEC, Source};
use crate::tui::screens::route;
use crate::tui::widgets::detail::Detail;

/// The tab.
pub struct UserRequests {
    board: Board<Line>,
    actor: Actor,
    shown: std::cell::RefCell<Option<UserRequestCard>>,
    settings: Settings,
    needs_person: i64,
}

impl UserRequests {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> UserRequests {
        UserRequests {
            board: Board::new(SPEC),
            actor,
            shown: std::cell::RefCell::new(None),
            settings: Settings::default(),
            needs_person: 0,
        }
    }

    /// Why the actor may not do this to that row; the same question that the core asks.
    fn refused(&self, line: &Line, act: Act) -> Option<String> {
        let Some(state) = line.state() else {
            return Some(format!("{} is in an unknown state", line.row.number));
        };
        let ask = |mv| offer(&self.actor, &line.row.number, state, mv).map(|_| ());
        let answer = match act {
            Act::Submit => ask(UserRequestMove::Submit),
            Act::Edit => ask(UserRequestMove::Edit),
            Act::Delete => ask(UserRequestMove::Delete),
            Act::Cancel => ask(UserRequestMove::Cancel),
            Act::Recall => self.recallable(line),
            Act::Resume => self.asked_of_card(line, beside::resumable),
            Act::Answer => self.asked_of_card(line, |actor, card| beside::question(actor, card).map(|_| ())),
            Act::Retry if line.row.failure.is_some() => ask(UserRequestMove::Retry),
            Act::Retry if line.row.hook_error.is_some() && line.row.hook.as_deref() != Some("done") => {
                self.actor.allow(Permission::UserRequestSubmit).map(|_| ())
            }
            Act::Retry => return Some("nothing of it failed".into()),
            _ => return Some("this tab does not do that".into()),
        };
        answer.err().map(|refusal| refusal.to_string())
    }

    fn is_read(&self, line: &Line) -> bool {
        self.shown.borrow().as_ref().is_some_and(|card| card.row.key.id == line.row.key.id)
    }

    /// What only the card knows; a row that was not read yet has nothing of the kind.
    fn asked_of_card(
        &self,
        line: &Line,
        ask: impl Fn(&Actor, &UserRequestCard) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let shown = self.shown.borrow();
        let card = shown.as_ref().filter(|card| card.row.key.id == line.row.key.id);
        let unread = || {
            Refusal::new(
                "unread",
                format!("{} is not open.", line.row.number),
                "Open it, then press the key again.",
            )
        };
        ask(&self.actor, card.ok_or_else(unread)?)
    }

    fn recallable(&self, line: &Line) -> Result<(), Refusal> {
        let shown = self.shown.borrow();
        let card = shown.as_ref().filter(|card| card.row.key.id == line.row.key.id);
        // What the row alone knows: whoever has a turn on it shows that its workflow runs.
        let running = match card.and_then(|card| card.instance) {
            Some(instance) if instance.is_over() => Running::No,
            Some(_) => Running::Yes,
            None if line.row.waits_for.is_some() => Running::Yes,
            None => Running::No,
        };
        let own = [self.actor.person.clone()];
        let owners: &[String] = card.map_or(&own, |card| &card.owners);
        let state = line.row.state.as_str();
        may_recall(&self.actor, &Recallable { number: &line.row.number, state, running, owners }).map(|_| ())
    }

    fn beside(&self, act: Act) -> Vec<Effect> {
        let shown = self.shown.borrow();
        let Some(card) = shown.as_ref() else { return Vec::new() };
        match (act, beside::question(&self.actor, card)) {
            (Act::Resume, _) => forms::open(beside::resume(card)),
            (_, Ok(question)) => forms::open(beside::answer(card, question)),
            (_, Err(_)) => Vec::new(),
        }
    }

    /// May this be done to the row under the cursor, or to at least one of the marked ones?
    fn may(&self, act: Act) -> Offer {
        let mut first = None;
        for line in &self.board.targets() {
            match self.refused(line, act) {
                None => return Offer::Yes,
                Some(why) => drop(first.get_or_insert(why)),
            }
        }
        Offer::No(first.unwrap_or_else(|| "the list is empty".to_owned()))
    }

    fn targets(&self, act: Act) -> Vec<Line> {
        self.board.targets().into_iter().filter(|line| self.refused(line, act).is_none()).collect()
    }

    fn about(&self, act: Act) -> Vec<(i64, String)> {
        self.targets(act).into_iter().map(|line| (line.row.key.id, line.row.number)).collect()
    }

    fn work(&self, verb: &str, act: Act, make: impl Fn(&Line) -> Command) -> Work {
        let targets = self.targets(act);
        let label = match targets.as_slice() {
            [one] => format!("{verb} {}", one.row.number),
            many => format!("{verb} {} user requests", many.len()),
        };
        Work {
            label,
            commands: targets.iter().map(make).collect(),
            about: targets.iter().map(|line| line.row.key.id).collect(),
        }
    }

    fn run(&self, work: Work, button: &str) -> Vec<Effect> {
        super::run(work, button, self.board.hidden_marked())
    }
}

/// What is about to be submitted says who will get it.
pub fn with_route(mut drawn: Detail, card: &UserRequestCard, reader: &Reader) -> Result<Detail, Error> {
    let row = &card.row;
    if matches!(row.state.as_str(), "draft" | "rejected") {
        let record = RecordRef::new(RecordKind::UserRequest, row.key.id, row.number.clone());
        let after = drawn.sections.iter().position(|section| section.title == ASKED).map_or(0, |at| at + 1);
        drawn.sections.insert(after, route::section(reader, &record)?);
    }
    Ok(drawn)
}

impl Screen for UserRequests {
    fn name(&self) -> &'static str {
        "user-requests"
    }

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
    }

    fn title(&self) -> TabTitle {
        let count = if self.needs_person > 0 { format!("!{}", self.needs_person) } else { String::new() };
        TabTitle { name: "User requests", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::UserRequests, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Open, Act::Submit, Act::Recall, Act::Edit, Act::New, Act::Route, Act::Retry, Act::Resume, Act::Answer, Act::Cancel, Act::Delete, Act::Mark, Act::Filter, Act::NextStatus, Act::Why,
             Act::History, Act::Undo]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.board.asked_by(Asker::of(&self.actor, reader.now()));
        if want.is_anew() {
            // What was read of a record is of the moment before.
            self.shown.replace(None);
            self.settings = reader.settings().clone();
            self.needs_person = reader.failed_user_requests()?;
        }
        let (shown, actor) = (&self.shown, &self.actor);
        self.board.refresh(&Source { reader }, want, |id| {
            let card = reader.user_request_card(actor, id)?;
            let drawn = with_route(detail(&card, reader.now()), &card, reader)?;
            *shown.borrow_mut() = Some(card);
            Ok(drawn)
        })
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::New => match self.actor.allow(Permission::UserRequestEdit) {
                Ok(_) => Offer::Yes,
                Err(refusal) => Offer::No(refusal.to_string()),
            },
            Act::Edit | Act::Resume | Act::Answer => match self.board.current() {
                Some(line) if act != Act::Edit && !self.is_read(line) => Offer::Unread,
                Some(line) => self.refused(line, act).map_or(Offer::Yes, Offer::No),
                None => Offer::No("the list is empty".to_owned()),
            },
            Act::Submit | Act::Recall | Act::Retry | Act::Cancel | Act::Delete => self.may(act),
            other => self.board.offer(other),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::New => forms::open_new(forms::entry(&self.settings, None)),
            Act::Edit => match self.board.current() {
                Some(line) => forms::open(forms::edit(&line.row, &self.settings)),
                None => Vec::new(),
            },
            Act::Resume | Act::Answer => self.beside(act),
            Act::Submit => {
                let submit = |line: &Line| {
                    let id = line.row.key.id;
                    Command::SubmitUserRequest(SubmitUserRequest { id, if_refused: IfRefused::Fail })
                };
                self.run(self.work("submit", act, submit), "Submit")
            }
            Act::Retry => {
                let again = |line: &Line| match (&line.row.failure, line.row.key.id) {
                    (Some(_), id) => {
                        Command::SubmitUserRequest(SubmitUserRequest { id, if_refused: IfRefused::Fail })
                    }
                    (None, id) => Command::RetryHook(RetryHook { id }),
                };
                self.run(self.work("retry", act, again), "Retry")
            }
            Act::Delete => {
                let delete =
                    |line: &Line| Command::DeleteUserRequest(DeleteUserRequest { id: line.row.key.id });
                self.run(self.work("delete", act, delete), "Delete")
            }
            Act::Recall => forms::open(forms::reason(Asked::Recall, &self.about(act))),
            Act::Cancel => forms::open(forms::reason(Asked::Cancel, &self.about(act))),
            other => self.board.act(other).unwrap_or_default(),
        }
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, id: &str, about: &Value) -> Option<FormSpec> {
        forms::again(id, about, &self.settings).or_else(|| beside::again(id, about))
    }

    fn anew(&self, reader: &Reader, form: &FormData) -> Result<Option<FormSpec>, Error> {
        forms::anew(reader, form, &self.settings)
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        forms::submitted(form)
            .or_else(|| beside::submitted(form))
            .unwrap_or_else(|| Submitted::Done(Vec::new()))
    }

    fn changed(&mut self, form: &FormData, field: &'static str) -> Vec<Effect> {
        forms::changed(form, field)
    }

    fn previewed(&mut self, finished: &Finished) -> Vec<Effect> {
        route::tried(finished)
    }

    fn finished(&mut self, finished: &Finished) -> Vec<Effect> {
        let mut made = finished.results.iter().flatten().flat_map(|receipt| &receipt.made);
        if let Some(record) = made.find(|record| record.kind == RecordKind::UserRequest) {
            self.board.revisit(record.id);
        }
        Vec::new()
    }

    fn find(&self, reader: &Reader, text: &str) -> Result<Option<i64>, Error> {
        let found = reader.find(text);
        Ok(found.ok().filter(|record| record.kind == RecordKind::UserRequest).map(|record| record.id))
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}
