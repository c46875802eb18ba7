//! How a list looks: head with the order, cursor and marks as signs, columns that give way by rank
//! when the window is narrow. Nothing is cut without `…`.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{Align, Column, Sort, Table, TableRow, Width};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::door::{ListQuery, Order};
use crate::tui::widgets::{Span, Tone};

/// Signs for cursor and mark and a blank stand before the first column.
const LEAD: u16 = 3;
const GAP: u16 = 2;

impl<R: TableRow> Table<R> {
    /// Draws head and rows; `empty` says what would fill an empty list, and which key does it.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, look: &Look<'_>) {
        canvas.hit(area, Hit::List);
        let columns = self.layout(area.width, look.query);
        self.draw_head(canvas, area, (&columns, look.query));
        let marks = u16::from(!self.marks.is_empty());
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + marks), ..area };
        let height = usize::from(body.height);
        let top = self.top.max((self.at + 1).saturating_sub(height)).min(self.at);
        for (line, row) in self.rows.iter().skip(top).take(height).enumerate() {
            let y = body.y + u16::try_from(line).unwrap_or(0);
            canvas.hit(Rect::new(body.x, y, body.width, 1), Hit::Row(line + top - self.top.min(top)));
            let current = top + line == self.at;
            if self.marks.contains_key(&row.id()) {
                canvas.sign((body.x + 1, y), canvas.theme.signs.mark, canvas.theme.accent);
            }
            if current {
                canvas.sign((body.x, y), canvas.theme.signs.cursor, canvas.theme.accent);
                canvas.cursor(body.x, y);
            }
            draw_cells(canvas, (body.x, y), &columns, &row.cells());
            if current {
                let lead =
                    columns.first().map_or(0, |column| column.width).min(body.width.saturating_sub(LEAD));
                let bold = canvas.theme.text.add_modifier(Modifier::BOLD);
                canvas.restyle(Rect::new(body.x + LEAD, y, lead, 1), bold);
            }
        }
        if self.rows.is_empty() {
            let (text, tone) = match &self.problem {
                Some(problem) => (problem.as_str(), Tone::Alarm),
                None if self.count.is_none() => ("", Tone::Dim),
                None => (look.empty, Tone::Dim),
            };
            for (i, line) in
                crate::tui::text::wrap(text, usize::from(area.width.saturating_sub(6))).iter().enumerate()
            {
                let y = body.y + 1 + u16::try_from(i).unwrap_or(0);
                if y < area.bottom() {
                    canvas.tone((body.x + LEAD, y), area.width.saturating_sub(4), line, tone);
                }
            }
            canvas.cursor(body.x, body.y);
        }
        if marks > 0 {
            let line = self.marks_line();
            canvas.tone((area.x + 1, area.bottom() - 1), area.width.saturating_sub(2), &line, Tone::Accent);
        }
    }

    /// The columns that are wanted but find no room in such a width.
    pub fn without_room(&self, width: u16, query: &ListQuery) -> Vec<&'static str> {
        let placed = self.layout(width, query);
        let wanted = self.columns.iter().filter(|column| self.is_shown(column.name));
        wanted
            .map(|column| column.name)
            .filter(|name| !placed.iter().any(|p| p.column.name == *name))
            .collect()
    }

    /// `2 marked, 1 hidden by the filter`.
    pub fn marks_line(&self) -> String {
        match (self.marks.len(), self.hidden.len()) {
            (0, _) => String::new(),
            (marked, 0) => format!("{marked} marked"),
            (marked, hidden) => format!("{marked} marked, {hidden} hidden by the filter"),
        }
    }

    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect, (columns, query): (&[Placed], &ListQuery)) {
        for column in columns {
            let sorted = column.column.sort == Sort::Yes && column.column.name == query.sort;
            let arrow = canvas.theme.signs.arrows[usize::from(query.order == Order::Descending)];
            let title = if sorted {
                format!("{} {arrow}", column.column.title)
            } else {
                column.column.title.to_owned()
            };
            let x = area.x + column.x;
            match column.column.align {
                Align::Left => {
                    canvas.tone((x, area.y), column.width, &title, Tone::Dim);
                }
                Align::Right => {
                    canvas.right((x + column.width, area.y), column.width, &title, canvas.theme.dim);
                }
            }
            canvas.hit(Rect::new(x, area.y, column.width, 1), Hit::Column(column.index));
        }
    }

    fn layout(&self, width: u16, query: &ListQuery) -> Vec<Placed> {
        let mut shown: Vec<(usize, &'static Column)> =
            self.columns.iter().enumerate().filter(|(_, column)| self.is_shown(column.name)).collect();
        let room = width.saturating_sub(LEAD + 1);
        // Where all statuses are listed together, which one a row has is worth more than the rest.
        let all = query.state.is_none();
        let drop_of = |column: &Column| if all && column.name == "state" { 0 } else { column.drop };
        let needed = |shown: &[(usize, &Column)]| {
            let widths: u16 = shown.iter().map(|(_, column)| least(column)).sum();
            widths + GAP * u16::try_from(shown.len().saturating_sub(1)).unwrap_or(0)
        };
        while shown.len() > 1 && needed(&shown) > room {
            let Some(first_to_go) = shown
                .iter()
                .enumerate()
                .filter(|(_, (_, column))| drop_of(column) > 0)
                .max_by_key(|(_, (_, column))| drop_of(column))
            else {
                break;
            };
            let gone = first_to_go.0;
            shown.remove(gone);
        }
        let spare = room.saturating_sub(needed(&shown));
        let flexible = shown.iter().filter(|(_, column)| matches!(column.width, Width::Flex(_))).count();
        let total: u16 =
            shown.iter().map(|(_, column)| if flexible_width(column) { least(column) } else { 0 }).sum();
        let mut x = LEAD;
        let mut placed = Vec::new();
        for (index, column) in shown {
            let more = match column.width {
                Width::Flex(least) if flexible > 0 => {
                    u16::try_from(u32::from(spare) * u32::from(least) / u32::from(total.max(1))).unwrap_or(0)
                }
                Width::Flex(_) | Width::Fixed(_) => 0,
            };
            let width = (least(column) + more.min(30)).min(width.saturating_sub(x));
            placed.push(Placed { index, column, x, width });
            x = x.saturating_add(width + GAP);
        }
        placed
    }
}

/// How a list is drawn.
pub struct Look<'a> {
    /// For the arrow in the head.
    pub query: &'a ListQuery,
    /// What stands in an empty list.
    pub empty: &'a str,
}

struct Placed {
    index: usize,
    column: &'static Column,
    x: u16,
    width: u16,
}

fn flexible_width(column: &Column) -> bool {
    matches!(column.width, Width::Flex(_))
}

fn least(column: &Column) -> u16 {
    match column.width {
        Width::Fixed(width) | Width::Flex(width) => width,
    }
}

fn draw_cells(canvas: &mut Canvas<'_>, (x, y): (u16, u16), columns: &[Placed], cells: &[Span]) {
    for column in columns {
        let Some(cell) = cells.get(column.index) else { continue };
        let style = canvas.theme.tone(cell.tone);
        let at = x + column.x;
        match column.column.align {
            Align::Left => {
                canvas.text((at, y), column.width, &cell.text, style);
            }
            Align::Right => {
                canvas.right((at + column.width, y), column.width, &cell.text, style);
            }
        }
    }
}
