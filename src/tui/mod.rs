//! The screen: events in, effects out. Only the runtime performs effects; drawing takes `&self`.

pub mod gate;
pub mod text;
