//! Undo and redo: one step per command however many rows, refused once the world has moved on (house.md, History).

mod back;
mod chains;
mod continuous;
mod refused;

use crate::world::{World, plain};

/// Tables that undo does not wind back: what was told, what left, numbers that are never given twice.
const KEPT: &[&str] = &[
    "history",
    "history_row",
    "history_open",
    "outbox",
    "outbox_attempt",
    "mail_queue",
    "tally",
    "number_sequence",
    "sqlite_sequence",
    "wrong_code",
];

/// All domain tables; versions go on, so that nobody mistakes a row for the old one.
pub fn domain(world: &World) -> String {
    plain(&world.raw(), KEPT, &["version", "updated_at"])
}
