//! The templates inside the binary: one file per event and language, all of them checked by a test.

/// Languages that every event is written in.
#[cfg(test)]
pub(super) const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

/// One file: event word, language, content.
pub(super) struct BuiltIn {
    pub(super) event: &'static str,
    pub(super) lang: &'static str,
    pub(super) text: &'static str,
}

macro_rules! files {
    ($($event:literal)*) => {
        &[$(
            files!(@ $event "en"), files!(@ $event "de"), files!(@ $event "fr"), files!(@ $event "es"),
        )*]
    };
    (@ $event:literal $lang:literal) => {
        BuiltIn {
            event: $event,
            lang: $lang,
            text: include_str!(concat!("../../assets/mail/", $event, ".", $lang, ".txt")),
        }
    };
}

/// All of them.
pub(super) static FILES: &[BuiltIn] = files! {
    "signup_received" "signup_resent" "signup_verified" "signup_approved" "signup_rejected" "signup_withdrawn"
    "logon_link" "logon_temporary" "logon_sso" "user_name_reminder"
    "account_changed" "account_inactivated" "contact_asked" "mail_test"
    "work_assigned" "work_delegated" "work_due_soon" "work_overdue" "work_escalated" "work_change_requested"
    "work_decided" "work_asked" "work_answered" "work_stopped" "work_digest" "deputy_set"
};
