//! Possible duplicates: the seam between the desk, which finds candidates by keys, and the rules that judge them.
//! Pure: candidates in, ranked hits with reasons out (registration.md, Checks).

mod plain;

use crate::domain::id::RecordRef;

pub use plain::judge;

/// What is compared, on both sides; absent values are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Name of the company.
    pub name: String,
    /// Contact person.
    pub person: String,
    /// E-mail, lower case.
    pub email: String,
    /// Phone digits with the country's prefix.
    pub phone: String,
    /// Tax number, letters and digits only.
    pub tax_number: String,
    /// Street.
    pub street: String,
    /// City.
    pub city: String,
    /// Postal code, letters and digits only.
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
