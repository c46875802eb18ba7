//! A member of staff to read: what they may do, who stands in, what waits for them, and what names them.

use super::Known;
use super::row::{Line, state_span};
use crate::desk::query::staff::{DeputyRow, LeaverRow};
use crate::domain::permission::Permission;
use crate::tui::door::Reader;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// More open items than these are told as a number.
const ITEMS: usize = 12;

/// A member of staff as they are drawn.
pub fn detail(line: &Line, known: &Known, report: &LeaverRow, reader: &Reader) -> Detail {
    let row = &line.row;
    let head = vec![
        vec![
            Span::new(row.login.clone(), Tone::Accent),
            "  ".into(),
            Span::new(row.name.clone(), Tone::Heading),
            "  ".into(),
            state_span(row, line.left_behind),
        ],
        vec![Span::new(format!("on the staff since {}", clock(row.created_at, reader.now())), Tone::Dim)],
    ];
    let sections = [
        person(line, known),
        away(&row.login, known),
        items(report),
        named(report),
        queues(line, known).aside(),
        // Last, since what roles allow is long and seldom read.
        roles(line, known),
    ];
    Detail { head, sections: sections.into_iter().filter(|section| !section.items.is_empty()).collect() }
}

fn person(line: &Line, known: &Known) -> Section {
    let row = &line.row;
    let or = |value: &Option<String>, none: &str| match value {
        Some(text) => Span::from(text.as_str()),
        None => Span::new(none, Tone::Dim),
    };
    let hours = or(&row.hours, &format!("the office's: {}", known.calendar.week()));
    let titles: Vec<&str> =
        known.roles.iter().filter(|r| row.roles.contains(&r.name)).map(|r| r.title.as_str()).collect();
    let mut section = Section::new("Person")
        .pair("roles", if titles.is_empty() { "none".to_owned() } else { titles.join(", ") })
        .pair("e-mail", or(&row.email, "none: nothing is mailed to them"))
        .pair("manager", or(&row.manager, "nobody"))
        .pair("hours", hours)
        .pair("language", row.language.as_str())
        .pair("digest", or(&row.digest, "none"));
    if row.division.is_some() {
        section = section.pair("division", or(&row.division, ""));
    }
    if row.person != row.login {
        section = section.pair(
            "person",
            Span::new(format!("{}: one person with several logins", row.person), Tone::Caution),
        );
    }
    section
}

/// `rule 3  priya  2026-12-21 to 2026-12-24`, and what more is said of it.
pub fn rule_text(rule: &DeputyRow, who: &str, known: &Known) -> String {
    let from = known.calendar.day_of(rule.starts_at);
    // The last day is the one before the instant at which it ends.
    let until = rule.ends_at.map(|end| known.calendar.day_of(end - 1));
    let until = until.map_or("until it is ended".to_owned(), |day| format!("to {day}"));
    let document =
        rule.document.as_deref().map(|d| format!(", {} only", d.replace('_', " "))).unwrap_or_default();
    let note = rule.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
    format!("{who}, {from} {until}{document}{note}")
}

fn away(login: &str, known: &Known) -> Section {
    let mut section = Section::new("Deputies");
    for rule in known.deputies.iter().filter(|rule| rule.staff == login || rule.deputy == login) {
        let text = if rule.staff == login {
            rule_text(rule, &rule.deputy, known)
        } else {
            rule_text(rule, &format!("stands in for {}", rule.staff), known)
        };
        let (word, tone) = if rule.state == "now" { ("now", Tone::Caution) } else { ("later", Tone::Dim) };
        section = section.text(Span::new(format!("{word}: {text}"), tone));
    }
    section
}

fn items(report: &LeaverRow) -> Section {
    let mut section = Section::new(&format!("Open items {}", report.items.len()));
    for (number, step) in report.items.iter().take(ITEMS) {
        section =
            section.line(vec![Span::new(number.clone(), Tone::Accent), "  ".into(), step.as_str().into()]);
    }
    if report.items.len() > ITEMS {
        section = section.text(Span::new(format!("and {} more", report.items.len() - ITEMS), Tone::Dim));
    }
    section
}

/// What else would be left behind if they went.
fn named(report: &LeaverRow) -> Section {
    let lines = report
        .lines()
        .into_iter()
        .filter(|(title, _)| !["Open items", "Their deputies", "Stands in for"].contains(title));
    lines.fold(Section::new("What names them"), |section, (title, names)| {
        section.text(format!("{title}: {names}"))
    })
}

fn roles(line: &Line, known: &Known) -> Section {
    let mut section = Section::new("What the roles allow");
    if line.row.roles.is_empty() {
        section = section.text(Span::new("none: they may do nothing", Tone::Caution));
    }
    for role in known.roles.iter().filter(|role| line.row.roles.contains(&role.name)) {
        let may: Vec<&str> =
            role.permissions.iter().filter_map(|p| Permission::parse(p)).map(Permission::explained).collect();
        section = section
            .text(Span::new(role.title.clone(), Tone::Accent))
            .text(Span::new(format!("may {}", may.join("; ")), Tone::Dim));
    }
    section
}

fn queues(line: &Line, known: &Known) -> Section {
    let login = &line.row.login;
    let mut section = Section::new("Queues");
    for queue in known.queues.iter().filter(|q| q.members.contains(login) || q.admin == *login) {
        let admin = if queue.admin == *login { ", looks after it" } else { "" };
        let state = if queue.state == "active" {
            String::new()
        } else {
            format!(", {}", queue.state.replace('_', " "))
        };
        section = section.text(format!("{}{admin}{state}, {} waiting", queue.title, queue.waiting));
    }
    section
}
