//! What a value must be beyond its type; empty text means "not set" and passes wherever a setting may be unset.

use crate::domain::check::is_language;
use toml::de::DeValue;

use crate::domain::field::{SIGNUP_FIELDS, signup_field};

/// A check of one key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The type says it all.
    Any,
    /// A whole number within these bounds, both included.
    Between(i64, i64),
    /// Text that is not blank, on one line.
    Name,
    /// A language tag (BCP 47), by its shape.
    Language,
    /// A country code (ISO 3166 alpha-2).
    Country,
    /// An `https` address, or `http` towards this machine.
    Url,
    /// A host name or IP address.
    Address,
    /// A domain name with a dot.
    Domain,
    /// An e-mail address, with or without a name before it.
    Mailbox,
    /// Letters, digits and hyphens, at most eight.
    Prefix,
    /// Names of fields of a sign-up.
    FieldNames,
    /// A folder of its own, not the root.
    Directories,
}

impl Check {
    /// Says what would be accepted when the value is not.
    pub fn problem(self, value: &DeValue<'_>) -> Option<String> {
        let text = value.as_str();
        match self {
            Check::Any => None,
            Check::Between(low, high) => between(value, low..=high),
            Check::Name => text
                .filter(|t| t.trim().is_empty() || t.contains(char::is_control))
                .map(|_| "must be one line of text".into()),
            Check::Language => text
                .filter(|t| !is_language(t))
                .map(|t| format!("must be a language tag such as \"en\" or \"pt-BR\", not \"{t}\"")),
            Check::Country => unless(text, is_country, "must be a two-letter country code such as \"DE\""),
            Check::Url => unless(
                text,
                is_url,
                "must begin with https:// (http:// only towards localhost) and hold no blanks",
            ),
            Check::Address => unless(text, is_host, "must be a host name or an IP address, without a port"),
            Check::Domain => unless(
                text,
                |t| is_host(t) && t.contains('.'),
                "must be a domain name such as \"example.com\"",
            ),
            Check::Mailbox => unless(
                text,
                is_mailbox,
                "must be an address such as \"office@example.com\" or \"Office <office@example.com>\"",
            ),
            Check::Prefix => text.filter(|t| !is_prefix(t)).map(|_| {
                "must be one to eight ASCII letters, digits or hyphens, beginning with a letter".into()
            }),
            Check::FieldNames => field_names(value),
            Check::Directories => unless(text, |t| t != "/" && t != "~", "must be a folder of its own"),
        }
    }
}

fn unless(text: Option<&str>, good: impl Fn(&str) -> bool, otherwise: &str) -> Option<String> {
    text.filter(|t| !t.is_empty() && !good(t)).map(|t| format!("{otherwise}, not \"{t}\""))
}

fn between(value: &DeValue<'_>, bounds: std::ops::RangeInclusive<i64>) -> Option<String> {
    let number = value.as_integer()?;
    let inside = i64::from_str_radix(number.as_str(), number.radix()).is_ok_and(|n| bounds.contains(&n));
    (!inside).then(|| format!("must be from {} to {}, not {}", bounds.start(), bounds.end(), number.as_str()))
}

/// Whether this is a country of ISO 3166, in capital letters.
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && rust_iso3166::from_alpha2(text).is_some()
}

fn is_url(text: &str) -> bool {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return false;
    }
    if let Some(rest) = text.strip_prefix("https://") {
        return !rest.is_empty() && !rest.starts_with('/');
    }
    let Some(rest) = text.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    is_this_machine(host)
}

/// Whether a host name can only mean this machine.
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_host(text: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.parse::<std::net::IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

fn is_mailbox(text: &str) -> bool {
    let address = match text.strip_suffix('>').and_then(|t| t.split_once('<')) {
        Some((_, address)) => address,
        None => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c);
    !text.contains(char::is_control) && !local.is_empty() && local.chars().all(plain) && is_host(domain)
}

fn is_prefix(text: &str) -> bool {
    (1..=8).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Names the first unknown field, with the nearest known one.
pub fn field_names(value: &DeValue<'_>) -> Option<String> {
    let one = value.as_str().into_iter();
    let many = value.as_array().into_iter().flatten().filter_map(|item| item.get_ref().as_str());
    let unknown = one.chain(many).find(|name| signup_field(name).is_none())?;
    Some(match nearest(unknown, SIGNUP_FIELDS.iter().map(|field| field.name)) {
        Some(near) => format!("names no field of a sign-up: \"{unknown}\"; did you mean \"{near}\"?"),
        None => format!("names no field of a sign-up: \"{unknown}\""),
    })
}

/// The candidate that a person most likely meant.
pub fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .map(|candidate| (strsim::jaro_winkler(&typed, candidate), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
