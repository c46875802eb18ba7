//! Where things lie: config, data, state and cache apart, as XDG wants it, on macOS too when its variables are set (conventions.md 5.5, row 78).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use super::problem::Problem;

/// Looks a variable up; a test gives its own.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The process's own environment.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it; everything else is told")]
pub fn process_env(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// What the command line or its environment variables asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `--config` or `COUNTERSIGN_CONFIG`.
    pub config: Option<PathBuf>,
    /// `--db` or `COUNTERSIGN_DB`.
    pub database: Option<PathBuf>,
}

/// The places of this run, all absolute. Nothing is created by finding them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The user's home.
    pub home: PathBuf,
    /// The config file.
    pub config_file: PathBuf,
    /// Whether somebody named it; then it must exist.
    pub config_was_named: bool,
    /// The database that was asked for, before the config's.
    pub database_asked: Option<PathBuf>,
    /// Database, mail folder, backups.
    pub data_dir: PathBuf,
    /// Logs, drafts, views.
    pub state_dir: PathBuf,
    /// What may be deleted at any time.
    pub cache_dir: PathBuf,
}

impl Places {
    /// Finds the places; fails only without a home directory, or when the current directory is gone.
    pub fn find(asked: &Asked, env: Env<'_>) -> Result<Places, Problem> {
        let base = BaseDirs::new();
        let own = ProjectDirs::from("", "", "countersign");
        let home = absolute_var(env, "HOME").or_else(|| base.as_ref().map(|dirs| dirs.home_dir().to_owned()));
        let home = home.ok_or_else(|| {
            Problem::stops("", "no home directory is known: set HOME, or name --config and --db")
        })?;
        let xdg = |variable: &str, usual: Option<&Path>, fallback: &str| {
            absolute_var(env, variable)
                .map(|dir| dir.join("countersign"))
                .or_else(|| {
                    usual.filter(|_| env("HOME").is_none() || cfg!(target_os = "macos")).map(Path::to_owned)
                })
                .unwrap_or_else(|| home.join(fallback).join("countersign"))
        };
        let own = own.as_ref();
        let config_dir = xdg("XDG_CONFIG_HOME", own.map(ProjectDirs::config_dir), ".config");
        Ok(Places {
            config_file: match &asked.config {
                Some(file) => from_here(file)?,
                None => config_dir.join("config.toml"),
            },
            config_was_named: asked.config.is_some(),
            database_asked: asked.database.as_deref().map(from_here).transpose()?,
            data_dir: xdg("XDG_DATA_HOME", own.map(ProjectDirs::data_dir), ".local/share"),
            state_dir: xdg("XDG_STATE_HOME", own.and_then(ProjectDirs::state_dir), ".local/state"),
            cache_dir: xdg("XDG_CACHE_HOME", own.map(ProjectDirs::cache_dir), ".cache"),
            home,
        })
    }

    /// Where the log files lie.
    pub fn log_dir(&self) -> PathBuf {
        self.state_dir.join("log")
    }

    /// Where drafts lie.
    pub fn draft_dir(&self) -> PathBuf {
        self.state_dir.join("drafts")
    }
}

/// A variable that holds an absolute path; XDG wants others ignored.
fn absolute_var(env: Env<'_>, name: &str) -> Option<PathBuf> {
    env(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

fn from_here(path: &Path) -> Result<PathBuf, Problem> {
    std::path::absolute(path)
        .map_err(|error| Problem::stops("", format!("{} cannot be made absolute: {error}", path.display())))
}
