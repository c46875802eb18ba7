//! The one integration binary; each module is one layer of tests.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests look at the file past the desk, and say what they skip"
)]

mod world;

mod commands;
mod history;
mod lists;
mod migrations;
mod plans;
mod processes;
mod random;
mod staff;
mod tables;
mod tidy;
mod undo;
mod user_requests;
mod work;
mod workflow_rules;

mod alike;
mod cli;
mod cli_exit;
mod cli_intake;
mod cli_lists;
mod cli_match;
mod cli_office;
mod cli_path;
mod cli_rules;
mod cli_schema;
mod cli_work;
mod cli_world;
mod docs;
mod forms;
mod frames;
mod habits;
mod intake;
mod mail;
mod pictures;
mod reports;
mod screens;

mod corpora_text;

mod faults;
mod hostile;
mod pty;
