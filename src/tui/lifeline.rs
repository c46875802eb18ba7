//! What happens when the process is told to go or falls: the draft is saved, the terminal given back,
//! the status is 128 plus the signal, or 101. Within a second, even when nobody reads the terminal.

use std::os::raw::c_int;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::runtime::Incoming;
use super::terminal::Handle;

/// What must survive.
pub struct Lifeline {
    drafts: Mutex<serde_json::Value>,
    save: Box<dyn Fn(&serde_json::Value) + Send + Sync>,
}

impl Lifeline {
    /// Nothing to lose yet; `save` writes drafts where the next start finds them.
    pub fn new(save: Box<dyn Fn(&serde_json::Value) + Send + Sync>) -> Lifeline {
        Lifeline { drafts: Mutex::new(serde_json::Value::Null), save }
    }

    /// These are the half-filled forms now.
    pub fn hold(&self, drafts: serde_json::Value) {
        *self.drafts.lock().unwrap_or_else(PoisonError::into_inner) = drafts;
    }

    /// Writes them.
    pub fn save(&self) {
        let drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !drafts.is_null() {
            (self.save)(&drafts);
        }
    }
}

/// Ends the process after a signal: draft first, then the terminal. If that hangs on a dead line, the
/// process goes all the same.
pub fn end(lifeline: &Arc<Lifeline>, terminal: &Arc<Handle>, signal: c_int) -> ! {
    thread::spawn(move || {
        let last = Instant::now() + Duration::from_millis(700);
        while Instant::now() < last {
            thread::park_timeout(last.saturating_duration_since(Instant::now()));
        }
        std::process::exit(128 + signal);
    });
    lifeline.save();
    terminal.give_back();
    std::process::exit(128 + signal)
}

/// Starts the thread that waits for signals. It uses an iterator, since a flag set in a handler is
/// never seen by a reader that spins on a vanished terminal.
pub fn watch(
    lifeline: Arc<Lifeline>,
    terminal: Arc<Handle>,
    events: Sender<Incoming>,
) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let gone = match signal {
                SIGTSTP => events.send(Incoming::Suspend).is_err(),
                SIGCONT => events.send(Incoming::Continued).is_err(),
                other => end(&lifeline, &terminal, other),
            };
            if gone {
                return;
            }
        }
    })?;
    Ok(())
}

/// A panic in any thread gives the terminal back and saves the draft before it is reported; the
/// process ends with 101.
pub fn hook(lifeline: Arc<Lifeline>, terminal: Arc<Handle>) {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let ours = terminal.is_taken();
        terminal.give_back();
        lifeline.save();
        report(info);
        if ours {
            std::process::exit(101);
        }
    }));
}
