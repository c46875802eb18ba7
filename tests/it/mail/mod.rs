//! Mail, from the outbox over a real SMTP conversation to the server's store: in this process, and by the real programme.

mod chaos;
mod conversation;
mod exim;
mod faults;
mod faulty;
mod memory;
mod office;
mod programme;
mod secrets;
mod server;
mod worker;
