//! Keys as people name them: `a`, `Ctrl-R`, `F1`, `space`, `Shift-Tab`. Every key event has one
//! normal form, so what terminals send differently compares equal.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key press in its normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key; characters are as typed, Shift already applied.
    pub code: KeyCode,
    /// Ctrl, Alt, and Shift where it is not part of the character.
    pub modifiers: KeyModifiers,
}

impl Chord {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Chord {
        Chord { code, modifiers: KeyModifiers::NONE }
    }

    /// Ctrl and a letter.
    pub const fn ctrl(letter: char) -> Chord {
        Chord { code: KeyCode::Char(letter), modifiers: KeyModifiers::CONTROL }
    }

    /// The character that this key types into a text field, if it types one.
    pub fn typed(&self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                Some(c)
            }
            _ => None,
        }
    }
}

impl From<KeyEvent> for Chord {
    /// Shift is folded into characters, Ctrl-letters are lower case and Latin, back-tab is Shift-Tab,
    /// Ctrl-J is Enter and Ctrl-H is Backspace (conventions.md, 12, 17 and 68).
    fn from(event: KeyEvent) -> Chord {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = event.modifiers & known;
        let code = match event.code {
            KeyCode::BackTab => {
                modifiers |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            KeyCode::Char(c) => {
                modifiers -= KeyModifiers::SHIFT;
                if modifiers.contains(KeyModifiers::CONTROL) {
                    match latin(c) {
                        'j' | 'm' => {
                            modifiers -= KeyModifiers::CONTROL;
                            KeyCode::Enter
                        }
                        'h' => {
                            modifiers -= KeyModifiers::CONTROL;
                            KeyCode::Backspace
                        }
                        other => KeyCode::Char(other),
                    }
                } else if event.modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase() {
                    KeyCode::Char(c.to_ascii_uppercase())
                } else {
                    KeyCode::Char(c)
                }
            }
            other => other,
        };
        Chord { code, modifiers }
    }
}

/// The letter on the same key of a Latin keyboard, for Ctrl with a Cyrillic layout.
fn latin(c: char) -> char {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let cyrillic = "йцукенгшщзфывапролдячсмить";
    let qwerty = "qwertyuiopasdfghjklzxcvbnm";
    cyrillic.chars().zip(qwerty.chars()).find(|(from, _)| *from == lower).map_or(lower, |(_, to)| to)
}

#[rustfmt::skip]
const NAMES: &[(KeyCode, &str)] = &[
    (KeyCode::Char(' '), "space"),
    (KeyCode::Enter,     "Enter"),
    (KeyCode::Esc,       "Esc"),
    (KeyCode::Tab,       "Tab"),
    (KeyCode::Backspace, "Backspace"),
    (KeyCode::Delete,    "Delete"),
    (KeyCode::Insert,    "Insert"),
    (KeyCode::Up,        "Up"),
    (KeyCode::Down,      "Down"),
    (KeyCode::Left,      "Left"),
    (KeyCode::Right,     "Right"),
    (KeyCode::Home,      "Home"),
    (KeyCode::End,       "End"),
    (KeyCode::PageUp,    "PgUp"),
    (KeyCode::PageDown,  "PgDn"),
];

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        if let Some((_, name)) = NAMES.iter().find(|(code, _)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                write!(f, "{}", c.to_ascii_uppercase())
            }
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            other => write!(f, "{other}"),
        }
    }
}

/// A key name that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey(pub String);

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no key; keys look like a, R, Ctrl-R, F5, space, Enter, Shift-Tab, PgDn", self.0)
    }
}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(name: &str) -> Result<Chord, UnknownKey> {
        let unknown = || UnknownKey(name.to_owned());
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        while let Some((head, tail)) =
            rest.split_once(['-', '+']).filter(|(head, tail)| !head.is_empty() && !tail.is_empty())
        {
            modifiers |= match head.to_ascii_lowercase().as_str() {
                "ctrl" | "c" => KeyModifiers::CONTROL,
                "alt" | "a" => KeyModifiers::ALT,
                "shift" | "s" => KeyModifiers::SHIFT,
                _ => return Err(unknown()),
            };
            rest = tail;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            (Some('F' | 'f'), Some(_)) if rest[1..].parse::<u8>().is_ok_and(|n| (1..=24).contains(&n)) => {
                KeyCode::F(rest[1..].parse().map_err(|_| unknown())?)
            }
            _ => {
                let named = NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(rest));
                let other = match rest.to_ascii_lowercase().as_str() {
                    "pageup" => Some(KeyCode::PageUp),
                    "pagedown" => Some(KeyCode::PageDown),
                    "del" => Some(KeyCode::Delete),
                    "escape" => Some(KeyCode::Esc),
                    "return" => Some(KeyCode::Enter),
                    _ => None,
                };
                named.map(|(code, _)| *code).or(other).ok_or_else(unknown)?
            }
        };
        Ok(Chord::from(KeyEvent::new(code, modifiers)))
    }
}

/// A script of keys as tests write it: `jj<space>a<Esc>/lisboa<Enter>`; `<lt>` is `<`.
pub fn script(text: &str) -> Result<Vec<KeyEvent>, UnknownKey> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = (c == '<').then(|| rest.find('>')).flatten().map(|end| (&rest[1..end], &rest[end + 1..]));
        let (chord, after) = match named {
            Some(("lt", after)) => (Chord::plain(KeyCode::Char('<')), after),
            Some((name, after)) => (name.parse()?, after),
            None => (Chord::plain(KeyCode::Char(c)), &rest[c.len_utf8()..]),
        };
        keys.push(KeyEvent::new(chord.code, chord.modifiers));
        rest = after;
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for name in
            ["a", "R", "Ctrl-R", "F1", "space", "Enter", "Shift-Tab", "PgDn", "-", "*", "Shift-Down", "ü"]
        {
            assert_eq!(name.parse::<Chord>().unwrap().to_string(), name);
        }
        assert_eq!("ctrl+r".parse::<Chord>().unwrap(), Chord::ctrl('r'));
        assert!("Ctrl-".parse::<Chord>().is_err());
        assert!("hyper-x".parse::<Chord>().is_err());
    }

    #[test]
    fn terminals_agree_after_normalising() {
        let chord = |code, modifiers| Chord::from(KeyEvent::new(code, modifiers));
        assert_eq!(chord(KeyCode::BackTab, KeyModifiers::NONE), "Shift-Tab".parse().unwrap());
        assert_eq!(chord(KeyCode::Char('R'), KeyModifiers::SHIFT), "R".parse().unwrap());
        assert_eq!(chord(KeyCode::Char('j'), KeyModifiers::CONTROL), Chord::plain(KeyCode::Enter));
        assert_eq!(chord(KeyCode::Char('С'), KeyModifiers::CONTROL), Chord::ctrl('c'));
        assert_eq!(chord(KeyCode::Char('P'), KeyModifiers::CONTROL), Chord::ctrl('p'));
    }

    #[test]
    fn scripts_mix_letters_and_names() {
        let keys = script("j<space>/é<Enter><lt>").unwrap();
        let shown: Vec<String> = keys.into_iter().map(|key| Chord::from(key).to_string()).collect();
        assert_eq!(shown, ["j", "space", "/", "é", "Enter", "<"]);
    }
}
