//! The only door to the data.

pub mod outbox;
