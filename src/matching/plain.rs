//! Plain rules: same e-mail, phone, tax number, normalised name, place. Each rule adds weight in log-odds.

use super::{Candidate, Hit, Likeness};
use crate::domain::text::fold;

/// Words that say what kind of company it is, not which.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "cv", "doo", "ehf", "eirl", "eood", "eurl", "gmbh", "inc",
    "incorporated", "kft", "kg", "lda", "limited", "limitada", "llc", "llp", "ltd", "ltda", "nv", "o", "ohg", "oo", "ood", "oy", "oyj", "plc",
    "pty", "pvt", "sa", "sarl", "sas", "sia", "sl", "snc", "sp", "spa", "spol", "srl", "sro", "uab", "ug", "und", "and", "et", "the", "z", "zrt",
];

/// Log-odds before any evidence: about one candidate in thirty that the keys bring up is the same.
const PRIOR: f64 = -3.4;

/// The name without legal form, folded, words in order.
pub fn bare_name(name: &str) -> String {
    let folded = fold(&name.replace('.', ""));
    let words: Vec<&str> = folded.split(' ').filter(|w| !LEGAL_FORMS.contains(w)).collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

/// Judges one candidate; none when nothing speaks for it.
pub fn judge(probe: &Likeness, candidate: &Candidate) -> Option<Hit> {
    let other = &candidate.likeness;
    let mut odds = PRIOR;
    let mut reasons: Vec<String> = Vec::new();
    let mut add = |weight: f64, reason: &str| {
        odds += weight;
        reasons.push(reason.to_owned());
    };
    let same = |a: &str, b: &str| !a.is_empty() && a == b;
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;

    if same(&probe.email, &other.email) {
        add(4.5, "same e-mail");
    } else if same(domain(&probe.email), domain(&other.email)) && !is_shared(domain(&probe.email)) {
        add(2.5, "same e-mail domain");
    }
    if same(&probe.phone, &other.phone) {
        add(3.5, "same phone");
    }
    if same(&probe.tax_number, &other.tax_number) {
        add(5.5, "same tax number");
    } else if differ(&probe.tax_number, &other.tax_number) {
        add(-3.0, "other tax number");
    }
    let (a, b) = (bare_name(&probe.name), bare_name(&other.name));
    let alike = strsim::jaro_winkler(&a, &b);
    if same(&a, &b) {
        add(4.0, "same name");
    } else if alike > 0.9 {
        add(2.8, &format!("name alike ({} / {})", probe.name, other.name));
    } else if differ(&a, &b) && alike < 0.6 {
        add(-2.0, "other name");
    }
    let (street, their_street) = (fold(&probe.street), fold(&other.street));
    if same(&probe.postal_code, &other.postal_code) && same(&probe.country, &other.country) {
        let near = !street.is_empty() && strsim::jaro_winkler(&street, &their_street) > 0.85;
        if near { add(2.0, "same address") } else { add(0.8, "same postal code") }
    } else if same(&fold(&probe.city), &fold(&other.city)) {
        add(0.7, "same city");
    } else if differ(&probe.country, &other.country) {
        add(-1.5, "other country");
    }
    if reasons
        .iter()
        .all(|r| r.starts_with("other") || r.starts_with("same city") || r.starts_with("same postal"))
    {
        return None;
    }
    let percent = (100.0 / (1.0 + (-odds).exp())).round().clamp(1.0, 99.0) as i64;
    (percent >= 10).then(|| Hit {
        record: candidate.record.clone(),
        name: other.name.clone(),
        place: [other.city.as_str(), other.country.as_str()]
            .iter()
            .filter(|s| !s.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
        state: candidate.state.clone(),
        percent,
        reasons,
    })
}

/// The part behind the at sign.
pub fn domain(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, d)| d)
}

/// Domains where everybody has a mailbox say nothing about the company.
pub fn is_shared(domain: &str) -> bool {
    #[rustfmt::skip]
    const SHARED: &[&str] = &["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "gmx.de", "gmx.net", "web.de",
        "t-online.de", "orange.fr", "free.fr", "wanadoo.fr", "laposte.net", "libero.it", "mail.ru", "yandex.ru", "qq.com", "163.com", "proton.me", "protonmail.com", "aol.com"];
    SHARED.contains(&domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{RecordKind, RecordRef};

    fn candidate(likeness: Likeness) -> Candidate {
        Candidate {
            record: RecordRef::new(RecordKind::Customer, 1, "C-000001"),
            likeness,
            state: "active".into(),
        }
    }

    fn aurora() -> Likeness {
        Likeness {
            name: "Café Aurora Lda".into(),
            email: "ana@aurora.example".into(),
            phone: "351215550132".into(),
            city: "Lisboa".into(),
            country: "PT".into(),
            ..Likeness::default()
        }
    }

    #[test]
    fn legal_forms_accents_and_case_do_not_count() {
        for (a, b) in [
            ("Café Aurora Lda", "CAFE AURORA"),
            ("Łódź Textiles sp. z o.o.", "Lodz Textiles"),
            ("Weiß GmbH & Co. KG", "weiss"),
        ] {
            assert_eq!(bare_name(a), bare_name(b), "{a} / {b}");
        }
    }

    #[test]
    fn more_evidence_is_more_probable_and_every_reason_is_said() {
        let probe = aurora();
        let name_only = Likeness { name: "Cafe Aurora".into(), city: "Lisboa".into(), ..Likeness::default() };
        let both = Likeness { phone: "351215550132".into(), ..name_only.clone() };
        let (one, two) =
            (judge(&probe, &candidate(name_only)).unwrap(), judge(&probe, &candidate(both)).unwrap());
        assert!(one.percent < two.percent);
        assert_eq!(two.reasons, ["same phone", "same name", "same city"]);
    }

    #[test]
    fn a_stranger_from_the_same_town_is_no_hit() {
        let other =
            Likeness { name: "Sapataria Central".into(), city: "Lisboa".into(), ..Likeness::default() };
        assert_eq!(judge(&aurora(), &candidate(other)), None);
    }
}
