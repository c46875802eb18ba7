//! The config file: raw TOML becomes a checked [`Config`], and every problem is reported at once with its line and key.
//!
//! A missing file is an office with the defaults. A wrong look keeps its default and is said; a wrong rule, path or
//! secret stops the start, since nothing may be guessed there (conventions.md 5.5, row 79; trust.md).

mod calendar;
mod check;
mod example;
mod keys;
mod lists;
mod mail;
mod parse;
mod places;
mod problem;
mod screen;
mod secret;
mod settings;
mod together;
mod value;

use std::path::{Path, PathBuf};

pub use calendar::Calendar;
pub use check::is_this_machine;
pub use example::{example, show};
pub use mail::{Mail, Smtp, Tls, Transport};
pub use parse::parse;
pub use places::{Asked, Env, Places, process_env};
pub use problem::{Problem, Severity};
pub use screen::{Binding, Keys, Screen, Theme};
pub use secret::{PasswordFrom, SmtpPassword, smtp_password};
pub use settings::*;

use crate::files;

/// A config as it was found, with what is wrong with it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings; where a value was wrong, its default.
    pub config: Config,
    /// Everything that is wrong, in the order of the file.
    pub problems: Vec<Problem>,
    /// The file that was read; `None` where there is none.
    pub file: Option<PathBuf>,
}

impl Loaded {
    /// Whether nothing may start with this config.
    pub fn stops(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Stops)
    }
}

/// Reads the config file of these places. Never fails: what cannot be read is a problem that stops.
pub fn load(places: &Places) -> Loaded {
    let file = &places.config_file;
    let text = match files::read_to_string(file) {
        Ok(text) => text,
        Err(files::Fault::Missing(_)) if !places.config_was_named => {
            let mut config = Config::default();
            config.resolve(places);
            return Loaded { config, problems: Vec::new(), file: None };
        }
        Err(fault) => {
            let mut config = Config::default();
            config.resolve(places);
            return Loaded {
                config,
                problems: vec![Problem::stops("", unreadable(&fault))],
                file: Some(file.clone()),
            };
        }
    };
    let (mut config, problems) = parse(&text);
    config.resolve(places);
    Loaded { config, problems, file: Some(file.clone()) }
}

/// Why the file cannot be read, without the system's own words where ours are clearer.
fn unreadable(fault: &files::Fault) -> String {
    match fault {
        files::Fault::Io { path, error } if error.kind() == std::io::ErrorKind::InvalidData => {
            format!("{} is not UTF-8: save it as UTF-8 text", path.display())
        }
        other => other.to_string(),
    }
}

impl Config {
    /// Makes every path absolute: `~/` is the home directory, the rest is beside the config file.
    pub fn resolve(&mut self, places: &Places) {
        let paths = [
            &mut self.database.path,
            &mut self.signup.intake_dir,
            &mut self.workflow.file,
            &mut self.mail.folder,
            &mut self.mail.template_dir,
            &mut self.mail.smtp.password_file,
            &mut self.mail.smtp.ca_file,
        ];
        for path in paths.into_iter().flatten() {
            *path = absolute(path, places);
        }
    }

    /// The database file: the one asked for, the configured one, or the usual place.
    pub fn database_path(&self, places: &Places) -> PathBuf {
        places
            .database_asked
            .clone()
            .or_else(|| self.database.path.clone())
            .unwrap_or_else(|| places.data_dir.join("countersign.db"))
    }

    /// The rule file: the configured one, or `workflows.toml` beside the config.
    pub fn rule_file(&self, places: &Places) -> PathBuf {
        self.workflow.file.clone().unwrap_or_else(|| absolute(Path::new("workflows.toml"), places))
    }

    /// The folder of transport `folder`.
    pub fn mail_folder(&self, places: &Places) -> PathBuf {
        self.mail.folder.clone().unwrap_or_else(|| places.data_dir.join("mail"))
    }

    /// The rules for the fields of a sign-up from this country: the country's come after the general ones.
    pub fn field_rules(&self, country: Option<&str>) -> FieldRules {
        let mut rules = self.signup.fields.clone();
        if let Some(own) = country.and_then(|code| self.signup.country_fields.get(code)) {
            rules.hide.retain(|name| !own.show.contains(name) && !own.require.contains(name));
            rules.require.retain(|name| !own.hide.contains(name));
            rules.show.retain(|name| !own.hide.contains(name));
            rules.hide.extend(own.hide.iter().cloned());
            rules.show.extend(own.show.iter().cloned());
            rules.require.extend(own.require.iter().cloned());
        }
        rules
    }
}

fn absolute(path: &Path, places: &Places) -> PathBuf {
    if let Ok(rest) = path.strip_prefix("~") {
        return places.home.join(rest);
    }
    places.config_file.parent().unwrap_or(Path::new("/")).join(path)
}

#[cfg(test)]
mod tests;
