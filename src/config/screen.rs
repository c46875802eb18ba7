//! `[screen]`: how the terminal looks and which keys it takes; nothing here changes what is decided.

use super::value::choice;

choice! {
    /// The colours.
    Theme {
        /// By the terminal's background.
        Auto = "auto",
        /// For a dark background.
        Dark = "dark",
        /// For a light background.
        Light = "light",
        /// No colour.
        Mono = "mono",
    }
}

choice! {
    /// The built-in key map.
    Keys {
        /// hjkl and letters.
        Vim = "vim",
        /// Arrows, function keys, Ctrl.
        Plain = "plain",
    }
}

/// `[screen]`
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// The colours.
    pub theme: Theme,
    /// The key map.
    pub keys: Keys,
    /// Whether the mouse is asked for.
    pub mouse: bool,
    /// Whether only ASCII signs are drawn.
    pub ascii: bool,
    /// Whether the terminal's title is set.
    pub title: bool,
    /// Whether the screen only reads.
    pub read_only: bool,
    /// Own keys; they replace the built-in ones of that action.
    pub bind: Vec<Binding>,
}

impl Default for Screen {
    fn default() -> Self {
        Screen {
            theme: Theme::Auto,
            keys: Keys::Vim,
            mouse: true,
            ascii: false,
            title: true,
            read_only: false,
            bind: Vec::new(),
        }
    }
}

/// One line of `[screen.bind]`; whether action and keys exist is for the key map to say, with this line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The action's name.
    pub action: String,
    /// Its keys; empty means disabled.
    pub keys: Vec<String>,
    /// The line in the config file.
    pub line: usize,
}
