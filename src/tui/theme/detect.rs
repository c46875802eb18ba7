//! What the terminal can show and on which background, read from the environment that is handed in;
//! the terminal itself is asked only when nothing else says it, and for 150 ms at most.

use std::collections::BTreeMap;
use std::time::Duration;

use termprofile::{DetectorSettings, TermProfile, TermVars};

use super::{Background, SignSet};
use crate::domain::date::DayOrder;
use crate::tui::gate::{Caps, Depth, Scrolling};

/// `--color`, `--theme`, `--ascii` and their twins in config; the flag has been put before the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// When to use colour.
    pub color: ColorWish,
    /// Which background to assume.
    pub theme: ThemeWish,
    /// Which signs to draw; `None` leaves it to locale and terminal.
    pub signs: Option<SignSet>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorWish {
    /// As terminal and `NO_COLOR` say.
    #[default]
    Auto,
    /// Even against `NO_COLOR`.
    Always,
    /// Never.
    Never,
}

/// Which background to assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeWish {
    /// Find out.
    #[default]
    Auto,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// The environment variables that matter, as name and value; empty values count as absent.
pub type Vars = BTreeMap<&'static str, String>;

/// The names to fill [`Vars`] with.
#[rustfmt::skip]
pub const VARS: &[&str] = &[
    "TERM", "COLORTERM", "NO_COLOR", "COLORFGBG", "LC_ALL", "LC_CTYPE", "LC_TIME", "LANG", "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION", "TMUX", "COUNTERSIGN_THEME",
];

struct FakeTerminal;

impl termprofile::IsTerminal for FakeTerminal {
    fn is_terminal(&self) -> bool {
        true
    }
}

fn var<'a>(vars: &'a Vars, name: &str) -> Option<&'a str> {
    vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// The depth of colour (conventions.md, 51 and 52).
pub fn depth(vars: &Vars, wish: ColorWish) -> Depth {
    match wish {
        ColorWish::Never => return Depth::Mono,
        ColorWish::Auto if var(vars, "NO_COLOR").is_some() => return Depth::Mono,
        ColorWish::Auto | ColorWish::Always => {}
    }
    let mut source: BTreeMap<&str, &str> = BTreeMap::new();
    for name in ["TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX"] {
        if let Some(value) = var(vars, name) {
            source.insert(name, value);
        }
    }
    let found = TermVars::from_source(&source, &FakeTerminal, DetectorSettings::new());
    match TermProfile::detect_with_vars(found) {
        TermProfile::TrueColor => Depth::True,
        TermProfile::Ansi256 => Depth::Ansi256,
        TermProfile::Ansi16 => Depth::Ansi16,
        TermProfile::NoColor | TermProfile::NoTty => match wish {
            ColorWish::Always => Depth::Ansi16,
            ColorWish::Auto | ColorWish::Never => Depth::Mono,
        },
    }
}

/// True where the locale says UTF-8, or says nothing.
fn utf8(vars: &Vars) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| var(vars, name));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// In which order the reader's locale writes day and month where slashes separate (conventions.md, 33).
pub fn day_order(vars: &Vars) -> DayOrder {
    let locale = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(|name| var(vars, name));
    let american =
        |locale: &str| ["en_US", "es_US", "en_PR", "es_PR"].iter().any(|name| locale.starts_with(name));
    if locale.is_some_and(american) { DayOrder::MonthFirst } else { DayOrder::DayFirst }
}

/// What may be sent to this terminal.
pub fn caps(vars: &Vars, wishes: Wishes) -> Caps {
    let console = is_console(vars);
    Caps {
        depth: depth(vars, wishes.color),
        utf8: utf8(vars),
        scrolling: match var(vars, "TERM") {
            None | Some("dumb") => Scrolling::Never,
            Some(_) if console => Scrolling::InsertDelete,
            Some(_) => Scrolling::UpDown,
        },
        sync: !console,
    }
}

fn is_console(vars: &Vars) -> bool {
    var(vars, "TERM")
        .is_some_and(|term| term == "linux" || term.starts_with("linux-") || term.starts_with("vt"))
}

/// Box drawing only where it can be shown (conventions.md, 62).
pub fn signs(vars: &Vars, wishes: Wishes) -> SignSet {
    wishes.signs.unwrap_or(if utf8(vars) && !is_console(vars) { SignSet::Fancy } else { SignSet::Ascii })
}

/// The background: flag or config, environment, the terminal's answer, `COLORFGBG`, dark. `ask` is
/// called only when nothing before it decides.
pub fn background(vars: &Vars, wish: ThemeWish, ask: impl FnOnce() -> Option<Background>) -> Background {
    match wish {
        ThemeWish::Dark => return Background::Dark,
        ThemeWish::Light => return Background::Light,
        ThemeWish::Auto => {}
    }
    match var(vars, "COUNTERSIGN_THEME") {
        Some("dark") => return Background::Dark,
        Some("light") => return Background::Light,
        Some(_) | None => {}
    }
    ask().or_else(|| from_colorfgbg(vars)).unwrap_or_default()
}

fn from_colorfgbg(vars: &Vars) -> Option<Background> {
    let ground: u8 = var(vars, "COLORFGBG")?.rsplit(';').next()?.parse().ok()?;
    Some(if matches!(ground, 7 | 9..=15) { Background::Light } else { Background::Dark })
}

/// Asks the terminal for its background (OSC 11); waits 150 ms at most. Before raw mode only.
pub fn ask_terminal() -> Option<Background> {
    let mut options = terminal_colorsaurus::QueryOptions::default();
    options.timeout = Duration::from_millis(150);
    // Of the background alone: a terminal that does not tell its text colour still tells this one.
    let ground = terminal_colorsaurus::background_color(options).ok()?;
    Some(if ground.perceived_lightness() > 0.5 { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(list: &[(&'static str, &str)]) -> Vars {
        list.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn depth_follows_the_terminal() {
        let depth_of = |list: &[(&'static str, &str)]| depth(&vars(list), ColorWish::Auto);
        assert_eq!(depth_of(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::True);
        assert_eq!(depth_of(&[("TERM", "xterm-256color")]), Depth::Ansi256);
        assert_eq!(depth_of(&[("TERM", "linux")]), Depth::Ansi16);
        assert_eq!(depth_of(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), Depth::Mono);
        assert_eq!(depth_of(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), Depth::Ansi256);
        assert_eq!(
            depth(&vars(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), ColorWish::Always),
            Depth::Ansi256
        );
        assert_eq!(depth(&vars(&[("TERM", "xterm-256color")]), ColorWish::Never), Depth::Mono);
    }

    #[test]
    fn only_american_locales_put_the_month_first() {
        assert_eq!(day_order(&vars(&[("LANG", "en_US.UTF-8")])), DayOrder::MonthFirst);
        assert_eq!(
            day_order(&vars(&[("LANG", "en_US.UTF-8"), ("LC_TIME", "de_DE.UTF-8")])),
            DayOrder::DayFirst
        );
        assert_eq!(day_order(&vars(&[("LANG", "en_GB.UTF-8")])), DayOrder::DayFirst);
        assert_eq!(day_order(&vars(&[])), DayOrder::DayFirst);
    }

    #[test]
    fn background_is_asked_last_but_two() {
        let never = || -> Option<Background> { panic!("the terminal was asked") };
        assert_eq!(background(&vars(&[]), ThemeWish::Light, never), Background::Light);
        assert_eq!(
            background(&vars(&[("COUNTERSIGN_THEME", "light")]), ThemeWish::Auto, never),
            Background::Light
        );
        let silent = || None;
        assert_eq!(background(&vars(&[("COLORFGBG", "0;15")]), ThemeWish::Auto, silent), Background::Light);
        assert_eq!(background(&vars(&[("COLORFGBG", "15;0")]), ThemeWish::Auto, silent), Background::Dark);
        assert_eq!(background(&vars(&[]), ThemeWish::Auto, silent), Background::Dark);
        let answered = || Some(Background::Light);
        assert_eq!(background(&vars(&[("COLORFGBG", "15;0")]), ThemeWish::Auto, answered), Background::Light);
    }

    #[test]
    fn signs_follow_locale_and_console() {
        let signs_of = |list: &[(&'static str, &str)]| signs(&vars(list), Wishes::default());
        assert_eq!(signs_of(&[("LANG", "de_DE.UTF-8"), ("TERM", "xterm")]), SignSet::Fancy);
        assert_eq!(signs_of(&[("LANG", "C"), ("TERM", "xterm")]), SignSet::Ascii);
        assert_eq!(signs_of(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]), SignSet::Ascii);
        assert_eq!(signs_of(&[("LANG", "de_DE.UTF-8"), ("TERM", "linux")]), SignSet::Ascii);
        assert!(!caps(&vars(&[("LANG", "C")]), Wishes::default()).utf8);
        assert_eq!(caps(&vars(&[("TERM", "dumb")]), Wishes::default()).scrolling, Scrolling::Never);
    }
}
