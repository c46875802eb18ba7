//! Points in time in the recipient's language; unknown languages get the ISO form, never a guess.

use chrono::{DateTime, Datelike, Local, TimeZone, Timelike, Utc};

use super::settings::Zone;

#[rustfmt::skip]
const MONTHS: [(&str, [&str; 12]); 4] = [
    ("en", ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]),
    ("de", ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]),
    ("fr", ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]),
    ("es", ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]),
];

/// `at` (UTC milliseconds in decimal) as a day with the time; `None` if it is no such number.
pub(super) fn in_words(at: &str, lang: &str, zone: Zone) -> Option<String> {
    let at: i64 = at.parse().ok()?;
    match zone {
        Zone::Local => Some(words(&Local.timestamp_millis_opt(at).single()?, lang)),
        Zone::Utc => Some(words(&Utc.timestamp_millis_opt(at).single()?, lang)),
    }
}

fn words<Z: TimeZone>(at: &DateTime<Z>, lang: &str) -> String {
    let (year, day, clock) = (at.year(), at.day(), format!("{:02}:{:02}", at.hour(), at.minute()));
    let base = lang.split('-').next().unwrap_or(lang);
    let Some((language, months)) = MONTHS.iter().find(|(language, _)| *language == base) else {
        return format!("{year:04}-{:02}-{day:02} {clock}", at.month());
    };
    let month = months[at.month0() as usize];
    match *language {
        "de" => format!("{day}. {month} {year}, {clock} Uhr"),
        "fr" => {
            format!("{} {month} {year} à {clock}", if day == 1 { "1er".to_string() } else { day.to_string() })
        }
        "es" => format!("{day} de {month} de {year}, {clock}"),
        _ => format!("{day} {month} {year}, {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_languages_and_the_rest() {
        let at = "1796083260000"; // 2026-12-01 00:01 UTC
        let say = |lang| in_words(at, lang, Zone::Utc).unwrap();
        assert_eq!(say("en"), "1 December 2026, 00:01");
        assert_eq!(say("de-AT"), "1. Dezember 2026, 00:01 Uhr");
        assert_eq!(say("fr"), "1er décembre 2026 à 00:01");
        assert_eq!(say("es"), "1 de diciembre de 2026, 00:01");
        assert_eq!(say("it"), "2026-12-01 00:01");
        assert_eq!(in_words("soon", "en", Zone::Utc), None);
        assert_eq!(in_words(&i64::MAX.to_string(), "en", Zone::Utc), None);
    }
}
