//! What was found, with the reasons: every contribution to the score, so that they add up to it exactly.

use super::Likeness;
use super::compare::{FIELDS, Field, Level, Outcome};
use super::score::Model;
use super::search::Scored;

/// What a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same customer.
    Same,
    /// Another person of the same company or household: a new contact of an existing customer.
    Mate,
    /// Nothing to do with each other.
    Different,
}

/// What a contribution is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Before anything was compared: how rarely a record is the same.
    Prior,
    /// A field.
    Field(Field, Level),
    /// It may be another person of the same company or household.
    Mate,
    /// Other records fit as well.
    Rivals,
}

/// One summand of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// What it is about.
    pub about: About,
    /// Log-odds, natural logarithm; above 0 speaks for *same*.
    pub weight: f64,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its id in the index.
    pub id: i64,
    /// Log-odds that it is the same: the sum of the contributions.
    pub score: f64,
    /// Probability that it is the same.
    pub probability: f64,
    /// Probability that it is another person of the same company or household.
    pub mate: f64,
    /// The most probable of the three.
    pub class: Class,
    /// The version of the model that judged.
    pub model: u32,
    /// The score in its parts.
    pub contributions: Vec<Contribution>,
}

/// Judges a candidate; `rivals` are the odds of the others that fit: they make each other less sure.
pub fn judge(model: &Model, scored: &Scored, rivals: f64) -> Found {
    let odds = model.odds(&scored.outcomes);
    let mut contributions = vec![Contribution { about: About::Prior, weight: model.prior() }];
    for field in FIELDS {
        if let Some(Outcome { level, .. }) = scored.outcomes[field as usize] {
            let weight = odds.weights[field as usize];
            contributions.push(Contribution { about: About::Field(field, level), weight });
        }
    }
    contributions.push(Contribution { about: About::Mate, weight: odds.mate_doubt });
    contributions.push(Contribution { about: About::Rivals, weight: -rivals.ln_1p() });
    let score: f64 = contributions.iter().map(|c| c.weight).sum();
    let probability = 1.0 / (1.0 + (-score).exp());
    let mate = (1.0 - probability) / (1.0 + (-odds.mate).exp());
    let different = 1.0 - probability - mate;
    let class = if probability >= mate && probability >= different {
        Class::Same
    } else if mate >= different {
        Class::Mate
    } else {
        Class::Different
    };
    Found { id: scored.id, score, probability, mate, class, model: model.version, contributions }
}

/// A contribution in words; values as given are named where they are alike but not the same.
pub fn words(contribution: &Contribution, probe: &Likeness, record: &Likeness) -> String {
    match contribution.about {
        About::Prior => "before comparing".into(),
        About::Mate => "may be someone else of the same company or household".into(),
        About::Rivals => "other records fit as well".into(),
        About::Field(field, level) => of_field(field, level, [probe, record]),
    }
}

fn of_field(field: Field, level: Level, [probe, record]: [&Likeness; 2]) -> String {
    let (name, value): (&str, fn(&Likeness) -> &str) = match field {
        Field::Company => ("name", |l| &l.name),
        Field::First => ("first name", |l| &l.first_name),
        Field::Last => ("last name", |l| &l.last_name),
        Field::Order => {
            let said = if level == Level::Same { "names in order" } else { "first and last name swapped" };
            return said.into();
        }
        Field::Email => ("e-mail", |l| &l.email),
        Field::Phone => ("phone", |l| &l.phone),
        Field::Tax => ("tax number", |l| &l.tax_number),
        Field::Street => ("street", |l| &l.street),
        Field::House => ("house number", |l| &l.street),
        Field::City => ("city", |l| &l.city),
        Field::Postal => ("postal code", |l| &l.postal_code),
        Field::Country => ("country", |l| &l.country),
    };
    let both = || format!("({} / {})", value(probe), value(record));
    match level {
        Level::Same => format!("same {name}"),
        Level::Slip => format!("{name} but for a slip {}", both()),
        Level::Variant => format!("{name} in another form {}", both()),
        Level::Initial => format!("{name} fits the initials {}", both()),
        Level::Alike => format!("{name} alike {}", both()),
        Level::Some if field == Field::Email => "same mail domain".into(),
        Level::Little => format!("{name} hardly the same"),
        Level::Some => format!("{name} partly the same {}", both()),
        Level::Other => format!("other {name}"),
    }
}
