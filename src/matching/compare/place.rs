//! Fields of one value: e-mail, phone, codes, city, country.

use super::text::{alike, edits, same_letters, sound};
use super::{Field, Level, Outcome, Outcomes};
use crate::domain::check::email::is_public_mail_domain;
use crate::matching::score::Commonness;

/// Digits that two notations of one number share at their end.
const SHARED_DIGITS: usize = 6;

/// Words of a city that are looked at.
const WORDS: usize = 6;

/// Local parts that stand for an office, not for a person.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "info", "office", "contact", "mail", "email", "post", "admin", "sales", "orders", "order", "accounts", "accounting", "billing", "invoice", "service", "support", "hello",
    "team", "kontakt", "buero", "buro", "vertrieb", "einkauf", "rechnung", "contacto", "ventas", "commercial", "accueil", "comercial", "geral", "ufficio", "vendite", "biuro", "verkoop",
];

/// How far two domains are alike that may be one company's.
const SAME_HOUSE: f32 = 0.45;

/// *Some*: a company's own mail domain is shared.
pub(super) fn email(a: &str, b: &str, common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (local, domain) = a.split_once('@')?;
    let (local2, domain2) = b.split_once('@')?;
    let tells = common.tells(Field::Email, b);
    let slips = edits(a, b);
    if slips == 0 {
        return Outcome::new(Level::Same, tells);
    }
    let spaced = |t: &str| t.replace(['.', '-', '_'], "");
    if (domain == domain2 && spaced(local) == spaced(local2)) || slips == 1 || (slips == 2 && local.len() > 4)
    {
        return Outcome::new(Level::Slip, tells);
    }
    // Two companies have each their office@, and a person of one is not that of the other; a person has a private
    // address beside that of the company.
    let private = is_public_mail_domain(domain) || is_public_mail_domain(domain2);
    let desk = local == local2 && ROLES.contains(&local);
    let near = alike(without_top(domain), without_top(domain2));
    if local == local2 && local.len() > 4 && !desk && (private || near >= SAME_HOUSE) {
        return Outcome::new(Level::Variant, tells);
    }
    // Not by the whole address: colleagues share all behind the sign.
    if !desk && alike(local, local2) >= 0.6 && near >= SAME_HOUSE {
        return Outcome::new(Level::Alike, tells);
    }
    if domain == domain2 && !is_public_mail_domain(domain) {
        return Outcome::new(Level::Some, common.tells_domain(domain));
    }
    Outcome::new(Level::Other, 0.0)
}

/// A domain without its last label, which half the world shares.
fn without_top(domain: &str) -> &str {
    domain.rsplit_once('.').map_or(domain, |(rest, _)| rest)
}

/// *Some*: one line apart, as of one switchboard.
pub(super) fn phone(a: &str, b: &str, common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let tells = common.tells(Field::Phone, b);
    if short.len() >= SHARED_DIGITS && long.ends_with(short) {
        return Outcome::new(Level::Same, tells);
    }
    let tail = &long[long.len() - short.len()..];
    let slips = edits(short, tail).min(edits(short, long));
    let front = short.len().saturating_sub(2).max(4).min(short.len());
    // Numbers of one exchange begin alike and need have nothing to do with each other.
    let exchange = short.len().saturating_sub(4).max(6);
    if short[..front] == tail[..front]
        || slips > 2 && exchange < short.len() && short[..exchange] == tail[..exchange]
    {
        return Outcome::new(Level::Some, tells);
    }
    let level = match slips {
        0 | 1 => Level::Slip,
        2 if short.len() >= 7 => Level::Alike,
        3 if short.len() >= 9 => Level::Alike,
        _ => Level::Other,
    };
    Outcome::new(level, tells)
}

/// Tax numbers and postal codes. *Variant*: one is the beginning of the other; *some*: the first half agrees.
pub(super) fn code(field: Field, [a, b]: [&str; 2], common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let tells = common.tells(field, b);
    if a == b {
        return Outcome::new(Level::Same, tells);
    }
    let (shortest, longest) = (a.len().min(b.len()), a.len().max(b.len()));
    if shortest >= 4 && (a.starts_with(b) || b.starts_with(a)) {
        return Outcome::new(Level::Variant, tells);
    }
    let slips = edits(a, b);
    if slips == 1 && longest >= 3 {
        return Outcome::new(Level::Slip, tells);
    }
    if slips == 2 && longest >= 5 {
        return Outcome::new(Level::Alike, tells);
    }
    let half = shortest / 2;
    let level = if half >= 2 && a[..half] == b[..half] { Level::Some } else { Level::Other };
    Outcome::new(level, tells)
}

pub(super) fn city(a: &str, b: &str, common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let tells = common.tells(Field::City, b);
    if same_letters(a, b) {
        return Outcome::new(Level::Same, tells);
    }
    let (shortest, longest) = (a.len().min(b.len()), a.len().max(b.len()));
    let slips = edits(a, b);
    let contained = shortest >= 4 && (holds(a, b) || holds(b, a));
    let heard = shortest >= 4 && a.as_bytes()[0] == b.as_bytes()[0] && sound(a) == sound(b);
    let share = 1.0 - slips as f32 / longest as f32;
    let level = if (slips == 1 && longest >= 3) || (slips == 2 && longest >= 6) {
        Level::Slip
    } else if contained || heard {
        Level::Variant
    } else if share >= 0.6 {
        Level::Alike
    } else if shortest >= 4
        && a.split(' ').take(WORDS).any(|w| w.len() >= 4 && b.split(' ').take(WORDS).any(|v| v == w))
    {
        Level::Some
    } else {
        Level::Other
    };
    Outcome::new(level, tells)
}

fn holds(long: &str, short: &str) -> bool {
    long.len() > short.len() && format!(" {long} ").contains(&format!(" {short} "))
}

pub(super) fn country(a: &str, b: &str, common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let level = if a == b { Level::Same } else { Level::Other };
    Outcome::new(level, common.tells(Field::Country, b))
}

/// A place in a place says nothing new: the same city lies in the same country.
pub(super) fn without_what_follows(out: &mut Outcomes) {
    let agrees = |o: Option<Outcome>| o.is_some_and(|o| o.level < Level::Alike);
    if agrees(out[Field::City as usize]) || agrees(out[Field::Postal as usize]) {
        let country = &mut out[Field::Country as usize];
        if agrees(*country) {
            *country = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(outcome: Option<Outcome>) -> Option<Level> {
        outcome.map(|o| o.level)
    }

    #[test]
    fn colleagues_share_a_domain_and_strangers_a_provider() {
        let common = Commonness::default();
        #[rustfmt::skip]
        let table = [
            ("ana@aurora.example", "ana@aurora.example",      Level::Same),
            ("a.na@aurora.example", "ana@aurora.example",     Level::Slip),
            ("ana.silva@auora.exmple", "ana.silva@aurora.example", Level::Slip),
            ("ana.silva@aurora.example", "ana.silva@gmail.com", Level::Variant),
            ("ana.silva@aurora.example", "ana.silva@horizonte.example", Level::Other),
            ("office@aurora.example", "office@gmail.com",     Level::Other),
            ("jan@aurora.example", "ewa@aurora.example",      Level::Some),
            ("jan@gmail.com",      "ewa@gmail.com",           Level::Other),
        ];
        for (a, b, want) in table {
            assert_eq!(level(email(a, b, &common)), Some(want), "{a} {b}");
        }
        assert_eq!(email("", "ana@aurora.example", &common), None);
    }

    #[test]
    fn phones_meet_with_and_without_country() {
        let common = Commonness::default();
        #[rustfmt::skip]
        let table = [
            ("351215550132", "215550132",  Level::Same),
            ("215550123",    "215550132",  Level::Some),
            ("125550132",    "215550132",  Level::Slip),
            ("915550132",    "214440177",  Level::Other),
        ];
        for (a, b, want) in table {
            assert_eq!(level(phone(a, b, &common)), Some(want), "{a} {b}");
        }
    }

    #[test]
    fn postal_codes_and_cities_in_degrees() {
        let common = Commonness::default();
        let postal = |a, b| level(code(Field::Postal, [a, b], &common));
        assert_eq!(postal("se228bz", "se228be"), Some(Level::Slip));
        assert_eq!(postal("12345", "123456789"), Some(Level::Variant));
        assert_eq!(postal("sw1a1aa", "leeds11"), Some(Level::Other));
        let town = |a, b| level(city(a, b, &common));
        assert_eq!(town("newcastle upon tyne", "newcastle"), Some(Level::Variant));
        assert_eq!(town("panna ionica", "pannaionica"), Some(Level::Same));
        assert_eq!(town("lisboa", "porto"), Some(Level::Other));
    }
}
