//! The one integration binary; each module is one layer of tests.
mod world;

mod commands;
mod history;
mod lists;
mod migrations;
mod processes;
mod random;
mod tables;
mod undo;

mod cli;
mod intake;
mod mail;

mod corpora_text;
