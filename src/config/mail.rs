//! `[mail]`: where mail goes, as plain values; no secret is ever among them.

use std::path::PathBuf;

use super::value::choice;

choice! {
    /// Where mail goes.
    Transport {
        /// `.eml` files in a folder; nobody outside gets mail.
        Folder = "folder",
        /// An SMTP server.
        Smtp = "smtp",
    }
}

/// `[mail]`
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Where mail goes.
    pub transport: Transport,
    /// The folder of transport `folder`; `None`: `mail` in the data directory.
    pub folder: Option<PathBuf>,
    /// The sender's address, with or without a name.
    pub from: Option<String>,
    /// Where answers go; `None`: to `from`.
    pub reply_to: Option<String>,
    /// The domain in `Message-ID`; `None`: that of `from`.
    pub domain: Option<String>,
    /// Seconds for which a mail waits so that the decision can be undone.
    pub grace_seconds: u32,
    /// A folder with templates that replace the built-in ones.
    pub template_dir: Option<PathBuf>,
    /// The server.
    pub smtp: Smtp,
}

impl Default for Mail {
    fn default() -> Self {
        Mail {
            transport: Transport::Folder,
            folder: None,
            from: None,
            reply_to: None,
            domain: None,
            grace_seconds: 30,
            template_dir: None,
            smtp: Smtp::default(),
        }
    }
}

choice! {
    /// How the line to the SMTP server is protected.
    Tls {
        /// Plain, then STARTTLS, which the server must offer.
        Starttls = "starttls",
        /// TLS from the first byte.
        Implicit = "implicit",
        /// None; towards this machine only.
        None = "none",
    }
}

/// `[mail.smtp]`; the password is never here, see [`super::smtp_password`].
#[derive(Clone, Debug, PartialEq)]
pub struct Smtp {
    /// Host name of the server.
    pub host: Option<String>,
    /// Its port.
    pub port: u32,
    /// How the line is protected.
    pub tls: Tls,
    /// The name to log on with; `None`: no log-on.
    pub user: Option<String>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// Certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for Smtp {
    fn default() -> Self {
        Smtp { host: None, port: 587, tls: Tls::Starttls, user: None, password_file: None, ca_file: None }
    }
}
