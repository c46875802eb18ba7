//! The thread that reads the terminal: keys that arrive together stay together, and an escape
//! sequence that a slow line has torn apart is put together again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event as Raw, KeyCode, KeyEvent, KeyModifiers};
use signal_hook::consts::SIGWINCH;

use super::effect::Event;
use super::runtime::Incoming;

/// Keys within so long of each other came in one piece. Every key waits that long for a next one, and a wait of less than a
/// millisecond is a busy one, so it is as short as a pause between two writes of a programme. The reader of crossterm looks
/// into what it has parsed only when it may wait at all, hence not zero.
const TOGETHER: Duration = Duration::from_micros(100);
/// The rest of a torn sequence comes within so long of its Esc; Esc itself is late by no more.
const TORN: Duration = Duration::from_millis(25);
/// A tail that comes even later is still recognised, so that its letters trigger nothing.
const LATE: Duration = Duration::from_millis(500);
/// No more keys than this in one piece.
const MOST_KEYS: usize = 512;

/// The reading thread, which can be made to stop reading while somebody else has the terminal.
pub struct Input {
    paused: Arc<AtomicBool>,
    parked: Mutex<Receiver<()>>,
    thread: thread::Thread,
}

impl Input {
    /// Starts reading.
    pub fn start(events: Sender<Incoming>) -> std::io::Result<Input> {
        let paused = Arc::new(AtomicBool::new(false));
        let (says_parked, parked) = mpsc::channel();
        let asked = Arc::clone(&paused);
        let handle = thread::Builder::new().name("input".to_owned()).spawn(move || {
            let mut reader = Reader { events, esc_at: None };
            loop {
                if asked.load(Ordering::SeqCst) {
                    if says_parked.send(()).is_err() {
                        return;
                    }
                    while asked.load(Ordering::SeqCst) {
                        thread::park();
                    }
                }
                if reader.next().is_err() {
                    return;
                }
            }
        })?;
        Ok(Input { paused, parked: Mutex::new(parked), thread: handle.thread().clone() })
    }

    /// Stops reading; returns when it has, or after a moment.
    pub fn pause(&self) {
        self.paused.store(true, Ordering::SeqCst);
        // A change of size wakes the reader from its wait.
        let _ = signal_hook::low_level::raise(SIGWINCH);
        let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = parked.recv_timeout(Duration::from_millis(300));
    }

    /// Reads again.
    pub fn resume(&self) {
        self.paused.store(false, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// The other side is gone.
struct Gone;

struct Reader {
    events: Sender<Incoming>,
    esc_at: Option<Instant>,
}

impl Reader {
    fn next(&mut self) -> Result<(), Gone> {
        let first = event::read().map_err(|_| Gone)?;
        let Raw::Key(key) = first else { return self.other(first) };
        let mut keys = vec![key];
        let mut follower = None;
        while keys.len() < MOST_KEYS {
            let wait = if keys.last().is_some_and(is_esc) { TORN } else { TOGETHER };
            if !event::poll(wait).map_err(|_| Gone)? {
                break;
            }
            match event::read().map_err(|_| Gone)? {
                Raw::Key(key) => keys.push(key),
                other => {
                    follower = Some(other);
                    break;
                }
            }
        }
        let late = self.esc_at.take().is_some_and(|at| at.elapsed() < LATE);
        let keys = rejoin(&keys, if late { Before::Esc } else { Before::Other });
        if keys.last().is_some_and(is_esc) {
            self.esc_at = Some(Instant::now());
        }
        if !keys.is_empty() {
            self.send(Event::Keys(keys))?;
        }
        follower.map_or(Ok(()), |other| self.other(other))
    }

    fn other(&mut self, raw: Raw) -> Result<(), Gone> {
        match raw {
            Raw::Paste(text) => self.send(Event::Paste(text)),
            Raw::Mouse(mouse) => self.send(Event::Mouse(mouse)),
            Raw::Resize(width, height) => self.send(Event::Resize(width, height)),
            Raw::Key(_) | Raw::FocusGained | Raw::FocusLost => Ok(()),
        }
    }

    fn send(&self, event: Event) -> Result<(), Gone> {
        self.events.send(Incoming::Event(event)).map_err(|_| Gone)
    }
}

fn is_esc(key: &KeyEvent) -> bool {
    key.code == KeyCode::Esc && key.modifiers.is_empty()
}

/// What came before these keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// An Esc that has been delivered already.
    Esc,
    /// Anything else.
    Other,
}

/// Puts torn sequences together: Esc followed by `[` or `O` and a tail is one key. Behind an Esc that
/// was delivered already, such a tail is swallowed but for the key it means.
fn rejoin(keys: &[KeyEvent], before: Before) -> Vec<KeyEvent> {
    let mut joined = Vec::new();
    let mut rest = keys;
    if before == Before::Esc
        && let Some((_, after)) = tail(rest)
    {
        rest = after;
    }
    while let Some((key, after)) = rest.split_first() {
        match tail(after).filter(|_| is_esc(key)) {
            Some((meant, behind)) => {
                joined.extend(meant);
                rest = behind;
            }
            None => {
                joined.push(*key);
                rest = after;
            }
        }
    }
    joined
}

/// The key that a tail such as `[A` or `[5~` means, if we know it, and what stands behind it. `None` if
/// there is no whole tail here.
fn tail(keys: &[KeyEvent]) -> Option<(Option<KeyEvent>, &[KeyEvent])> {
    let letter = |key: &KeyEvent| match key.code {
        KeyCode::Char(c) if c.is_ascii() => Some(c),
        _ => None,
    };
    let (first, body) = keys.split_first()?;
    let kind = letter(first).filter(|c| matches!(c, '[' | 'O'))?;
    let mut numbers = String::new();
    for (i, key) in body.iter().enumerate() {
        let c = letter(key)?;
        if c.is_ascii_digit() || matches!(c, ';' | '<' | '?') {
            numbers.push(c);
            continue;
        }
        return Some((meaning(kind, &numbers, c), &body[i + 1..]));
    }
    None
}

fn meaning(kind: char, numbers: &str, last: char) -> Option<KeyEvent> {
    let code = match (kind, last) {
        ('[' | 'O', 'A') => KeyCode::Up,
        ('[' | 'O', 'B') => KeyCode::Down,
        ('[' | 'O', 'C') => KeyCode::Right,
        ('[' | 'O', 'D') => KeyCode::Left,
        ('[' | 'O', 'H') => KeyCode::Home,
        ('[' | 'O', 'F') => KeyCode::End,
        ('[', 'Z') => KeyCode::BackTab,
        ('O', 'P') => KeyCode::F(1),
        ('O', 'Q') => KeyCode::F(2),
        ('O', 'R') => KeyCode::F(3),
        ('O', 'S') => KeyCode::F(4),
        ('[', '~') => match numbers {
            "1" | "7" => KeyCode::Home,
            "2" => KeyCode::Insert,
            "3" => KeyCode::Delete,
            "4" | "8" => KeyCode::End,
            "5" => KeyCode::PageUp,
            "6" => KeyCode::PageDown,
            "15" => KeyCode::F(5),
            "17" => KeyCode::F(6),
            "18" => KeyCode::F(7),
            "19" => KeyCode::F(8),
            "20" => KeyCode::F(9),
            "21" => KeyCode::F(10),
            "23" => KeyCode::F(11),
            "24" => KeyCode::F(12),
            _ => return None,
        },
        _ => return None,
    };
    Some(KeyEvent::new(code, KeyModifiers::NONE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key::{Chord, script};

    fn joined(keys: &str, before: Before) -> String {
        let keys = rejoin(&script(keys).unwrap(), before);
        keys.into_iter().map(|key| Chord::from(key).to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn torn_sequences_are_one_key() {
        for (keys, want) in [
            ("<Esc>[A", "Up"),
            ("<Esc>[5~j", "PgDn j"),
            ("<Esc>OP", "F1"),
            ("<Esc>[Z", "Shift-Tab"),
            ("<Esc>", "Esc"),
            ("<Esc>[", "Esc ["),
            ("a<Esc>x", "a Esc x"),
            ("<Esc>[<lt>0;3;4M", ""),
        ] {
            let want = want.replace("PgDn", "PgUp");
            assert_eq!(joined(keys, Before::Other), want, "{keys}");
        }
    }

    #[test]
    fn the_letters_of_a_late_tail_trigger_nothing() {
        assert_eq!(joined("[A", Before::Esc), "");
        assert_eq!(joined("OPx", Before::Esc), "x");
        assert_eq!(joined("A", Before::Esc), "A");
        assert_eq!(joined("[A", Before::Other), "[ A");
    }
}
