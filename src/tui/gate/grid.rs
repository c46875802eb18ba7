//! What the terminal shows: a grid of glyphs, in which the second column of a wide one is a glyph of its own.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::glyph::{BLANK, Glyphs, Id};

/// A normalised screen. Equal grids look the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub width: u16,
    pub height: u16,
    glyphs: Vec<Id>,
}

impl Grid {
    /// An erased screen.
    pub fn blank(width: u16, height: u16) -> Grid {
        Grid { width, height, glyphs: vec![BLANK; usize::from(width) * usize::from(height)] }
    }

    /// The buffer with every symbol cleaned and every wide glyph given its second column.
    pub fn of(drawn: &Buffer, glyphs: &mut Glyphs) -> Grid {
        let Rect { width, height, .. } = *drawn.area();
        let mut grid = Grid::blank(width, height);
        let columns = usize::from(width.max(1));
        for (cells, out) in drawn.content().chunks(columns).zip(grid.glyphs.chunks_mut(columns)) {
            let mut x = 0;
            while x < cells.len() {
                // What stands beside each other is often alike: blanks, lines.
                if x > 0 && cells[x] == cells[x - 1] && !glyphs.get(out[x - 1]).is_second() {
                    out[x] = out[x - 1];
                    x += 1;
                    continue;
                }
                let id = glyphs.id_of(&cells[x]);
                match (glyphs.get(id).second, &mut out[x..]) {
                    (Some(second), [left, right, ..]) => (*left, *right) = (id, second),
                    (Some(_), last) => last[0] = glyphs.cut(&cells[x]),
                    (None, rest) => rest[0] = id,
                }
                x += glyphs.get(id).columns;
            }
        }
        grid
    }

    pub fn same_size(&self, other: &Grid) -> bool {
        self.width == other.width && self.height == other.height
    }

    pub fn row(&self, y: u16) -> &[Id] {
        let width = usize::from(self.width);
        &self.glyphs[usize::from(y) * width..][..width]
    }
}

/// What a grid shows after a scroll that is only thought of: rows `top..=bottom` moved by `by` (up when positive) and
/// what is uncovered blank, as a terminal does inside a scroll region. Nothing is copied, so trying one costs nothing.
pub(super) struct Scrolled<'a> {
    grid: &'a Grid,
    region: (u16, u16),
    by: i32,
    blank: Vec<Id>,
}

impl<'a> Scrolled<'a> {
    /// The grid after that scroll.
    pub fn of(grid: &'a Grid, (top, bottom): (u16, u16), by: i32) -> Scrolled<'a> {
        Scrolled { grid, region: (top, bottom), by, blank: vec![BLANK; usize::from(grid.width)] }
    }

    /// A row of it.
    pub fn row(&self, y: u16) -> &[Id] {
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
