//! Possible duplicates of a sign-up, among customers and other open sign-ups: the matcher over the office's own index.
//! Remembered “not a duplicate” answers are left out.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension};

use super::matched;
use super::matching::{Matching, Owner};
use crate::desk::error::{Error, Result};
use crate::desk::query::Sees;
use crate::desk::settings::Settings;
use crate::domain::id::{RecordKind, RecordRef};
use crate::matching::compare::{Field, Level};
use crate::matching::explain::{About, Class, Found, words};
use crate::matching::normalise::Normalised;
use crate::matching::score::{Commonness, Model};
use crate::matching::search::Search;
use crate::matching::{Hit, Likeness, Standing};

/// Hits that are kept.
const SHOWN: usize = 8;

/// Records looked at: several persons of one customer may be found, and the sign-up itself.
const LOOKED: usize = 32;

/// Below this probability nothing is shown.
const HIDDEN: f64 = 0.10;

/// Weights smaller than this say nothing worth reading.
const SAID: f64 = 0.3;

/// From this chance on another person of a customer is announced: more likely than not.
const MATE_ANNOUNCED: f64 = 0.5;

/// How duplicates are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// Of the probes that are nobody's duplicate, the share (0 to 1) that may be announced as one.
    pub false_alarms: f64,
    /// What the asker may see; the rest is never named.
    pub sees: Sees,
    /// The version of the model that judges; none: the newest.
    pub model: Option<u32>,
}

impl Asking {
    /// With the newest model and everything seen, as the checks are kept for all.
    pub fn for_all(settings: &Settings) -> Self {
        Self { false_alarms: settings.false_alarms, sees: Sees::All, model: None }
    }
}

/// Possible duplicates of a sign-up, best first, without those that were ruled out.
pub fn of_signup(conn: &Connection, id: i64, asking: Asking) -> Result<Vec<Hit>> {
    let Some(probe) = matched::values(conn, Owner::Signup(id))?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let mut ruled_out = conn.prepare_cached("select other from not_duplicate where signup_id = ?1")?;
    let ruled_out: Vec<String> = ruled_out.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut hits = of_values(conn, &probe, Some(Owner::Signup(id)), asking)?;
    let made: Option<i64> = conn
        .prepare_cached("select customer_id from signup where id = ?1")?
        .query_row([id], |r| r.get(0))
        .optional()?
        .flatten();
    // The customer that it became, or belongs to, is no duplicate of it.
    hits.retain(|hit| {
        let own = hit.record.kind == RecordKind::Customer && Some(hit.record.id) == made;
        !own && !ruled_out.contains(&hit.record.number)
    });
    hits.truncate(SHOWN);
    Ok(hits)
}

/// Customers that may be the same as a customer, best first: for each of its persons the likeliest of the others.
pub fn of_customer(conn: &Connection, id: i64, asking: Asking) -> Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    for probe in matched::values(conn, Owner::Customer(id))? {
        for hit in of_values(conn, &probe, Some(Owner::Customer(id)), asking)? {
            match hits.iter_mut().find(|known| known.record == hit.record) {
                Some(known) if known.percent < hit.percent => *known = hit,
                Some(_) => {}
                None if hit.record.kind == RecordKind::Customer => hits.push(hit),
                None => {}
            }
        }
    }
    hits.sort_by(by_chance);
    Ok(hits)
}

/// What may be the same as these values, best first; `own` is left out.
pub fn of_values(
    conn: &Connection,
    probe: &Likeness,
    own: Option<Owner>,
    asking: Asking,
) -> Result<Vec<Hit>> {
    let numbers = numbers(conn, asking.model)?;
    let index = Matching(conn);
    let search = Search { index: &index, model: &numbers.0, common: &numbers.1 };
    let announced = numbers.0.threshold(asking.false_alarms);
    let mut hits: Vec<Hit> = Vec::new();
    let own_records = own.map_or_else(|| Ok(Vec::new()), |owner| index.of_owner(owner))?;
    let best = search.best(&Normalised::of(probe), &own_records, LOOKED)?;
    // Several that fit equally well take probability from each other; that it is one of them is as sure as ever.
    let (mut any, mut most) = ([0.0; Owner::BOOKS], [0.0_f64; Owner::BOOKS]);
    for found in &best {
        if let Some(book) = index.owner(found.id)?.map(Owner::book) {
            any[book] += found.probability;
            most[book] = most[book].max(found.probability);
        }
    }
    for found in best {
        let Some(owner) = index.owner(found.id)?.filter(|o| seen(asking.sees, *o)) else {
            continue;
        };
        let mate = is_mate(&found);
        if chance(&found, mate) < HIDDEN {
            continue;
        }
        let book = owner.book();
        let one_of_them = found.probability >= most[book] / 2.0 && log_odds(any[book]) >= announced;
        let sure = found.score >= announced || one_of_them;
        let standing = match mate && found.mate >= MATE_ANNOUNCED || sure {
            true => Standing::Announced,
            false => Standing::Listed,
        };
        if let Some(hit) = hit(conn, probe, owner, (&found, standing))?
            && hits.iter().all(|known| known.record != hit.record)
        {
            hits.push(hit);
        }
    }
    hits.sort_by(by_chance);
    Ok(hits)
}

fn log_odds(probability: f64) -> f64 {
    let probability = probability.clamp(1e-9, 1.0 - 1e-9);
    (probability / (1.0 - probability)).ln()
}

fn seen(sees: Sees, owner: Owner) -> bool {
    match owner {
        Owner::Customer(_) => sees.customers(),
        Owner::Signup(_) => sees.signups(),
    }
}

fn by_chance(a: &Hit, b: &Hit) -> Ordering {
    b.percent.cmp(&a.percent).then_with(|| a.record.number.cmp(&b.record.number))
}

/// The chance that the record is the one meant: the same customer or, where only those share what is shared, also
/// another person of it.
fn chance(found: &Found, mate: bool) -> f64 {
    if mate { found.probability + found.mate } else { found.probability }
}

fn hit(
    conn: &Connection,
    probe: &Likeness,
    owner: Owner,
    (found, standing): (&Found, Standing),
) -> Result<Option<Hit>> {
    let (sql, kind, id) = match owner {
        Owner::Customer(id) => (
            "select number, name, coalesce(city, ''), coalesce(country, ''), state from customer where id = ?1",
            RecordKind::Customer,
            id,
        ),
        Owner::Signup(id) => (
            "select number, company, coalesce(city, ''), country, state from signup
             where id = ?1 and state in ('requested', 'verified_by_user', 'approved', 'expired')",
            RecordKind::Signup,
            id,
        ),
    };
    let row: Option<(String, String, String, String, String)> = conn
        .prepare_cached(sql)?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))
        .optional()?;
    let Some((number, name, city, country, state)) = row else { return Ok(None) };
    let all = matched::values(conn, owner)?;
    let wanted = Normalised::of(probe).to_bytes();
    // Of several persons, the one that was found is the one whose form is stored; the words name its values.
    let form: Option<Vec<u8>> = conn
        .prepare_cached("select form from match_record where id = ?1")?
        .query_row([found.id], |r| r.get(0))
        .optional()?;
    let theirs = all
        .iter()
        .find(|l| Some(Normalised::of(l).to_bytes()) == form)
        .or(all.first())
        .cloned()
        .unwrap_or_default();
    let mate = is_mate(found) && form.as_ref() != Some(&wanted);
    let chance = chance(found, mate);
    let mut parts: Vec<(String, f64)> =
        found.contributions.iter().map(|c| (words(c, probe, &theirs), c.weight)).collect();
    let mut reasons: Vec<String> = Vec::new();
    if mate {
        reasons.push("another person of the same company or household".into());
    }
    let mut said: Vec<(String, f64)> = found
        .contributions
        .iter()
        .filter(|c| matches!(c.about, About::Field(..)) && c.weight.abs() >= SAID)
        .map(|c| (words(c, probe, &theirs), c.weight))
        .collect();
    said.sort_by(|a, b| b.1.total_cmp(&a.1));
    reasons.extend(said.into_iter().map(|(words, _)| words));
    parts.retain(|(_, weight)| *weight != 0.0);
    Ok(Some(Hit {
        record: RecordRef::new(kind, id, number),
        name,
        place: [city, country].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" "),
        state,
        percent: (chance * 100.0).round().clamp(1.0, 99.0) as i64,
        class: if mate { Class::Mate } else { Class::Same },
        standing,
        reasons,
        parts,
        score: found.score,
        model: found.model,
    }))
}

/// Whether it is taken for another person of the same company or household: the model says so, and there is something
/// that only those share. A town or a common surname alone makes nobody a colleague.
fn is_mate(found: &Found) -> bool {
    let level = |wanted: Field| {
        found.contributions.iter().find_map(|c| match c.about {
            About::Field(field, level) if field == wanted => Some(level),
            About::Field(..) | About::Prior | About::Mate | About::Rivals => None,
        })
    };
    let same = |field| level(field) == Some(Level::Same);
    let near = |field| matches!(level(field), Some(Level::Same | Level::Slip | Level::Variant));
    let place = same(Field::Postal) && (same(Field::Street) || same(Field::City));
    let company = same(Field::Tax)
        || same(Field::Phone)
        || level(Field::Email) == Some(Level::Some)
        || (near(Field::Company) && place);
    let household = same(Field::Last) && same(Field::Street) && same(Field::House) && same(Field::Postal);
    found.class == Class::Mate && (company || household)
}

type Numbers = Rc<(Model, Commonness)>;

/// Which numbers were read: file, version, time.
type Read = ((String, u32, i64), Numbers);

thread_local! {
    /// The newest model of a database, read once: by file, version and time.
    static READ: RefCell<Option<Read>> = const { RefCell::new(None) };
}

/// The numbers that judge: those of a version, else the newest that were estimated from this office, else those the
/// programme comes with (version 0).
fn numbers(conn: &Connection, version: Option<u32>) -> Result<Numbers> {
    if let Some(version) = version.filter(|v| *v > 0) {
        let kept = Matching(conn).model(Some(version))?;
        return kept
            .map(Rc::new)
            .ok_or_else(|| Error::not_found(format!("Model {version} of possible duplicates")));
    }
    let newest: Option<(u32, i64)> = conn
        .prepare_cached("select version, at from match_model order by version desc limit 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((version, at)) = newest.filter(|_| version.is_none()) else {
        let model = Model { records: Matching(conn).newest()?.max(1), ..Model::default() };
        return Ok(Rc::new((model, Commonness::default())));
    };
    let key = (conn.path().unwrap_or("").to_owned(), version, at);
    let known = READ
        .with_borrow(|read| read.as_ref().filter(|(k, _)| *k == key).map(|(_, numbers)| Rc::clone(numbers)));
    if let Some(known) = known {
        return Ok(known);
    }
    let numbers: Numbers = Rc::new(Matching(conn).model(None)?.unwrap_or_default());
    READ.set(Some((key, Rc::clone(&numbers))));
    Ok(numbers)
}
