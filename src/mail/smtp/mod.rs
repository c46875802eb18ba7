//! One attempt over SMTP, step by step, so that it is always known whether the final dot was sent.
//!
//! Lettre's `SmtpConnection` sends body and dot in one call and has a time-out per read, so the
//! dialogue is spoken here; lettre still builds the messages and checks the addresses.

mod connect;
mod dialogue;
mod line;
mod reply;
mod tls;

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;

use super::carry::{BeforeDot, Carry, Outcome, Post};
use super::settings::{SmtpSettings, TlsMode};
use super::stop::Stop;
use dialogue::Dialogue;

/// The transport `smtp`.
pub struct Smtp {
    settings: SmtpSettings,
    /// Made at the first use, and kept: reading the system's certificates takes a while.
    tls: Mutex<Option<Arc<ClientConfig>>>,
}

impl Smtp {
    /// Nothing is connected yet.
    pub fn new(settings: SmtpSettings) -> Smtp {
        Smtp { settings, tls: Mutex::new(None) }
    }

    fn tls(&self) -> Result<Option<Arc<ClientConfig>>, String> {
        match self.settings.tls {
            TlsMode::None => Ok(None),
            TlsMode::StartTls | TlsMode::Implicit => {
                let mut kept = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.is_none() {
                    *kept = Some(tls::config(self.settings.ca_file.as_deref())?);
                }
                Ok(kept.clone())
            }
        }
    }
}

impl Carry for Smtp {
    fn carry(&self, post: Post<'_>, stop: &Stop, before_dot: BeforeDot<'_>) -> Outcome {
        Dialogue::new(&self.settings, stop.clone()).run(|| self.tls(), post, before_dot)
    }
}
