//! Every different cell that is drawn is cleaned and measured once and known by a number from then on: comparing two
//! screens, and looking for a part that has moved, compares numbers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::text::{is_narrow, show_line};

/// The modifiers a frame uses; everything else (blinking, hidden text) never passes.
const MODIFIERS: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(Modifier::UNDERLINED)
    .union(Modifier::REVERSED);

/// The number of a glyph.
pub(super) type Id = u32;
/// What erasing leaves.
pub(super) const BLANK: Id = 0;
/// So many glyphs are remembered: a day's work holds some thousands, and whoever sends more costs a repaint.
const MOST: usize = 1 << 16;

/// Colours and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

pub(super) const PLAIN: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// One or two columns of the screen, clean. The second column of a wide one is a glyph without text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Glyph {
    pub text: String,
    pub look: Look,
    pub columns: usize,
    /// What stands in the second column, if it has one.
    pub second: Option<Id>,
}

impl Glyph {
    /// True for the second column of a wide one.
    pub fn is_second(&self) -> bool {
        self.text.is_empty()
    }

    /// True where erasing leaves exactly this.
    pub fn is_blank(&self) -> bool {
        self.text == " "
            && self.look.bg == Color::Reset
            && !self.look.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
    }
}

/// All that were drawn. Two numbers are the same if and only if they look the same.
#[derive(Debug)]
pub(super) struct Glyphs {
    utf8: bool,
    glyphs: Vec<Glyph>,
    drawn: HashMap<Cell, Id, BuildHasherDefault<Quick>>,
    clean: HashMap<Glyph, Id>,
}

impl Glyphs {
    /// None but the blank; without UTF-8 every one is ASCII.
    pub fn new(utf8: bool) -> Glyphs {
        let mut glyphs =
            Glyphs { utf8, glyphs: Vec::new(), drawn: HashMap::default(), clean: HashMap::new() };
        let blank = glyphs.add(Glyph { text: " ".to_owned(), look: PLAIN, columns: 1, second: None });
        debug_assert_eq!(blank, BLANK);
        glyphs
    }

    /// True if it is time to begin anew.
    pub fn is_full(&self) -> bool {
        self.glyphs.len() > MOST
    }

    pub fn get(&self, id: Id) -> &Glyph {
        &self.glyphs[id as usize]
    }

    /// The glyph that shows a cell.
    pub fn id_of(&mut self, cell: &Cell) -> Id {
        if let Some(id) = self.drawn.get(cell) {
            return *id;
        }
        let text = clean_symbol(cell.symbol(), self.utf8).into_owned();
        let id = self.shown(text, look_of(cell));
        self.drawn.insert(cell.clone(), id);
        id
    }

    /// What stands for a wide glyph in the last column.
    pub fn cut(&mut self, cell: &Cell) -> Id {
        self.shown(if self.utf8 { "…" } else { "?" }.to_owned(), look_of(cell))
    }

    fn shown(&mut self, text: String, look: Look) -> Id {
        let columns = if text.len() == 1 { 1 } else { text.width() };
        let second =
            (columns == 2).then(|| self.add(Glyph { text: String::new(), look, columns: 1, second: None }));
        self.add(Glyph { text, look, columns, second })
    }

    fn add(&mut self, glyph: Glyph) -> Id {
        if let Some(id) = self.clean.get(&glyph) {
            return *id;
        }
        let id = Id::try_from(self.glyphs.len()).expect("a full table is thrown away long before");
        self.glyphs.push(glyph.clone());
        self.clean.insert(glyph, id);
        id
    }
}

fn look_of(cell: &Cell) -> Look {
    Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier & MODIFIERS }
}

/// Far quicker than a hash that must withstand an enemy, who could only slow down the screen that shows what he sent.
#[derive(Debug, Default)]
struct Quick(u64);

impl Quick {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.mix(value.unsigned_abs() as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
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
