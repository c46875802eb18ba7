//! countersign: no request takes effect on one person's word. Modules in reading order.

pub mod desk;
pub mod domain;
pub mod mail;
