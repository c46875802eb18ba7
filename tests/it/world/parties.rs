//! People outside who sign up; tests call them by one word.

use std::collections::BTreeMap;

/// Word, company, first name, last name, address, country, phone, city.
#[rustfmt::skip]
const PARTIES: &[(&str, [&str; 7])] = &[
    ("aurora",  ["Café Aurora Lda",    "Ana",    "Sousa",   "ana@aurora.example",       "PT", "+351 21 555 0132", "Lisboa"]),
    ("aurora2", ["Cafe Aurora",        "Rui",    "Sousa",   "rui@aurora.example",       "PT", "+351 21 555 0133", "Lisboa"]),
    ("weiss",   ["Weiß GmbH & Co. KG", "Jürgen", "Weiß",    "j.weiss@weiss.example",    "DE", "+49 30 123456",    "Berlin"]),
    ("lodz",    ["Łódź Textiles",      "Ewa",    "Nowak",   "ewa@lodztextiles.example", "PL", "+48 42 123 45 67", "Łódź"]),
    ("smith",   ["Smith & Sons",       "John",   "Smith",   "john@smith.example",       "GB", "+44 20 7946 0000", "London"]),
];

/// The applicant fields of a party; an unknown word is a company of its own.
pub fn fields(word: &str) -> BTreeMap<String, String> {
    let made;
    let values = match PARTIES.iter().find(|(w, _)| *w == word) {
        Some((_, values)) => values,
        None => {
            made = party(word);
            return made;
        }
    };
    let names = ["company", "first_name", "last_name", "email", "country", "phone", "city"];
    names.iter().zip(values).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

/// A company that has nothing in common with another one but the country.
pub fn party(word: &str) -> BTreeMap<String, String> {
    [
        ("company", format!("{word} Works")),
        ("last_name", format!("Person{word}")),
        ("email", format!("{word}@{word}.example")),
        ("country", "FR".to_owned()),
    ]
    .into_iter()
    .map(|(n, v)| (n.to_owned(), v))
    .collect()
}
