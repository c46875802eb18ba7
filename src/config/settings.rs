//! What can be set, as plain values: every struct's `Default` is the built-in office, which works before anybody writes a config file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::mail::Mail;
use super::screen::Screen;
use super::value::choice;
use crate::domain::canned::Canned;
use crate::domain::user_request::{Authentication, PORTAL_ROLES};

/// All settings, checked. Paths are as typed until [`Config::resolve`] has run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The office: how it is called, where it is, what it speaks.
    pub office: Office,
    /// Where the database lies.
    pub database: Database,
    /// How the acting person is found (trust.md, Who is acting).
    pub identity: Identity,
    /// Sign-ups (registration.md).
    pub signup: Signup,
    /// Possible duplicates (registration.md, Checks).
    pub duplicates: Duplicates,
    /// Creating the customer (registration.md, Creating the customer).
    pub create: Create,
    /// Workflows (workflow.md).
    pub workflow: Workflow,
    /// Texts that are kept ready; an empty language is the office's.
    pub texts: Vec<Canned>,
    /// Working time.
    pub calendar: super::calendar::Calendar,
    /// Making portal users (workflow.md, Provisioning).
    pub provision: Provision,
    /// Number sequences (registration.md, Customers, contacts, templates, numbers).
    pub sequences: Sequences,
    /// Outgoing mail (mail.md).
    pub mail: Mail,
    /// The terminal (interface.md).
    pub screen: Screen,
    /// The log file.
    pub log: Log,
}

/// `[office]`
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// Name in mails and titles.
    pub name: String,
    /// Language (BCP 47) of mails where the contact's is not known.
    pub language: String,
    /// Country (ISO 3166 alpha-2) for phone numbers without a country code; `None`: not assumed.
    pub country: Option<String>,
    /// Where customers log on; `{token}` stands for the set-password token.
    pub portal_url: Option<String>,
}

impl Default for Office {
    fn default() -> Self {
        Office { name: "Customer office".into(), language: "en".into(), country: None, portal_url: None }
    }
}

/// `[database]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Database {
    /// The SQLite file; `None`: `countersign.db` in the data directory.
    pub path: Option<PathBuf>,
}

choice! {
    /// The deployment (trust.md, Who is acting).
    IdentityMode {
        /// One OS user; may act as any staff, which history records.
        Own = "own",
        /// One group shares the file; the real user id names the staff record.
        Team = "team",
        /// A service account behind sshd's forced command names the actor.
        Ssh = "ssh",
    }
}

/// `[identity]`
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Which deployment this is.
    pub mode: IdentityMode,
}

impl Default for Identity {
    fn default() -> Self {
        Identity { mode: IdentityMode::Own }
    }
}

/// `[signup]`
#[derive(Clone, Debug, PartialEq)]
pub struct Signup {
    /// Days until an unused verification code expires the sign-up.
    pub verification_days: u32,
    /// How often a verification mail may be sent again within an hour.
    pub resend_per_hour: u32,
    /// Wrong codes accepted for one sign-up within an hour before it is locked for that hour.
    pub wrong_codes_per_hour: u32,
    /// Whether staff may verify by phone, with a note.
    pub phone_verification: bool,
    /// Whether whoever entered or edited a sign-up may approve it.
    pub self_approval: bool,
    /// The office's page that hands a code on; `{code}` stands for the code.
    pub verify_url: Option<String>,
    /// The drop folder.
    pub intake_dir: Option<PathBuf>,
    /// Seconds for which a file in the drop folder must be unchanged before it is taken.
    pub intake_settle_seconds: u32,
    /// Version of the privacy text that applicants are expected to have accepted.
    pub privacy_version: Option<String>,
    /// Reasons a sign-up can be rejected for, in the order in which they are offered.
    pub reject_reasons: Vec<RejectReason>,
    /// Which fields are hidden, shown, required.
    pub fields: FieldRules,
    /// The same per country (ISO 3166 alpha-2), on top of `fields`.
    pub country_fields: BTreeMap<String, FieldRules>,
}

impl Default for Signup {
    fn default() -> Self {
        Signup {
            verification_days: 7,
            resend_per_hour: 3,
            wrong_codes_per_hour: 10,
            phone_verification: true,
            self_approval: false,
            verify_url: None,
            intake_dir: None,
            intake_settle_seconds: 2,
            privacy_version: None,
            reject_reasons: RejectReason::built_in(),
            fields: FieldRules::default(),
            country_fields: BTreeMap::new(),
        }
    }
}

/// A reason code and what it means; the code is stored, the text is shown to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectReason {
    /// Lower-case letters, digits, underscores.
    pub code: String,
    /// What staff read.
    pub text: String,
}

impl RejectReason {
    #[rustfmt::skip]
    fn built_in() -> Vec<RejectReason> {
        [
            ("duplicate",      "Is a customer already"),
            ("incomplete",     "Details are missing or wrong"),
            ("not_a_business", "Not a business we can supply"),
            ("outside_area",   "Outside the area we serve"),
            ("credit",         "Does not meet our credit terms"),
            ("spam",           "Not a serious request"),
            ("other",          "Another reason, see the note"),
        ]
        .into_iter()
        .map(|(code, text)| RejectReason { code: code.into(), text: text.into() })
        .collect()
    }
}

/// Which fields of a sign-up are hidden, shown, required, by their names in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRules {
    /// Not shown in the form.
    pub hide: Vec<String>,
    /// Shown although a wider rule hides it.
    pub show: Vec<String>,
    /// Must be filled, beside company, last name, e-mail and country, which always must.
    pub require: Vec<String>,
}

/// `[create]`
#[derive(Clone, Debug, PartialEq)]
pub struct Create {
    /// The roles that a portal user may get.
    pub user_roles: Vec<String>,
    /// The one that is preset.
    pub user_role: String,
    /// The authentication method that is preset.
    pub authentication: Authentication,
    /// The customer account template that is preset.
    pub template: Option<String>,
}

impl Default for Create {
    fn default() -> Self {
        Create {
            user_roles: PORTAL_ROLES.map(str::to_owned).to_vec(),
            user_role: PORTAL_ROLES[0].into(),
            authentication: Authentication::SetPasswordLink,
            template: None,
        }
    }
}

/// `[workflow]`
#[derive(Clone, Debug, PartialEq)]
pub struct Workflow {
    /// Whether documents pass workflows. Without, a user request stays in Draft.
    pub enabled: bool,
    /// The rule file that `workflow check` and `workflow activate` take; none: `workflows.toml` beside the config.
    pub file: Option<std::path::PathBuf>,
}

impl Default for Workflow {
    fn default() -> Self {
        Workflow { enabled: true, file: None }
    }
}

/// `[provision]`
#[derive(Clone, Debug, PartialEq)]
pub struct Provision {
    /// A program and its arguments that get what became of each portal user as JSON on standard input; empty: none.
    pub command: Vec<String>,
    /// Seconds that one run of it may take.
    pub command_seconds: u32,
    /// Hours for which a temporary password is good.
    pub temporary_password_hours: u32,
    /// Hours for which a set-password link is good, from the moment the mail was accepted.
    pub link_hours: u32,
}

impl Default for Provision {
    fn default() -> Self {
        Provision { command: Vec::new(), command_seconds: 60, temporary_password_hours: 24, link_hours: 24 }
    }
}

/// `[sequences]`
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// Registration numbers.
    pub signup: Sequence,
    /// Customer account numbers.
    pub customer: Sequence,
    /// Contact numbers.
    pub contact: Sequence,
    /// User request numbers.
    pub user_request: Sequence,
}

impl Default for Sequences {
    fn default() -> Self {
        Sequences {
            signup: Sequence::of("REG-"),
            customer: Sequence::of("C-"),
            contact: Sequence::of("CON-"),
            user_request: Sequence::of("UR-"),
        }
    }
}

/// How numbers of one kind look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// What stands before the digits.
    pub prefix: String,
    /// The least number of digits.
    pub width: u32,
    /// Whether there may be no gaps.
    pub continuous: bool,
}

impl Sequence {
    fn of(prefix: &str) -> Sequence {
        Sequence { prefix: prefix.into(), width: 6, continuous: false }
    }
}

/// `[duplicates]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicates {
    /// Of a hundred sign-ups that are nobody's duplicate, so many at most are announced as one.
    pub false_alarms_percent: u32,
}

impl Default for Duplicates {
    fn default() -> Self {
        Duplicates { false_alarms_percent: 5 }
    }
}

choice! {
    /// How much is logged.
    LogLevel {
        /// Failures.
        Error = "error",
        /// And what may become one.
        Warn = "warn",
        /// And what was done.
        Info = "info",
        /// And how.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

/// `[log]`
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// How much is logged.
    pub level: LogLevel,
}

impl Default for Log {
    fn default() -> Self {
        Log { level: LogLevel::Info }
    }
}
