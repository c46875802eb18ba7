//! Sample customers: the `index`th one under a seed is always the same and depends on no other, so any number can be made in any order.

use super::office::{account_managers, sales_reps};
use super::party::{Phones, party};
use super::random::Random;
use super::tables::tables;
use super::tax::iban;

/// A customer record by the names of `domain::customer::FIELDS`; an empty text is an empty field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DemoCustomer {
    /// The account number, `C-000001` for the first.
    pub number: String,
    /// `active`, `on_hold` or `inactive`.
    pub state: &'static str,
    /// Days since it became a customer.
    pub created_days_ago: u32,
    /// The name of the organisation, or of the person.
    pub name: String,
    /// At most twenty ASCII capitals and digits.
    pub search_name: String,
    /// `organisation` or `person`.
    pub party_kind: &'static str,
    /// One of the office's customer groups.
    pub customer_group: &'static str,
    /// ISO 4217.
    pub currency: &'static str,
    /// BCP 47.
    pub language: &'static str,
    /// Road and house number in the country's order.
    pub street: String,
    /// Additional line; mostly empty.
    pub street2: String,
    /// In the country's own script.
    pub city: &'static str,
    /// In the country's form.
    pub postal_code: String,
    /// State or region, as the country writes it.
    pub region: &'static str,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// International form; a fictional range where the country has one.
    pub phone: String,
    /// The general mailbox.
    pub email: String,
    /// `https://…`.
    pub website: String,
    /// With correct check digits; empty for persons and countries without a rule.
    pub tax_number: String,
    /// The payment terms.
    pub terms_of_payment: &'static str,
    /// How it pays.
    pub method_of_payment: &'static str,
    /// A whole amount of its currency.
    pub credit_limit: String,
    /// A to D.
    pub credit_rating: &'static str,
    /// `Domestic`, `EU` or `Export`.
    pub sales_tax_group: &'static str,
    /// An Incoterm.
    pub delivery_terms: &'static str,
    /// With correct check digits; empty for most countries.
    pub iban: String,
    /// A login of staff.
    pub account_manager: &'static str,
    /// A login of staff.
    pub sales_rep: &'static str,
    /// The division that serves it.
    pub division: &'static str,
    /// Mostly empty.
    pub notes: &'static str,
    /// One to three; the first is who signed up.
    pub contacts: Vec<DemoContact>,
}

/// A person at a customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DemoContact {
    /// Given name in its own script.
    pub first_name: &'static str,
    /// Family name in its own script.
    pub last_name: &'static str,
    /// In the language of the customer.
    pub job_title: &'static str,
    /// Under the customer's domain, ASCII.
    pub email: String,
    /// A mobile number; sometimes empty.
    pub phone: String,
    /// BCP 47.
    pub language: &'static str,
}

impl DemoCustomer {
    /// Every field that is filled, by its name in `domain::customer::FIELDS`.
    pub fn fields(&self) -> Vec<(&'static str, &str)> {
        #[rustfmt::skip]
        let all = [
            ("name", self.name.as_str()),                  ("search_name", &self.search_name),            ("party_kind", self.party_kind),
            ("customer_group", self.customer_group),       ("currency", self.currency),                   ("language", self.language),
            ("street", &self.street),                      ("street2", &self.street2),                    ("city", self.city),
            ("postal_code", &self.postal_code),            ("region", self.region),                       ("country", self.country),
            ("phone", &self.phone),                        ("email", &self.email),                        ("website", &self.website),
            ("tax_number", &self.tax_number),              ("terms_of_payment", self.terms_of_payment),   ("method_of_payment", self.method_of_payment),
            ("credit_limit", &self.credit_limit),          ("credit_rating", self.credit_rating),         ("sales_tax_group", self.sales_tax_group),
            ("delivery_terms", self.delivery_terms),       ("iban", &self.iban),                          ("account_manager", self.account_manager),
            ("sales_rep", self.sales_rep),                 ("division", self.division),                   ("notes", self.notes),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// The first `count` customers under a seed, made as they are asked for; a million take a few seconds and no memory.
pub fn customers(seed: u64, count: u64) -> impl Iterator<Item = DemoCustomer> {
    (0..count).map(move |index| customer(seed, index))
}

/// One customer: the number is `index` + 1.
pub fn customer(seed: u64, index: u64) -> DemoCustomer {
    let tables = tables();
    let mut random = Random::of(seed, index);
    let country = &tables.countries[*random.pick(&tables.draw_country)];
    let party = party(country, Phones::of(index), &mut random);
    let drawn = &tables.groups[*random.pick(&tables.draw_group)];
    let group = if party.kind == "person" { &tables.groups[0] } else { drawn };
    let home = country.code == "DE";
    let european = !country.tax.is_empty() && !matches!(country.code.as_str(), "CH" | "GB" | "NO");
    let [least, most] = group.credit;
    let step = (most - least) / 20;
    DemoCustomer {
        number: format!("C-{:06}", index + 1),
        state: match random.below(100) {
            0..94 => "active",
            94..97 => "on_hold",
            _ => "inactive",
        },
        created_days_ago: 40 + random.below(3_600) as u32,
        customer_group: &group.name,
        terms_of_payment: if european { &group.terms } else { "Prepaid" },
        method_of_payment: &group.payment,
        credit_limit: (least + step * random.below(21)).to_string(),
        credit_rating: random.word(&["A", "A", "B", "B", "B", "C", "D"]),
        sales_tax_group: match (home, european) {
            (true, _) => "Domestic",
            (false, true) => "EU",
            (false, false) => "Export",
        },
        delivery_terms: if european { "DAP" } else { "FCA" },
        iban: country.iban.as_deref().and_then(|shape| iban(shape, &mut random)).unwrap_or_default(),
        account_manager: random.word(account_managers()),
        sales_rep: random.word(sales_reps()),
        division: if european { &group.division } else { "export" },
        notes: if random.chance(6) { random.pick(&tables.notes).as_str() } else { "" },
        search_name: party.slug.chars().take(20).map(|c| c.to_ascii_uppercase()).collect(),
        party_kind: party.kind,
        currency: &country.currency,
        language: &party.language.code,
        street2: if random.chance(7) { format!("{}. OG", 1 + random.below(6)) } else { String::new() },
        city: &party.city.name.text,
        region: &party.city.region,
        country: &country.code,
        email: format!("{}@{}", random.word(&["info", "office", "orders", "accounts", "mail"]), party.domain),
        website: format!("https://www.{}", party.domain),
        name: party.name,
        street: party.street,
        postal_code: party.postal_code,
        phone: party.phone,
        tax_number: party.tax_number,
        contacts: party.contacts,
    }
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
