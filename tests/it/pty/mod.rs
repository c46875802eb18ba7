//! The real programme on a real pseudo-terminal: start, one whole task, quit; signals, hang-ups, torn input. Nothing
//! here sleeps: each step waits for what the screen shows, up to a deadline.

mod ending;
mod keys;
mod modes;
mod noise;
mod terminal;
