//! What breaks around the programme: disks, files, other processes, bad input. One clear error each, nothing half done.

mod clock;
mod crowd;
mod decide;
mod disk;
mod feed;
pub mod office;
mod places;
