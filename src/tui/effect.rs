//! What comes in and what goes out, as data: `App::update` takes an event and gives effects; only the
//! runtime performs them.

use crossterm::event::{KeyEvent, MouseEvent};

use super::action::Act;
use super::door::{Command, Error, Receipt};
use super::layer::Layer;
use super::widgets::progress::Progress;
use super::widgets::{Span, Tone};

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// Keys that arrived together; one, unless something types faster than hands.
    Keys(Vec<KeyEvent>),
    /// Text pasted in brackets.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has another size.
    Resize(u16, u16),
    /// Another connection wrote to the database.
    Changed,
    /// A timer that was asked for.
    Timer(Timer),
    /// Commands were run.
    Finished(Finished),
    /// Commands were tried and rolled back.
    Previewed(Finished),
    /// A job is so far; `None`: it is over.
    Progress(Option<Progress>),
    /// The health of the office, for the footer.
    Health(Vec<Span>),
    /// `$EDITOR` gave this text back, or an account of why not.
    Edited(Result<String, String>),
    /// Copied to the clipboard, or an account of why not.
    Copied(Result<String, String>),
    /// The terminal is ours again: after a suspend or an editor.
    Resumed,
    /// Something to be said that nobody asked for.
    Said(Notice),
}

/// The timers there are; asking again puts the end off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timer {
    /// The cursor has rested: read the detail.
    Rest,
    /// Typing has paused: save the draft.
    Draft,
}

/// Commands to run as one group, and what they are about.
#[derive(Debug, Clone)]
pub struct Work {
    /// What is being done, in words: `approve 3 sign-ups`.
    pub label: String,
    /// What to run; one undo takes all of it back.
    pub commands: Vec<Command>,
    /// The rows it is about, in the order of the commands.
    pub about: Vec<i64>,
}

/// What became of commands.
#[derive(Debug)]
pub struct Finished {
    /// As it was asked for.
    pub label: String,
    /// The rows it is about.
    pub about: Vec<i64>,
    /// One result per command.
    pub results: Vec<Result<Receipt, Error>>,
}

/// One line that is said in the footer and kept for `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The line.
    pub text: String,
    /// `Alarm` for what went wrong.
    pub tone: Tone,
}

impl Notice {
    /// Something went well.
    pub fn good(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), tone: Tone::Text }
    }

    /// Something could not be done.
    pub fn wrong(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), tone: Tone::Alarm }
    }

    /// Something to know.
    pub fn note(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), tone: Tone::Dim }
    }
}

/// Something to be done. The first group is done by the app itself, the second by the runtime.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Let the screens read what they miss.
    Read,
    /// Put this on top.
    Open(Box<Layer>),
    /// Say it.
    Say(Notice),
    /// As if its key had been pressed.
    Act(Act),
    /// Open the record under the cursor and do this as soon as it has been read.
    WhenRead(Act),
    /// Find a number or name and go there.
    GoTo(String),
    /// Go to that tab.
    Tab(usize),
    /// Go to the tab whose screen has this name, and to this row.
    Show(&'static str, i64),
    /// Tell the active screen something: what, and its value. Menus of a screen answer this way.
    Tell(&'static str, String),
    /// Set values in the open form, each with where it comes from.
    Fill(Vec<(&'static str, String, String)>),
    /// Close the open form; its draft stays.
    PutAside,
    /// Close the open form and forget its draft.
    ThrowAway,
    /// Open the form of a draft.
    TakeUp(serde_json::Value),
    /// Forget a draft by its key.
    Forget(String),

    /// Run commands.
    Run(Work),
    /// Try commands and roll back.
    Preview(Work),
    /// Take the last command back, or this group.
    Undo(Option<i64>),
    /// Do it again.
    Redo,
    /// Copy to the clipboard by OSC 52.
    Copy(String),
    /// Edit in `$EDITOR`.
    Edit(String),
    /// Stop until `fg`.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Mouse reports on or off.
    Mouse(Mouse),
    /// Wake me in so many milliseconds.
    Wake(Timer, u64),
    /// Keep these drafts, all there are.
    SaveDrafts(serde_json::Value),
    /// The window's title.
    Title(String),
    /// Keep what the screens keep between sessions, now.
    Keep,
    /// Read the config file again.
    Reload,
    /// Stop the running job.
    StopJob,
    /// Act as this login from now on (demo).
    Become(String),
    /// Leave.
    Quit,
}

/// Whether the terminal reports the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// It does.
    On,
    /// It does not, so that text can be selected.
    Off,
}
