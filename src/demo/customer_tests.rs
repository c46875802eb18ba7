//! Customers are the same on every machine, distinct by number, whole, and from all over the world.

use super::*;
use crate::demo::SEED;
use crate::domain::customer::{field, normalise};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};

#[test]
fn the_first_thousand_never_change_unsaid() {
    let mut hasher = Sha256::new();
    for customer in customers(SEED, 1_000) {
        hasher.update(format!("{customer:?}\n"));
    }
    let digest: String = hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "pinned", "tutorials and screenshots name these customers");
}

#[test]
fn each_stands_alone_and_has_its_own_number() {
    let all: Vec<_> = customers(SEED, 5_000).collect();
    assert_eq!(all[4_321], customer(SEED, 4_321));
    assert_eq!(all.iter().map(|customer| &customer.number).collect::<HashSet<_>>().len(), 5_000);
    let names = all.iter().map(|customer| &customer.name).collect::<HashSet<_>>().len();
    assert!(names > 4_200, "names are varied: {names}");
}

#[test]
fn every_field_is_one_of_the_record_and_in_its_shape() {
    for customer in customers(SEED, 2_000) {
        for (name, value) in customer.fields() {
            let known = field(name).unwrap_or_else(|| panic!("no field {name}"));
            assert_eq!(normalise(known, value).as_deref(), Ok(value), "{name}");
        }
        for (name, value) in
            [("name", &customer.name), ("street", &customer.street), ("phone", &customer.phone)]
        {
            assert!(
                !value.trim().is_empty() && !value.contains(['{', '}', '#', '%', '|']),
                "{name}: {value}"
            );
        }
        for address in customer.contacts.iter().map(|contact| &contact.email).chain([&customer.email]) {
            let (local, domain) = address.split_once('@').unwrap();
            assert!(!local.is_empty() && domain.ends_with(".example") && address.is_ascii(), "{address}");
            assert!(
                domain
                    .split('.')
                    .all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-')),
                "{address}"
            );
        }
        assert!(customer.search_name.len() <= 20 && !customer.search_name.is_empty());
    }
}

#[test]
fn the_office_sells_to_the_world() {
    let all: Vec<_> = customers(SEED, 3_000).collect();
    let countries: BTreeSet<_> = all.iter().map(|customer| customer.country).collect();
    assert!(countries.len() >= 40, "{countries:?}");
    #[rustfmt::skip]
    let scripts: BTreeMap<&str, std::ops::RangeInclusive<char>> = [
        ("accents", 'À'..='ɏ'), ("Greek", 'Α'..='ω'), ("Cyrillic", 'А'..='я'), ("Hebrew", 'א'..='ת'), ("Arabic", 'ا'..='ي'),
        ("Devanagari", 'अ'..='ह'), ("Thai", 'ก'..='ฮ'), ("kana", 'ァ'..='ヶ'), ("Han", '一'..='鿿'), ("Hangul", '가'..='힣'),
    ].into();
    for (script, range) in scripts {
        assert!(all.iter().any(|customer| customer.name.chars().any(|c| range.contains(&c))), "{script}");
    }
    let persons = all.iter().filter(|customer| customer.party_kind == "person").count();
    assert!((60..400).contains(&persons), "{persons}");
    assert!(all.iter().filter(|customer| !customer.tax_number.is_empty()).count() > 1_200);
}

#[test]
fn zz_print() {
    for c in customers(SEED, 70) {
        println!(
            "{} {} | {}, {} {} {} {} | {} | {} | {} | {} {} {} {} | {}",
            c.number,
            c.name,
            c.street,
            c.postal_code,
            c.city,
            c.region,
            c.country,
            c.phone,
            c.email,
            c.tax_number,
            c.customer_group,
            c.credit_limit,
            c.iban,
            c.state,
            c.contacts
                .iter()
                .map(|p| format!(
                    "{} {} <{}> {} {}",
                    p.first_name, p.last_name, p.email, p.phone, p.job_title
                ))
                .collect::<Vec<_>>()
                .join("; ")
        );
    }
    let sample: Vec<_> = customers(SEED, 400).collect();
    for s in crate::demo::signups(SEED, 62, &sample) {
        println!("{} {:?} {:?}", s.point, s.fields, s.like);
    }
    let start = std::time::Instant::now();
    let n = customers(SEED, 50_000).map(|c| c.name.len()).sum::<usize>();
    println!("{n} {:?}", start.elapsed());
    let names: HashSet<_> = customers(SEED, 400).map(|c| c.name).collect();
    println!("{}", names.len());
    let names: HashSet<_> = customers(SEED, 20000).map(|c| c.name).collect();
    println!("{}", names.len());
    let names: HashSet<_> = customers(SEED, 20000).map(|c| c.website).collect();
    println!("{}", names.len());
}
