//! The numbers that turn outcomes into odds, and the arithmetic. A model is data with a version: a score is told
//! again, years later, from the model that made it.

use serde::{Deserialize, Serialize};

use super::defaults;
use crate::matching::compare::{FIELD_COUNT, FIELDS, Field, LEVELS, Level, Outcome, Outcomes};

/// What is known of one field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    /// How often pairs that are the same show each level.
    pub same: [f32; LEVELS],
    /// How often pairs that have nothing to do with each other do.
    pub other: [f32; LEVELS],
    /// What an agreement of each level usually tells among strangers.
    pub centre: [f32; LEVELS],
    /// How far a rarer value counts for more, 0 to 1.
    pub slope: [f32; LEVELS],
    /// How often people of one company or household share the value.
    pub shared: f32,
}

/// All the numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Counts up with every estimate; 0 is what the programme comes with.
    pub version: u32,
    /// Records that a probe is searched among.
    pub records: u64,
    /// Share of probes that are among the records.
    pub found: f32,
    /// Records per probe that are others of the same company or household.
    pub mates: f32,
    /// Scores of the best candidates of the sample, falling; see [`Model::threshold`].
    pub best: Vec<f32>,
    /// One per field, in the order of [`FIELDS`].
    pub fields: [FieldModel; FIELD_COUNT],
}

/// Log-odds of one pair before rivals are weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Odds {
    /// Each field's weight, natural logarithm.
    pub weights: [f64; FIELD_COUNT],
    /// What speaks against it because it may be somebody of the same company or household; never above 0.
    pub mate_doubt: f64,
    /// Log-odds of company or household against strangers.
    pub mate: f64,
    /// Prior and all of the above.
    pub total: f64,
}

impl Default for Model {
    fn default() -> Self {
        defaults::model()
    }
}

impl Model {
    /// Log-odds before anything is compared.
    pub fn prior(&self) -> f64 {
        (f64::from(self.found) / self.records.max(1) as f64).ln()
    }

    /// The weight of one outcome.
    pub fn weight(&self, field: Field, outcome: Outcome) -> f64 {
        let (of, level) = (&self.fields[field as usize], outcome.level as usize);
        let base = (of.same[level] / of.other[level]).ln();
        let mut rarity = of.slope[level] * (outcome.tells - of.centre[level]);
        if of.slope[level] < 1.0 {
            rarity = rarity.clamp(-defaults::MOST_RARITY, defaults::MOST_RARITY);
        }
        f64::from((base + rarity).clamp(defaults::LEAST_WEIGHT, defaults::MOST_WEIGHT))
    }

    /// How often people of one company or household share what agrees. A mail domain is the company's.
    fn shared(&self, field: Field, level: Level) -> f32 {
        let of = if field == Field::Email && level == Level::Some { Field::Company } else { field };
        self.fields[of as usize].shared
    }

    /// Adds a pair up.
    pub fn odds(&self, outcomes: &Outcomes) -> Odds {
        let mut weights = [0.0; FIELD_COUNT];
        // Another person can only be told where persons are named on both sides.
        let persons = outcomes[Field::First as usize].is_some() || outcomes[Field::Last as usize].is_some();
        let mates = if persons { f64::from(self.mates) } else { 0.0 };
        let mut mate = (mates / self.records.max(1) as f64).max(f64::MIN_POSITIVE).ln();
        for field in FIELDS {
            if let Some(outcome) = outcomes[field as usize] {
                weights[field as usize] = self.weight(field, outcome);
            }
        }
        within_place(outcomes, &mut weights);
        for field in FIELDS {
            if let Some(outcome) = outcomes[field as usize] {
                let weight: f64 = weights[field as usize];
                let shared = f64::from(self.shared(field, outcome.level));
                mate += (shared * weight.exp() + 1.0 - shared).ln();
            }
        }
        let mate_doubt = -mate.exp().ln_1p();
        Odds { weights, mate_doubt, mate, total: self.prior() + weights.iter().sum::<f64>() + mate_doubt }
    }
}

/// A town says nearly nothing where the postal code is the same.
const CITY_IN_POSTAL: f64 = 0.2;

/// A street says no more than this where the postal code is the same.
const STREET_IN_POSTAL: f64 = 3.5;

/// A street says no more than this where the town is the same.
const STREET_IN_CITY: f64 = 5.5;

/// Neighbouring lines say little within a town: it has few exchanges.
const LINE_IN_PLACE: f64 = 0.3;

/// Fields are weighed as if they had nothing to do with each other; what a place brings with it is taken back here.
fn within_place(outcomes: &Outcomes, weights: &mut [f64; FIELD_COUNT]) {
    let level = |field: Field| outcomes[field as usize].map(|outcome| outcome.level);
    let (postal, city) = (level(Field::Postal) == Some(Level::Same), level(Field::City) == Some(Level::Same));
    let mut share = |field: Field, of: f64| {
        let weight = &mut weights[field as usize];
        *weight = if *weight > 0.0 { *weight * of } else { *weight };
    };
    if postal {
        share(Field::City, CITY_IN_POSTAL);
    }
    if (postal || city) && level(Field::Phone) == Some(Level::Some) {
        share(Field::Phone, LINE_IN_PLACE);
    }
    let street = &mut weights[Field::Street as usize];
    match (postal, city) {
        (true, _) => *street = street.min(STREET_IN_POSTAL),
        (false, true) => *street = street.min(STREET_IN_CITY),
        (false, false) => {}
    }
}
