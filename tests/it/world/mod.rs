//! The world of a test: an office in a temporary file, a clock that stands still, six people, and nothing left over.

mod parties;
mod script;
mod shown;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::desk::commands::signup::{Source, Subject, SubmitSignup};
use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::desk::{
    Command, Desk, Error, FirstAdministrator, FixedClock, OpenOptions, Reader, Receipt, Settings,
};
use countersign::domain::id::RecordRef;
use countersign::domain::permission::{Actor, How};
use countersign::mail::{MailSettings, Renderer, Zone};
use rusqlite::Connection;

pub use parties::fields;
pub use shown::{history, outbox, plain, rows};

/// Monday, 23 November 2026, 09:00 UTC.
pub const T0: i64 = 1_795_424_400_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Who works here: login, name, role, natural person behind the login where it is another.
pub const STAFF: &[(&str, &str, &str, Option<&str>)] = &[
    ("maria", "Maria Silva", "approver", None),
    ("jens", "Jens Berg", "approver", None),
    ("priya", "Priya Rao", "manager", None),
    ("tom", "Tom Hill", "service_rep", None),
    ("olga", "Olga Ivanova", "auditor", None),
    ("maria2", "Maria Silva", "approver", Some("maria")),
];

pub struct World {
    pub dir: tempfile::TempDir,
    pub clock: Arc<FixedClock>,
    pub options: OpenOptions,
    pub desk: Desk,
    pub reader: Reader,
}

impl World {
    pub fn new() -> World {
        World::with(|_| {})
    }

    /// An office with other settings.
    pub fn with(change: impl FnOnce(&mut Settings)) -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new(T0));
        let mut settings = Settings::default();
        change(&mut settings);
        let options = options(&dir.path().join("office.db"), settings, clock.clone());
        let mut desk = Desk::open(options.clone()).unwrap();
        staff(&mut desk);
        let reader = desk.reader().unwrap();
        World { dir, clock, options, desk, reader }
    }

    pub fn path(&self) -> PathBuf {
        self.options.path.clone()
    }

    pub fn actor(&self, login: &str) -> Actor {
        self.reader.actor(login, How::CommandLine).unwrap()
    }

    /// The person outside, whose words tom carries in.
    pub fn applicant(&self) -> Actor {
        Actor::applicant(How::Import, &self.actor("tom"))
    }

    pub fn find(&self, number: &str) -> RecordRef {
        self.reader.find(number).unwrap_or_else(|e| panic!("{number}: {e}"))
    }

    /// Whatever the sign-up is now.
    pub fn subject(&self, number: &str) -> Subject {
        Subject::now(self.find(number).id)
    }

    pub fn run(&mut self, login: &str, command: Command) -> Result<Receipt, Error> {
        let actor = self.actor(login);
        self.desk.execute(&actor, command)
    }

    /// Takes in the sign-up of a party (see `parties.rs`) from outside; gives its number.
    pub fn submit(&mut self, party: &str) -> String {
        let applicant = self.applicant();
        let receipt = self.desk.execute(&applicant, submission(party)).unwrap();
        receipt.record.unwrap().number
    }

    /// The newest code that was mailed for a sign-up, as it stands in the outbox.
    pub fn code(&self, number: &str) -> String {
        let body: Vec<u8> = self
            .raw()
            .query_row(
                "select body from outbox where record = ?1 and event in ('signup_received', 'signup_resent')
                 order by id desc limit 1",
                [number],
                |r| r.get(0),
            )
            .unwrap();
        code_in(&String::from_utf8(body).unwrap())
    }

    /// Submits and verifies by the mailed code; gives the number.
    pub fn verified(&mut self, party: &str) -> String {
        let number = self.submit(party);
        let code = self.code(&number);
        let applicant = self.applicant();
        let verify = countersign::desk::commands::signup::VerifyByCode { code, signup: None };
        self.desk.execute(&applicant, Command::VerifyByCode(verify)).unwrap();
        number
    }

    /// A connection past the desk: for looking, and for vandals.
    pub fn raw(&self) -> Connection {
        let conn = Connection::open(&self.options.path).unwrap();
        conn.create_scalar_function("fold", 1, rusqlite::functions::FunctionFlags::SQLITE_UTF8, |c| {
            Ok(c.get::<Option<String>>(0)?.map(|t| countersign::domain::text::fold(&t)))
        })
        .unwrap();
        conn
    }

    /// Closes the database and opens it again.
    pub fn reopen(&mut self) {
        self.desk = Desk::open(self.options.clone()).unwrap();
        self.reader = self.desk.reader().unwrap();
    }

    /// Runs a script (see `script.rs`); gives what was said, line by line.
    pub fn play(&mut self, script: &str) -> String {
        script::play(self, script)
    }

    /// The history chain holds and nothing is wrong with the file.
    pub fn assert_sound(&self) {
        let verdict = self.reader.verify_history().unwrap();
        assert_eq!(verdict.bad, None);
        assert_eq!(verdict.outside, 0);
        assert_eq!(self.desk.check().unwrap(), []);
    }
}

/// A script in a new office; then history, outbox and rows.
pub fn story(script: &str) -> String {
    story_in(&mut World::new(), script)
}

/// A script in this office; then history, outbox and rows.
pub fn story_in(world: &mut World, script: &str) -> String {
    let said = world.play(script);
    world.assert_sound();
    let conn = world.raw();
    format!("{said}\n{}\n{}\n{}", history(&conn, STAFF.len() as i64 + 1), outbox(&conn), rows(&conn))
}

/// What a desk needs, with real templates and mail into a folder.
pub fn options(path: &Path, settings: Settings, clock: Arc<FixedClock>) -> OpenOptions {
    let mut mail = MailSettings::folder(path.with_extension("mail"));
    mail.zone = Zone::Utc;
    OpenOptions {
        path: path.to_owned(),
        settings: Arc::new(settings),
        clock,
        render: Arc::new(Renderer::new(&mail)),
    }
}

/// Ana sets the office up and takes the others on.
pub fn staff(desk: &mut Desk) {
    let first = FirstAdministrator { login: "ana".into(), name: "Ana Costa".into() };
    desk.execute(&Actor::clock(), Command::Initialise(first)).unwrap();
    let ana = desk.reader().unwrap().actor("ana", How::CommandLine).unwrap();
    for (login, name, role, person) in STAFF {
        let add = AddStaff {
            login: (*login).into(),
            name: (*name).into(),
            email: Some(format!("{login}@office.example")),
            roles: vec![(*role).into()],
            person: person.map(str::to_owned),
            traits: Traits::default(),
        };
        desk.execute(&ana, Command::AddStaff(add)).unwrap();
    }
}

/// The sign-up of a party, as the web site hands it over.
pub fn submission(party: &str) -> Command {
    let fields = fields(party);
    Command::SubmitSignup(Box::new(SubmitSignup {
        fields,
        external_id: None,
        extra: serde_json::Map::new(),
        source: Source::Form,
    }))
}

/// The code in the text of a mail: three groups of five.
pub fn code_in(body: &str) -> String {
    let of_code = |word: &&str| {
        let groups: Vec<&str> = word.split('-').collect();
        groups.len() == 3
            && groups
                .iter()
                .all(|g| g.len() == 5 && g.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
    };
    let mut words = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.find(of_code).unwrap_or_else(|| panic!("no code in {body}")).to_owned()
}
