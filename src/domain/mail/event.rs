//! Every event that sends mail, and what each one tells; one table, read by templates, check and docs.

use std::fmt;

/// Something that happened about which a mail goes out (mail.md, When).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailEvent {
    /// A sign-up came in; holds the verification code.
    SignupReceived,
    /// A new verification code; the old one stopped working.
    SignupResent,
    /// The address was confirmed.
    SignupVerified,
    /// A person said yes.
    SignupApproved,
    /// A person said no; may hold a text to the applicant.
    SignupRejected,
    /// Taken back by the applicant or on their behalf.
    SignupWithdrawn,
    /// Logon: a link to set a password.
    LogonLink,
    /// Logon: a temporary password.
    LogonTemporary,
    /// Logon: through the office's or customer's own identity provider.
    LogonSso,
    /// Reminder of a user name.
    UserNameReminder,
    /// A portal user's role or data changed.
    AccountChanged,
    /// A portal user was inactivated.
    AccountInactivated,
    /// Somebody on the staff asks them something about a request.
    ContactAsked,
    /// Somebody on the staff must decide.
    WorkAssigned,
    /// A colleague gave them their turn.
    WorkDelegated,
    /// It will be due soon.
    WorkDueSoon,
    /// It is overdue.
    WorkOverdue,
    /// It came to them because nobody decided in time.
    WorkEscalated,
    /// Somebody wants what they submitted changed.
    WorkChangeRequested,
    /// What they submitted was decided.
    WorkDecided,
    /// A colleague asks them something.
    WorkAsked,
    /// What they asked was answered.
    WorkAnswered,
    /// An error stopped a workflow.
    WorkStopped,
    /// What waits for them, once a day.
    WorkDigest,
    /// They stand in for a colleague.
    DeputySet,
    /// `mail test ADDRESS`.
    MailTest,
}

/// Who a mail goes to; decides how strictly outside text is kept out (trust.md, Hostile text).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody outside whose address may not be confirmed yet.
    Applicant,
    /// A contact of a customer.
    Contact,
    /// A member of staff.
    Staff,
    /// An address that a member of staff typed.
    Typed,
}

/// What sort of value a placeholder holds; the renderer cleans each sort in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person's own name: one line, at most 80 characters, nothing that looks like a link.
    Name,
    /// A short word of ours or one that was checked before: number, user name, role.
    Word,
    /// Text that a member of staff wrote to the recipient; may have several lines.
    Text,
    /// An address of the web, without a secret in it.
    Link,
    /// An address of the web that lets its reader act.
    SecretLink,
    /// A code or password.
    Secret,
    /// A point in time: UTC milliseconds in decimal; shown as a day with the time.
    When,
}

impl Kind {
    /// Whether staff, logs and screens must not see the value.
    pub fn is_secret(self) -> bool {
        match self {
            Kind::SecretLink | Kind::Secret => true,
            Kind::Name | Kind::Word | Kind::Text | Kind::Link | Kind::When => false,
        }
    }
}

/// One name that a template of the event may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// The name between the braces.
    pub name: &'static str,
    /// An empty value stops the mail, and a template that leaves it out is a problem.
    pub required: bool,
    /// How the value is cleaned and shown.
    pub kind: Kind,
}

const fn must(name: &'static str, kind: Kind) -> Placeholder {
    Placeholder { name, required: true, kind }
}

const fn may(name: &'static str, kind: Kind) -> Placeholder {
    Placeholder { name, required: false, kind }
}

/// One row of the table of events.
struct Row {
    event: MailEvent,
    word: &'static str,
    recipient: Recipient,
    once_only: bool,
    placeholders: &'static [Placeholder],
}

const NAME: Placeholder = may("name", Kind::Name);
const NUMBER: Placeholder = must("number", Kind::Word);
const USER: Placeholder = must("user_name", Kind::Word);
/// What every letter about a document tells staff: what it is, of whom, since when, its values, and the commands for it.
/// Without `who` it was the applicant.
macro_rules! staff {
    ($($more:expr),*) => {
        &[NAME, NUMBER, must("title", Kind::Word), may("customer", Kind::Name), must("values", Kind::Text), may("who", Kind::Name),
          must("since", Kind::When), COMMAND, $($more),*]
    };
}
const STEP: Placeholder = must("step", Kind::Word);
const BECAUSE: Placeholder = may("because", Kind::Word);
const DUE: Placeholder = may("due", Kind::When);
const COMMAND: Placeholder = must("command", Kind::Text);
const FIELDS: Placeholder = may("fields", Kind::Word);
const SAID: Placeholder = may("text", Kind::Text);
const TURN: &[Placeholder] = staff!(STEP, BECAUSE, DUE, SAID, FIELDS);
const CODE: &[Placeholder] =
    &[NAME, NUMBER, must("code", Kind::Secret), may("link", Kind::SecretLink), must("expires", Kind::When)];

#[rustfmt::skip]
static EVENTS: &[Row] = &[
    Row { event: MailEvent::SignupReceived,     word: "signup_received",     recipient: Recipient::Applicant, once_only: false, placeholders: CODE },
    Row { event: MailEvent::SignupResent,       word: "signup_resent",       recipient: Recipient::Applicant, once_only: false, placeholders: CODE },
    Row { event: MailEvent::SignupVerified,     word: "signup_verified",     recipient: Recipient::Applicant, once_only: false, placeholders: &[NAME, NUMBER] },
    Row { event: MailEvent::SignupApproved,     word: "signup_approved",     recipient: Recipient::Applicant, once_only: false, placeholders: &[NAME, NUMBER] },
    Row { event: MailEvent::SignupRejected,     word: "signup_rejected",     recipient: Recipient::Applicant, once_only: false, placeholders: &[NAME, NUMBER, may("text", Kind::Text)] },
    Row { event: MailEvent::SignupWithdrawn,    word: "signup_withdrawn",    recipient: Recipient::Applicant, once_only: false, placeholders: &[NAME, NUMBER] },
    Row { event: MailEvent::LogonLink,          word: "logon_link",          recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, USER, must("link", Kind::SecretLink), must("hours", Kind::Word)] },
    Row { event: MailEvent::LogonTemporary,     word: "logon_temporary",     recipient: Recipient::Contact,   once_only: true,  placeholders: &[NAME, USER, must("password", Kind::Secret), may("link", Kind::Link), must("hours", Kind::Word)] },
    Row { event: MailEvent::LogonSso,           word: "logon_sso",           recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, USER, may("link", Kind::Link)] },
    Row { event: MailEvent::UserNameReminder,   word: "user_name_reminder",  recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, USER, may("link", Kind::Link)] },
    Row { event: MailEvent::AccountChanged,     word: "account_changed",     recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, USER, may("role", Kind::Word), may("text", Kind::Text)] },
    Row { event: MailEvent::AccountInactivated, word: "account_inactivated", recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, USER, may("text", Kind::Text)] },
    Row { event: MailEvent::ContactAsked,       word: "contact_asked",       recipient: Recipient::Contact,   once_only: false, placeholders: &[NAME, NUMBER, must("text", Kind::Text)] },
    Row { event: MailEvent::WorkAssigned,        word: "work_assigned",          recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkDelegated,       word: "work_delegated",         recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkDueSoon,         word: "work_due_soon",          recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkOverdue,         word: "work_overdue",           recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkEscalated,       word: "work_escalated",         recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkChangeRequested, word: "work_change_requested",  recipient: Recipient::Staff,     once_only: false, placeholders: TURN },
    Row { event: MailEvent::WorkDecided,         word: "work_decided",           recipient: Recipient::Staff,     once_only: false, placeholders: staff!(must("verdict", Kind::Word), may("decider", Kind::Name), SAID) },
    Row { event: MailEvent::WorkAsked,           word: "work_asked",             recipient: Recipient::Staff,     once_only: false, placeholders: staff!(must("asker", Kind::Name), must("text", Kind::Text)) },
    Row { event: MailEvent::WorkAnswered,        word: "work_answered",          recipient: Recipient::Staff,     once_only: false, placeholders: staff!(must("answerer", Kind::Name), must("question", Kind::Text), must("text", Kind::Text)) },
    Row { event: MailEvent::WorkStopped,         word: "work_stopped",           recipient: Recipient::Staff,     once_only: false, placeholders: staff!(must("text", Kind::Text), may("culprit", Kind::Word)) },
    Row { event: MailEvent::WorkDigest,          word: "work_digest",            recipient: Recipient::Staff,     once_only: false, placeholders: &[NAME, must("count", Kind::Word), may("overdue", Kind::Text), may("items", Kind::Text), COMMAND] },
    Row { event: MailEvent::DeputySet,           word: "deputy_set",             recipient: Recipient::Staff,     once_only: false, placeholders: &[NAME, must("who", Kind::Name), must("starts", Kind::When), may("ends", Kind::When), may("document", Kind::Word), SAID, COMMAND] },
    Row { event: MailEvent::MailTest,           word: "mail_test",           recipient: Recipient::Typed,     once_only: false, placeholders: &[must("sender", Kind::Word), must("sent", Kind::When)] },
];

/// Names that every template may use beside those of its event; the renderer's own settings.
pub const OFFICE_PLACEHOLDERS: &[&str] = &["office", "reply_to"];

impl MailEvent {
    /// All events, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = MailEvent> {
        EVENTS.iter().map(|row| row.event)
    }

    fn row(self) -> &'static Row {
        EVENTS.iter().find(|row| row.event == self).expect("the table has a row for every event")
    }

    /// The stable word for database, file names and command line.
    pub fn as_str(self) -> &'static str {
        self.row().word
    }

    /// The event with this word, if there is one.
    pub fn parse(word: &str) -> Option<MailEvent> {
        EVENTS.iter().find(|row| row.word == word).map(|row| row.event)
    }

    /// What a template of this event may say.
    pub fn placeholders(self) -> &'static [Placeholder] {
        self.row().placeholders
    }

    /// The placeholder of that name, if the event provides it.
    pub fn placeholder(self, name: &str) -> Option<&'static Placeholder> {
        self.placeholders().iter().find(|p| p.name == name)
    }

    /// Who it goes to.
    pub fn recipient(self) -> Recipient {
        self.row().recipient
    }

    /// Whether the body holds a secret and is wiped once the server accepted it
    /// (trust.md, Secrets and people).
    pub fn is_secret(self) -> bool {
        self.placeholders().iter().any(|p| p.kind.is_secret())
    }

    /// Whether a second copy must not go out without a person's word when it is not sure that
    /// the first one arrived (mail.md, Outbox, after the dot).
    pub fn is_once_only(self) -> bool {
        self.row().once_only
    }
}

impl fmt::Display for MailEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_parse_back() {
        for event in MailEvent::all() {
            assert_eq!(MailEvent::parse(event.as_str()), Some(event));
        }
        assert_eq!(MailEvent::all().len(), 26);
        assert_eq!(MailEvent::parse("nothing"), None);
    }

    #[test]
    fn mail_to_the_unconfirmed_says_nothing_they_typed_but_their_name() {
        for event in MailEvent::all().filter(|e| e.recipient() == Recipient::Applicant) {
            for p in event.placeholders() {
                assert!(
                    matches!(p.name, "name" | "number" | "code" | "link" | "expires" | "text"),
                    "{event} tells {}",
                    p.name
                );
            }
        }
    }

    #[test]
    fn secrets_are_known() {
        let secret: Vec<_> = MailEvent::all().filter(|e| e.is_secret()).map(MailEvent::as_str).collect();
        assert_eq!(secret, ["signup_received", "signup_resent", "logon_link", "logon_temporary"]);
        let once: Vec<_> = MailEvent::all().filter(|e| e.is_once_only()).map(MailEvent::as_str).collect();
        assert_eq!(once, ["logon_temporary"]);
    }
}
