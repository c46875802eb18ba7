//! Possible duplicates. Pure: values in, ranked and explained hits out (registration.md, Checks).

pub mod block;
pub mod compare;
pub mod explain;
pub mod normalise;
mod plain;
pub mod postings;
pub mod score;
pub mod search;
#[cfg(test)]
mod search_tests;

use crate::domain::id::RecordRef;

pub use plain::judge;

/// Values of a record as given; absent ones are empty. [`normalise::Normalised::of`] makes them comparable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Name of the company.
    pub name: String,
    /// First name of the person.
    pub first_name: String,
    /// Last name of the person.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// Tax number.
    pub tax_number: String,
    /// Street with house number.
    pub street: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// Country code.
    pub country: String,
}

/// A record that may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub record: RecordRef,
    /// Its values.
    pub likeness: Likeness,
    /// Its state, stable name.
    pub state: String,
}

/// A possible duplicate, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub record: RecordRef,
    /// Its name.
    pub name: String,
    /// City and country, for telling namesakes apart.
    pub place: String,
    /// Its state, stable name.
    pub state: String,
    /// Probability in per cent, 1 to 99.
    pub percent: i64,
    /// Why, in words: `same phone`, `name alike`.
    pub reasons: Vec<String>,
}
