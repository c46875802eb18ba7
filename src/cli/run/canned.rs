//! `--reason @id_missing`: a text that the office keeps ready, in the language of whoever reads it.

use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::canned::Canned;

/// What was typed, or the canned text that it names.
///
/// # Errors
/// Wrong usage where there is no such text.
pub fn words(session: &Session, typed: &str, language: Option<&str>) -> Result<String, Failure> {
    let Some(name) = named(typed) else { return Ok(typed.to_owned()) };
    let texts = &session.settings().texts;
    let found = texts.iter().find(|canned| canned.name == name);
    found.map(|canned| canned.text(language).to_owned()).ok_or_else(|| unknown(name, texts))
}

/// The name after `@`, where that is all there is.
pub fn named(typed: &str) -> Option<&str> {
    typed.trim().strip_prefix('@').filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))
}

fn unknown(name: &str, texts: &[Canned]) -> Failure {
    let names: Vec<&str> = texts.iter().map(|canned| canned.name.as_str()).collect();
    let remedy = match names.as_slice() {
        [] => "Texts are kept ready in the section [texts] of the config.".to_owned(),
        names => format!("There are {}.", names.join(", ")),
    };
    Failure::usage(format!("there is no canned text “{name}”")).remedy(remedy)
}
