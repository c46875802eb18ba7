//! A believable office made of nothing but a seed: the same seed gives the same customers and sign-ups on every machine.
//!
//! The data is pure: made without knowing the time, and nothing but [`make`] writes. Words and places stand in
//! `assets/demo`; addresses end in `.example`, phones keep to ranges set aside for fiction where a country has them.

mod customer;
mod life;
mod make;
mod many;
mod office;
mod party;
mod play;
mod post;
mod random;
mod request;
mod signup;
mod tables;
mod tax;

pub use customer::{DemoContact, DemoCustomer, customer, customers};
pub use life::{Act, By, DemoStep};
pub use make::{LOGIN, Office, Options, make, make_at, make_whole_at};
pub use office::{DemoStaff, DemoTemplate, staff, templates};
pub use signup::{DemoSignup, scripted, signups};

/// The seed of `countersign demo`, pinned by a test: whoever follows a tutorial sees the names that it names.
pub const SEED: u64 = 20_260;
