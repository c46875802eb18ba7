//! The encoder: shortest cursor moves, attributes only where they change, erasing instead of blanks.

use std::fmt::Write as _;

use ratatui::style::{Color, Modifier};
use termprofile::TermProfile;

use super::glyph::{Glyph, Glyphs, Id, Look, PLAIN};
use super::grid::Grid;

/// How many colours may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None at all (`NO_COLOR`); bold and reverse stay.
    Mono,
    /// The sixteen named ones.
    Ansi16,
    /// The palette of 256.
    Ansi256,
    /// 24 bit.
    True,
}

/// Where the terminal's cursor is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Unknown,
    Row(u16),
    Cell(u16, u16),
}

/// Writes cells and knows what state that leaves the terminal in.
#[derive(Debug, Clone)]
pub(super) struct Pen<'g> {
    glyphs: &'g Glyphs,
    pub out: Vec<u8>,
    pub at: At,
    look: Look,
    depth: Depth,
}

/// Rewriting up to this many unchanged cells is no longer than a cursor move.
const BRIDGE: usize = 4;
/// From this many blanks on, erasing and moving is shorter than writing them.
const ERASE: usize = 9;

impl<'g> Pen<'g> {
    /// At an unknown place; between frames attributes are always plain.
    pub fn new(depth: Depth, glyphs: &'g Glyphs) -> Pen<'g> {
        Pen { glyphs, out: Vec::new(), at: At::Unknown, look: PLAIN, depth }
    }

    /// Resets attributes and scroll region and erases everything.
    pub fn wipe(&mut self) {
        self.out.extend_from_slice(b"\x1b[m\x1b[r\x1b[H\x1b[2J");
        self.look = PLAIN;
        self.at = At::Cell(0, 0);
    }

    /// Turns what is shown, given row by row, into `next`.
    pub fn repaint<'s>(&mut self, shown: impl Fn(u16) -> &'s [Id], next: &Grid) {
        for y in 0..next.height {
            if shown(y) != next.row(y) {
                self.row(y, shown(y), next.row(y));
            }
        }
    }

    fn row(&mut self, y: u16, shown: &[Id], next: &[Id]) {
        let width = next.len();
        let glyphs = self.glyphs;
        let is_blank = |id: &Id| glyphs.get(*id).is_blank();
        let tail = next.iter().rposition(|id| !is_blank(id)).map_or(0, |last| last + 1);
        let mut x = 0;
        while x < width {
            let glyph = glyphs.get(next[x]);
            let wide = glyph.columns;
            if shown[x..x + wide] == next[x..x + wide] {
                x += wide;
                continue;
            }
            if glyph.is_blank() {
                let run = next[x..].iter().take_while(|id| is_blank(id)).count();
                let changed = (x..x + run).rev().find(|&i| shown[i] != next[i]).map_or(1, |i| i - x + 1);
                if x >= tail && changed > 3 {
                    self.go(column(x), y);
                    self.plain();
                    self.out.extend_from_slice(b"\x1b[K");
                    return;
                }
                if changed >= ERASE {
                    self.go(column(x), y);
                    self.plain();
                    self.csi(&[changed], b'X');
                    x += changed;
                    continue;
                }
            }
            self.reach(x, y, next);
            self.glyph(glyph, width);
            x += wide;
        }
    }

    fn glyph(&mut self, glyph: &Glyph, width: usize) {
        self.wear(glyph.look);
        self.out.extend_from_slice(glyph.text.as_bytes());
        let At::Cell(x, y) = self.at else { return };
        let right = usize::from(x) + glyph.columns;
        // Terminals disagree about the width of clusters and about what happens in the last column.
        let sure = right < width && glyph.text.chars().nth(1).is_none();
        self.at = if sure { At::Cell(column(right), y) } else { At::Row(y) };
    }

    /// To cell `x` of row `y`, over a few unchanged cells where writing them again is shorter.
    fn reach(&mut self, x: usize, y: u16, next: &[Id]) {
        if let At::Cell(from, row) = self.at {
            let from = usize::from(from);
            if row == y && from < x && x - from <= BRIDGE {
                let glyphs = self.glyphs;
                let gap = || next[from..x].iter().map(|id| glyphs.get(*id));
                if gap().all(|glyph| glyph.text.len() == 1 && self.reduced(glyph.look) == self.look) {
                    for glyph in gap() {
                        self.out.extend_from_slice(glyph.text.as_bytes());
                    }
                    self.at = At::Cell(column(x), y);
                    return;
                }
            }
        }
        self.go(column(x), y);
    }

    /// Moves the cursor by the shortest sequence.
    pub fn go(&mut self, x: u16, y: u16) {
        if self.at == At::Cell(x, y) {
            return;
        }
        let mut best = absolute(x, y);
        let mut offer = |way: String| {
            if way.len() < best.len() {
                best = way;
            }
        };
        match self.at {
            At::Unknown => {}
            At::Row(row) if row == y => offer(along_row(x)),
            At::Row(row) if y == row + 1 && x == 0 => offer("\r\n".to_owned()),
            At::Row(_) => {}
            At::Cell(from, row) if row == y => {
                offer(along_row(x));
                if x > from {
                    offer(step(x - from, 'C'));
                } else {
                    offer(step(from - x, 'D'));
                    if from - x <= 3 {
                        offer("\x08".repeat(usize::from(from - x)));
                    }
                }
            }
            At::Cell(from, row) => {
                if y == row + 1 && x == 0 {
                    offer("\r\n".to_owned());
                }
                if from == x {
                    offer(if y > row { step(y - row, 'B') } else { step(row - y, 'A') });
                }
                if y == row + 1 && x == from {
                    offer("\n".to_owned());
                }
            }
        }
        self.out.extend_from_slice(best.as_bytes());
        self.at = At::Cell(x, y);
    }

    /// Back to no attributes.
    pub fn plain(&mut self) {
        if self.look != PLAIN {
            self.out.extend_from_slice(b"\x1b[m");
            self.look = PLAIN;
        }
    }

    /// A scroll of the rows `top..=bottom`, up when `by` is positive.
    pub fn scroll(&mut self, top: u16, bottom: u16, by: i32, how: super::Scrolling) {
        let count = by.unsigned_abs() as usize;
        self.csi(&[usize::from(top) + 1, usize::from(bottom) + 1], b'r');
        match how {
            super::Scrolling::Never => {}
            super::Scrolling::UpDown => self.csi(&[count], if by > 0 { b'S' } else { b'T' }),
            super::Scrolling::InsertDelete => {
                self.csi(&[usize::from(top) + 1], b'H');
                self.csi(&[count], if by > 0 { b'M' } else { b'L' });
            }
        }
        self.out.extend_from_slice(b"\x1b[r");
        self.at = At::Unknown;
    }

    fn csi(&mut self, numbers: &[usize], last: u8) {
        let numbers: Vec<String> = numbers
            .iter()
            .map(|n| if *n == 1 && last != b'r' { String::new() } else { n.to_string() })
            .collect();
        self.out.extend_from_slice(b"\x1b[");
        self.out.extend_from_slice(numbers.join(";").as_bytes());
        self.out.push(last);
    }

    fn wear(&mut self, wanted: Look) {
        let wanted = self.reduced(wanted);
        if wanted == self.look {
            return;
        }
        let from_plain = format!("\x1b[{}m", codes(PLAIN, wanted, ";"));
        let change = format!("\x1b[{}m", codes(self.look, wanted, ""));
        let shorter = if from_plain.len() < change.len() { from_plain } else { change };
        self.out.extend_from_slice(shorter.as_bytes());
        self.look = wanted;
    }

    fn reduced(&self, look: Look) -> Look {
        Look { fg: self.color(look.fg), bg: self.color(look.bg), modifier: look.modifier }
    }

    fn color(&self, color: Color) -> Color {
        let profile = match self.depth {
            Depth::Mono => return Color::Reset,
            Depth::Ansi16 => TermProfile::Ansi16,
            Depth::Ansi256 => TermProfile::Ansi256,
            Depth::True => return color,
        };
        match color {
            Color::Rgb(..) | Color::Indexed(_) => profile.adapt_color(color).unwrap_or(Color::Reset),
            named => named,
        }
    }
}

fn column(x: usize) -> u16 {
    u16::try_from(x).expect("a row is at most 400 columns")
}

fn absolute(x: u16, y: u16) -> String {
    match (x, y) {
        (0, 0) => "\x1b[H".to_owned(),
        (0, y) => format!("\x1b[{}H", y + 1),
        (x, 0) => format!("\x1b[;{}H", x + 1),
        (x, y) => format!("\x1b[{};{}H", y + 1, x + 1),
    }
}

fn along_row(x: u16) -> String {
    if x == 0 { "\r".to_owned() } else { format!("\x1b[{}G", x + 1) }
}

fn step(count: u16, letter: char) -> String {
    if count == 1 { format!("\x1b[{letter}") } else { format!("\x1b[{count}{letter}") }
}

#[rustfmt::skip]
const SWITCHES: &[(Modifier, &str, &str)] = &[
    (Modifier::ITALIC,     "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED,   "7", "27"),
];

/// The attribute codes that lead from one look to another; `first` is written before them.
fn codes(from: Look, to: Look, first: &str) -> String {
    let mut list: Vec<String> = Vec::new();
    let weight = Modifier::BOLD | Modifier::DIM;
    let (had, want) = (from.modifier & weight, to.modifier & weight);
    if had != want {
        if !(had - want).is_empty() {
            list.push("22".to_owned());
        }
        let missing = if (had - want).is_empty() { want - had } else { want };
        if missing.contains(Modifier::BOLD) {
            list.push("1".to_owned());
        }
        if missing.contains(Modifier::DIM) {
            list.push("2".to_owned());
        }
    }
    for (modifier, on, off) in SWITCHES {
        match (from.modifier.contains(*modifier), to.modifier.contains(*modifier)) {
            (false, true) => list.push((*on).to_owned()),
            (true, false) => list.push((*off).to_owned()),
            (true, true) | (false, false) => {}
        }
    }
    if from.fg != to.fg {
        list.push(color_code(to.fg, 30));
    }
    if from.bg != to.bg {
        list.push(color_code(to.bg, 40));
    }
    format!("{first}{}", list.join(";"))
}

fn color_code(color: Color, base: u8) -> String {
    let named = |n: u8| (base + n).to_string();
    let mut code = String::new();
    match color {
        Color::Reset => return named(9),
        Color::Black => return named(0),
        Color::Red => return named(1),
        Color::Green => return named(2),
        Color::Yellow => return named(3),
        Color::Blue => return named(4),
        Color::Magenta => return named(5),
        Color::Cyan => return named(6),
        Color::Gray => return named(7),
        Color::DarkGray => return named(60),
        Color::LightRed => return named(61),
        Color::LightGreen => return named(62),
        Color::LightYellow => return named(63),
        Color::LightBlue => return named(64),
        Color::LightMagenta => return named(65),
        Color::LightCyan => return named(66),
        Color::White => return named(67),
        Color::Indexed(n) => write!(code, "{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => write!(code, "{};2;{r};{g};{b}", base + 8),
    }
    .expect("writing to a string cannot fail");
    code
}
