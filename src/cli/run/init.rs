//! `countersign init`, `config …`, `paths`: a new office, safe to run twice, and where its things lie.

use serde_json::{Value, json};

use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::office::{Config, Init};
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::{guard, identity};
use crate::config::{self, IdentityMode};
use crate::desk::command::Repeated;
use crate::desk::commands::staff::EditStaff;
use crate::desk::{Command, Desk, FirstAdministrator};
use crate::domain::permission::{Actor, How};
use crate::files;

/// Makes config, database and the first administrator; what is there already stays as it is.
pub fn run(global: &Global, asked: &Init, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let mut session = Session::start_with_any_config(global)?;
    session.may_write()?;
    let file = session.places.config_file.clone();
    let mut made: Vec<&str> = Vec::new();
    if std::fs::symlink_metadata(&file).is_err() {
        files::private_directory(files::directory_of(&file))?;
        files::replace(&file, config::example().as_bytes())?;
        made.push("config");
    }
    // The config is read again: from here on it must be there and right.
    session = Session::start(global)?;
    let database = session.database().to_owned();
    if std::fs::symlink_metadata(&database).is_err() {
        files::private_directory(files::directory_of(&database))?;
        guard::place(files::directory_of(&database))?;
        files::create_new(&database)?;
        made.push("database");
    }
    guard::database(&database, session.config.identity.mode)?;
    let (login, name) = first(&session, asked)?;
    let mut desk = Desk::open(session.options.clone())?;
    let mut clock = Actor::clock();
    (clock.real, clock.how) = (Some(login.clone()), How::CommandLine);
    let first = FirstAdministrator { login: login.clone(), name };
    let receipt = desk.execute(&clock, Command::Initialise(first))?;
    let administrator = receipt.repeated == Repeated::No;
    if administrator {
        made.push("administrator");
        if let Some(email) = &asked.email {
            let actor = desk.reader()?.actor(&login, How::CommandLine)?;
            let edit = EditStaff { login: login.clone(), email: Some(email.clone()), ..EditStaff::default() };
            desk.execute(&actor, Command::EditStaff(edit))?;
        }
    }
    let folder = session.mail_folder();
    let value = json!({
        "config": file.display().to_string(),
        "database": database.display().to_string(),
        "mail_folder": (session.config.mail.transport == config::Transport::Folder).then(|| folder.display().to_string()),
        "administrator": administrator.then_some(&login),
        "made": made,
    });
    out.record(&value, &told(&session, (&made, &login)))?;
    Ok(Exit::Done)
}

fn told(session: &Session, (made, login): (&[&str], &str)) -> String {
    let line = |what: &str, path: &std::path::Path| {
        let word = if made.contains(&what) { "made" } else { "was there" };
        format!("{what:<14} {word:<10} {}\n", path.display())
    };
    let mut text = line("config", &session.places.config_file) + &line("database", session.database());
    if made.contains(&"administrator") {
        text.push_str(&format!("administrator  made       {login}\n"));
    } else {
        text.push_str("administrator  was there; nobody was added\n");
    }
    if session.config.mail.transport == config::Transport::Folder {
        let folder = session.mail_folder();
        text.push_str(&format!("mail           goes to    {} (nobody outside gets any)\n", folder.display()));
    }
    text.push_str("Next: `countersign check` says what else this office needs.");
    text
}

/// Login and name of whoever runs this; only a service account may name another, since nobody logs in as it.
fn first(session: &Session, asked: &Init) -> Result<(String, String), Failure> {
    let uid = rustix::process::getuid().as_raw();
    let own = identity::login_of(uid);
    let login = match (&asked.login, session.config.identity.mode) {
        (Some(login), IdentityMode::Ssh) => login.clone(),
        (Some(login), IdentityMode::Own | IdentityMode::Team) if *login != own => {
            return Err(Failure::usage(format!(
                "--login: you are logged in as {own}, so you could not act as {login}"
            ))
            .remedy("Leave --login out; add others with `countersign staff new`."));
        }
        (_, IdentityMode::Own | IdentityMode::Team) => own.clone(),
        (None, IdentityMode::Ssh) => {
            identity::person(&session.evidence(&identity::login_of))
                .map_err(|failure| failure.remedy("Name the first administrator with --login."))?
                .login
        }
    };
    let known = (login == own).then(|| identity::name_of(uid)).flatten();
    let name = asked.name.clone().or(known).unwrap_or_else(|| login.clone());
    Ok((login, name))
}

/// Does one verb on the config.
pub fn config(global: &Global, verb: Config, out: &mut Output<'_>) -> Result<(), Failure> {
    let text = match verb {
        Config::Show => config::show(&Session::start(global)?.config),
        Config::Example => config::example(),
    };
    let value: toml::Table = text.parse().map_err(|error| {
        Failure::new(Exit::Failed, "bug", format!("the settings cannot be read back: {error}"))
    })?;
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    out.record(&value, &text)?;
    Ok(())
}

/// Where everything lies; works with a broken config too.
pub fn paths(global: &Global, out: &mut Output<'_>) -> Result<(), Failure> {
    let session = Session::start_with_any_config(global)?;
    let places = &session.places;
    let rows = [
        ("config", places.config_file.clone()),
        ("database", session.database().to_owned()),
        ("mail_folder", session.mail_folder()),
        ("data", places.data_dir.clone()),
        ("state", places.state_dir.clone()),
        ("log", places.log_dir()),
        ("drafts", places.draft_dir()),
        ("cache", places.cache_dir.clone()),
    ];
    let mut value = serde_json::Map::new();
    let mut text = String::new();
    for (name, path) in rows {
        let path = path.display().to_string();
        text.push_str(&format!("{:<12} {path}\n", name.replace('_', " ")));
        value.insert(name.into(), path.into());
    }
    if let Some(dir) = &session.config.signup.intake_dir {
        text.push_str(&format!("{:<12} {}\n", "intake", dir.display()));
    }
    let intake = session.config.signup.intake_dir.as_ref().map(|dir| dir.display().to_string());
    value.insert("intake".into(), json!(intake));
    out.record(&Value::Object(value), &text)?;
    Ok(())
}
