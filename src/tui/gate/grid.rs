//! What the terminal shows: a grid in which every glyph is clean, one or two columns wide, and the
//! second column of a wide glyph holds the empty symbol.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::text::{is_narrow, show_line};

/// The modifiers a frame uses; everything else (blinking, hidden text) never passes.
pub(super) const MODIFIERS: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(Modifier::UNDERLINED)
    .union(Modifier::REVERSED);

/// A normalised screen. Equal grids look the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub width: u16,
    pub height: u16,
    cells: Vec<Cell>,
}

impl Grid {
    /// An erased screen.
    pub fn blank(width: u16, height: u16) -> Grid {
        Grid { width, height, cells: vec![Cell::EMPTY; usize::from(width) * usize::from(height)] }
    }

    /// The buffer with every symbol cleaned and every wide glyph given its second column.
    pub fn of(buffer: &Buffer, utf8: bool) -> Grid {
        let area = *buffer.area();
        let mut grid = Grid::blank(area.width, area.height);
        let width = usize::from(area.width);
        for y in 0..usize::from(area.height) {
            let row = &buffer.content()[y * width..(y + 1) * width];
            let out = &mut grid.cells[y * width..(y + 1) * width];
            let mut x = 0;
            while x < width {
                let from = &row[x];
                let mut symbol = clean_symbol(from.symbol(), utf8);
                let mut wide = if symbol.len() == 1 { 1 } else { symbol.width() };
                if x + wide > width {
                    symbol = Cow::Borrowed(if utf8 { "…" } else { "?" });
                    wide = 1;
                }
                out[x] = look_of(from);
                out[x].set_symbol(&symbol);
                if wide == 2 {
                    out[x + 1] = look_of(from);
                    out[x + 1].set_symbol("");
                }
                x += wide.max(1);
            }
        }
        grid
    }

    pub fn same_size(&self, other: &Grid) -> bool {
        self.width == other.width && self.height == other.height
    }

    pub fn row(&self, y: u16) -> &[Cell] {
        let width = usize::from(self.width);
        &self.cells[usize::from(y) * width..][..width]
    }
}

/// What a grid shows after a scroll that is only thought of: rows `top..=bottom` moved by `by` (up when positive) and
/// what is uncovered blank, as a terminal does inside a scroll region. Nothing is copied, so trying one costs nothing.
pub(super) struct Scrolled<'a> {
    grid: &'a Grid,
    region: (u16, u16),
    by: i32,
    blank: Vec<Cell>,
}

impl<'a> Scrolled<'a> {
    /// The grid after that scroll.
    pub fn of(grid: &'a Grid, (top, bottom): (u16, u16), by: i32) -> Scrolled<'a> {
        Scrolled { grid, region: (top, bottom), by, blank: vec![Cell::EMPTY; usize::from(grid.width)] }
    }

    /// A row of it.
    pub fn row(&self, y: u16) -> &[Cell] {
        let (top, bottom) = self.region;
        if y < top || y > bottom {
            return self.grid.row(y);
        }
        let from = i32::from(y) + self.by;
        match u16::try_from(from) {
            Ok(from) if from >= top && from <= bottom => self.grid.row(from),
            Ok(_) | Err(_) => &self.blank,
        }
    }
}

fn look_of(from: &Cell) -> Cell {
    let mut cell = Cell::EMPTY;
    cell.fg = from.fg;
    cell.bg = from.bg;
    cell.modifier = from.modifier & MODIFIERS;
    cell
}

/// True where erasing leaves exactly this cell.
pub(super) fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " "
        && cell.bg == Color::Reset
        && !cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
}

/// One cell's text made harmless: a single visible cluster of one or two columns. Controls become
/// their pictures, other hidden characters `�`, a lone mark stands on `◌`; without UTF-8 the nearest
/// ASCII character is taken.
pub fn clean_symbol(symbol: &str, utf8: bool) -> Cow<'_, str> {
    if let [byte @ 0x20..0x7f] = symbol.as_bytes() {
        debug_assert!(byte.is_ascii());
        return Cow::Borrowed(symbol);
    }
    let mut chars = symbol.chars();
    if utf8 && chars.next().is_some() && chars.next().is_none() && is_narrow(symbol) {
        return Cow::Borrowed(symbol);
    }
    let Some(cluster) = symbol.graphemes(true).next() else { return Cow::Borrowed(" ") };
    let visible = visible_cluster(cluster);
    if utf8 || visible.is_ascii() { visible } else { Cow::Owned(nearest_ascii(&visible)) }
}

/// A cluster of more code points than this is cut (trust.md, Hostile text).
const CLUSTER_LIMIT: usize = 8;

fn visible_cluster(cluster: &str) -> Cow<'_, str> {
    let kept = match cluster.char_indices().nth(CLUSTER_LIMIT) {
        Some((end, _)) => cluster[..end].trim_end_matches('\u{200d}'),
        None => cluster,
    };
    let shown = show_line(kept);
    let one = shown.graphemes(true).nth(1).is_none();
    if one && (1..=2).contains(&shown.width()) { shown } else { Cow::Borrowed("�") }
}

fn nearest_ascii(visible: &str) -> String {
    let plain = visible.chars().next().and_then(deunicode::deunicode_char).and_then(|s| s.chars().next());
    plain.filter(|c| c.is_ascii_graphic()).unwrap_or('?').to_string()
}
