//! A pseudo-terminal with the programme in it, and an emulator that shows what a person would see.

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

use crate::faults::office::Office;

/// Nothing on a screen may take so long.
const LONGEST: Duration = Duration::from_secs(20);

/// A programme on a terminal.
pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything that was written to the terminal.
    pub written: Vec<u8>,
    line: String,
    closed: Arc<AtomicBool>,
}

fn cells(n: u16) -> NonZero<u16> {
    NonZero::new(n).expect("a terminal has a cell")
}

impl Terminal {
    /// `countersign` with these words, 120 by 40, on this office.
    pub fn open(office: &Office, words: &[&str]) -> Terminal {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(words);
        Terminal::run(office, command)
    }

    /// Any command, with the environment of the office and a usual terminal.
    pub fn run(office: &Office, mut command: CommandBuilder) -> Terminal {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        command.env_clear();
        for (name, value) in office.env() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.cwd(office.home());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let (send, bytes) = mpsc::channel();
        let closed = Arc::new(AtomicBool::new(false));
        let is_closed = Arc::clone(&closed);
        std::thread::spawn(move || {
            let mut chunk = [0; 65_536];
            while let Ok(n @ 1..) = output.read(&mut chunk) {
                if is_closed.load(Ordering::SeqCst) || send.send(chunk[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let line = pair.master.tty_name().expect("a pty has a name").display().to_string();
        let keyboard = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(cells(40), cells(120), 0);
        let (master, keyboard) = (Some(pair.master), Some(keyboard));
        Terminal { master, keyboard, child, bytes, screen, written: Vec::new(), line, closed }
    }

    /// Types bytes as they are.
    pub fn types(&mut self, bytes: impl AsRef<[u8]>) -> &mut Terminal {
        let keyboard = self.keyboard.as_mut().expect("the terminal is open");
        keyboard.write_all(bytes.as_ref()).unwrap();
        keyboard.flush().unwrap();
        self
    }

    /// Waits until the screen shows this.
    #[track_caller]
    pub fn shows(&mut self, words: &str) -> &mut Terminal {
        self.until(words, |screen| screen.contents().contains(words))
    }

    /// Waits until the screen shows this no more.
    #[track_caller]
    pub fn hides(&mut self, words: &str) -> &mut Terminal {
        self.until(words, |screen| !screen.contents().contains(words))
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) -> &mut Terminal {
        let last = Instant::now() + LONGEST;
        while !holds(self.screen.screen()) {
            let more = self.takes(last.saturating_duration_since(Instant::now()));
            assert!(more || holds(self.screen.screen()), "“{what}” was waited for:\n{}", self.text());
        }
        self
    }

    /// Takes what comes within this time; false when nothing did.
    pub fn takes(&mut self, within: Duration) -> bool {
        match self.bytes.recv_timeout(within) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.written.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Waits until nothing is written for so long.
    #[track_caller]
    pub fn is_quiet_for(&mut self, time: Duration) -> &mut Terminal {
        let last = Instant::now() + LONGEST;
        while self.takes(time) {
            assert!(Instant::now() < last, "it never rests:\n{}", self.text());
        }
        self
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// The emulator.
    pub fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    pub fn resize(&mut self, cols: u16, rows: u16) -> &mut Terminal {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().expect("the terminal is open").resize(size).unwrap();
        // No more than this is ever drawn; the emulator would want gigabytes for what some terminals claim.
        self.screen.screen_mut().set_size(cells(rows.min(200)), cells(cols.min(400)));
        self
    }

    pub fn signal(&mut self, signal: Signal) -> &mut Terminal {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
        self
    }

    /// The window is closed: nobody reads, nobody types. What was written stays to be looked at.
    pub fn close(&mut self) -> &mut Terminal {
        // The reading thread holds the terminal too; the frame for the new size wakes it, and it lets go.
        self.closed.store(true, Ordering::SeqCst);
        self.resize(100, 30);
        self.keyboard = None;
        self.master = None;
        self
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end, at most so long; gives the exit status.
    #[track_caller]
    pub fn ends_within(&mut self, time: Duration) -> u32 {
        let last = Instant::now() + time;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while self.takes(Duration::from_millis(50)) {}
                return status.exit_code();
            }
            if !self.takes(Duration::from_millis(10)) {
                std::thread::yield_now();
            }
            assert!(Instant::now() < last, "it still runs:\n{}", self.text());
        }
    }

    /// The exit status.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        self.ends_within(LONGEST)
    }

    /// Everything is as it was before: screen, cursor, mouse, paste, line discipline.
    #[track_caller]
    pub fn assert_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!screen.application_cursor() && !screen.application_keypad());
        let tail = String::from_utf8_lossy(&self.written);
        assert!(tail.rfind("\u{1b}[?1004h") <= tail.rfind("\u{1b}[?1004l"), "focus reports are on");
        // O_NOCTTY: looking at a terminal must not make it ours.
        let line = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
            .open(&self.line)
            .unwrap();
        let modes = tcgetattr(&line).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG), "{modes:?}");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.runs() {
            let _gone = self.child.kill();
            let _reaped = self.child.wait();
        }
    }
}
