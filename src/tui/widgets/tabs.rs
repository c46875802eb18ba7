//! The top line: tabs with their counts, who is acting at the right. The active tab is never cut out.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Span, Tone};
use crate::tui::canvas::{Canvas, Hit};

/// What a tab says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TabTitle {
    /// Its name.
    pub name: &'static str,
    /// Its count, `12` or `1,000+`; empty for none. `!1` is something that needs a person now.
    pub count: String,
}

/// Draws the line.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, tabs: &[TabTitle], active: usize, who: &[Span]) {
    let right = area.right().saturating_sub(1);
    let who_width: u16 = who.iter().map(Span::width).sum::<usize>().try_into().unwrap_or(u16::MAX);
    let full: usize =
        14 + tabs.iter().enumerate().map(|(i, tab)| label(i, tab, Form::Whole).len() + 2).sum::<usize>();
    let form =
        if full + usize::from(who_width) <= usize::from(area.width) { Form::Whole } else { Form::Short };
    let mut x = area.x + 1;
    if form == Form::Whole {
        x += canvas.text((x, area.y), 12, "countersign", canvas.theme.heading) + 2;
    }
    for (i, tab) in tabs.iter().enumerate() {
        let text = label(i, tab, if i == active { Form::Whole } else { form });
        if x + 2 >= right {
            break;
        }
        let alarm = tab.count.starts_with('!');
        let style = match (i == active, alarm) {
            (true, _) => canvas.theme.accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            (false, true) => canvas.theme.alarm,
            (false, false) => Style::new(),
        };
        let used = canvas.text((x, area.y), right - x, &text, style);
        canvas.hit(Rect::new(x, area.y, used, 1), Hit::Tab(i));
        x += used + 2;
    }
    let room = right.saturating_sub(x);
    if who_width <= room {
        canvas.spans((right - who_width, area.y), who_width, who);
    } else if let Some(first) = who.first().filter(|_| room >= 4) {
        canvas.right((right, area.y), room, &first.text, canvas.theme.tone(Tone::Dim));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Short,
}

fn label(index: usize, tab: &TabTitle, form: Form) -> String {
    let name = match form {
        Form::Whole => tab.name,
        Form::Short => tab.name.split(' ').next_back().unwrap_or(tab.name),
    };
    let name = match form {
        Form::Whole => name.to_owned(),
        Form::Short => name.chars().take(5).collect(),
    };
    let count = if tab.count.is_empty() { String::new() } else { format!(" {}", tab.count) };
    format!("{} {name}{count}", index + 1)
}
