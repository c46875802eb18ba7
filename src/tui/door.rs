//! What the screen knows of the desk: the names it uses, in one place.

pub use crate::desk::query::{Anchor, Asker, Count, Key, Keyed, ListQuery, More, Order, Page, SortValue};
pub use crate::desk::{Command, Error, Reader, Receipt};
pub use crate::domain::filter::Filter;
