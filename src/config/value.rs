//! One setting's value between TOML and Rust: reading refuses with a sentence, writing gives back TOML that reads as the same value.

use std::path::PathBuf;

use toml::de::DeValue;

use crate::domain::user_request::Authentication;

/// A type that can stand behind a key of the config file.
pub trait Setting: Sized {
    /// Reads the value; the error says what would be accepted.
    fn read(value: &DeValue<'_>) -> Result<Self, String>;
    /// The value as TOML, readable by [`Setting::read`].
    fn write(&self) -> String;
}

impl Setting for bool {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| wanted("true or false", value))
    }
    fn write(&self) -> String {
        self.to_string()
    }
}

impl Setting for u32 {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let number = value.as_integer().ok_or_else(|| wanted("a whole number", value))?;
        u32::from_str_radix(number.as_str(), number.radix())
            .map_err(|_| format!("must be a whole number from 0 to {}", u32::MAX))
    }
    fn write(&self) -> String {
        self.to_string()
    }
}

impl Setting for String {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().map(str::to_owned).ok_or_else(|| wanted("text in quotes", value))
    }
    fn write(&self) -> String {
        quoted(self)
    }
}

/// Empty text means "not set".
impl Setting for Option<String> {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        String::read(value).map(|text| Some(text).filter(|t| !t.is_empty()))
    }
    fn write(&self) -> String {
        quoted(self.as_deref().unwrap_or(""))
    }
}

/// Empty text means "not set"; the path is as typed, [`super::Config::resolve`] makes it absolute.
impl Setting for Option<PathBuf> {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        Option::<String>::read(value).map(|text| text.map(PathBuf::from))
    }
    fn write(&self) -> String {
        quoted(&self.as_deref().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default())
    }
}

/// A list of texts; a single text is a list of one.
impl Setting for Vec<String> {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        if let Some(one) = value.as_str() {
            return Ok(vec![one.to_owned()]);
        }
        let list = value.as_array().ok_or_else(|| wanted("a list of texts", value))?;
        list.iter().map(|item| String::read(item.get_ref())).collect()
    }
    fn write(&self) -> String {
        format!("[{}]", self.iter().map(|s| quoted(s)).collect::<Vec<_>>().join(", "))
    }
}

impl Setting for Authentication {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let word = value.as_str().unwrap_or_default();
        let words = || Authentication::ALL.map(|method| quoted(method.as_str())).join(", ");
        Authentication::parse(word).ok_or_else(|| format!("must be one of {}", words()))
    }
    fn write(&self) -> String {
        quoted(self.as_str())
    }
}

/// "must be WHAT, not a string".
fn wanted(what: &str, found: &DeValue<'_>) -> String {
    format!("must be {what}, not {}", article(found.type_str()))
}

fn article(kind: &str) -> String {
    let an = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if an { "an" } else { "a" })
}

/// Text as a TOML basic string.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Declares a closed set of words as an enum that can stand behind a key.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The words that are accepted, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// The word of this choice, as the config file has it.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl $crate::config::value::Setting for $name {
            fn read(value: &toml::de::DeValue<'_>) -> Result<Self, String> {
                match value.as_str() {
                    $(Some($word) => Ok($name::$variant),)+
                    _ => Err(format!("must be one of {}", $name::WORDS.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", "))),
                }
            }
            fn write(&self) -> String {
                $crate::config::value::quoted(self.word())
            }
        }
    };
}
pub(super) use choice;
