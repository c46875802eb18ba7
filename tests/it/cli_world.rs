//! An office of its own for each test, reached only through the binary, as a script would.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// An office in a temporary directory.
pub struct Office {
    dir: tempfile::TempDir,
}

/// What a run gave back.
pub struct Run {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub data: String,
    /// Standard error.
    pub messages: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Run {
            status: output.status.code().expect("it was not killed"),
            data: text(output.stdout),
            messages: text(output.stderr),
        }
    }

    /// The one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.data, self.messages))
    }

    /// Asserts the status.
    pub fn ends(self, status: i32) -> Run {
        assert_eq!(self.status, status, "data: {}\nmessages: {}", self.data, self.messages);
        self
    }
}

impl Office {
    /// An empty place; nothing is set up.
    pub fn nowhere() -> Office {
        Office { dir: tempfile::Builder::new().prefix("office").tempdir().expect("a temporary directory") }
    }

    /// An office that was set up, with these lines in its config; mail waits for nobody unless they say so.
    pub fn with(config: &str) -> Office {
        let office = Office::nowhere();
        let grace = if config.contains("grace_seconds") { "" } else { "mail.grace_seconds = 0\n" };
        office.config(&format!("{grace}{config}"));
        office.run(&["init", "--name", "Ada Admin"]).ends(0);
        office
    }

    /// An office that was set up.
    pub fn new() -> Office {
        Office::with("")
    }

    /// Writes the config file.
    pub fn config(&self, text: &str) {
        let file = self.path("config/countersign/config.toml");
        std::fs::create_dir_all(file.parent().expect("it lies in a directory")).expect("made");
        std::fs::write(file, text).expect("written");
    }

    /// A path in the office's directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.path("data/countersign/countersign.db")
    }

    /// The command with these arguments, in an environment of its own.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(args).env_clear().env("HOME", self.dir.path()).stdin(Stdio::null());
        for (variable, dir) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            command.env(variable, self.path(dir));
        }
        command
    }

    /// Runs it to its end.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().expect("the binary runs"))
    }

    /// Runs it with this on standard input.
    pub fn feed(&self, args: &[&str], input: &str) -> Run {
        use std::io::Write;
        let mut command = self.command(args);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
        Run::of(child.wait_with_output().expect("it ends"))
    }

    /// What `ARGS --json` prints when it works.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        self.run(&all).ends(0).json()
    }

    /// The error that `ARGS --json` prints, and its status.
    pub fn error(&self, args: &[&str]) -> (i32, Value) {
        let mut all = args.to_vec();
        all.push("--json");
        let run = self.run(&all);
        let value = run.json();
        assert!(value["error"].is_object(), "{value}");
        (run.status, value["error"].clone())
    }

    /// A sign-up of this company by the applicant; its number.
    pub fn signup(&self, company: &str) -> String {
        let name: String = company.chars().filter(char::is_ascii_alphanumeric).collect();
        let json = format!(
            r#"{{"company": "{company}", "last_name": "Lima", "email": "{name}@{name}.example", "country": "PT"}}"#
        );
        let run = self.feed(&["signup", "submit", "--file", "-", "--json"], &json).ends(0);
        run.json()["number"].as_str().expect("it has a number").to_owned()
    }

    /// A sign-up that was verified by phone; its mail waits.
    pub fn rung(&self, company: &str) -> String {
        let number = self.signup(company);
        self.run(&["signup", "verify", &number, "--by", "phone", "--note", "rang the switchboard"]).ends(0);
        number
    }

    /// A sign-up that was verified by its code, so that nobody need approve the logon.
    pub fn verified(&self, company: &str) -> String {
        let number = self.signup(company);
        self.run(&["mail", "send"]).ends(0);
        let mails = self.mails(&number);
        let code = code_in(mails.first().expect("the code was mailed"));
        self.run(&["signup", "verify", &code]).ends(0);
        number
    }

    /// The mails in the folder that hold this word, as people read them.
    pub fn mails(&self, word: &str) -> Vec<String> {
        let Ok(dir) = std::fs::read_dir(self.path("data/countersign/mail")) else { return Vec::new() };
        let mut mails: Vec<String> = dir
            .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a mail"))
            .map(|bytes| countersign::domain::mail::readable(&bytes))
            .filter(|text| text.contains(word))
            .collect();
        mails.sort();
        mails
    }
}

/// The verification code in a mail: three groups of five.
pub fn code_in(mail: &str) -> String {
    let is_code = |word: &&str| {
        let groups: Vec<&str> = word.split('-').collect();
        groups.len() == 3
            && groups
                .iter()
                .all(|g| g.len() == 5 && g.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
    };
    mail.split_whitespace().find(is_code).expect("the mail holds a code").to_owned()
}

/// The sample sign-ups, or `None` (said) where they are not there.
pub fn samples() -> Option<PathBuf> {
    let shared = std::env::var_os("COUNTERSIGN_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let dir = shared.join("data/signups");
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: {} is not there", dir.display());
    None
}
