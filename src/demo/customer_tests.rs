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
    assert_eq!(digest, "485bb2b9ecf87398", "tutorials and screenshots name these customers");
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
fn samples_pass_every_check_that_the_office_makes() {
    use crate::domain::check::{Applicant, Outcome, checks};
    let mut doubts = Vec::new();
    for customer in customers(SEED, 3_000) {
        let applicant = Applicant {
            company: &customer.name,
            last_name: customer.contacts[0].last_name,
            email: &customer.email,
            phone: Some(&customer.phone),
            tax_number: Some(&customer.tax_number),
            postal_code: Some(&customer.postal_code),
            country: customer.country,
            ..Applicant::default()
        };
        let found = checks(&applicant).into_iter().filter(|finding| finding.outcome > Outcome::Good);
        doubts.extend(found.map(|finding| format!("{} {} {finding}", customer.number, customer.phone)));
    }
    assert_eq!(doubts, [""; 0]);
}

#[test]
fn few_of_the_first_share_a_phone_and_of_the_many_hardly_any() {
    let shared = |count: u64| {
        let phones: HashSet<_> = customers(SEED, count).map(|customer| customer.phone).collect();
        count as usize - phones.len()
    };
    assert!(shared(400) <= 6, "{}", shared(400));
    assert!(shared(20_000) <= 300, "{}", shared(20_000));
}
