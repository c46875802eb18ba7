//! From an office to its screen: theme, keys, tabs, drafts, what was kept, and back again when it is closed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono::{DateTime, Local, Timelike};

use super::app::{App, Hat, Setup};
use super::door::Reader;
use super::effect::{Event, Mouse, Notice};
use super::keymap::{KeyProblem, Keymap, Layout};
use super::runtime::{Beside, Hats, Health, Launch, can_open, run};
use super::screens;
use super::theme::Theme;
use super::theme::detect::{Vars, Wishes, ask_terminal, background, caps, depth, signs};
use super::widgets::{Span, Tone};
use crate::chores::Chores;
use crate::desk::outbox::QueueState;
use crate::desk::{Desk, OpenOptions};
use crate::domain::permission::{Actor, How};

/// What the screen is opened with.
pub struct Opening {
    /// How to reach the database.
    pub options: OpenOptions,
    /// In whose name.
    pub actor: Actor,
    /// Real work or play.
    pub stage: Stage,
    /// Colours and signs that were wished for, by flag or config.
    pub wishes: Wishes,
    /// The built-in key map.
    pub layout: Layout,
    /// Own keys: key and action.
    pub own_keys: Vec<(String, String)>,
    /// The environment as far as the screen asks it.
    pub vars: Vars,
    /// `$VISUAL` or `$EDITOR`.
    pub editor: Option<String>,
    /// Where drafts and saved views are kept between sessions.
    pub state_dir: PathBuf,
    /// Whether the terminal reports the mouse at the start.
    pub mouse: Mouse,
    /// Starts mail, sweep and intake beside the screen, once the first frame stands; none: read-only.
    pub chores: Option<StartChores>,
}

/// Starts the chores.
pub type StartChores = Box<dyn FnOnce() -> std::io::Result<Chores>>;

/// Why the screen did not open.
#[derive(Debug, thiserror::Error)]
pub enum CannotOpen {
    /// There is no terminal to open it on; says what to do instead.
    #[error("{0}")]
    NoTerminal(String),
    /// Own keys in the config clash or name nothing.
    #[error("keys in [screen.bind]: {0}")]
    Keys(String),
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
    let keymap = Keymap::new(opening.layout, &opening.own_keys).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(KeyProblem::to_string).collect();
        CannotOpen::Keys(lines.join("; "))
    })?;
    let reader = match Reader::open(&opening.options) {
        Ok(reader) => reader,
        // An older schema: the door migrates it, with a backup first.
        Err(_) => Desk::open(opening.options.clone())?.reader()?,
    };
    let drafts_file = opening.state_dir.join(format!("drafts-{}.json", opening.actor.login));
    let kept_file = opening.state_dir.join(format!("views-{}.json", opening.actor.login));
    let theme = Theme::new(
        background(&opening.vars, opening.wishes.theme, ask_terminal),
        depth(&opening.vars, opening.wishes.color),
        signs(&opening.vars, opening.wishes),
    );
    let setup = Setup {
        screens: screens::all(&opening.actor),
        keymap,
        theme,
        who: who(&opening.actor),
        actor: opening.actor.clone(),
        hats: hat_list(&opening, &reader)?,
        drafts: read_json(&drafts_file),
    };
    let mut app = App::new(setup);
    let kept: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_value(read_json(&kept_file)).unwrap_or_default();
    app.restore(&kept);
    let hats = (opening.stage == Stage::Demo).then(hats);
    let running: Rc<RefCell<Option<Chores>>> = Rc::default();
    let (slot, start) = (Rc::clone(&running), opening.chores);
    let beside = Box::new(move |beside: Beside| match start.map(|start| start()) {
        Some(Ok(chores)) => *slot.borrow_mut() = Some(chores),
        Some(Err(error)) => {
            let text = format!("mail and intake do not run beside this screen: {error}");
            beside.tell(Event::Said(Notice::wrong(text)));
        }
        None => {}
    });
    let app = run(Launch {
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
    write_json(&kept_file, &serde_json::json!(app.keep()));
    running.borrow_mut().take();
    Ok(())
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
fn hat_list(opening: &Opening, reader: &Reader) -> Result<Vec<Hat>, crate::desk::Error> {
    if opening.stage == Stage::Office {
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
                vec![Span::new(format!("mail {}", health.words()), tone)]
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
