//! From outcomes to log-odds: Fellegi–Sunter weights with value frequencies, and a class for people who share a
//! company or a household.

mod commonness;
mod defaults;
mod estimate;
mod model;
mod threshold;

pub use commonness::{Commonness, Counter};
pub use estimate::{Estimate, Sample, estimate};
pub use model::{FieldModel, Model, Odds};
pub use threshold::Sureness;
