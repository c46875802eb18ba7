//! Whole stories: a short script in; what was said, history, outbox and rows out (registration.md).

mod creation;
mod decisions;
mod duplicates;
mod intake;
mod previews;
mod verification;
