//! How a mail stands, in words: what its state means and what a person can do about it. The Mail tab, `mail list` and
//! `mail show` print these and no others, so that no state is left without a way on.

use super::Phase;

/// What is known of a mail when somebody asks what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Its state, by its stable name.
    pub state: &'a str,
    /// Phase and outcome of its newest attempt, by their stable names; none: not looked at, or never tried.
    pub last: Option<(&'a str, &'a str)>,
}

impl<'a> Standing<'a> {
    /// All mails of a state, whatever the causes.
    pub fn of_state(state: &'a str) -> Self {
        Self { state, last: None }
    }

    /// What the state means, without a full stop.
    pub fn meaning(&self) -> &'static str {
        match self.state {
            "held" => "kept back for a moment, so that undo can take it back",
            "waiting" => "on its way: it goes out by itself when it is due",
            "sending" => "with the server at this moment",
            "sent" => "accepted by the server",
            "failed" => "not tried again by itself: it needs a person",
            "paused" => "all mail stands still until a person lets it go out again",
            "superseded" => "never sent: a newer mail took its place",
            "cancelled" => "never sent: it was taken out of the queue",
            _ => "not known to this version",
        }
    }

    /// What would help; none where nothing needs to be done. *Retry*, *cancel* and *unpause* are keys of the Mail tab and
    /// verbs of `countersign mail`.
    pub fn remedy(&self) -> Option<&'static str> {
        match self.state {
            "held" | "waiting" => Some("Nothing needs to be done; retry sends it now."),
            "sending" => Some("Wait a moment and look again."),
            "failed" => Some(self.of_failed()),
            "paused" => Some(self.of_paused()),
            _ => None,
        }
    }

    fn phase(&self) -> Option<Phase> {
        let (phase, _) = self.last?;
        Phase::ALL.into_iter().find(|known| known.as_str() == phase)
    }

    fn of_failed(&self) -> &'static str {
        match (self.phase(), self.last.map(|(_, outcome)| outcome)) {
            (_, Some("unsure")) => {
                "Ask the recipient whether it arrived; if not, retry sends the same mail again, otherwise cancel it."
            }
            (_, Some("retry")) => "Ask who runs the mail server why it took none for so long, then retry.",
            (Some(Phase::Mail | Phase::Rcpt), _) => {
                "Correct the address on the record and send it from there anew; retry asks the server again with this one."
            }
            (Some(_), _) => {
                "Ask who runs the mail server what it has against this text; then retry, or cancel."
            }
            (None, _) => "`countersign mail show ID` says why; put it right, then retry, or cancel.",
        }
    }

    fn of_paused(&self) -> &'static str {
        match self.phase() {
            Some(Phase::Tls) => {
                "Check host, tls and ca_file under [mail.smtp], or ask who runs the server for a valid certificate; then unpause."
            }
            Some(Phase::Auth) => "Check user and password_file under [mail.smtp]; then unpause.",
            Some(Phase::Mail | Phase::Rcpt) => {
                "Check from under [mail], and that the user under [mail.smtp] may send from it; then unpause."
            }
            Some(Phase::Connect | Phase::Banner | Phase::Ehlo | Phase::Data | Phase::Body | Phase::Dot) => {
                "Check host and port under [mail.smtp], or ask who runs the server why it takes nothing from here; then unpause."
            }
            None => "Mend the cause, then `countersign mail unpause`.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_says_what_it_means_and_what_a_person_can_do() {
        let states = ["held", "waiting", "sending", "sent", "failed", "paused", "superseded", "cancelled"];
        for state in states {
            let standing = Standing::of_state(state);
            assert_ne!(standing.meaning(), Standing::of_state("?").meaning(), "{state}");
            let over = matches!(state, "sent" | "superseded" | "cancelled");
            assert_eq!(standing.remedy().is_none(), over, "{state}");
        }
    }

    #[test]
    fn a_cause_has_its_own_remedy() {
        let remedy = |state, phase: Phase, outcome| {
            Standing { state, last: Some((phase.as_str(), outcome)) }.remedy().unwrap()
        };
        for (state, phase, outcome, says) in [
            ("failed", Phase::Rcpt, "failed", "Correct the address"),
            ("failed", Phase::Dot, "failed", "against this text"),
            ("failed", Phase::Dot, "unsure", "whether it arrived"),
            ("failed", Phase::Connect, "retry", "for so long"),
            ("paused", Phase::Tls, "paused", "certificate"),
            ("paused", Phase::Auth, "paused", "password_file"),
            ("paused", Phase::Mail, "paused", "from under [mail]"),
            ("paused", Phase::Banner, "paused", "host and port"),
        ] {
            assert!(remedy(state, phase, outcome).contains(says), "{state} {phase} {outcome}");
        }
    }
}
