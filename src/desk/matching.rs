//! Matching any two files of records: a throw-away database with the same tables as the office's, and a model estimated
//! from what is in it.

use std::path::Path;

use rusqlite::Connection;

use super::door::Desk;
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
        conn.execute_batch(include_str!("../../assets/migrations/0003_matching.sql"))?;
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
        self.model = learn(&self.conn, (&self.model, &self.common), probes)?;
        Ok(())
    }

    /// The records most like a probe, best first; ids are their numbers.
    pub fn best(&self, probe: &Normalised, top: usize) -> Result<Vec<Found>> {
        let reading = self.conn.unchecked_transaction()?;
        let index = Matching(&reading);
        Ok(Search { index: &index, model: &self.model, common: &self.common }.best(probe, &[], top)?)
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }
}

/// Estimates a model from an index and some probes, starting from the one given; as it was where there is too little.
fn learn(conn: &Connection, (model, common): (&Model, &Commonness), probes: &[Normalised]) -> Result<Model> {
    let (_, forms) = Matching(conn).sample(STRANGERS as u32)?;
    let step = (probes.len() / PROBES).max(1);
    let some: Vec<&Normalised> = probes.iter().step_by(step).collect();
    let mut sample = Sample::default();
    if forms.is_empty() || some.is_empty() {
        return Ok(model.clone());
    }
    for n in 0..STRANGERS.min(forms.len() * some.len()) {
        let probe = some[n % some.len()];
        let other = forms[n.wrapping_mul(7919) % forms.len()].as_slice();
        sample.strangers.extend(View::read(other).map(|o| compare(&probe.view(), &o, common)));
    }
    // One state of the file, and one lock instead of one for each statement.
    let reading = if conn.is_autocommit() { Some(conn.unchecked_transaction()?) } else { None };
    let index = Matching(conn);
    let search = Search { index: &index, model, common };
    for probe in &some {
        let best = search.scored(&probe.view())?.into_iter().take(CANDIDATES);
        sample.candidates.push(best.map(|c| c.outcomes).collect::<Vec<Outcomes>>());
    }
    drop(reading);
    Ok(estimate(model, &sample).model)
}

/// Fewer sign-ups than these teach nothing that the programme does not know.
const ENOUGH: usize = 200;

/// Fewer records than these say nothing about how common a value is.
const COUNTABLE: usize = 20;

impl Desk {
    /// Counts how common values are and estimates the model anew from the office's own records, where those have changed
    /// by a quarter since the last time; gives the new version. No command waits for it: it reads, and writes one row.
    pub fn learn_duplicates(&mut self) -> Result<Option<u32>> {
        let now = self.now();
        learn_office(&self.conn, now)
    }
}

/// Counts how common values are and estimates the model anew from the office's own records, if they have changed by a
/// quarter since the last time; gives the new version. Decided sign-ups are the probes, where there are enough of them.
pub(super) fn learn_office(conn: &Connection, now: i64) -> Result<Option<u32>> {
    let matching = Matching(conn);
    let known = matching.model(None)?.map(|(model, _)| model);
    // Asked before anything is read: mostly nothing has changed, and a sample of a million records is no trifle.
    let settled =
        |count: u64| known.as_ref().is_some_and(|m| count.abs_diff(m.records) * 4 < m.records.max(1));
    if settled(matching.newest()?) || settled(matching.count()?) {
        return Ok(None);
    }
    let (records, forms) = matching.sample(COUNTED)?;
    if forms.len() < COUNTABLE {
        return Ok(None);
    }
    let mut counter = Counter::default();
    forms.iter().filter_map(|f| View::read(f)).for_each(|view| counter.add(&view));
    let common = counter.finish();
    let version = known.as_ref().map_or(0, |m| m.version) + 1;
    let start = Model { records: records.max(1), ..Model::default() };
    let probes = super::store::matched::probes(conn, PROBES)?;
    let mut model = if probes.len() < ENOUGH { start } else { learn(conn, (&start, &common), &probes)? };
    model.version = version;
    matching.keep_model(now, &model, &common)?;
    Ok(Some(version))
}
