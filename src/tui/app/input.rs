//! Keys, paste and mouse. Text goes only where there is a caret; a burst of keys faster than hands is
//! dropped and said, and a decision is ignored while another record has just come under the cursor.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

use super::super::action::{Act, Risk};
use super::super::canvas::Hit;
use super::super::effect::{Effect, Mouse, Notice, Timer};
use super::super::key::Chord;
use super::super::layer::Layer;
use super::super::screen::{Offer, Want};
use super::super::widgets::ask::{Ask, Reply};
use super::super::widgets::form::{FormKey, MERGE};
use super::super::widgets::help::Helped;
use super::super::widgets::menu::Picked;
use super::super::widgets::message::Read;
use super::peek::Peek;
use super::{App, DRAFT};

/// So many keys at once are no hands.
const BURST: usize = 4;
/// A second click within so many milliseconds opens.
const DOUBLE: u64 = 400;

impl App {
    pub(super) fn keys(&mut self, keys: &[KeyEvent]) -> Vec<Effect> {
        let chords: Vec<Chord> = keys
            .iter()
            .filter(|key| key.kind != KeyEventKind::Release)
            .map(|key| Chord::from(*key))
            .collect();
        let burst = chords.len() >= BURST && !self.takes_text() && !self.is_all_movement(&chords);
        if burst && !chords.first().is_some_and(|chord| self.opens_text(*chord)) {
            let text = format!("{} keys came at once, faster than hands; nothing was done", chords.len());
            return vec![Effect::Say(Notice::wrong(text))];
        }
        let mut effects = Vec::new();
        for (n, chord) in chords.into_iter().enumerate() {
            // What a slow line brought at once after `/` is text, and no more than that.
            if burst && n > 0 && !self.takes_text() {
                break;
            }
            let more = self.key(chord);
            effects.extend(self.perform(more));
        }
        effects
    }

    /// True where letters are text.
    fn takes_text(&self) -> bool {
        match self.layers.last() {
            Some(Layer::Form(_) | Layer::Palette(_) | Layer::Help(_)) => true,
            Some(Layer::Ask(_) | Layer::Menu(_) | Layer::Message(_)) => false,
            None => self.screen().is_typing(),
        }
    }

    /// True where a key leads to a place in which letters are text.
    fn opens_text(&self, chord: Chord) -> bool {
        let act = self.keymap.find(chord, &self.scopes());
        self.layers.is_empty() && matches!(act, Some(Act::Filter | Act::Palette))
    }

    fn is_all_movement(&self, chords: &[Chord]) -> bool {
        let scopes = self.scopes();
        let moves = |chord: &Chord| {
            self.keymap.find(*chord, &scopes).is_some_and(|act| act.action().risk == Risk::Move)
                || matches!(chord.code, KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown)
        };
        chords.iter().all(moves)
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.said = None;
        let everywhere = self.keymap.find(chord, &[]);
        let plain = chord.typed().is_some();
        match everywhere {
            Some(Act::Quit) if self.is_too_small() => {
                return vec![Effect::SaveDrafts(self.drafts()), Effect::Quit];
            }
            _ if self.is_too_small() => return Vec::new(),
            Some(Act::Quit) if !plain => return self.quit(),
            Some(act @ (Act::Suspend | Act::Redraw)) if !plain => return self.act(act),
            Some(_) | None => {}
        }
        if !self.layers.is_empty() {
            return self.layer_key(chord);
        }
        if self.screen().is_typing() {
            return self.screens[self.active].key(chord);
        }
        if chord.code == KeyCode::Esc && self.progress.is_some() {
            let ask = Ask::new("Stop what is running? What is done stays done.", "Let it run")
                .answer("Stop", vec![Effect::StopJob]);
            return vec![Effect::Open(Box::new(Layer::Ask(ask)))];
        }
        match (self.keymap.find(chord, &self.scopes()), chord.code) {
            (Some(Act::GoTab), KeyCode::Char(digit)) => {
                self.go_to_tab(digit.to_digit(10).map_or(0, |n| n.saturating_sub(1) as usize))
            }
            (Some(act), _) => self.act(act),
            (None, KeyCode::Char(_) | KeyCode::F(_)) => {
                let help = self.key_of(Act::Help);
                vec![Effect::Say(Notice::note(format!("{chord} does nothing here; {help} shows the keys")))]
            }
            (None, _) => Vec::new(),
        }
    }

    /// Does an action as its key, its hint or the palette would.
    pub(super) fn act(&mut self, act: Act) -> Vec<Effect> {
        let risk = act.action().risk;
        let decides = risk == Risk::Write || risk == Risk::Final;
        // Undo and redo are about the last command, whatever is under the cursor.
        let looks = decides && !matches!(act, Act::Undo | Act::Redo);
        if looks && self.now < self.guard_until {
            return vec![Effect::Say(Notice::note(
                "another record has just come under the cursor; look, then press again",
            ))];
        }
        if self.read_only.is_some() && act.writes() {
            self.refuse_writing();
            return Vec::new();
        }
        if let Some(label) = self.running.as_ref().filter(|_| decides) {
            return vec![Effect::Say(Notice::note(format!("still busy: {label}")))];
        }
        match act {
            Act::Quit => self.quit(),
            Act::Suspend => vec![Effect::Suspend],
            Act::Redraw => {
                self.want = Some(Want::All);
                vec![Effect::Read, Effect::Redraw]
            }
            Act::NextTab => self.go_to_tab((self.active + 1) % self.screens.len()),
            Act::PreviousTab => self.go_to_tab((self.active + self.screens.len() - 1) % self.screens.len()),
            Act::GoTab => Vec::new(),
            Act::Reload => vec![Effect::Reload],
            Act::Undo => vec![Effect::Undo(None)],
            Act::Redo => vec![Effect::Redo],
            Act::Palette => self.foretold(self.palette()),
            Act::Help => self.foretold(self.help()),
            Act::OwnChanges => {
                self.peek = Some(Peek::OwnChanges);
                vec![Effect::Read]
            }
            Act::Notices => vec![Effect::Open(Box::new(self.notice_page()))],
            Act::Mouse => {
                self.mouse = if self.mouse == Mouse::On { Mouse::Off } else { Mouse::On };
                let text =
                    if self.mouse == Mouse::On { "the mouse works here" } else { "the mouse selects text" };
                vec![Effect::Mouse(self.mouse), Effect::Say(Notice::good(text))]
            }
            Act::ChangeHats => vec![Effect::Open(Box::new(self.hat_menu()))],
            own => match self.offer(own) {
                Offer::Yes => match self.own_act(own) {
                    Some(effects) => effects,
                    None => self.screens[self.active].act(own),
                },
                Offer::Unread => vec![Effect::WhenRead(own)],
                Offer::No(why) if why == "the list is empty" => {
                    vec![Effect::Say(Notice::note(format!("{}: {why}", own.action().label)))]
                }
                Offer::No(why) => {
                    vec![Effect::Say(Notice::wrong(format!("{}: {why}", own.action().label)))]
                }
                Offer::NotMine => {
                    vec![Effect::Say(Notice::note(format!("{} is not for this tab", own.action().label)))]
                }
            },
        }
    }

    fn quit(&mut self) -> Vec<Effect> {
        let leave = vec![Effect::SaveDrafts(self.drafts()), Effect::Quit];
        let asked = matches!(self.layers.last(), Some(Layer::Ask(_)));
        let busy =
            self.running.clone().or_else(|| self.progress.as_ref().map(|progress| progress.title.clone()));
        let dirty = self.layers.iter().any(|layer| matches!(layer, Layer::Form(form) if form.is_dirty()));
        let ask = match busy {
            Some(label) => Ask::new(format!("“{label}” is still running. What is done stays done."), "Stay")
                .answer("Quit", leave),
            None if dirty && !asked => {
                Ask::new("Quit? The half-filled form is kept and offered again.", "Stay")
                    .answer("Quit", leave)
            }
            None => return leave,
        };
        vec![Effect::Open(Box::new(Layer::Ask(ask)))]
    }

    fn layer_key(&mut self, chord: Chord) -> Vec<Effect> {
        let body = self.body();
        let Some(layer) = self.layers.last_mut() else { return Vec::new() };
        match layer {
            Layer::Ask(ask) => {
                let reply = ask.key(chord);
                self.answered(reply)
            }
            Layer::Menu(menu) => {
                let picked = menu.key(chord);
                self.picked(picked)
            }
            Layer::Palette(palette) => {
                let picked = palette.key(chord);
                self.picked(picked)
            }
            Layer::Help(help) => {
                if help.key(chord, body) == Helped::Closed {
                    self.layers.pop();
                }
                Vec::new()
            }
            Layer::Message(message)
                if message.leads_to.is_some_and(|act| self.keymap.find(chord, &[]) == Some(act)) =>
            {
                let act = message.leads_to.map(Effect::Act);
                self.layers.pop();
                act.into_iter().collect()
            }
            Layer::Message(message) => match message.key(chord, body) {
                Read::Open => Vec::new(),
                Read::Closed => {
                    self.layers.pop();
                    Vec::new()
                }
                Read::Copy => vec![Effect::Copy(message.plain())],
            },
            Layer::Form(form) => {
                let columns = form.columns(body);
                let key = form.key(chord, columns);
                self.form_key(key)
            }
        }
    }

    fn answered(&mut self, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Open => Vec::new(),
            Reply::Answered(effects) => {
                self.layers.pop();
                effects
            }
        }
    }

    fn picked(&mut self, picked: Picked) -> Vec<Effect> {
        match picked {
            Picked::Open => Vec::new(),
            Picked::Closed => {
                self.layers.pop();
                Vec::new()
            }
            Picked::Item(effects) => {
                self.layers.pop();
                effects
            }
            Picked::Refused(why) => vec![Effect::Say(Notice::wrong(why))],
        }
    }

    pub(super) fn form_key(&mut self, key: FormKey) -> Vec<Effect> {
        let Some(Layer::Form(form)) = self.layers.last_mut() else { return Vec::new() };
        match key {
            FormKey::Stay => Vec::new(),
            FormKey::Changed(field) => {
                let data = form.data();
                let mut effects = if form.wants() { vec![Effect::Read] } else { Vec::new() };
                effects.extend(self.screens[self.active].changed(&data, field));
                self.note_draft();
                effects.push(Effect::Wake(Timer::Draft, DRAFT));
                effects
            }
            FormKey::Submit => self.submit(),
            FormKey::Leave if form.id == MERGE => {
                self.layers.pop();
                let save = "nothing was saved and nothing is lost; Ctrl-S asks again which values to keep";
                vec![Effect::Say(Notice::note(save))]
            }
            FormKey::Leave if form.is_dirty() => {
                let ask = Ask::new("The form is half filled.", "Keep editing")
                    .answer("Put aside", vec![Effect::PutAside])
                    .answer("Throw away", vec![Effect::ThrowAway]);
                vec![Effect::Open(Box::new(Layer::Ask(ask)))]
            }
            FormKey::Leave => vec![Effect::ThrowAway],
            FormKey::Editor => match form.text_at_caret() {
                Some(text) => vec![Effect::Edit(text.to_owned())],
                None => Vec::new(),
            },
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Form(form)) => {
                let key = form.paste(text);
                self.form_key(key)
            }
            Some(Layer::Palette(palette)) => {
                palette.paste(text);
                Vec::new()
            }
            Some(Layer::Ask(_) | Layer::Menu(_) | Layer::Help(_) | Layer::Message(_)) => Vec::new(),
            None => {
                let screen = &mut self.screens[self.active];
                if screen.is_typing() {
                    return screen.paste(text);
                }
                vec![Effect::Say(Notice::note("pasted text goes into a text field; / opens the filter"))]
            }
        }
    }

    pub(super) fn mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        let hit = self.drawn.hit(mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => self.click(hit),
            MouseEventKind::ScrollDown => self.wheel(hit, 3),
            MouseEventKind::ScrollUp => self.wheel(hit, -3),
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        let body = self.body();
        match self.layers.last_mut() {
            Some(Layer::Message(message)) => message.scroll(lines, body),
            Some(Layer::Help(help)) => help.scroll(lines, body),
            Some(Layer::Ask(_) | Layer::Form(_) | Layer::Menu(_) | Layer::Palette(_)) => {}
            None => return self.screens[self.active].wheel(hit, lines),
        }
        Vec::new()
    }

    fn click(&mut self, hit: Option<Hit>) -> Vec<Effect> {
        let Some(hit) = hit else { return Vec::new() };
        self.said = None;
        let again = self.clicked == Some((self.clicked.map_or(0, |(at, _)| at), hit))
            && self.clicked.is_some_and(|(at, _)| self.now.saturating_sub(at) <= DOUBLE);
        self.clicked = Some((self.now, hit));
        if let Hit::Key(chord) = hit {
            return self.key(chord);
        }
        if let (Some(Layer::Message(message)), Hit::Act(act)) = (self.layers.last(), hit) {
            if message.leads_to != Some(act) {
                return Vec::new();
            }
            self.layers.pop();
            return self.act(act);
        }
        if let Some(layer) = self.layers.last_mut() {
            let Hit::Item(index) = hit else { return Vec::new() };
            return match layer {
                Layer::Ask(ask) => {
                    let reply = ask.click(index);
                    self.answered(reply)
                }
                Layer::Menu(menu) => {
                    let picked = menu.click(index);
                    self.picked(picked)
                }
                Layer::Palette(palette) => {
                    let picked = palette.click(index);
                    self.picked(picked)
                }
                Layer::Form(form) => {
                    let key = form.focus_on(index);
                    self.form_key(key)
                }
                Layer::Help(_) | Layer::Message(_) => Vec::new(),
            };
        }
        match hit {
            Hit::Tab(index) => self.go_to_tab(index),
            Hit::Act(act) => self.act(act),
            Hit::Row(_) if again => self.act(Act::Open),
            Hit::Row(_)
            | Hit::Column(_)
            | Hit::List
            | Hit::Detail
            | Hit::Item(_)
            | Hit::Key(_)
            | Hit::Layer => self.screens[self.active].click(hit),
        }
    }
}
