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

/// Draws the line: whole names where there is room, shorter ones where there is less.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, tabs: &[TabTitle], active: usize, who: &[Span]) {
    let right = area.right().saturating_sub(1);
    let who_width: u16 = who.iter().map(Span::width).sum::<usize>().try_into().unwrap_or(u16::MAX);
    let width = |form: Form| -> usize {
        let labels = tabs.iter().enumerate();
        1 + labels
            .map(|(i, tab)| crate::tui::text::width(&label(i, tab, form.of(i == active))) + 2)
            .sum::<usize>()
    };
    let room = usize::from(area.width);
    let form = match () {
        () if 13 + width(Form::Whole) + usize::from(who_width) <= room => Form::Titled,
        () if width(Form::Whole) <= room => Form::Whole,
        () if width(Form::Short) <= room => Form::Short,
        () => Form::Number,
    };
    let mut x = area.x + 1;
    if form == Form::Titled {
        x += canvas.text((x, area.y), 12, "countersign", canvas.theme.heading) + 2;
    }
    for (i, tab) in tabs.iter().enumerate() {
        let text = label(i, tab, form.of(i == active));
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

/// How much of a name is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// All, and the programme's name before them.
    Titled,
    /// All.
    Whole,
    /// The beginning of each but the active one's.
    Short,
    /// The number and the count alone.
    Number,
}

impl Form {
    /// The active tab says its whole name.
    fn of(self, active: bool) -> Form {
        if active { Form::Whole } else { self }
    }
}

fn label(index: usize, tab: &TabTitle, form: Form) -> String {
    let name = match form {
        Form::Titled | Form::Whole => tab.name.to_owned(),
        Form::Short if tab.name.chars().count() <= 5 => tab.name.to_owned(),
        Form::Short => format!("{}…", tab.name.chars().take(4).collect::<String>().trim_end()),
        Form::Number => String::new(),
    };
    let words = [(index + 1).to_string(), name, tab.count.clone()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
