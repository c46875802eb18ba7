//! The programmable server as another process, and what it needs: an interpreter with aiosmtpd and throw-away
//! certificates.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Who may log on.
pub const USER: &str = "backoffice";
/// With this.
pub const PASSWORD: &str = "s3cret-test";

/// Where the shared tools lie.
pub fn shared_dir() -> PathBuf {
    std::env::var("COUNTERSIGN_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
}

/// What the server needs.
pub struct Bench {
    python: String,
    certs: PathBuf,
    _made: Option<tempfile::TempDir>,
}

impl Bench {
    /// `None`, and why on standard output, where something is missing.
    pub fn find() -> Option<Bench> {
        let Ok(python) = std::env::var("COUNTERSIGN_SMTP_PYTHON") else {
            println!("skipped: COUNTERSIGN_SMTP_PYTHON does not name a Python with aiosmtpd");
            return None;
        };
        let certs = tempfile::tempdir().unwrap();
        let made = Command::new("sh")
            .arg(shared_dir().join("tools/smtp/make_certs.sh"))
            .arg(certs.path())
            .stdout(Stdio::null())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: the test certificates cannot be made");
            return None;
        }
        Some(Bench { python, certs: certs.path().to_owned(), _made: Some(certs) })
    }

    /// For a server that runs already, with certificates from this folder.
    pub fn with_certs(certs: &Path) -> Bench {
        Bench { python: String::new(), certs: certs.to_owned(), _made: None }
    }

    /// The authority that the good certificates are signed by.
    pub fn ca_file(&self) -> PathBuf {
        self.certs.join("ca.pem")
    }
}

/// The server; killed when dropped.
pub struct Faulty {
    child: Child,
    dir: tempfile::TempDir,
    pub port: u16,
    control: u16,
    /// One JSON line for each thing that it does.
    pub events: Receiver<String>,
}

impl Faulty {
    /// Starts it in one mode: a fault's name, or `chaos:SEED`.
    pub fn start(bench: &Bench, mode: &str) -> Faulty {
        let dir = tempfile::tempdir().unwrap();
        let ports = dir.path().join("ports");
        let mut child = Command::new(&bench.python)
            .arg(shared_dir().join("tools/smtp/faulty_smtp.py"))
            .args(["--port", "0", "--control", "0", "--late", "6", "--endless-mb", "8", "--mode", mode])
            .arg("--port-file")
            .arg(&ports)
            .arg("--maildir")
            .arg(dir.path().join("kept"))
            .arg("--certs")
            .arg(&bench.certs)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The first line says that it listens.
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let (tell, events) = mpsc::channel();
        // It is read to its end whether or not anybody listens, so that the server never waits for us.
        thread::spawn(move || lines.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        let text = fs::read_to_string(&ports).unwrap_or_else(|_| panic!("it does not listen: {first}"));
        let mut numbers = text.split_whitespace().map(|word| word.parse().unwrap());
        Faulty { child, dir, port: numbers.next().unwrap(), control: numbers.next().unwrap(), events }
    }

    /// Changes its mode.
    pub fn mode(&self, mode: &str) {
        let mut control = TcpStream::connect(("127.0.0.1", self.control)).unwrap();
        writeln!(control, "mode {mode}").unwrap();
        let mut answer = String::new();
        BufReader::new(control).read_line(&mut answer).unwrap();
        assert!(answer.contains("true"), "{answer}");
    }

    /// Every message that it accepted.
    pub fn kept(&self) -> Vec<Vec<u8>> {
        let folder = fs::read_dir(self.dir.path().join("kept/new")).unwrap();
        folder.flatten().map(|entry| fs::read(entry.path()).unwrap()).collect()
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
