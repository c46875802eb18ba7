//! The screen: events in, effects out. Only the runtime performs effects; drawing takes `&self`.

pub mod action;
pub mod app;
pub mod canvas;
pub mod door;
pub mod effect;
pub mod gate;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod prose;
pub mod screen;
pub mod text;
pub mod theme;
pub mod widgets;
