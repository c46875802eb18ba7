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
mod tables;
mod tidy;
mod undo;

mod cli;
mod intake;
mod mail;

mod corpora_text;
