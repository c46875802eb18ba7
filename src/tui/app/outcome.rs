//! What became of commands: one line in the footer, a page where several failed, the form kept open
//! where its command failed.

use super::super::door::{Error, Receipt};
use super::super::effect::{Effect, Finished, Notice};
use super::super::layer::Layer;
use super::super::prose;
use super::super::screen::Want;
use super::super::widgets::detail::{Detail, Section};
use super::super::widgets::form::{Busy, Form};
use super::super::widgets::message::Message;
use super::super::widgets::{Span, Tone};
use super::App;
use super::peek::Peek;

impl App {
    pub(super) fn finished(&mut self, finished: Finished) -> Vec<Effect> {
        self.running = None;
        self.want = Some(Want::All);
        self.own = true;
        let mut effects = vec![Effect::Read];
        let failures: Vec<&Error> =
            finished.results.iter().filter_map(|result| result.as_ref().err()).collect();
        let receipts: Vec<&Receipt> =
            finished.results.iter().filter_map(|result| result.as_ref().ok()).collect();
        let waiting = self
            .layers
            .iter()
            .rposition(|layer| matches!(layer, Layer::Form(form) if form.busy == Busy::Yes));
        if let Some(index) = waiting {
            // Of several rows some were done: the form cannot be sent again for all of them, and the page says which were not.
            if failures.is_empty() || !receipts.is_empty() {
                self.layers.truncate(index + 1);
                self.forget_draft();
                self.layers.truncate(index);
                effects.push(Effect::SaveDrafts(self.drafts()));
            } else if let Layer::Form(form) = &mut self.layers[index] {
                refuse(form, &failures);
                self.peek = failures.iter().find_map(|failure| match failure {
                    Error::Stale { message, .. } => Some(Peek::Newer(message.clone())),
                    _ => None,
                });
                return effects;
            }
        }
        effects.push(Effect::Say(match (receipts.as_slice(), failures.as_slice()) {
            ([], []) => Notice::note("nothing had to be done"),
            (done, []) => Notice::good(format!("{}{}", prose::done(done, self.grace), self.undo_hint(done))),
            ([], [one]) => Notice::wrong(prose::failed(one)),
            (done, failed) => Notice::wrong(format!(
                "{} done, {} not; nothing of these was changed",
                done.len(),
                failed.len()
            )),
        }));
        if failures.len() > 1 || (!failures.is_empty() && !receipts.is_empty()) {
            effects.push(Effect::Open(Box::new(report(&finished, self.grace))));
        }
        for screen in &mut self.screens {
            effects.extend(screen.finished(&finished));
        }
        effects
    }

    fn undo_hint(&self, done: &[&Receipt]) -> String {
        let key = self.key_of(super::super::action::Act::Undo);
        if done.iter().any(|receipt| receipt.undo_until.is_some()) {
            format!(" · {key} undo")
        } else {
            String::new()
        }
    }
}

fn refuse(form: &mut Form, failures: &[&Error]) {
    let mut errors = Vec::new();
    for failure in failures {
        match failure {
            Error::Invalid(problems) => {
                errors.extend(
                    problems.iter().map(|p| (p.field.clone(), format!("{} {}", p.problem, p.remedy))),
                );
            }
            // A rule that a field of the form answers to is shown there.
            Error::Refused(refusal) => errors.push((refusal.rule.to_owned(), prose::failed(failure))),
            other => errors.push((String::new(), prose::failed(other))),
        }
    }
    form.reject(&errors);
}

/// One line per command that failed.
fn report(finished: &Finished, grace: i64) -> Layer {
    let mut section = Section::new("");
    for (index, result) in finished.results.iter().enumerate() {
        let span = match result {
            Ok(receipt) => Span::new(prose::done(&[receipt], grace), Tone::Text),
            Err(error) => Span::new(format!("{}: {}", index + 1, prose::failed(error)), Tone::Alarm),
        };
        section = section.text(span);
    }
    Layer::Message(Message::new(finished.label.clone(), Detail { head: Vec::new(), sections: vec![section] }))
}
