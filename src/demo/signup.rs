//! Sample sign-ups: first the scripted ones of `signups.toml`, each there for a reason, then as many plain ones as are wanted.

use super::customer::DemoCustomer;
use super::life::{Act, DemoStep, step};
use super::party::{Phones, colleague, party};
use super::random::Random;
use super::tables::{Country, slug, tables};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A sign-up by the names of `domain::field::SIGNUP_FIELDS`, with its life until now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DemoSignup {
    /// What it is in the sample for; for readers of the tests and of `demo --tour`, never stored.
    pub point: &'static str,
    /// The same for the same seed and place, so that nothing is taken in twice.
    pub external_id: String,
    /// `form`, `import`, `staff` or `mail`.
    pub source: &'static str,
    /// Field and value; only those that are filled.
    pub fields: BTreeMap<&'static str, String>,
    /// The number of the customer it is like, where it is like one.
    pub like: Option<String>,
    /// What happened, oldest first; the first is [`Act::Submit`].
    pub life: Vec<DemoStep>,
}

impl DemoSignup {
    /// A field's value; empty where it was not given.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// How many sign-ups are scripted.
pub fn scripted() -> usize {
    script().len()
}

/// The first `count` sign-ups under a seed; `sample` are the customers that some of them resemble.
///
/// Without a sample nothing resembles anything, and the rest is the same.
pub fn signups(seed: u64, count: usize, sample: &[DemoCustomer]) -> impl Iterator<Item = DemoSignup> + '_ {
    (0..count).map(move |index| match script().get(index) {
        Some(row) => from_script(row, (seed, index), sample),
        None => plain(seed, index),
    })
}

#[derive(Deserialize)]
struct Script {
    signup: Vec<Row>,
}

/// One row of `signups.toml`; every key that is not named here is a field of the sign-up.
#[derive(Debug, Clone, Deserialize)]
struct Row {
    point: String,
    source: Option<String>,
    like: Option<String>,
    customer: Option<usize>,
    times: Option<usize>,
    life: Vec<String>,
    #[serde(flatten)]
    given: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Planned {
    row: Row,
    life: Vec<DemoStep>,
}

fn script() -> &'static [Planned] {
    static SCRIPT: LazyLock<Vec<Planned>> = LazyLock::new(|| {
        let script: Script = toml::from_str(include_str!("../../assets/demo/signups.toml"))
            .expect("signups.toml is read by a test");
        script
            .signup
            .into_iter()
            .flat_map(|row| {
                let life: Vec<DemoStep> =
                    row.life.iter().map(|text| step(text).expect("signups.toml is read by a test")).collect();
                (0..row.times.unwrap_or(1))
                    .map(move |again| Planned { row: row.clone(), life: later(&life, again) })
            })
            .collect()
    });
    &SCRIPT
}

/// The same life somewhat longer ago, for rows that come several times.
fn later(life: &[DemoStep], again: usize) -> Vec<DemoStep> {
    let stretch = 10 + 7 * again as u32;
    life.iter()
        .map(|step| DemoStep { minutes_ago: step.minutes_ago * stretch / 10, ..step.clone() })
        .collect()
}

fn from_script(plan: &'static Planned, (seed, index): (u64, usize), sample: &[DemoCustomer]) -> DemoSignup {
    let mut random = Random::of(seed ^ 0x5167, index as u64);
    let row = &plan.row;
    let original = row.like.as_deref().and_then(|way| {
        let fits = |customer: &&DemoCustomer| match way {
            "tax" => !customer.tax_number.is_empty(),
            "phone" => customer.name.contains(' ') && customer.name.chars().all(|letter| letter < '\u{250}'),
            _ => customer.party_kind == "organisation",
        };
        let from = row.customer.unwrap_or(0) % sample.len().max(1);
        sample.iter().cycle().skip(from).take(sample.len()).find(fits).map(|customer| (way, customer))
    });
    let wanted =
        original.map(|(_, customer)| customer.country).or(row.given.get("country").map(String::as_str));
    let mut fields = applicant(wanted, Phones::Fictional, &mut random);
    if let Some((way, customer)) = original {
        resemble(&mut fields, way, customer, &mut random);
    }
    if row.given.contains_key("company") {
        for name in ["website", "tax_number", "user_name"] {
            set(&mut fields, name, String::new());
        }
    }
    for (name, value) in &row.given {
        set(&mut fields, name, value.clone());
    }
    DemoSignup {
        point: &row.point,
        external_id: format!("demo-{seed}-{}", index + 1),
        source: row.source.as_deref().unwrap_or("form"),
        fields,
        like: original.map(|(_, customer)| customer.number.clone()),
        life: plan.life.clone(),
    }
}

/// A sign-up like thousands of others, for bulk; two in three wait for somebody.
fn plain(seed: u64, index: usize) -> DemoSignup {
    let mut random = Random::of(seed ^ 0x5167, index as u64);
    let fields = applicant(None, Phones::of(index as u64), &mut random);
    let start = 30 + random.below(60 * 24 * 6) as u32;
    let step = |share: u32, who: &str, act: Act| DemoStep {
        minutes_ago: start * share / 100,
        by: match who {
            "" => super::By::Applicant,
            login => super::By::Staff(login.to_owned()),
        },
        act,
    };
    let mut life = vec![step(100, "", Act::Submit)];
    let kind = random.below(100);
    if kind >= 20 {
        life.push(step(97, "", Act::VerifyByCode));
    }
    match kind {
        0..66 => {}
        66..80 => life.push(step(60, "maria", Act::Approve { note: String::new() })),
        80..92 => {
            life.push(step(60, "maria", Act::Approve { note: String::new() }));
            life.push(step(55, "jens", Act::Create { template: "Wholesale, EU".into() }));
        }
        92..97 => {
            let note = "cannot be found in the trade register".to_owned();
            let reply = Some("We could not find your company in the register.".to_owned());
            life.push(step(40, "jens", Act::Reject { code: "not_a_business".into(), note, reply }));
        }
        _ => life.push(step(30, "", Act::WithdrawByCode)),
    }
    DemoSignup {
        point: "one of many",
        external_id: format!("demo-{seed}-{}", index + 1),
        source: random.word(&["form", "form", "form", "mail"]),
        fields,
        like: None,
        life,
    }
}

/// An applicant of a country (any, where none or an unknown one is wanted), complete and without fault.
fn applicant(wanted: Option<&str>, phones: Phones, random: &mut Random) -> BTreeMap<&'static str, String> {
    let tables = tables();
    let drawn = &tables.countries[*random.pick(&tables.draw_country)];
    let country = wanted.and_then(country_of).unwrap_or(drawn);
    let party = loop {
        let found = party(country, phones, random);
        if found.kind == "organisation" {
            break found;
        }
    };
    let person = &party.contacts[0];
    let mut fields = BTreeMap::new();
    let phone = if random.chance(30) && !person.phone.is_empty() { &person.phone } else { &party.phone };
    let message =
        if random.chance(75) { random.pick(&party.language.message).clone() } else { String::new() };
    let user_name = person.email.split('@').next().unwrap_or_default().to_owned();
    #[rustfmt::skip]
    let given = [
        ("company", party.name.clone()),                   ("first_name", person.first_name.into()),          ("last_name", person.last_name.into()),
        ("job_title", person.job_title.into()),            ("email", person.email.clone()),                   ("phone", phone.clone()),
        ("website", format!("https://www.{}", party.domain)), ("tax_number", party.tax_number.clone()),       ("street", party.street.clone()),
        ("city", party.city.name.text.clone()),            ("postal_code", party.postal_code.clone()),        ("region", party.city.region.clone()),
        ("country", country.code.clone()),                 ("language", party.language.code.clone()),         ("message", message),
        ("privacy_version", "2026-01".into()),             ("user_name", if random.chance(25) { user_name } else { String::new() }),
        ("authentication", random.word(&["", "", "set_password_link", "external_sso"]).into()),
    ];
    for (name, value) in given {
        set(&mut fields, name, value);
    }
    fields
}

fn country_of(code: &str) -> Option<&'static Country> {
    tables().countries.iter().find(|country| country.code == code)
}

/// Takes from the customer what the way of resembling says, and leaves the rest the applicant's own.
fn resemble(
    fields: &mut BTreeMap<&'static str, String>,
    way: &str,
    customer: &DemoCustomer,
    random: &mut Random,
) {
    let domain = customer.email.split_once('@').map_or("", |(_, domain)| domain);
    let mut take = |pairs: &[(&str, &str)]| {
        for (name, value) in pairs {
            set(fields, name, (*value).to_owned());
        }
    };
    let place = [
        ("street", customer.street.as_str()),
        ("city", customer.city),
        ("postal_code", &customer.postal_code),
        ("region", customer.region),
    ];
    match way {
        "phone" => {
            let company = without_form(&customer.name);
            take(&[("company", &company), ("phone", &customer.phone), ("tax_number", "")]);
            take(&place);
            move_to(fields, &format!("{}.example", slug(&company)));
        }
        "spelling" => {
            let company = misspelt(&customer.name);
            take(&[("company", &company), ("tax_number", "")]);
            take(&place);
            move_to(fields, &format!("{}.example", slug(&company)));
        }
        "email" => {
            let contact = &customer.contacts[0];
            take(&[
                ("email", &contact.email),
                ("first_name", contact.first_name),
                ("last_name", contact.last_name),
            ]);
            take(&[("company", &without_form(&customer.name)), ("website", &customer.website)]);
        }
        "tax" => {
            take(&[("tax_number", &customer.tax_number), ("company", &customer.name)]);
            move_to(fields, domain);
        }
        "contact" => {
            let country = country_of(customer.country).expect("customers are made of the same tables");
            let person = colleague(country, domain, random);
            take(&[("company", &customer.name), ("phone", &customer.phone), ("website", &customer.website)]);
            take(&[
                ("first_name", person.first_name),
                ("last_name", person.last_name),
                ("email", &person.email),
            ]);
            take(&[("job_title", person.job_title), ("tax_number", &customer.tax_number)]);
            take(&[("existing_account", &customer.number)]);
            take(&place);
        }
        "branch" => {
            take(&[("company", &customer.name), ("tax_number", "")]);
            move_to(fields, domain);
        }
        _ => {}
    }
}

/// Puts e-mail and web site under another domain.
fn move_to(fields: &mut BTreeMap<&'static str, String>, domain: &str) {
    let local = fields.get("email").and_then(|email| email.split('@').next()).unwrap_or("mail").to_owned();
    set(fields, "email", format!("{local}@{domain}"));
    set(fields, "website", format!("https://www.{domain}"));
}

/// The name as people give it on the phone: the legal form left out, capitals for the rest.
fn without_form(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    match words.as_slice() {
        [kept @ .., _] if kept.len() > 1 => kept.join(" ").to_uppercase(),
        _ => name.to_uppercase(),
    }
}

/// Two letters in the middle change places.
fn misspelt(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let middle = letters.len() / 3;
    if let Some(at) = (middle..letters.len().saturating_sub(1)).find(|at| {
        letters[*at].is_alphabetic() && letters[at + 1].is_alphabetic() && letters[*at] != letters[at + 1]
    }) {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

fn set(fields: &mut BTreeMap<&'static str, String>, name: &str, value: String) {
    let field =
        crate::domain::field::signup_field(name).expect("signups.toml is held against the fields by a test");
    match value.is_empty() {
        true => fields.remove(field.name),
        false => fields.insert(field.name, value),
    };
}

#[cfg(test)]
#[path = "signup_tests.rs"]
mod tests;
