//! Who somebody is, where, and whom one may ask there: what sample customers and sample applicants have in common.

use super::customer::DemoContact;
use super::random::Random;
use super::tables::{City, Country, Language, Order, Piece, Slot, Word, tables};
use super::tax::vat;

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
