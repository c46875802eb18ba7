//! The tables of `assets/demo`, read once when first asked for; a table that does not hold together stops the tests, not the office.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A word as it is shown, and its letters and digits in ASCII for addresses.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub text: String,
    pub slug: String,
}

/// One piece of a pattern of company names or streets.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Text(String),
    Slot(Slot),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Family,
    Family2,
    Given,
    Trade,
    Coined,
    City,
    Form,
    Road,
    Number,
    Block,
    Block2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    GivenFirst,
    FamilyFirst,
}

/// What names are made of in one language.
#[derive(Debug)]
pub(super) struct Language {
    pub code: String,
    pub order: Order,
    pub family: Vec<Word>,
    /// As `family`, place by place, for women.
    pub family_f: Vec<Word>,
    pub female: Vec<Word>,
    pub male: Vec<Word>,
    pub trade: Vec<Word>,
    /// Empty: words are coined from heads and tails.
    pub coined: Vec<Word>,
    pub road: Vec<Word>,
    pub street: Vec<Piece>,
    pub name: Vec<Vec<Piece>>,
    pub title: Vec<Word>,
    pub message: Vec<String>,
}

#[derive(Debug)]
pub(super) struct City {
    pub name: Word,
    pub postal_code: String,
    pub phone: String,
    pub region: String,
}

#[derive(Debug)]
pub(super) struct Country {
    pub code: String,
    pub language: usize,
    pub currency: String,
    pub tax: String,
    pub form: Vec<Word>,
    pub mobile: Vec<String>,
    pub iban: Option<String>,
    pub city: Vec<City>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub name: String,
    pub division: String,
    pub weight: usize,
    pub terms: String,
    pub payment: String,
    pub credit: [usize; 2],
}

#[derive(Debug, Deserialize)]
pub(super) struct Staff {
    pub login: String,
    pub name: String,
    pub roles: Vec<String>,
    pub language: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Template {
    pub name: String,
    pub division: Option<String>,
    pub values: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(super) struct Tables {
    pub languages: Vec<Language>,
    pub countries: Vec<Country>,
    /// Indices of `countries`, each as often as its weight.
    pub draw_country: Vec<usize>,
    pub groups: Vec<Group>,
    pub draw_group: Vec<usize>,
    pub staff: Vec<Staff>,
    pub templates: Vec<Template>,
    pub coined_head: Vec<Word>,
    pub coined_tail: Vec<Word>,
    pub notes: Vec<String>,
}

/// The tables.
pub(super) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> =
        LazyLock::new(|| read().expect("the tables in assets/demo hold together"));
    &TABLES
}

#[derive(Deserialize)]
struct RawLanguage {
    family: String,
    family_f: Option<String>,
    female: String,
    male: String,
    trade: String,
    coined: Option<String>,
    road: String,
    street: String,
    order: Option<String>,
    name: Vec<String>,
    title: String,
    message: Vec<String>,
}

#[derive(Deserialize)]
struct RawCountry {
    language: String,
    currency: String,
    tax: String,
    weight: usize,
    form: String,
    mobile: String,
    iban: Option<String>,
    city: Vec<String>,
}

#[derive(Deserialize)]
struct RawOffice {
    staff: Vec<Staff>,
    template: Vec<Template>,
    group: Vec<Group>,
    words: BTreeMap<String, toml::Value>,
}

fn read() -> Result<Tables, String> {
    let languages: BTreeMap<String, RawLanguage> = parse(include_str!("../../assets/demo/languages.toml"))?;
    let countries: BTreeMap<String, RawCountry> = parse(include_str!("../../assets/demo/countries.toml"))?;
    let office: RawOffice = parse(include_str!("../../assets/demo/office.toml"))?;
    let languages: Vec<Language> = languages.into_iter().map(language).collect::<Result<_, _>>()?;
    let draw_country = repeated(countries.values().map(|country| country.weight));
    let draw_group = repeated(office.group.iter().map(|group| group.weight));
    let countries = countries.into_iter().map(|raw| country(raw, &languages)).collect::<Result<_, _>>()?;
    let coined = |name: &str| match office.words.get(name).and_then(toml::Value::as_str) {
        Some(list) => Ok(words(list)),
        None => Err(format!("office.toml has no words.{name}")),
    };
    Ok(Tables {
        coined_head: coined("coined_head")?,
        coined_tail: coined("coined_tail")?,
        notes: office.words.get("note").and_then(toml::Value::as_array).map_or_else(Vec::new, |list| {
            list.iter().filter_map(|note| note.as_str().map(str::to_owned)).collect()
        }),
        languages,
        countries,
        draw_country,
        groups: office.group,
        draw_group,
        staff: office.staff,
        templates: office.template,
    })
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|problem| problem.to_string())
}

fn repeated(weights: impl Iterator<Item = usize>) -> Vec<usize> {
    weights.enumerate().flat_map(|(index, weight)| std::iter::repeat_n(index, weight)).collect()
}

fn words(list: &str) -> Vec<Word> {
    list.split('|').map(|entry| word(entry.trim())).collect()
}

fn word(entry: &str) -> Word {
    let (text, latin) = entry.split_once('=').unwrap_or((entry, entry));
    Word { text: text.to_owned(), slug: slug(latin) }
}

/// The letters and digits of a text in lower-case ASCII.
pub(super) fn slug(text: &str) -> String {
    deunicode::deunicode(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        let (slot, tail) = after.split_once('}').ok_or_else(|| format!("{pattern}: a brace stays open"))?;
        found.push(Piece::Slot(match slot {
            "family" => Slot::Family,
            "family2" => Slot::Family2,
            "given" => Slot::Given,
            "trade" => Slot::Trade,
            "coined" => Slot::Coined,
            "city" => Slot::City,
            "form" => Slot::Form,
            "road" => Slot::Road,
            "n" => Slot::Number,
            "c" => Slot::Block,
            "c2" => Slot::Block2,
            other => return Err(format!("{pattern}: there is no {other}")),
        }));
        rest = tail;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    Ok(found)
}

fn language((code, raw): (String, RawLanguage)) -> Result<Language, String> {
    let family = words(&raw.family);
    let family_f = raw.family_f.as_deref().map_or_else(|| family.clone(), words);
    if family.len() != family_f.len() {
        return Err(format!("{code}: family and family_f differ in length"));
    }
    Ok(Language {
        order: match raw.order.as_deref() {
            None => Order::GivenFirst,
            Some("family_first") => Order::FamilyFirst,
            Some(other) => return Err(format!("{code}: there is no order {other}")),
        },
        family,
        family_f,
        female: words(&raw.female),
        male: words(&raw.male),
        trade: words(&raw.trade),
        coined: raw.coined.as_deref().map_or_else(Vec::new, words),
        road: words(&raw.road),
        street: pieces(&raw.street)?,
        name: raw.name.iter().map(|pattern| pieces(pattern)).collect::<Result<_, _>>()?,
        title: words(&raw.title),
        message: raw.message,
        code,
    })
}

fn country((code, raw): (String, RawCountry), languages: &[Language]) -> Result<Country, String> {
    let language = languages.iter().position(|language| language.code == raw.language);
    Ok(Country {
        language: language.ok_or_else(|| format!("{code}: there is no language {}", raw.language))?,
        currency: raw.currency,
        tax: raw.tax,
        form: words(&raw.form),
        mobile: raw.mobile.split('|').map(|pattern| pattern.trim().to_owned()).collect(),
        iban: raw.iban,
        city: raw.city.iter().map(|row| city(row)).collect::<Result<_, _>>()?,
        code,
    })
}

fn city(row: &str) -> Result<City, String> {
    match row.split('|').map(str::trim).collect::<Vec<_>>().as_slice() {
        [name, postal_code, phone, region] => Ok(City {
            name: word(name),
            postal_code: (*postal_code).to_owned(),
            phone: (*phone).to_owned(),
            region: (*region).to_owned(),
        }),
        _ => Err(format!("{row}: a city has four columns")),
    }
}
