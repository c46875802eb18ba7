//! Values as given become values that can be compared: folded to ASCII in lower case, without what says nothing about
//! who it is (titles, legal forms, words such as *the*), abbreviations spelt one way. Outside text is hostile: every
//! field is cut to a bounded length first.

mod company;
mod mail;
mod phone;
mod script;
mod street;
mod words;

use super::Likeness;
use crate::domain::text::fold;

pub use words::{is_plain_street_word, kind_of_organisation, root_of_name};

/// Characters of a field that are looked at.
const LOOKED_AT: usize = 240;

/// Bytes of a field that are kept.
const KEPT: usize = 120;

/// Version of the stored form; a row of another version is made anew.
const FORM: u8 = 2;

/// Parts an ASCII unit separator apart; folding never lets one through.
const BETWEEN: char = '\u{1f}';

/// A record as it is compared: every field folded, absent ones empty, words one space apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normalised {
    parts: [String; PARTS],
}

/// How many fields are kept.
const PARTS: usize = 10;

/// A normalised record read from its stored form without copying.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct View<'a> {
    /// Name of the company, without legal form.
    pub company: &'a str,
    /// First names.
    pub first: &'a str,
    /// Last names.
    pub last: &'a str,
    /// `local@domain`, without tag.
    pub email: &'a str,
    /// Digits, without trunk zeros.
    pub phone: &'a str,
    /// Street with house number.
    pub street: &'a str,
    /// City.
    pub city: &'a str,
    /// Postal code, letters and digits.
    pub postal: &'a str,
    /// Country.
    pub country: &'a str,
    /// Tax number, letters and digits.
    pub tax: &'a str,
}

impl Normalised {
    /// Normalises values as given. Never fails; what cannot be read is absent.
    pub fn of(given: &Likeness) -> Self {
        let (first, last) = names(&given.first_name, &given.last_name);
        let parts = [
            company::normalise(cut(&given.name)),
            first,
            last,
            mail::normalise(cut(&given.email)),
            phone::normalise(cut(&given.phone)),
            street::normalise(cut(&given.street)),
            street::city(cut(&given.city)),
            joined(&given.postal_code),
            joined(&given.country),
            joined(&given.tax_number),
        ];
        Self { parts: parts.map(shortened) }
    }

    /// For comparing.
    pub fn view(&self) -> View<'_> {
        let [company, first, last, email, phone, street, city, postal, country, tax] =
            self.parts.each_ref().map(String::as_str);
        View { company, first, last, email, phone, street, city, postal, country, tax }
    }

    /// The form that is stored: a version byte and the parts. ASCII, so bytes are letters.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORM];
        let used = self.parts.iter().rposition(|p| !p.is_empty()).map_or(0, |at| at + 1);
        for (at, part) in self.parts[..used].iter().enumerate() {
            if at > 0 {
                bytes.push(BETWEEN as u8);
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }

    /// Nothing to compare by.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(String::is_empty)
    }
}

impl<'a> View<'a> {
    /// Reads the stored form; none when it is of another version or damaged.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&form, rest) = bytes.split_first()?;
        let text = std::str::from_utf8(rest).ok().filter(|_| form == FORM && rest.is_ascii())?;
        let mut parts = text.split(BETWEEN);
        let mut next = || parts.next().unwrap_or("");
        Some(Self {
            company: next(),
            first: next(),
            last: next(),
            email: next(),
            phone: next(),
            street: next(),
            city: next(),
            postal: next(),
            country: next(),
            tax: next(),
        })
    }
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(LOOKED_AT).map_or(text, |(at, _)| &text[..at])
}

fn shortened(mut text: String) -> String {
    if text.len() > KEPT {
        text.truncate(KEPT);
        let end = text.rfind(' ').filter(|at| *at > KEPT / 2).unwrap_or(KEPT);
        text.truncate(end);
    }
    text
}

/// Folded, without spaces.
fn joined(text: &str) -> String {
    fold(cut(text)).replace(' ', "")
}

/// First and last names: titles gone; where all stands in one field, the last word is the last name.
fn names(first: &str, last: &str) -> (String, String) {
    let (mut first, mut last) = (person(first), person(last));
    if words::TITLES.contains(&first.as_str()) {
        // Nothing but a title is no name; a last name may well be Earl or Baron.
        first.clear();
    }
    let all = match (first.is_empty(), last.is_empty()) {
        (true, false) => &last,
        (false, true) => &first,
        (true, true) | (false, false) => return (first, last),
    };
    if let Some((before, behind)) = all.rsplit_once(' ') {
        (first, last) = (before.to_owned(), behind.to_owned());
    }
    (first, last)
}

fn person(name: &str) -> String {
    let folded = script::fold(&cut(name).replace(['\'', '’', '`'], ""));
    let kept: Vec<&str> = folded.split(' ').filter(|w| !words::TITLES.contains(w)).collect();
    if kept.is_empty() { folded } else { kept.join(" ") }
}
