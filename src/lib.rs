//! countersign: no request takes effect on one person's word. Modules in reading order.

pub mod domain;
pub mod tui;
