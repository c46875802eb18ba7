//! The index behind possible duplicates: records as they are compared, the packed lists behind their keys, and the
//! models. Kept in the transaction that writes the record.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::matching::block;
use crate::matching::normalise::{Normalised, View};
use crate::matching::postings::{LONGEST, Postings};
use crate::matching::score::{Commonness, Model};
use crate::matching::search::Index;

/// Keys and ids gathered in one pass of a build, about: 80 MB. Fewer passes, since each computes all keys anew.
const GATHERED: usize = 10_000_000;

/// Whose record it is; the number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A customer, by its row id.
    Customer(i64),
    /// A sign-up, by its row id.
    Signup(i64),
}

impl Owner {
    /// How many books there are.
    pub const BOOKS: usize = 2;

    /// Customers and sign-ups are books of their own: an applicant may well be in both.
    pub fn book(self) -> usize {
        match self {
            Owner::Customer(_) => 0,
            Owner::Signup(_) => 1,
        }
    }

    fn parts(self) -> (i64, i64) {
        match self {
            Owner::Customer(id) => (1, id),
            Owner::Signup(id) => (2, id),
        }
    }
}

/// The index in an open database.
#[derive(Debug, Clone, Copy)]
pub struct Matching<'c>(pub &'c Connection);

impl Matching<'_> {
    /// Puts the records of an owner in place of those it had; none takes it out. Findable when this returns.
    pub fn put(&self, owner: Owner, records: &[Normalised]) -> rusqlite::Result<()> {
        let (kind, id) = owner.parts();
        let mut old =
            self.0.prepare_cached("select id, form from match_record where kind = ?1 and owner = ?2")?;
        let old: Vec<(i64, Vec<u8>)> =
            old.query_map([kind, id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let new: Vec<Vec<u8>> = records.iter().filter(|r| !r.is_empty()).map(Normalised::to_bytes).collect();
        if old.iter().map(|o| &o.1).eq(new.iter()) {
            return Ok(());
        }
        for (row, form) in old {
            for key in View::read(&form).map(|v| block::keys(&v)).unwrap_or_default() {
                self.change(key, |list| list.remove(row))?;
            }
            self.0.prepare_cached("delete from match_record where id = ?1")?.execute([row])?;
        }
        for form in new {
            let row = self
                .0
                .prepare_cached("insert into match_record (kind, owner, form) values (?1, ?2, ?3)")?
                .insert(params![kind, id, form])?;
            for key in View::read(&form).map(|v| block::keys(&v)).unwrap_or_default() {
                self.change(key, |list| list.add(row))?;
            }
        }
        Ok(())
    }

    fn change(&self, key: u32, change: impl FnOnce(&mut Postings)) -> rusqlite::Result<()> {
        let found: Option<Vec<u8>> = self
            .0
            .prepare_cached("select ids from match_posting where key = ?1")?
            .query_row([key], |r| r.get(0))
            .optional()?;
        let mut list = found.map(|bytes| Postings::unpack(&bytes)).unwrap_or_default();
        change(&mut list);
        if list.count == 0 {
            self.0.prepare_cached("delete from match_posting where key = ?1")?.execute([key])?;
        } else {
            self.0
                .prepare_cached("insert or replace into match_posting (key, ids) values (?1, ?2)")?
                .execute(params![key, list.pack()])?;
        }
        Ok(())
    }

    /// Writes records without lists; [`Matching::build`] makes those for all at once.
    pub fn load(&self, owner: Owner, record: &Normalised) -> rusqlite::Result<()> {
        let (kind, id) = owner.parts();
        self.0
            .prepare_cached("insert into match_record (kind, owner, form) values (?1, ?2, ?3)")?
            .execute(params![kind, id, record.to_bytes()])?;
        Ok(())
    }

    /// Makes all lists anew from the records, range by range of keys so that memory stays bounded.
    pub fn build(&self) -> rusqlite::Result<()> {
        self.0.execute("delete from match_posting", [])?;
        let records: i64 = self.0.query_row("select count(*) from match_record", [], |r| r.get(0))?;
        let passes = (usize::try_from(records).unwrap_or(0) * 28).div_ceil(GATHERED).clamp(1, 256) as u64;
        let mut insert = self.0.prepare("insert into match_posting (key, ids) values (?1, ?2)")?;
        let mut gathered: Vec<(u32, u32)> = Vec::new();
        for pass in 0..passes {
            let from = (pass << 32) / passes;
            let to = ((pass + 1) << 32) / passes;
            gathered.clear();
            self.each_record(&mut |id, _, view| {
                let keys = block::keys(view);
                let in_range = keys.into_iter().filter(|k| (from..to).contains(&u64::from(*k)));
                gathered.extend(in_range.map(|k| (k, id as u32)));
            })?;
            gathered.sort_unstable();
            for group in gathered.chunk_by(|a, b| a.0 == b.0) {
                let ids = group.iter().take(LONGEST).map(|(_, id)| i64::from(*id)).collect();
                let list = Postings { count: group.len() as u64, ids };
                insert.execute(params![group[0].0, list.pack()])?;
            }
        }
        Ok(())
    }

    /// Visits every record: its id in the index, its owner, its values.
    pub fn each_record(&self, each: &mut dyn FnMut(i64, Owner, &View<'_>)) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached("select id, kind, owner, form from match_record")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let owner = if row.get::<_, i64>(1)? == 1 { Owner::Customer } else { Owner::Signup };
            if let Some(view) = View::read(row.get_ref(3)?.as_blob()?) {
                each(row.get(0)?, owner(row.get(2)?), &view);
            }
        }
        Ok(())
    }

    /// Whose record it is.
    pub fn owner(&self, id: i64) -> rusqlite::Result<Option<Owner>> {
        self.0
            .prepare_cached("select kind, owner from match_record where id = ?1")?
            .query_row([id], |r| {
                let owner = if r.get::<_, i64>(0)? == 1 { Owner::Customer } else { Owner::Signup };
                Ok(owner(r.get(1)?))
            })
            .optional()
    }

    /// The ids of an owner's records.
    pub fn of_owner(&self, owner: Owner) -> rusqlite::Result<Vec<i64>> {
        let (kind, id) = owner.parts();
        let mut own = self.0.prepare_cached("select id from match_record where kind = ?1 and owner = ?2")?;
        own.query_map([kind, id], |r| r.get(0))?.collect()
    }

    /// The greatest id: about how many records there are, found with one look; changes make it greater.
    pub fn newest(&self) -> rusqlite::Result<u64> {
        let last: i64 =
            self.0.query_row("select coalesce(max(id), 0) from match_record", [], |r| r.get(0))?;
        Ok(u64::try_from(last).unwrap_or(0))
    }

    /// How many records there are.
    pub fn count(&self) -> rusqlite::Result<u64> {
        let count: i64 = self.0.query_row("select count(*) from match_record", [], |r| r.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// How many records there are, and the stored forms of about `most` of them, evenly spread over the ids.
    pub fn sample(&self, most: u32) -> rusqlite::Result<(u64, Vec<Vec<u8>>)> {
        let (count, last): (i64, i64) =
            self.0.query_row("select count(*), coalesce(max(id), 0) from match_record", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        let step = (last / i64::from(most.max(1))).max(1);
        let mut one = self.0.prepare("select form from match_record where id >= ?1 order by id limit 1")?;
        let mut forms = Vec::new();
        let mut at = 1;
        while at <= last {
            forms.extend(one.query_row([at], |r| r.get(0)).optional()?);
            at += step;
        }
        Ok((u64::try_from(count).unwrap_or(0), forms))
    }

    /// Keeps a model under its version.
    pub fn keep_model(&self, at: i64, model: &Model, common: &Commonness) -> rusqlite::Result<()> {
        let numbers =
            serde_json::to_string(model).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        self.0
            .prepare_cached(
                "insert or replace into match_model (version, at, numbers, common) values (?1, ?2, ?3, ?4)",
            )?
            .execute(params![model.version, at, numbers, common.pack()])?;
        Ok(())
    }

    /// The newest model, or that of a version; none when it is not there or cannot be read.
    pub fn model(&self, version: Option<u32>) -> rusqlite::Result<Option<(Model, Commonness)>> {
        let found: Option<(String, Vec<u8>)> = self
            .0
            .prepare_cached("select numbers, common from match_model where ?1 is null or version = ?1 order by version desc limit 1")?
            .query_row([version], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(numbers, common)| {
            Some((serde_json::from_str(&numbers).ok()?, Commonness::unpack(&common)?))
        }))
    }

    /// What is wrong with the index: records that their lists do not know. Looks at about `most` records.
    pub fn check(&self, most: u32) -> rusqlite::Result<Vec<String>> {
        let mut wrong = BTreeSet::new();
        let mut statement = self.0.prepare("select id, form from match_record where id % ?1 = 0 limit ?2")?;
        let last: i64 =
            self.0.query_row("select coalesce(max(id), 0) from match_record", [], |r| r.get(0))?;
        let every = (last / i64::from(most.max(1))).max(1);
        let rows: Vec<(i64, Vec<u8>)> = statement
            .query_map([every, i64::from(most)], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (id, form) in rows {
            let Some(view) = View::read(&form) else {
                wrong.insert(format!("record {id} has a form of another version"));
                continue;
            };
            let mut missing: BTreeSet<u32> = block::keys(&view).into_iter().collect();
            self.lists(&block::keys(&view), &mut |key, bytes| {
                let list = Postings::unpack(bytes);
                if list.ids.len() >= LONGEST || list.ids.binary_search(&id).is_ok() {
                    missing.remove(&key);
                }
            })?;
            wrong.extend(missing.iter().map(|key| format!("key {key} does not know record {id}")));
        }
        Ok(wrong.into_iter().collect())
    }
}

impl Index for Matching<'_> {
    type Error = rusqlite::Error;

    fn lists(&self, keys: &[u32], each: &mut dyn FnMut(u32, &[u8])) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached("select ids from match_posting where key = ?1")?;
        for key in keys {
            let mut rows = statement.query([key])?;
            if let Some(row) = rows.next()? {
                each(*key, row.get_ref(0)?.as_blob()?);
            }
        }
        Ok(())
    }

    fn records(&self, ids: &[i64], each: &mut dyn FnMut(i64, &[u8])) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached("select form from match_record where id = ?1")?;
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next()? {
                each(*id, row.get_ref(0)?.as_blob()?);
            }
        }
        Ok(())
    }

    fn book(&self, id: i64) -> rusqlite::Result<u8> {
        Ok(self.owner(id)?.map_or(0, |owner| owner.book() as u8))
    }
}
