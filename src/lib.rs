//! countersign: no request takes effect on one person's word. Modules in reading order.

pub mod domain;
pub mod matching;

pub mod desk;
pub mod intake;

pub mod mail;
pub mod provision;

pub mod config;
pub mod files;
pub mod log;

pub mod chores;

pub mod cli;
pub mod demo;
pub mod tui;
