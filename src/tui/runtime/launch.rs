//! What a screen is started with, and what may change while it runs: plain values and the doors to the world outside.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use super::Incoming;
use crate::desk::OpenOptions;
use crate::domain::permission::Actor;
use crate::tui::app::App;
use crate::tui::door::Reader;
use crate::tui::effect::{Event, Mouse};
use crate::tui::gate::Caps;
use crate::tui::keymap::Keymap;
use crate::tui::theme::Theme;
use crate::tui::widgets::Span;

/// What the office tells about itself in the footer: `mail ok`, `3 waiting`, `10:41`.
pub type Health = Box<dyn FnMut(&Reader) -> Vec<Span>>;
/// Who acts under this login from now on, and how that is shown (demo).
pub type Hats = Box<dyn FnMut(&Reader, &str) -> Result<(Actor, Vec<Span>), String>>;

/// Reads the config file again; the sentence says with its line what is wrong, and nothing has changed then.
pub type Reload = Box<dyn FnMut() -> Result<Refit, String>>;
/// Writes down what the screens keep between sessions.
pub type Keep = Box<dyn Fn(&BTreeMap<String, BTreeMap<String, String>>)>;

/// Whether the window's title is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titles {
    /// It shows what waits.
    Set,
    /// It is left alone.
    Left,
}

/// What a config that was read again changes on a running screen.
pub struct Refit {
    /// How the database is opened from now on: the office's rules are in it.
    pub options: OpenOptions,
    /// The keys.
    pub keymap: Keymap,
    /// Colours and signs.
    pub theme: Theme,
    /// What the terminal may be sent.
    pub caps: Caps,
    /// Whether the mouse is asked for.
    pub mouse: Mouse,
    /// Whether the title is set.
    pub titles: Titles,
    /// What to say.
    pub said: String,
}

/// Everything that the screen is started with.
pub struct Launch {
    /// The app, ready.
    pub app: App,
    /// Reads; stays on the UI thread.
    pub reader: Reader,
    /// How the clerk's thread opens its desk.
    pub options: OpenOptions,
    /// In whose name.
    pub actor: Actor,
    /// What the terminal understands.
    pub caps: Caps,
    /// Writes half-filled forms where the next start finds them; called from any thread.
    pub save_drafts: Box<dyn Fn(&serde_json::Value) + Send + Sync>,
    /// For the footer.
    pub health: Health,
    /// For the demo.
    pub hats: Option<Hats>,
    /// `$VISUAL` or `$EDITOR`.
    pub editor: Option<String>,
    /// Whether the terminal reports the mouse at the start.
    pub mouse: Mouse,
    /// Whether the window's title is set.
    pub titles: Titles,
    /// For `:reload`.
    pub reload: Reload,
    /// For saved views, at once and at the end.
    pub keep: Keep,
    /// Starts what runs beside the screen (mail worker, clock, imports) and reports to it.
    pub beside: Box<dyn FnOnce(Beside)>,
}

/// What a job beside the screen holds.
#[derive(Debug, Clone)]
pub struct Beside {
    pub(super) events: Sender<Incoming>,
    pub(super) stop: Arc<AtomicBool>,
}

impl Beside {
    /// Tells the screen something: progress, health, a notice, that data has changed.
    pub fn tell(&self, event: Event) {
        if self.events.send(Incoming::Event(event)).is_err() {
            tracing::debug!("the screen is closed");
        }
    }

    /// True once after the reader has asked the running job to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.swap(false, Ordering::SeqCst)
    }
}
