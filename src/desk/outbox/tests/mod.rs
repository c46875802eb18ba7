//! The outbox with a clock in hand: leases, doubt, schedule, pause, undo.

mod people;
mod work;

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::work::{claim, enter_dot, next_due, settle};
use super::*;
use crate::domain::mail::{
    Code, Failure, Letter, MailEvent, Mailbox, Phase, RecordRef, Rendered, Verdict, Wrong, verdict,
};

/// The tables as they are made in every database.
const DDL: &str = include_str!("../../../../assets/migrations/0001_init.sql");

/// Any moment will do.
const T0: i64 = 1_796_083_260_000;

#[expect(clippy::disallowed_methods, reason = "the outbox alone, without the rest of an office")]
fn db() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(DDL).unwrap();
    conn
}

fn put(conn: &Connection, event: MailEvent, entry: i64, hold_until: Option<i64>) -> i64 {
    let n: i64 = conn.query_row("select count(*) from outbox", [], |r| r.get(0)).unwrap();
    let letter = Letter {
        event,
        lang: "en".into(),
        to: Mailbox { address: format!("c{n}@example.net"), name: None },
        record: Some(RecordRef { kind: "signup", id: 7, number: "REG-000007".into() }),
        values: BTreeMap::new(),
        message_id: format!("<{n}@example.org>"),
        date: T0,
        references: Vec::new(),
    };
    let rendered = Rendered { subject: "s".into(), bytes: b"body\r\n".to_vec(), lang: "en".into() };
    let mail = Enqueue { letter: &letter, rendered: &rendered, entry_id: Some(entry), hold_until, now: T0 };
    enqueue(conn, mail).unwrap()
}

/// State, attempts, unsure.
fn row(conn: &Connection, id: i64) -> (String, i64, i64) {
    conn.query_row("select state, attempts, unsure from outbox where id = ?1", [id], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?))
    })
    .unwrap()
}

fn next_at(conn: &Connection, id: i64) -> Option<i64> {
    conn.query_row("select next_at from outbox where id = ?1", [id], |r| r.get(0)).unwrap()
}

fn body(conn: &Connection, id: i64) -> Option<Vec<u8>> {
    conn.query_row("select body from outbox where id = ?1", [id], |r| r.get(0)).unwrap()
}

fn attempts(conn: &Connection, id: i64) -> Vec<String> {
    conn.prepare("select phase || ' ' || outcome from outbox_attempt where outbox_id = ?1 order by id")
        .unwrap()
        .query_map([id], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn take(conn: &Connection, owner: &str, now: i64) -> Option<Claimed> {
    claim(conn, owner, now + CLAIM_LEASE_MS, now).unwrap()
}

fn dot(conn: &Connection, id: i64, owner: &str, now: i64) -> bool {
    enter_dot(conn, Hold { id, owner }, now + DOT_LEASE_MS, now).unwrap()
}

fn end(
    conn: &Connection,
    id: i64,
    owner: &str,
    (phase, failure): (Phase, Option<Failure>),
    now: i64,
) -> Settled {
    let verdict = failure.map_or(Verdict::Sent, |f| verdict(phase, f));
    settle(conn, Hold { id, owner }, &Settlement { verdict, phase, reply: "words".into() }, now).unwrap()
}

const LOST: Option<Failure> = Some(Failure::Wrong(Wrong::Lost));

fn reply(code: u16) -> Option<Failure> {
    Some(Failure::Reply(Code { code, enhanced: None }))
}
