//! The top line: tabs with their counts, who is acting at the right. The active tab is never cut out.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Span;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text::width as text_width;

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
    let wide = |who: &[Span]| u16::try_from(who.iter().map(Span::width).sum::<usize>()).unwrap_or(u16::MAX);
    // The roles give way, but never whom one acts as.
    let bare = &who[..who.len().saturating_sub(1).max(1).min(who.len())];
    let (who_width, bare_width) = (wide(who), wide(bare).min(area.width / 3));
    let (form, labels) = labels(tabs, active, (usize::from(area.width), who_width.into(), bare_width.into()));
    let mut x = area.x + 1;
    if form == Form::Titled {
        x += canvas.text((x, area.y), 12, "countersign", canvas.theme.heading) + 2;
    }
    for ((i, tab), text) in tabs.iter().enumerate().zip(&labels) {
        if x + 2 >= right {
            break;
        }
        let alarm = tab.count.starts_with('!');
        let style = match (i == active, alarm) {
            (true, _) => canvas.theme.accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            (false, true) => canvas.theme.alarm,
            (false, false) => Style::new(),
        };
        let room = right.saturating_sub(bare_width + 1).max(x + 1) - x;
        let used = canvas.text((x, area.y), room, text, style);
        canvas.hit(Rect::new(x, area.y, used, 1), Hit::Tab(i));
        x += used + 2;
    }
    let room = right.saturating_sub(x);
    if who_width <= room {
        canvas.spans((right - who_width, area.y), who_width, who);
    } else {
        let wide = bare_width.min(room);
        canvas.spans((right - wide, area.y), wide, bare);
    }
}

/// What each tab says in `room` columns beside who is acting, in full or as short as may be. Where not even the shortest
/// names fit, the last tabs lose theirs first.
fn labels(tabs: &[TabTitle], active: usize, (room, who, bare): (usize, usize, usize)) -> (Form, Vec<String>) {
    let all = |form: Form, named: usize| -> Vec<String> {
        let form_at = |i: usize| if i < named { form } else { Form::Number };
        tabs.iter().enumerate().map(|(i, tab)| label(i, tab, form_at(i).of(i == active))).collect()
    };
    let width = |labels: &[String]| 1 + labels.iter().map(|text| text_width(text) + 2).sum::<usize>();
    let whole = all(Form::Whole, tabs.len());
    if 13 + width(&whole) + who <= room {
        return (Form::Titled, whole);
    }
    let shorter = [Form::Whole, Form::Short].map(|form| (form, tabs.len()));
    let shortest = (0..=tabs.len()).rev().map(|named| (Form::Tiny, named));
    let mut tried = shorter.into_iter().chain(shortest).map(|(form, named)| (form, all(form, named)));
    let fitting = tried.find(|(_, labels)| width(labels) + bare < room);
    fitting.unwrap_or_else(|| (Form::Number, all(Form::Number, 0)))
}

/// How much of a name is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// All, and the programme's name before them.
    Titled,
    /// All.
    Whole,
    /// A shorter word.
    Short,
    /// The shortest one.
    Tiny,
    /// The number and the count alone, but for the active one.
    Number,
}

impl Form {
    /// The active tab always has a name.
    fn of(self, active: bool) -> Form {
        if active && matches!(self, Form::Tiny | Form::Number) { Form::Short } else { self }
    }
}

/// A shorter word for a name, and the shortest.
fn shorter(name: &str) -> [&str; 2] {
    match name {
        "Registration" => ["Sign-ups", "Regs"],
        "User requests" => ["Users", "Users"],
        "Customers" => ["Customers", "Cust"],
        "Proposed changes" => ["Changes", "Chg"],
        "Account requests" => ["Accounts", "Acct"],
        name => [name, name],
    }
}

fn label(index: usize, tab: &TabTitle, form: Form) -> String {
    let name = match form {
        Form::Titled | Form::Whole => tab.name.to_owned(),
        Form::Short => shorter(tab.name)[0].to_owned(),
        Form::Tiny => shorter(tab.name)[1].to_owned(),
        Form::Number => String::new(),
    };
    let words = [(index + 1).to_string(), name, tab.count.clone()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tabs_lose_their_names_first_and_the_active_one_never() {
        let tab = |name, count: &str| TabTitle { name, count: count.to_owned() };
        let tabs = [
            tab("Work", "4"),
            tab("Registration", "34"),
            tab("User requests", ""),
            tab("Mail", "!1"),
            tab("Setup", ""),
        ];
        let said = |active, room| labels(&tabs, active, (room, 24, 13)).1.join("  ");
        assert_eq!(said(0, 120), "1 Work 4  2 Registration 34  3 User requests  4 Mail !1  5 Setup");
        assert_eq!(said(0, 65), "1 Work 4  2 Regs 34  3 Users  4 Mail !1  5 Setup");
        assert_eq!(said(0, 60), "1 Work 4  2 Regs 34  3 Users  4 Mail !1  5");
        assert_eq!(said(4, 60), "1 Work 4  2 Regs 34  3 Users  4 !1  5 Setup");
        assert_eq!(said(1, 20), "1 4  2 Sign-ups 34  3  4 !1  5");
    }
}
