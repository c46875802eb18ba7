//! One record to read: head, sections of lines, scrollable; from 66 columns on the sections that
//! belong aside get their own column.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{Span, Tone};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text::wrap;

/// What a pane shows of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Lines above everything: number, name, state; what it waits for.
    pub head: Vec<Vec<Span>>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A titled part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading; empty for none.
    pub title: String,
    /// What stands there.
    pub items: Vec<Item>,
    /// In which column, where there are two.
    pub side: Side,
}

/// A column of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    Main,
    /// The second.
    Aside,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A label and its value.
    Pair {
        /// The label, dim.
        label: String,
        /// The value, wrapped.
        value: Span,
    },
    /// Pieces on one line; what does not fit is cut with `…`.
    Line(Vec<Span>),
    /// Text that is wrapped.
    Text(Span),
}

impl Section {
    /// An empty section of the first column.
    pub fn new(title: &str) -> Section {
        Section { title: title.to_owned(), items: Vec::new(), side: Side::Main }
    }

    /// In the second column, where there are two.
    pub fn aside(mut self) -> Section {
        self.side = Side::Aside;
        self
    }

    /// With a label and its value.
    pub fn pair(mut self, label: &str, value: impl Into<Span>) -> Section {
        self.items.push(Item::Pair { label: label.to_owned(), value: value.into() });
        self
    }

    /// With pieces on one line.
    pub fn line(mut self, spans: Vec<Span>) -> Section {
        self.items.push(Item::Line(spans));
        self
    }

    /// With text that wraps.
    pub fn text(mut self, span: impl Into<Span>) -> Section {
        self.items.push(Item::Text(span.into()));
        self
    }
}

/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 66;

impl Detail {
    /// The detail in lines of this width.
    pub fn laid(&self, columns: u16) -> Laid {
        Laid { lines: self.lines(columns) }
    }

    fn lines(&self, columns: u16) -> Vec<Vec<Span>> {
        let mut lines: Vec<Vec<Span>> =
            self.head.iter().flat_map(|line| head_lines(line, usize::from(columns))).collect();
        let aside = self.sections.iter().any(|section| section.side == Side::Aside);
        if columns >= TWO_COLUMNS && aside {
            let left_columns = (columns - 3) * 11 / 20;
            let left = self.side(Side::Main, left_columns);
            let right = self.side(Side::Aside, columns - 3 - left_columns);
            for row in 0..left.len().max(right.len()) {
                let mut line = left.get(row).cloned().unwrap_or_default();
                let used: usize = line.iter().map(Span::width).sum();
                let right = right.get(row).cloned().unwrap_or_default();
                if !right.is_empty() {
                    line.push(" ".repeat(usize::from(left_columns + 3).saturating_sub(used)).into());
                    line.extend(right);
                }
                lines.push(line);
            }
        } else {
            for section in &self.sections {
                lines.push(Vec::new());
                section_lines(section, columns, &mut lines);
            }
        }
        lines
    }

    fn side(&self, side: Side, columns: u16) -> Vec<Vec<Span>> {
        let mut lines = Vec::new();
        for section in self.sections.iter().filter(|section| section.side == side) {
            lines.push(Vec::new());
            section_lines(section, columns, &mut lines);
        }
        lines
    }

    /// How far it can scroll in such an area.
    pub fn farthest(&self, area: Rect) -> usize {
        self.laid(area.width).farthest(area.height)
    }

    /// Draws it from line `from` on.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, from: usize) {
        self.laid(area.width).draw(canvas, area, from);
    }

    /// What can be copied alone: label and value. Text without a label goes by the title of its section.
    pub fn fields(&self) -> Vec<(String, String)> {
        let named = |section: &Section| {
            if section.title.is_empty() { "text".to_owned() } else { section.title.to_lowercase() }
        };
        let items =
            self.sections.iter().flat_map(|section| section.items.iter().map(move |item| (section, item)));
        items
            .map(|(section, item)| match item {
                Item::Pair { label, value } => (label.clone(), value.text.clone()),
                Item::Text(span) => (named(section), span.text.clone()),
                Item::Line(spans) => {
                    (named(section), spans.iter().map(|span| span.text.as_str()).collect::<String>())
                }
            })
            .filter(|(_, text)| !text.trim().is_empty())
            .collect()
    }

    /// All text, for copying.
    pub fn plain(&self) -> String {
        let lines = self.lines(TWO_COLUMNS - 1);
        let text: Vec<String> =
            lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
        text.join("\n")
    }
}

/// A detail in lines of one width: broken into them once, drawn in every frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    lines: Vec<Vec<Span>>,
}

impl Laid {
    /// How far it can scroll in a pane of this height.
    pub fn farthest(&self, height: u16) -> usize {
        self.lines.len().saturating_sub(usize::from(height))
    }

    /// Draws it from line `from` on, in an area of its width. What is left below is told by `…` in the last line.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, from: usize) {
        canvas.hit(area, Hit::Detail);
        let from = from.min(self.farthest(area.height));
        let height = usize::from(area.height);
        for (y, line) in (area.y..area.bottom()).zip(self.lines.iter().skip(from)) {
            canvas.spans((area.x, y), area.width, line);
        }
        let left = self.lines.len() - from;
        if left > height && area.height > 0 {
            let more = format!("… {} more", left - height + 1);
            let y = area.bottom() - 1;
            canvas.clear(Rect::new(area.x, y, area.width, 1));
            canvas.tone((area.x, y), area.width, &more, Tone::Dim);
        }
    }
}

/// A line of the head, broken between its pieces, or within a piece that is wider than a line.
fn head_lines(line: &[Span], columns: usize) -> Vec<Vec<Span>> {
    let (mut lines, mut current, mut used) = (Vec::new(), Vec::new(), 0);
    for span in line {
        let mut span = span.clone();
        if used > 0 && used + span.width() > columns {
            lines.push(std::mem::take(&mut current));
            used = 0;
            // What parts two pieces on a line parts nothing at the beginning of one.
            span.text = span.text.trim_start_matches([' ', '·']).to_owned();
        }
        if span.width() <= columns {
            used += span.width();
            current.push(span);
            continue;
        }
        let mut pieces: Vec<Span> =
            wrap(&span.text, columns).into_iter().map(|piece| Span::new(piece, span.tone)).collect();
        let last = pieces.pop();
        lines.extend(pieces.into_iter().map(|piece| vec![piece]));
        used = last.as_ref().map_or(0, Span::width);
        current.extend(last);
    }
    lines.push(current);
    lines
}

/// True for one word, as an e-mail address is, that would be broken beside its label and is whole on a line of its own.
fn is_better_below(value: &str, room: usize, columns: usize) -> bool {
    let wide = super::super::text::width(value);
    !value.contains([' ', '\n']) && wide > room && wide + 2 <= columns
}

/// An address that is too wide for a line breaks before its `@`, where both parts fit.
fn parted(value: &str, room: usize) -> Cow<'_, str> {
    let width = super::super::text::width;
    match value.split_once('@') {
        Some((name, rest))
            if !value.contains(' ') && width(value) > room && width(name).max(width(rest) + 1) <= room =>
        {
            format!("{name}\n@{rest}").into()
        }
        _ => value.into(),
    }
}

fn section_lines(section: &Section, columns: u16, lines: &mut Vec<Vec<Span>>) {
    if !section.title.is_empty() {
        lines.push(vec![Span::new(section.title.clone(), Tone::Heading)]);
    }
    let labels = section.items.iter().filter_map(|item| match item {
        Item::Pair { label, .. } => Some(super::super::text::width(label)),
        Item::Line(_) | Item::Text(_) => None,
    });
    let label_width = labels.max().unwrap_or(0).min(usize::from(columns) / 2);
    for item in &section.items {
        match item {
            Item::Line(spans) => lines.push(spans.clone()),
            Item::Text(span) => {
                lines.extend(
                    wrap(&parted(&span.text, usize::from(columns)), usize::from(columns))
                        .into_iter()
                        .map(|line| vec![Span::new(line, span.tone)]),
                );
            }
            Item::Pair { label, value } => {
                let room = usize::from(columns).saturating_sub(label_width + 2);
                if is_better_below(&value.text, room, usize::from(columns)) {
                    lines.push(vec![Span::new(label.clone(), Tone::Dim)]);
                    lines.push(vec!["  ".into(), value.clone()]);
                    continue;
                }
                for (i, line) in wrap(&parted(&value.text, room), room).into_iter().enumerate() {
                    let name = if i == 0 {
                        super::super::text::fit(label, label_width).into_owned()
                    } else {
                        String::new()
                    };
                    let pad = label_width + 2 - super::super::text::width(&name);
                    lines.push(vec![
                        Span::new(format!("{name}{}", " ".repeat(pad)), Tone::Dim),
                        Span::new(line, value.tone),
                    ]);
                }
            }
        }
    }
}
