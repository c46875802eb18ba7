//! The outbox over a connection in memory and a clock in hand.

use std::sync::{Arc, Mutex};

use countersign::desk::outbox::{
    self, CLAIM_LEASE_MS, Claimed, DOT_LEASE_MS, Enqueue, Hold, Outbox, Settled,
};
use countersign::domain::mail::{Letter, MailEvent, Mailbox, Render, Settlement};
use countersign::mail::{MailSettings, Renderer, Zone};
use rusqlite::Connection;

pub const T0: i64 = 1_796_083_260_000;

/// Lines that want to end the data, and enough of them for a server that takes small mails only.
const TEXT: &str = concat!(
    ".\r\n.\nQUIT\n.leading dot\n",
    "Dear customer, this line is here to fill the mail, and so are the ones that follow.\n",
    "Dear customer, this line is here to fill the mail, and so are the ones that follow.\n",
    "Dear customer, this line is here to fill the mail, and so are the ones that follow.\n",
    "Dear customer, this line is here to fill the mail, and so are the ones that follow.\n",
    "Dear customer, this line is here to fill the mail, and so are the ones that follow.\n",
);

/// Clones are the same outbox.
#[derive(Clone)]
pub struct Memory {
    pub conn: Arc<Mutex<Connection>>,
    pub now: Arc<Mutex<i64>>,
}

impl Memory {
    pub fn new() -> Memory {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("../../../assets/migrations/0001_init.sql")).unwrap();
        Memory { conn: Arc::new(Mutex::new(conn)), now: Arc::new(Mutex::new(T0)) }
    }

    pub fn now(&self) -> i64 {
        *self.now.lock().unwrap()
    }

    pub fn pass(&self, ms: i64) {
        *self.now.lock().unwrap() += ms;
    }

    /// Puts a mail to `to` in; gives its row.
    pub fn put(&self, event: MailEvent, to: &str) -> i64 {
        let letter = letter(event, to);
        let rendered = renderer().render(&letter).unwrap();
        let conn = self.conn.lock().unwrap();
        let mail = Enqueue {
            letter: &letter,
            rendered: &rendered,
            entry_id: None,
            hold_until: None,
            now: self.now(),
        };
        outbox::enqueue(&conn, mail).unwrap()
    }

    /// State, unsure and the last words.
    pub fn row(&self, id: i64) -> (String, i64, String) {
        let conn = self.conn.lock().unwrap();
        conn.query_row(
            "select state, unsure, coalesce(last_reply, '') from outbox where id = ?1",
            [id],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .unwrap()
    }

    pub fn health(&self) -> String {
        outbox::health(&self.conn.lock().unwrap(), self.now()).unwrap().words()
    }
}

impl Outbox for Memory {
    type Error = rusqlite::Error;

    fn claim(&mut self, owner: &str) -> rusqlite::Result<Option<Claimed>> {
        let now = self.now();
        outbox::claim(&self.conn.lock().unwrap(), owner, now + CLAIM_LEASE_MS, now)
    }

    fn enter_dot(&mut self, id: i64, owner: &str) -> rusqlite::Result<bool> {
        let now = self.now();
        outbox::enter_dot(&self.conn.lock().unwrap(), Hold { id, owner }, now + DOT_LEASE_MS, now)
    }

    fn settle(&mut self, id: i64, owner: &str, settlement: &Settlement) -> rusqlite::Result<Settled> {
        outbox::settle(&self.conn.lock().unwrap(), Hold { id, owner }, settlement, self.now())
    }

    fn due_in(&mut self) -> rusqlite::Result<Option<i64>> {
        let now = self.now();
        Ok(outbox::next_due(&self.conn.lock().unwrap())?.map(|at| (at - now).max(0)))
    }
}

pub fn renderer() -> Renderer {
    Renderer::new(&MailSettings {
        from: "office@example.org".into(),
        office_name: "Nordwind".into(),
        zone: Zone::Utc,
        ..MailSettings::folder("unused".into())
    })
}

pub fn letter(event: MailEvent, to: &str) -> Letter {
    let values = [
        ("number", "REG-000128"),
        ("user_name", "ana.lima"),
        ("password", "correct horse battery"),
        ("link", "https://portal.example.org/set?t=7Q4M"),
        ("hours", "24"),
        ("sender", "Maria"),
        ("sent", "1796083260000"),
        ("text", TEXT),
    ];
    Letter {
        event,
        lang: "en".into(),
        to: Mailbox { address: to.into(), name: None },
        record: None,
        values: values.map(|(name, value)| (name, value.to_string())).into(),
        message_id: format!("<{}@example.org>", uuid::Uuid::now_v7()),
        date: T0,
        references: Vec::new(),
    }
}
