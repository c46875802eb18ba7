//! What each command does: flags become desk commands or queries, rows become JSON or text. One file per noun; nothing
//! here decides, the desk does.

mod absence;
mod aside;
mod batch;
mod canned;
mod check;
mod create;
mod customer;
mod db;
mod history;
mod import;
mod init;
mod keys;
mod list;
mod mail;
mod matching;
mod page;
mod portal;
mod preview;
mod report;
mod role;
mod rules;
mod search;
mod send;
mod signup;
mod staff;
mod submit;
mod template;
mod text;
mod trial;
mod twice;
mod user_request;
mod whatif;
mod work;
mod work_list;
mod workflow;

pub use send::drop_folder;

use std::path::Path;

use crate::config;
use crate::files;

use super::exit::Exit;
use super::failure::Failure;
use super::output::Output;
use super::session::Session;
use super::{Cli, Command, manual, office};

/// The key map of the terminal interface, as a table.
#[derive(Clone, Debug)]
pub struct KeyTable {
    /// Where it holds, keys, the action's name, what it does.
    pub rows: Vec<[String; 4]>,
    /// What is wrong with own keys, each with its line.
    pub problems: Vec<String>,
}

/// What opens the terminal interface; the command line does not know it.
#[derive(Clone, Copy)]
pub struct Screens {
    /// On the office's database.
    pub office: fn(&Cli, &mut Output<'_>) -> Result<Exit, Failure>,
    /// Its keys under this config.
    pub keys: fn(&config::Screen) -> KeyTable,
    /// On a sample office.
    pub demo: fn(&Cli, &office::Demo, &mut Output<'_>) -> Result<Exit, Failure>,
}

/// Does what was asked; the exit status is that of interface.md, Command line.
pub fn run(cli: Cli, screens: Screens, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let global = cli.global.clone();
    carried_out(cli, screens, out).map_err(|mut failure| {
        if failure.remedy.contains(RESTORE)
            && let Ok(session) = Session::start_with_any_config(&global)
        {
            failure.remedy = named_backup(session.database(), &failure.remedy);
        }
        failure
    })
}

/// How a remedy names a backup that it does not know.
const RESTORE: &str = "db restore FILE";

/// The remedy with the newest backup beside the database, every one of which was verified when it was made.
fn named_backup(database: &Path, remedy: &str) -> String {
    let entries = std::fs::read_dir(files::directory_of(database)).into_iter().flatten().flatten();
    let backups =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "backup"));
    let newest = backups.max_by_key(|path| std::fs::metadata(path).and_then(|found| found.modified()).ok());
    newest.map_or_else(
        || remedy.to_owned(),
        |path| remedy.replace(RESTORE, &format!("db restore {}", path.display())),
    )
}

fn carried_out(cli: Cli, screens: Screens, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let start = || Session::start(&cli.global);
    let done = |()| Exit::Done;
    match cli.command.clone() {
        None => (screens.office)(&cli, out),
        Some(Command::Signup(verb)) => signup::run(&start()?, verb, out),
        Some(Command::Customer(verb)) => customer::run(&start()?, verb, out),
        Some(Command::Contact(verb)) => customer::contacts(&start()?, verb, out),
        Some(Command::Template(verb)) => template::run(&start()?, verb, out),
        Some(Command::PortalUser(verb)) => portal::users(&start()?, verb, out),
        Some(Command::UserRequest(verb)) => user_request::run(&start()?, verb, out),
        Some(Command::Work(verb)) => work::run(&start()?, verb, out),
        Some(Command::Decide(asked)) => work::decide(&start()?, asked, out),
        Some(Command::Workflow(verb)) => workflow::run(&start()?, verb, out),
        Some(Command::Mail(verb)) => mail::run(&start()?, verb, out),
        Some(Command::Staff(verb)) => staff::run(&start()?, verb, out),
        Some(Command::Role(verb)) => role::run(&start()?, verb, out),
        Some(Command::Deputy(verb)) => absence::deputies(&start()?, verb, out),
        Some(Command::Queue(verb)) => absence::queues(&start()?, verb, out),
        Some(Command::Import(verb)) => import::run(&start()?, verb, out),
        Some(Command::Match(asked)) => matching::run(&asked, out),
        Some(Command::Init(asked)) => init::run(&cli.global, &asked, out),
        Some(Command::Check) => check::run(&cli.global, screens.keys, out),
        Some(Command::Keys) => keys::run(&cli.global, screens.keys, out).map(done),
        Some(Command::Demo(asked)) => (screens.demo)(&cli, &asked, out),
        Some(Command::Db(verb)) => db::run(&start()?, verb, out),
        Some(Command::History(asked)) => history::run(&start()?, asked, out),
        Some(Command::Why(numbers)) => history::why(&start()?, &numbers, out),
        Some(Command::Undo(asked)) => history::undo(&start()?, asked, out),
        Some(Command::Redo(write)) => history::redo(&start()?, write, out),
        Some(Command::Report(asked)) => report::run(&start()?, &asked, out),
        Some(Command::Search(asked)) => search::run(&start()?, &asked, out),
        Some(Command::Config(verb)) => init::config(&cli.global, verb, out).map(done),
        Some(Command::Paths) => init::paths(&cli.global, out).map(done),
        Some(Command::Schema(asked)) => history::schema(&asked, out).map(done),
        Some(Command::Completions(asked)) => Ok(manual::completions(&asked, out.raw()).map(done)?),
        Some(Command::Man) => Ok(manual::page(out.raw()).map(done)?),
    }
}
