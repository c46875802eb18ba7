//! A believable office made of nothing but a seed: the same seed gives the same customers and sign-ups on every machine.
//!
//! Pure data: nothing here writes, mails, or knows the time. Words and places stand in `assets/demo`; addresses end in
//! `.example`, phones keep to ranges set aside for fiction where a country has them.

mod customer;
mod life;
mod office;
mod party;
mod random;
mod signup;
mod tables;
mod tax;

pub use customer::{DemoContact, DemoCustomer, customer, customers};
pub use life::{Act, By, DemoStep};
pub use office::{DemoStaff, DemoTemplate, staff, templates};
pub use signup::{DemoSignup, scripted, signups};

/// The seed of `countersign demo`, pinned by a test: whoever follows a tutorial sees the names that it names.
pub const SEED: u64 = 20_260;
