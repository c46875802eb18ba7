//! An office on disk that is run by the real programme, as people and services run it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use super::faulty::{Bench, PASSWORD, USER};

/// Its folder is removed when it is dropped.
pub struct Office {
    dir: tempfile::TempDir,
}

impl Office {
    /// An office whose mail goes into a folder.
    pub fn with_folder() -> Office {
        Office::new("transport = \"folder\"\n")
    }

    /// An office whose mail goes to a server on this machine, encrypted and with a password from a private file.
    pub fn with_server(port: u16, bench: &Bench) -> Office {
        let ca_file = bench.ca_file();
        Office::new(&format!(
            "transport = \"smtp\"\n[mail.smtp]\nhost = \"localhost\"\nport = {port}\ntls = \"starttls\"\nuser = \"{USER}\"\n\
             password_file = \"password\"\nca_file = \"{}\"\n",
            ca_file.display()
        ))
    }

    fn new(mail: &str) -> Office {
        let office = Office { dir: tempfile::tempdir().unwrap() };
        let config = format!(
            "[office]\nname = \"Aurora\"\nportal_url = \"https://portal.example/set?token={{token}}\"\n\
             [mail]\nfrom = \"Aurora <office@aurora.example>\"\ngrace_seconds = 0\n{mail}"
        );
        office.write("countersign.toml", &config);
        office.write("password", &format!("{PASSWORD}\n"));
        office.done(&["init"]);
        office
    }

    /// Where everything of it lies: config, database, logs, mail.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a private file of it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Its database.
    pub fn database(&self) -> PathBuf {
        self.path().join("office.db")
    }

    /// The programme with these arguments, and nothing of whoever runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.env_clear().env("HOME", self.path()).current_dir(self.path());
        command.arg("--config").arg(self.path().join("countersign.toml")).arg("--db").arg(self.database());
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs it to its end, however it ends.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it; it must succeed. Gives what it printed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {}: {errors}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs it with `--json`; it must succeed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// Hands in one sign-up for each address, as a web site does; each causes a mail.
    pub fn submit<'a>(&self, addresses: impl Iterator<Item = &'a str>) {
        let line = |(n, address): (usize, &str)| {
            let person = json!({ "company": format!("House {n} GmbH"), "contact_last_name": "Lima", "email": address, "country": "PT" });
            format!("{person}\n")
        };
        let lines: String = addresses.enumerate().map(line).collect();
        self.write("signups.jsonl", &lines);
        self.done(&["signup", "submit", "--file", "signups.jsonl"]);
    }

    /// The outbox as `mail list --json` gives it.
    pub fn mails(&self) -> Vec<Value> {
        let Value::Array(rows) = self.json(&["mail", "list", "--limit", "0"]) else {
            panic!("a list is an array")
        };
        rows
    }

    /// One mail with its attempts.
    pub fn mail(&self, id: i64) -> Value {
        self.json(&["mail", "show", &id.to_string()])
    }

    /// Time passes for the queue: every wait and every lease is over. Only while no worker runs.
    pub fn time_passes(&self) {
        let conn = Connection::open(self.database()).unwrap();
        conn.execute_batch(
            "update outbox set next_at = 0, lease_until = 0 where state in ('held', 'waiting', 'sending');
             update mail_queue set backoff_until = null;",
        )
        .unwrap();
    }
}
