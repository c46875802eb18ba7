//! The SMTP password: from a systemd credential, then a private file, then the environment; never from the config file, never printed (trust.md, Secrets and people).

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::mail::Smtp;
use super::places::Env;
use super::problem::Problem;
use crate::files;

/// The file name of the systemd credential.
const CREDENTIAL: &str = "smtp_password";
/// The environment variable, the last resort.
const VARIABLE: &str = "COUNTERSIGN_SMTP_PASSWORD";

/// Where the password came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordFrom {
    /// A systemd credential.
    Credential(PathBuf),
    /// `mail.smtp.password_file`.
    File(PathBuf),
    /// The environment, which other processes of the user can read.
    Environment,
}

/// The password and its origin; `Debug` shows only the origin.
#[derive(Clone, Debug)]
pub struct SmtpPassword {
    /// The secret.
    pub password: SecretString,
    /// Where it came from.
    pub from: PasswordFrom,
}

impl SmtpPassword {
    /// The warning that `check` shows for a password from the environment.
    pub fn warning(&self) -> Option<Problem> {
        (self.from == PasswordFrom::Environment).then(|| {
            Problem::warning(VARIABLE, "holds the SMTP password, which other programs of this user can read: use mail.smtp.password_file")
        })
    }
}

/// Finds the password; `None` where none is set. A source that is there but unsafe is an error, the next one is not tried.
pub fn smtp_password(smtp: &Smtp, env: Env<'_>) -> Result<Option<SmtpPassword>, Problem> {
    if let Some(dir) = env("CREDENTIALS_DIRECTORY").map(PathBuf::from) {
        let path = dir.join(CREDENTIAL);
        if path.exists() {
            let text =
                std::fs::read_to_string(&path).map_err(|error| unreadable("", &path, &error.to_string()))?;
            return Ok(Some(found(&text, PasswordFrom::Credential(path))));
        }
    }
    if let Some(path) = &smtp.password_file {
        let key = "mail.smtp.password_file";
        let text = files::read_secret(path).map_err(|fault| unreadable(key, path, &fault.to_string()))?;
        return Ok(Some(found(&text, PasswordFrom::File(path.clone()))));
    }
    match env(VARIABLE) {
        None => Ok(None),
        Some(value) => {
            let text = value.into_string().map_err(|_| Problem::stops(VARIABLE, "is not UTF-8"))?;
            Ok(Some(found(&text, PasswordFrom::Environment)))
        }
    }
}

/// One line end at the end belongs to the editor, not to the password.
fn found(text: &str, from: PasswordFrom) -> SmtpPassword {
    let password = text.strip_suffix('\n').unwrap_or(text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    SmtpPassword { password: SecretString::from(password), from }
}

fn unreadable(key: &str, path: &Path, why: &str) -> Problem {
    Problem::stops(key, format!("the SMTP password in {} cannot be used: {why}", path.display()))
}
