//! One run of the programme on one office: places, config, database, who acts. Everything a command needs passes here,
//! so that no command can open an unsafe database or write where only reading was asked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::identity::{self, Evidence};
use super::{guard, settings};
use crate::config::{self, Asked, Config, IdentityMode, Loaded, Places, Severity, process_env};
use crate::desk::{Desk, OpenOptions, Reader, Settings, SystemClock};
use crate::domain::permission::{Actor, Allowed, How, Permission};
use crate::domain::refusal::Refusal;
use crate::mail::Renderer;

/// The office as this run sees it.
pub struct Session {
    /// The flags that every command takes.
    pub global: Global,
    /// Where things lie.
    pub places: Places,
    /// The settings.
    pub config: Config,
    /// The config file, and what is wrong with it.
    pub loaded: Loaded,
    /// What opens the desk and its readers.
    pub options: OpenOptions,
}

impl Session {
    /// Finds places and config; opens nothing yet. A config that stops is told in one message with all its problems.
    pub fn start(global: &Global) -> Result<Session, Failure> {
        let session = Self::start_with_any_config(global)?;
        if session.loaded.stops() {
            return Err(session.config_failure());
        }
        crate::log::start(&session.places.log_dir(), session.config.log.level).unwrap_or_else(|error| {
            tracing::warn!(%error, "there is no log");
        });
        Ok(session)
    }

    /// The same for `check` and `paths`, which must work when the config does not.
    pub fn start_with_any_config(global: &Global) -> Result<Session, Failure> {
        let asked = Asked { config: global.config.clone(), database: global.db.clone() };
        let places = Places::find(&asked, &process_env)
            .map_err(|problem| Failure::new(Exit::Failed, "config", problem.message))?;
        let loaded = config::load(&places);
        let config = loaded.config.clone();
        let letters = settings::letters(&config, &places);
        let options = OpenOptions {
            path: config.database_path(&places),
            settings: Arc::new(settings::desk(&config)),
            clock: Arc::new(SystemClock),
            render: Arc::new(Renderer::new(&letters)),
        };
        keep_to_ourselves(config.identity.mode);
        Ok(Session { global: global.clone(), places, config, loaded, options })
    }

    fn config_failure(&self) -> Failure {
        let stopping = self.loaded.problems.iter().filter(|p| p.severity == Severity::Stops);
        let said: Vec<String> = stopping.map(ToString::to_string).collect();
        let file = self.loaded.file.as_deref().unwrap_or(&self.places.config_file);
        let (file, all) = (file.display().to_string(), said.join("; "));
        let message = if all.contains(&file) { all } else { format!("{file}: {all}") };
        // Trouble with the place of the file names the command that mends it; nothing in the file is wrong.
        let remedy = match message.contains("chmod ") {
            true => "The config is read again when that is mended.",
            false => "Correct the file; `countersign config example` shows every setting.",
        };
        let mut failure = Failure::new(Exit::Failed, "config", message).remedy(remedy);
        failure.more.insert("problems".into(), said.into());
        failure
    }

    /// The database file.
    pub fn database(&self) -> &Path {
        &self.options.path
    }

    /// The office's settings.
    pub fn settings(&self) -> &Settings {
        &self.options.settings
    }

    /// Now, in milliseconds.
    pub fn now(&self) -> i64 {
        self.options.clock.now()
    }

    /// The mail folder, for transport `folder`.
    pub fn mail_folder(&self) -> PathBuf {
        self.config.mail_folder(&self.places)
    }

    /// A reader, after a look at the file itself.
    pub fn reader(&self) -> Result<Reader, Failure> {
        guard::database(self.database(), self.config.identity.mode)?;
        Ok(Reader::open(&self.options)?)
    }

    /// The same for the screen, which is about to write: an older schema is migrated first, with a backup.
    pub fn migrated_reader(&self) -> Result<Reader, Failure> {
        match self.reader() {
            Err(_) if self.read_only().is_none() => {
                self.desk()?;
                self.reader()
            }
            opened => opened,
        }
    }

    /// The writing side; what the clock has let run out is swept first.
    pub fn desk(&self) -> Result<Desk, Failure> {
        self.may_write()?;
        guard::database(self.database(), self.config.identity.mode)?;
        let mut desk = Desk::open(self.options.clone())?;
        desk.sweep()?;
        Ok(desk)
    }

    /// Why the screen may only read, if so: asked for, set in the config, or the database lies where nothing can be
    /// written (trust.md, Faults: read-only medium).
    pub fn read_only(&self) -> Option<String> {
        self.wished_read_only().or_else(|| guard::writable(self.database()).err())
    }

    /// The same by flag and config alone.
    pub fn wished_read_only(&self) -> Option<String> {
        match (self.global.read_only, self.config.screen.read_only) {
            (true, _) => Some("this screen only reads (--read-only); start it without, to write".to_owned()),
            (false, true) => Some("this screen only reads (screen.read_only in the config)".to_owned()),
            (false, false) => None,
        }
    }

    /// Refused where only reading was asked for.
    pub fn may_write(&self) -> Result<(), Failure> {
        if !self.global.read_only {
            return Ok(());
        }
        let remedy = "Run it again without --read-only.";
        Err(Refusal::new("read_only", "This run may only read (--read-only).", remedy).into())
    }

    /// Who acts, by the command line.
    pub fn actor(&self, reader: &Reader) -> Result<Actor, Failure> {
        self.actor_by(reader, How::CommandLine)
    }

    /// Who acts, by this way in.
    pub fn actor_by(&self, reader: &Reader, how: How) -> Result<Actor, Failure> {
        let person = identity::person(&self.evidence(&identity::login_of))?;
        let real = reader.actor(&person.login, how)?;
        match &person.acting_as {
            Some(other) if *other != real.login => {
                real.allow(Permission::ActAs)?;
                let mut actor = reader.actor(other, how)?;
                actor.real = Some(real.login);
                Ok(actor)
            }
            Some(_) | None => Ok(real),
        }
    }

    /// What kernel and command line say of who acts.
    pub fn evidence<'a>(&'a self, login_of: &'a dyn Fn(u32) -> String) -> Evidence<'a> {
        Evidence {
            mode: self.config.identity.mode,
            uid: rustix::process::getuid().as_raw(),
            owner: guard::owner(self.database()),
            env: &process_env,
            actor: self.global.actor.as_deref(),
            acting_as: self.global.acting_as.as_deref(),
            login_of,
        }
    }

    /// A reader and the actor, who must have this permission.
    pub fn look(&self, permission: Permission) -> Result<(Reader, Actor, Allowed), Failure> {
        let reader = self.reader()?;
        let actor = self.actor(&reader)?;
        let allowed = actor.allow(permission)?;
        Ok((reader, actor, allowed))
    }
}

/// What this process makes is readable for nobody else, or in a team for its group alone (trust.md, Who is acting).
fn keep_to_ourselves(mode: IdentityMode) {
    let mask = match mode {
        IdentityMode::Own | IdentityMode::Ssh => 0o077,
        IdentityMode::Team => 0o007,
    };
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
}
