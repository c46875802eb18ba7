//! The config file as text: `config.example.toml` with every key commented, and `config show` with every value in force; both from the key table.

use super::keys::KEYS;
use super::settings::Config;
use super::value::quoted;
use crate::domain::canned::Canned;

const HEAD: &str = "\
# countersign: every setting, with its default. Remove the # before a line to change it.
# `countersign check` reports every mistake in this file at once, with its line.
# Paths may begin with ~/; others are beside this file.
";

const REASONS: &str = "\
# Reasons a sign-up can be rejected for, in the order in which they are offered. Your list replaces this one.
";

const COUNTRIES: &str = "\
# For one country, on top of [signup.fields]: a section such as [signup.fields.DE] with the same three keys.
";

const BINDINGS: &str = "\
# Own keys replace the built-in ones of that action: approve = \"F5\", assign-to-me = [\"m\", \"F6\"], undo = \"disabled\".
";

const TEXTS: &str = "\
# Texts that are kept ready for reasons, replies and questions: @ in such a field of the screen offers them, --reason @id_missing
# takes one on the command line. {number}, {contact}, {user_name} and {me} stand for the record's own words, here and in
# whatever is typed. In one language, or in several:
# id_missing = { en = \"{contact} could not be reached at that number.\", de = \"{contact} war dort nicht zu erreichen.\" }
";

/// The text of `config.example.toml`; reads as the defaults as it is, and with every setting uncommented.
pub fn example() -> String {
    write(&Config::default(), Form::Example)
}

/// All values in force, as TOML. No secret is ever part of a [`Config`], so none can be shown.
pub fn show(config: &Config) -> String {
    write(config, Form::Values)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Example,
    Values,
}

impl Form {
    fn comment(self, text: &str) -> String {
        match self {
            Form::Example => {
                text.lines().map(|line| format!("# {}\n", line.trim_start_matches("# "))).collect()
            }
            Form::Values => String::new(),
        }
    }

    fn setting(self, name: &str, value: &str) -> String {
        match self {
            Form::Example => format!("#{name} = {value}\n"),
            Form::Values => format!("{name} = {value}\n"),
        }
    }
}

fn write(config: &Config, form: Form) -> String {
    let mut out = form.comment(HEAD);
    let mut section = "";
    for key in KEYS {
        let (own_section, name) = key.path.rsplit_once('.').expect("every key lies in a section");
        if own_section != section {
            out.push_str(&closing(config, form, section));
            section = own_section;
            out.push_str(&format!("\n[{section}]\n"));
        }
        out.push_str(&form.comment(key.help));
        out.push_str(&form.setting(name, &(key.get)(config)));
    }
    out.push_str(&closing(config, form, section));
    out
}

/// The open-ended sections that follow a section of the table.
fn closing(config: &Config, form: Form, section: &str) -> String {
    let mut out = String::new();
    match section {
        "signup.fields" => {
            out.push_str(&form.comment(COUNTRIES));
            for (country, rules) in &config.signup.country_fields {
                out.push_str(&format!("\n[signup.fields.{country}]\n"));
                for (name, list) in
                    [("hide", &rules.hide), ("show", &rules.show), ("require", &rules.require)]
                {
                    out.push_str(&form.setting(name, &super::value::Setting::write(list)));
                }
            }
            out.push_str("\n[signup.reject_reasons]\n");
            out.push_str(&form.comment(REASONS));
            for reason in &config.signup.reject_reasons {
                out.push_str(&form.setting(&reason.code, &quoted(&reason.text)));
            }
        }
        "screen" => {
            out.push_str("\n[screen.bind]\n");
            out.push_str(&form.comment(BINDINGS));
            for binding in &config.screen.bind {
                out.push_str(
                    &form.setting(&quoted(&binding.action), &super::value::Setting::write(&binding.keys)),
                );
            }
        }
        // The last section of the table: texts stand behind it.
        "log" => {
            out.push_str("\n[texts]\n");
            out.push_str(&form.comment(TEXTS));
            for canned in &config.texts {
                out.push_str(&form.setting(&canned.name, &languages(canned)));
            }
        }
        _ => {}
    }
    out
}

/// A canned text as TOML: the text alone, or by language.
fn languages(canned: &Canned) -> String {
    match canned.texts.as_slice() {
        [(language, text)] if language.is_empty() => quoted(text),
        several => {
            let one =
                |(language, text): &(String, String)| format!("{} = {}", quoted(language), quoted(text));
            format!("{{ {} }}", several.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}
