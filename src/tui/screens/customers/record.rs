//! The record view of a customer.

use crate::desk::query::customer::{ContactRow, CustomerCard};
use crate::domain::check::country::english_name;
use crate::domain::customer::{ADDRESS_FIELDS, FIELDS};
use crate::domain::date::age;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// The record as it is drawn.
pub fn detail(card: &CustomerCard, now: i64) -> Detail {
    let row = &card.row;
    let state = Span::new(
        row.state.replace('_', " "),
        if row.state == "active" { Tone::Good } else { Tone::Caution },
    );
    let head = vec![
        vec![
            Span::new(row.number.clone(), Tone::Accent),
            "  ".into(),
            Span::new(row.name.clone(), Tone::Heading),
            "  ".into(),
            state,
        ],
        vec![Span::new(
            format!(
                "made by {} {} ago · changed by {} {}",
                card.created_by,
                age(now - row.created_at),
                card.updated_by,
                clock(row.updated_at, now)
            ),
            Tone::Dim,
        )],
    ];
    let mut sections =
        vec![addresses(card), people(card).aside(), logons(card).aside(), origin(card).aside()];
    sections.push(values(card));
    Detail { head, sections }
}

fn addresses(card: &CustomerCard) -> Section {
    let mut section = Section::new("Addresses");
    for address in &card.addresses {
        let get = |name: &str| {
            address.values.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone()).unwrap_or_default()
        };
        let country = get("country");
        let parts = [
            [get("street"), get("street2")].join(" "),
            [get("postal_code"), get("city")].join(" "),
            [get("county"), get("region")].join(" "),
            english_name(&country).unwrap_or(&country).to_owned(),
        ];
        let lines: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
        section = section.pair(&address.purpose, lines.join(", "));
    }
    section
}

/// The values that are set, by label; what is not set is not shown.
fn values(card: &CustomerCard) -> Section {
    let mut section = Section::new("Record");
    for field in FIELDS.iter().filter(|f| f.name != "name" && !ADDRESS_FIELDS.contains(&f.name)) {
        let value = card.fields.iter().find(|(n, _)| *n == field.name).and_then(|(_, v)| v.clone());
        if let Some(value) = value.filter(|v| !v.is_empty() && v != "no") {
            section = section.pair(field.label, value);
        }
    }
    if let Some(template) = &card.template {
        section = section.pair("Template", template.clone());
    }
    if let Some(id) = &card.external_id {
        section = section.pair("Their id", id.clone());
    }
    section
}

fn people(card: &CustomerCard) -> Section {
    let mut section = Section::new("Contacts");
    if card.contacts.is_empty() {
        section = section.text(Span::new("none", Tone::Dim));
    }
    for contact in &card.contacts {
        let name = format!("{} {}", contact.first_name.as_deref().unwrap_or(""), contact.last_name);
        let title = contact.job_title.as_deref().map(|t| format!(", {t}")).unwrap_or_default();
        section = section
            .line(vec![
                Span::new(contact.number.clone(), Tone::Dim),
                format!("  {}{title}", name.trim()).into(),
            ])
            .text(Span::new(reach(contact), Tone::Dim));
    }
    section
}

fn reach(contact: &ContactRow) -> String {
    let parts = [contact.email.as_deref(), contact.phone.as_deref(), contact.language.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("  {}", parts.join(" · "))
}

fn logons(card: &CustomerCard) -> Section {
    let mut section = Section::new("Portal users");
    if card.portal_users.is_empty() {
        section = section.text(Span::new("none", Tone::Dim));
    }
    for user in &card.portal_users {
        section = section.line(vec![
            user.user_name.as_str().into(),
            Span::new(format!("  {} · {}", user.role.replace('_', " "), user.state), Tone::Dim),
        ]);
        if let Some(logon) = &user.logon {
            section = section.text(Span::new(format!("  {logon}"), Tone::Dim));
        }
    }
    section
}

fn origin(card: &CustomerCard) -> Section {
    let mut section = Section::new("Came from");
    if card.signups.is_empty() {
        return section.text(Span::new("made by staff or import", Tone::Dim));
    }
    for signup in &card.signups {
        section = section.line(vec![Span::new(signup.number.clone(), Tone::Accent)]);
    }
    section
}
