//! Domains that pass for another: misspelt well-known mail domains, and letters of one script dressed as another's.

use std::fmt;
use std::sync::LazyLock;

use idna::uts46::{Hyphens, Uts46};
use strsim::osa_distance;

use super::applicant::{Applicant, FieldName};
use super::email::parse_email;
use super::script::{Script, mixes_scripts, script_of, skeleton};
use super::{CheckName, Finding, Outcome};

/// Mail domains that many people have an address at.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.es", "ymail.com",
    "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.es", "hotmail.it", "outlook.com",
    "outlook.de", "outlook.fr", "outlook.es", "live.com", "live.fr", "msn.com", "icloud.com", "me.com", "mac.com",
    "aol.com", "mail.com", "email.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "freenet.de",
    "t-online.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com", "tutanota.com", "fastmail.com",
    "zoho.com", "yandex.ru", "yandex.com", "mail.ru", "qq.com", "163.com", "126.com", "orange.fr", "wanadoo.fr",
    "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "terra.com.br", "uol.com.br", "bol.com.br",
    "sapo.pt", "wp.pl", "onet.pl", "seznam.cz", "bluewin.ch", "btinternet.com", "comcast.net", "verizon.net",
    "att.net", "rediffmail.com",
];

/// What each of [`PUBLIC`] reads as, in the same order.
static SKELETONS: LazyLock<Vec<String>> =
    LazyLock::new(|| PUBLIC.iter().map(|known| skeleton(known)).collect());

/// Endings that are `com` with a slip of the finger. Some exist (`co`, `cm`, `om`), but not with these names.
const SLIPS: &[&str] =
    &["con", "cmo", "co", "om", "cm", "vom", "comm", "ocm", "cpm", "xom", "coom", "c0m", "cim"];

/// How a domain passes for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookalike {
    /// A slip or two away from a well-known mail domain.
    Misspelt(&'static str),
    /// Other letters, but it reads as this well-known mail domain.
    ReadsAs(&'static str),
    /// Begins with a well-known mail domain and goes on.
    BeginsAs(&'static str),
    /// A label mixes scripts that no language mixes; the punycode form.
    MixedScripts(String),
    /// A label in another script reads as plain Latin letters; what it reads as.
    ForeignLetters(String),
}

/// `looks like gmail.com`
impl fmt::Display for Lookalike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lookalike::Misspelt(known) => write!(f, "looks like {known}"),
            Lookalike::ReadsAs(known) => write!(f, "reads as {known} but is not"),
            Lookalike::BeginsAs(known) => write!(f, "only begins with {known}"),
            Lookalike::MixedScripts(ascii) => write!(f, "mixes alphabets ({ascii})"),
            Lookalike::ForeignLetters(latin) => write!(f, "reads as {latin} in other letters"),
        }
    }
}

/// True for domains that anybody can have an address at, where a shared domain says nothing about two people.
pub fn is_public_mail_domain(domain: &str) -> bool {
    PUBLIC.contains(&domain.to_lowercase().as_str())
}

/// What a domain, readable or in punycode, passes for; `None` when nothing is odd about it
/// (registration.md, Checks; trust.md, Hostile text: mixed-script labels and look-alikes of known domains warn).
pub fn looks_like(domain: &str) -> Option<Lookalike> {
    let (readable, _) =
        Uts46::new().to_unicode(domain.as_bytes(), idna::AsciiDenyList::EMPTY, Hyphens::Allow);
    let readable = readable.as_ref();
    if PUBLIC.contains(&readable) {
        return None;
    }
    let reads_as = skeleton(readable);
    if let Some(known) = SKELETONS.iter().position(|known| *known == reads_as).map(|at| PUBLIC[at]) {
        return Some(Lookalike::ReadsAs(known));
    }
    if readable.split('.').any(mixes_scripts) {
        let ascii = idna::domain_to_ascii(readable).unwrap_or_else(|_| reads_as.clone());
        return Some(Lookalike::MixedScripts(ascii));
    }
    if readable.rsplit('.').next().is_some_and(str::is_ascii) && readable.split('.').any(is_dressed_up) {
        return Some(Lookalike::ForeignLetters(reads_as));
    }
    if let Some(known) = PUBLIC.iter().find(|known| begins_as(readable, known)) {
        return Some(Lookalike::BeginsAs(known));
    }
    PUBLIC.iter().find(|known| is_misspelt(&reads_as, known)).map(|known| Lookalike::Misspelt(known))
}

/// A label with letters of another alphabet all of which pass for Latin ones.
fn is_dressed_up(label: &str) -> bool {
    !label.is_ascii()
        && label.chars().filter_map(script_of).all(|script| script != Script::Latin)
        && skeleton(label).is_ascii()
}

fn begins_as(domain: &str, known: &str) -> bool {
    let Some(rest) = domain.strip_prefix(known) else { return false };
    // `yahoo.com.br` is honest: a country's branch has one more label of two letters.
    let is_branch = rest.len() == 3 && rest.starts_with('.');
    rest.starts_with(['.', '-']) && !is_branch
}

fn is_misspelt(domain: &str, known: &str) -> bool {
    let (Some((name, ending)), Some((known_name, known_ending))) =
        (domain.split_once('.'), known.split_once('.'))
    else {
        return false;
    };
    if name == known_name {
        return known_ending == "com" && SLIPS.contains(&ending);
    }
    if ending != known_ending && !(known_ending == "com" && SLIPS.contains(&ending)) {
        return false;
    }
    // Short names have too many honest neighbours (mail, live, free).
    let allowed = match known_name.len() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    osa_distance(name, known_name) <= allowed
}

/// E-mail domain misspelt or a homograph (registration.md, Checks).
pub(super) fn check_domain(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::EmailDomain;
    let Some(Ok(email)) = applicant.get(FieldName::Email).map(|text| parse_email(text.trim_matches(' ')))
    else {
        return Finding::new(check, Outcome::NotApplicable, "no address to look at");
    };
    match looks_like(email.domain()) {
        None => Finding::new(check, Outcome::Good, "nothing odd"),
        Some(like @ Lookalike::Misspelt(_)) => Finding::new(check, Outcome::Attention, like.to_string()),
        Some(
            like @ (Lookalike::ReadsAs(_)
            | Lookalike::BeginsAs(_)
            | Lookalike::MixedScripts(_)
            | Lookalike::ForeignLetters(_)),
        ) => Finding::new(check, Outcome::Bad, like.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookalikes_are_named() {
        #[rustfmt::skip]
        let table = [
            ("gmial.com",               "looks like gmail.com"),
            ("gmail.con",               "looks like gmail.com"),
            ("gmail.co",                "looks like gmail.com"),
            ("hotmial.com",             "looks like hotmail.com"),
            ("outlok.com",              "looks like outlook.com"),
            ("protonmial.com",          "looks like protonmail.com"),
            ("yaho.fr",                 "looks like yahoo.fr"),
            ("gmai1.com",               "reads as gmail.com but is not"),
            ("grnail.com",              "reads as gmail.com but is not"),
            ("gmаil.com",               "reads as gmail.com but is not"),
            ("xn--gmil-63d.com",        "reads as gmail.com but is not"),
            ("gmail.com.evil.example",  "only begins with gmail.com"),
            ("gmail.com-id.example",    "only begins with gmail.com"),
            ("асme.example",            "mixes alphabets (xn--me-6kc2e.example)"),
            ("аррӏе.example",           "reads as apple.example in other letters"),
        ];
        for (domain, word) in table {
            assert_eq!(looks_like(domain).map(|like| like.to_string()).as_deref(), Some(word), "{domain}");
        }
    }

    #[test]
    fn honest_domains_are_left_alone() {
        #[rustfmt::skip]
        let honest = [
            "gmail.com", "gmx.net", "mail.com", "hotmail.es", "hotmail.se", "outlook.be", "yahoo.com.br", "me.com",
            "cafe-aurora.example", "müller.example", "почта.рф", "さくら.jp", "mai.com", "lime.com", "web.com",
            "company.co", "goodmail.example", "example.com",
        ];
        for domain in honest {
            assert_eq!(looks_like(domain), None, "{domain}");
        }
    }
}
