//! The Registration tab: everything needed to decide on one screen, one key to decide, the next row already under
//! the cursor (registration.md, The screen).

mod act;
mod create;
mod detail;
mod duplicate;
mod forms;
mod row;

use crate::desk::commands::signup::{Seen, Subject};
use crate::desk::query::customer::{ContactRow, TemplateRow};
use crate::desk::query::signup::{SignupDetail, SignupRow};
use crate::desk::settings::Settings;
use crate::domain::id::RecordKind;
use crate::domain::permission::Actor;
use crate::domain::signup::{SignupFacts, SignupMove, offer, offer_approve_and_create};
use crate::tui::action::{Act, Scope};
use crate::tui::door::{Asker, Error, Reader};
use crate::tui::effect::{Effect, Finished};
use crate::tui::screen::{Offer, Screen, Submitted, Want};
use crate::tui::screens::route;
use crate::tui::widgets::board::{Board, List};
use crate::tui::widgets::form::{FormData, FormSpec};
use crate::tui::widgets::tabs::TabTitle;

use duplicate::Other;
use row::{Line, SPEC, Source};

/// The record in the detail pane with all that its actions need.
#[derive(Debug, Clone)]
struct Shown {
    id: i64,
    detail: SignupDetail,
    others: Vec<Other>,
    contacts: Vec<ContactRow>,
    user_name: String,
}

/// The tab.
pub struct Registration {
    board: Board<Line>,
    actor: Actor,
    shown: std::cell::RefCell<Option<Shown>>,
    templates: Vec<TemplateRow>,
    settings: Settings,
}

impl Registration {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Registration {
        Registration {
            board: Board::new(SPEC),
            actor,
            shown: std::cell::RefCell::new(None),
            templates: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// The record under the cursor, if its detail has been read.
    fn shown(&self) -> Option<Shown> {
        let id = self.board.current()?.row.key.id;
        self.shown.borrow().as_ref().filter(|shown| shown.id == id).cloned()
    }

    /// What the rules look at: of the card where it was read, else what the row knows.
    fn facts(&self, row: &SignupRow) -> SignupFacts {
        let card =
            self.shown.borrow().as_ref().filter(|s| s.id == row.key.id).map(|s| s.detail.card.facts.clone());
        card.filter(|facts| facts.state == row.state).unwrap_or_else(|| SignupFacts {
            number: row.number.clone(),
            state: row.state,
            authors: Vec::new(),
            resent_last_hour: 0,
            policy: self.settings.signup,
        })
    }

    /// A decision binds to what was on the screen: the card where it was shown, else the row.
    fn subject(&self, row: &SignupRow) -> Subject {
        let on_screen = self.board.shown() == Some(row.key.id);
        let card = self
            .shown
            .borrow()
            .as_ref()
            .filter(|s| on_screen && s.id == row.key.id)
            .map(|s| s.detail.card.seen.clone());
        let seen = card.filter(|seen| seen.version == row.version).unwrap_or_else(|| Seen::row(row.version));
        Subject::seen(row.key.id, seen)
    }

    /// May this move be made on the row under the cursor, or on at least one of the marked ones?
    fn may(&self, mv: SignupMove) -> Offer {
        let targets = self.board.targets();
        let mut first = None;
        for line in &targets {
            match offer(&self.actor, &self.facts(&line.row), mv) {
                Ok(_) => return Offer::Yes,
                Err(refusal) => drop(first.get_or_insert(refusal)),
            }
        }
        Offer::No(first.map_or_else(|| "the list is empty".to_owned(), |r| r.to_string()))
    }

    fn may_create(&self) -> Offer {
        let Some(line) = self.board.current() else { return Offer::No("the list is empty".to_owned()) };
        let facts = self.facts(&line.row);
        let direct = offer(&self.actor, &facts, SignupMove::Create).map(|_| ());
        match direct.or_else(|refusal| offer_approve_and_create(&self.actor, &facts).map_err(|_| refusal)) {
            Ok(()) => Offer::Yes,
            Err(refusal) => Offer::No(refusal.to_string()),
        }
    }
}

impl Screen for Registration {
    fn name(&self) -> &'static str {
        "registration"
    }

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
    }

    fn title(&self) -> TabTitle {
        TabTitle { name: "Registration", count: self.board.count() }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Registration, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Approve, Act::Reject, Act::Create, Act::Verify, Act::Open, Act::NextStatus, Act::New, Act::Resend, Act::Edit, Act::Duplicates, Act::Mark,
             Act::Filter, Act::AssignToMe, Act::Withdraw, Act::Why, Act::Undo]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.board.asked_by(Asker::of(&self.actor, reader.now()));
        if want.is_anew() {
            // What was read of a record is of the moment before.
            self.shown.replace(None);
            self.templates = reader.templates()?;
            self.settings = reader.settings().clone();
        }
        let shown = &self.shown;
        let (settings, actor) = (&self.settings, &self.actor);
        self.board.refresh(&Source { reader }, want, |id| {
            let read = read(reader, actor, id)?;
            let drawn = detail::detail(&read, settings, (actor, reader.now()));
            *shown.borrow_mut() = Some(read);
            Ok(drawn)
        })
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::Approve => self.may(SignupMove::Approve),
            Act::ApproveOverride => self.may(SignupMove::ApproveOverride),
            Act::Reject => self.may(SignupMove::Reject),
            Act::Verify => self.may(SignupMove::VerifyByPhone),
            Act::Resend => self.may(SignupMove::Resend),
            Act::Withdraw => self.may(SignupMove::Withdraw),
            Act::AssignToMe => self.may(SignupMove::Assign),
            Act::Reopen => self.may(SignupMove::Reopen),
            Act::Edit => match self.board.current() {
                Some(line) => offer(&self.actor, &self.facts(&line.row), SignupMove::Edit)
                    .map_or_else(|refusal| Offer::No(refusal.to_string()), |_| Offer::Yes),
                None => Offer::No("the list is empty".to_owned()),
            },
            Act::Create => self.may_create(),
            Act::New => match self.actor.allow(crate::domain::permission::Permission::SignupSubmit) {
                Ok(_) => Offer::Yes,
                Err(refusal) => Offer::No(refusal.to_string()),
            },
            Act::Duplicates | Act::NotDuplicate => match self.shown() {
                Some(shown) if shown.detail.duplicates.is_empty() => {
                    Offer::No("no possible duplicate was found for it".to_owned())
                }
                Some(_) => Offer::Yes,
                None => Offer::Unread,
            },
            other => self.board.offer(other),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match self.own_act(act) {
            Some(effects) => effects,
            None => self.board.act(act).unwrap_or_default(),
        }
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_else(|| self.own_told(what, value))
    }

    fn form(&self, id: &str, about: &serde_json::Value) -> Option<FormSpec> {
        forms::again(id, about, self)
    }

    fn anew(&self, reader: &Reader, form: &FormData) -> Result<Option<FormSpec>, Error> {
        forms::anew(reader, form)
    }

    fn changed(&mut self, form: &FormData, field: &'static str) -> Vec<Effect> {
        if form.id == create::ID { create::changed(self, form, field) } else { Vec::new() }
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        self.submitted(form)
    }

    fn previewed(&mut self, finished: &Finished) -> Vec<Effect> {
        route::tried(finished)
    }

    fn finished(&mut self, finished: &Finished) -> Vec<Effect> {
        let done: Vec<i64> = finished
            .about
            .iter()
            .zip(&finished.results)
            .filter(|(_, r)| r.is_ok())
            .map(|(id, _)| *id)
            .collect();
        if act::is_decision(finished) {
            self.board.decided(&done);
        }
        Vec::new()
    }

    fn find(&self, reader: &Reader, text: &str) -> Result<Option<i64>, Error> {
        let found = reader.find(text);
        Ok(found.ok().filter(|record| record.kind == RecordKind::Signup).map(|record| record.id))
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}

/// Reads what the detail pane and its actions need: the card, duplicates beside it, contacts with the same address.
fn read(reader: &Reader, actor: &Actor, id: i64) -> Result<Shown, Error> {
    let detail = reader.signup_detail(actor, id)?;
    let others = duplicate::read(reader, &detail)?;
    let contacts = reader.contacts_by_email(&detail.card.row.email)?;
    let user_name = reader.suggested_user_name(id)?;
    Ok(Shown { id, detail, others, contacts, user_name })
}
