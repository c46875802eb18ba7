//! What the office's config means to the desk; checked before it gets here.

use std::collections::BTreeMap;

use crate::domain::calendar::Calendar;
use crate::domain::canned::Canned;
use crate::domain::signup::SignupPolicy;
use crate::domain::user_request::Authentication;

/// Which applicant fields are hidden and required, for one country or for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldRules {
    /// Names of fields that forms do not show.
    pub hide: Vec<String>,
    /// Names of fields that must be filled, beside the four that always must.
    pub require: Vec<String>,
}

/// One number sequence: prefix and least width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// `signup`, `customer`, `contact`, `user_request`.
    pub name: String,
    /// What stands before the digits.
    pub prefix: String,
    /// Digits, filled with zeros.
    pub width: i64,
    /// Whether numbers must have no gaps.
    pub gaps: Gaps,
}

/// Whether a sequence of numbers may have gaps. Numbers are taken in the command's transaction, so only undo makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Undo may leave one.
    May,
    /// Undo of what took a number is refused (`continuous` in the config).
    Never,
}

/// Whether a program of the office is told what became of portal users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvisionHook {
    /// Each change is queued for it.
    On,
    /// There is none (`provision.command` is empty).
    Off,
}

/// Everything the desk needs to know of the config.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rules of sign-ups.
    pub signup: SignupPolicy,
    /// Field rules for all countries.
    pub fields: FieldRules,
    /// Field rules by country (alpha-2): those for all with the country's changes.
    pub fields_by_country: BTreeMap<String, FieldRules>,
    /// The office's own country (alpha-2): preset in forms.
    pub country: Option<String>,
    /// The version of the privacy text that is shown now; kept with an acceptance that names none.
    pub privacy_version: Option<String>,
    /// The template preset in *create*.
    pub template: Option<String>,
    /// Codes and titles of reasons for rejecting.
    pub reject_reasons: Vec<(String, String)>,
    /// Texts that are kept ready; the office's own language stands first in each.
    pub texts: Vec<Canned>,
    /// Where a verification code can be handed on; `{code}` is replaced. None: the mail holds the code alone.
    pub verify_url: Option<String>,
    /// The customers' portal; set-password links are made of it.
    pub portal_url: String,
    /// Roles of portal users; the first is preset.
    pub portal_roles: Vec<String>,
    /// The preset way to log on.
    pub authentication: Authentication,
    /// Hours a set-password link is good for, from the moment the mail was accepted.
    pub link_hours: i64,
    /// Hours a temporary password is good for.
    pub password_hours: i64,
    /// The office's working time.
    pub calendar: Calendar,
    /// Whether the office's own portal is told of portal users.
    pub provision_hook: ProvisionHook,
    /// Of the sign-ups that are nobody's duplicate, the share (0 to 1) that may be announced as one.
    pub false_alarms: f64,
    /// Whether workflows are switched on; off, user requests stay in Draft.
    pub workflow_active: bool,
    /// Seconds that mail waits so that undo can hold it back.
    pub grace_seconds: i64,
    /// The domain of our Message-IDs.
    pub mail_domain: String,
    /// The office's language, for mail to people whose language is not known.
    pub office_language: String,
    /// The number sequences.
    pub sequences: Vec<Sequence>,
}

impl Default for Settings {
    fn default() -> Self {
        let sequence = |name: &str, prefix: &str| Sequence {
            name: name.into(),
            prefix: prefix.into(),
            width: 6,
            gaps: Gaps::May,
        };
        let reason = |code: &str, title: &str| (code.to_owned(), title.to_owned());
        Self {
            signup: SignupPolicy::default(),
            fields: FieldRules::default(),
            fields_by_country: BTreeMap::new(),
            country: None,
            privacy_version: None,
            template: None,
            reject_reasons: vec![
                reason("duplicate", "already a customer, or signed up twice"),
                reason("not_a_business", "not a business we supply"),
                reason("wrong_details", "details are wrong or cannot be checked"),
                reason("spam", "spam or abuse"),
                reason("other", "another reason, see the note"),
            ],
            texts: Vec::new(),
            verify_url: None,
            portal_url: "https://portal.example/set-password".into(),
            portal_roles: crate::domain::user_request::PORTAL_ROLES.map(str::to_owned).to_vec(),
            authentication: Authentication::SetPasswordLink,
            link_hours: 24,
            password_hours: 24,
            calendar: Calendar::default(),
            provision_hook: ProvisionHook::Off,
            false_alarms: 0.05,
            workflow_active: true,
            grace_seconds: 30,
            mail_domain: "countersign.example".into(),
            office_language: "en".into(),
            sequences: vec![
                sequence("signup", "REG-"),
                sequence("customer", "C-"),
                sequence("contact", "CON-"),
                sequence("user_request", "UR-"),
            ],
        }
    }
}
