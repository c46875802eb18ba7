//! The state of the whole screen: events in, effects out, drawing takes `&self`. It never touches the
//! terminal, the database or the clock.

mod commands;
mod drafts;
mod draw;
mod input;
mod mode;
mod outcome;
mod own;
mod peek;
mod perform;

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::action::{Act, Scope};
use super::canvas::{Drawn, Hit};
use super::door::Reader;
use super::effect::{Effect, Event, Mouse, Notice, Timer};
use super::keymap::Keymap;
use super::layer::Layer;
use super::screen::{Screen, Want};
use super::theme::Theme;
use super::widgets::progress::Progress;
use super::widgets::tabs::TabTitle;
use super::widgets::{Span, Tone};
use crate::domain::date::DayOrder;
use crate::domain::permission::Actor;

/// Decisions are ignored for so long after another record has come under the cursor (trust.md,
/// Decisions bind to what was seen). Milliseconds.
pub const GUARD: u64 = 300;
/// The detail follows when the cursor has rested so long. Milliseconds.
pub const REST: u64 = 120;
/// A draft is saved when typing has paused so long. Milliseconds.
pub const DRAFT: u64 = 1000;
/// The smallest terminal that shows everything needed.
pub const LEAST: (u16, u16) = (60, 15);
/// The largest part of a terminal that is used.
pub const MOST: (u16, u16) = (400, 200);

/// What an app is made of.
pub struct Setup {
    /// The tabs.
    pub screens: Vec<Box<dyn Screen>>,
    /// The keys.
    pub keymap: Keymap,
    /// The colours and signs.
    pub theme: Theme,
    /// Who is acting, for the top line: name and role.
    pub who: Vec<Span>,
    /// In whose name everything is done.
    pub actor: Actor,
    /// Whom the reader may play (demo); empty in an office.
    pub hats: Vec<Hat>,
    /// Half-filled forms of earlier sessions.
    pub drafts: serde_json::Value,
}

/// Somebody the reader may act as in the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hat {
    /// Their login.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their roles in words.
    pub roles: String,
}

/// The app.
pub struct App {
    screens: Vec<Box<dyn Screen>>,
    active: usize,
    /// Nobody has chosen a tab yet: the first one where something waits is shown.
    undecided: bool,
    layers: Vec<Layer>,
    keymap: Keymap,
    theme: Theme,
    who: Vec<Span>,
    actor: Actor,
    peek: Option<peek::Peek>,
    /// Seconds that mail waits for undo, as the office has it.
    grace: i64,
    hats: Vec<Hat>,
    health: Vec<Span>,
    said: Option<Notice>,
    notices: Vec<Notice>,
    size: (u16, u16),
    drawn: Drawn,
    now: u64,
    want: Option<Want>,
    goto: Option<String>,
    show: Option<(usize, i64)>,
    /// What is to be done to a record once it has been read.
    waiting: Option<(Act, i64)>,
    guard_until: u64,
    /// What is read next has changed by the reader's own command.
    own: bool,
    running: Option<String>,
    progress: Option<Progress>,
    drafts: BTreeMap<String, serde_json::Value>,
    clicked: Option<(u64, Hit)>,
    mouse: Mouse,
    window_title: String,
    /// Why nothing can be written from here, if so.
    read_only: Option<String>,
    day_order: DayOrder,
}

impl App {
    /// An app that has read nothing yet; offers the half-filled forms of earlier sessions.
    pub fn new(setup: Setup) -> App {
        let mut app = App {
            screens: setup.screens,
            active: 0,
            undecided: true,
            layers: Vec::new(),
            keymap: setup.keymap,
            theme: setup.theme,
            who: setup.who,
            actor: setup.actor,
            peek: None,
            grace: 0,
            hats: setup.hats,
            health: Vec::new(),
            said: None,
            notices: Vec::new(),
            size: (80, 24),
            drawn: Drawn::default(),
            now: 0,
            want: Some(Want::All),
            goto: None,
            show: None,
            waiting: None,
            guard_until: 0,
            own: false,
            running: None,
            progress: None,
            drafts: BTreeMap::new(),
            clicked: None,
            mouse: Mouse::On,
            window_title: String::new(),
            read_only: None,
            day_order: DayOrder::default(),
        };
        app.take_drafts(&setup.drafts);
        app
    }

    /// Takes one event at a moment, in milliseconds of any steady clock.
    pub fn update(&mut self, now: u64, event: Event) -> Vec<Effect> {
        self.now = now;
        let before = self.screen().selection();
        let effects = match event {
            Event::Keys(keys) => self.keys(&keys),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(width, height) => self.resize(width, height),
            Event::Changed => {
                self.want = Some(Want::All);
                vec![Effect::Read]
            }
            Event::Timer(Timer::Rest) => {
                self.want = self.want.or(Some(Want::Detail));
                vec![Effect::Read]
            }
            Event::Timer(Timer::Draft) => vec![Effect::SaveDrafts(self.drafts())],
            Event::Finished(finished) => self.finished(finished),
            Event::Previewed(finished) => {
                self.running = None;
                self.screens[self.active].previewed(&finished)
            }
            Event::Progress(progress) => {
                self.progress = progress;
                Vec::new()
            }
            Event::Health(health) => {
                self.health = health;
                Vec::new()
            }
            Event::Edited(outcome) => self.edited(outcome),
            Event::Copied(outcome) => {
                let notice = match outcome {
                    Ok(what) => Notice::good(format!("copied {what}")),
                    Err(why) => Notice::wrong(why),
                };
                vec![Effect::Say(notice)]
            }
            Event::Resumed => {
                self.want = Some(Want::All);
                vec![Effect::Read]
            }
            Event::Said(notice) => vec![Effect::Say(notice)],
        };
        let mut out = self.perform(effects);
        if self.screen().selection() != before && !out.iter().any(|effect| matches!(effect, Effect::Quit)) {
            out.push(Effect::Wake(Timer::Rest, REST));
        }
        out
    }

    /// Lets the screens read what they miss. A record that comes under the cursor without a movement
    /// key guards it against decisions for a moment.
    pub fn read(&mut self, reader: &Reader) -> Vec<Effect> {
        let Some(want) = self.want.take() else { return Vec::new() };
        self.grace = reader.settings().grace_seconds;
        let before = self.screen().selection();
        let inside = want.is_anew() && self.screen().is_inside();
        let area = self.body();
        let mut effects = Vec::new();
        let first = std::mem::take(&mut self.undecided);
        for index in 0..self.screens.len() {
            let screen = &mut self.screens[index];
            screen.layout(area);
            let in_front = index == self.active;
            if !in_front && !want.is_anew() {
                continue;
            }
            let want = if want == Want::All && (first || !in_front) { Want::List } else { want };
            if let Err(error) = screen.refresh(reader, want) {
                effects.push(Effect::Say(Notice::wrong(error.to_string())));
            }
        }
        if first && self.screen().passes_on() && self.active + 1 < self.screens.len() {
            self.active += 1;
        }
        let moved = before.is_some() && self.screen().selection() != before;
        let own = std::mem::take(&mut self.own);
        if let (true, false, true, Some(left)) = (moved, own, inside, &before) {
            // Another record must not take the place of the one that is being read.
            effects.extend(self.screens[self.active].act(Act::Back));
            let why = self.key_of(Act::History);
            let said = format!(
                "{} has left this list meanwhile; `:{}` and {why} tell who did what",
                left.number, left.number
            );
            effects.push(Effect::Say(Notice::note(said)));
        }
        if want == Want::All && moved {
            self.guard_until = self.now + GUARD;
        }
        effects.extend(self.go_on_reading());
        self.look_up(reader);
        self.look_deeper(reader);
        effects.extend(self.find(reader));
        effects.extend(self.retitle());
        let mut out = self.perform(effects);
        if self.want.is_some() {
            out.extend(self.read(reader));
        } else if moved {
            out.push(Effect::Wake(Timer::Rest, REST));
        } else if first {
            out.push(Effect::Wake(Timer::Rest, 0));
        }
        out
    }

    /// All half-filled forms, to be kept.
    pub fn drafts(&self) -> serde_json::Value {
        serde_json::Value::Object(self.drafts.clone().into_iter().collect())
    }

    /// What the screens keep between sessions, by screen.
    pub fn keep(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        self.screens.iter().map(|screen| (screen.name().to_owned(), screen.keep())).collect()
    }

    /// What they kept.
    pub fn restore(&mut self, kept: &BTreeMap<String, BTreeMap<String, String>>) {
        for screen in &mut self.screens {
            if let Some(kept) = kept.get(screen.name()) {
                screen.restore(kept);
            }
        }
    }

    /// Other people act from now on (demo).
    pub fn act_as(&mut self, actor: Actor, who: Vec<Span>) {
        for screen in &mut self.screens {
            screen.act_as(&actor);
        }
        self.actor = actor;
        self.who = who;
    }

    /// The notes of the last frame, for clicks.
    pub fn set_drawn(&mut self, drawn: Drawn) {
        self.drawn = drawn;
    }

    fn screen(&self) -> &dyn Screen {
        self.screens[self.active].as_ref()
    }

    fn tabs(&self) -> Vec<TabTitle> {
        self.screens.iter().map(|screen| screen.title()).collect()
    }

    /// The scopes that hold now.
    fn scopes(&self) -> Vec<Scope> {
        let demo = (!self.hats.is_empty()).then_some(Scope::Demo);
        self.screen().scopes().iter().copied().chain(demo).collect()
    }

    /// The part between tabs and footer.
    fn body(&self) -> Rect {
        Rect::new(0, 1, self.size.0, self.size.1.saturating_sub(2))
    }

    fn is_too_small(&self) -> bool {
        self.size.0 < LEAST.0 || self.size.1 < LEAST.1
    }

    fn resize(&mut self, width: u16, height: u16) -> Vec<Effect> {
        self.size = (width.min(MOST.0), height.min(MOST.1));
        let area = self.body();
        for screen in &mut self.screens {
            screen.layout(area);
        }
        self.want = self.want.or(Some(Want::Pending));
        // The first reading asks for the detail at once, so it comes last.
        vec![Effect::Wake(Timer::Rest, REST), Effect::Read]
    }

    fn go_to_tab(&mut self, index: usize) -> Vec<Effect> {
        if index >= self.screens.len() || index == self.active {
            return Vec::new();
        }
        self.active = index;
        self.want = self.want.or(Some(Want::Pending));
        vec![Effect::Read, Effect::Wake(Timer::Rest, REST)]
    }

    fn retitle(&mut self) -> Vec<Effect> {
        let tab = self.screen().title();
        let only = if self.read_only.is_some() { "read-only · " } else { "" };
        let title = format!("countersign · {only}{} {}", tab.name, tab.count).trim_end().to_owned();
        if title == self.window_title {
            return Vec::new();
        }
        self.window_title.clone_from(&title);
        vec![Effect::Title(title)]
    }

    fn say(&mut self, notice: Notice) {
        // What a key does not do here is no event.
        if notice.tone != Tone::Dim {
            self.notices.push(notice.clone());
        }
        if self.notices.len() > 200 {
            self.notices.remove(0);
        }
        self.said = Some(notice);
    }

    /// What the key map shows for an action.
    fn key_of(&self, act: Act) -> String {
        self.keymap.key(act)
    }
}

#[cfg(test)]
mod tests;
