//! `countersign match`: reads two files, ranks, writes JSON lines; says on standard error what it cost.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::matching::Match;
use crate::cli::output::Output;
use crate::desk::matching::Book;
use crate::matching::Likeness;
use crate::matching::explain::{Class, Found, words};
use crate::matching::normalise::Normalised;

/// Does it.
pub fn run(asked: &Match, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let place = tempfile::tempdir()?;
    let file = place.path().join("match.db");
    let mut book = Book::create(&file)?;
    let begun = Instant::now();
    let mut customers = Rows::open(&asked.customers)?;
    let mut ids = Ids::default();
    let mut wrong = None;
    let records = book.fill(customers.by_ref().map_while(|row| match row {
        Ok((id, likeness)) => {
            ids.push(&id);
            Some(likeness)
        }
        Err(failure) => {
            wrong = Some(failure);
            None
        }
    }))?;
    if let Some(failure) = wrong {
        return Err(failure);
    }
    let built = begun.elapsed();
    let queries: Vec<(String, Likeness)> = Rows::open(&asked.queries)?.collect::<Result<_, _>>()?;
    let probes: Vec<Normalised> = queries.iter().map(|(_, likeness)| Normalised::of(likeness)).collect();
    let begun = Instant::now();
    if !asked.no_estimate {
        book.learn(&probes)?;
    }
    let learnt = begun.elapsed();
    let resident_before = resident("VmRSS:");
    let mut to = BufWriter::new(File::create(&asked.out)?);
    let mut took = Vec::with_capacity(queries.len());
    for ((id, _), probe) in queries.iter().zip(&probes) {
        let begun = Instant::now();
        let found = book.best(probe, asked.top)?;
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        took.push(ms);
        for (rank, hit) in found.iter().enumerate() {
            writeln!(to, "{}", line(id, rank + 1, &ids, hit, ms))?;
        }
    }
    to.flush()?;
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    let bytes = std::fs::metadata(&file).map_or(0, |m| m.len());
    out.message(&format!(
        "{records} customers indexed in {:.1} s, {:.1} MB; model estimated in {:.1} s; {} queries, median {:.2} ms, 99 of 100 within {:.2} ms; resident {} MB while searching, {} MB at the most.",
        built.as_secs_f64(),
        bytes as f64 / 1e6,
        learnt.as_secs_f64(),
        took.len(),
        at(0.5),
        at(0.99),
        resident("VmRSS:").max(resident_before) / 1024,
        resident("VmHWM:") / 1024,
    ))?;
    Ok(Exit::Done)
}

fn line(query: &str, rank: usize, ids: &Ids, hit: &Found, ms: f64) -> serde_json::Value {
    let customer = usize::try_from(hit.id - 1).ok().and_then(|at| ids.get(at));
    let class = match hit.class {
        Class::Same => "same",
        Class::Mate => "mate",
        Class::Different => "different",
    };
    let none = Likeness::default();
    let reasons: Vec<_> = hit
        .contributions
        .iter()
        .map(|c| json!([words(c, &none, &none), (c.weight * 1000.0).round() / 1000.0]))
        .collect();
    json!({
        "query_id": query, "rank": rank, "customer_id": customer, "score": hit.score, "prob": hit.probability,
        "class": class, "ms": ms, "explain": reasons,
    })
}

/// A million ids in one piece of memory.
#[derive(Default)]
struct Ids {
    text: String,
    ends: Vec<u32>,
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

/// Rows of a CSV file with a header, as they are compared.
struct Rows {
    rows: csv::StringRecordsIntoIter<File>,
    columns: Vec<Option<usize>>,
    path: String,
}

const COLUMNS: [&str; 11] = [
    "id",
    "company",
    "first_name",
    "last_name",
    "email",
    "phone",
    "street",
    "city",
    "postal_code",
    "country",
    "tax_number",
];

impl Rows {
    fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let failed = |e: csv::Error| unreadable(&name, &e);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(failed)?;
        let header = reader.headers().map_err(failed)?;
        let columns: Vec<_> = COLUMNS.iter().map(|c| header.iter().position(|h| h.trim() == *c)).collect();
        if columns[0].is_none() {
            return Err(Failure::new(Exit::Failed, "invalid", format!("{name} has no column `id`."))
                .remedy("The first line names the columns; see `countersign match --help`."));
        }
        Ok(Self { rows: reader.into_records(), columns, path: name })
    }
}

fn unreadable(path: &str, error: &csv::Error) -> Failure {
    Failure::new(Exit::Failed, "invalid", format!("{path}: {error}."))
        .remedy("Give a CSV file in UTF-8 with a header line.")
}

impl Iterator for Rows {
    type Item = Result<(String, Likeness), Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.rows.next()? {
            Ok(row) => row,
            Err(error) => return Some(Err(unreadable(&self.path, &error))),
        };
        let value = |at: usize| self.columns[at].and_then(|c| row.get(c)).unwrap_or("").to_owned();
        let likeness = Likeness {
            name: value(1),
            first_name: value(2),
            last_name: value(3),
            email: value(4),
            phone: value(5),
            street: value(6),
            city: value(7),
            postal_code: value(8),
            country: value(9),
            tax_number: value(10),
        };
        Some(Ok((value(0), likeness)))
    }
}

/// Kilobytes of memory as the kernel counts them; 0 where it does not say.
fn resident(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(what)).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
