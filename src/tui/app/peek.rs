//! Why and history of the record under the cursor: asked of the reader, shown as something to read. The same for
//! every tab, so no tab has it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::App;
use crate::desk::query::history::{Change, HistoryRow};
use crate::desk::query::why::Why;
use crate::domain::date::local_sentence;
use crate::domain::permission::Actor;
use crate::tui::action::Act;
use crate::tui::door::{Error, Reader};
use crate::tui::effect::{Effect, Notice};
use crate::tui::layer::Layer;
use crate::tui::prose::{in_words, own_word, tasks_in_words};
use crate::tui::screen::Offer;
use crate::tui::screens::{clock, route};
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::message::Message;
use crate::tui::widgets::{Span, Tone};

impl App {
    /// May this be done now? What every tab has is answered here, the rest by the screen.
    pub(super) fn offer(&self, act: Act) -> Offer {
        match (&self.read_only, self.screen().offer(act)) {
            (Some(why), Offer::Yes | Offer::No(_) | Offer::Unread) if act.writes() => {
                return Offer::No(why.clone());
            }
            _ => {}
        }
        match act {
            // A page without records has none to be asked about.
            Act::Why | Act::History | Act::Route if self.screen().list().is_none() => Offer::NotMine,
            Act::Why | Act::History | Act::Route => match self.screen().selection() {
                Some(_) => Offer::Yes,
                None => Offer::No("the list is empty".to_owned()),
            },
            own => self.screen().offer(own),
        }
    }

    /// Does what every tab has; none for what is the screen's own.
    pub(super) fn own_act(&mut self, act: Act) -> Option<Vec<Effect>> {
        let number = self.screen().selection().map(|selection| selection.number);
        let about = match (act, number) {
            (Act::Why, Some(number)) => About::Why(number),
            (Act::History, Some(number)) => About::History(number),
            (Act::Route, Some(number)) => About::Route(number),
            _ => return None,
        };
        self.peek = Some(Peek::Record(about));
        Some(vec![Effect::Read])
    }

    /// Reads what was asked about the record under the cursor.
    pub(super) fn look_deeper(&mut self, reader: &Reader) {
        let Some(peek) = self.peek.take() else { return };
        let done = match peek {
            Peek::Foretell => self.foretell(reader),
            Peek::Newer(why) => self.compare(reader, &why),
            Peek::OwnChanges => self.list_own_changes(reader),
            Peek::Record(about) => layer(&about, reader, &self.actor).map(|layer| self.layers.push(layer)),
        };
        if let Err(error) = done {
            self.say(Notice::wrong(error.to_string()));
        }
    }
}

/// What the reader is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peek {
    /// About a record.
    Record(About),
    /// What undo and redo would do, for the help or the palette that has just been opened.
    Foretell,
    /// One's own last changes.
    OwnChanges,
    /// The record of the form that could not be saved, since somebody else changed it: who.
    Newer(String),
}

/// What is wanted of a record, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Why it is in its state.
    Why(String),
    /// All that happened to it.
    History(String),
    /// Who would get it, were it submitted now.
    Route(String),
}

/// Entries that are read at most.
const ENTRIES: usize = 200;

/// Reads what is wanted into a layer.
pub fn layer(peek: &About, reader: &Reader, actor: &Actor) -> Result<Layer, Error> {
    let (number, detail) = match peek {
        About::Why(number) => (number, why(&reader.why(actor, &reader.find(number)?)?, reader.now())),
        About::Route(number) => (number, route::page(reader, &reader.find(number)?)?),
        About::History(number) => {
            let record = reader.find(number)?;
            let names = names(reader)?;
            (number, history(&reader.history(Some(&record), None, ENTRIES)?, &names, reader.now()))
        }
    };
    let title = match peek {
        About::Why(_) => format!("Why is {number} as it is?"),
        About::History(_) => format!("History of {number}"),
        About::Route(_) => format!("Route of {number}, were it submitted now"),
    };
    Ok(Layer::Message(Message::new(title, detail)))
}

fn why(why: &Why, now: i64) -> Detail {
    let head = vec![vec![
        Span::new(why.state.replace('_', " "), Tone::Heading),
        Span::new(format!(" since {}", clock(why.since, now)), Tone::Dim),
    ]];
    let mut sections = vec![Section::new("Because").text(on_the_wall(&why.because, now))];
    let nobody = vec!["nobody: it is closed".to_owned()];
    let waits = if why.waits_for.is_empty() { &nobody } else { &why.waits_for };
    sections.push(Section::new("Waits for").text(waits.join(", ")));
    if !why.missing.is_empty() {
        sections.push(
            why.missing
                .iter()
                .fold(Section::new("Missing"), |section, line| section.text(on_the_wall(line, now))),
        );
    }
    if !why.possible.is_empty() {
        let possible = why.possible.iter().fold(Section::new("Possible from here"), |section, move_| {
            let name = move_.command.replace('_', " ");
            match &move_.refusal {
                None => section.pair(&format!("yes {name}"), move_.rule),
                Some(refusal) => section
                    .line(vec![Span::new("no  ", Tone::Caution), name.into()])
                    .text(Span::new(format!("      {refusal}"), Tone::Dim)),
            }
        });
        sections.push(possible);
    }
    Detail { head, sections }
}

/// Logins by row id, for the columns of a record that hold a member of staff.
fn names(reader: &Reader) -> Result<BTreeMap<i64, String>, Error> {
    Ok(reader.staff()?.into_iter().map(|row| (row.id, row.login)).collect())
}

/// Columns that hold a member of staff.
const STAFF: [&str; 19] = [
    "account_manager_id",
    "admin_id",
    "answered_by",
    "asked_by",
    "asked_of",
    "assigned_id",
    "assigned_to",
    "created_by",
    "decided_by",
    "decided_for",
    "deputy_id",
    "entered_by",
    "last_edited_by",
    "manager_id",
    "originator_id",
    "sales_rep_id",
    "slot_id",
    "submitted_by",
    "verified_by",
];

/// Columns that hold one of our own words, not somebody's.
const NAMED: [&str; 13] = [
    "action",
    "authentication",
    "document",
    "failure",
    "kind",
    "outcome",
    "phase",
    "reason_code",
    "role",
    "source",
    "state",
    "state_before",
    "status",
];

/// Facts that are lists of our own words.
const LISTED: [&str; 4] = ["fields", "roles", "permission", "permissions"];

/// A value as it is read: the login where it is the row of a member of staff.
fn value(field: &str, value: &Value, names: &BTreeMap<i64, String>) -> String {
    let person = value.as_i64().filter(|_| STAFF.contains(&field)).and_then(|id| names.get(&id));
    let named = value.as_str().filter(|_| NAMED.contains(&field)).map(own_word);
    person.cloned().or(named).unwrap_or_else(|| plain(value))
}

fn history(rows: &[HistoryRow], names: &BTreeMap<i64, String>, now: i64) -> Detail {
    let mut sections = Vec::new();
    for row in rows {
        let who = match &row.acting_as {
            Some(real) => format!("{real} as {}", row.actor),
            None => row.actor.clone(),
        };
        let who = row.for_whom().map_or(who.clone(), |other| format!("{who} for {other}"));
        let undone = row.undone_by.map(|by| format!(" · undone by entry {by}")).unwrap_or_default();
        let moved = match (&row.from, &row.to) {
            (Some(from), Some(to)) => format!(" · {} → {}", from.replace('_', " "), to.replace('_', " ")),
            _ => String::new(),
        };
        let mut section =
            Section::new(&format!("{} {}", clock(row.at, now), in_words(&row.kind))).text(Span::new(
                format!("entry {} · by {who} · {}{moved}{undone}", row.id, row.how.replace('_', " ")),
                Tone::Dim,
            ));
        for (label, text) in [("reason", &row.reason), ("note", &row.note)] {
            if let Some(text) = text {
                section = section.pair(label, text.clone());
            }
        }
        for (label, value) in facts(&row.detail) {
            section = section.pair(&label, value);
        }
        // The trace of a workflow is the machine's own; `why` says it in words.
        let told = |c: &&Change| !c.old.is_null() && !c.new.is_null() && c.field != "trace";
        for change in row.changes.iter().filter(told) {
            section = section.pair(
                &change.field.replace('_', " "),
                format!(
                    "{} → {}",
                    value(&change.field, &change.old, names),
                    value(&change.field, &change.new, names)
                ),
            );
        }
        sections.push(section);
    }
    if sections.is_empty() {
        sections.push(Section::new("").text(Span::new("nothing is recorded", Tone::Dim)));
    }
    Detail { head: Vec::new(), sections }
}

/// The desk's sentences hold times as everybody's; the reader sees those of the wall.
fn on_the_wall(sentence: &str, now: i64) -> String {
    let said = local_sentence(sentence, now, &chrono::Local).replacen("signup ", "sign-up ", 1);
    tasks_in_words(&said)
}

/// What else is known of an entry, in words: in whose place, by which rule, that it was overridden.
fn facts(detail: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(facts)) = serde_json::from_str(detail) else { return Vec::new() };
    let said = |value: &Value| match value {
        Value::Bool(true) => Some("yes".to_owned()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(all) => {
            let texts: Option<Vec<&str>> = all.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(", "))
        }
        Value::Bool(false) | Value::Null | Value::Object(_) => None,
    };
    let named = |name: &str| NAMED.contains(&name) || LISTED.contains(&name);
    let read = |name: &str, text: String| if named(name) { own_word(&text) } else { text };
    facts
        .iter()
        .filter_map(|(name, value)| Some((name.replace('_', " "), read(name, said(value)?))))
        .collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::date::from_rfc3339;

    #[test]
    fn times_in_sentences_are_those_of_the_wall() {
        let now = from_rfc3339("2026-11-25T12:00:00Z").unwrap();
        let at = clock(from_rfc3339("2026-11-14T02:00:50.690Z").unwrap(), now);
        assert_eq!(
            on_the_wall("signup verified by ana at 2026-11-14T02:00:50.690Z: rang them", now),
            format!("sign-up verified by ana at {at}: rang them")
        );
        assert_eq!(on_the_wall("(due 2026-11-14T02:00:50.690Z)", now), format!("(due {at})"));
        assert_eq!(on_the_wall("a decision: approve or reject", now), "a decision: approve or reject");
    }
}
