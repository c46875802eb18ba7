//! Behind sshd's forced command: the command line that the person at the other end typed, run as the actor whom the key names (trust.md, Who is acting).
//!
//! What stands in `authorized_keys` decides who acts and on which office; the typed line can change neither, and reaches
//! no file of the service account beside the database.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};

use super::{Cli, Failure};
use crate::domain::refusal::Refusal;

/// Flags that the forced command alone may give.
const OFFICE: &[(&str, &str)] =
    &[("actor", "--actor"), ("acting_as", "--as"), ("db", "--db"), ("config", "--config")];

/// Why a typed line is not run.
#[derive(Debug)]
pub enum No {
    /// It does not parse, or asks for help.
    Typed(clap::Error),
    /// A rule says no.
    Rule(Failure),
}

/// What was typed, as words; `None` where the forced command itself is to run: it names a command, no actor, or nothing
/// was typed.
pub fn words(forced: &Cli, original: Option<OsString>) -> Option<Result<Vec<String>, Failure>> {
    let typed = original.filter(|typed| !typed.is_empty())?;
    if forced.command.is_some() || forced.global.actor.is_none() {
        return None;
    }
    let broken = |why: &str| Failure::usage(format!("the command sent over SSH {why}"));
    let Ok(typed) = typed.into_string() else { return Some(Err(broken("is not UTF-8"))) };
    let Some(mut words) = split(&typed) else { return Some(Err(broken("has a quote that is not closed"))) };
    if words.first().is_none_or(|word| word != "countersign") {
        words.insert(0, "countersign".to_owned());
    }
    Some(Ok(words))
}

/// The command line of these words, as the forced one's actor on its office.
pub fn line(forced: &Cli, words: &[String]) -> Result<Cli, No> {
    let mut definition = Cli::command();
    let matches = definition.try_get_matches_from_mut(words).map_err(No::Typed)?;
    harmless(&definition, &matches).map_err(|refusal| No::Rule(refusal.into()))?;
    let mut cli = Cli::from_arg_matches(&matches).map_err(No::Typed)?;
    cli.global.db.clone_from(&forced.global.db);
    cli.global.config.clone_from(&forced.global.config);
    cli.global.actor.clone_from(&forced.global.actor);
    cli.global.read_only |= forced.global.read_only;
    Ok(cli)
}

/// Whether a line keeps to what its sender may name.
fn harmless(command: &Command, matches: &ArgMatches) -> Result<(), Refusal> {
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        if !matches!(matches.try_contains_id(id), Ok(true))
            || matches.value_source(id) != Some(ValueSource::CommandLine)
        {
            continue;
        }
        if let Some((_, flag)) = OFFICE.iter().find(|(name, _)| *name == id) {
            let message = format!("{flag} is fixed by your key's line in authorized_keys.");
            return Err(Refusal::new("forced_command", message, format!("Leave {flag} out.")));
        }
        let names_file = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        let mut named = matches.get_raw(id).into_iter().flatten();
        if names_file && named.any(|file| file != "-") {
            let message = "Over SSH a command reads and writes no file of the service account.";
            let remedy = "Give - and pipe the file through, or run it on the machine itself.";
            return Err(Refusal::new("forced_command", message, remedy));
        }
    }
    match matches.subcommand() {
        Some((name, inner)) => command.find_subcommand(name).map_or(Ok(()), |sub| harmless(sub, inner)),
        None => Ok(()),
    }
}

/// Splits as a shell does, without its expansions: blanks part words, quotes and backslashes keep them together. `None`
/// where a quote is not closed.
fn split(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word): (Vec<String>, Option<String>) = (Vec::new(), None);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(letters.next()?),
            '\'' => loop {
                let word = word.get_or_insert_default();
                match letters.next()? {
                    '\'' => break,
                    letter => word.push(letter),
                }
            },
            '"' => loop {
                let word = word.get_or_insert_default();
                match letters.next()? {
                    '"' => break,
                    '\\' => match letters.next()? {
                        escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                        other => word.extend(['\\', other]),
                    },
                    letter => word.push(letter),
                }
            },
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn forced(typed: &str) -> Result<Cli, String> {
        let forced = Cli::try_parse_from(["countersign", "--db", "o.db", "--actor", "maria"]).unwrap();
        let words = words(&forced, Some(typed.into())).unwrap().map_err(|failure| failure.message)?;
        line(&forced, &words).map_err(|no| match no {
            No::Typed(error) => error.kind().to_string(),
            No::Rule(failure) => failure.rule.unwrap_or_default().to_owned(),
        })
    }

    #[test]
    fn words_are_a_shells() {
        let words = |line| split(line).map(|words| words.join("|"));
        assert_eq!(words(r#" a  "b c"'d e' \  "\"\x" '' "#).as_deref(), Some(r#"a|b cd e| |"\x|"#));
        assert_eq!(
            (words("a 'b"), words("a \"b"), words("a \\"), words("")),
            (None, None, None, Some("".into()))
        );
    }

    #[test]
    fn a_typed_line_keeps_actor_and_office() {
        for typed in ["signup list --json", "countersign signup list --json"] {
            let cli = forced(typed).unwrap();
            assert!(cli.command.is_some() && cli.global.json);
            assert_eq!(cli.global.actor.as_deref(), Some("maria"));
            assert_eq!(cli.global.db, Some("o.db".into()));
        }
        assert!(forced("signup submit --file -").is_ok());
        for typed in [
            "--actor jens signup list",
            "signup list --as jens",
            "signup list --db x.db",
            "--config=x signup list",
            "signup submit --file /etc/shadow",
            "db backup /tmp/x",
        ] {
            assert_eq!(forced(typed).unwrap_err(), "forced_command", "{typed}");
        }
        assert_eq!(
            forced("signup 'list").unwrap_err(),
            "the command sent over SSH has a quote that is not closed"
        );
        assert!(forced("scp -t .").is_err());
    }

    #[test]
    fn without_a_typed_line_the_forced_command_is_what_runs() {
        let parse = |words: &[&str]| Cli::try_parse_from(words).unwrap();
        assert!(words(&parse(&["countersign", "--actor", "maria"]), None).is_none());
        assert!(
            words(&parse(&["countersign", "--actor", "maria", "work", "list"]), Some("x".into())).is_none()
        );
        assert!(words(&parse(&["countersign"]), Some("signup list".into())).is_none());
    }
}
