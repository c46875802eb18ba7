//! Outside text is hostile: what was typed is kept as typed, and nothing of it reaches a terminal, a spreadsheet or a mail header except through here.

mod columns;
mod csv;
mod display;
mod fold;
mod hidden;
mod line;

pub use columns::{fit, is_narrow, width, wrap};
pub use csv::{csv_guard, csv_unguard};
pub use display::{display_block, display_line, has_hidden};
pub use fold::{digits, fold};
pub use hidden::is_hidden;
pub use line::{header_text, name_in_mail, normalise_line};
