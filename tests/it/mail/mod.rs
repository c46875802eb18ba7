//! Mail, from the outbox over a real SMTP conversation in this process to the server's store.

mod conversation;
mod faults;
mod memory;
mod server;
mod worker;
