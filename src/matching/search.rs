//! Finds the records most like a probe: rare keys first, up to a budget; then the best are compared and scored.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::block;
use super::compare::{Outcomes, compare};
use super::explain::{Found, judge};
use super::normalise::{Normalised, View};
use super::postings::Postings;
use super::score::{Commonness, Model};

/// Ids read from lists for one probe, at most.
const READ: usize = 24_000;

/// Records compared for one probe, at most.
const COMPARED: usize = 400;

/// Where records and lists are kept. Answers must be of one state of the data.
pub trait Index {
    /// What can go wrong.
    type Error;

    /// Reads the packed lists of keys, in any order; keys without a list are left out.
    fn lists(&self, keys: &[u32], each: &mut dyn FnMut(u32, &[u8])) -> Result<(), Self::Error>;

    /// Reads the stored form of records, in any order; records that are gone are left out.
    fn records(&self, ids: &[i64], each: &mut dyn FnMut(i64, &[u8])) -> Result<(), Self::Error>;

    /// Which of several books a record is of. A probe may well be in each of them, so that only records of one book
    /// rule each other out.
    fn book(&self, _id: i64) -> Result<u8, Self::Error> {
        Ok(0)
    }
}

/// Of how many of the best it is looked at whether they are the same as each other.
const TWINS: usize = 8;

/// Log-odds from which two records are taken for the same.
const SURE: f64 = 4.0;

/// Odds up to which a record is a rival to nobody.
const NO_RIVAL: f64 = 1e-3;

/// A candidate that was compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Log-odds before rivals.
    pub total: f64,
    /// Its id in the index.
    pub id: i64,
    /// What came of comparing.
    pub outcomes: Outcomes,
    /// Its stored form.
    pub form: Vec<u8>,
}

/// A search over an index with a model.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a, I> {
    /// The data.
    pub index: &'a I,
    /// The numbers.
    pub model: &'a Model,
    /// How common values are.
    pub common: &'a Commonness,
}

impl<I: Index> Search<'_, I> {
    /// The `top` records most like the probe, best first, however unlikely; the caller hides by [`Found::probability`].
    /// The probe's own records are left out: they would rule out all others.
    pub fn best(&self, probe: &Normalised, own: &[i64], top: usize) -> Result<Vec<Found>, I::Error> {
        let mut scored = self.scored(&probe.view())?;
        scored.retain(|s| !own.contains(&s.id));
        let rivals = self.rivals(&scored)?;
        let mut found: Vec<Found> =
            scored.iter().take(top.max(TWINS)).zip(rivals).map(|(s, r)| judge(self.model, s, r)).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        found.truncate(top);
        Ok(found)
    }

    /// For each candidate the odds of all others of its book together. Records that are the same as each other are no rivals: the
    /// book itself may hold a customer twice.
    fn rivals(&self, scored: &[Scored]) -> Result<Vec<f64>, I::Error> {
        let odds: Vec<f64> = scored.iter().map(|s| s.total.exp()).collect();
        let mut books = vec![0; scored.len()];
        // The unlikely are a rival to nobody, whatever book they are of.
        for (at, one) in scored.iter().enumerate().take_while(|(at, _)| odds[*at] > NO_RIVAL) {
            books[at] = self.index.book(one.id)?;
        }
        let mut all = [0.0; 256];
        books.iter().zip(&odds).for_each(|(book, one)| all[usize::from(*book)] += one);
        let mut rivals: Vec<f64> =
            books.iter().zip(&odds).map(|(book, one)| (all[usize::from(*book)] - one).max(0.0)).collect();
        let near = scored.len().min(TWINS);
        for i in 0..near {
            for j in i + 1..near {
                // Only where it would show.
                if odds[j] > 0.05
                    && books[i] == books[j]
                    && let (Some(a), Some(b)) = (View::read(&scored[i].form), View::read(&scored[j].form))
                    && self.model.odds(&compare(&a, &b, self.common)).total > SURE
                {
                    rivals[i] = (rivals[i] - odds[j]).max(0.0);
                    rivals[j] = (rivals[j] - odds[i]).max(0.0);
                }
            }
        }
        Ok(rivals)
    }

    /// All candidates compared, best first.
    pub fn scored(&self, probe: &View<'_>) -> Result<Vec<Scored>, I::Error> {
        let mut scored: Vec<Scored> = Vec::new();
        let ids = self.candidates(probe)?;
        self.index.records(&ids, &mut |id, bytes| {
            if let Some(record) = View::read(bytes) {
                let outcomes = compare(probe, &record, self.common);
                let total = self.model.odds(&outcomes).total;
                scored.push(Scored { total, id, outcomes, form: bytes.to_vec() });
            }
        })?;
        scored.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.id.cmp(&b.id)));
        Ok(scored)
    }

    /// Ids that share keys with the probe, those with most and rarest first.
    pub fn candidates(&self, probe: &View<'_>) -> Result<Vec<i64>, I::Error> {
        let keys = block::keys(probe);
        let mut bytes: Vec<u8> = Vec::new();
        let mut lists: Vec<(u64, std::ops::Range<usize>)> = Vec::new();
        self.index.lists(&keys, &mut |_, list| {
            let from = bytes.len();
            bytes.extend_from_slice(list);
            lists.push((Postings::count(list), from..bytes.len()));
        })?;
        lists.sort_by_key(|(count, _)| *count);
        let mut weights: HashMap<i64, f32, BuildHasherDefault<Spread>> = HashMap::default();
        let mut read = 0;
        let records = self.model.records.max(2) as f32;
        for (count, at) in lists {
            if read > 0 && read + count.min(super::postings::LONGEST as u64) as usize > READ {
                break;
            }
            let weight = (records / count.max(1) as f32).ln().max(0.1);
            Postings::visit(&bytes[at], |id| {
                read += 1;
                *weights.entry(id).or_default() += weight;
            });
        }
        let mut best: Vec<(f32, i64)> = weights.into_iter().map(|(id, weight)| (weight, id)).collect();
        if best.len() > COMPARED {
            best.select_nth_unstable_by(COMPARED, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            best.truncate(COMPARED);
        }
        let mut ids: Vec<i64> = best.into_iter().map(|(_, id)| id).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// Spreads ids over the table; they come from our own numbering, so nobody can aim at it.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_i64(&mut self, id: i64) {
        let mixed = (id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
