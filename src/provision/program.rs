//! One run of the office's program: its own process group, a bare environment, a deadline that also ends what it started.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::desk::hook::Ended;
use crate::mail::stop::Stop;

/// Where a program may look for others; our own environment, which may hold a password, is not handed on.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// How often a stop is looked for while the program runs.
const LOOK: Duration = Duration::from_millis(200);
/// When told to stop: so long the program may still go on.
const GRACE: Duration = Duration::from_secs(2);
/// Of what it writes to standard error so much is read: the end of it.
const LONGEST: usize = 4_096;
/// After its end, what it wrote is waited for no longer, since something it started may hold the pipe.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The program and its arguments, with the time that a run may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program, then its arguments; never through a shell.
    pub command: Vec<String>,
    /// How long a run may take.
    pub deadline: Duration,
}

/// How waiting for the program ended.
enum Wait {
    Ended(std::io::Result<ExitStatus>),
    TooSlow,
    Stopped,
}

impl Program {
    /// Why this program cannot be run, found without running it; none: it can.
    pub fn fault(&self) -> Option<String> {
        let program = self.command.first()?;
        let path = Path::new(program);
        if !path.is_absolute() {
            return Some(format!("{program} is not a full path"));
        }
        match std::fs::metadata(path) {
            Err(error) => Some(format!("{program}: {error}")),
            Ok(found) if !found.is_file() => Some(format!("{program} is not a file")),
            Ok(found) if std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 == 0 => {
                Some(format!("{program} cannot be run by anybody (chmod +x)"))
            }
            Ok(_) => None,
        }
    }

    /// Runs it with `input` on standard input.
    pub fn run(&self, input: &str, stop: &Stop) -> Ended {
        if let Some(fault) = self.fault() {
            return Ended::Failed(fault);
        }
        let mut child = match self.start() {
            Ok(child) => child,
            Err(error) => return Ended::Failed(format!("it could not be started: {error}")),
        };
        let group = Pid::from_child(&child);
        if let Some(mut pipe) = child.stdin.take() {
            let input = input.to_owned();
            // A program that does not read is no failure: its status counts. The thread ends with the pipe.
            std::thread::spawn(move || drop(pipe.write_all(input.as_bytes())));
        }
        let said = said(&mut child);
        let (tell, ended) = mpsc::channel();
        std::thread::spawn(move || drop(tell.send(child.wait())));
        let outcome = wait(&ended, self.deadline, stop);
        if matches!(outcome, Wait::TooSlow | Wait::Stopped) {
            // Gone already is as good as killed; the wait below reaps it.
            let _gone = kill_process_group(group, Signal::KILL);
            let _reaped = ended.recv();
        }
        let words = said.recv_timeout(LAST_WORDS).unwrap_or_default();
        match outcome {
            Wait::Ended(Ok(status)) if status.success() => Ended::Done,
            Wait::Ended(Ok(status)) => Ended::Failed(with_words(&how(status), &words)),
            Wait::Ended(Err(error)) => Ended::Failed(format!("its end could not be awaited: {error}")),
            Wait::TooSlow => {
                Ended::Failed(with_words(&format!("not done after {} s", self.deadline.as_secs()), &words))
            }
            Wait::Stopped => Ended::Released,
        }
    }

    fn start(&self) -> std::io::Result<Child> {
        let (program, arguments) = self.command.split_first().ok_or(std::io::ErrorKind::NotFound)?;
        Command::new(program)
            .args(arguments)
            .env_clear()
            .env("PATH", PATH)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
    }
}

fn wait(ended: &Receiver<std::io::Result<ExitStatus>>, deadline: Duration, stop: &Stop) -> Wait {
    let mut until = Instant::now() + deadline;
    let mut told = false;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match ended.recv_timeout(left.min(LOOK)) {
            Ok(status) => return Wait::Ended(status),
            Err(RecvTimeoutError::Disconnected) => {
                return Wait::Ended(Err(std::io::Error::other("nobody waited for it")));
            }
            Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                return if told { Wait::Stopped } else { Wait::TooSlow };
            }
            Err(RecvTimeoutError::Timeout) => {
                if stop.is_stopping() && !told {
                    told = true;
                    until = until.min(Instant::now() + GRACE);
                }
            }
        }
    }
}

/// The end of what it writes to standard error, once the pipe is closed.
fn said(child: &mut Child) -> Receiver<String> {
    let (tell, said) = mpsc::channel();
    if let Some(mut pipe) = child.stderr.take() {
        std::thread::spawn(move || {
            let (mut kept, mut chunk) = (Vec::new(), [0_u8; 1_024]);
            while let Ok(n @ 1..) = pipe.read(&mut chunk) {
                kept.extend_from_slice(&chunk[..n]);
                let surplus = kept.len().saturating_sub(LONGEST);
                kept.drain(..surplus);
            }
            let _nobody = tell.send(String::from_utf8_lossy(&kept).into_owned());
        });
    }
    said
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => status.to_string(),
    }
}

/// With its last line, made harmless: the words of a program are outside text.
fn with_words(what: &str, words: &str) -> String {
    let last = words.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let last: String = last.chars().filter(|c| !c.is_control()).take(500).collect();
    if last.is_empty() { what.to_owned() } else { format!("{what}: {last}") }
}

#[cfg(test)]
mod tests;
