//! What the tab's own keys do: one key decides; what needs a word opens a short form.

use super::{Registration, create, duplicate, forms};
use crate::desk::commands::signup::{ApproveSignup, AssignSignup, ResendCode};
use crate::domain::permission::Permission;
use crate::domain::signup::{SignupMove, offer};
use crate::tui::action::Act;
use crate::tui::door::Command;
use crate::tui::effect::{Effect, Finished, Work};
use crate::tui::layer::Layer;
use crate::tui::screens::registration::row::Line;
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::{Span, Tone};

/// More rows than this at once are asked about first.
const ASK_FROM: usize = 2;

/// Whether the commands that ended were decisions, after which the cursor goes on.
pub fn is_decision(finished: &Finished) -> bool {
    finished.results.iter().flatten().any(|receipt| {
        matches!(
            receipt.command,
            "approve_signup"
                | "reject_signup"
                | "create_customer"
                | "withdraw_signup"
                | "verify_by_phone"
                | "reopen_signup"
        )
    })
}

impl Registration {
    /// The tab's own actions; none for those that every list has.
    pub(super) fn own_act(&mut self, act: Act) -> Option<Vec<Effect>> {
        Some(match act {
            Act::Approve => self.on_all("approve", SignupMove::Approve, |screen, line| {
                Command::ApproveSignup(ApproveSignup {
                    subject: screen.subject(&line.row),
                    note: None,
                    override_reason: None,
                })
            }),
            Act::Resend => self.on_all("send a new code to", SignupMove::Resend, |screen, line| {
                Command::ResendCode(ResendCode { subject: screen.subject(&line.row) })
            }),
            Act::AssignToMe => self.on_all("assign to me", SignupMove::Assign, |screen, line| {
                Command::AssignSignup(AssignSignup {
                    subject: screen.subject(&line.row),
                    to: Some(screen.actor.login.clone()),
                })
            }),
            Act::Reject => {
                forms::open(forms::reject(&self.settings, &self.about(SignupMove::Reject), ("", "")))
            }
            Act::Verify => {
                forms::open(forms::one_text(forms::VERIFY, &self.about(SignupMove::VerifyByPhone)))
            }
            Act::Withdraw => forms::open(forms::one_text(forms::WITHDRAW, &self.about(SignupMove::Withdraw))),
            Act::Reopen => forms::open(forms::one_text(forms::REOPEN, &self.about(SignupMove::Reopen))),
            Act::ApproveOverride => {
                forms::open(forms::one_text(forms::OVERRIDE, &self.about(SignupMove::ApproveOverride)))
            }
            Act::New => forms::open(forms::entry(&self.settings)),
            Act::Edit => match self.shown() {
                Some(shown) => forms::open(forms::edit(&shown.detail.card)),
                None => vec![Effect::WhenRead(act)],
            },
            Act::Create => match self.shown() {
                Some(shown) => create::open(self, &shown, None),
                None => vec![Effect::WhenRead(act)],
            },
            Act::Duplicates | Act::NotDuplicate => {
                self.shown().map(|shown| duplicate::menu(&shown)).unwrap_or_default()
            }
            _ => return None,
        })
    }

    /// The rows that an action is about: id and number.
    fn about(&self, mv: SignupMove) -> Vec<(i64, String)> {
        let targets = self.board.targets();
        let may = |line: &&Line| targets.len() == 1 || offer(&self.actor, &self.facts(&line.row), mv).is_ok();
        targets.iter().filter(may).map(|line| (line.row.key.id, line.row.number.clone())).collect()
    }

    /// One command on the row under the cursor at once; on marked rows after a preview of which cannot and why.
    fn on_all(
        &self,
        verb: &str,
        mv: SignupMove,
        make: impl Fn(&Registration, &Line) -> Command,
    ) -> Vec<Effect> {
        let targets = self.board.targets();
        let mut refused = Vec::new();
        let mut commands = Vec::new();
        let mut about = Vec::new();
        for line in &targets {
            match offer(&self.actor, &self.facts(&line.row), mv) {
                Ok(_) => {
                    commands.push(make(self, line));
                    about.push(line.row.key.id);
                }
                Err(refusal) => refused.push(format!("{}: {}", line.row.number, refusal.message)),
            }
        }
        let label = match targets.as_slice() {
            [one] => format!("{verb} {}", one.row.number),
            many => format!("{verb} {} sign-ups", commands.len().min(many.len())),
        };
        let n = commands.len();
        let run = Effect::Run(Work { label: label.clone(), commands, about });
        if targets.len() < ASK_FROM && !self.board.acts_elsewhere(&targets) {
            return vec![run];
        }
        let mut ask = Ask::confirm(format!("{}?", capital(&label)), verb_word(verb), vec![run])
            .line(format!("{n} of {} marked can be done; one undo takes all of it back.", targets.len()));
        let hidden = self.board.hidden_marked();
        if hidden > 0 {
            ask = ask.line(Span::new(
                format!("{hidden} marked rows are hidden by the filter and are left alone."),
                Tone::Caution,
            ));
        }
        for line in refused.iter().take(8) {
            ask = ask.line(Span::new(format!("not {line}"), Tone::Dim));
        }
        if refused.len() > 8 {
            ask = ask.line(Span::new(format!("and {} more that cannot", refused.len() - 8), Tone::Dim));
        }
        vec![Effect::Open(Box::new(Layer::Ask(ask)))]
    }

    /// Whether this member of staff may work on customers at all.
    pub(super) fn may_make_customers(&self) -> bool {
        self.actor.permissions.has(Permission::SignupCreate)
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The button for a verb: its first word.
fn verb_word(verb: &str) -> &str {
    verb.split(' ').next().unwrap_or(verb)
}
