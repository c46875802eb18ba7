//! Text on its way to the screen: the domain's rules for hostile text, under the names used here.

pub use crate::domain::text::display_line as show_line;
use crate::domain::text::{display_block, wrap as wrap_shown};
pub use crate::domain::text::{fit, is_hidden, is_narrow, width};

/// Text of several lines, made visible and broken into lines of at most so many columns. Never empty.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    wrap_shown(&display_block(text), columns)
}
