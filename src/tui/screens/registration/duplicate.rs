//! Possible duplicates: side by side with the sign-up, and the four outcomes (registration.md, Creating).

use super::{Registration, Shown, forms};
use crate::desk::commands::signup::NotADuplicate;
use crate::desk::query::signup::SignupDetail;
use crate::domain::id::{RecordKind, RecordRef};
use crate::matching::Hit;
use crate::tui::door::{Command, Error, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::menu::{Menu, MenuItem};
use crate::tui::widgets::message::Message;
use crate::tui::widgets::{Span, Tone};

/// How many are read in full for comparing.
const COMPARED: usize = 4;

/// The fields that are compared: label, sign-up field, customer field.
#[rustfmt::skip]
const FIELDS: &[(&str, &str, &str)] = &[
    ("Name",        "company",     "name"),
    ("E-mail",      "email",       "email"),
    ("Phone",       "phone",       "phone"),
    ("Tax number",  "tax_number",  "tax_number"),
    ("Street",      "street",      "street"),
    ("Postal code", "postal_code", "postal_code"),
    ("City",        "city",        "city"),
    ("Country",     "country",     "country"),
    ("Web site",    "website",     "website"),
];

/// A possible duplicate with the values beside the sign-up's.
#[derive(Debug, Clone)]
pub struct Other {
    pub record: RecordRef,
    /// Label, ours, theirs.
    pub values: Vec<(&'static str, String, String)>,
    /// Contact persons, for telling “another person of the same company”.
    pub contacts: Vec<String>,
}

/// Reads the best duplicates in full.
pub fn read(reader: &Reader, detail: &SignupDetail) -> Result<Vec<Other>, Error> {
    let ours = |name: &str| {
        detail.card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone()).unwrap_or_default()
    };
    let mut others = Vec::new();
    for hit in detail.duplicates.iter().take(COMPARED) {
        let (theirs, contacts) = values_of(reader, &hit.record)?;
        let values = FIELDS
            .iter()
            .map(|(label, our_field, their_field)| {
                let field = if hit.record.kind == RecordKind::Customer { their_field } else { our_field };
                let value =
                    theirs.iter().find(|(n, _)| n == field).and_then(|(_, v)| v.clone()).unwrap_or_default();
                (*label, ours(our_field), value)
            })
            .collect();
        others.push(Other { record: hit.record.clone(), values, contacts });
    }
    Ok(others)
}

type Fields = Vec<(&'static str, Option<String>)>;

fn values_of(reader: &Reader, record: &RecordRef) -> Result<(Fields, Vec<String>), Error> {
    if record.kind == RecordKind::Customer {
        let card = reader.customer(record.id)?;
        let person = |c: &crate::desk::query::customer::ContactRow| {
            let name = [c.first_name.as_deref().unwrap_or(""), &c.last_name].join(" ");
            format!("{} {}", name.trim(), c.email.as_deref().unwrap_or("")).trim().to_owned()
        };
        return Ok((card.fields, card.contacts.iter().map(person).collect()));
    }
    let card = reader.signup(record.id)?;
    Ok((card.fields, vec![card.row.contact]))
}

/// The list of duplicates, each leading to what can be done about it.
pub fn menu(shown: &Shown) -> Vec<Effect> {
    let items = shown
        .detail
        .duplicates
        .iter()
        .map(|hit| {
            let label = format!("{:>2} %  {}  {}", hit.percent, hit.record.number, hit.name);
            MenuItem::new(
                label,
                hit.reasons.join(" · "),
                vec![Effect::Tell("duplicate", hit.record.number.clone())],
            )
        })
        .collect();
    vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Possible duplicates", items, 0))))]
}

impl Registration {
    /// What can be done about one duplicate: the four outcomes, and a look at both.
    pub(super) fn duplicate_menu(&self, number: &str) -> Vec<Effect> {
        let Some(shown) = self.shown() else { return Vec::new() };
        let Some(hit) = shown.detail.duplicates.iter().find(|h| h.record.number == number) else {
            return Vec::new();
        };
        let tell = |what| vec![Effect::Tell(what, number.to_owned())];
        let mut items =
            vec![MenuItem::new("Compare side by side", "differences are marked", tell("compare"))];
        if hit.record.kind == RecordKind::Customer {
            items.push(MenuItem::new(format!("New contact of {number}"), "opens create", tell("contact-of")));
        }
        items.push(MenuItem::new("Reject as duplicate", "opens reject", tell("reject-duplicate")));
        items.push(MenuItem::new(
            "Not a duplicate",
            "remembered; it does not come back",
            tell("not-duplicate"),
        ));
        items.push(MenuItem::new("Leave undecided", "", Vec::new()));
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new(format!("{number} {}", hit.name), items, 0))))]
    }

    /// Answers of the menus above.
    pub(super) fn own_told(&mut self, what: &str, value: &str) -> Vec<Effect> {
        let Some(shown) = self.shown() else { return Vec::new() };
        let Some(line) = self.board.current() else { return Vec::new() };
        match what {
            "duplicate" => self.duplicate_menu(value),
            "compare" => compare(&shown, value),
            "contact-of" => super::create::open(self, &shown, Some(value)),
            "reject-duplicate" => {
                let note = format!("same as {value}");
                forms::open(forms::reject(
                    &self.settings,
                    &[(line.row.key.id, line.row.number.clone())],
                    ("duplicate", &note),
                ))
            }
            "not-duplicate" => vec![Effect::Run(Work {
                label: format!("{} is not a duplicate of {value}", line.row.number),
                commands: vec![Command::NotADuplicate(NotADuplicate {
                    subject: self.subject(&line.row),
                    other: value.to_owned(),
                })],
                about: vec![line.row.key.id],
            })],
            _ => Vec::new(),
        }
    }
}

fn compare(shown: &Shown, number: &str) -> Vec<Effect> {
    let Some(other) = shown.others.iter().find(|o| o.record.number == number) else { return Vec::new() };
    let hit: Option<&Hit> = shown.detail.duplicates.iter().find(|h| h.record.number == number);
    let mut section = Section::new("");
    let pad = |text: &str, n: usize| {
        format!("{text}{}", " ".repeat(n.saturating_sub(crate::tui::text::width(text))))
    };
    section = section.line(vec![
        Span::new(pad("", 14), Tone::Dim),
        Span::new(pad(&shown.detail.card.row.number, 28), Tone::Heading),
        Span::new(number.to_owned(), Tone::Heading),
    ]);
    for (label, ours, theirs) in &other.values {
        let same = crate::domain::text::fold(ours) == crate::domain::text::fold(theirs);
        let (sign, tone) = match (ours.is_empty() || theirs.is_empty(), same) {
            (true, _) => ("  ", Tone::Dim),
            (false, true) => ("= ", Tone::Good),
            (false, false) => ("≠ ", Tone::Caution),
        };
        section = section.line(vec![
            Span::new(pad(label, 12), Tone::Dim),
            Span::new(sign, tone),
            pad(&crate::tui::text::fit(ours, 26), 28).into(),
            Span::new(theirs.clone(), if same { Tone::Text } else { tone }),
        ]);
    }
    let people = Section::new("Contacts there").text(other.contacts.join(" · "));
    let why = Section::new("Why")
        .text(hit.map(|h| format!("{} %: {}", h.percent, h.reasons.join(" · "))).unwrap_or_default());
    let detail = Detail { head: Vec::new(), sections: vec![section, people, why] };
    vec![Effect::Open(Box::new(Layer::Message(Message::new(
        format!("{} and {number}", shown.detail.card.row.number),
        detail,
    ))))]
}
