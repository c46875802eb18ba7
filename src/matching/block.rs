//! Keys by which a record is found. Each is a small number made of a kind and some words; the fewer records a key has,
//! the more it counts. Single words find what is rare, pairs of words find what is common.

use super::compare::text::sound;
use super::normalise::{View, is_plain_street_word, kind_of_organisation, root_of_name};
use crate::domain::check::email::is_public_mail_domain;

/// Keys of one record at most, whatever it holds.
pub const MOST_KEYS: usize = 64;

/// Words of one field that keys are made of.
const WORDS: usize = 8;

/// Kinds of key; the numbers are stored.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Name = 1,
    NameSound,
    Names,
    NameSounds,
    NamePostal,
    NameCity,
    InitialLast,
    NameHouse,
    NameStreet,
    Postal,
    PostalHouse,
    StreetWord,
    StreetHouse,
    City,
    CompanyWord,
    CompanyPair,
    CompanyCity,
    CompanyHead,
    CompanyHeadCity,
    CompanyPostal,
    CompanyHouse,
    PhoneTail,
    PhoneFront,
    PhoneBack,
    Email,
    EmailLocal,
    EmailDomain,
    Tax,
    PostalStreet,
    EmailHead,
    PostalFront,
    RootInitial,
}

/// A number for a kind and its words; the same on every machine, for it is stored.
pub fn hash(kind: u8, words: &[&str]) -> u32 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(kind).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for word in words {
        for byte in word.bytes().chain([0x1f]) {
            h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (h >> 32) as u32
}

/// The keys of a record, each once, in order of their numbers. A probe and a record that share one meet.
pub fn keys(record: &View<'_>) -> Vec<u32> {
    let mut keys = Keys(Vec::with_capacity(40));
    let house = record.street.split(' ').find(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let streets: Vec<&str> =
        record.street.split(' ').filter(|w| Some(*w) != house && !is_plain_street_word(w)).take(4).collect();
    person(&mut keys, record, house, streets.iter().copied().max_by_key(|w| w.len()));
    place(&mut keys, record, house, &streets);
    company(&mut keys, record, house);
    reach(&mut keys, record);
    keys.0.sort_unstable();
    keys.0.dedup();
    keys.0.truncate(MOST_KEYS);
    keys.0
}

struct Keys(Vec<u32>);

impl Keys {
    /// A key, unless one of its words is missing.
    fn add(&mut self, kind: Kind, words: &[&str]) {
        if words.iter().all(|w| !w.is_empty()) {
            self.0.push(hash(kind as u8, words));
        }
    }

    /// A key whose two words may stand in either order.
    fn add_pair(&mut self, kind: Kind, a: &str, b: &str) {
        self.add(kind, &if a <= b { [a, b] } else { [b, a] });
    }
}

fn person(keys: &mut Keys, record: &View<'_>, house: Option<&str>, street: Option<&str>) {
    let names: Vec<&str> =
        record.first.split(' ').chain(record.last.split(' ')).filter(|w| w.len() > 1).take(4).collect();
    for name in &names {
        keys.add(Kind::Name, &[name]);
        keys.add(Kind::NameSound, &[&sound(name)]);
        keys.add(Kind::NamePostal, &[name, record.postal]);
        keys.add(Kind::NameCity, &[name, record.city]);
        keys.add(Kind::NameHouse, &[name, house.unwrap_or("")]);
        keys.add(Kind::NameStreet, &[name, street.unwrap_or("")]);
    }
    if let (Some(first), Some(last)) = (names.first(), names.last().filter(|_| names.len() > 1)) {
        keys.add_pair(Kind::Names, first, last);
        keys.add_pair(Kind::NameSounds, &sound(first), &sound(last));
    }
    if let (Some(root), Some(initial)) = (names.first().map(|n| root_of_name(n)), record.last.get(..1)) {
        keys.add(Kind::RootInitial, &[root, initial]);
    }
    if let Some(initial) = record.first.get(..1) {
        keys.add(Kind::InitialLast, &[initial, record.last]);
    }
}

fn place(keys: &mut Keys, record: &View<'_>, house: Option<&str>, streets: &[&str]) {
    let house = house.unwrap_or("");
    keys.add(Kind::Postal, &[record.postal]);
    keys.add(Kind::City, &[record.city]);
    // A slip in the last sign of a long code, as of a neighbouring street.
    if record.postal.len() > 5 {
        keys.add(Kind::PostalFront, &[&record.postal[..record.postal.len() - 1]]);
    }
    keys.add(Kind::PostalHouse, &[record.postal, house]);
    for word in streets {
        keys.add(Kind::StreetWord, &[word]);
        keys.add(Kind::StreetHouse, &[word, house]);
        keys.add(Kind::PostalStreet, &[word, record.postal]);
    }
}

fn company(keys: &mut Keys, record: &View<'_>, house: Option<&str>) {
    let given: Vec<&str> = record.company.split(' ').filter(|w| !w.is_empty()).take(WORDS).collect();
    let words: Vec<&str> = given.iter().map(|w| kind_of_organisation(w)).collect();
    let together = given.concat();
    for word in &words {
        keys.add(Kind::CompanyWord, &[word]);
        keys.add(Kind::CompanyCity, &[word, record.city]);
        keys.add(Kind::CompanyPostal, &[word, record.postal]);
        keys.add(Kind::CompanyHouse, &[word, house.unwrap_or("")]);
        if let Some(head) = word.get(..5) {
            keys.add(Kind::CompanyHeadCity, &[head, record.city]);
        }
    }
    for pair in words.windows(2) {
        keys.add_pair(Kind::CompanyPair, pair[0], pair[1]);
    }
    if words.len() > 2 {
        let initials: String = given.iter().filter_map(|w| w.chars().next()).collect();
        keys.add(Kind::CompanyWord, &[&initials]);
    }
    keys.add(Kind::CompanyHead, &[together.get(..7).unwrap_or(&together)]);
}

fn reach(keys: &mut Keys, record: &View<'_>) {
    let phone = record.phone;
    if phone.len() >= 6 {
        let tail = &phone[phone.len() - phone.len().min(7)..];
        keys.add(Kind::PhoneTail, &[tail]);
        keys.add(Kind::PhoneFront, &[&tail[..4]]);
        keys.add(Kind::PhoneBack, &[&tail[tail.len() - 4..]]);
    }
    if let Some((local, domain)) = record.email.split_once('@') {
        keys.add(Kind::Email, &[record.email]);
        keys.add(Kind::EmailLocal, &[local]);
        keys.add(Kind::EmailHead, &[local.get(..5).unwrap_or(local)]);
        for word in local.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() > 2).take(3) {
            keys.add(Kind::Name, &[word]);
        }
        if !is_public_mail_domain(domain) {
            keys.add(Kind::EmailDomain, &[domain]);
        }
    }
    keys.add(Kind::Tax, &[record.tax]);
}
