//! A form over fields that are data. What is typed is never lost: a draft can be taken at any moment
//! and put back, and errors stand beside their field.

mod draw;
mod spec;

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyModifiers};

use super::editor::{Edited, Editor, Lines, Step};
use crate::tui::key::Chord;
pub use spec::{Choice, FieldKind, FieldSpec, FormSpec, LookUp, Need, Values};

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

    /// What is needed to put it back, as JSON.
    pub fn to_draft(&self) -> serde_json::Value {
        let typed: BTreeMap<&str, serde_json::Value> = self
            .fields
            .iter()
            .filter(|field| field.spec.kind.has_value())
            .map(|field| {
                let picked = field.picked.as_ref().map(|choice| [choice.value.clone(), choice.label.clone()]);
                (field.spec.name, serde_json::json!({ "text": field.editor.text(), "picked": picked }))
            })
            .collect();
        let focus = self.fields.get(self.focus).map(|field| field.spec.name);
        serde_json::json!({ "form": self.id, "about": self.about, "typed": typed, "focus": focus })
    }

    /// Puts back what a draft holds; fields that no longer exist are passed over.
    pub fn restore(&mut self, draft: &serde_json::Value) {
        for field in &mut self.fields {
            let Some(typed) = draft["typed"].get(field.spec.name) else { continue };
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
            let untouched = |field: &&mut Field| field.spec.origin.is_some() || field.value().is_empty();
            if let Some(field) = self.fields.iter_mut().filter(|field| field.spec.name == *name).find(untouched) {
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

    /// Takes a key. `columns` is the width of a text field as drawn.
    pub fn key(&mut self, chord: Chord, columns: u16) -> FormKey {
        if self.busy == Busy::Yes {
            return FormKey::Stay;
        }
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Char('s') if control => return FormKey::Submit,
            KeyCode::Char('o') if control => return FormKey::Editor,
            KeyCode::Esc => {
                let open = self.fields.get(self.focus).is_some_and(|field| !field.offers.is_empty());
                if open {
                    self.fields[self.focus].offers.clear();
                    return FormKey::Stay;
                }
                return FormKey::Leave;
            }
            KeyCode::Tab if chord.modifiers.contains(KeyModifiers::SHIFT) => return self.go(Step::Up),
            KeyCode::Tab => {
                let taken = self.take_offer();
                self.go(Step::Down);
                return taken;
            }
            _ => {}
        }
        if self.focus == self.fields.len() {
            return self.button_key(chord);
        }
        if let Some(reply) = self.offer_key(chord) {
            return reply;
        }
        match (&self.fields[self.focus].spec.kind, chord.code) {
            (FieldKind::Area(_), KeyCode::Up | KeyCode::Down) => {
                let step = if chord.code == KeyCode::Up { Step::Up } else { Step::Down };
                match self.fields[self.focus].editor.vertical(columns, step) {
                    Edited::No => self.go(step),
                    Edited::Moved | Edited::Changed => FormKey::Stay,
                }
            }
            (_, KeyCode::Up) => self.go(Step::Up),
            (_, KeyCode::Down) => self.go(Step::Down),
            (FieldKind::Area(_), _) => self.typing(chord),
            (_, KeyCode::Enter) => self.go(Step::Down),
            (FieldKind::Choice(_), _) => self.choosing(chord),
            (FieldKind::Check, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) => {
                let field = &mut self.fields[self.focus];
                let flipped = if field.editor.text() == "yes" { "no" } else { "yes" };
                field.editor.set(flipped);
                FormKey::Changed(field.spec.name)
            }
            (FieldKind::Check | FieldKind::ReadOnly | FieldKind::Section, _) => FormKey::Stay,
            (FieldKind::Line | FieldKind::LookUp(_), _) => self.typing(chord),
        }
    }

    fn button_key(&mut self, chord: Chord) -> FormKey {
        match chord.code {
            KeyCode::Enter | KeyCode::Char(' ') => FormKey::Submit,
            KeyCode::Up | KeyCode::Left => self.go(Step::Up),
            _ => FormKey::Stay,
        }
    }

    fn offer_key(&mut self, chord: Chord) -> Option<FormKey> {
        let field = &mut self.fields[self.focus];
        if field.offers.is_empty() {
            return None;
        }
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        let last = field.offers.len() - 1;
        match chord.code {
            KeyCode::Up => field.offered = field.offered.saturating_sub(1),
            KeyCode::Down => field.offered = (field.offered + 1).min(last),
            KeyCode::Char('p') if control => field.offered = field.offered.saturating_sub(1),
            KeyCode::Char('n') if control => field.offered = (field.offered + 1).min(last),
            KeyCode::Enter => {
                let taken = self.take_offer();
                self.go(Step::Down);
                return Some(taken);
            }
            _ => return None,
        }
        Some(FormKey::Stay)
    }

    fn take_offer(&mut self) -> FormKey {
        let Some(field) = self.fields.get_mut(self.focus) else { return FormKey::Stay };
        let offered = field.offered;
        if offered >= field.offers.len() || field.editor.is_empty() {
            field.offers.clear();
            return FormKey::Stay;
        }
        let choice = field.offers.swap_remove(offered);
        field.offers.clear();
        field.editor.set(&choice.label);
        field.picked = Some(choice);
        FormKey::Changed(field.spec.name)
    }

    fn choosing(&mut self, chord: Chord) -> FormKey {
        let field = &mut self.fields[self.focus];
        let FieldKind::Choice(choices) = &field.spec.kind else { return FormKey::Stay };
        let now = choices.iter().position(|choice| Some(choice) == field.picked.as_ref());
        let count = choices.len();
        let next = match chord.code {
            KeyCode::Right | KeyCode::Char(' ') => now.map_or(0, |at| (at + 1) % count.max(1)),
            KeyCode::Left => now.map_or(count.saturating_sub(1), |at| (at + count - 1) % count.max(1)),
            KeyCode::Char(c) => {
                let starts = |i: &usize| choices[*i].label.to_lowercase().starts_with(&c.to_lowercase().to_string());
                let after = now.map_or(0, |at| at + 1);
                match (after..count).chain(0..after).find(starts) {
                    Some(found) => found,
                    None => return FormKey::Stay,
                }
            }
            _ => return FormKey::Stay,
        };
        field.picked = choices.get(next).cloned();
        FormKey::Changed(field.spec.name)
    }

    fn typing(&mut self, chord: Chord) -> FormKey {
        match self.fields[self.focus].editor.key(chord) {
            Edited::Changed => self.typed(),
            Edited::Moved | Edited::No => FormKey::Stay,
        }
    }

    fn typed(&mut self) -> FormKey {
        let focus = self.focus;
        let field = &mut self.fields[focus];
        field.error = None;
        field.spec.origin = None;
        if matches!(field.spec.kind, FieldKind::LookUp(_)) {
            field.picked = None;
            self.wanted = Some(focus);
        }
        FormKey::Changed(field.spec.name)
    }

    /// The places the caret can stop at, the button last.
    fn stops(&self) -> Vec<usize> {
        let values = self.all_values();
        let fields = self.fields.iter().enumerate();
        let open = fields.filter(|(_, field)| field.spec.kind.takes_caret() && field.spec.is_shown(&values));
        open.map(|(at, _)| at).chain([self.fields.len()]).collect()
    }

    fn go(&mut self, step: Step) -> FormKey {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.offers.clear();
            let problem = (!field.value().is_empty()).then(|| field.problem()).flatten();
            field.error = problem;
        }
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.focus).unwrap_or(0);
        self.focus = match step {
            Step::Up => stops[at.saturating_sub(1)],
            Step::Down => stops[(at + 1).min(stops.len() - 1)],
        };
        FormKey::Stay
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
                self.picked = choices.iter().find(|choice| choice.value == value).or(choices.first()).cloned();
            }
            FieldKind::LookUp(_) => {
                let label = self.spec.shown_as.clone().unwrap_or_else(|| value.to_owned());
                self.editor.set(&label);
                self.picked = (!value.is_empty()).then(|| Choice::new(value, &label));
            }
            FieldKind::Check | FieldKind::Line | FieldKind::Area(_) | FieldKind::ReadOnly | FieldKind::Section => {
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
            FieldKind::Line | FieldKind::Area(_) | FieldKind::ReadOnly => self.editor.text().trim().to_owned(),
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
        self.spec.check.and_then(|check| check(&value).err())
    }
}

#[cfg(test)]
mod tests;
