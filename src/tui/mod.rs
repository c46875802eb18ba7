//! The screen: events in, effects out. Only the runtime performs effects; drawing takes `&self`.

pub mod action;
pub mod app;
pub mod canvas;
pub mod clerk;
pub mod door;
pub mod effect;
pub mod gate;
pub mod input;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod lifeline;
pub mod open;
pub mod outside;
pub mod prose;
pub mod runtime;
pub mod screen;
pub mod screens;
pub mod terminal;
pub mod testing;
pub mod text;
pub mod theme;
pub mod widgets;
