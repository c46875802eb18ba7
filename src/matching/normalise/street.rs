//! Streets and cities.

use super::script::{fold, with_whole_numbers};
use super::words;

/// Words folded, with types of street and directions abbreviated one way; `Hauptstraße` is `haupt str`.
pub fn normalise(street: &str) -> String {
    let folded = fold(&with_whole_numbers(&street.replace(['\'', '’', '`'], "")));
    let mut made: Vec<&str> = Vec::new();
    for word in folded.split(' ').filter(|w| !w.is_empty()) {
        let ending =
            ["strasse", "straat"].iter().find_map(|end| word.strip_suffix(end)).filter(|w| w.len() > 2);
        match ending {
            Some(name) => made.extend([name, "str"]),
            None => made.push(words::street_word(word)),
        }
    }
    made.join(" ")
}

/// A city, folded; `Saint` and `St.` meet.
pub fn city(city: &str) -> String {
    let folded = fold(&city.replace(['\'', '’', '`'], ""));
    let word = |w| if w == "saint" || w == "sankt" { "st" } else { w };
    folded.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
