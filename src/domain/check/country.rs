//! Countries by any name people type: what comes out is an ISO 3166 alpha-2 code in use, or nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::applicant::{Applicant, FieldName};
use super::{CheckName, Finding, Outcome};
use crate::domain::text::fold;

/// The alpha-2 code of a country given as alpha-2, alpha-3, English name or a common name (`UK`, `USA`,
/// `Deutschland`); `None` if it is none.
pub fn parse_country(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() == 2 || text.len() == 3 {
        let code = text.to_ascii_uppercase();
        let found = match code.len() {
            2 => rust_iso3166::from_alpha2(&code),
            _ => rust_iso3166::from_alpha3(&code),
        };
        if let Some(country) = found {
            return Some(country.alpha2);
        }
    }
    BY_NAME.get(fold(text).as_str()).copied()
}

/// Search key of every name to alpha-2.
static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let official = rust_iso3166::ALL.iter().flat_map(|country| {
        let short = english_name(country.alpha2).unwrap_or(country.name);
        [(fold(country.name), country.alpha2), (fold(short), country.alpha2)]
    });
    let common =
        COMMON.iter().flat_map(|(code, names)| names.split(',').map(|name| (name.to_owned(), *code)));
    official.chain(common).collect()
});

/// Countries that could be meant by the beginning of a code, of a name or of a word of it, code and short English name:
/// what is meant exactly first, then by how early it fits, then by name. Nothing typed means none.
pub fn countries_like(typed: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (key, exact) = (fold(typed), parse_country(typed));
    let rank = |code: &'static str, name: &str| {
        let name = fold(name);
        let word = || name.split(' ').any(|word| word.starts_with(&key));
        match () {
            () if exact == Some(code) => Some(0),
            () if fold(code).starts_with(&key) => Some(1),
            () if name.starts_with(&key) => Some(2),
            () if word() => Some(3),
            () => None,
        }
    };
    let mut found: Vec<(u8, &str, &str)> = match key.is_empty() {
        true => Vec::new(),
        false => rust_iso3166::ALL
            .iter()
            .filter_map(|country| {
                let name = english_name(country.alpha2)?;
                Some((rank(country.alpha2, name)?, name, country.alpha2))
            })
            .collect(),
    };
    found.sort_unstable();
    found.into_iter().map(|(_, name, code)| (code, name))
}

/// The short English name of an alpha-2 code (any case); `None` if it is no country.
pub fn english_name(alpha2: &str) -> Option<&'static str> {
    let country = rust_iso3166::from_alpha2(&alpha2.to_ascii_uppercase())?;
    let short = SHORT.iter().find(|(code, _)| *code == country.alpha2).map(|(_, name)| *name);
    Some(short.unwrap_or_else(|| country.name.split(" (").next().unwrap_or(country.name)))
}

/// The language of ours (`en`, `de`, `fr`, `es`) in which mail to that country is most likely read, for when the
/// sign-up names none.
#[rustfmt::skip]
pub fn likely_language(alpha2: &str) -> &'static str {
    match alpha2 {
        "DE" | "AT" | "CH" | "LI" => "de",
        "FR" | "BE" | "LU" | "MC" | "BF" | "BJ" | "BL" | "CD" | "CF" | "CG" | "CI" | "CM" | "DJ" | "DZ" | "GA"
        | "GF" | "GN" | "GP" | "HT" | "KM" | "MA" | "MF" | "MG" | "ML" | "MQ" | "MR" | "NC" | "NE" | "PF" | "PM"
        | "RE" | "SN" | "TD" | "TF" | "TG" | "TN" | "WF" | "YT" => "fr",
        "ES" | "AD" | "AR" | "BO" | "CL" | "CO" | "CR" | "CU" | "DO" | "EC" | "GQ" | "GT" | "HN" | "MX" | "NI"
        | "PA" | "PE" | "PR" | "PY" | "SV" | "UY" | "VE" => "es",
        _ => "en",
    }
}

/// Names shorter than, or better known than, the official ones.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("GB", "United Kingdom"),    ("US", "United States"),        ("KR", "South Korea"),      ("KP", "North Korea"),
    ("CD", "DR Congo"),          ("RU", "Russia"),               ("VN", "Vietnam"),          ("LA", "Laos"),
    ("SY", "Syria"),             ("VA", "Vatican City"),         ("BN", "Brunei"),           ("FK", "Falkland Islands"),
    ("VG", "British Virgin Islands"), ("VI", "US Virgin Islands"), ("MF", "Saint Martin"),   ("SX", "Sint Maarten"),
    ("TL", "Timor-Leste"),       ("CV", "Cape Verde"),           ("TR", "Türkiye"),          ("MO", "Macao"),
];

/// Other names, as search keys.
#[rustfmt::skip]
const COMMON: &[(&str, &str)] = &[
    ("AE", "uae,emirates"),                       ("AT", "osterreich,autriche"),
    ("BA", "bosnia"),                             ("BE", "belgie,belgique,belgien"),
    ("BR", "brasil,brasilien"),                   ("CD", "democratic republic of the congo,congo kinshasa"),
    ("CG", "republic of the congo,congo brazzaville"), ("CH", "schweiz,suisse,svizzera,suiza"),
    ("CI", "ivory coast,cote divoire"),           ("CZ", "czech republic,ceska republika,cesko,tschechien"),
    ("DE", "deutschland,allemagne,alemania,federal republic of germany,brd"),
    ("DK", "danmark,danemark,dinamarca"),         ("ES", "espana,spanien,espagne"),
    ("FI", "suomi,finnland"),                     ("FR", "frankreich,francia"),
    ("GB", "uk,u k,great britain,england,scotland,wales,northern ireland,britain,grossbritannien,royaume uni,reino unido"),
    ("GR", "el,hellas,griechenland,ellada"),      ("HR", "hrvatska,kroatien"),
    ("HU", "magyarorszag,ungarn"),                ("IE", "eire,republic of ireland,irland"),
    ("IT", "italia,italien,italie"),              ("JP", "nippon,nihon,ri ben"),
    ("KR", "korea,republic of korea"),            ("LU", "luxemburg"),
    ("MK", "macedonia"),                          ("MM", "burma"),
    ("MO", "macau"),                              ("MX", "mejico,mexiko,mexique"),
    ("NL", "netherlands,the netherlands,holland,nederland,niederlande,pays bas,paises bajos"),
    ("NO", "norge,norwegen"),                     ("PL", "polska,polen,pologne"),
    ("PS", "palestine"),                          ("RU", "rossiia,russland"),
    ("SE", "sverige,schweden"),                   ("SK", "slovak republic,slovensko"),
    ("SI", "slovenija,slowenien"),                ("SZ", "swaziland"),
    ("TR", "turkey,turkei"),                      ("TW", "republic of china"),
    ("US", "usa,u s a,u s,united states,america,etats unis,estados unidos,vereinigte staaten"),
    ("VA", "vatican,vatican city state"),         ("VN", "viet nam"),
];

/// Country known (registration.md, Checks).
pub(super) fn check(applicant: &Applicant<'_>) -> Finding {
    let Some(country) = applicant.get(FieldName::Country) else {
        return Finding::new(CheckName::Country, Outcome::Bad, "missing");
    };
    match parse_country(country).and_then(english_name) {
        Some(name) => Finding::new(CheckName::Country, Outcome::Good, name),
        None => Finding::new(CheckName::Country, Outcome::Bad, "not a country"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_by_any_name() {
        #[rustfmt::skip]
        let table = [
            ("DE", Some("DE")),            ("de", Some("DE")),             ("DEU", Some("DE")),
            ("Germany", Some("DE")),       ("Deutschland", Some("DE")),    ("UK", Some("GB")),
            ("USA", Some("US")),           ("U.S.A.", Some("US")),         ("United States", Some("US")),
            ("Österreich", Some("AT")),    ("Côte d'Ivoire", Some("CI")),  ("Türkiye", Some("TR")),
            ("the Netherlands", Some("NL")), ("Venezuela", Some("VE")),    ("South Korea", Some("KR")),
            ("United Kingdom", Some("GB")), ("日本", Some("JP")),          ("Curacao", Some("CW")),
            ("XX", None),                  ("", None),                     ("Atlantis", None),
            ("🇩🇪", None),
        ];
        for (given, code) in table {
            assert_eq!(parse_country(given), code, "{given}");
        }
    }

    #[test]
    fn every_country_is_found_by_its_own_names() {
        for country in rust_iso3166::ALL {
            let short = english_name(country.alpha2).unwrap();
            for name in [country.alpha2, country.alpha3, country.name, short] {
                assert_eq!(parse_country(name), Some(country.alpha2), "{name}");
            }
        }
        for (code, _) in SHORT.iter().chain(COMMON) {
            assert!(english_name(code).is_some(), "{code}");
        }
    }

    #[test]
    fn the_beginning_of_a_name_or_code_offers_countries() {
        let first = |typed| countries_like(typed).next().map(|(code, _)| code);
        for (typed, code) in [
            ("German", Some("DE")),
            ("de", Some("DE")),
            ("GB", Some("GB")),
            ("united king", Some("GB")),
            ("Kingdom", Some("GB")),
            ("Deutschland", Some("DE")),
            ("osterreich", Some("AT")),
            ("xyzzy", None),
            (" ", None),
        ] {
            assert_eq!(first(typed), code, "{typed}");
        }
    }
}
