//! Makes the sample office on a database of its own: the same office every time, but for its secret codes and for
//! where today is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::post::{Listening, Post};
use super::request::{self, RequestStep};
use super::{SEED, customers, many, play, scripted, signups, staff, templates};
use crate::config::Config;
use crate::desk::commands::staff::{AddStaff, EditStaff, Traits};
use crate::desk::commands::template::{Offered, SaveTemplate};
use crate::desk::{
    Clock, Command, Desk, Error, FirstAdministrator, FixedClock, OpenOptions, Result, Settings, SystemClock,
};
use crate::domain::canned::Canned;
use crate::domain::permission::{Actor, How};
use crate::mail::{MailSettings, Renderer};

/// What kind of sample office.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many customers there are on the first day.
    pub customers: usize,
    /// How many sign-ups; the first sixty are scripted and really happened, the rest is loaded.
    pub signups: usize,
    /// Where it stays; none: in a temporary directory that goes away with [`Office`].
    pub keep: Option<PathBuf>,
}

impl Default for Options {
    /// The office of the tutorial.
    fn default() -> Self {
        Self { customers: 420, signups: scripted(), keep: None }
    }
}

/// A sample office, ready to be opened.
pub struct Office {
    /// With these a `Desk`, `Reader` or `Postbox` opens it.
    pub open: OpenOptions,
    /// Mail goes to the folder.
    pub mail: MailSettings,
    /// The directory that holds everything.
    pub dir: PathBuf,
    /// The database in it.
    pub database: PathBuf,
    /// The mail folder in it.
    pub mail_folder: PathBuf,
    /// Removes the directory when it goes; none where it is kept.
    _temporary: Option<tempfile::TempDir>,
}

/// Who is at the keys of a sample office at first: an approver.
pub const LOGIN: &str = "maria";

/// When the office began to use the programme, before anything happened in it.
const OPENED_DAYS_AGO: i64 = 42;

const DAY: i64 = 86_400_000;

/// Makes the office; `progress` hears a word for what is being made and how many of it there are by now.
///
/// # Errors
/// [`Error::Unavailable`] where the directory cannot be used or holds an office already.
pub fn make(options: &Options, progress: &mut dyn FnMut(&str, u64)) -> Result<Office> {
    make_whole_at(options, SystemClock.now(), progress)
}

/// [`make`] as if it were `now`, without the user requests; for pictures and tests, whose clock stands still.
///
/// # Errors
/// As [`make`].
pub fn make_at(options: &Options, now: i64, progress: &mut dyn FnMut(&str, u64)) -> Result<Office> {
    made(options, (now, Vec::new()), progress)
}

/// [`make`] as if it were `now`, with all that [`make`] makes; for pictures.
///
/// # Errors
/// As [`make`].
pub fn make_whole_at(options: &Options, now: i64, progress: &mut dyn FnMut(&str, u64)) -> Result<Office> {
    made(options, (now, request::steps()), progress)
}

fn made(
    options: &Options,
    (now, requests): (i64, Vec<RequestStep>),
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Office> {
    let (dir, temporary) = directory(options.keep.as_deref())?;
    let (database, mail_folder) = (dir.join("countersign.db"), dir.join("mail"));
    if database.exists() {
        return Err(Error::Unavailable {
            message: format!("{} exists already; no sample was made.", database.display()),
            remedy: "Open it with --db, or name another directory.".into(),
        });
    }
    std::fs::create_dir_all(&mail_folder).map_err(|error| unusable(&mail_folder, &error))?;
    let mail = mail_settings(mail_folder.clone());
    let clock = Arc::new(FixedClock::new(now - OPENED_DAYS_AGO * DAY));
    let listening = Arc::new(Listening::new(Renderer::new(&mail)));
    let mut desk = Desk::open(OpenOptions {
        path: database.clone(),
        settings: Arc::new(settings()),
        clock: clock.clone(),
        render: listening.clone(),
    })?;
    desk.begin_sample()?;
    let admin = found(&mut desk)?;
    let count = options.customers as u64;
    let old = many::customers(customers(SEED, count), now);
    desk.load_customers(&admin, (count, old), progress)?;
    let sample: Vec<_> = customers(SEED, count.min(1_000)).collect();
    let post = Post::new(mail_folder.clone());
    let mut play = play::Play::new(&mut desk, (&clock, &listening, post), now)?;
    let signed_up = signups(SEED, options.signups.min(scripted()), &sample);
    play.run((signed_up, requests), progress)?;
    clock.set(now);
    let rest = options.signups.saturating_sub(scripted()) as u64;
    if rest > 0 {
        let made = many::signups(signups(SEED, options.signups, &[]).skip(scripted()), (rest, now));
        desk.load_signups(&admin, (rest, made), progress)?;
    }
    progress("the disk", 0);
    desk.end_sample()?;
    drop(desk);
    let open = OpenOptions {
        path: database.clone(),
        settings: Arc::new(settings()),
        clock: Arc::new(SystemClock),
        render: Arc::new(Renderer::new(&mail)),
    };
    Ok(Office { open, mail, dir, database, mail_folder, _temporary: temporary })
}

fn directory(keep: Option<&Path>) -> Result<(PathBuf, Option<tempfile::TempDir>)> {
    match keep {
        Some(dir) => {
            crate::files::private_directory(dir).map_err(|fault| Error::Unavailable {
                message: fault.to_string(),
                remedy: "Name a directory that is yours.".into(),
            })?;
            Ok((dir.to_owned(), None))
        }
        None => {
            let made = tempfile::Builder::new().prefix("countersign-demo-").tempdir();
            let made = made.map_err(|error| unusable(Path::new("A temporary directory"), &error))?;
            Ok((made.path().to_owned(), Some(made)))
        }
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::Unavailable {
        message: format!("{} cannot be made: {error}.", path.display()),
        remedy: "Name a directory with --keep.".into(),
    }
}

/// The settings of an office without a config file.
fn settings() -> Settings {
    let reasons = Config::default().signup.reject_reasons;
    Settings {
        reject_reasons: reasons.into_iter().map(|reason| (reason.code, reason.text)).collect(),
        texts: vec![
            canned(
                "proof",
                "Please send us a proof that {contact} works there ({number}).",
                "Bitte belegen Sie uns, dass {contact} dort arbeitet ({number}).",
            ),
            canned(
                "unreachable",
                "We could not reach {contact} at the number given.",
                "Unter der Nummer war {contact} nicht zu erreichen.",
            ),
            canned(
                "prepayment",
                "We can supply you against prepayment; please apply again when you agree.",
                "Wir können Sie gegen Vorkasse beliefern; bitte melden Sie sich, wenn Sie zustimmen.",
            ),
        ],
        portal_url: "https://portal.office.example/set-password".into(),
        mail_domain: "office.example".into(),
        ..Settings::default()
    }
}

fn canned(name: &str, english: &str, german: &str) -> Canned {
    let texts =
        [("en", english), ("de", german)].map(|(language, text)| (language.to_owned(), text.to_owned()));
    Canned { name: name.to_owned(), texts: texts.to_vec() }
}

fn mail_settings(folder: PathBuf) -> MailSettings {
    MailSettings {
        from: "signups@office.example".into(),
        office_name: Config::default().office.name,
        ..MailSettings::folder(folder)
    }
}

/// The first day: the office is opened, everybody is entered, the templates are made.
fn found(desk: &mut Desk) -> Result<Actor> {
    let (first, others) = match staff().split_first() {
        Some((first, others)) => (first.clone(), others.to_vec()),
        None => return Err(Error::Bug("the sample office has no staff".into())),
    };
    let opening = FirstAdministrator { login: first.login.into(), name: first.name.into() };
    desk.execute(&Actor::clock(), Command::Initialise(opening))?;
    let admin = desk.reader()?.actor(first.login, How::CommandLine)?;
    let mut commands = vec![Command::EditStaff(EditStaff {
        login: first.login.into(),
        email: Some(first.email),
        ..EditStaff::default()
    })];
    commands.extend(others.into_iter().map(|person| {
        Command::AddStaff(AddStaff {
            login: person.login.into(),
            name: person.name.into(),
            email: Some(person.email),
            roles: person.roles.into_iter().map(str::to_owned).collect(),
            person: None,
            traits: Traits::default(),
        })
    }));
    commands.extend(templates().into_iter().map(|template| {
        let values = template.values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Command::SaveTemplate(SaveTemplate {
            name: template.name.into(),
            division: template.division.map(str::to_owned),
            active: Offered::Yes,
            values: values.collect::<BTreeMap<_, _>>(),
        })
    }));
    for result in desk.execute_all(&admin, commands) {
        result?;
    }
    Ok(admin)
}

#[cfg(test)]
#[path = "make_tests.rs"]
mod tests;
