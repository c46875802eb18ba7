//! Possible duplicates. Pure: values in, ranked and explained hits out (registration.md, Checks).

pub mod block;
pub mod compare;
pub mod explain;
pub mod normalise;
pub mod postings;
pub mod score;
pub mod search;
#[cfg(test)]
mod search_tests;

use crate::domain::id::RecordRef;

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

/// Whether a hit is worth interrupting somebody for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Shown in lists, checks and on entry: so few strangers get this far that the office's rate of false alarms holds.
    Announced,
    /// Shown only to who looks at the possible ones.
    Listed,
}

/// A possible duplicate, judged.
#[derive(Debug, Clone, PartialEq)]
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
    /// The same customer, or another person of it.
    pub class: explain::Class,
    /// Whether it is announced.
    pub standing: Standing,
    /// Why, in words, what speaks for it first: `same phone`, `name alike`, `other street`.
    pub reasons: Vec<String>,
    /// Every part of the score with its weight in log-odds; they add up to `score`.
    pub parts: Vec<(String, f64)>,
    /// Log-odds that it is the same.
    pub score: f64,
    /// Version of the model that judged; 0 is what the programme comes with.
    pub model: u32,
}

impl Hit {
    /// How sure it is, in words beside the number.
    pub fn sureness(&self) -> &'static str {
        score::Sureness::of(self.percent as f64 / 100.0).map_or("unlikely", score::Sureness::words)
    }
}
