//! A key meets an action here and nowhere else; a key that would mean two things on one screen is an
//! error that names both.

mod tables;

use std::fmt;

use super::action::{ACTIONS, Act, Scope};
use super::key::{Chord, UnknownKey};
use tables::{BOTH, PLAIN, VIM};

/// The two maps that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Letters as in vi, arrows too.
    #[default]
    Vim,
    /// Arrows, F-keys, Ctrl.
    Plain,
}

/// A line of `[screen.bind]`: an action and the keys it has from now on, none where it is switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKeys {
    /// The action's name.
    pub action: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// The line in the config file.
    pub line: usize,
}

/// What is wrong with a line of `[screen.bind]`; the line is then passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// A key name that cannot be read.
    Key {
        /// Where.
        line: usize,
        /// What was written.
        unknown: UnknownKey,
    },
    /// An action that does not exist.
    Action {
        /// Where.
        line: usize,
        /// What was written.
        name: String,
        /// What may have been meant.
        near: Option<&'static str>,
    },
    /// One key for two actions on one screen.
    Clash {
        /// Where.
        line: usize,
        /// The key.
        key: Chord,
        /// The two names.
        names: [&'static str; 2],
    },
    /// An action that must have a key.
    Needed {
        /// Where.
        line: usize,
        /// Which.
        name: &'static str,
    },
}

impl KeyProblem {
    /// The line in the config file.
    pub fn line(&self) -> usize {
        match self {
            KeyProblem::Key { line, .. }
            | KeyProblem::Action { line, .. }
            | KeyProblem::Clash { line, .. }
            | KeyProblem::Needed { line, .. } => *line,
        }
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyProblem::Key { line, unknown } => write!(f, "line {line}: {unknown}"),
            KeyProblem::Action { line, name, near } => {
                write!(f, "line {line}: `{name}` is no action")?;
                if let Some(near) = near {
                    write!(f, "; did you mean `{near}`?")?;
                }
                f.write_str(" (`countersign keys` lists them)")
            }
            KeyProblem::Clash { line, key, names: [one, two] } => {
                write!(
                    f,
                    "line {line}: {key} would mean both `{one}` and `{two}`; give one of them another key or \"disabled\""
                )
            }
            KeyProblem::Needed { line, name } => {
                write!(f, "line {line}: `{name}` must keep a key, else nobody gets out")
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
        Keymap::built_in(Layout::Vim)
    }
}

impl Keymap {
    /// A built-in map.
    pub fn built_in(layout: Layout) -> Keymap {
        let table = match layout {
            Layout::Vim => VIM,
            Layout::Plain => PLAIN,
        };
        let mut bindings = Vec::new();
        for (name, keys) in table.iter().chain(BOTH) {
            let act = Act::named(name).expect("a test reads every name of both maps");
            for key in keys.split(' ') {
                bindings.push((key.parse().expect("a test reads every key of both maps"), act));
            }
        }
        Keymap { bindings }
    }

    /// A built-in map with the lines of `[screen.bind]`. A line replaces the built-in keys of its action; a line without
    /// keys (`"disabled"`) switches them off. A key that another action has on the same screen is a clash unless that action
    /// has a line of its own. Wrong lines are passed over and reported, all at once; everything else holds.
    pub fn new(layout: Layout, own: &[OwnKeys]) -> (Keymap, Vec<KeyProblem>) {
        let mut keymap = Keymap::built_in(layout);
        let mut problems = Vec::new();
        let mut lines: Vec<(Act, Vec<Chord>, usize)> = Vec::new();
        for OwnKeys { action, keys, line } in own {
            match read(action, keys, *line) {
                Ok((act, chords)) if chords.is_empty() && act == Act::Quit => {
                    problems.push(KeyProblem::Needed { line: *line, name: act.action().name });
                }
                Ok((act, chords)) => lines.push((act, chords, *line)),
                Err(wrong) => problems.extend(wrong),
            }
        }
        let before = keymap.bindings.clone();
        keymap.bindings.retain(|(_, act)| !lines.iter().any(|(own, ..)| own == act));
        for (act, chords, line) in lines {
            let clash = chords.iter().find_map(|key| Some((*key, keymap.holder(*key, act)?)));
            match clash {
                Some((key, other)) => {
                    let names = [other.action().name, act.action().name];
                    problems.push(KeyProblem::Clash { line, key, names });
                    let freed: Vec<(Chord, Act)> = before
                        .iter()
                        .filter(|(key, was)| *was == act && keymap.holder(*key, act).is_none())
                        .copied()
                        .collect();
                    keymap.bindings.extend(freed);
                }
                None => keymap.bindings.splice(0..0, chords.into_iter().map(|key| (key, act))).for_each(drop),
            }
        }
        problems.sort_by_key(KeyProblem::line);
        (keymap, problems)
    }

    /// Another action that has this key where `act` holds.
    fn holder(&self, key: Chord, act: Act) -> Option<Act> {
        self.bindings
            .iter()
            .find(|(bound, other)| *bound == key && *other != act && meet(act, *other))
            .map(|(_, other)| *other)
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

/// A line as action and keys.
fn read(action: &str, keys: &[String], line: usize) -> Result<(Act, Vec<Chord>), Vec<KeyProblem>> {
    let mut problems = Vec::new();
    let mut chords = Vec::new();
    for key in keys {
        match key.parse() {
            Ok(chord) => chords.push(chord),
            Err(unknown) => problems.push(KeyProblem::Key { line, unknown }),
        }
    }
    match Act::named(action) {
        Some(act) if problems.is_empty() => Ok((act, chords)),
        Some(_) => Err(problems),
        None => {
            problems.push(KeyProblem::Action { line, name: action.to_owned(), near: nearest(action) });
            Err(problems)
        }
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let scored = ACTIONS.iter().map(|action| (strsim::jaro_winkler(name, action.name), action.name));
    scored.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

fn meet(one: Act, two: Act) -> bool {
    let scopes = two.action().scopes;
    one.action().scopes.iter().any(|a| scopes.iter().any(|b| a.meets(*b)))
}

#[cfg(test)]
mod tests;
