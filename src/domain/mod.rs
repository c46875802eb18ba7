//! The rules, pure: no SQL, no terminal, no clock, no files.

pub mod calendar;
pub mod canned;
pub mod check;
pub mod customer;
pub mod date;
pub mod deputy;
pub mod field;
pub mod filter;
pub mod happened;
pub mod id;
pub mod lifecycle;
pub mod mail;
pub mod permission;
pub mod refusal;
pub mod signup;
pub mod staff;
pub mod text;
pub mod user_request;
pub mod workflow;
