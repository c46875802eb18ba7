//! How often values occur in the office's own data: agreeing on a rare name says more than agreeing on a common one.

use std::collections::HashMap;

use crate::matching::block::hash;
use crate::matching::compare::{FIELD_COUNT, Field};
use crate::matching::normalise::{View, kind_of_organisation};

/// Records that the expectation of an unknown value weighs as much as; keeps a small office sane.
const WEIGHT_OF_EXPECTATION: f32 = 200.0;

/// Values that are kept at most; those left out are rare.
const KEPT: usize = 60_000;

/// How much rarer than expected a value can be taken for: a slip makes a rare value out of a common one.
const RARER: f32 = 2.5;

/// Frequency of a value nobody has counted, per field, in the order of [`FIELDS`].
#[rustfmt::skip]
const EXPECTED: [f32; FIELD_COUNT] = [
//  company first  last   order email  phone  tax    street house city   postal country
    5e-4,   4e-3,  1e-3,  1.0,  1e-6,  1e-5,  1e-6,  1e-3,  2e-2, 3e-3,  1e-3,  0.1,
];

/// Frequencies of values, of a sample of the records. Part of a model, so that an old score can be told again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commonness {
    /// Records that were counted.
    records: u32,
    /// How many of them had the field.
    with_field: [u32; FIELD_COUNT],
    /// Value → how many had it; values seen once are left out.
    counts: HashMap<u32, u32>,
}

impl Commonness {
    /// Minus the logarithm of the frequency of a value; at least 0.
    pub fn tells(&self, field: Field, value: &str) -> f32 {
        self.rate(field, hash(field as u8, &[value]))
    }

    /// The same for a mail domain.
    pub fn tells_domain(&self, domain: &str) -> f32 {
        self.rate(Field::Email, hash(DOMAIN, &[domain]))
    }

    fn rate(&self, field: Field, key: u32) -> f32 {
        let at = field as usize;
        // A value agreed upon is in the record itself: only the others that have it make it common.
        let others = self.counts.get(&key).map_or(0.0, |n| (n - 1) as f32);
        let seen = self.with_field[at] as f32;
        let share = (others + WEIGHT_OF_EXPECTATION * EXPECTED[at]) / (seen + WEIGHT_OF_EXPECTATION);
        (-share.min(1.0).ln()).clamp(0.0, RARER - EXPECTED[at].ln())
    }

    /// Records that were counted.
    pub fn records(&self) -> u32 {
        self.records
    }

    /// Packs, for keeping.
    pub fn pack(&self) -> Vec<u8> {
        let mut pairs: Vec<(u32, u32)> = self.counts.iter().map(|(key, n)| (*key, *n)).collect();
        pairs.sort_unstable();
        let head = [self.records].into_iter().chain(self.with_field);
        head.chain(pairs.into_iter().flat_map(|(key, n)| [key, n])).flat_map(u32::to_le_bytes).collect()
    }

    /// Unpacks; none when it is damaged.
    pub fn unpack(bytes: &[u8]) -> Option<Self> {
        let numbers: Vec<u32> = bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
        let (&records, rest) = numbers.split_first()?;
        let (with_field, pairs) = rest.split_first_chunk()?;
        let counts = pairs.as_chunks().0.iter().map(|[key, n]| (*key, *n)).collect();
        Some(Self { records, with_field: *with_field, counts })
    }
}

/// Mail domains are counted beside the addresses.
const DOMAIN: u8 = 100;

/// Counts values record by record.
#[derive(Debug, Default)]
pub struct Counter {
    made: Commonness,
}

impl Counter {
    /// Counts the values of one record.
    pub fn add(&mut self, record: &View<'_>) {
        self.made.records += 1;
        self.one(Field::First, record.first);
        self.one(Field::Last, record.last);
        self.one(Field::Email, record.email);
        self.one(Field::Phone, record.phone);
        self.one(Field::Tax, record.tax);
        self.one(Field::City, record.city);
        self.one(Field::Postal, record.postal);
        self.one(Field::Country, record.country);
        self.words(Field::Company, record.company);
        self.words(Field::Street, record.street);
        if let Some(number) = record.street.split(' ').find(|w| w.starts_with(|c: char| c.is_ascii_digit())) {
            self.one(Field::House, number);
        }
        if let Some((_, domain)) = record.email.split_once('@') {
            self.count(hash(DOMAIN, &[domain]));
        }
    }

    fn one(&mut self, field: Field, value: &str) {
        if !value.is_empty() {
            self.made.with_field[field as usize] += 1;
            self.count(hash(field as u8, &[value]));
        }
    }

    fn words(&mut self, field: Field, text: &str) {
        if !text.is_empty() {
            self.made.with_field[field as usize] += 1;
            for word in text.split(' ') {
                self.count(hash(field as u8, &[kind_of_organisation(word)]));
            }
        }
    }

    fn count(&mut self, key: u32) {
        *self.made.counts.entry(key).or_default() += 1;
    }

    /// The frequencies; of very many values only the commonest are kept.
    pub fn finish(mut self) -> Commonness {
        let counts = &mut self.made.counts;
        counts.retain(|_, n| *n > 1);
        if counts.len() > KEPT {
            let mut all: Vec<u32> = counts.values().copied().collect();
            let (_, least, _) = all.select_nth_unstable_by(KEPT, |a, b| b.cmp(a));
            let least = *least;
            counts.retain(|_, n| *n > least);
        }
        counts.shrink_to_fit();
        self.made
    }
}
