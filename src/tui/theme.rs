//! Colours by meaning, one set per background and depth; no state is told by colour alone, and the
//! terminal's own background is never set.

use ratatui::style::{Color, Modifier, Style};

use super::gate::Depth;
use super::widgets::Tone;

pub mod detect;

/// The background that the colours must be readable on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// Light text on dark.
    #[default]
    Dark,
    /// Dark text on light.
    Light,
}

/// The signs that the screen is made of; every one has an ASCII twin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// Which set it is.
    pub set: SignSet,
    /// Marks the row under the cursor.
    pub cursor: &'static str,
    /// Marks a marked row.
    pub mark: &'static str,
    /// A horizontal line.
    pub across: &'static str,
    /// A vertical line.
    pub down: &'static str,
    /// Where a vertical line begins at a horizontal one.
    pub tee_down: &'static str,
    /// Where a vertical line ends at a horizontal one.
    pub tee_up: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Sorted upwards, downwards.
    pub arrows: [&'static str; 2],
    /// A passed check, a doubtful one, a failed one.
    pub checks: [&'static str; 3],
    /// Between parts of one line.
    pub dot: &'static str,
    /// Stands for nothing.
    pub none: &'static str,
    /// Part done and part left of a progress bar.
    pub bar: [&'static str; 2],
    /// A chosen and a free box.
    pub boxes: [&'static str; 2],
}

const FANCY: Signs = Signs {
    set: SignSet::Fancy,
    cursor: "▌",
    mark: "•",
    across: "─",
    down: "│",
    tee_down: "┬",
    tee_up: "┴",
    corners: ["┌", "┐", "└", "┘"],
    arrows: ["↑", "↓"],
    checks: ["✓", "!", "✗"],
    dot: "·",
    none: "–",
    bar: ["█", "░"],
    boxes: ["[x]", "[ ]"],
};

const ASCII: Signs = Signs {
    set: SignSet::Ascii,
    cursor: ">",
    mark: "*",
    across: "-",
    down: "|",
    tee_down: "+",
    tee_up: "+",
    corners: ["+", "+", "+", "+"],
    arrows: ["^", "v"],
    checks: ["+", "!", "x"],
    dot: "-",
    none: "-",
    bar: ["#", "."],
    boxes: ["[x]", "[ ]"],
};

/// The ASCII sign that stands for one of ours, of the same width; none for what is not ours.
pub fn ascii_twin(sign: char) -> Option<char> {
    Some(match sign {
        '✓' => '+',
        '✗' | '×' => 'x',
        '–' | '—' | '·' | '─' | '−' => '-',
        '…' => '~',
        '→' => '>',
        '←' => '<',
        '↑' => '^',
        '↓' => 'v',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' => '\'',
        '•' => '*',
        '▌' => '>',
        '│' => '|',
        '█' => '#',
        '░' => '.',
        _ => return None,
    })
}

/// Styles by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text: the terminal's own colours.
    pub text: Style,
    /// Secondary text: labels, help, ages.
    pub dim: Style,
    /// The one accent: cursor, active tab, keys.
    pub accent: Style,
    /// Headings.
    pub heading: Style,
    /// Needs a person now; errors.
    pub alarm: Style,
    /// Doubtful.
    pub caution: Style,
    /// In order.
    pub good: Style,
    /// Lines between panes.
    pub line: Style,
    /// The highlighted button or menu item: what Enter does.
    pub chosen: Style,
    /// A text field, and the one with the caret.
    pub field: [Style; 2],
    /// Borders and marks.
    pub signs: Signs,
}

struct Colours {
    dim: Color,
    accent: Color,
    alarm: Color,
    caution: Color,
    good: Color,
}

#[rustfmt::skip]
fn colours(background: Background, depth: Depth) -> Colours {
    let rgb = |n: u32| Color::Rgb((n >> 16) as u8, (n >> 8) as u8, n as u8);
    let all = |dim, accent, alarm, caution, good| Colours { dim, accent, alarm, caution, good };
    match (background, depth) {
        (_, Depth::Mono) => all(Color::Reset, Color::Reset, Color::Reset, Color::Reset, Color::Reset),
        (Background::Dark,  Depth::True)    => all(rgb(0xa0a6ad), rgb(0x7cb7ff), rgb(0xff8a80), rgb(0xe5b567), rgb(0x9ccc7a)),
        (Background::Light, Depth::True)    => all(rgb(0x5b6168), rgb(0x0b57b8), rgb(0xb3261e), rgb(0x7d4d00), rgb(0x1b6420)),
        (Background::Dark,  Depth::Ansi256) => all(Color::Indexed(248), Color::Indexed(111), Color::Indexed(210), Color::Indexed(179), Color::Indexed(150)),
        (Background::Light, Depth::Ansi256) => all(Color::Indexed(240), Color::Indexed(25),  Color::Indexed(124), Color::Indexed(94),  Color::Indexed(22)),
        (Background::Dark,  Depth::Ansi16)  => all(Color::Gray,  Color::LightCyan, Color::LightRed, Color::LightYellow, Color::LightGreen),
        (Background::Light, Depth::Ansi16)  => all(Color::Black, Color::Blue,      Color::Red,      Color::Reset,       Color::Reset),
    }
}

impl Theme {
    /// The styles for a background at a depth; `ascii` where only ASCII signs may be drawn.
    pub fn new(background: Background, depth: Depth, signs: SignSet) -> Theme {
        let colours = colours(background, depth);
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Theme {
            text: plain,
            dim: plain.fg(colours.dim),
            accent: plain.fg(colours.accent),
            heading: bold,
            alarm: bold.fg(colours.alarm),
            caution: plain.fg(colours.caution),
            good: plain.fg(colours.good),
            line: plain.fg(colours.dim),
            chosen: plain.add_modifier(Modifier::REVERSED),
            field: [plain, plain.add_modifier(Modifier::UNDERLINED)],
            signs: match signs {
                SignSet::Fancy => FANCY,
                SignSet::Ascii => ASCII,
            },
        }
    }

    /// The style of a tone.
    pub fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Text => self.text,
            Tone::Dim => self.dim,
            Tone::Accent => self.accent,
            Tone::Heading => self.heading,
            Tone::Alarm => self.alarm,
            Tone::Caution => self.caution,
            Tone::Good => self.good,
        }
    }
}

/// Which signs may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignSet {
    /// Box drawing and marks.
    Fancy,
    /// `+-|` and letters: `--ascii`, the Linux console, a locale without UTF-8.
    Ascii,
}

impl Default for Theme {
    fn default() -> Theme {
        Theme::new(Background::Dark, Depth::True, SignSet::Fancy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The values of common palettes: xterm's, and the brighter red of the consoles in use.
    fn value(color: Color) -> Option<(u8, u8, u8)> {
        let cube = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
        Some(match color {
            Color::Reset => return None,
            Color::Rgb(r, g, b) => (r, g, b),
            Color::Indexed(n @ 232..) => (8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232)),
            Color::Indexed(n) => {
                let n = n - 16;
                (cube(n / 36), cube(n / 6 % 6), cube(n % 6))
            }
            Color::Black => (0, 0, 0),
            Color::Gray => (229, 229, 229),
            Color::Blue => (0, 0, 238),
            Color::Red => (205, 0, 0),
            Color::LightRed => (255, 0x70, 0x70),
            Color::LightGreen => (0, 255, 0),
            Color::LightYellow => (255, 255, 0),
            Color::LightCyan => (0, 255, 255),
            other => panic!("{other:?} is not in the themes"),
        })
    }

    #[test]
    fn text_is_readable_on_both_backgrounds() {
        let dark = [(0, 0, 0), (0x1e, 0x1e, 0x1e), (0x28, 0x2c, 0x34)];
        let light = [(0xff, 0xff, 0xff), (0xfd, 0xf6, 0xe3)];
        for (background, grounds) in [(Background::Dark, &dark[..]), (Background::Light, &light[..])] {
            for depth in [Depth::True, Depth::Ansi256, Depth::Ansi16] {
                let theme = Theme::new(background, depth, SignSet::Fancy);
                for style in [theme.dim, theme.accent, theme.alarm, theme.caution, theme.good] {
                    let Some(value) = style.fg.and_then(value) else { continue };
                    for ground in grounds {
                        let ratio = contrast(value, *ground);
                        assert!(ratio >= 4.5, "{style:?} on {ground:?} at {depth:?}: {ratio:.1}");
                    }
                }
            }
        }
    }

    #[test]
    fn without_colour_there_is_no_colour() {
        let theme = Theme::new(Background::Dark, Depth::Mono, SignSet::Fancy);
        for style in [theme.dim, theme.accent, theme.alarm, theme.caution, theme.good, theme.line] {
            assert_eq!(style.fg.unwrap_or(Color::Reset), Color::Reset);
            assert_eq!(style.bg, None);
        }
    }

    #[test]
    fn ascii_signs_are_ascii_and_as_wide() {
        let ascii = ASCII;
        for sign in [ascii.cursor, ascii.mark, ascii.across, ascii.down, ascii.tee_down, ascii.tee_up] {
            assert!(sign.is_ascii() && sign.len() == 1);
        }
        for sign in ascii.corners.iter().chain(&ascii.arrows).chain(&ascii.checks).chain(&ascii.boxes) {
            assert!(sign.is_ascii());
        }
    }
}
