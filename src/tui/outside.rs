//! What lies outside the screen: the shell we go back to, the editor, the terminal device.

use std::fs::{self, File};
use std::io::{self, Write};
use std::process::Command;

use rustix::process::{Signal, getpgid, getpgrp, getpid, getsid, kill_current_process_group};

/// True if this process has a terminal of its own; it loses it when the line drops.
pub fn has_tty() -> bool {
    File::open("/dev/tty").is_ok()
}

/// True if somebody would wake us after a stop: the session's leader is another job than ours. A
/// forced command over SSH has no such shell, and would sleep for ever.
pub fn has_shell() -> bool {
    let Ok(session) = getsid(None) else { return false };
    session != getpid() && getpgid(Some(session)).is_ok_and(|group| group != getpgrp())
}

/// Stops this job until the shell continues it.
pub fn stop() {
    if let Err(error) = kill_current_process_group(Signal::STOP) {
        tracing::warn!(%error, "could not suspend");
    }
}

/// Lets the reader edit a text in their editor; gives what they saved. The file is private and removed.
pub fn edit(editor: &str, text: &str) -> Result<String, String> {
    let file = tempfile::Builder::new().prefix("countersign-").suffix(".txt").tempfile().map_err(told)?;
    file.as_file().write_all(text.as_bytes()).map_err(told)?;
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or("EDITOR is empty")?;
    let status =
        Command::new(program).args(words).arg(file.path()).status().map_err(|e| format!("{program}: {e}"))?;
    if !status.success() {
        return Err(format!("{program} failed; the text is as it was"));
    }
    fs::read_to_string(file.path()).map_err(told)
}

fn told(error: io::Error) -> String {
    format!("the text could not be handed to the editor: {error}")
}
