//! What becomes of a mail and of the queue after an attempt; the table of mail.md, Outbox, and nothing else decides.

use std::fmt;

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Name look-up and TCP.
    Connect,
    /// The server's first line.
    Banner,
    /// EHLO, before or after TLS.
    Ehlo,
    /// STARTTLS and the handshake.
    Tls,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, up to its 354.
    Data,
    /// The message, without the final dot.
    Body,
    /// The final dot was, or may have been, sent.
    Dot,
}

impl Phase {
    /// All phases in the order of a session.
    #[rustfmt::skip]
    pub const ALL: [Phase; 10] = [Phase::Connect, Phase::Banner, Phase::Ehlo, Phase::Tls, Phase::Auth,
                                  Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Body, Phase::Dot];

    /// The stable word kept with each attempt.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Connect => "connect",
            Phase::Banner => "banner",
            Phase::Ehlo => "ehlo",
            Phase::Tls => "tls",
            Phase::Auth => "auth",
            Phase::Mail => "mail",
            Phase::Rcpt => "rcpt",
            Phase::Data => "data",
            Phase::Body => "body",
            Phase::Dot => "dot",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A reply's numbers: `550` and, where given, `5.1.1` (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The three digits.
    pub code: u16,
    /// Class, subject, detail.
    pub enhanced: Option<(u16, u16, u16)>,
}

impl Code {
    fn is_about(self, subject: u16, detail: u16) -> bool {
        self.enhanced.is_some_and(|(_, s, d)| (s, d) == (subject, detail))
    }
}

/// What went wrong when it was not a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Line lost, time-out, broken TLS, garbage instead of a reply.
    Lost,
    /// The server cannot be trusted or used as configured: certificate refused, TLS or AUTH not
    /// offered, plain text towards another machine.
    Unusable,
    /// The server is well but cannot carry this one mail (an address that needs SMTPUTF8).
    Unfit,
}

/// Why an attempt did not end in an accepted mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server said so.
    Reply(Code),
    /// There was no usable reply.
    Wrong(Wrong),
}

/// When a row is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// As the schedule says: 1, 5, 15, 30, 60 minutes, then hourly.
    Schedule,
    /// The same, but never sooner than five minutes: greylisting servers want to see us come back.
    Greylist,
}

/// What a failure means for all other mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueEffect {
    /// It was this row's own trouble.
    Goes,
    /// The server is in trouble: nothing is tried for a while.
    BacksOff,
}

/// What a failed row tells its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The address was refused; the record comes back to a person with a wrong address.
    Address,
    /// The mail itself was refused.
    Mail,
}

/// The end of one attempt, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The server took it.
    Sent,
    /// Not delivered; try this row again.
    Retry {
        /// When.
        after: After,
        /// And the others.
        queue: QueueEffect,
    },
    /// Ours or the server's fault, not the recipient's: nothing goes out until a person looks.
    PauseQueue,
    /// Permanent; needs a person.
    FailRow {
        /// Whose fault.
        blame: Blame,
    },
    /// The dot was sent and no reply came: it may have been delivered.
    Unsure,
    /// We stopped before the dot for a reason of our own; as if never tried.
    Released,
}

impl Verdict {
    /// The stable word kept with each attempt.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Sent => "sent",
            Verdict::Retry { .. } => "retry",
            Verdict::PauseQueue => "paused",
            Verdict::FailRow { .. } => "failed",
            Verdict::Unsure => "unsure",
            Verdict::Released => "released",
        }
    }
}

/// What the outbox is told about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What becomes of the row and the queue.
    pub verdict: Verdict,
    /// How far it came.
    pub phase: Phase,
    /// The server's words or ours.
    pub reply: String,
}

/// The rows of the table in mail.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Session,
    Envelope,
    Data,
    AfterDot,
}

/// Its columns, and two that the text beside it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Transient,
    Permanent,
    Lost,
    Unusable,
    Unfit,
}

const BACK_OFF: Verdict = Verdict::Retry { after: After::Schedule, queue: QueueEffect::BacksOff };
const RETRY: Verdict = Verdict::Retry { after: After::Schedule, queue: QueueEffect::Goes };
const GREYLIST: Verdict = Verdict::Retry { after: After::Greylist, queue: QueueEffect::Goes };
const REFUSED: Verdict = Verdict::FailRow { blame: Blame::Address };
const FAILED: Verdict = Verdict::FailRow { blame: Blame::Mail };

#[rustfmt::skip]
static TABLE: [(Stage, [(Column, Verdict); 5]); 4] = [
    //                  4xx                            5xx                                    lost, time-out, garbage       unusable server                          unfit for this mail
    (Stage::Session,  [(Column::Transient, BACK_OFF), (Column::Permanent, Verdict::PauseQueue), (Column::Lost, BACK_OFF),        (Column::Unusable, Verdict::PauseQueue), (Column::Unfit, FAILED)]),
    (Stage::Envelope, [(Column::Transient, GREYLIST), (Column::Permanent, REFUSED),             (Column::Lost, RETRY),           (Column::Unusable, Verdict::PauseQueue), (Column::Unfit, REFUSED)]),
    (Stage::Data,     [(Column::Transient, RETRY),    (Column::Permanent, FAILED),              (Column::Lost, RETRY),           (Column::Unusable, Verdict::PauseQueue), (Column::Unfit, FAILED)]),
    (Stage::AfterDot, [(Column::Transient, RETRY),    (Column::Permanent, FAILED),              (Column::Lost, Verdict::Unsure), (Column::Unusable, Verdict::Unsure),     (Column::Unfit, Verdict::Unsure)]),
];

fn stage(phase: Phase) -> Stage {
    match phase {
        Phase::Connect | Phase::Banner | Phase::Ehlo | Phase::Tls | Phase::Auth => Stage::Session,
        Phase::Mail | Phase::Rcpt => Stage::Envelope,
        Phase::Data | Phase::Body => Stage::Data,
        Phase::Dot => Stage::AfterDot,
    }
}

/// A reply that is neither 4xx nor 5xx where a yes was due is garbage: the line is lost.
fn column(failure: Failure) -> Column {
    match failure {
        Failure::Reply(reply) if (400..500).contains(&reply.code) => Column::Transient,
        Failure::Reply(reply) if (500..600).contains(&reply.code) => Column::Permanent,
        Failure::Reply(_) | Failure::Wrong(Wrong::Lost) => Column::Lost,
        Failure::Wrong(Wrong::Unusable) => Column::Unusable,
        Failure::Wrong(Wrong::Unfit) => Column::Unfit,
    }
}

/// Refusals at MAIL and RCPT that are not about the recipient.
fn envelope_exception(phase: Phase, reply: Code) -> Option<Verdict> {
    let too_big = reply.code == 552 || reply.is_about(3, 4) || reply.is_about(2, 3);
    let log_on_first = matches!(reply.code, 530 | 534 | 535 | 538);
    let sender = reply.is_about(1, 7) || reply.is_about(1, 8);
    let needs_utf8 = reply.is_about(6, 7);
    match phase {
        Phase::Mail if needs_utf8 => Some(REFUSED),
        Phase::Mail if too_big => Some(FAILED),
        Phase::Mail => Some(Verdict::PauseQueue),
        Phase::Rcpt if log_on_first || sender => Some(Verdict::PauseQueue),
        Phase::Rcpt
        | Phase::Connect
        | Phase::Banner
        | Phase::Ehlo
        | Phase::Tls
        | Phase::Auth
        | Phase::Data
        | Phase::Body
        | Phase::Dot => None,
    }
}

/// The verdict on an attempt that failed in `phase` (mail.md, Outbox, table).
pub fn verdict(phase: Phase, failure: Failure) -> Verdict {
    let column = column(failure);
    if let (Failure::Reply(reply), Column::Permanent) = (failure, column)
        && let Some(exception) = envelope_exception(phase, reply)
    {
        return exception;
    }
    let (_, row) = TABLE.iter().find(|(s, _)| *s == stage(phase)).expect("the table has every stage");
    row.iter().find(|(c, _)| *c == column).expect("every row has every column").1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: u16) -> Failure {
        Failure::Reply(Code { code, enhanced: None })
    }

    fn full(code: u16, subject: u16, detail: u16) -> Failure {
        Failure::Reply(Code { code, enhanced: Some((code / 100, subject, detail)) })
    }

    const LOST: Failure = Failure::Wrong(Wrong::Lost);

    /// The table of mail.md, written down a second time by phase.
    #[test]
    fn the_whole_table() {
        use Phase::*;
        #[rustfmt::skip]
        let expected: [(Phase, Verdict, Verdict, Verdict); 10] = [
            (Connect, BACK_OFF, Verdict::PauseQueue, BACK_OFF),
            (Banner,  BACK_OFF, Verdict::PauseQueue, BACK_OFF),
            (Ehlo,    BACK_OFF, Verdict::PauseQueue, BACK_OFF),
            (Tls,     BACK_OFF, Verdict::PauseQueue, BACK_OFF),
            (Auth,    BACK_OFF, Verdict::PauseQueue, BACK_OFF),
            (Mail,    GREYLIST, Verdict::PauseQueue, RETRY),
            (Rcpt,    GREYLIST, REFUSED,             RETRY),
            (Data,    RETRY,    FAILED,              RETRY),
            (Body,    RETRY,    FAILED,              RETRY),
            (Dot,     RETRY,    FAILED,              Verdict::Unsure),
        ];
        assert_eq!(expected.map(|row| row.0), Phase::ALL);
        for (phase, transient, permanent, lost) in expected {
            for n in [421, 450, 451, 452, 454, 499] {
                assert_eq!(verdict(phase, code(n)), transient, "{phase} {n}");
            }
            for n in [500, 502, 550, 553, 554, 599] {
                assert_eq!(verdict(phase, code(n)), permanent, "{phase} {n}");
            }
            assert_eq!(verdict(phase, LOST), lost, "{phase} lost");
            for n in [0, 199, 250, 354, 600, 999] {
                assert_eq!(verdict(phase, code(n)), lost, "{phase} garbage {n}");
            }
        }
    }

    #[test]
    fn an_unusable_server_stops_the_queue_before_anything_was_delivered() {
        for phase in Phase::ALL {
            let expected = if phase == Phase::Dot { Verdict::Unsure } else { Verdict::PauseQueue };
            assert_eq!(verdict(phase, Failure::Wrong(Wrong::Unusable)), expected, "{phase}");
        }
    }

    #[test]
    fn refusals_in_the_envelope_that_are_not_about_the_recipient() {
        assert_eq!(verdict(Phase::Mail, code(552)), FAILED);
        assert_eq!(verdict(Phase::Mail, full(554, 3, 4)), FAILED);
        assert_eq!(verdict(Phase::Mail, full(553, 6, 7)), REFUSED);
        assert_eq!(verdict(Phase::Mail, full(550, 7, 1)), Verdict::PauseQueue);
        assert_eq!(verdict(Phase::Rcpt, code(530)), Verdict::PauseQueue);
        assert_eq!(verdict(Phase::Rcpt, full(553, 1, 8)), Verdict::PauseQueue);
        assert_eq!(verdict(Phase::Rcpt, full(550, 1, 1)), REFUSED);
        assert_eq!(verdict(Phase::Rcpt, full(551, 7, 1)), REFUSED);
        assert_eq!(verdict(Phase::Mail, Failure::Wrong(Wrong::Unfit)), REFUSED);
    }

    #[test]
    fn only_the_dot_makes_doubt() {
        for phase in Phase::ALL {
            for failure in [code(450), code(550), code(999), LOST, Failure::Wrong(Wrong::Unusable)] {
                if verdict(phase, failure) == Verdict::Unsure {
                    assert_eq!(phase, Phase::Dot);
                }
            }
        }
    }
}
