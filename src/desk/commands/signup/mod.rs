//! Registration: every command on a sign-up (registration.md, Statuses and moves).

pub(in crate::desk) mod checks;
mod code;
pub(in crate::desk) mod create;
mod decide;
mod edit;
mod moving;
mod submit;
pub(in crate::desk) mod values;
mod verify;

use std::collections::BTreeMap;

use crate::domain::user_request::Authentication;

/// Which sign-up, and what the person saw of it. A decision binds to what was seen (trust.md, Decisions bind).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Row id.
    pub id: i64,
    /// The version and hash that were on the screen; none: whatever is there now.
    pub seen: Option<Seen>,
}

/// The version of a record and a hash of what was shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `version` of the row.
    pub version: i64,
    /// SHA-256 in hex over the shown values; see `SignupCard::seen`. Empty: only the list's row was seen.
    pub hash: String,
}

impl Seen {
    /// Only the row of the list was seen: the version binds.
    pub fn row(version: i64) -> Self {
        Self { version, hash: String::new() }
    }

    /// Whether what was seen is what is there now.
    pub fn holds_for(&self, now: &Seen) -> bool {
        self.version == now.version && (self.hash.is_empty() || self.hash == now.hash)
    }
}

impl Subject {
    /// The sign-up as it is now.
    pub fn now(id: i64) -> Self {
        Self { id, seen: None }
    }

    /// The sign-up as it was seen.
    pub fn seen(id: i64, seen: Seen) -> Self {
        Self { id, seen: Some(seen) }
    }
}

/// Where a sign-up came from (registration.md, Fields).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Source {
    Form,
    Import,
    Staff,
    Mail,
}

impl Source {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Form => "form",
            Source::Import => "import",
            Source::Staff => "staff",
            Source::Mail => "mail",
        }
    }
}

/// Takes in a sign-up: number, checks, verification mail.
#[derive(Debug, Clone)]
pub struct SubmitSignup {
    /// Values by field name (`domain::field::SIGNUP_FIELDS`); absent and empty are the same.
    pub fields: BTreeMap<String, String>,
    /// The sender's own key; the same one twice gives the same number again.
    pub external_id: Option<String>,
    /// Fields that we do not know, kept and shown.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Where it came from.
    pub source: Source,
}

/// Corrects applicant fields; each correction is kept old → new.
#[derive(Debug, Clone)]
pub struct EditSignup {
    /// Which.
    pub subject: Subject,
    /// New values by field name; an empty one clears the field.
    pub changes: BTreeMap<String, String>,
    /// Why, optional.
    pub note: Option<String>,
}

/// Gives the sign-up to a member of staff, or takes it from everybody.
#[derive(Debug, Clone)]
pub struct AssignSignup {
    /// Which.
    pub subject: Subject,
    /// Login; none: nobody.
    pub to: Option<String>,
}

/// Sends a new code; the old one stops working. Brings an expired sign-up back.
#[derive(Debug, Clone)]
pub struct ResendCode {
    /// Which.
    pub subject: Subject,
}

/// The applicant's code came in; the code alone finds the sign-up.
#[derive(Debug, Clone)]
pub struct VerifyByCode {
    /// As typed; case, blanks and hyphens do not count.
    pub code: String,
    /// The sign-up it is said to belong to, if the caller knows: wrong tries are counted there.
    pub signup: Option<i64>,
}

/// Staff rang the applicant.
#[derive(Debug, Clone)]
pub struct VerifyByPhone {
    /// Which.
    pub subject: Subject,
    /// What was said; mandatory.
    pub note: String,
}

/// The clock: the code is too old.
#[derive(Debug, Clone)]
pub struct ExpireSignup {
    /// Row id.
    pub id: i64,
}

/// Yes.
#[derive(Debug, Clone)]
pub struct ApproveSignup {
    /// Which.
    pub subject: Subject,
    /// For colleagues.
    pub note: Option<String>,
    /// Set: approve although it was never verified, with this reason (needs `signup.override`).
    pub override_reason: Option<String>,
}

/// No.
#[derive(Debug, Clone)]
pub struct RejectSignup {
    /// Which.
    pub subject: Subject,
    /// A code of `Settings::reject_reasons`.
    pub reason_code: String,
    /// For colleagues only.
    pub note: Option<String>,
    /// What the applicant reads.
    pub reply: Option<String>,
    /// Whether the applicant gets a mail.
    pub mail: MailApplicant,
}

/// Whether the applicant is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailApplicant {
    /// By mail.
    Tell,
    /// Not at all (spam).
    DoNotMail,
}

/// Taken back, told to staff.
#[derive(Debug, Clone)]
pub struct WithdrawSignup {
    /// Which.
    pub subject: Subject,
    /// Why; mandatory.
    pub reason: String,
}

/// Taken back by the applicant's own code.
#[derive(Debug, Clone)]
pub struct WithdrawByCode {
    /// As typed.
    pub code: String,
    /// Why, optional.
    pub reason: Option<String>,
}

/// Rejected or withdrawn by mistake: back to the status it had.
#[derive(Debug, Clone)]
pub struct ReopenSignup {
    /// Which.
    pub subject: Subject,
    /// Why; mandatory.
    pub reason: String,
}

/// Remembers that a possible duplicate is none.
#[derive(Debug, Clone)]
pub struct NotADuplicate {
    /// Which.
    pub subject: Subject,
    /// Number of the customer or sign-up that it is not.
    pub other: String,
}

/// What becomes of a second contact with the same address at the same customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Twin {
    /// It is refused, and the first one named.
    #[default]
    Refuse,
    /// Somebody was shown the first one and wants another.
    Make,
}

/// Makes customer (unless existing), contact and user request, and submits the request
/// (registration.md, Creating the customer). On a Verified sign-up it approves first: two entries in history.
#[derive(Debug, Clone)]
pub struct CreateCustomer {
    /// Which.
    pub subject: Subject,
    /// Number of the existing customer under which only a contact is made; none: a new customer.
    pub existing: Option<String>,
    /// Name of the template.
    pub template: Option<String>,
    /// Values of the new record that were edited in the dialog, by customer field; they win over everything.
    pub values: BTreeMap<String, String>,
    /// Number of an existing contact to use instead of a second one.
    pub contact: Option<String>,
    /// What if the existing customer has a contact with the applicant's address, and none was named.
    pub twin: Twin,
    /// The portal user's role; none: the office's preset.
    pub role: Option<String>,
    /// How they will log on; none: the office's preset.
    pub authentication: Option<Authentication>,
    /// The user name; none: suggested from the applicant's wish.
    pub user_name: Option<String>,
    /// For colleagues.
    pub note: Option<String>,
}
