//! What keys do in a form: between fields, in choices and look-ups, on the button.

use crossterm::event::{KeyCode, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};

use super::{Busy, Choice, FieldKind, Form, FormKey, Listed};
use crate::tui::key::Chord;
use crate::tui::widgets::editor::{Edited, Step};

impl Form {
    /// Takes a key. `columns` is the width of a text field as drawn.
    pub fn key(&mut self, chord: Chord, columns: u16) -> FormKey {
        if self.busy == Busy::Yes {
            return FormKey::Stay;
        }
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Char('s') if control => return FormKey::Submit,
            KeyCode::Char('o') if control => return FormKey::Editor,
            KeyCode::Esc if self.fields.get(self.focus).is_some_and(|field| field.calendar.is_some()) => {}
            KeyCode::Esc => {
                let open = self.fields.get(self.focus).is_some_and(|field| !field.offers.is_empty());
                if open {
                    self.fields[self.focus].offers.clear();
                    return FormKey::Stay;
                }
                return FormKey::Leave;
            }
            KeyCode::Tab if chord.modifiers.contains(KeyModifiers::SHIFT) => return self.enter(Step::Up),
            KeyCode::Tab => {
                // A text is only taken by Enter: what stands behind an @ may be meant as it is.
                let texts = self.fields.get(self.focus).is_some_and(|field| !field.spec.texts.is_empty());
                let taken = if texts { FormKey::Stay } else { self.take_offer() };
                self.enter(Step::Down);
                return taken;
            }
            _ => {}
        }
        if self.focus == self.fields.len() {
            return self.button_key(chord);
        }
        if let Some(reply) = self.offer_key(chord).or_else(|| self.date_key(chord)) {
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
            (_, KeyCode::Enter) => self.enter(Step::Down),
            (FieldKind::Choice(_), _) => self.choosing(chord),
            (FieldKind::Check, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) => {
                let field = &mut self.fields[self.focus];
                let flipped = if field.editor.text() == "yes" { "no" } else { "yes" };
                field.editor.set(flipped);
                FormKey::Changed(field.spec.name)
            }
            (FieldKind::Check | FieldKind::ReadOnly | FieldKind::Section, _) => FormKey::Stay,
            (FieldKind::Line | FieldKind::LookUp(_) | FieldKind::Date(_), _) => self.typing(chord),
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
                // A text is where the reader goes on typing.
                let stays = !field.spec.texts.is_empty();
                let taken = self.take_offer();
                if !stays {
                    self.enter(Step::Down);
                }
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
        if !field.spec.texts.is_empty() {
            let typed = field.editor.text();
            let before = asked(typed).map_or(typed, |(before, _)| before).to_owned();
            field.editor.set(&before);
            field.editor.insert(&choice.value);
            return FormKey::Changed(field.spec.name);
        }
        let text = if field.spec.suggest.is_some() { &choice.value } else { &choice.label };
        field.editor.set(text);
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
            KeyCode::Char(c @ '1'..='9') if field.spec.listed == Listed::Yes => {
                let at = c as usize - '1' as usize;
                if at >= count {
                    return FormKey::Stay;
                }
                at
            }
            KeyCode::Char(c) => {
                let starts =
                    |i: &usize| choices[*i].label.to_lowercase().starts_with(&c.to_lowercase().to_string());
                let after = now.map_or(0, |at| at + 1);
                match (after..count).chain(0..after).find(starts) {
                    Some(found) => found,
                    None => return FormKey::Stay,
                }
            }
            _ => return FormKey::Stay,
        };
        field.picked = choices.get(next).cloned();
        field.error = None;
        FormKey::Changed(field.spec.name)
    }

    fn typing(&mut self, chord: Chord) -> FormKey {
        match self.fields[self.focus].editor.key(chord) {
            Edited::Changed => self.typed(),
            Edited::Moved | Edited::No => FormKey::Stay,
        }
    }

    pub(super) fn typed(&mut self) -> FormKey {
        let focus = self.focus;
        let field = &mut self.fields[focus];
        field.error = None;
        field.spec.origin = None;
        if matches!(field.spec.kind, FieldKind::LookUp(_)) {
            field.picked = None;
            self.wanted = Some(focus);
        }
        if let Some(suggest) = field.spec.suggest {
            field.offers = suggest(field.editor.text());
            field.offered = 0;
        }
        if !field.spec.texts.is_empty() {
            field.offers = asked(field.editor.text())
                .map_or_else(Vec::new, |(_, word)| closest(word, &field.spec.texts));
            field.offered = 0;
        }
        let name = field.spec.name;
        self.calendar_follows();
        FormKey::Changed(name)
    }

    /// The places the caret can stop at, the button last.
    pub(super) fn stops(&self) -> Vec<usize> {
        let values = self.all_values();
        let fields = self.fields.iter().enumerate();
        let open = fields.filter(|(_, field)| field.spec.kind.takes_caret() && field.spec.is_shown(&values));
        open.map(|(at, _)| at).chain([self.fields.len()]).collect()
    }

    /// To the next field as in other forms: what stands there is selected, so that typing takes its place.
    fn enter(&mut self, step: Step) -> FormKey {
        let before = self.focus;
        let key = self.go(step);
        if let Some(field) = self.fields.get_mut(self.focus).filter(|_| self.focus != before) {
            field.editor.select_whole();
        }
        key
    }

    fn go(&mut self, step: Step) -> FormKey {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.editor.deselect();
            field.offers.clear();
            field.settle_day();
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
}

/// What stands before the last `@` of a text and what is typed behind it, as long as that is still one word.
fn asked(text: &str) -> Option<(&str, &str)> {
    let (before, word) = text.rsplit_once('@')?;
    let begins = before.chars().next_back().is_none_or(char::is_whitespace);
    (begins && !word.contains(char::is_whitespace)).then_some((before, word))
}

/// The texts that fit what is typed, best first; all of them where nothing is typed yet.
fn closest(word: &str, texts: &[Choice]) -> Vec<Choice> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(word, CaseMatching::Ignore, Normalization::Smart);
    let fitting = pattern.match_list(texts.iter().map(Labelled), &mut matcher);
    fitting.into_iter().map(|(Labelled(choice), _)| choice.clone()).collect()
}

/// A choice by what is shown of it.
struct Labelled<'a>(&'a Choice);

impl AsRef<str> for Labelled<'_> {
    fn as_ref(&self) -> &str {
        &self.0.label
    }
}
