//! A key script played on an app, without threads, terminal or clock: `(start, keys, end)` triples run
//! through the real loop, and the end is the screen as text. The selection is a sign, so it shows.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use super::app::{App, Setup};
use super::clerk::{Job, perform};
use super::door::Reader;
use super::effect::{Effect, Event, Timer};
use super::key;
use crate::desk::Desk;
use crate::domain::permission::Actor;

/// Between two keys of a script, in milliseconds: slow enough that nothing is a burst and every timer
/// has run.
const BETWEEN: u64 = 2000;

/// An app with a desk, being played on.
pub struct Play {
    /// The app.
    pub app: App,
    /// The desk behind it.
    pub desk: Desk,
    reader: Reader,
    actor: Actor,
    now: u64,
    timers: BTreeMap<Timer, u64>,
    /// What went to the world outside: copies, titles, drafts, quitting. In order.
    pub out: Vec<Effect>,
}

impl Play {
    /// Opens the app on a desk at a size; it has read and its timers have run.
    pub fn new(setup: Setup, desk: Desk, actor: Actor, size: (u16, u16)) -> Play {
        Play::of(App::new(setup), desk, actor, size)
    }

    /// The same with an app that is made already.
    pub fn of(app: App, desk: Desk, actor: Actor, (width, height): (u16, u16)) -> Play {
        let reader = desk.reader().expect("the desk has just been opened");
        let mut play =
            Play { app, desk, reader, actor, now: 1_000_000, timers: BTreeMap::new(), out: Vec::new() };
        play.event(Event::Resize(width, height));
        play.wait(BETWEEN);
        play
    }

    /// Plays a script, `jj<space>a<Esc>/lisboa<Enter>`, one key every two seconds.
    pub fn keys(&mut self, script: &str) -> &mut Play {
        for event in key::script(script).expect("the script names keys") {
            self.event(Event::Keys(vec![event]));
            self.wait(BETWEEN);
        }
        self
    }

    /// Plays a script as one burst, as an unbracketed paste arrives.
    pub fn burst(&mut self, script: &str) -> &mut Play {
        let keys = key::script(script).expect("the script names keys");
        self.event(Event::Keys(keys));
        self
    }

    /// Lets time pass; timers that are due run.
    pub fn wait(&mut self, ms: u64) -> &mut Play {
        let until = self.now + ms;
        while let Some((timer, at)) = self
            .timers
            .iter()
            .map(|(t, at)| (*t, *at))
            .filter(|(_, at)| *at <= until)
            .min_by_key(|(_, at)| *at)
        {
            self.timers.remove(&timer);
            self.now = self.now.max(at);
            self.event(Event::Timer(timer));
        }
        self.now = until;
        self
    }

    /// One event, with all that follows from it.
    pub fn event(&mut self, event: Event) -> &mut Play {
        let effects = self.app.update(self.now, event);
        self.perform(effects);
        let mut buffer = Buffer::empty(self.app.frame_area());
        let drawn = self.app.draw(&mut buffer);
        self.app.set_drawn(drawn);
        self
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Read => {
                    let effects = self.app.read(&self.reader);
                    self.perform(effects);
                }
                Effect::Run(work) => self.job(Job::Run(work)),
                Effect::Preview(work) => self.job(Job::Preview(work)),
                Effect::Undo(group) => self.job(Job::Undo(group)),
                Effect::Redo => self.job(Job::Redo),
                Effect::Wake(timer, after) => {
                    self.timers.insert(timer, self.now + after);
                }
                other => self.out.push(other),
            }
        }
    }

    fn job(&mut self, job: Job) {
        let event = perform(&mut self.desk, &self.actor, job);
        let effects = self.app.update(self.now, event);
        self.perform(effects);
    }

    /// The cells of the next frame.
    pub fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(self.app.frame_area());
        self.app.draw(&mut buffer);
        buffer
    }

    /// The screen as text, one line per row, blanks at the ends taken off.
    pub fn screen(&self) -> String {
        text_of(&self.buffer())
    }

    /// One row of the screen.
    pub fn row(&self, y: usize) -> String {
        self.screen().lines().nth(y).unwrap_or("").to_owned()
    }

    /// Where the hardware cursor sits.
    pub fn cursor(&self) -> Option<Position> {
        let mut buffer = Buffer::empty(self.app.frame_area());
        self.app.draw(&mut buffer).cursor
    }

    /// True once the app has asked to be closed.
    pub fn has_quit(&self) -> bool {
        self.out.iter().any(|effect| matches!(effect, Effect::Quit))
    }
}

/// A buffer as text.
pub fn text_of(buffer: &Buffer) -> String {
    let area = *buffer.area();
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap_or(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
