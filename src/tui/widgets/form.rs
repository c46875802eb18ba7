//! A form over fields that are data. What is typed is never lost: a draft can be taken at any moment
//! and put back, and errors stand beside their field.

mod date;
mod draw;
mod keys;
mod merge;
mod spec;

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::editor::{Editor, Lines};
use crate::domain::date::DayOrder;
pub use merge::MERGE;
pub use spec::{Choice, FieldKind, FieldSpec, FormSpec, Listed, LookUp, Need, Values};

/// A field with what is typed into it.
#[derive(Debug, Clone)]
struct Field {
    spec: FieldSpec,
    editor: Editor,
    /// The value of the choice or look-up that was taken.
    picked: Option<Choice>,
    /// What a look-up offers for what is typed, and which is highlighted.
    offers: Vec<Choice>,
    offered: usize,
    /// The month that is open under a date.
    calendar: Option<Calendar>,
    order: DayOrder,
    error: Option<String>,
    start: String,
}

/// The form: fields, where the caret is, what was there at the beginning.
#[derive(Debug, Clone)]
pub struct Form {
    /// Which form it is and what it is about; handed back with the values.
    pub id: &'static str,
    /// What the screen needs to know again when it is submitted, kept in the draft.
    pub about: serde_json::Value,
    title: String,
    button: String,
    fields: Vec<Field>,
    focus: usize,
    /// Shown above the button: why it was not saved.
    pub failure: Option<String>,
    /// True while the command runs.
    pub busy: Busy,
    wanted: Option<usize>,
    /// The form as the record gives it since somebody else changed it.
    newer: Option<Box<FormSpec>>,
}

/// Whether the form waits for its command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// It does; keys wait.
    Yes,
    /// It does not.
    No,
}

/// What a filled form says.
#[derive(Debug, Clone, PartialEq)]
pub struct FormData {
    /// Which form.
    pub id: &'static str,
    /// What it is about.
    pub about: serde_json::Value,
    /// The values by field name; shown fields only, blanks at the ends taken off.
    pub values: Values,
}

/// What a key did to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKey {
    /// Nothing that others must know.
    Stay,
    /// A value changed, of this field.
    Changed(&'static str),
    /// Save it.
    Submit,
    /// The reader wants to leave.
    Leave,
    /// Edit this field's text in `$EDITOR`.
    Editor,
}

impl Form {
    /// The form with its first values, the caret in the first field.
    pub fn new(spec: FormSpec) -> Form {
        let fields: Vec<Field> = spec.fields.into_iter().map(Field::new).collect();
        let mut form = Form {
            id: spec.id,
            about: spec.about,
            title: spec.title,
            button: spec.button,
            fields,
            focus: 0,
            failure: None,
            busy: Busy::No,
            wanted: None,
            newer: None,
        };
        form.focus = form.stops().first().copied().unwrap_or(0);
        form
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it says now.
    pub fn data(&self) -> FormData {
        let all = self.all_values();
        let values = self
            .fields
            .iter()
            .filter(|field| field.spec.kind.has_value() && field.spec.is_shown(&all))
            .map(|field| (field.spec.name, field.value()))
            .collect();
        FormData { id: self.id, about: self.about.clone(), values }
    }

    fn all_values(&self) -> Values {
        self.fields.iter().map(|field| (field.spec.name, field.value())).collect()
    }

    /// True if a value is not what it was at the beginning.
    pub fn is_dirty(&self) -> bool {
        self.fields.iter().any(|field| field.spec.kind.has_value() && field.value() != field.start)
    }

    /// What is needed to put it back, as JSON: what was typed, and what stood there before. The other fields are shown
    /// as the record has them when the form is opened again.
    pub fn to_draft(&self) -> serde_json::Value {
        let typed: BTreeMap<&str, serde_json::Value> = self
            .fields
            .iter()
            .filter(|field| field.spec.kind.has_value() && field.value() != field.start)
            .map(|field| {
                let picked = field.picked.as_ref().map(|choice| [choice.value.clone(), choice.label.clone()]);
                let text = match field.spec.kind {
                    FieldKind::Date(_) => field.day_or_text(),
                    _ => field.editor.text().to_owned(),
                };
                (field.spec.name, serde_json::json!({ "text": text, "picked": picked, "was": field.start }))
            })
            .collect();
        let focus = self.fields.get(self.focus).map(|field| field.spec.name);
        serde_json::json!({ "form": self.id, "about": self.about, "typed": typed, "focus": focus })
    }

    /// Puts back what a draft holds; fields that no longer exist are passed over.
    pub fn restore(&mut self, draft: &serde_json::Value) {
        for field in &mut self.fields {
            let Some(typed) = draft["typed"].get(field.spec.name) else { continue };
            if typed["was"].as_str().is_some_and(|was| was != field.start) {
                field.error = Some(format!("somebody changed it meanwhile to “{}”", field.start));
            }
            if let Some(text) = typed["text"].as_str() {
                field.editor.set(text);
            }
            field.picked = match (typed["picked"][0].as_str(), typed["picked"][1].as_str()) {
                (Some(value), Some(label)) => Some(Choice::new(value, label)),
                _ => None,
            };
        }
        let focus = draft["focus"].as_str();
        if let Some(at) = self.fields.iter().position(|field| Some(field.spec.name) == focus) {
            self.focus = at;
        }
        self.settle();
    }

    /// Sets values from outside (a template): each says where it comes from. Values that the reader
    /// typed stay.
    pub fn fill(&mut self, values: &[(&str, String, String)]) {
        for (name, value, origin) in values {
            // A value that is only shown always follows; one that was typed stays.
            let untouched = |field: &&mut Field| {
                !field.spec.kind.has_value() || field.spec.origin.is_some() || field.value().is_empty()
            };
            if let Some(field) =
                self.fields.iter_mut().filter(|field| field.spec.name == *name).find(untouched)
            {
                field.take_value(value);
                field.spec.origin = (!origin.is_empty()).then(|| origin.clone());
            }
        }
    }

    /// Errors beside their fields, the caret in the first; what names no field stands at the bottom.
    pub fn reject(&mut self, errors: &[(String, String)]) {
        self.busy = Busy::No;
        let mut others = Vec::new();
        for (name, problem) in errors {
            match self.fields.iter_mut().find(|field| field.spec.name == name) {
                Some(field) => field.error = Some(problem.clone()),
                None => others.push(problem.clone()),
            }
        }
        self.failure = (!others.is_empty()).then(|| others.join(" "));
        if let Some(first) = self.fields.iter().position(|field| field.error.is_some()) {
            self.focus = first;
        }
    }

    /// Checks every shown field; true if all is well, else the caret is in the first bad one.
    pub fn check(&mut self) -> bool {
        let values = self.all_values();
        let mut errors = Vec::new();
        for field in &mut self.fields {
            field.error = None;
            if !field.spec.kind.has_value() || !field.spec.is_shown(&values) {
                continue;
            }
            if let Some(problem) = field.problem() {
                errors.push((field.spec.name.to_owned(), problem));
            }
        }
        self.reject(&errors);
        errors.is_empty()
    }

    /// The look-up that waits for its offers, with what is typed there.
    pub fn wanted(&mut self) -> Option<(&'static str, LookUp, String)> {
        let field = &self.fields[self.wanted.take()?];
        match field.spec.kind {
            FieldKind::LookUp(look_up) => Some((field.spec.name, look_up, field.editor.text().to_owned())),
            _ => None,
        }
    }

    /// True if a look-up waits.
    pub fn wants(&self) -> bool {
        self.wanted.is_some()
    }

    /// What a look-up found.
    pub fn offer(&mut self, name: &str, offers: Vec<Choice>) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.spec.name == name) {
            field.offers = offers;
            field.offered = 0;
        }
    }

    /// Text from `$EDITOR` into the field with the caret.
    pub fn edited(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.editor.set("");
            field.editor.insert(text.trim_end_matches('\n'));
        }
    }

    /// The text of the field with the caret, if it may be edited outside.
    pub fn text_at_caret(&self) -> Option<&str> {
        let field = self.fields.get(self.focus)?;
        matches!(field.spec.kind, FieldKind::Line | FieldKind::Area(_)).then(|| field.editor.text())
    }

    /// Pasted text is one insert into the field with the caret; it never submits.
    pub fn paste(&mut self, text: &str) -> FormKey {
        let Some(field) = self.fields.get_mut(self.focus) else { return FormKey::Stay };
        if !field.spec.kind.is_typed() {
            return FormKey::Stay;
        }
        field.editor.insert(text);
        self.typed()
    }

    /// Puts the caret on a field or the button, as a click does.
    pub fn focus_on(&mut self, index: usize) -> FormKey {
        if index == self.fields.len() && self.focus == index {
            return FormKey::Submit;
        }
        if self.stops().contains(&index) {
            self.focus = index;
        }
        FormKey::Stay
    }

    fn settle(&mut self) {
        if !self.stops().contains(&self.focus) {
            self.focus = self.stops()[0];
        }
    }
}

impl Field {
    fn new(spec: FieldSpec) -> Field {
        let lines = if matches!(spec.kind, FieldKind::Area(_)) { Lines::Many } else { Lines::One };
        let value = spec.value.clone();
        let mut field = Field {
            editor: Editor::new("", lines),
            picked: None,
            offers: Vec::new(),
            offered: 0,
            calendar: None,
            order: DayOrder::default(),
            error: None,
            start: String::new(),
            spec,
        };
        field.take_value(&value);
        field.start = field.value();
        field
    }

    fn take_value(&mut self, value: &str) {
        match &self.spec.kind {
            FieldKind::Choice(choices) => {
                let first = choices.first().filter(|_| self.spec.listed == Listed::No);
                self.picked = choices.iter().find(|choice| choice.value == value).or(first).cloned();
            }
            FieldKind::LookUp(_) => {
                let label = self.spec.shown_as.clone().unwrap_or_else(|| value.to_owned());
                self.editor.set(&label);
                self.picked = (!value.is_empty()).then(|| Choice::new(value, &label));
            }
            FieldKind::Check
            | FieldKind::Line
            | FieldKind::Area(_)
            | FieldKind::ReadOnly
            | FieldKind::Date(_)
            | FieldKind::Section => {
                self.editor.set(value);
            }
        }
    }

    fn value(&self) -> String {
        match &self.spec.kind {
            FieldKind::Choice(_) | FieldKind::LookUp(_) => {
                self.picked.as_ref().map_or_else(String::new, |choice| choice.value.clone())
            }
            FieldKind::Check => if self.editor.text() == "yes" { "yes" } else { "no" }.to_owned(),
            FieldKind::Line | FieldKind::Area(_) | FieldKind::ReadOnly => {
                self.editor.text().trim().to_owned()
            }
            FieldKind::Date(_) => self.day_or_text(),
            FieldKind::Section => String::new(),
        }
    }

    fn problem(&self) -> Option<String> {
        let value = self.value();
        if matches!(self.spec.kind, FieldKind::LookUp(_)) && value.is_empty() && !self.editor.is_empty() {
            return Some("nothing is chosen for what is typed; pick one from the list".to_owned());
        }
        if value.is_empty() {
            return (self.spec.need == Need::Required).then(|| "is needed".to_owned());
        }
        self.date_problem().or_else(|| self.spec.check.and_then(|check| check(&value).err()))
    }
}

#[cfg(test)]
mod tests;
