//! The tables. Private to the desk: nothing outside can name it, so nothing outside can write.

pub(super) mod duplicates;
pub(super) mod history;
pub(super) mod images;
pub(super) mod matched;
pub(super) mod matching;
#[cfg(test)]
mod matching_tests;
pub(super) mod migrate;
pub(super) mod open;
pub(super) mod sequence;
pub(super) mod work;
