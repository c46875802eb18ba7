//! Texts that the office keeps ready for reasons, replies and questions, and what stands in for a record's own words in
//! anything that staff write (checklist C18). What cannot be filled in stops the command; it is never sent half empty.

use super::text::{name_in_mail, normalise_line};

/// What may stand in braces, and what it means.
pub const PLACEHOLDERS: [(&str, &str); 4] = [
    ("number", "the record's number"),
    ("contact", "the name of the person outside"),
    ("user_name", "the user name that is asked for"),
    ("me", "the name of whoever writes"),
];

/// A text that is kept ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canned {
    /// What it is called: lower-case letters, digits, underscores.
    pub name: String,
    /// Language and text; the first is the office's own.
    pub texts: Vec<(String, String)>,
}

impl Canned {
    /// The text in this language, else the first.
    pub fn text(&self, language: Option<&str>) -> &str {
        let plain = |language: &str| language.split('-').next().unwrap_or_default().to_lowercase();
        let wanted = language.map(plain);
        let found = self.texts.iter().find(|(known, _)| Some(plain(known)) == wanted);
        found.or(self.texts.first()).map_or("", |(_, text)| text)
    }
}

/// Why a text cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// The record says nothing there.
    #[error("{{{0}}} is empty for this record")]
    Empty(&'static str),
    /// What the record says there is no word, and would be sent in the office's own words.
    #[error("{{{0}}} is no plain word for this record")]
    NotPlain(&'static str),
}

/// The text with its placeholders filled in, in one pass: what a value holds is never looked at again.
///
/// # Errors
/// A placeholder whose value is empty, or more than a word.
pub fn fill(text: &str, value: impl Fn(&'static str) -> Option<String>) -> Result<String, Unfilled> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        let known = PLACEHOLDERS.iter().map(|(name, _)| *name);
        let found = known
            .into_iter()
            .find(|name| from[1..].strip_prefix(name).is_some_and(|behind| behind.starts_with('}')));
        match found {
            Some(name) => {
                filled.push_str(&plain(name, value(name))?);
                rest = &from[name.len() + 2..];
            }
            // Braces that mean nothing to us are words like any others.
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What people outside wrote is their name, made harmless as in any mail; a user name is a user name or nothing.
fn plain(name: &'static str, value: Option<String>) -> Result<String, Unfilled> {
    let value = value.unwrap_or_default();
    let value = if name == "contact" { name_in_mail(&value) } else { normalise_line(&value) };
    if value.is_empty() {
        return Err(Unfilled::Empty(name));
    }
    let word = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if name == "user_name" && !word {
        return Err(Unfilled::NotPlain(name));
    }
    Ok(value)
}

/// Words in braces that look like placeholders and are none; for the check of canned texts.
pub fn unknown(text: &str) -> Vec<&str> {
    let inside = text.split('{').skip(1).filter_map(|behind| behind.split_once('}').map(|(word, _)| word));
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    inside.filter(is_word).filter(|word| PLACEHOLDERS.iter().all(|(name, _)| name != word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Result<String, Unfilled> {
        fill(text, |name| match name {
            "number" => Some("UR-000007".into()),
            "contact" => Some("{number} Ana\nLima of evil.example".into()),
            "user_name" => Some("see http://evil.example".into()),
            _ => None,
        })
    }

    #[test]
    fn placeholders_are_filled_in_once_and_other_braces_stay() {
        assert_eq!(one("{number}: {contact}").unwrap(), "UR-000007: {number} Ana Lima of evil. example");
        assert_eq!(one("{ number } {} {x {numbers} {").unwrap(), "{ number } {} {x {numbers} {");
        assert_eq!(one("").unwrap(), "");
    }

    #[test]
    fn what_is_empty_or_more_than_a_name_stops_it() {
        assert_eq!(one("I am {me}"), Err(Unfilled::Empty("me")));
        assert_eq!(one("Dear {user_name}"), Err(Unfilled::NotPlain("user_name")));
        assert_eq!(Unfilled::Empty("me").to_string(), "{me} is empty for this record");
    }

    #[test]
    fn a_text_is_given_in_the_readers_language_else_in_the_offices() {
        let texts = vec![("en".to_owned(), "Hello".to_owned()), ("de".to_owned(), "Guten Tag".to_owned())];
        let canned = Canned { name: "x".into(), texts };
        assert_eq!(
            [Some("de-AT"), Some("fr"), None].map(|l| canned.text(l)),
            ["Guten Tag", "Hello", "Hello"]
        );
    }

    #[test]
    fn words_that_are_no_placeholder_are_found() {
        assert_eq!(unknown("{nummber} {number} { x } {A} {user_name} {name}"), ["nummber", "name"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[{}a-z_]{0,40}") {
            let _ = unknown(&text);
            let _ = fill(&text, |_| Some("x".into()));
        }
    }
}
