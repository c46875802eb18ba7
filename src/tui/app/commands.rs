//! Palette, help and notices: all printed from the one table of actions.

use super::super::action::{ACTIONS, Act, Action, Risk, Scope};
use super::super::canvas::Hit;
use super::super::effect::Effect;
use super::super::layer::Layer;
use super::super::screen::Offer;
use super::super::widgets::board::List;
use super::super::widgets::detail::{Detail, Section};
use super::super::widgets::footer::{Hint, Usable};
use super::super::widgets::help::{Help, HelpRow};
use super::super::widgets::menu::{Menu, MenuItem};
use super::super::widgets::message::Message;
use super::super::widgets::palette::{Entry, Palette};
use super::super::widgets::{Span, Tone};
use super::App;

impl App {
    /// The actions that hold on this screen with their offers, this screen's own first.
    fn offered(&self) -> Vec<(&'static Action, Scope, Offer)> {
        let mut list = Vec::new();
        for scope in self.scopes().into_iter().chain([Scope::Everywhere]) {
            for action in ACTIONS.iter().filter(|action| action.scopes.contains(&scope)) {
                let offer = match scope {
                    Scope::Everywhere | Scope::Demo => match &self.read_only {
                        Some(why) if action.act.writes() => Offer::No(why.clone()),
                        Some(_) | None => Offer::Yes,
                    },
                    _ => self.offer(action.act),
                };
                let known = list.iter().any(|(other, ..): &(&Action, Scope, Offer)| other.act == action.act);
                if !known && offer != Offer::NotMine {
                    list.push((action, scope, offer));
                }
            }
        }
        list
    }

    pub(super) fn palette(&self) -> Layer {
        let mut entries: Vec<Entry> = self
            .offered()
            .into_iter()
            .filter(|(action, ..)| action.risk != Risk::Move)
            .map(|(action, _, offer)| Entry {
                name: action.name.to_owned(),
                help: action.help.to_owned(),
                key: self.key_of(action.act),
                refusal: refusal(offer),
                effects: vec![Effect::Act(action.act)],
            })
            .collect();
        for (index, tab) in self.tabs().into_iter().enumerate() {
            entries.push(Entry {
                name: tab.name.to_owned(),
                help: format!("Go to the tab {}", tab.name),
                key: (index + 1).to_string(),
                refusal: None,
                effects: vec![Effect::Tab(index)],
            });
        }
        Layer::Palette(Palette::new(entries))
    }

    pub(super) fn help(&self) -> Layer {
        let rows = self.offered().into_iter().map(|(action, scope, offer)| HelpRow {
            group: scope.title(),
            keys: match action.act {
                Act::GoTab => self.key_of(Act::GoTab),
                act => self.keymap.keys(act).map(|key| key.to_string()).collect::<Vec<_>>().join(" "),
            },
            name: action.name,
            help: action.help.to_owned(),
            refusal: refusal(offer),
        });
        Layer::Help(Help::new(rows.filter(|row| !row.keys.is_empty()).collect()))
    }

    pub(super) fn hat_menu(&self) -> Layer {
        let items = self.hats.iter().map(|hat| {
            MenuItem::new(hat.name.as_str(), hat.roles.as_str(), vec![Effect::Become(hat.login.clone())])
        });
        Layer::Menu(Menu::new("Act as", items.collect(), 0))
    }

    pub(super) fn notice_page(&self) -> Layer {
        let mut section = Section::new("");
        for notice in self.notices.iter().rev() {
            section = section.text(Span::new(notice.text.clone(), notice.tone));
        }
        if self.notices.is_empty() {
            section = section.text(Span::new("Nothing has been said yet.", Tone::Dim));
        }
        let page =
            Message::new("Notices, newest first", Detail { head: Vec::new(), sections: vec![section] });
        Layer::Message(page.leading_to(Act::OwnChanges))
    }

    /// The hints of the footer; help stands last, where it is dropped last.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let general = if self.screen().is_inside() {
            [Act::Palette, Act::Help].as_slice()
        } else {
            &[Act::Filter, Act::Palette, Act::Help]
        };
        let mut acts = self.screen().hints();
        let inside = self.screen().is_inside();
        acts.retain(|act| {
            !inside
                || !matches!(
                    act,
                    Act::Open | Act::NextStatus | Act::New | Act::Mark | Act::SortBy | Act::Filter
                )
        });
        if inside {
            acts.insert(0, Act::Back);
        }
        acts.retain(|act| !general.contains(act));
        let list = self.screen().scopes().contains(&Scope::List);
        acts.extend(general.iter().copied().filter(|act| list || matches!(act, Act::Palette | Act::Help)));
        let mut hints = Vec::new();
        let mut own = 0;
        for act in acts {
            let usable = match act {
                act if self.read_only.is_some() && act.writes() => Usable::No,
                act if act.action().scopes == [Scope::Everywhere] => Usable::Yes,
                act => match self.offer(act) {
                    Offer::Yes => Usable::Yes,
                    Offer::No(_) | Offer::Unread => Usable::No,
                    Offer::NotMine => continue,
                },
            };
            let key = self.key_of(act);
            if !key.is_empty() {
                own += usize::from(!general.contains(&act));
                hints.push(Hint {
                    key,
                    label: act.action().label.to_owned(),
                    hit: Some(Hit::Act(act)),
                    usable,
                });
            }
        }
        // What would be refused comes after what can be done.
        hints[..own].sort_by_key(|hint: &Hint| hint.usable == Usable::No);
        if inside && self.screen().list().is_some_and(List::scrolls) {
            hints.insert(1.min(hints.len()), Hint::plain("Down", "more"));
        }
        hints
    }
}

fn refusal(offer: Offer) -> Option<String> {
    match offer {
        Offer::No(why) => Some(why),
        Offer::Yes | Offer::Unread | Offer::NotMine => None,
    }
}
