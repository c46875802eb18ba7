//! The automatic checks of a sign-up, wherever a decision rests on them.

use crate::desk::query::signup::CheckRow;
use crate::domain::check::CheckName;
use crate::tui::widgets::detail::Section;
use crate::tui::widgets::{Span, Tone};

/// The sign of the worst check: never colour alone.
pub fn sign(worst: &str) -> (&'static str, Tone) {
    match worst {
        "bad" => ("✗", Tone::Alarm),
        "attention" => ("!", Tone::Caution),
        "not_applicable" => ("·", Tone::Dim),
        _ => ("✓", Tone::Good),
    }
}

/// What needs a look has a line each; what is fine is said in one.
pub fn checks(mut section: Section, checks: &[CheckRow]) -> Section {
    let rank =
        |outcome: &str| ["bad", "attention", "good", "not_applicable"].iter().position(|o| *o == outcome);
    let mut rows: Vec<_> = checks.iter().filter(|c| c.outcome != "not_applicable").collect();
    rows.sort_by_key(|c| rank(&c.outcome));
    let title = |name: &str| CheckName::parse(name).map_or_else(|| name.to_owned(), |n| n.title().to_owned());
    let good: Vec<String> = rows.iter().filter(|r| r.outcome == "good").map(|r| title(&r.name)).collect();
    for row in rows.iter().filter(|r| r.outcome != "good") {
        let (sign, tone) = sign(&row.outcome);
        section = section.line(vec![
            Span::new(format!("{sign} "), tone),
            title(&row.name).into(),
            format!("  {}", row.word).into(),
        ]);
    }
    if !good.is_empty() {
        section = section.text(Span::new(format!("✓ {}", good.join(" · ")), Tone::Dim));
    }
    section
}
