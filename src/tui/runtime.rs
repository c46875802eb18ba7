//! The only place that performs effects: it waits, hands events to the app, lets it read, draws what
//! changed. An idle screen waits; it writes nothing.

mod launch;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::App;
use super::clerk::{Clerk, Job};
use super::door::Reader;
use super::effect::{Effect, Event, Notice, Timer};
use super::input::Input;
use super::lifeline::{self, Lifeline};
use super::outside;
use super::terminal::Terminal;

pub use launch::{Beside, Hats, Health, Keep, Launch, Refit, Reload, Titles};

/// How often another process's writing is looked for.
const LOOK: Duration = Duration::from_secs(1);
/// At most so many events before a frame is drawn.
const BATCH: usize = 64;

/// What comes in from the threads.
#[derive(Debug)]
pub enum Incoming {
    /// For the app.
    Event(Event),
    /// The process was told to stop.
    Suspend,
    /// The process goes on after a stop.
    Continued,
}

/// Whether the screen can be opened at all; the sentence says what to do instead.
pub fn can_open(term: Option<&str>) -> Result<(), String> {
    let instead = "use the commands that print, for instance `countersign signup list` (`countersign --help` lists them)";
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(format!("the screen needs a terminal; {instead}"));
    }
    match term {
        None | Some("" | "dumb") => {
            Err(format!("TERM={} cannot show a screen; {instead}", term.unwrap_or("")))
        }
        Some(_) => Ok(()),
    }
}

/// Opens the screen and stays until it is closed; gives the app back for what it keeps between
/// sessions. The terminal is as it was before, on every way out.
pub fn run(launch: Launch) -> io::Result<App> {
    let (sender, events) = mpsc::channel();
    let terminal = Terminal::take(launch.caps, launch.mouse)?;
    let lifeline = Arc::new(Lifeline::new(launch.save_drafts));
    lifeline::hook(Arc::clone(&lifeline), terminal.handle());
    lifeline::watch(Arc::clone(&lifeline), terminal.handle(), sender.clone())?;
    let clerk = Clerk::start(launch.options, launch.actor, sender.clone())?;
    let stop = Arc::new(AtomicBool::new(false));
    let beside = Beside { events: sender.clone(), stop: Arc::clone(&stop) };
    let input = Input::start(sender)?;
    let mut runtime = Runtime {
        app: launch.app,
        reader: launch.reader,
        terminal,
        clerk,
        input,
        lifeline,
        events,
        timers: BTreeMap::new(),
        began: Instant::now(),
        seen_version: i64::MIN,
        sheet: Buffer::empty(Rect::ZERO),
        health: launch.health,
        hats: launch.hats,
        editor: launch.editor,
        titles: launch.titles,
        reload: launch.reload,
        keep: launch.keep,
        stop,
        has_tty: outside::has_tty(),
    };
    runtime.go(|| (launch.beside)(beside))?;
    (runtime.keep)(&runtime.app.keep());
    Ok(runtime.app)
}

struct Runtime {
    app: App,
    reader: Reader,
    terminal: Terminal,
    clerk: Clerk,
    input: Input,
    lifeline: Arc<Lifeline>,
    events: Receiver<Incoming>,
    timers: BTreeMap<Timer, Instant>,
    began: Instant,
    seen_version: i64,
    /// What the last frame was drawn on; the next one is, too.
    sheet: Buffer,
    health: Health,
    hats: Option<Hats>,
    editor: Option<String>,
    titles: Titles,
    reload: Reload,
    keep: Keep,
    stop: Arc<AtomicBool>,
    has_tty: bool,
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    On,
    Out,
}

impl Runtime {
    /// `beside` begins when the first frame is on the screen: whoever opens it waits for nothing else.
    fn go(&mut self, beside: impl FnOnce()) -> io::Result<()> {
        let size = self.terminal.size()?;
        let mut going = self.feed(Event::Resize(size.width, size.height))?;
        self.draw()?;
        beside();
        let mut look = Instant::now() + LOOK;
        while going == Going::On {
            self.draw()?;
            let wake = self.timers.values().copied().min().map_or(look, |timer| timer.min(look));
            match self.events.recv_timeout(wake.saturating_duration_since(Instant::now())) {
                Ok(first) => going = self.batch(first)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let now = Instant::now();
            let due: Vec<Timer> =
                self.timers.iter().filter(|(_, at)| **at <= now).map(|(timer, _)| *timer).collect();
            for timer in due {
                self.timers.remove(&timer);
                going = going.and(self.feed(Event::Timer(timer))?);
            }
            if now >= look {
                look = now + LOOK;
                going = going.and(self.look()?);
            }
        }
        Ok(())
    }

    /// Handles what has come in, as one frame; of several new sizes only the last counts.
    fn batch(&mut self, first: Incoming) -> io::Result<Going> {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match self.events.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let is_size = |incoming: &Incoming| matches!(incoming, Incoming::Event(Event::Resize(..)));
        let last_size = batch.iter().rposition(is_size);
        let mut going = Going::On;
        for (i, incoming) in batch.into_iter().enumerate() {
            if is_size(&incoming) && Some(i) != last_size {
                continue;
            }
            going = going.and(match incoming {
                Incoming::Event(Event::Resize(..)) => {
                    let size = self.terminal.size()?;
                    self.feed(Event::Resize(size.width, size.height))?
                }
                Incoming::Event(event) => self.feed(event)?,
                Incoming::Suspend => self.suspend()?,
                Incoming::Continued => {
                    self.terminal.retake()?;
                    self.feed(Event::Resumed)?
                }
            });
        }
        Ok(going)
    }

    fn feed(&mut self, event: Event) -> io::Result<Going> {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let effects = self.app.update(now, event);
        let going = self.perform(effects)?;
        self.lifeline.hold(self.app.drafts());
        Ok(going)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<Going> {
        let mut going = Going::On;
        for effect in effects {
            going = going.and(self.one(effect)?);
        }
        Ok(going)
    }

    fn one(&mut self, effect: Effect) -> io::Result<Going> {
        match effect {
            Effect::Read => return self.read(),
            Effect::Run(work) => self.clerk.send(Job::Run(work)),
            Effect::Preview(work) => self.clerk.send(Job::Preview(work)),
            Effect::Undo(group) => self.clerk.send(Job::Undo(group)),
            Effect::Redo => self.clerk.send(Job::Redo),
            Effect::Copy(text) => {
                let outcome = self.terminal.copy(&text);
                return self.feed(Event::Copied(outcome));
            }
            Effect::Edit(text) => return self.edit(&text),
            Effect::Suspend => return self.suspend(),
            Effect::Redraw => self.terminal.forget(),
            Effect::Mouse(mouse) => self.terminal.set_mouse(mouse)?,
            Effect::Wake(timer, after) => {
                self.timers.insert(timer, Instant::now() + Duration::from_millis(after));
            }
            Effect::SaveDrafts(drafts) => {
                self.lifeline.hold(drafts);
                self.lifeline.save();
            }
            Effect::Title(_) if self.titles == Titles::Left => {}
            Effect::Title(title) => self.terminal.set_title(&title)?,
            Effect::Keep => (self.keep)(&self.app.keep()),
            Effect::Reload => return self.reload(),
            Effect::StopJob => self.stop.store(true, Ordering::SeqCst),
            Effect::Become(login) => return self.become_other(&login),
            Effect::Quit => return Ok(Going::Out),
            Effect::Open(_)
            | Effect::Say(_)
            | Effect::Act(_)
            | Effect::WhenRead(_)
            | Effect::GoTo(_)
            | Effect::Tab(_)
            | Effect::Show(..)
            | Effect::Tell(..)
            | Effect::Fill(_)
            | Effect::PutAside
            | Effect::ThrowAway
            | Effect::TakeUp(_)
            | Effect::Forget(_) => tracing::error!("an effect of the app came out of it"),
        }
        Ok(Going::On)
    }

    fn read(&mut self) -> io::Result<Going> {
        let before = self.seen_version;
        if let Ok(version) = self.reader.data_version() {
            self.seen_version = version;
        }
        let app = &mut self.app;
        let effects = match self.reader.together(|reader| app.read(reader)) {
            Ok(effects) => effects,
            Err(error) => return self.feed(Event::Said(Notice::wrong(error.to_string()))),
        };
        let going = self.perform(effects)?;
        if before == self.seen_version {
            return Ok(going);
        }
        let health = (self.health)(&self.reader);
        Ok(going.and(self.feed(Event::Health(health))?))
    }

    /// Has somebody else written? Is there still a terminal?
    fn look(&mut self) -> io::Result<Going> {
        if self.has_tty && !outside::has_tty() {
            lifeline::end(&self.lifeline, &self.terminal.handle(), signal_hook::consts::SIGHUP);
        }
        match self.reader.data_version() {
            Ok(version) if version != self.seen_version => self.feed(Event::Changed),
            Ok(_) => Ok(Going::On),
            Err(error) => self.feed(Event::Said(Notice::wrong(error.to_string()))),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        if *self.sheet.area() == self.app.frame_area() {
            self.sheet.reset();
        } else {
            self.sheet = Buffer::empty(self.app.frame_area());
        }
        let drawn = self.app.draw(&mut self.sheet);
        if let Err(error) = self.terminal.show(&self.sheet, drawn.cursor) {
            // Writing may notice sooner than the signal that the window is gone; it is the same end.
            if self.has_tty && !outside::has_tty() {
                lifeline::end(&self.lifeline, &self.terminal.handle(), signal_hook::consts::SIGHUP);
            }
            return Err(error);
        }
        self.app.set_drawn(drawn);
        Ok(())
    }

    fn reload(&mut self) -> io::Result<Going> {
        let refit = match (self.reload)() {
            Ok(refit) => refit,
            Err(why) => return self.feed(Event::Said(Notice::wrong(why))),
        };
        match Reader::open(&refit.options) {
            Ok(reader) => self.reader = reader,
            Err(error) => return self.feed(Event::Said(Notice::wrong(error.to_string()))),
        }
        self.seen_version = i64::MIN;
        self.clerk.send(Job::Reopen(refit.options));
        self.app.refit(refit.keymap, refit.theme, refit.mouse);
        self.terminal.refit(refit.caps, refit.mouse)?;
        self.titles = refit.titles;
        let going = self.feed(Event::Changed)?;
        Ok(going.and(self.feed(Event::Said(Notice::good(refit.said)))?))
    }

    fn suspend(&mut self) -> io::Result<Going> {
        if !outside::has_shell() {
            return self.feed(Event::Said(Notice::wrong("there is no shell to go back to; q quits")));
        }
        self.terminal.lend(outside::stop)?;
        self.feed(Event::Resumed)
    }

    fn edit(&mut self, text: &str) -> io::Result<Going> {
        let Some(editor) = self.editor.clone() else {
            return self
                .feed(Event::Edited(Err("no editor is set; export EDITOR=… before the start".to_owned())));
        };
        self.input.pause();
        let outcome = self.terminal.lend(|| outside::edit(&editor, text));
        self.input.resume();
        let going = self.feed(Event::Edited(outcome?))?;
        Ok(going.and(self.feed(Event::Resumed)?))
    }

    fn become_other(&mut self, login: &str) -> io::Result<Going> {
        let Some(hats) = &mut self.hats else { return Ok(Going::On) };
        match hats(&self.reader, login) {
            Ok((actor, who)) => {
                let said = format!("you are {} now", actor.name);
                self.clerk.send(Job::Become(actor.clone()));
                self.app.act_as(actor, who);
                let going = self.feed(Event::Changed)?;
                Ok(going.and(self.feed(Event::Said(Notice::good(said)))?))
            }
            Err(why) => self.feed(Event::Said(Notice::wrong(why))),
        }
    }
}

impl Going {
    fn and(self, other: Going) -> Going {
        if self == Going::Out { self } else { other }
    }
}
