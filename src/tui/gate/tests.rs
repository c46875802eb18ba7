//! The bytes are replayed through a terminal emulator: what it shows is what was drawn.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use super::grid::Grid;
use super::*;

struct Screen {
    gate: Gate,
    terminal: vt100::Parser,
}

impl Screen {
    fn new(width: u16, height: u16, caps: Caps) -> Screen {
        let size = |n| NonZeroU16::new(n).unwrap();
        Screen { gate: Gate::new(caps), terminal: vt100::Parser::new(size(height), size(width), 0) }
    }

    /// Draws, checks that the terminal shows it, and gives the number of bytes it took.
    fn show(&mut self, buffer: &Buffer, cursor: Position) -> usize {
        let bytes = self.gate.frame(buffer, Some(cursor)).to_vec();
        self.terminal.process(&bytes);
        self.check(buffer, cursor);
        bytes.len()
    }

    fn check(&self, buffer: &Buffer, cursor: Position) {
        let mut glyphs = Glyphs::new(true);
        let grid = Grid::of(buffer, &mut glyphs);
        let screen = self.terminal.screen();
        for y in 0..grid.height {
            for (x, id) in grid.row(y).iter().enumerate() {
                let glyph = glyphs.get(*id);
                let there = screen.cell(y, x as u16).unwrap();
                let contents = if there.has_contents() || there.is_wide_continuation() {
                    there.contents().to_owned()
                } else {
                    " ".to_owned()
                };
                assert_eq!(contents, glyph.text, "text at {x},{y}");
                if !glyph.text.is_empty() {
                    let reversed = glyph.look.modifier.contains(Modifier::REVERSED);
                    assert_eq!(there.inverse(), reversed, "reverse at {x},{y}");
                    if glyph.text != " " {
                        assert_eq!(
                            there.bold(),
                            glyph.look.modifier.contains(Modifier::BOLD),
                            "bold at {x},{y}"
                        );
                        assert_eq!(there.fgcolor(), color(glyph.look.fg), "colour at {x},{y}");
                    }
                }
            }
        }
        assert_eq!(screen.cursor_position(), (cursor.y, cursor.x));
    }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

fn list(first: usize, cursor: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    buffer.set_string(0, 0, "countersign  1 Work 6  2 Registration 12", Style::new());
    for y in 2..38u16 {
        let n = first + usize::from(y);
        let number = format!("REG-{n:06}");
        let name = ["Contoso Coffee Ltd", "Łódź Textiles", "東京コーヒー", "Fabrikam GmbH"][n % 4];
        buffer.set_string(3, y, &number, Style::new());
        buffer.set_string(15, y, name, Style::new());
        buffer.set_string(50, y, format!("{}h", n % 23), Style::new());
        buffer.set_string(60, y, format!("✓ {}", n % 9), Style::new().fg(Color::Red));
        buffer.set_string(78, y, "│", Style::new());
        buffer.set_string(81, y, format!("detail line {y} that stays"), Style::new());
    }
    buffer.set_string(0, cursor, "▌", Style::new().fg(Color::Indexed(111)));
    buffer
}

#[test]
fn an_unchanged_screen_costs_nothing() {
    let mut screen = Screen::new(120, 40, Caps::default());
    let at = Position::new(0, 5);
    assert!(screen.show(&list(0, 5), at) > 1000);
    assert_eq!(screen.show(&list(0, 5), at), 0);
}

#[test]
fn a_cursor_key_costs_under_400_bytes() {
    let mut screen = Screen::new(120, 40, Caps::default());
    screen.show(&list(0, 5), Position::new(0, 5));
    let moved = screen.show(&list(0, 6), Position::new(0, 6));
    assert!(moved <= 80, "moving took {moved} bytes");
    screen.show(&list(0, 37), Position::new(0, 37));
    let scrolled = screen.show(&list(1, 37), Position::new(0, 37));
    assert!(scrolled <= 1200, "scrolling beside a detail took {scrolled} bytes");
}

#[test]
fn a_scrolled_list_is_scrolled_by_the_terminal() {
    for scrolling in [Scrolling::UpDown, Scrolling::InsertDelete] {
        let mut screen = Screen::new(120, 40, Caps { scrolling, ..Caps::default() });
        let plain_list = |first: usize| {
            let mut buffer = list(first, 37);
            for y in 2..38 {
                for x in 78..120 {
                    buffer[(x, y)].reset();
                }
            }
            buffer
        };
        let at = Position::new(0, 37);
        screen.show(&plain_list(10), at);
        let down = screen.show(&plain_list(11), at);
        assert!(down <= 250, "one line took {down} bytes");
        let up = screen.show(&plain_list(10), at);
        assert!(up <= 250, "one line back took {up} bytes");
    }
}

#[test]
fn nothing_hostile_passes() {
    let hostile = [
        "\u{1b}",
        "\u{9b}",
        "\u{202e}",
        "\u{2066}",
        "\u{e0041}",
        "\u{200b}",
        "\u{feff}",
        "\u{ad}",
        "\n",
        "\u{7f}",
        "\u{301}",
        "a\u{1b}[2J",
        "\u{200d}",
        "x\u{202e}",
        "\u{2028}",
    ];
    for symbol in hostile {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 2));
        buffer[(3, 0)].set_symbol(symbol);
        buffer[(9, 1)].set_symbol("東");
        let mut gate = Gate::new(Caps { sync: false, ..Caps::default() });
        gate.frame(&Buffer::empty(*buffer.area()), None);
        let bytes = String::from_utf8(gate.frame(&buffer, None).to_vec()).unwrap();
        let text: String = strip_sequences(&bytes);
        assert!(!text.chars().any(crate::tui::text::is_hidden), "{symbol:?} gave {bytes:?}");
        assert!(!clean_symbol(symbol, true).is_empty());
        assert!(clean_symbol(symbol, false).is_ascii(), "{symbol:?}");
    }
    let tower = format!("e{}", "\u{301}".repeat(50));
    assert!(clean_symbol(&tower, true).chars().count() <= 8);
    assert_eq!(clean_symbol("Ł", false), "L");
}

/// What is left when the encoder's own sequences are taken out.
fn strip_sequences(bytes: &str) -> String {
    let mut text = String::new();
    let mut chars = bytes.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                chars.next();
                for c in chars.by_ref() {
                    if ('@'..='~').contains(&c) {
                        break;
                    }
                }
            }
            '\r' | '\n' | '\u{8}' => {}
            other => text.push(other),
        }
    }
    text
}

#[test]
fn no_colour_code_without_colour() {
    let mut gate = Gate::new(Caps { depth: Depth::Mono, ..Caps::default() });
    let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 3));
    buffer.set_string(
        0,
        0,
        "red",
        Style::new().fg(Color::Red).bg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD),
    );
    let bytes = String::from_utf8(gate.frame(&buffer, None).to_vec()).unwrap();
    assert!(bytes.contains("\x1b[1m") || bytes.contains("\x1b[;1m"), "{bytes:?}");
    for sequence in bytes.split("\x1b[").skip(1) {
        let Some(numbers) = sequence.split('m').next().filter(|_| sequence.contains('m')) else { continue };
        let colour = |n: &str| n.parse::<u8>().is_ok_and(|n| (30..=49).contains(&n) || n >= 90);
        assert!(numbers.contains('?') || !numbers.split(';').any(colour), "{sequence:?}");
    }
}

#[test]
fn few_colours_are_enough() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 3));
    buffer.set_string(0, 0, "x", Style::new().fg(Color::Rgb(250, 10, 10)));
    let mut gate = Gate::new(Caps { depth: Depth::Ansi16, ..Caps::default() });
    let bytes = String::from_utf8(gate.frame(&buffer, None).to_vec()).unwrap();
    assert!(!bytes.contains("38;"), "{bytes:?}");
}

#[derive(Debug, Clone)]
struct Patch {
    x: u16,
    y: u16,
    text: String,
    style: u8,
}

fn patch() -> impl Strategy<Value = Patch> {
    let words = prop::sample::select(vec![
        "a",
        "Contoso",
        "   ",
        "東京",
        "x東y",
        "e\u{301}",
        "│",
        "─────",
        "                    ",
        "😀",
        "Łódź",
        "ab  cd",
    ]);
    (0u16..50, 0u16..14, words, 0u8..5).prop_map(|(x, y, text, style)| Patch {
        x,
        y,
        text: text.to_owned(),
        style,
    })
}

fn style(n: u8) -> Style {
    match n {
        0 => Style::new(),
        1 => Style::new().fg(Color::Red),
        2 => Style::new().add_modifier(Modifier::BOLD),
        3 => Style::new().add_modifier(Modifier::REVERSED),
        _ => Style::new().fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD),
    }
}

fn apply(buffer: &mut Buffer, patches: &[Patch]) {
    for patch in patches {
        buffer.set_string(patch.x, patch.y, &patch.text, style(patch.style));
    }
}

/// Moves the rows of a buffer up or down, as a list does when it scrolls.
fn shifted(buffer: &Buffer, by: i32) -> Buffer {
    let mut moved = Buffer::empty(*buffer.area());
    let area = *buffer.area();
    for y in 0..area.height {
        let from = i32::from(y) + by;
        if (0..i32::from(area.height)).contains(&from) {
            for x in 0..area.width {
                moved[(x, y)] = buffer[(x, from as u16)].clone();
            }
        }
    }
    moved
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_sequence_of_frames_is_shown_exactly(
        frames in prop::collection::vec((prop::collection::vec(patch(), 0..12), -5i32..5, 0u16..50, 0u16..14), 1..6),
        scrolling in prop::sample::select(vec![Scrolling::Never, Scrolling::UpDown, Scrolling::InsertDelete]),
    ) {
        let mut screen = Screen::new(50, 14, Caps { scrolling, ..Caps::default() });
        let mut buffer = Buffer::empty(Rect::new(0, 0, 50, 14));
        for (patches, by, x, y) in frames {
            buffer = shifted(&buffer, by);
            apply(&mut buffer, &patches);
            screen.show(&buffer, Position::new(x, y));
        }
    }

    #[test]
    fn any_symbol_is_one_or_two_clean_columns(symbol in any::<String>()) {
        use unicode_width::UnicodeWidthStr;
        let clean = clean_symbol(&symbol, true);
        prop_assert!((1..=2).contains(&clean.width()), "{:?}", clean);
        prop_assert_eq!(&crate::tui::text::show_line(&clean), &clean);
        prop_assert!(clean_symbol(&symbol, false).is_ascii());
    }
}
