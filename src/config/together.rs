//! Settings that are right one by one and wrong together.

use super::check::is_this_machine;
use super::mail::{Tls, Transport};
use super::problem::Problem;
use super::settings::{Config, FieldRules, Sequence};
use crate::domain::field::REQUIRED;

/// A number has at most this many characters (registration.md, Fields).
const NUMBER_LENGTH: u32 = 20;

/// All such problems; none has a line, since two are to blame.
pub fn problems(config: &Config) -> Vec<Problem> {
    let mut found = mail(config);
    found.extend(fields("signup.fields", &config.signup.fields));
    for (country, rules) in &config.signup.country_fields {
        found.extend(fields(&format!("signup.fields.{country}"), rules));
    }
    found.extend(sequences(config));
    found.extend(config.calendar.working().err());
    if !config.create.user_roles.contains(&config.create.user_role) {
        let message = format!("is \"{}\", which create.user_roles does not list", config.create.user_role);
        found.push(Problem::stops("create.user_role", message));
    }
    found
}

fn mail(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    let (mail, smtp) = (&config.mail, &config.mail.smtp);
    if mail.transport == Transport::Smtp {
        if smtp.host.is_none() {
            found.push(Problem::stops("mail.smtp.host", "is needed, since mail.transport is \"smtp\""));
        }
        if mail.from.is_none() {
            found.push(Problem::stops("mail.from", "is needed, since mail.transport is \"smtp\""));
        }
    }
    let elsewhere = smtp.host.as_deref().is_some_and(|host| !is_this_machine(host));
    if smtp.tls == Tls::None && elsewhere {
        found.push(Problem::stops(
            "mail.smtp.tls",
            "may be \"none\" only towards this machine: use \"starttls\" or \"implicit\"",
        ));
    }
    if smtp.password_file.is_some() && smtp.user.is_none() {
        found.push(Problem::warning("mail.smtp.user", "is empty, so mail.smtp.password_file is not used"));
    }
    found
}

fn fields(section: &str, rules: &FieldRules) -> Vec<Problem> {
    let mut found = Vec::new();
    for name in &rules.hide {
        let key = format!("{section}.hide");
        if REQUIRED.contains(&name.as_str()) {
            found.push(Problem::stops(&key, format!("cannot hide {name}, which every sign-up must have")));
        } else if rules.require.contains(name) {
            found.push(Problem::stops(&key, format!("hides {name}, which {section}.require demands")));
        } else if rules.show.contains(name) {
            found.push(Problem::stops(&key, format!("hides {name}, which {section}.show shows")));
        }
    }
    found
}

fn sequences(config: &Config) -> Vec<Problem> {
    let all: [(&str, &Sequence); 4] = [
        ("sequences.signup", &config.sequences.signup),
        ("sequences.customer", &config.sequences.customer),
        ("sequences.contact", &config.sequences.contact),
        ("sequences.user_request", &config.sequences.user_request),
    ];
    let mut found = Vec::new();
    for (index, (key, sequence)) in all.iter().enumerate() {
        let length = u32::try_from(sequence.prefix.len()).unwrap_or(u32::MAX).saturating_add(sequence.width);
        if length > NUMBER_LENGTH {
            found.push(Problem::stops(
                key,
                format!("makes numbers of {length} characters; {NUMBER_LENGTH} are allowed"),
            ));
        }
        if let Some((other, _)) =
            all[..index].iter().find(|(_, earlier)| earlier.prefix.eq_ignore_ascii_case(&sequence.prefix))
        {
            found.push(Problem::stops(
                &format!("{key}.prefix"),
                format!("is that of {other} too; a number must say what it is"),
            ));
        }
    }
    found
}
