//! The matcher as a whole, over an index in memory.

use std::collections::HashMap;

use super::Likeness;
use super::block;
use super::explain::{About, Class, Found, words};
use super::normalise::{Normalised, View};
use super::postings::Postings;
use super::score::{Commonness, Counter, Model};
use super::search::{Index, Search};

#[derive(Default)]
struct Memory {
    lists: HashMap<u32, Postings>,
    records: Vec<Vec<u8>>,
}

impl Index for Memory {
    type Error = std::convert::Infallible;

    fn lists(&self, keys: &[u32], each: &mut dyn FnMut(u32, &[u8])) -> Result<(), Self::Error> {
        for key in keys {
            if let Some(list) = self.lists.get(key) {
                each(*key, &list.pack());
            }
        }
        Ok(())
    }

    fn records(&self, ids: &[i64], each: &mut dyn FnMut(i64, &[u8])) -> Result<(), Self::Error> {
        for id in ids {
            each(*id, &self.records[*id as usize - 1]);
        }
        Ok(())
    }
}

struct Book {
    index: Memory,
    model: Model,
    common: Commonness,
}

impl Book {
    fn of(records: &[Likeness]) -> Self {
        let mut index = Memory::default();
        let mut counter = Counter::default();
        for (at, record) in records.iter().enumerate() {
            let normalised = Normalised::of(record);
            for key in block::keys(&normalised.view()) {
                index.lists.entry(key).or_default().add(at as i64 + 1);
            }
            counter.add(&normalised.view());
            index.records.push(normalised.to_bytes());
        }
        let model = Model { records: records.len() as u64, ..Model::default() };
        Self { index, model, common: counter.finish() }
    }

    fn search(&self) -> Search<'_, Memory> {
        Search { index: &self.index, model: &self.model, common: &self.common }
    }

    fn best(&self, probe: &Likeness) -> Vec<Found> {
        let Ok(found) = self.search().best(&Normalised::of(probe), &[], 5);
        found
    }
}

fn person(first: &str, last: &str, street: &str) -> Likeness {
    Likeness {
        first_name: first.into(),
        last_name: last.into(),
        street: street.into(),
        city: "Leeds".into(),
        postal_code: "LS1 4AP".into(),
        country: "GB".into(),
        ..Likeness::default()
    }
}

fn office(company: &str, first: &str, last: &str) -> Likeness {
    Likeness {
        name: company.into(),
        email: format!("{}@aurora.example", first.to_lowercase()),
        phone: "+351 21 555 0132".into(),
        ..person(first, last, "Rua Augusta 12")
    }
}

fn small_book() -> Vec<Likeness> {
    let names = ["Emma", "Paul", "Ines", "Tom", "Lara", "Hugo", "Vera", "Otto", "Nils", "Rita"];
    let mut book: Vec<Likeness> = (0..200)
        .map(|n| {
            let mut one = person(names[n % 10], &format!("Family{}", n / 3), &format!("{n} Park Road"));
            one.postal_code = format!("LS{n} 4AP");
            one
        })
        .collect();
    book.push(office("Café Aurora Lda", "Ana", "Pinheiro"));
    book.push(person("Catherine", "Whitfield", "7 Mill Lane"));
    book
}

#[test]
fn every_explanation_adds_up_to_its_score() {
    let book = Book::of(&small_book());
    let mut seen = 0;
    for probe in small_book().iter().chain([&person("Kate", "Whitfeild", "7 Mill Ln"), &Likeness::default()])
    {
        for found in book.best(probe) {
            let sum: f64 = found.contributions.iter().map(|c| c.weight).sum();
            assert_eq!(sum, found.score, "{found:?}");
            assert_eq!(found.contributions[0].about, About::Prior);
            let by_score = 1.0 / (1.0 + (-found.score).exp());
            assert!((by_score - found.probability).abs() < 1e-12);
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn slips_short_names_and_swapped_names_are_found() {
    let book = Book::of(&small_book());
    let aurora = Likeness {
        name: "CAFE AURORA".into(),
        phone: "00351215550132".into(),
        city: "Leeds".into(),
        ..Likeness::default()
    };
    #[rustfmt::skip]
    let probes = [
        (person("Kate", "Whitfeild", "7 Mill Ln."),      202),
        (person("Whitfield", "Catherine", "7 Mill Lane"), 202),
        (aurora,                                          201),
    ];
    for (probe, id) in probes {
        let best = book.best(&probe);
        assert_eq!((best[0].id, best[0].class), (id, Class::Same), "{probe:?} {best:?}");
        assert!(best[0].probability > 0.9, "{best:?}");
    }
}

#[test]
fn another_person_of_a_company_is_told_from_the_same() {
    let book = Book::of(&small_book());
    let same = &book.best(&office("Cafe Aurora", "Ana", "Pinheiro"))[0];
    let other = &book.best(&office("Cafe Aurora", "Joaquim", "Duarte"))[0];
    assert_eq!((same.id, same.class), (201, Class::Same));
    assert_eq!((other.id, other.class), (201, Class::Mate), "{other:?}");
}

#[test]
fn two_that_fit_equally_make_each_other_unsure_unless_they_are_the_same() {
    let mut records = small_book();
    let probe = person("", "Whitfield", "7 Mill Lane");
    let alone = book_best(&records, &probe);
    records.push(person("Bernard", "Whitfield", "7 Mill Lane"));
    let with_brother = book_best(&records, &probe);
    assert!(with_brother.score < alone.score);
    let full = person("Catherine", "Whitfield", "7 Mill Lane");
    records.push(full.clone());
    let twice = book_best(&records, &full);
    assert!(twice.probability > 0.9, "a customer that stands twice in the book is not doubtful: {twice:?}");
}

fn book_best(records: &[Likeness], probe: &Likeness) -> Found {
    Book::of(records).best(probe).remove(0)
}

#[test]
fn hostile_records_stay_within_bounds() {
    let long = "smith ".repeat(20_000);
    let mut records: Vec<Likeness> = (0..10_000).map(|_| person("John", "Smith", "1 High Street")).collect();
    records.push(person(&long, &long, &long));
    records.push(person("a", "b", "c"));
    records.push(Likeness::default());
    let book = Book::of(&records);
    for probe in [&records[0], &records[10_000], &records[10_001], &records[10_002]] {
        let normalised = Normalised::of(probe);
        assert!(normalised.to_bytes().len() < 1_300);
        assert!(block::keys(&normalised.view()).len() <= block::MOST_KEYS);
        let Ok(candidates) = book.search().candidates(&normalised.view());
        assert!(candidates.len() <= 400);
    }
    assert_eq!(book.best(&records[0]).len(), 5, "equal names are found though there are many");
    assert!(book.best(&records[10_002]).is_empty());
}

#[test]
fn what_is_stored_reads_back() {
    for record in small_book() {
        let normalised = Normalised::of(&record);
        let bytes = normalised.to_bytes();
        assert_eq!(View::read(&bytes), Some(normalised.view()));
    }
    assert_eq!(View::read(&[]), None);
    assert_eq!(View::read(&[9, b'x']), None);
    assert_eq!(View::read(&[1, 0xff]), None);
}

#[test]
fn reasons_name_what_is_alike_but_not_the_same() {
    let probe = person("Kate", "Whitfeild", "7 Mill Lane");
    let record = &small_book()[201];
    let best = &book_best(&small_book(), &probe);
    let said: Vec<String> = best.contributions.iter().map(|c| words(c, &probe, record)).collect();
    assert!(said.contains(&"last name but for a slip (Whitfeild / Whitfield)".to_owned()), "{said:?}");
    assert!(said.contains(&"same street".to_owned()), "{said:?}");
}
