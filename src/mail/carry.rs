//! One attempt to bring one mail out of the house, whatever the way; an attempt always ends in an outcome.

use super::stop::Stop;
use crate::domain::mail::{Failure, Phase, Settlement, Verdict, verdict};

/// One mail as the transport sees it.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// Sender of the envelope.
    pub from: &'a str,
    /// Recipient of the envelope.
    pub to: &'a str,
    /// `<uuid@domain>`.
    pub message_id: &'a str,
    /// The whole message; every copy has the same bytes.
    pub bytes: &'a [u8],
}

/// The lease on the row is no longer ours: the dot must not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseLost;

/// Asked between the last byte of the message and the dot: commits phase *dot*, or says that
/// somebody else has the row now.
pub type BeforeDot<'a> = &'a mut dyn FnMut() -> Result<(), LeaseLost>;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted; the server's words.
    Accepted(String),
    /// Not accepted, or not known to be.
    Failed {
        /// How far it came.
        phase: Phase,
        /// Reply or trouble.
        failure: Failure,
        /// The server's words or ours, one clean line.
        words: String,
    },
    /// Given up before the dot since the row is somebody else's.
    LeaseLost,
    /// Given up before the dot since the programme ends.
    Stopped,
}

impl Outcome {
    /// What to tell the outbox; `None` when the row is no longer ours to speak about.
    pub fn settlement(self) -> Option<Settlement> {
        match self {
            Outcome::Accepted(reply) => Some(Settlement { verdict: Verdict::Sent, phase: Phase::Dot, reply }),
            Outcome::Failed { phase, failure, words } => {
                Some(Settlement { verdict: verdict(phase, failure), phase, reply: words })
            }
            Outcome::LeaseLost => None,
            Outcome::Stopped => Some(Settlement {
                verdict: Verdict::Released,
                phase: Phase::Body,
                reply: "given back: the programme was stopped".to_string(),
            }),
        }
    }
}

/// A way out of the house.
pub trait Carry: Send {
    /// Makes one attempt. It ends within the transport's limits, and soon after `stop` is told to.
    fn carry(&self, post: Post<'_>, stop: &Stop, before_dot: BeforeDot<'_>) -> Outcome;
}
