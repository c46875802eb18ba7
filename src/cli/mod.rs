//! The command line: noun, verb, flags. What is typed becomes a value here; the same definitions make help, completions and manual page.

pub mod absence;
pub mod args;
pub mod csv;
pub mod customer;
pub mod exit;
pub mod failure;
pub mod forced;
pub mod guard;
pub mod identity;
pub mod import;
pub mod mail;
pub mod manual;
pub mod matching;
pub mod office;
pub mod output;
pub mod portal;
pub mod record;
pub mod report;
pub mod run;
pub mod session;
pub mod settings;
pub mod shape;
pub mod signup;
pub mod staff;
pub mod table;
pub mod work;
pub mod workflow;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use args::Global;
pub use exit::Exit;
pub use failure::Failure;
pub use output::Output;
pub use run::{Screens, run};
pub use session::Session;

const AFTER: &str = "\
Without a command: the terminal interface on the office's database.

Exit status: 0 done, 1 failed (also: a value that cannot be taken), 2 wrong usage,
3 refused by a rule, 4 not found, 5 changed by somebody else meanwhile,
6 partly done (the result says which rows).
Messages go to standard error, data to standard output. `countersign paths` says where
config, database and log lie; `countersign schema NOUN` describes the JSON.";

/// No request takes effect on one person's word: sign-ups and customers, decided in a terminal
#[derive(Parser, Clone, Debug)]
#[command(name = "countersign", version, after_help = AFTER, arg_required_else_help = false, infer_subcommands = false)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// How the terminal interface looks.
    #[command(flatten)]
    pub screen: ScreenFlags,
    /// What to do; nothing opens the terminal interface.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the terminal interface looks this time.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "The terminal interface")]
pub struct ScreenFlags {
    /// Colours, whatever the config says
    #[arg(long, value_name = "THEME", value_enum)]
    pub theme: Option<ThemeFlag>,
    /// Draw with ASCII signs only
    #[arg(long)]
    pub ascii: bool,
}

/// The colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThemeFlag {
    /// By the terminal's background
    Auto,
    /// For a dark background
    Dark,
    /// For a light background
    Light,
    /// No colour
    Mono,
}

/// The nouns, and the commands that need none.
#[derive(Subcommand, Clone, Debug)]
pub enum Command {
    /// Sign-ups: from submission to customer
    #[command(subcommand)]
    Signup(signup::Signup),
    /// Customers
    #[command(subcommand)]
    Customer(customer::Customer),
    /// Contacts at customers
    #[command(subcommand)]
    Contact(customer::Contact),
    /// Customer account templates
    #[command(subcommand)]
    Template(customer::Template),
    /// Portal users: who can log on
    #[command(subcommand)]
    PortalUser(portal::PortalUser),
    /// User requests: how portal users come to be
    #[command(subcommand)]
    UserRequest(portal::UserRequest),
    /// Work items: what waits for whom
    #[command(subcommand)]
    Work(work::Work),
    /// Approve, reject, or send back what waits for you
    Decide(work::Decide),
    /// Workflows: by which rules documents are decided
    #[command(subcommand)]
    Workflow(workflow::Workflow),
    /// The outbox and its worker
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Staff
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Roles
    #[command(subcommand)]
    Role(staff::Role),
    /// Deputies: who stands in for whom
    #[command(subcommand)]
    Deputy(absence::Deputy),
    /// Queues: who shares what
    #[command(subcommand)]
    Queue(absence::Queue),
    /// Files in
    #[command(subcommand)]
    Import(import::Import),
    /// Hold any file of queries against any file of customers, and rank the likeliest duplicates
    Match(matching::Match),
    /// Make database, config and the first administrator; safe to run twice
    Init(office::Init),
    /// Say what is wrong with config, database, templates and mail, and what helps
    Check,
    /// Open a throw-away database full of sample work; mail goes to a folder it names
    Demo(office::Demo),
    /// Check, back up, restore the database
    #[command(subcommand)]
    Db(office::Db),
    /// What happened, to all records or to one
    History(record::History),
    /// Why a record is in its state, whom it waits for, what is missing
    Why(args::Numbers),
    /// Take back your last command, however many rows it had
    Undo(record::Undo),
    /// Take back your last undo
    Redo(args::Write),
    /// Find sign-ups, customers and contacts by any scrap
    Search(record::Search),
    /// How much was decided, how fast, and which way
    #[command(subcommand)]
    Report(report::Report),
    /// The settings
    #[command(subcommand)]
    Config(office::Config),
    /// Every key of the terminal interface, with [screen.bind] of the config
    Keys,
    /// Say where config, database, log and drafts lie
    Paths,
    /// The JSON Schema of a noun
    Schema(record::Schema),
    /// Print completions for a shell
    Completions(manual::Completions),
    /// Print the manual page
    Man,
}

#[cfg(test)]
mod tests;
