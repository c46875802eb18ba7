//! The README's pictures are the real screens, drawn from the buffer: this test makes them and fails when the kept ones
//! no longer show what the programme shows. `COUNTERSIGN_PICTURES=write cargo test pictures` keeps the new ones.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use countersign::demo;
use countersign::desk::{Desk, FixedClock, OpenOptions, Reader};
use countersign::domain::permission::How;
use countersign::tui::app::Setup;
use countersign::tui::gate::Depth;
use countersign::tui::keymap::Keymap;
use countersign::tui::open::who;
use countersign::tui::screens;
use countersign::tui::testing::Play;
use countersign::tui::theme::{Background, SignSet, Theme};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// Monday, 2 November 2026, 10:41 UTC.
const NOW: i64 = 1_793_616_060_000;

/// File, size, keys that lead to the screen.
#[rustfmt::skip]
const PICTURES: &[(&str, (u16, u16), &str)] = &[
    ("work.svg",         (120, 40), "1jj"),
    ("registration.svg", (120, 40), "2/country:gb,de,at,fr,es,pt,it,nl,se,dk<Enter>Gkkk"),
    ("create.svg",       (120, 40), "2/coffee<Enter>c"),
    ("small.svg",        (80, 24),  "2/coffee<Enter><Enter>"),
];

/// Times are drawn on the reader's wall, so the screens are made in a process whose wall is UTC.
#[test]
fn pictures_show_the_programme() {
    if std::env::var_os("TZ").is_some_and(|tz| tz == "UTC") {
        return make();
    }
    let this = std::env::current_exe().unwrap();
    let done = Command::new(this)
        .args(["--exact", "pictures::pictures_show_the_programme"])
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

fn make() {
    let office = demo::make_whole_at(&demo::Options::default(), NOW, &mut |_, _| {}).unwrap();
    let options = OpenOptions { clock: Arc::new(FixedClock::new(NOW)), ..office.open.clone() };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    let mut stale = Vec::new();
    for (name, size, keys) in PICTURES {
        let picture = svg(&screen(&options, *size, keys));
        let file: PathBuf = folder.join(name);
        if std::env::var_os("COUNTERSIGN_PICTURES").is_some() {
            std::fs::write(&file, &picture).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != picture {
            stale.push(*name);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?} show an older programme; look at them, then keep the new ones with COUNTERSIGN_PICTURES=write"
    );
}

fn screen(options: &OpenOptions, size: (u16, u16), keys: &str) -> Buffer {
    let reader = Reader::open(options).unwrap();
    let actor = reader.actor(demo::LOGIN, How::Screen).unwrap();
    let setup = Setup {
        screens: screens::all(&actor),
        keymap: Keymap::default(),
        theme: Theme::new(Background::Dark, Depth::True, SignSet::Fancy),
        who: who(&actor),
        actor: actor.clone(),
        hats: Vec::new(),
        drafts: serde_json::Value::Null,
    };
    let mut play = Play::new(setup, Desk::open(options.clone()).unwrap(), actor, size);
    play.keys(keys);
    play.buffer()
}

const CELL: (u32, u32) = (8, 18);

/// The buffer as SVG: one text element per run of equal style, every run at its own column.
fn svg(buffer: &Buffer) -> String {
    let area = buffer.area;
    let (width, height) = (u32::from(area.width) * CELL.0 + 24, u32::from(area.height) * CELL.1 + 24);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16181d\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13\" fill=\"#d7dae0\" xml:space=\"preserve\">\n"
    );
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let start = x;
            let style = look(buffer, x, y);
            let mut text = String::new();
            while x < area.width && look(buffer, x, y) == style {
                let symbol = buffer[(x, y)].symbol();
                text.push_str(if symbol.is_empty() { " " } else { symbol });
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap_or(1).max(1);
            }
            run(&mut out, (start, y), (x - start, &style), &text);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Colour, and whether bold, underlined, turned around.
type Look = (Color, bool, bool, bool);

fn look(buffer: &Buffer, x: u16, y: u16) -> Look {
    let cell = &buffer[(x, y)];
    let has = |modifier| cell.modifier.contains(modifier);
    (cell.fg, has(Modifier::BOLD), has(Modifier::UNDERLINED), has(Modifier::REVERSED))
}

fn run(out: &mut String, (x, y): (u16, u16), (columns, look): (u16, &Look), text: &str) {
    let (fg, bold, underlined, turned) = look;
    if text.trim().is_empty() && !underlined && !turned {
        return;
    }
    let (left, top) = (12 + u32::from(x) * CELL.0, 12 + u32::from(y) * CELL.1);
    let colour = match fg {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => "#d7dae0".to_owned(),
    };
    if *turned {
        let wide = u32::from(columns) * CELL.0;
        let _written = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" fill=\"{colour}\"/>",
            CELL.1
        );
    }
    let mut style = String::new();
    if *turned {
        style.push_str(" fill=\"#16181d\"");
    } else if colour != "#d7dae0" {
        let _written = write!(style, " fill=\"{colour}\"");
    }
    if *bold {
        style.push_str(" font-weight=\"bold\"");
    }
    if *underlined {
        style.push_str(" text-decoration=\"underline\"");
    }
    // Every run is as wide as its cells, whatever font the reader has.
    let drawn = text.trim_end();
    let wide = unicode_width::UnicodeWidthStr::width(if drawn.is_empty() { text } else { drawn });
    let _written = write!(style, " textLength=\"{}\"", u32::try_from(wide).unwrap_or(1) * CELL.0);
    let escaped = text.trim_end().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let escaped = if escaped.is_empty() { text.to_owned() } else { escaped };
    let _written = writeln!(out, "<text x=\"{left}\" y=\"{}\"{style}>{escaped}</text>", top + 13);
}
