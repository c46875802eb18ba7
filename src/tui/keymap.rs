//! A key meets an action here and nowhere else; a key that would mean two things on one screen is an
//! error that names both.

use std::fmt;

use super::action::{ACTIONS, Act, Scope};
use super::key::{Chord, UnknownKey};

/// The two maps that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Letters as in vi, arrows too.
    #[default]
    Vim,
    /// Arrows, F-keys, Ctrl.
    Plain,
}

#[rustfmt::skip]
const BOTH: &[(&str, &str)] = &[
    ("open",         "Enter"),
    ("back",         "Esc"),
    ("mark",         "space"),
    ("mark-down",    "Shift-Down"),
    ("mark-up",      "Shift-Up"),
    ("mark-all",     "*"),
    ("unmark",       "-"),
    ("filter",       "/"),
    ("down",         "Down"),
    ("up",           "Up"),
    ("page-down",    "PgDn"),
    ("page-up",      "PgUp"),
    ("first",        "Home"),
    ("last",         "End"),
    ("detail",       "Right"),
    ("list",         "Left"),
    ("tab",          "1 2 3 4 5 6 7 8 9"),
    ("next-tab",     "Tab"),
    ("previous-tab", "Shift-Tab"),
    ("notices",      "!"),
    ("redraw",       "Ctrl-L"),
    ("suspend",      "Ctrl-Z"),
    ("quit",         "Ctrl-C"),
    ("command",      "Ctrl-P :"),
    ("help",         "F1 ?"),
    ("change-hats",  "F9"),
];

#[rustfmt::skip]
const VIM: &[(&str, &str)] = &[
    ("approve",         "a"),
    ("reject",          "x"),
    ("create",          "c"),
    ("edit",            "e"),
    ("verify",          "v"),
    ("resend",          "r"),
    ("withdraw",        "w"),
    ("assign-to-me",    "m"),
    ("new",             "n"),
    ("reopen",          "R"),
    ("approve-override", "A"),
    ("duplicates",      "d"),
    ("not-a-duplicate", "D"),
    ("submit",          "s"),
    ("discard",         "X"),
    ("request-change",  "C"),
    ("delegate",        "T"),
    ("ask",             "i"),
    ("take",            "t"),
    ("release",         "R"),
    ("reassign",        "M"),
    ("recall",          "r"),
    ("cancel",          "x"),
    ("delete",          "X"),
    ("retry",           "R"),
    ("user-request",    "U"),
    ("resolve",         "v"),
    ("close",           "c"),
    ("comment",         "i"),
    ("template-from",   "t"),
    ("origin",          "b"),
    ("mail-send",       "s"),
    ("mail-retry",      "r"),
    ("mail-cancel",     "x"),
    ("mail-preview",    "p"),
    ("mail-unpause",    "P"),
    ("mail-test",       "t"),
    ("down",            "j"),
    ("up",              "k"),
    ("half-down",       "Ctrl-D"),
    ("half-up",         "Ctrl-U"),
    ("first",           "g"),
    ("last",            "G"),
    ("detail",          "l"),
    ("list",            "h"),
    ("mark-range",      "V"),
    ("next-status",     "f"),
    ("previous-status", "E"),
    ("sort",            "o"),
    ("reverse",         "O"),
    ("columns",         "="),
    ("save-view",       "S"),
    ("views",           "F"),
    ("copy",            "y"),
    ("why",             "W"),
    ("history",         "H"),
    ("undo",            "u"),
    ("redo",            "Ctrl-R"),
    ("quit",            "q"),
];

#[rustfmt::skip]
const PLAIN: &[(&str, &str)] = &[
    ("approve",         "Ctrl-A"),
    ("reject",          "Ctrl-X"),
    ("create",          "Ctrl-K"),
    ("edit",            "Ctrl-E"),
    ("verify",          "Ctrl-V"),
    ("resend",          "Ctrl-R"),
    ("withdraw",        "Ctrl-W"),
    ("assign-to-me",    "Ctrl-G"),
    ("new",             "Ctrl-N Insert"),
    ("reopen",          "Ctrl-O"),
    ("approve-override", "Ctrl-T"),
    ("duplicates",      "Ctrl-D"),
    ("not-a-duplicate", "Ctrl-B"),
    ("submit",          "Ctrl-S"),
    ("discard",         "Ctrl-K"),
    ("request-change",  "Ctrl-T"),
    ("delegate",        "Ctrl-D"),
    ("ask",             "Ctrl-W"),
    ("take",            "Ctrl-G"),
    ("release",         "Ctrl-O"),
    ("reassign",        "Ctrl-E"),
    ("recall",          "Ctrl-R"),
    ("cancel",          "Ctrl-X"),
    ("delete",          "Delete"),
    ("retry",           "Ctrl-T"),
    ("user-request",    "Ctrl-K"),
    ("resolve",         "Ctrl-V"),
    ("close",           "Ctrl-K"),
    ("comment",         "Ctrl-W"),
    ("template-from",   "Ctrl-T"),
    ("origin",          "Ctrl-O"),
    ("mail-send",       "Ctrl-S"),
    ("mail-retry",      "Ctrl-R"),
    ("mail-cancel",     "Ctrl-X Delete"),
    ("mail-preview",    "Ctrl-V"),
    ("mail-unpause",    "Ctrl-K"),
    ("mail-test",       "Ctrl-T"),
    ("why",             "F2"),
    ("filter",          "F3 Ctrl-F"),
    ("next-status",     "F4"),
    ("redraw",          "F5"),
    ("sort",            "F6"),
    ("reverse",         "F7"),
    ("history",         "F8"),
    ("quit",            "F10 Ctrl-Q"),
    ("columns",         "F11"),
    ("copy",            "F12"),
    ("undo",            "Ctrl-U"),
    ("redo",            "Ctrl-Y"),
];

/// What is wrong with keys in the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// A key name that cannot be read.
    Key(UnknownKey),
    /// An action that does not exist.
    Action(String),
    /// One key for two actions on one screen.
    Clash {
        /// The key.
        key: Chord,
        /// The two names.
        names: [&'static str; 2],
    },
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyProblem::Key(unknown) => unknown.fmt(f),
            KeyProblem::Action(name) => write!(f, "`{name}` is no action; `countersign keys` lists them"),
            KeyProblem::Clash { key, names: [one, two] } => {
                write!(
                    f,
                    "{key} would mean both `{one}` and `{two}`; give one of them another key or \"disabled\""
                )
            }
        }
    }
}

/// Keys and what they do, most particular scope first.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<(Chord, Act)>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::new(Layout::Vim, &[]).expect("a test builds both built-in maps")
    }
}

impl Keymap {
    /// A built-in map with own keys from the config, as (key, action name). Such a key is taken from
    /// whatever had it on the same screens; the action name `disabled` only takes it. Two own keys
    /// that clash are reported, and everything else that is wrong, all at once.
    pub fn new(layout: Layout, own: &[(String, String)]) -> Result<Keymap, Vec<KeyProblem>> {
        let table = match layout {
            Layout::Vim => VIM,
            Layout::Plain => PLAIN,
        };
        let mut keymap = Keymap { bindings: Vec::new() };
        let mut problems = Vec::new();
        for (name, keys) in table.iter().chain(BOTH) {
            for key in keys.split(' ') {
                match (Act::named(name), key.parse()) {
                    (Some(act), Ok(chord)) => keymap.bindings.push((chord, act)),
                    (None, _) => problems.push(KeyProblem::Action((*name).to_owned())),
                    (_, Err(unknown)) => problems.push(KeyProblem::Key(unknown)),
                }
            }
        }
        let mut mine: Vec<(Chord, Act)> = Vec::new();
        for (key, name) in own {
            let chord: Chord = match key.parse() {
                Ok(chord) => chord,
                Err(unknown) => {
                    problems.push(KeyProblem::Key(unknown));
                    continue;
                }
            };
            if name == "disabled" {
                keymap.bindings.retain(|(bound, _)| *bound != chord);
                continue;
            }
            match Act::named(name) {
                Some(act) => {
                    keymap.bindings.retain(|(bound, other)| *bound != chord || !meet(act, *other));
                    mine.push((chord, act));
                }
                None => problems.push(KeyProblem::Action(name.clone())),
            }
        }
        mine.append(&mut keymap.bindings);
        keymap.bindings = mine;
        problems.extend(keymap.clashes());
        if problems.is_empty() { Ok(keymap) } else { Err(problems) }
    }

    fn clashes(&self) -> Vec<KeyProblem> {
        let mut found = Vec::new();
        for (i, (key, one)) in self.bindings.iter().enumerate() {
            for (other, two) in &self.bindings[i + 1..] {
                if key == other && one != two && meet(*one, *two) {
                    found
                        .push(KeyProblem::Clash { key: *key, names: [one.action().name, two.action().name] });
                }
            }
        }
        found
    }

    /// What the key does where these scopes hold.
    pub fn find(&self, chord: Chord, scopes: &[Scope]) -> Option<Act> {
        let here =
            |act: &Act| act.action().scopes.iter().any(|s| *s == Scope::Everywhere || scopes.contains(s));
        self.bindings.iter().find(|(key, act)| *key == chord && here(act)).map(|(_, act)| *act)
    }

    /// The keys of an action, the one to show first.
    pub fn keys(&self, act: Act) -> impl Iterator<Item = Chord> + '_ {
        self.bindings.iter().filter(move |(_, bound)| *bound == act).map(|(key, _)| *key)
    }

    /// The key to show, empty if it has none.
    pub fn key(&self, act: Act) -> String {
        match act {
            Act::GoTab => "1…9".to_owned(),
            Act::Help if self.keys(act).any(|key| key.to_string() == "?") => "?".to_owned(),
            Act::Palette if self.keys(act).any(|key| key.to_string() == ":") => ":".to_owned(),
            act => self.keys(act).next().map_or_else(String::new, |key| key.to_string()),
        }
    }

    /// The whole map as a table for README, man page and `countersign keys`: scope, keys, action, help.
    pub fn table(&self) -> Vec<[String; 4]> {
        ACTIONS
            .iter()
            .map(|action| {
                let keys: Vec<String> = match action.act {
                    Act::GoTab => vec![self.key(Act::GoTab)],
                    act => self.keys(act).map(|key| key.to_string()).collect(),
                };
                let scopes: Vec<&str> = action.scopes.iter().map(|scope| scope.title()).collect();
                [scopes.join(", "), keys.join(" "), action.name.to_owned(), action.help.to_owned()]
            })
            .collect()
    }
}

fn meet(one: Act, two: Act) -> bool {
    let scopes = two.action().scopes;
    one.action().scopes.iter().any(|a| scopes.iter().any(|b| a.meets(*b)))
}

#[cfg(test)]
mod tests;
