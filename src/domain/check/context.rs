//! Findings that need other records: whoever asked the database passes plain numbers and words, the wording is made here.

use super::{CheckName, Finding, Outcome};
use crate::domain::text::{display_line, fit};

/// Columns of a stored reason that a finding repeats.
const SHOWN: usize = 40;

/// Other sign-ups of the last 24 hours that share something with this one. Leave `same_domain` at 0 where
/// [`super::email::is_public_mail_domain`] holds: everybody shares those.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SameSender {
    /// Others with the same e-mail address.
    pub same_email: u32,
    /// Others from the same e-mail domain.
    pub same_domain: u32,
    /// Others with the same phone number.
    pub same_phone: u32,
}

/// How an earlier sign-up of the same applicant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierEnd {
    /// Somebody said no.
    Rejected,
    /// The applicant or staff took it back.
    Withdrawn,
}

/// An earlier sign-up of the same applicant that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierSignup<'a> {
    /// Its number, `REG-000001`.
    pub number: &'a str,
    /// How it ended.
    pub end: EarlierEnd,
    /// The reason that was given, if any.
    pub reason: Option<&'a str>,
}

impl Finding {
    /// Several sign-ups from the same e-mail, domain or phone in a day (registration.md, Checks).
    pub fn several_today(others: SameSender) -> Finding {
        #[rustfmt::skip]
        let parts: Vec<String> =
            [(others.same_email, "e-mail"), (others.same_phone, "phone"), (others.same_domain, "domain")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} more with this {what}"))
            .collect();
        if parts.is_empty() {
            return Finding::new(CheckName::SeveralToday, Outcome::Good, "only one in 24 hours");
        }
        Finding::new(CheckName::SeveralToday, Outcome::Attention, format!("{} in 24 hours", parts.join(", ")))
    }

    /// An earlier rejected or withdrawn sign-up of the same applicant, with its reason (registration.md, Checks);
    /// give the newest one.
    pub fn earlier_signup(earlier: Option<EarlierSignup<'_>>) -> Finding {
        let Some(earlier) = earlier else {
            return Finding::new(CheckName::EarlierSignup, Outcome::Good, "none");
        };
        let end = match earlier.end {
            EarlierEnd::Rejected => "rejected",
            EarlierEnd::Withdrawn => "withdrawn",
        };
        let mut word = format!("{} was {end}", earlier.number);
        if let Some(reason) = earlier.reason.filter(|reason| !reason.trim().is_empty()) {
            word.push_str(": ");
            word.push_str(&fit(&display_line(reason), SHOWN));
        }
        Finding::new(CheckName::EarlierSignup, Outcome::Attention, word)
    }

    /// Whether the applicant accepted the privacy text that the office expects, and in which version.
    pub fn privacy(expected: &str, accepted: Option<&str>, version: Option<&str>) -> Finding {
        let (outcome, word) = match (accepted, version) {
            (None, _) => (Outcome::Attention, "not accepted".to_owned()),
            (Some(_), Some(version)) if version != expected => {
                let version = fit(&display_line(version), SHOWN).into_owned();
                (Outcome::Attention, format!("accepted in version {version}, not {expected}"))
            }
            (Some(_), _) => (Outcome::Good, format!("version {expected} accepted")),
        };
        Finding::new(CheckName::Privacy, outcome, word)
    }

    /// Possible duplicates among customers and open sign-ups: how many, and the number of the best
    /// (registration.md, Checks).
    pub fn duplicates(count: u32, best: Option<&str>) -> Finding {
        if count == 0 {
            return Finding::new(CheckName::Duplicates, Outcome::Good, "none found");
        }
        let best = best.map_or(String::new(), |number| format!(", first {number}"));
        Finding::new(CheckName::Duplicates, Outcome::Attention, format!("{count} possible{best}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_read_as_sentences() {
        let others = SameSender { same_email: 1, same_domain: 0, same_phone: 2 };
        let earlier =
            EarlierSignup { number: "REG-000007", end: EarlierEnd::Rejected, reason: Some("spam\u{202e}") };
        #[rustfmt::skip]
        let table = [
            (Finding::several_today(SameSender::default()), "✓ Same sender: only one in 24 hours"),
            (Finding::several_today(others), "! Same sender: 1 more with this e-mail, 2 more with this phone in 24 hours"),
            (Finding::earlier_signup(None),                 "✓ Earlier sign-up: none"),
            (Finding::earlier_signup(Some(earlier)),        "! Earlier sign-up: REG-000007 was rejected: spam⟨RLO⟩"),
            (Finding::duplicates(0, None),                  "✓ Duplicates: none found"),
            (Finding::duplicates(3, Some("C-000012")),      "! Duplicates: 3 possible, first C-000012"),
        ];
        for (finding, sentence) in table {
            assert_eq!(finding.to_string(), sentence);
        }
    }
}
