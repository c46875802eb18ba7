//! Half-filled forms: kept by screen, form and subject; offered again at the next start.

use super::super::effect::Effect;
use super::super::layer::Layer;
use super::super::widgets::board::SAVE_VIEW;
use super::super::widgets::form::{Form, MERGE};
use super::super::widgets::menu::{Menu, MenuItem};
use super::App;

impl App {
    pub(super) fn draft_key(&self, form: &Form) -> String {
        key(self.screen().name(), form.id, &form.about)
    }

    /// Remembers what is typed into the form on top.
    pub(super) fn note_draft(&mut self) {
        // The choices between two people's values are no form of their own: what was typed is in the one below.
        let typed = |layer: &&Layer| matches!(layer, Layer::Form(form) if form.id != MERGE);
        let Some(Layer::Form(form)) = self.layers.iter().rev().find(typed) else { return };
        let key = self.draft_key(form);
        if form.is_dirty() {
            let mut draft = form.to_draft();
            draft["screen"] = self.screen().name().into();
            draft["title"] = form.title().into();
            self.drafts.insert(key, draft);
        } else {
            self.drafts.remove(&key);
        }
    }

    /// The form on top is done with.
    pub(super) fn forget_draft(&mut self) {
        if let Some(Layer::Form(form)) = self.layers.last() {
            let key = self.draft_key(form);
            self.drafts.remove(&key);
        }
    }

    /// Takes the drafts of earlier sessions and offers them.
    pub(super) fn take_drafts(&mut self, kept: &serde_json::Value) {
        let Some(kept) = kept.as_object().filter(|kept| !kept.is_empty()) else { return };
        let named = |draft: &serde_json::Value| {
            let text = |name: &str| draft[name].as_str().unwrap_or_default().to_owned();
            key(&text("screen"), &text("form"), &draft["about"])
        };
        self.drafts = kept.values().map(|draft| (named(draft), draft.clone())).collect();
        let mut items: Vec<MenuItem> = self
            .drafts
            .values()
            // A name for a view is offered where it was typed, when a view is saved again.
            .filter(|draft| draft["form"] != SAVE_VIEW)
            .map(|draft| {
                let form = self.form_of(draft);
                let tab = self.screens.iter().find(|screen| Some(screen.name()) == draft["screen"].as_str());
                let kept = || draft["title"].as_str().unwrap_or("a form").to_owned();
                let title = form.as_ref().map_or_else(kept, |form| form.title().to_owned());
                let tab = tab.map_or("", |tab| tab.title().name);
                let mut item = MenuItem::new(title, tab, vec![Effect::TakeUp(draft.clone())]);
                item.refusal = form.is_none().then(|| "this form no longer exists".to_owned());
                item
            })
            .collect();
        if items.is_empty() {
            return;
        }
        items.push(MenuItem::new("Later", "they stay", Vec::new()));
        self.layers.push(Layer::Menu(Menu::new("Half-filled forms of last time", items, 0)));
    }

    fn form_of(&self, draft: &serde_json::Value) -> Option<Form> {
        let screen = self.screens.iter().find(|screen| Some(screen.name()) == draft["screen"].as_str())?;
        screen.form(draft["form"].as_str()?, &draft["about"]).map(Form::new)
    }

    /// Opens the form of a draft on its tab.
    pub(super) fn take_up(&mut self, draft: &serde_json::Value) {
        let Some(mut form) = self.form_of(draft) else { return };
        form.reads_days(self.day_order);
        form.restore(draft);
        if let Some(index) =
            self.screens.iter().position(|screen| Some(screen.name()) == draft["screen"].as_str())
        {
            self.active = index;
        }
        self.layers.push(Layer::Form(form));
    }
}

/// Under what the draft of a form is kept.
fn key(screen: &str, form: &str, about: &serde_json::Value) -> String {
    format!("{screen}/{form}/{}", subject(about))
}

/// The records a form is about, if any: what was typed for one must not turn up in the form of another.
fn subject(about: &serde_json::Value) -> String {
    let of = |value: &serde_json::Value| {
        value.as_str().map_or_else(|| value.as_i64().map(|id| id.to_string()), |text| Some(text.to_owned()))
    };
    let named = ["number", "login", "name", "id"].iter().find_map(|name| of(&about[name]));
    let rows = about["rows"].as_array().into_iter().flatten().filter_map(|row| of(&row[1]));
    named.unwrap_or_else(|| rows.collect::<Vec<_>>().join(","))
}
