//! A form as data: what is asked, how, and what is right.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::tui::door::{Error, Reader};

/// The values of a form by field name. A check box says `yes` or `no`.
pub type Values = BTreeMap<&'static str, String>;

/// Finds what could be meant by what is typed into a look-up, best first, at most a window full.
pub type LookUp = fn(&Reader, &str) -> Result<Vec<Choice>, Error>;

/// Says what is wrong with a value, in words that follow the label: `is not an e-mail address`.
pub type Check = fn(&str) -> Result<(), String>;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: &str, label: &str) -> Choice {
        Choice { value: value.to_owned(), label: label.to_owned() }
    }
}

/// How a field is filled.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// A heading between fields.
    Section,
    /// Shown, not asked.
    ReadOnly,
    /// One line.
    Line,
    /// Several lines, so many of them drawn.
    Area(u16),
    /// One of a few.
    Choice(Vec<Choice>),
    /// Found by typing.
    LookUp(LookUp),
    /// Yes or no.
    Check,
    /// A day, typed as people type days, moved by arrows or chosen in a month; seen from this day, which is today.
    Date(NaiveDate),
}

impl FieldKind {
    pub(super) fn has_value(&self) -> bool {
        match self {
            FieldKind::Section | FieldKind::ReadOnly => false,
            FieldKind::Line
            | FieldKind::Area(_)
            | FieldKind::Choice(_)
            | FieldKind::LookUp(_)
            | FieldKind::Check
            | FieldKind::Date(_) => true,
        }
    }

    pub(super) fn takes_caret(&self) -> bool {
        self.has_value()
    }

    pub(super) fn is_typed(&self) -> bool {
        matches!(self, FieldKind::Line | FieldKind::Area(_) | FieldKind::LookUp(_) | FieldKind::Date(_))
    }
}

/// Whether a field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may.
    Optional,
    /// It may not.
    Required,
}

/// Whether the choices of a field stand below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// They do, with their digits.
    Yes,
    /// Only the one that is chosen is shown.
    No,
}

/// One field.
#[derive(Debug, Clone)]
pub struct FieldSpec {
    /// Its stable name.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// How it is filled.
    pub kind: FieldKind,
    /// Whether it may stay empty.
    pub need: Need,
    /// One line shown while the caret is in it.
    pub help: String,
    /// Its first value.
    pub value: String,
    /// How a look-up shows its first value, if not as itself.
    pub shown_as: Option<String>,
    /// Where its value comes from, shown beside it: `from template`.
    pub origin: Option<String>,
    /// What is wrong with a value, in words.
    pub check: Option<Check>,
    /// What a value means, shown beside it: the weekday of a date.
    pub echo: Option<fn(&str) -> Option<String>>,
    /// Of a choice: nothing is chosen at first, and while the caret is in it all that there is stands below, a digit each.
    pub listed: Listed,
    /// What could be meant by what is typed into a line, best first; offered below it.
    pub suggest: Option<fn(&str) -> Vec<Choice>>,
    /// Texts that are kept ready: `@` in the field offers them, and the one that is taken stands in its place.
    pub texts: Vec<Choice>,
    /// Only shown where this holds.
    pub shown: Option<fn(&Values) -> bool>,
}

impl FieldSpec {
    /// An optional field without value.
    pub fn new(name: &'static str, label: &str, kind: FieldKind) -> FieldSpec {
        FieldSpec {
            name,
            label: label.to_owned(),
            kind,
            need: Need::Optional,
            help: String::new(),
            value: String::new(),
            shown_as: None,
            origin: None,
            check: None,
            echo: None,
            listed: Listed::No,
            suggest: None,
            texts: Vec::new(),
            shown: None,
        }
    }

    /// A heading between fields.
    pub fn section(title: &str) -> FieldSpec {
        FieldSpec::new("", title, FieldKind::Section)
    }

    /// May not stay empty.
    pub fn required(mut self) -> FieldSpec {
        self.need = Need::Required;
        self
    }

    /// With its first value.
    pub fn value(mut self, value: impl Into<String>) -> FieldSpec {
        self.value = value.into();
        self
    }

    /// A look-up that shows its first value in other words.
    pub fn shown_as(mut self, label: impl Into<String>) -> FieldSpec {
        self.shown_as = Some(label.into());
        self
    }

    /// With its line of help.
    pub fn help(mut self, help: impl Into<String>) -> FieldSpec {
        self.help = help.into();
        self
    }

    /// With a note where its value comes from.
    pub fn origin(mut self, origin: impl Into<String>) -> FieldSpec {
        self.origin = Some(origin.into());
        self
    }

    /// With a check.
    pub fn check(mut self, check: Check) -> FieldSpec {
        self.check = Some(check);
        self
    }

    /// With an echo of what a value means.
    pub fn echo(mut self, echo: fn(&str) -> Option<String>) -> FieldSpec {
        self.echo = Some(echo);
        self
    }

    /// A choice that nobody makes by accident: nothing is chosen, each choice has its digit.
    pub fn listed(mut self) -> FieldSpec {
        self.listed = Listed::Yes;
        self
    }

    /// A line that offers what could be meant by what is typed.
    pub fn suggest(mut self, suggest: fn(&str) -> Vec<Choice>) -> FieldSpec {
        self.suggest = Some(suggest);
        self
    }

    /// A text area that offers the office's canned texts; its help says so.
    pub fn texts(mut self, texts: Vec<Choice>) -> FieldSpec {
        if !texts.is_empty() {
            let already = if self.help.is_empty() { String::new() } else { format!("{}; ", self.help) };
            self.help = format!("{already}@ offers texts");
        }
        self.texts = texts;
        self
    }

    /// Only where this holds.
    pub fn only_if(mut self, shown: fn(&Values) -> bool) -> FieldSpec {
        self.shown = Some(shown);
        self
    }

    pub(super) fn is_shown(&self, values: &Values) -> bool {
        self.shown.is_none_or(|shown| shown(values))
    }
}

/// A whole form.
#[derive(Debug, Clone)]
pub struct FormSpec {
    /// Its stable name; drafts are found by it.
    pub id: &'static str,
    /// What it is about, e.g. number and version; handed back and kept in drafts.
    pub about: serde_json::Value,
    /// Its title.
    pub title: String,
    /// What the button does, a verb.
    pub button: String,
    /// The fields in order.
    pub fields: Vec<FieldSpec>,
}

impl FormSpec {
    /// A form without fields.
    pub fn new(id: &'static str, title: impl Into<String>, button: &str) -> FormSpec {
        FormSpec {
            id,
            about: serde_json::Value::Null,
            title: title.into(),
            button: button.to_owned(),
            fields: Vec::new(),
        }
    }

    /// With what it is about.
    pub fn about(mut self, about: serde_json::Value) -> FormSpec {
        self.about = about;
        self
    }

    /// With one more field.
    pub fn field(mut self, field: FieldSpec) -> FormSpec {
        self.fields.push(field);
        self
    }
}
