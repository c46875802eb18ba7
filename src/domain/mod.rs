//! The rules, pure: no SQL, no terminal, no clock, no files.

pub mod mail;
