//! The dialogue: connect, banner, EHLO, TLS, AUTH, MAIL, RCPT, DATA, body; then the caller commits
//! phase *dot*, and only then the dot goes out. Nothing is pipelined.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::Auth;
use rustls::ClientConfig;
use secrecy::ExposeSecret;

use super::connect::connect;
use super::line::{Limit, Line, NoReply};
use super::reply::Reply;
use super::tls;
use crate::domain::mail::{Failure, Phase, Wrong};
use crate::mail::carry::{BeforeDot, LeaseLost, Outcome, Post};
use crate::mail::clean;
use crate::mail::render::wire_address;
use crate::mail::settings::{Login, SmtpSettings, TlsMode};
use crate::mail::stop::Stop;

/// How long QUIT is waited for; the mail is out by then.
const GOODBYE: Duration = Duration::from_secs(1);
/// Longest sentence kept for people.
const WORDS_LIMIT: usize = 500;

/// One attempt and how far it has come.
pub(super) struct Dialogue<'a> {
    settings: &'a SmtpSettings,
    stop: Stop,
    phase: Phase,
    session_until: Instant,
    /// What EHLO says: the configured name, else the sender's domain.
    name: String,
}

/// Why it ended early.
enum End {
    Failed(Failure, String),
    LeaseLost,
}

impl From<LeaseLost> for End {
    fn from(_: LeaseLost) -> End {
        End::LeaseLost
    }
}

fn trouble(wrong: Wrong, words: impl Into<String>) -> End {
    End::Failed(Failure::Wrong(wrong), words.into())
}

fn refused(reply: &Reply) -> End {
    End::Failed(Failure::Reply(reply.code()), reply.words())
}

impl<'a> Dialogue<'a> {
    /// Starts the clock of the attempt.
    pub(super) fn new(settings: &'a SmtpSettings, stop: Stop) -> Dialogue<'a> {
        let session_until = Instant::now() + settings.timeouts.session;
        let name = settings.ehlo_name.clone().unwrap_or_default();
        Dialogue { settings, stop, phase: Phase::Connect, session_until, name }
    }

    /// Speaks it to its end. `config` gives the TLS side, or a sentence why there is none.
    pub(super) fn run(
        mut self,
        config: impl FnOnce() -> Result<Option<Arc<ClientConfig>>, String>,
        post: Post<'_>,
        before_dot: BeforeDot<'_>,
    ) -> Outcome {
        if self.name.is_empty() {
            self.name = wire_address(post.from).map_or("[127.0.0.1]".to_string(), |a| a.domain().to_string());
        }
        let config = config().map_err(|words| trouble(Wrong::Unusable, words));
        match config.and_then(|config| self.speak(config, post, before_dot)) {
            Ok(reply) => Outcome::Accepted(reply),
            Err(End::LeaseLost) => Outcome::LeaseLost,
            Err(End::Failed(Failure::Wrong(Wrong::Lost), _))
                if self.phase != Phase::Dot && self.stop.is_stopping() =>
            {
                Outcome::Stopped
            }
            Err(End::Failed(failure, words)) => {
                Outcome::Failed { phase: self.phase, failure, words: clean::one_line(&words, WORDS_LIMIT) }
            }
        }
    }

    fn speak(
        &mut self,
        config: Option<Arc<ClientConfig>>,
        post: Post<'_>,
        before_dot: BeforeDot<'_>,
    ) -> Result<String, End> {
        let (mut line, hello) = self.open(config)?;
        if let Some(login) = &self.settings.login {
            self.phase = Phase::Auth;
            self.log_on(&mut line, &hello, login)?;
        }
        self.envelope(&mut line, &hello, post)?;

        self.phase = Phase::Data;
        let reply = self.ask(&mut line, b"DATA\r\n")?;
        if !reply.is(3) {
            return Err(refused(&reply));
        }
        self.phase = Phase::Body;
        line.set_limit(self.limit());
        line.send(&stuffed(post.bytes)).map_err(|error| lost(&error))?;

        // The one point after which a second copy is possible (mail.md, Outbox, 3).
        before_dot()?;
        if line.is_closed() {
            return Err(trouble(Wrong::Lost, "the server closed the line before the end of the mail"));
        }
        self.phase = Phase::Dot;
        let timeouts = self.settings.timeouts;
        line.set_limit(Limit {
            until: Instant::now() + timeouts.dot,
            after_stop: timeouts.dot_when_stopping,
        });
        line.send(b".\r\n").map_err(|error| lost(&error))?;
        let reply = match line.reply() {
            // The code says all; how long the server wants to talk about it does not matter.
            Err(NoReply::Endless(code)) => Reply { code, lines: vec!["(a line without an end)".to_string()] },
            other => other.map_err(no_reply)?,
        };
        if !reply.is(2) {
            return Err(refused(&reply));
        }
        line.set_limit(Limit { until: Instant::now() + GOODBYE, after_stop: Duration::ZERO });
        // It is sent; whether the server says goodbye makes no difference.
        let _ = line.send(b"QUIT\r\n").map(|()| line.reply());
        Ok(reply.words())
    }

    /// Connect to EHLO, encrypted if it is to be; the last EHLO's offers are the ones that count.
    fn open(&mut self, config: Option<Arc<ClientConfig>>) -> Result<(Line, Reply), End> {
        let tcp = connect(self.settings, &self.stop).map_err(|(wrong, words)| trouble(wrong, words))?;
        let mut line = Line::new(tcp, self.limit(), self.stop.clone());
        let host = &self.settings.host;
        let client = config.map(|config| tls::client(config, host)).transpose();
        let client = client.map_err(|words| trouble(Wrong::Unusable, words))?;
        match (self.settings.tls, client) {
            (TlsMode::Implicit, Some(client)) => {
                self.phase = Phase::Tls;
                let line = self.encrypt(line, client)?;
                self.greet(line)
            }
            (TlsMode::StartTls, Some(client)) => {
                let (mut plain, hello) = self.greet(line)?;
                self.phase = Phase::Tls;
                if hello.offers("STARTTLS").is_none() {
                    return Err(trouble(Wrong::Unusable, "the server does not offer STARTTLS"));
                }
                let reply = self.ask(&mut plain, b"STARTTLS\r\n")?;
                if !reply.is(2) {
                    return Err(refused(&reply));
                }
                // Plain text behind the reply may come from somebody on the way (response injection).
                if plain.has_unread() {
                    return Err(trouble(Wrong::Lost, "plain text came where the TLS handshake was due"));
                }
                line = self.encrypt(plain, client)?;
                self.phase = Phase::Ehlo;
                let hello = self.hello(&mut line)?;
                Ok((line, hello))
            }
            (TlsMode::None, _) => self.greet(line),
            (TlsMode::Implicit | TlsMode::StartTls, None) => {
                Err(trouble(Wrong::Unusable, "there is no TLS configuration"))
            }
        }
    }

    fn encrypt(&self, mut line: Line, client: rustls::ClientConnection) -> Result<Line, End> {
        line.set_limit(self.limit());
        line.encrypt(client).map_err(|error| trouble(tls::wrong(&error), tls::words(&error)))
    }

    fn greet(&mut self, mut line: Line) -> Result<(Line, Reply), End> {
        self.phase = Phase::Banner;
        line.set_limit(self.limit());
        let banner = line.reply().map_err(no_reply)?;
        if !banner.is(2) {
            return Err(refused(&banner));
        }
        self.phase = Phase::Ehlo;
        let hello = self.hello(&mut line)?;
        Ok((line, hello))
    }

    fn hello(&self, line: &mut Line) -> Result<Reply, End> {
        let name = clean::one_line(&self.name, 255);
        let reply = self.ask(line, format!("EHLO {name}\r\n").as_bytes())?;
        if reply.is(2) { Ok(reply) } else { Err(refused(&reply)) }
    }

    fn log_on(&self, line: &mut Line, hello: &Reply, login: &Login) -> Result<(), End> {
        let offered = hello.offers("AUTH").unwrap_or_default();
        let credentials = Credentials::new(login.user.clone(), login.password.expose_secret().to_string());
        let encoded = |mechanism, challenge: Option<&str>| {
            Auth::new(mechanism, credentials.clone(), challenge.map(str::to_string))
                .map(|auth| auth.to_string())
                .map_err(|error| trouble(Wrong::Unusable, error.to_string()))
        };
        let mut reply;
        if offered.iter().any(|word| word == "PLAIN") {
            reply = self.ask(line, encoded(Mechanism::Plain, None)?.as_bytes())?;
        } else if offered.iter().any(|word| word == "LOGIN") {
            reply = self.ask(line, b"AUTH LOGIN\r\n")?;
            for challenge in ["Username:", "Password:"] {
                if !reply.is(3) {
                    return Err(refused(&reply));
                }
                reply = self.ask(line, encoded(Mechanism::Login, Some(challenge))?.as_bytes())?;
            }
        } else {
            return Err(trouble(Wrong::Unusable, "the server offers neither AUTH PLAIN nor AUTH LOGIN"));
        }
        if reply.is(2) { Ok(()) } else { Err(refused(&reply)) }
    }

    fn envelope(&mut self, line: &mut Line, hello: &Reply, post: Post<'_>) -> Result<(), End> {
        self.phase = Phase::Mail;
        let address = |text: &str| {
            wire_address(text)
                .ok_or_else(|| trouble(Wrong::Unfit, format!("{text:?} cannot be used as a mail address")))
        };
        let (from, to) = (address(post.from)?, address(post.to)?);
        let mut mail = format!("MAIL FROM:<{from}>");
        if hello.offers("SIZE").is_some() {
            mail.push_str(&format!(" SIZE={}", post.bytes.len()));
        }
        if ![&from, &to].iter().all(|a| a.user().is_ascii()) || !post.bytes.is_ascii() {
            for extension in ["SMTPUTF8", "8BITMIME"] {
                if hello.offers(extension).is_none() {
                    let words = format!("the server does not offer {extension}, which {to} needs");
                    return Err(trouble(Wrong::Unfit, words));
                }
            }
            mail.push_str(" BODY=8BITMIME SMTPUTF8");
        }
        mail.push_str("\r\n");
        for (phase, command) in [(Phase::Mail, mail), (Phase::Rcpt, format!("RCPT TO:<{to}>\r\n"))] {
            self.phase = phase;
            let reply = self.ask(line, command.as_bytes())?;
            if !reply.is(2) {
                return Err(refused(&reply));
            }
        }
        Ok(())
    }

    fn limit(&self) -> Limit {
        let until = (Instant::now() + self.settings.timeouts.reply).min(self.session_until);
        Limit { until, after_stop: Duration::ZERO }
    }

    fn ask(&self, line: &mut Line, command: &[u8]) -> Result<Reply, End> {
        line.set_limit(self.limit());
        line.send(command).map_err(|error| lost(&error))?;
        line.reply().map_err(no_reply)
    }
}

fn lost(error: &io::Error) -> End {
    trouble(Wrong::Lost, error.to_string())
}

fn no_reply(no: NoReply) -> End {
    match no {
        NoReply::Io(error) => lost(&error),
        NoReply::Garbage(what) => trouble(Wrong::Lost, format!("not an SMTP reply: {what}")),
        NoReply::Endless(code) => trouble(Wrong::Lost, format!("a reply {code} without an end")),
    }
}

/// The message with dots doubled at the beginning of lines and every line ended by CRLF, so that
/// no byte of it can be taken for the end of the data (SMTP smuggling).
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32 + 2);
    let mut at_start = true;
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' | b'\n' => {
                if byte == b'\r' {
                    rest.next_if_eq(&b'\n');
                }
                out.extend_from_slice(b"\r\n");
                at_start = true;
            }
            _ => {
                if at_start && byte == b'.' {
                    out.push(b'.');
                }
                out.push(byte);
                at_start = false;
            }
        }
    }
    if !at_start {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_body_ends_the_data() {
        assert_eq!(stuffed(b"a\r\n.\r\nb"), b"a\r\n..\r\nb\r\n");
        assert_eq!(stuffed(b".a\n.\nb\r.\r\r\n"), b"..a\r\n..\r\nb\r\n..\r\n\r\n");
        assert_eq!(stuffed(b""), b"");
        for end in ["\r\n.\r\n", "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r"] {
            let sent = stuffed(format!("x{end}MAIL FROM:<a@b>\r\n").as_bytes());
            for bad in [&b"\r\n.\r\n"[..], b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r"] {
                assert!(!sent.windows(bad.len()).any(|w| w == bad), "{end:?}");
            }
        }
    }
}
