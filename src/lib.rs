//! countersign: no request takes effect on one person's word. Modules in reading order.

pub mod cli;
pub mod domain;

pub mod config;
pub mod files;
pub mod intake;
pub mod log;
