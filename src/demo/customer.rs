//! Sample customers: the `index`th one under a seed is always the same and depends on no other, so any number can be made in any order.

use super::office::{account_managers, sales_reps};
use super::random::Random;
use super::tables::{City, Country, Language, Order, Piece, Slot, Word, tables};
use super::tax::{iban, vat};

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

/// How far phone numbers keep to ranges for fiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phones {
    /// They do.
    Fictional,
    /// The last six digits are anything: those ranges hold a hundred numbers a city, and a million customers
    /// that shared them would all look like duplicates.
    Spread,
}

impl Phones {
    /// The first thousand records, which are those that people see, keep to fiction.
    pub fn of(index: u64) -> Self {
        if index < 1_000 { Phones::Fictional } else { Phones::Spread }
    }

    fn number(self, pattern: &str, random: &mut Random) -> String {
        let mut phone = String::with_capacity(20);
        match self {
            Phones::Fictional => random.fill(pattern, &mut phone),
            Phones::Spread => {
                let kept = pattern
                    .rmatch_indices(|c: char| c == '#' || c.is_ascii_digit())
                    .nth(5)
                    .map_or(0, |(at, _)| at);
                phone.push_str(&pattern[..kept]);
                random.fill(&pattern[kept..].replace(|c: char| c.is_ascii_digit(), "#"), &mut phone);
            }
        }
        phone
    }
}

/// What customers and applicants have in common.
pub(super) struct Party {
    pub kind: &'static str,
    pub name: String,
    pub slug: String,
    pub domain: String,
    pub street: String,
    pub postal_code: String,
    pub phone: String,
    pub tax_number: String,
    pub city: &'static City,
    pub language: &'static Language,
    pub contacts: Vec<DemoContact>,
}

pub(super) fn party(country: &'static Country, phones: Phones, random: &mut Random) -> Party {
    let tables = tables();
    let language = &tables.languages[country.language];
    let city = random.pick(&country.city);
    let person = random.chance(5);
    let mut name = String::with_capacity(48);
    let mut slug = String::with_capacity(32);
    let (first_family, first_given);
    if person {
        let (given, family) = someone(language, random);
        display_name((given, family), language.order, &mut name);
        slug.push_str(&given.slug);
        slug.push_str(&family.slug);
        (first_given, first_family) = (given, family);
    } else {
        let pattern = random.pick(&language.name);
        first_family = random.pick(&language.family);
        first_given = random.pick(&language.male);
        for piece in pattern {
            compose(
                piece,
                &Cast { language, country, city, family: first_family, given: first_given },
                random,
                (&mut name, &mut slug),
            );
        }
    }
    if slug.is_empty() {
        slug.push_str(&country.code.to_ascii_lowercase());
    }
    let domain = if random.chance(30) && !slug.ends_with(&city.name.slug) {
        format!("{slug}-{}.example", city.name.slug)
    } else {
        format!("{slug}.example")
    };
    let mut postal_code = String::with_capacity(10);
    random.fill(&city.postal_code, &mut postal_code);
    let phone = phones.number(&city.phone, random);
    let count = if person { 1 } else { 1 + random.below(3) };
    let contacts = (0..count)
        .map(|place| {
            let named_after = place == 0 && (person || random.chance(35));
            let pair = if named_after { (first_given, first_family) } else { someone(language, random) };
            let mobile = mobile(country, phones, random);
            contact(pair, (language, &domain, mobile), random)
        })
        .collect();
    let tax_number = if person { None } else { vat(&country.tax, random) };
    let mut contacts: Vec<DemoContact> = contacts;
    if person {
        contacts.iter_mut().for_each(|contact| contact.job_title = "");
    }
    Party {
        kind: if person { "person" } else { "organisation" },
        street: street(language, random),
        tax_number: tax_number.unwrap_or_default(),
        name,
        slug,
        domain,
        postal_code,
        phone,
        city,
        language,
        contacts,
    }
}

/// The words that the slots of one company name draw on.
struct Cast {
    language: &'static Language,
    country: &'static Country,
    city: &'static City,
    family: &'static Word,
    given: &'static Word,
}

fn compose(piece: &Piece, cast: &Cast, random: &mut Random, (name, slug): (&mut String, &mut String)) {
    let tables = tables();
    let mut both = |word: &Word| {
        name.push_str(&word.text);
        slug.push_str(&word.slug);
    };
    match piece {
        Piece::Text(text) => name.push_str(text),
        Piece::Slot(Slot::Family) => both(cast.family),
        Piece::Slot(Slot::Family2) => both(random.pick(&cast.language.family)),
        Piece::Slot(Slot::Given) => both(cast.given),
        Piece::Slot(Slot::Trade) => both(random.pick(&cast.language.trade)),
        Piece::Slot(Slot::City) => both(&cast.city.name),
        Piece::Slot(Slot::Form) => name.push_str(&random.pick(&cast.country.form).text),
        Piece::Slot(Slot::Coined) if cast.language.coined.is_empty() => {
            both(random.pick(&tables.coined_head));
            both(random.pick(&tables.coined_tail));
        }
        Piece::Slot(Slot::Coined) => both(random.pick(&cast.language.coined)),
        Piece::Slot(Slot::Road | Slot::Number | Slot::Block | Slot::Block2) => {}
    }
}

fn street(language: &Language, random: &mut Random) -> String {
    let mut street = String::with_capacity(32);
    for piece in &language.street {
        match piece {
            Piece::Text(text) => street.push_str(text),
            Piece::Slot(Slot::Road) => street.push_str(&random.pick(&language.road).text),
            Piece::Slot(Slot::Number) => street.push_str(&(1 + random.below(180)).to_string()),
            Piece::Slot(Slot::Block | Slot::Block2) => street.push_str(&(1 + random.below(9)).to_string()),
            Piece::Slot(
                Slot::Family
                | Slot::Family2
                | Slot::Given
                | Slot::Trade
                | Slot::Coined
                | Slot::City
                | Slot::Form,
            ) => {}
        }
    }
    street
}

fn someone(language: &'static Language, random: &mut Random) -> (&'static Word, &'static Word) {
    let place = random.below(language.family.len());
    match random.chance(50) {
        true => (random.pick(&language.female), &language.family_f[place]),
        false => (random.pick(&language.male), &language.family[place]),
    }
}

fn display_name((given, family): (&Word, &Word), order: Order, name: &mut String) {
    let (first, second) = match order {
        Order::GivenFirst => (given, family),
        Order::FamilyFirst => (family, given),
    };
    name.push_str(&first.text);
    name.push(' ');
    name.push_str(&second.text);
}

fn contact(
    (given, family): (&'static Word, &'static Word),
    (language, domain, phone): (&'static Language, &str, String),
    random: &mut Random,
) -> DemoContact {
    DemoContact {
        first_name: &given.text,
        last_name: &family.text,
        job_title: &random.pick(&language.title).text,
        email: match random.below(3) {
            0 => format!("{}@{domain}", given.slug),
            _ => format!("{}.{}@{domain}", given.slug, family.slug),
        },
        phone,
        language: &language.code,
    }
}

/// Seven in ten have one.
fn mobile(country: &Country, phones: Phones, random: &mut Random) -> String {
    match random.chance(70) {
        true => {
            let range = random.pick(&country.mobile);
            phones.number(range, random)
        }
        false => String::new(),
    }
}

/// A further person of a country, for a customer who has that domain.
pub(super) fn colleague(country: &'static Country, domain: &str, random: &mut Random) -> DemoContact {
    let language = &tables().languages[country.language];
    let phone = mobile(country, Phones::Fictional, random);
    contact(someone(language, random), (language, domain, phone), random)
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
