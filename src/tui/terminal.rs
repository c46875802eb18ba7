//! The terminal itself: taken over by one guard, given back on every way out, written to once a frame.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::app::MOST;
use super::effect::Mouse;
use super::gate::{Caps, Gate};
use super::text::show_line;

/// The window's title is put aside; once for each giving back.
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
/// Alternate screen and bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Clicks and wheel only; motion would fill a slow line.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// Everything back, whatever state a frame was left in.
const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[m\x1b[r\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[23;2t";
/// More than this no terminal takes through OSC 52.
const CLIPBOARD: usize = 70_000;

/// Gives the terminal back; shared with the signal thread and the panic hook. Works once per taking.
#[derive(Debug)]
pub struct Handle {
    out: File,
    taken: AtomicBool,
}

impl Handle {
    /// Restores screen, cursor, mouse, paste, title and line discipline; errors are of no use
    /// on the way out and are dropped.
    pub fn give_back(&self) {
        if self.taken.swap(false, Ordering::SeqCst) {
            let _ = (&self.out).write_all(LEAVE);
            let _ = disable_raw_mode();
        }
    }

    /// True while the terminal is ours.
    pub fn is_taken(&self) -> bool {
        self.taken.load(Ordering::SeqCst)
    }
}

/// The terminal while it is ours.
#[derive(Debug)]
pub struct Terminal {
    handle: Arc<Handle>,
    gate: Gate,
    caps: Caps,
    mouse: Mouse,
    written: usize,
}

impl Terminal {
    /// Takes the terminal over.
    pub fn take(caps: Caps, mouse: Mouse) -> io::Result<Terminal> {
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let handle = Arc::new(Handle { out, taken: AtomicBool::new(false) });
        let mut terminal = Terminal { handle, gate: Gate::new(caps), caps, mouse, written: 0 };
        terminal.enter()?;
        Ok(terminal)
    }

    /// For the signal thread and the panic hook.
    pub fn handle(&self) -> Arc<Handle> {
        Arc::clone(&self.handle)
    }

    fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        if !self.handle.taken.swap(true, Ordering::SeqCst) {
            self.write(KEEP_TITLE)?;
        }
        self.write(ENTER)?;
        if self.mouse == Mouse::On {
            self.write(MOUSE_ON)?;
        }
        self.gate.forget();
        Ok(())
    }

    /// Gives the terminal back while `outside` runs, then takes it again; the next frame repaints all.
    pub fn lend<T>(&mut self, outside: impl FnOnce() -> T) -> io::Result<T> {
        self.handle.give_back();
        let result = outside();
        self.enter()?;
        Ok(result)
    }

    /// After the process was stopped from outside: what the terminal shows is unknown.
    pub fn retake(&mut self) -> io::Result<()> {
        // The shell may have put the line back to cooked mode, which crossterm does not know.
        disable_raw_mode()?;
        self.enter()
    }

    /// The next frame repaints everything.
    pub fn forget(&mut self) {
        self.gate.forget();
    }

    /// The part of the terminal that is used.
    pub fn size(&self) -> io::Result<Rect> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Rect::new(0, 0, width.clamp(1, MOST.0), height.clamp(1, MOST.1)))
    }

    /// Shows a frame: one write, none if it is shown already.
    pub fn show(&mut self, buffer: &Buffer, cursor: Option<Position>) -> io::Result<()> {
        let bytes = self.gate.frame(buffer, cursor);
        if !bytes.is_empty() {
            self.written += bytes.len();
            (&self.handle.out).write_all(bytes)?;
        }
        Ok(())
    }

    /// Mouse reports on or off.
    pub fn set_mouse(&mut self, mouse: Mouse) -> io::Result<()> {
        self.mouse = mouse;
        self.write(if mouse == Mouse::On { MOUSE_ON } else { MOUSE_OFF })
    }

    /// What the terminal may be sent has changed; the next frame repaints everything.
    pub fn refit(&mut self, caps: Caps, mouse: Mouse) -> io::Result<()> {
        self.caps = caps;
        self.gate = Gate::new(caps);
        self.set_mouse(mouse)
    }

    /// The window's title, cleaned.
    pub fn set_title(&mut self, title: &str) -> io::Result<()> {
        let title = show_line(title);
        let title =
            if self.caps.utf8 { title.into_owned() } else { title.chars().filter(char::is_ascii).collect() };
        self.write(format!("\x1b]2;{title}\x07").as_bytes())
    }

    /// Copies by OSC 52; says honestly what cannot be known.
    pub fn copy(&mut self, text: &str) -> Result<String, String> {
        if text.len() > CLIPBOARD {
            return Err(format!("{} bytes are too long for a terminal's clipboard", text.len()));
        }
        let mut sequence = String::new();
        CopyToClipboard::to_clipboard_from(text)
            .write_ansi(&mut sequence)
            .map_err(|error| error.to_string())?;
        self.write(sequence.as_bytes()).map_err(|error| error.to_string())?;
        let short: String = text.lines().next().unwrap_or("").chars().take(40).collect();
        Ok(format!("{short}, if the terminal allows it"))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.handle.out).write_all(bytes)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.handle.give_back();
    }
}
