//! The screen: events in, effects out. Only the runtime performs effects; drawing takes `&self`.

pub mod action;
pub mod gate;
pub mod key;
pub mod keymap;
pub mod text;
pub mod theme;
pub mod widgets;
