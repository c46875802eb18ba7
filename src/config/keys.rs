//! Every key of the config file in one table: reading, `config show` and `config.example.toml` are made from these rows alone.

use toml::de::DeValue;

use super::check::Check;
use super::settings::Config;
use super::value::Setting;

/// One key: its full name, what it accepts, and how to reach the value.
pub struct Key {
    /// Dotted, as in the file: `signup.verification_days`.
    pub path: &'static str,
    /// A check beyond the type.
    pub check: Check,
    /// One or two sentences for the example file.
    pub help: &'static str,
    /// Reads the value into the config.
    pub set: fn(&mut Config, &DeValue<'_>) -> Result<(), String>,
    /// The config's value as TOML.
    pub get: fn(&Config) -> String,
}

macro_rules! key {
    ($first:ident $(. $rest:ident)+, $check:expr, $help:expr) => {
        Key {
            path: concat!(stringify!($first) $(, ".", stringify!($rest))+),
            check: $check,
            help: $help,
            set: |config, value| Setting::read(value).map(|read| config.$first$(.$rest)+ = read),
            get: |config| Setting::write(&config.$first$(.$rest)+),
        }
    };
}

use Check::{
    Address, Any, Between, Country, Directories, Domain, FieldNames, Language, Mailbox, Name, Prefix, Url,
};

/// The table. Keys of one section stand together.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key!(office.name,       Name,     "How the office is called in mails and titles."),
    key!(office.language,   Language, "Language (BCP 47) of mails where the contact's is not known."),
    key!(office.country,    Country,  "Country (two letters, ISO 3166) assumed for phone numbers without a country code."),
    key!(office.portal_url, Url,      "Where customers log on. {token} stands for the set-password token; without it the token is added as a parameter."),

    key!(database.path, Any, "The SQLite file; empty: countersign.db in the data directory. Not on a network share."),

    key!(identity.mode, Any, "Who is acting: \"own\" (this OS user, may use --as), \"team\" (OS users of one group),\n\"ssh\" (a service account behind sshd's forced command; the only one that enforces everything)."),

    key!(signup.verification_days,     Between(1, 365),  "Days after which an unused verification code expires."),
    key!(signup.resend_per_hour,       Between(0, 100),  "How often a verification mail may be sent again within an hour."),
    key!(signup.wrong_codes_per_hour,  Between(1, 1000), "Wrong codes for one sign-up within an hour before it is locked for that hour."),
    key!(signup.phone_verification,    Any,              "Whether staff may verify by phone (with a note)."),
    key!(signup.self_approval,         Any,              "Whether whoever entered or edited a sign-up may approve it. For an office of one; every such decision is marked."),
    key!(signup.verify_url,            Url,              "The page of your web site that hands a code on. {code} stands for the code; without it the code is added as a parameter."),
    key!(signup.intake_dir,            Directories,      "A folder: JSON and CSV files that appear there are taken in as sign-ups. Empty: none."),
    key!(signup.intake_settle_seconds, Between(0, 3600), "Seconds for which a file there must be unchanged before it is taken."),
    key!(signup.privacy_version,       Any,              "Version of the privacy text that applicants are expected to have accepted."),
    key!(signup.fields.hide,           FieldNames,       "Fields that the form does not show."),
    key!(signup.fields.show,           FieldNames,       "Fields shown although a wider rule hides them."),
    key!(signup.fields.require,        FieldNames,       "Fields that must be filled, beside company, last_name, email and country, which always must."),

    key!(duplicates.false_alarms_percent, Between(0, 50), "Of a hundred sign-ups that are nobody's duplicate, so many at most are announced as one in lists, checks and on entry.\nFewer means that more true ones are only found among the possible ones of the sign-up."),

    key!(create.user_roles,     Any,  "The roles that a portal user may get."),
    key!(create.user_role,      Name, "The user role that is preset when a customer is created."),
    key!(create.authentication, Any,  "How the new user logs on: \"set_password_link\", \"temporary_password\" or \"external_sso\" (single sign-on)."),
    key!(create.template,       Any,  "The customer account template that is preset. Empty: none."),

    key!(workflow.enabled, Any, "Whether documents pass the active workflows. Without, user requests stay in Draft and nobody gets a logon."),
    key!(workflow.file,    Any, "The rule file that `workflow check` and `workflow activate` take; empty: workflows.toml beside this file."),

    key!(calendar.days,     Any, "Working days: [\"mon-thu\", \"sat\"]."),
    key!(calendar.hours,    Any, "Working hours of those days, with a break as two times: [\"09:00-12:00 13:00-17:00\"].\nA text that begins with days is for those instead: \"fri 09:00-14:00\"."),
    key!(calendar.holidays, Any, "Days on which nobody works: \"2026-12-25\", or \"12-25\" for every year."),
    key!(calendar.timezone, Any, "The time zone of these hours, such as \"Europe/Berlin\"; empty: this machine's."),

    key!(provision.command,                  Any,             "A program (with its full path) and its arguments that get each new or changed portal user as JSON on standard input;\nexit status 0 means taken, any other is tried again. It may see the same event twice, under the same \"event\"."),
    key!(provision.command_seconds,          Between(1, 3600), "Seconds after which a run of it is ended and counts as failed."),
    key!(provision.temporary_password_hours, Between(1, 720), "Hours for which a temporary password is good."),
    key!(provision.link_hours,               Between(1, 720), "Hours for which a set-password link is good, from the moment the mail was accepted."),

    key!(sequences.signup.prefix,           Prefix,         "What stands before the digits of registration numbers."),
    key!(sequences.signup.width,            Between(1, 12), "The least number of digits."),
    key!(sequences.signup.continuous,       Any,            "Whether there may be no gaps."),
    key!(sequences.customer.prefix,         Prefix,         "The same for customer account numbers."),
    key!(sequences.customer.width,          Between(1, 12), ""),
    key!(sequences.customer.continuous,     Any,            ""),
    key!(sequences.contact.prefix,          Prefix,         "The same for contacts."),
    key!(sequences.contact.width,           Between(1, 12), ""),
    key!(sequences.contact.continuous,      Any,            ""),
    key!(sequences.user_request.prefix,     Prefix,         "The same for user requests."),
    key!(sequences.user_request.width,      Between(1, 12), ""),
    key!(sequences.user_request.continuous, Any,            ""),

    key!(mail.transport,     Any,              "\"folder\": .eml files in a folder, nobody outside gets mail. \"smtp\": the server below."),
    key!(mail.folder,        Any,              "The folder; empty: mail in the data directory."),
    key!(mail.from,          Mailbox,          "The sender: \"office@example.com\" or \"Our office <office@example.com>\"."),
    key!(mail.reply_to,      Mailbox,          "Where answers go; empty: to the sender."),
    key!(mail.domain,        Domain,           "The domain in Message-ID; empty: that of the sender."),
    key!(mail.grace_seconds, Between(0, 3600), "Seconds for which a mail waits, so that the decision behind it can be undone."),
    key!(mail.template_dir,  Any,              "A folder with EVENT.LANG.txt templates that replace the built-in ones."),

    key!(mail.smtp.host,          Address,           "The server's host name."),
    key!(mail.smtp.port,          Between(1, 65535), "587 for starttls, 465 for implicit, 25 for none."),
    key!(mail.smtp.tls,           Any,               "\"starttls\", \"implicit\", or \"none\" (only towards this machine)."),
    key!(mail.smtp.user,          Any,               "The name to log on with; empty: no log-on."),
    key!(mail.smtp.password_file, Any,               "A file that holds the password, mode 0600 or 0640, owned by you or root. A systemd credential named\nsmtp_password goes before it, the environment variable COUNTERSIGN_SMTP_PASSWORD after it."),
    key!(mail.smtp.ca_file,       Any,               "Certificates (PEM) to trust beside the system's."),

    key!(screen.theme, Any, "\"auto\" (by the terminal's background), \"dark\", \"light\", \"mono\"."),
    key!(screen.keys,  Any, "\"vim\" or \"plain\" (arrows, function keys, Ctrl)."),
    key!(screen.mouse, Any, "Whether the mouse works; hold Shift to select text."),
    key!(screen.ascii, Any, "Whether only ASCII signs are drawn."),
    key!(screen.title, Any, "Whether the terminal's title shows what waits."),
    key!(screen.read_only, Any, "Whether the screen only reads: every action that would write is refused, as with --read-only."),

    key!(log.level, Any, "\"error\", \"warn\", \"info\", \"debug\" or \"trace\"."),
];

/// The row of a key by its full name.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether some key lives below this section name.
pub fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
        || super::lists::LISTS.contains(&path)
}
