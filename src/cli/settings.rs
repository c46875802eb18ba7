//! From the config to what the desk, the letters and the worker need; nothing is decided here that the config does not say.

use std::collections::BTreeMap;

use crate::config::{self, Config, Env, Places, Problem};
use crate::desk;
use crate::domain::canned::Canned;
use crate::domain::signup::SignupPolicy;
use crate::mail::{Login, MailSettings, SmtpSettings, Timeouts, TlsMode, Transport, Zone};
use crate::provision::Program;

/// Where set-password links point as long as nobody outside gets mail; `check` says so.
pub const SAMPLE_PORTAL: &str = "https://portal.example/set-password";
/// The sender as long as nobody outside gets mail.
const SAMPLE_SENDER: &str = "office@localhost.localdomain";

/// The office's settings as the desk wants them.
pub fn desk(config: &Config) -> desk::Settings {
    let signup = &config.signup;
    let rules = |country: Option<&str>| {
        let config::FieldRules { hide, require, show: _ } = config.field_rules(country);
        desk::FieldRules { hide, require }
    };
    let by_country: BTreeMap<String, desk::FieldRules> =
        signup.country_fields.keys().map(|code| (code.clone(), rules(Some(code)))).collect();
    let sequence = |name: &str, given: &config::Sequence| desk::Sequence {
        name: name.into(),
        prefix: given.prefix.clone(),
        width: i64::from(given.width),
        gaps: if given.continuous { desk::Gaps::Never } else { desk::Gaps::May },
    };
    let folder = config.mail.transport == config::Transport::Folder;
    let sample = if folder { SAMPLE_PORTAL } else { "" };
    desk::Settings {
        signup: SignupPolicy {
            verification_days: signup.verification_days.into(),
            resend_per_hour: signup.resend_per_hour.into(),
            wrong_codes_per_hour: signup.wrong_codes_per_hour.into(),
            phone_verification: signup.phone_verification,
            self_approval: signup.self_approval,
        },
        fields: rules(None),
        fields_by_country: by_country,
        country: config.office.country.clone(),
        privacy_version: signup.privacy_version.clone(),
        template: config.create.template.clone(),
        reject_reasons: signup.reject_reasons.iter().map(|r| (r.code.clone(), r.text.clone())).collect(),
        texts: config
            .texts
            .iter()
            .map(|canned| own_language_first(canned, &config.office.language))
            .collect(),
        verify_url: signup.verify_url.as_deref().map(|url| with_mark(url, "code")),
        portal_url: config.office.portal_url.clone().unwrap_or_else(|| sample.into()),
        portal_roles: preset_first(&config.create.user_roles, &config.create.user_role),
        authentication: config.create.authentication,
        link_hours: config.provision.link_hours.into(),
        password_hours: config.provision.temporary_password_hours.into(),
        calendar: config.calendar.working().unwrap_or_default(),
        provision_hook: match config.provision.command.is_empty() {
            true => desk::ProvisionHook::Off,
            false => desk::ProvisionHook::On,
        },
        false_alarms: f64::from(config.duplicates.false_alarms_percent) / 100.0,
        workflow_active: config.workflow.enabled,
        grace_seconds: config.mail.grace_seconds.into(),
        mail_domain: mail_domain(config),
        office_language: config.office.language.clone(),
        sequences: vec![
            sequence("signup", &config.sequences.signup),
            sequence("customer", &config.sequences.customer),
            sequence("contact", &config.sequences.contact),
            sequence("user_request", &config.sequences.user_request),
        ],
    }
}

/// A canned text with the language of what names none, and the office's own before the others.
fn own_language_first(canned: &Canned, own: &str) -> Canned {
    let mut texts = canned.texts.clone();
    for (language, _) in texts.iter_mut().filter(|(language, _)| language.is_empty()) {
        own.clone_into(language);
    }
    texts.sort_by_key(|(language, _)| language != own);
    Canned { name: canned.name.clone(), texts }
}

/// The program that is told of portal users, if the office has one.
pub fn program(config: &Config) -> Option<Program> {
    let provision = &config.provision;
    let deadline = std::time::Duration::from_secs(provision.command_seconds.into());
    (!provision.command.is_empty()).then(|| Program { command: provision.command.clone(), deadline })
}

/// The address with a place for the word: where it stands already, else at the end of a path or value, else as a parameter.
fn with_mark(url: &str, word: &str) -> String {
    let mark = format!("{{{word}}}");
    if url.contains(&mark) {
        return url.to_owned();
    }
    if url.ends_with(['/', '=']) {
        return format!("{url}{mark}");
    }
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}{word}={mark}")
}

fn preset_first(roles: &[String], preset: &str) -> Vec<String> {
    let others = roles.iter().filter(|role| *role != preset).cloned();
    std::iter::once(preset.to_owned()).chain(others).collect()
}

/// The domain of our Message-IDs: the configured one, else the sender's.
fn mail_domain(config: &Config) -> String {
    let (address, _) = sender(config);
    let of_sender = || address.rsplit_once('@').map(|(_, domain)| domain.to_owned());
    config.mail.domain.clone().or_else(of_sender).unwrap_or_else(|| "localhost.localdomain".into())
}

/// Address and name of the sender.
fn sender(config: &Config) -> (String, Option<String>) {
    let Some(from) = config.mail.from.as_deref() else { return (SAMPLE_SENDER.into(), None) };
    match from.rsplit_once('<') {
        Some((name, address)) => {
            let name = name.trim().trim_matches('"').trim();
            let address = address.trim_end().trim_end_matches('>').trim();
            (address.to_owned(), Some(name.to_owned()).filter(|name| !name.is_empty()))
        }
        None => (from.trim().to_owned(), None),
    }
}

/// What letters need to be written; the password is not looked for.
pub fn letters(config: &Config, places: &Places) -> MailSettings {
    let (from, name) = sender(config);
    MailSettings {
        transport: Transport::Folder(config.mail_folder(places)),
        from,
        reply_to: config.mail.reply_to.as_deref().map(address_alone),
        office_name: name.unwrap_or_else(|| config.office.name.clone()),
        office_lang: config.office.language.clone(),
        template_dir: config.mail.template_dir.clone(),
        zone: Zone::Local,
    }
}

fn address_alone(mailbox: &str) -> String {
    let inside = mailbox.rsplit_once('<').map_or(mailbox, |(_, address)| address);
    inside.trim().trim_end_matches('>').trim().to_owned()
}

/// What the worker needs to send: with the server, and the password where one is due. The second part is a warning.
pub fn sending(
    config: &Config,
    places: &Places,
    env: Env<'_>,
) -> Result<(MailSettings, Option<Problem>), Problem> {
    let mut settings = letters(config, places);
    let smtp = &config.mail.smtp;
    if config.mail.transport == config::Transport::Folder {
        return Ok((settings, None));
    }
    let (mut login, mut warning) = (None, None);
    if let Some(user) = &smtp.user {
        let found = config::smtp_password(smtp, env)?.ok_or_else(|| {
            Problem::stops("mail.smtp.user", "is set, but there is no password: set mail.smtp.password_file")
        })?;
        warning = found.warning();
        login = Some(Login { user: user.clone(), password: found.password });
    }
    settings.transport = Transport::Smtp(SmtpSettings {
        host: smtp.host.clone().unwrap_or_default(),
        port: u16::try_from(smtp.port).map_err(|_| Problem::stops("mail.smtp.port", "is no port"))?,
        tls: match smtp.tls {
            config::Tls::Starttls => TlsMode::StartTls,
            config::Tls::Implicit => TlsMode::Implicit,
            config::Tls::None => TlsMode::None,
        },
        login,
        ca_file: smtp.ca_file.clone(),
        ehlo_name: None,
        timeouts: Timeouts::default(),
    });
    Ok((settings, warning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_place_in_every_address() {
        for (url, want) in [
            ("https://a.example/verify", "https://a.example/verify?code={code}"),
            ("https://a.example/verify?lang=de", "https://a.example/verify?lang=de&code={code}"),
            ("https://a.example/verify/", "https://a.example/verify/{code}"),
            ("https://a.example/v?c=", "https://a.example/v?c={code}"),
            ("https://a.example/{code}/yes", "https://a.example/{code}/yes"),
        ] {
            assert_eq!(with_mark(url, "code"), want);
        }
    }

    #[test]
    fn the_config_reaches_the_desk() {
        let (mut config, _) = config::parse("");
        config.create.user_role = "customer_admin".into();
        config.mail.from = Some("Aurora <office@aurora.example>".into());
        config.office.portal_url = Some("https://p.example/{token}".into());
        config.signup.fields.require = vec!["phone".into()];
        let mut german = config::FieldRules::default();
        german.require.push("tax_number".into());
        config.signup.country_fields.insert("DE".into(), german);
        let settings = desk(&config);
        assert_eq!(settings.portal_roles[0], "customer_admin");
        assert_eq!(settings.portal_roles.len(), 3);
        assert_eq!(settings.portal_url, "https://p.example/{token}");
        assert_eq!(settings.mail_domain, "aurora.example");
        assert_eq!(settings.fields_by_country["DE"].require, ["phone", "tax_number"]);
        assert_eq!(settings.reject_reasons.len(), config.signup.reject_reasons.len());
    }

    #[test]
    fn without_a_portal_links_are_samples_in_the_folder_and_none_outside() {
        let (mut config, _) = config::parse("");
        assert_eq!(desk(&config).portal_url, SAMPLE_PORTAL);
        config.mail.transport = config::Transport::Smtp;
        assert_eq!(desk(&config).portal_url, "");
    }
}
