//! countersign: no request takes effect on one person's word. Modules in reading order.

pub mod demo;
pub mod domain;
pub mod matching;

pub mod desk;
