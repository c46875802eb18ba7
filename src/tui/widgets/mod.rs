//! The pieces that every screen is put together from; they know no record and no SQL.

pub mod ask;
pub mod board;
pub mod calendar;
pub mod detail;
pub mod editor;
pub mod filter;
pub mod footer;
pub mod form;
pub mod help;
pub mod menu;
pub mod message;
pub mod palette;
pub mod progress;
pub mod table;
pub mod tabs;

/// What a piece of text means; the theme knows how that looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// Ordinary.
    #[default]
    Text,
    /// Secondary.
    Dim,
    /// Key, link, cursor.
    Accent,
    /// Heading.
    Heading,
    /// Needs a person now.
    Alarm,
    /// Doubtful.
    Caution,
    /// In order.
    Good,
}

/// A piece of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// As stored; it is made harmless when drawn.
    pub text: String,
    /// What it means.
    pub tone: Tone,
}

impl Span {
    /// A piece in a tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Span {
        Span { text: text.into(), tone }
    }

    /// Columns that it takes.
    pub fn width(&self) -> usize {
        super::text::width(&super::text::show_line(&self.text))
    }
}

impl From<&str> for Span {
    fn from(text: &str) -> Span {
        Span::new(text, Tone::Text)
    }
}

impl From<String> for Span {
    fn from(text: String) -> Span {
        Span::new(text, Tone::Text)
    }
}

/// How far a list must scroll so that the line `focus` of `total` is in a window of `height` lines:
/// the focus is kept in the middle where there is room on both sides.
pub fn scroll_to(focus: usize, total: usize, height: usize) -> usize {
    focus.saturating_sub(height / 2).min(total.saturating_sub(height))
}

/// What an action would do now: more than its line in the table can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// It would do this.
    Would(String),
    /// It cannot, because of this.
    Cannot(String),
}

impl Outlook {
    /// Puts it in place of the line of help, unless the action is refused for a graver reason already.
    pub fn tell(&self, help: &mut String, refusal: &mut Option<String>) {
        match self {
            Outlook::Would(text) => text.clone_into(help),
            Outlook::Cannot(why) if refusal.is_none() => *refusal = Some(why.clone()),
            Outlook::Cannot(_) => {}
        }
    }
}
