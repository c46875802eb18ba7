//! An office on disk and the real programme on it: nothing of the machine's own config, home or identity leaks in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// No command of these tests may need so long; a hang is a failure, not a wait.
const LONGEST: Duration = Duration::from_secs(60);

/// What a run said and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the programme writes UTF-8");
        Ran { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// It worked; gives what it printed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.out
    }

    /// It failed with this status and one message that says each of these.
    #[track_caller]
    pub fn fails(self, status: i32, says: &[&str]) -> Ran {
        assert_eq!(self.status, Some(status), "{self:?}");
        let told = format!("{}{}", self.out, self.err);
        for words in says {
            assert!(told.contains(words), "“{words}” is not in: {told}");
        }
        for never in ["panicked", "internal error", "locked", "os error 2\n", "RUST_BACKTRACE"] {
            assert!(!told.contains(never), "“{never}” is in: {told}");
        }
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// An office made by `countersign init`; gone when dropped.
pub struct Office {
    home: tempfile::TempDir,
}

impl Office {
    /// The person who runs the tests is its administrator.
    pub fn new() -> Office {
        let office = Office { home: tempfile::tempdir().unwrap() };
        office.run(&["init"]).ok();
        office
    }

    /// With two approvers, maria and jens.
    pub fn staffed() -> Office {
        let office = Office::new();
        for login in ["maria", "jens"] {
            office.run(&["staff", "new", login, "--name", login, "--role", "manager"]).ok();
        }
        office
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn database(&self) -> PathBuf {
        self.home().join(".local/share/countersign/countersign.db")
    }

    pub fn config(&self) -> PathBuf {
        self.home().join(".config/countersign/config.toml")
    }

    /// The environment of a run: this home, nothing else.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("HOME", self.home().display().to_string()),
            ("PATH", "/usr/bin:/bin".into()),
            ("LANG", "C.UTF-8".into()),
        ]
    }

    /// A run, not started yet.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(words).env_clear().envs(self.env()).current_dir(self.home());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A whole run.
    pub fn run(&self, words: &[&str]) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(words));
        command.timeout(LONGEST).output().unwrap().into()
    }

    /// A whole run with this on its standard input.
    pub fn fed(&self, words: &[&str], input: impl Into<Vec<u8>>) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(words));
        command.timeout(LONGEST).write_stdin(input).output().unwrap().into()
    }

    /// A run under a shell line in which `"$@"` is the programme with these words.
    pub fn under(&self, shell: &str, words: &[&str]) -> Ran {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", shell, "sh", env!("CARGO_BIN_EXE_countersign")]).args(words);
        command.env_clear().envs(self.env()).current_dir(self.home()).stdin(Stdio::null());
        assert_cmd::Command::from_std(command).timeout(LONGEST).output().unwrap().into()
    }

    /// Submits one sign-up from outside; gives its number.
    pub fn submit(&self, name: &str) -> String {
        self.fed(&["signup", "submit", "--file", "-", "--json"], signup(name)).json()["number"]
            .as_str()
            .expect("a sign-up has a number")
            .to_owned()
    }

    /// Nothing is wrong with file, history, search and counts.
    #[track_caller]
    pub fn assert_sound(&self) {
        self.run(&["db", "check"]).ok();
        self.run(&["history", "--verify"]).ok();
    }
}

/// A sign-up as the web site hands it over.
pub fn signup(name: &str) -> String {
    format!(
        r#"{{"company":"Company {name}","last_name":"Lima","email":"{name}@contoso-coffee.com","country":"PT","external_id":"{name}"}}"#
    )
}

/// True where file modes stop nobody.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// True where a private mount can be made.
pub fn can_mount() -> bool {
    let tried = Command::new("/bin/sh").args(["-c", "unshare -m true"]).output();
    is_root() && tried.is_ok_and(|done| done.status.success())
}
