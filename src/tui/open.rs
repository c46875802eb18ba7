//! From an office to its screen: theme, keys, tabs, drafts, what was kept, and back again when it is closed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono::{DateTime, Local, Timelike};

use super::app::{App, Hat, Setup};
use super::door::Reader;
use super::effect::{Event, Mouse, Notice};
use super::keymap::{KeyProblem, Keymap, Layout, OwnKeys};
use super::runtime::{Beside, Hats, Health, Launch, Refit, Reload, Titles, can_open, run};
use super::screens;
use super::theme::detect::{Vars, Wishes, ask_terminal, background, caps, day_order, depth, signs};
use super::theme::{Background, Theme};
use super::widgets::{Span, Tone};
use crate::chores::Chores;
use crate::desk::OpenOptions;
use crate::desk::outbox::QueueState;
use crate::domain::permission::{Actor, How};

/// What the screen is opened with.
pub struct Opening {
    /// How to reach the database.
    pub options: OpenOptions,
    /// What reads it already.
    pub reader: Reader,
    /// In whose name.
    pub actor: Actor,
    /// Real work or play.
    pub stage: Stage,
    /// Colours and signs that were wished for, by flag or config.
    pub wishes: Wishes,
    /// The built-in key map.
    pub layout: Layout,
    /// Own keys.
    pub own_keys: Vec<OwnKeys>,
    /// The environment as far as the screen asks it.
    pub vars: Vars,
    /// `$VISUAL` or `$EDITOR`.
    pub editor: Option<String>,
    /// Where drafts and saved views are kept between sessions.
    pub state_dir: PathBuf,
    /// Whether the terminal reports the mouse at the start.
    pub mouse: Mouse,
    /// Starts mail, sweep and intake beside the screen, once the first frame stands; none: nothing runs beside it.
    pub chores: Option<StartChores>,
    /// Why nothing can be written from this screen, if so.
    pub read_only: Option<String>,
    /// Whether the window's title is set.
    pub titles: Titles,
    /// What is said first: a config that is partly wrong.
    pub said: Vec<String>,
    /// Reads the config file again; an error says with its line what is wrong.
    pub again: ReadAgain,
}

/// What the config says when it is read again.
pub struct Again {
    /// How the database is opened from now on.
    pub options: OpenOptions,
    /// Colours and signs.
    pub wishes: Wishes,
    /// The built-in key map.
    pub layout: Layout,
    /// Own keys.
    pub own_keys: Vec<OwnKeys>,
    /// Whether the mouse is asked for.
    pub mouse: Mouse,
    /// Whether the window's title is set.
    pub titles: Titles,
    /// Takes the place of what runs beside the screen; none: that goes on as it is.
    pub chores: Option<StartChores>,
    /// What to say.
    pub said: String,
}

/// Reads the config again.
pub type ReadAgain = Box<dyn FnMut() -> Result<Again, String>>;

/// Starts the chores.
pub type StartChores = Box<dyn FnOnce() -> std::io::Result<Chores>>;

/// Why the screen did not open.
#[derive(Debug, thiserror::Error)]
pub enum CannotOpen {
    /// There is no terminal to open it on; says what to do instead.
    #[error("{0}")]
    NoTerminal(String),
    /// The database.
    #[error(transparent)]
    Desk(#[from] crate::desk::Error),
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] std::io::Error),
}

/// Opens the screen and stays until it is closed.
pub fn open(opening: Opening) -> Result<(), CannotOpen> {
    can_open(opening.vars.get("TERM").map(String::as_str)).map_err(CannotOpen::NoTerminal)?;
    let (keymap, wrong_keys) = Keymap::new(opening.layout, &opening.own_keys);
    let reader = opening.reader;
    // What one person typed and chose in one office is not offered in another, where the same numbers are other records.
    let whose = format!("{}-{}", opening.actor.login, reader.office_mark()?);
    let drafts_file = opening.state_dir.join(format!("drafts-{whose}.json"));
    let kept_file = opening.state_dir.join(format!("views-{whose}.json"));
    let mut answered = None;
    let ask = || *answered.insert(ask_terminal());
    let theme = theme(&opening.vars, opening.wishes, ask);
    let said =
        opening.said.iter().cloned().chain(wrong_keys.iter().map(in_bind)).map(Notice::wrong).collect();
    let setup = Setup {
        screens: screens::all(&opening.actor),
        keymap,
        theme,
        who: who(&opening.actor),
        actor: opening.actor.clone(),
        hats: hat_list(opening.stage, &reader)?,
        drafts: read_json(&drafts_file),
    };
    let mut app = App::new(setup)
        .reads_only(opening.read_only.clone())
        .reads_days(day_order(&opening.vars))
        .saying(said);
    let kept: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_value(read_json(&kept_file)).unwrap_or_default();
    app.restore(&kept);
    let hats = (opening.stage == Stage::Demo).then(hats);
    let running: Rc<RefCell<Running>> = Rc::default();
    let (slot, start) = (Rc::clone(&running), opening.chores);
    let beside = Box::new(move |beside: Beside| {
        if let Some(Err(text)) = start.map(|start| slot.borrow_mut().begin(start)) {
            beside.tell(Event::Said(Notice::wrong(text)));
        }
    });
    let reload = reload(opening.again, (opening.vars.clone(), answered.flatten()), Rc::clone(&running));
    run(Launch {
        titles: opening.titles,
        reload,
        keep: Box::new(move |kept| write_json(&kept_file, &serde_json::json!(kept))),
        mouse: opening.mouse,
        beside,
        app,
        reader,
        options: opening.options,
        actor: opening.actor,
        caps: caps(&opening.vars, opening.wishes),
        save_drafts: Box::new(move |drafts| write_json(&drafts_file, drafts)),
        health: health(),
        hats,
        editor: opening.editor,
    })?;
    running.borrow_mut().end();
    Ok(())
}

/// What runs beside the screen, and what was replaced and still ends what it had begun.
#[derive(Default)]
struct Running {
    chores: Option<Chores>,
    ending: Vec<std::thread::JoinHandle<()>>,
}

impl Running {
    /// Starts chores in place of those that run. The old ones answer for the mail they are sending beside the screen; the
    /// worker's lock keeps the two apart.
    fn begin(&mut self, start: StartChores) -> Result<(), String> {
        let trouble =
            |error: std::io::Error| format!("mail and intake do not run beside this screen: {error}");
        if let Some(old) = self.chores.take() {
            let ending = std::thread::Builder::new().name("ending".into()).spawn(move || drop(old));
            self.ending.push(ending.map_err(trouble)?);
        }
        self.chores = Some(start().map_err(trouble)?);
        Ok(())
    }

    fn end(&mut self) {
        self.chores = None;
        for thread in self.ending.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a chore panicked");
            }
        }
    }
}

/// `:reload`: keys, colours, the office's rules and what runs beside the screen follow the config file, or nothing does.
/// `known` is the environment, and what the terminal said of its background when it was asked at the start.
fn reload(mut again: ReadAgain, known: (Vars, Option<Background>), running: Rc<RefCell<Running>>) -> Reload {
    let (vars, answered) = known;
    Box::new(move || {
        let again = again()?;
        let (keymap, wrong) = Keymap::new(again.layout, &again.own_keys);
        if !wrong.is_empty() {
            let lines: Vec<String> = wrong.iter().map(in_bind).collect();
            return Err(format!("the old settings stay: {}", lines.join("; ")));
        }
        if let Some(start) = again.chores {
            running.borrow_mut().begin(start)?;
        }
        Ok(Refit {
            options: again.options,
            keymap,
            theme: theme(&vars, again.wishes, || answered),
            caps: caps(&vars, again.wishes),
            mouse: again.mouse,
            titles: again.titles,
            said: again.said,
        })
    })
}

fn theme(vars: &Vars, wishes: Wishes, ask: impl FnOnce() -> Option<Background>) -> Theme {
    Theme::new(background(vars, wishes.theme, ask), depth(vars, wishes.color), signs(vars, wishes))
}

fn in_bind(problem: &KeyProblem) -> String {
    format!("config, [screen.bind], {problem}")
}

/// Real work or play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The office's database.
    Office,
    /// A throw-away database; hats can be changed.
    Demo,
}

/// Whom the person at the keys may play; nobody else in a real office.
fn hat_list(stage: Stage, reader: &Reader) -> Result<Vec<Hat>, crate::desk::Error> {
    if stage == Stage::Office {
        return Ok(Vec::new());
    }
    let staff = reader.staff()?.into_iter().filter(|row| row.active);
    Ok(staff
        .map(|row| Hat { login: row.login, name: row.name, roles: row.roles.join(", ").replace('_', " ") })
        .collect())
}

/// `maria · approver`, in the top line.
pub fn who(actor: &Actor) -> Vec<Span> {
    let mut words = actor.login.clone();
    if let Some(real) = &actor.real {
        words = format!("{real} as {words}");
    }
    let roles: Vec<String> = actor.roles.iter().map(|r| r.replace('_', " ")).collect();
    vec![Span::new(words, Tone::Text), Span::new(format!(" · {}", roles.join(", ")), Tone::Dim)]
}

/// Another member of staff at the same keys (demo).
fn hats() -> Hats {
    Box::new(|reader, login| {
        let actor = reader.actor(login, How::Screen).map_err(|error| error.to_string())?;
        let shown = who(&actor);
        Ok((actor, shown))
    })
}

/// `mail ok · 3 waiting · 10:41`.
fn health() -> Health {
    Box::new(|reader| {
        let now = DateTime::from_timestamp_millis(reader.now()).unwrap_or_default().with_timezone(&Local);
        let clock = format!("{:02}:{:02}", now.hour(), now.minute());
        let mut spans = match reader.mail_health() {
            Ok(health) => {
                let tone = match (&health.queue, health.alarm_since, health.failed) {
                    (QueueState::Paused { .. }, ..) | (_, Some(_), _) => Tone::Alarm,
                    (QueueState::BackingOff { .. }, ..) | (_, _, 1..) => Tone::Caution,
                    (QueueState::Ok, ..) => Tone::Dim,
                };
                // In parts, so that a narrow footer still shows the first.
                let words = health.words();
                let parts = words.split(" · ").enumerate();
                let part = |(n, part)| if n == 0 { format!("mail {part}") } else { format!(" · {part}") };
                parts.map(|part_of| Span::new(part(part_of), tone)).collect()
            }
            Err(error) => vec![Span::new(format!("mail: {error}"), Tone::Alarm)],
        };
        spans.push(Span::new(format!(" · {clock}"), Tone::Dim));
        spans
    })
}

fn read_json(file: &Path) -> serde_json::Value {
    match crate::files::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
        Err(_) => serde_json::Value::Null,
    }
}

fn write_json(file: &Path, value: &serde_json::Value) {
    if let Err(error) = crate::files::replace(file, value.to_string().as_bytes()) {
        tracing::warn!(%error, file = %file.display(), "could not be kept");
    }
}
