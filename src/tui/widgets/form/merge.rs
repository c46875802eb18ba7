//! Two people changed one record: both values of each field, a choice for each, and the form goes on from the record as
//! it is now (conventions.md, 42). Nothing that was typed is lost: until all is chosen the form keeps it.

use super::{Choice, Field, FieldKind, FieldSpec, Form, FormSpec, Values};

/// The form that asks for the choices; it lies on top of the form that could not be saved.
pub const MERGE: &str = "merge";
const MINE: &str = "mine";
const THEIRS: &str = "theirs";

impl Form {
    /// What is to be chosen, now that the record gives the form `now`: for a field that both changed, one of the two;
    /// what only the other one changed is shown, and stays.
    pub fn against(&mut self, now: FormSpec, why: &str) -> FormSpec {
        let newer = Form::new(now.clone());
        self.newer = Some(Box::new(now));
        let mut spec = FormSpec::new(MERGE, format!("{}: changed meanwhile", self.title), "Save")
            .field(shown("Meanwhile", why.to_owned()));
        let (mut clashes, mut others) = (0, Vec::new());
        for (mine, theirs) in self.pairs(&newer) {
            if theirs.value() == mine.start || theirs.value() == mine.value() {
                continue;
            }
            if mine.value() == mine.start {
                others.push(shown(&mine.spec.label, theirs.reads()));
                continue;
            }
            clashes += 1;
            let choices = vec![Choice::new(MINE, "keep mine"), Choice::new(THEIRS, "take theirs")];
            spec = spec
                .field(FieldSpec::section(&mine.spec.label))
                .field(shown("yours", mine.reads()))
                .field(shown("theirs", theirs.reads()))
                .field(
                    FieldSpec::new(mine.spec.name, "choose", FieldKind::Choice(choices))
                        .required()
                        .listed()
                        .help("1 keeps what you typed, 2 takes what stands there now; Esc goes back to the form"),
                );
        }
        if clashes == 0 {
            let text = "No field that you changed; saving keeps both.";
            spec = spec.field(shown("Of yours", text.to_owned()));
        }
        if !others.is_empty() {
            spec = spec.field(FieldSpec::section("Changed by them alone; it stays so"));
        }
        others.into_iter().fold(spec, FormSpec::field)
    }

    /// Goes on from the newer record with what was chosen; what nobody else changed stays as typed.
    pub fn merge(&mut self, chosen: &Values) {
        let Some(now) = self.newer.take() else { return };
        self.about = now.about.clone();
        let newer = Form::new(*now);
        for field in &mut self.fields {
            let Some(theirs) = newer.fields.iter().find(|other| other.is_same(field)) else { continue };
            let taken = chosen.get(field.spec.name).is_some_and(|side| side == THEIRS);
            if taken || field.value() == field.start {
                field.editor.clone_from(&theirs.editor);
                field.picked.clone_from(&theirs.picked);
            }
            field.start.clone_from(&theirs.start);
            field.error = None;
        }
    }

    fn pairs<'a>(&'a self, newer: &'a Form) -> impl Iterator<Item = (&'a Field, &'a Field)> {
        let mine = self.fields.iter().filter(|field| field.spec.kind.has_value());
        mine.filter_map(|mine| Some((mine, newer.fields.iter().find(|theirs| theirs.is_same(mine))?)))
    }
}

impl Field {
    fn is_same(&self, other: &Field) -> bool {
        self.spec.kind.has_value() && self.spec.name == other.spec.name
    }

    /// Its value as people read it.
    fn reads(&self) -> String {
        let text = match &self.picked {
            Some(choice) => choice.label.clone(),
            None => self.value(),
        };
        if text.is_empty() { "(empty)".to_owned() } else { text }
    }
}

fn shown(label: &str, text: String) -> FieldSpec {
    FieldSpec::new("", label, FieldKind::ReadOnly).value(text)
}
