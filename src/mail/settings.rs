//! What the office decides about its mail; checked values, built by the config.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

/// Everything the renderer and the transport need to know.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// How mail leaves.
    pub transport: Transport,
    /// Sender address, also of the envelope: `office@example.org`.
    pub from: String,
    /// Where answers go; the sender if absent.
    pub reply_to: Option<String>,
    /// Name shown as sender and used as signature.
    pub office_name: String,
    /// Language taken when the recipient's has no template (BCP 47).
    pub office_lang: String,
    /// Folder whose files replace the templates of the programme.
    pub template_dir: Option<PathBuf>,
    /// Zone of the days and times in mails.
    pub zone: Zone,
}

impl MailSettings {
    /// Settings that write mail into `folder`; the default of `demo` and `init`.
    pub fn folder(folder: PathBuf) -> MailSettings {
        MailSettings {
            transport: Transport::Folder(folder),
            from: "office@localhost.localdomain".to_string(),
            reply_to: None,
            office_name: "Back office".to_string(),
            office_lang: "en".to_string(),
            template_dir: None,
            zone: Zone::Local,
        }
    }
}

/// How mail leaves (mail.md, Outbox: `transport = "smtp" | "folder"`).
#[derive(Debug, Clone)]
pub enum Transport {
    /// To one SMTP server.
    Smtp(SmtpSettings),
    /// As `.eml` files into a folder; nobody outside gets any.
    Folder(PathBuf),
}

/// The one SMTP server.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name or address; the certificate must be made out to it.
    pub host: String,
    /// 587, 465, 25.
    pub port: u16,
    /// Encryption; there is no "if available".
    pub tls: TlsMode,
    /// User and password, if the server wants them.
    pub login: Option<Login>,
    /// PEM file with further certificate authorities, beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Name said in EHLO; the domain of the sender if absent.
    pub ehlo_name: Option<String>,
    /// How long each thing may take.
    pub timeouts: Timeouts,
}

/// Encryption of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// STARTTLS, and nothing before it but EHLO.
    StartTls,
    /// TLS from the first byte (port 465).
    Implicit,
    /// None; only towards this machine itself.
    None,
}

/// What AUTH says.
#[derive(Debug, Clone)]
pub struct Login {
    /// User name at the server.
    pub user: String,
    /// Its password; `Debug` does not show it.
    pub password: SecretString,
}

/// Limits of one attempt. `session` bounds all that comes before the dot together, however slowly
/// the server drips; `dot` bounds the wait for the reply after it.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Name look-up and TCP together.
    pub connect: Duration,
    /// One reply.
    pub reply: Duration,
    /// The whole attempt up to the dot.
    pub session: Duration,
    /// The reply to the dot; a short wait makes duplicates (mail.md, Outbox).
    pub dot: Duration,
    /// How long the reply to the dot is still awaited after the programme was told to stop.
    pub dot_when_stopping: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(30),
            reply: Duration::from_secs(120),
            session: Duration::from_secs(300),
            dot: Duration::from_secs(600),
            dot_when_stopping: Duration::from_secs(5),
        }
    }
}

/// Which clock on the wall the recipient reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// That of the office's machine.
    Local,
    /// UTC, for tests.
    Utc,
}
