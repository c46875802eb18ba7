//! The tabs; each is one folder or file, and the app never names one.

pub mod checks;
pub mod customers;
pub mod mail;
pub mod registration;
pub mod setup;
pub mod user_requests;
pub mod work;

use chrono::{DateTime, Local, NaiveDate};

use super::door::Asker;
use super::screen::Screen;
use super::widgets::board::Typed;
use crate::domain::filter::{FieldSet, Filter, parse, parse_typing};
use crate::domain::permission::Actor;

/// How many matches are counted; more is shown as `1,000+`.
pub const COUNTED: i64 = 1_000;

/// All tabs there are, in order, for this member of staff.
pub fn all(actor: &Actor) -> Vec<Box<dyn Screen>> {
    vec![
        Box::new(work::Work::new(actor.clone())),
        Box::new(registration::Registration::new(actor.clone())),
        Box::new(user_requests::UserRequests::new(actor.clone())),
        Box::new(customers::Customers::new(actor.clone())),
        Box::new(mail::Mails::new(actor.clone())),
        Box::new(setup::Setup::new(actor.clone())),
    ]
}

/// The day on the reader's wall.
pub fn day_of(at: i64) -> NaiveDate {
    DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&Local).date_naive()
}

/// A time on the reader's wall, short: `09:12`, `Mon 09:12`, `2026-11-02`.
pub fn clock(at: i64, now: i64) -> String {
    crate::domain::date::local_short(at, now, &Local)
}

/// A filter line by the fields of a list.
pub fn understand(set: &FieldSet, text: &str, typed: Typed, asker: Asker) -> Result<Filter, String> {
    let today = day_of(asker.now);
    let parsed = match typed {
        Typed::Typing => parse_typing(text, set, today),
        Typed::Finished => parse(text, set, today),
    };
    parsed.map_err(|problem| format!("{}. {}", problem.message, problem.remedy))
}
