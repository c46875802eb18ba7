//! `customer duplicates`: the whole book, customer by customer; each pair is printed as it is found.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde_json::{Value, json};
use signal_hook::consts::{SIGINT, SIGTERM};

use super::batch::find;
use crate::cli::customer::Twice;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::desk::query::customer::Twins;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::matching::Hit;

/// Customers looked at between two looks at the clock and at a stop.
const PIECE: usize = 100;

/// Goes through the book.
pub fn run(session: &Session, asked: &Twice, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::CustomerView)?;
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stopped))?;
    }
    let mut after = match &asked.after {
        Some(number) => find(&reader, RecordKind::Customer, number)?.id,
        None => 0,
    };
    let most = asked.limit.unwrap_or(usize::MAX);
    let (begun, mut seen, mut pairs) = (Instant::now(), 0, 0);
    let mut last: Option<RecordRef> = None;
    loop {
        let piece = PIECE.min(most - seen);
        let (twins, next) = reader.twins(&actor, after, piece)?;
        seen += twins.len();
        last = twins.last().map(|t| t.customer.clone()).or(last);
        for one in &twins {
            for hit in one.others.iter().filter(|hit| hit.percent >= i64::from(asked.at_least)) {
                out.item(pairs, &value(one, hit), &line(one, hit))?;
                pairs += 1;
            }
        }
        let rate = seen as f64 / begun.elapsed().as_secs_f64().max(0.001);
        out.progress(&format!("{seen} customers, {pairs} pairs · {rate:.0}/s"))?;
        let halted = stopped.load(Ordering::Relaxed);
        match next.filter(|_| seen < most && !halted) {
            Some(id) => after = id,
            None => {
                out.progress("")?;
                out.items_end(pairs)?;
                out.message(&told((seen, pairs), (halted || next.is_some()).then_some(last).flatten()))?;
                return Ok(if halted { Exit::Partly } else { Exit::Done });
            }
        }
    }
}

/// How far it went, and how to go on where it did not come to the end.
fn told((seen, pairs): (usize, usize), rest_behind: Option<RecordRef>) -> String {
    let of = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let mut text = format!("{} looked at, {}.", of(seen, "customer"), of(pairs, "pair"));
    if let Some(last) = rest_behind {
        text.push_str(&format!(" Go on with --after {}.", last.number));
    }
    text
}

fn value(one: &Twins, hit: &Hit) -> Value {
    json!({ "number": one.customer.number, "name": one.name, "duplicate": shape::hit(hit) })
}

fn line(one: &Twins, hit: &Hit) -> String {
    format!(
        "{} {}  {} {}  {} % {}  {}",
        one.customer.number,
        one.name,
        hit.record.number,
        hit.name,
        hit.percent,
        hit.sureness(),
        hit.reasons.join(" · ")
    )
}
