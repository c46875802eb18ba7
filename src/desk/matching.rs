//! Matching any two files of records: a throw-away database with the same tables as the office's, and a model estimated
//! from what is in it.

use std::path::Path;

use rusqlite::Connection;

use super::error::Result;
use super::store::matching::{Matching, Owner};
use super::store::open;
use crate::matching::Likeness;
use crate::matching::compare::{Outcomes, compare};
use crate::matching::explain::Found;
use crate::matching::normalise::{Normalised, View};
use crate::matching::score::{Commonness, Counter, Model, Sample, estimate};
use crate::matching::search::Search;

/// Records whose values are counted.
const COUNTED: u32 = 100_000;

/// Probes that an estimate looks at.
const PROBES: usize = 1_500;

/// Candidates of each of them.
const CANDIDATES: usize = 24;

/// Pairs of strangers that an estimate looks at.
const STRANGERS: usize = 30_000;

/// A book of customers that probes are held against.
#[derive(Debug)]
pub struct Book {
    conn: Connection,
    model: Model,
    common: Commonness,
}

impl Book {
    /// An empty book in a new file.
    pub fn create(path: &Path) -> Result<Self> {
        let conn = open::throw_away(path)?;
        conn.execute_batch(include_str!("../../assets/migrations/0002_matching.sql"))?;
        Ok(Self { conn, model: Model::default(), common: Commonness::default() })
    }

    /// Takes records in, numbered from 1 in their order, and makes the index.
    pub fn fill(&mut self, records: impl Iterator<Item = Likeness>) -> Result<u64> {
        let tx = self.conn.transaction()?;
        let matching = Matching(&tx);
        let mut count = 0;
        for record in records {
            count += 1;
            matching.load(Owner::Customer(count), &Normalised::of(&record))?;
        }
        matching.build()?;
        let (records, forms) = matching.sample(COUNTED)?;
        tx.commit()?;
        let mut counter = Counter::default();
        forms.iter().filter_map(|f| View::read(f)).for_each(|view| counter.add(&view));
        self.common = counter.finish();
        self.model.records = records.max(1);
        Ok(records)
    }

    /// Estimates the model from the book and some probes.
    pub fn learn(&mut self, probes: &[Normalised]) -> Result<()> {
        let (_, forms) = Matching(&self.conn).sample(STRANGERS as u32)?;
        let step = (probes.len() / PROBES).max(1);
        let some: Vec<&Normalised> = probes.iter().step_by(step).collect();
        let mut sample = Sample::default();
        if forms.is_empty() || some.is_empty() {
            return Ok(());
        }
        for n in 0..STRANGERS.min(forms.len() * some.len()) {
            let probe = some[n % some.len()];
            let other = forms[n.wrapping_mul(7919) % forms.len()].as_slice();
            sample.strangers.extend(View::read(other).map(|o| compare(&probe.view(), &o, &self.common)));
        }
        // One state of the file, and one lock instead of one for each statement.
        let reading = self.conn.unchecked_transaction()?;
        let index = Matching(&reading);
        let search = Search { index: &index, model: &self.model, common: &self.common };
        for probe in &some {
            let best = search.scored(&probe.view())?.into_iter().take(CANDIDATES);
            sample.candidates.push(best.map(|c| c.outcomes).collect::<Vec<Outcomes>>());
        }
        self.model = estimate(&self.model, &sample).model;
        Ok(())
    }

    /// The records most like a probe, best first; ids are their numbers.
    pub fn best(&self, probe: &Normalised, top: usize) -> Result<Vec<Found>> {
        let reading = self.conn.unchecked_transaction()?;
        let index = Matching(&reading);
        Ok(Search { index: &index, model: &self.model, common: &self.common }.best(probe, top)?)
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }
}
