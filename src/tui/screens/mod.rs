//! The tabs; each is one folder or file, and the app never names one.

pub mod checks;
pub mod customers;
pub mod in_hand;
pub mod mail;
pub mod registration;
pub mod route;
pub mod setup;
pub mod staff;
pub mod user_requests;
pub mod work;

use chrono::{DateTime, Local, NaiveDate};

use super::door::{Asker, Error, Reader};
use super::effect::{Effect, Work};
use super::layer::Layer;
use super::screen::Screen;
use super::widgets::ask::Ask;
use super::widgets::board::Typed;
use super::widgets::form::{Choice, Form, FormSpec};
use crate::domain::canned::Canned;
use crate::domain::check::country::countries_like;
use crate::domain::filter::{FieldSet, Filter, parse, parse_typing};
use crate::domain::permission::Actor;
use crate::domain::text::{fold, normalise_line};

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
        Box::new(staff::Staff::new(actor.clone())),
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

/// Opens a form.
pub fn open_form(spec: FormSpec) -> Vec<Effect> {
    vec![Effect::Open(Box::new(Layer::Form(Form::new(spec))))]
}

/// Active colleagues by login or name, for a look-up.
pub fn colleagues(reader: &Reader, typed: &str) -> Result<Vec<Choice>, Error> {
    let wanted = fold(typed);
    let staff = reader
        .staff()?
        .into_iter()
        .filter(|s| s.active && fold(&format!("{} {}", s.login, s.name)).contains(&wanted));
    Ok(staff.take(8).map(|s| Choice::new(&s.login, &format!("{}  {}", s.login, s.name))).collect())
}

/// The office's canned texts, each language for itself, with the beginning of what they say.
pub fn canned(texts: &[Canned]) -> Vec<Choice> {
    let labelled = |canned: &Canned, at: usize, (language, text): &(String, String)| {
        let which = if at == 0 { String::new() } else { format!(" ({language})") };
        Choice::new(text, &format!("{}{which}  {}", canned.name, normalise_line(text)))
    };
    let all = |canned: &Canned| {
        let texts = canned.texts.iter().enumerate();
        texts.map(|(at, text)| labelled(canned, at, text)).collect::<Vec<_>>()
    };
    texts.iter().flat_map(all).collect()
}

/// Countries by the beginning of code, name or a word of the name.
pub fn suggest_country(typed: &str) -> Vec<Choice> {
    countries_like(typed).map(|(code, name)| Choice::new(code, &format!("{code}  {name}"))).take(6).collect()
}

/// Runs it; several at once are asked about first, and what the filter hides is said.
pub fn run(work: Work, button: &str, hidden_marked: usize) -> Vec<Effect> {
    if work.commands.len() < 2 {
        return vec![Effect::Run(work)];
    }
    let hidden = match hidden_marked {
        0 => String::new(),
        n => format!(" {n} marked are hidden by the filter and stay as they are."),
    };
    let mut letters = work.label.chars();
    let label: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    vec![Effect::Open(Box::new(Layer::Ask(Ask::confirm(
        format!("{label}?{hidden}"),
        button,
        vec![Effect::Run(work)],
    ))))]
}
