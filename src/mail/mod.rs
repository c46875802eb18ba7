//! Mail on its way out: words for letters, transports, and the worker that empties the outbox.
//! Nothing here writes to the database; the worker reports to the desk's outbox.

mod built_in;
pub mod carry;
mod clean;
pub mod folder;
pub mod render;
pub mod settings;
pub mod smtp;
pub mod stop;
mod template_check;
pub mod templates;
mod when;
pub mod worker;

pub use render::Renderer;
pub use settings::{Login, MailSettings, SmtpSettings, Timeouts, TlsMode, Transport, Zone};
pub use templates::{Problem, check_templates};
pub use worker::Worker;
