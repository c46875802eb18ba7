//! Effects that the app does itself; what is left goes to the runtime.

use super::super::action::Act;
use super::super::door::{Error, Reader};
use super::super::effect::{Effect, Notice};
use super::super::layer::Layer;
use super::super::screen::{Offer, Submitted, Want};
use super::super::widgets::board::SAVE_VIEW;
use super::super::widgets::form::{Busy, Form, FormData, MERGE};
use super::App;

impl App {
    /// Does what is the app's own, in order; gives what only the runtime can do.
    pub(super) fn perform(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut out = Vec::new();
        for effect in effects {
            match effect {
                Effect::Read => {
                    self.want = self.want.or(Some(Want::Pending));
                    if !out.iter().any(|effect| matches!(effect, Effect::Read)) {
                        out.push(Effect::Read);
                    }
                }
                Effect::Open(layer) => self.open(*layer),
                Effect::Say(notice) => self.say(notice),
                Effect::Act(act) => {
                    let more = self.act(act);
                    out.extend(self.perform(more));
                }
                Effect::WhenRead(act) => {
                    let more = self.when_read(act);
                    out.extend(self.perform(more));
                }
                Effect::GoTo(text) => {
                    self.goto = Some(text);
                    self.want = self.want.or(Some(Want::Pending));
                    out.push(Effect::Read);
                }
                Effect::Tab(index) => {
                    let more = self.go_to_tab(index);
                    out.extend(self.perform(more));
                }
                Effect::Show(name, id) => {
                    let more = self.show_record(name, id);
                    out.extend(self.perform(more));
                }
                Effect::Tell(what, value) => {
                    let more = self.screens[self.active].told(what, &value);
                    out.extend(self.perform(more));
                }
                Effect::Fill(values) => {
                    if let Some(Layer::Form(form)) = self.layers.last_mut() {
                        form.fill(&values);
                    }
                }
                Effect::PutAside => {
                    self.note_draft();
                    self.layers.pop();
                    self.say(Notice::good("put aside; it is offered again when the form is opened"));
                    out.push(Effect::SaveDrafts(self.drafts()));
                }
                Effect::ThrowAway => {
                    self.forget_draft();
                    self.layers.pop();
                    out.push(Effect::SaveDrafts(self.drafts()));
                }
                Effect::TakeUp(draft) => self.take_up(&draft),
                Effect::Forget(key) => {
                    self.drafts.remove(&key);
                    out.push(Effect::SaveDrafts(self.drafts()));
                }
                Effect::Run(_) | Effect::Preview(_) | Effect::Undo(_) | Effect::Redo
                    if self.read_only.is_some() =>
                {
                    self.refuse_writing();
                }
                Effect::Run(work) => {
                    self.running = Some(work.label.clone());
                    out.push(Effect::Run(work));
                }
                Effect::Preview(work) => {
                    self.running = Some(work.label.clone());
                    out.push(Effect::Preview(work));
                }
                Effect::Undo(_) | Effect::Redo => {
                    self.running = Some("undo".to_owned());
                    out.push(effect);
                }
                Effect::Copy(_)
                | Effect::Edit(_)
                | Effect::Suspend
                | Effect::Redraw
                | Effect::Mouse(_)
                | Effect::Wake(..)
                | Effect::SaveDrafts(_)
                | Effect::Title(_)
                | Effect::Keep
                | Effect::Reload
                | Effect::StopJob
                | Effect::Become(_)
                | Effect::Quit => out.push(effect),
            }
        }
        out
    }

    fn open(&mut self, layer: Layer) {
        match layer {
            Layer::Form(form) => self.open_form(form),
            other => self.layers.push(other),
        }
    }

    /// Puts a form on top, with what was typed into it before.
    fn open_form(&mut self, mut form: Form) {
        if let Some(draft) = self.drafts.get(&self.draft_key(&form)) {
            form.restore(draft);
            self.say(Notice::good("what you typed before is back; Esc offers to throw it away"));
        }
        form.reads_days(self.day_order);
        self.layers.push(Layer::Form(form));
    }

    /// Saves the form on top: checks first, then the screen says what to run.
    pub(super) fn submit(&mut self) -> Vec<Effect> {
        let Some(Layer::Form(form)) = self.layers.last_mut() else { return Vec::new() };
        if form.busy == Busy::Yes || !form.check() {
            return Vec::new();
        }
        let data = form.data();
        if data.id == MERGE {
            return self.merged(&data);
        }
        let submitted = match data.values.get("view") {
            Some(name) if data.id == SAVE_VIEW => {
                Submitted::Done(vec![Effect::Tell("save-view", name.clone()), Effect::Keep])
            }
            Some(_) | None => self.screens[self.active].submit(&data),
        };
        match submitted {
            Submitted::Wrong(errors) => {
                if let Some(Layer::Form(form)) = self.layers.last_mut() {
                    form.reject(&errors);
                }
                Vec::new()
            }
            Submitted::Run(work) => {
                if let Some(Layer::Form(form)) = self.layers.last_mut() {
                    form.busy = Busy::Yes;
                    form.failure = None;
                }
                vec![Effect::Run(work)]
            }
            Submitted::Done(effects) => {
                self.forget_draft();
                self.layers.pop();
                let mut all = vec![Effect::SaveDrafts(self.drafts())];
                all.extend(effects);
                all
            }
        }
    }

    /// Shows both values of what two people changed, to choose.
    pub(super) fn compare(&mut self, reader: &Reader, why: &str) -> Result<(), Error> {
        let Some(Layer::Form(form)) = self.layers.last_mut() else { return Ok(()) };
        if let Some(now) = self.screens[self.active].anew(reader, &form.data())? {
            let asked = form.against(now, why);
            self.layers.push(Layer::Form(Form::new(asked)));
        }
        Ok(())
    }

    /// All is chosen: the form below is saved again, on the record as it is now.
    fn merged(&mut self, chosen: &FormData) -> Vec<Effect> {
        self.layers.pop();
        if let Some(Layer::Form(form)) = self.layers.last_mut() {
            form.merge(&chosen.values);
        }
        self.note_draft();
        self.submit()
    }

    /// `$EDITOR` is done.
    pub(super) fn edited(&mut self, outcome: Result<String, String>) -> Vec<Effect> {
        match (outcome, self.layers.last_mut()) {
            (Ok(text), Some(Layer::Form(form))) => {
                form.edited(&text);
                self.note_draft();
                vec![Effect::SaveDrafts(self.drafts())]
            }
            (Ok(_), _) => Vec::new(),
            (Err(why), _) => vec![Effect::Say(Notice::wrong(why))],
        }
    }

    /// Fills the look-up that waits.
    pub(super) fn look_up(&mut self, reader: &Reader) {
        let Some(Layer::Form(form)) = self.layers.last_mut() else { return };
        let Some((name, look_up, typed)) = form.wanted() else { return };
        match look_up(reader, &typed) {
            Ok(offers) => form.offer(name, offers),
            Err(error) => self.say(Notice::wrong(error.to_string())),
        }
    }

    /// Goes to the number or name that was asked for.
    pub(super) fn find(&mut self, reader: &Reader) -> Vec<Effect> {
        if let Some((index, id)) = self.show.take() {
            self.active = index;
            return self.screens[index].select(id);
        }
        let Some(text) = self.goto.take() else { return Vec::new() };
        let order = (self.active..self.screens.len()).chain(0..self.active);
        for index in order {
            match self.screens[index].find(reader, &text) {
                Ok(Some(id)) => {
                    self.active = index;
                    return self.screens[index].select(id);
                }
                Ok(None) => {}
                Err(error) => return vec![Effect::Say(Notice::wrong(error.to_string()))],
            }
        }
        vec![Effect::Say(Notice::wrong(format!("nothing is called “{text}”")))]
    }

    /// Opens the record under the cursor; the read that follows does the rest.
    pub(super) fn when_read(&mut self, act: Act) -> Vec<Effect> {
        self.waiting = self.screen().selection().map(|selection| (act, selection.id));
        self.screens[self.active].act(Act::Open)
    }

    /// Does what waited for the record to be read, if it is still the one under the cursor.
    pub(super) fn go_on_reading(&mut self) -> Vec<Effect> {
        let Some((act, id)) = self.waiting.take() else { return Vec::new() };
        if self.screen().selection().is_none_or(|selection| selection.id != id) {
            return Vec::new();
        }
        let mut effects = if self.offer(act) == Offer::Unread { Vec::new() } else { self.act(act) };
        effects.retain(|effect| !matches!(effect, Effect::WhenRead(_)));
        effects
    }

    fn show_record(&mut self, name: &str, id: i64) -> Vec<Effect> {
        match self.screens.iter().position(|screen| screen.name() == name) {
            Some(index) => {
                self.show = Some((index, id));
                vec![Effect::Read]
            }
            None => vec![Effect::Say(Notice::wrong("that tab is not part of this office"))],
        }
    }
}
