//! Compares two normalised records, field by field: a level of agreement, and how much the agreed value tells.

mod cover;
mod person;
mod place;
pub mod text;
mod words;

use super::normalise::View;
use super::score::Commonness;

/// What is compared. The order is that of the numbers in a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the field of that name")]
pub enum Field {
    Company,
    First,
    Last,
    /// First and last name in their places, or swapped.
    Order,
    Email,
    Phone,
    Tax,
    Street,
    /// House number.
    House,
    City,
    Postal,
    Country,
}

/// How many fields there are.
pub const FIELD_COUNT: usize = 12;

/// All fields, in order.
pub const FIELDS: [Field; FIELD_COUNT] = [
    Field::Company,
    Field::First,
    Field::Last,
    Field::Order,
    Field::Email,
    Field::Phone,
    Field::Tax,
    Field::Street,
    Field::House,
    Field::City,
    Field::Postal,
    Field::Country,
];

/// How far two values agree, best first. A field uses those that its row in the model names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Equal once normalised.
    Same,
    /// One slip of the finger apart.
    Slip,
    /// Another form of the same: short name, sound-alike, abbreviation, part of a longer name.
    Variant,
    /// An initial that fits.
    Initial,
    /// Alike.
    Alike,
    /// Something in common.
    Some,
    /// Hardly anything in common.
    Little,
    /// Different.
    Other,
}

/// How many levels there are.
pub const LEVELS: usize = 8;

/// The levels, in order.
pub const ALL_LEVELS: [Level; LEVELS] = [
    Level::Same,
    Level::Slip,
    Level::Variant,
    Level::Initial,
    Level::Alike,
    Level::Some,
    Level::Little,
    Level::Other,
];

/// The outcome for one field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// How far the values agree.
    pub level: Level,
    /// What the agreed value tells: minus the natural logarithm of its frequency.
    pub tells: f32,
}

/// The outcomes of all fields; none where a value is missing on either side.
pub type Outcomes = [Option<Outcome>; FIELD_COUNT];

impl Outcome {
    fn new(level: Level, tells: f32) -> Option<Self> {
        Some(Self { level, tells })
    }
}

/// Compares a probe with a record.
pub fn compare(probe: &View<'_>, record: &View<'_>, common: &Commonness) -> Outcomes {
    let mut out: Outcomes = [None; FIELD_COUNT];
    let mut put = |field: Field, outcome: Option<Outcome>| out[field as usize] = outcome;
    put(Field::Company, words::company(probe, record, common));
    let named = person::compare(probe, record, common);
    put(Field::First, named.first);
    put(Field::Last, named.last);
    put(Field::Order, named.order);
    put(Field::Email, place::email(probe.email, record.email, common));
    put(Field::Phone, place::phone(probe.phone, record.phone, common));
    put(Field::Tax, place::code(Field::Tax, [probe.tax, record.tax], common));
    let (house, street) = words::street(probe.street, record.street, common);
    put(Field::House, house);
    put(Field::Street, street);
    put(Field::City, place::city(probe.city, record.city, common));
    put(Field::Postal, place::code(Field::Postal, [probe.postal, record.postal], common));
    put(Field::Country, place::country(probe.country, record.country, common));
    place::without_what_follows(&mut out);
    out
}
