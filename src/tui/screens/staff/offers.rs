//! What may be done to whom, and the menus of roles and queues: one line each, with a sign for who has it.

use super::row::Line;
use super::{Staff, queues};
use crate::desk::commands::staff::{AddToQueue, GrantRole, RemoveFromQueue, RevokeRole};
use crate::desk::query::staff::{DeputyRow, QueueRow};
use crate::domain::permission::Permission;
use crate::domain::staff::{Change, may_change_queue, may_edit, may_set_deputy};
use crate::tui::action::Act;
use crate::tui::door::Command;
use crate::tui::effect::Effect;
use crate::tui::layer::Layer;
use crate::tui::screen::Offer;
use crate::tui::widgets::menu::{Menu, MenuItem};

/// The answer of the menu of roles: a role's name.
pub const ROLE: &str = "staff-role";
/// The answer of the menu of queues: a queue's name.
pub const QUEUE: &str = "staff-queue";

impl Staff {
    /// The actor may only change what everybody may say of themselves.
    pub(super) fn is_personal(&self, line: &Line) -> bool {
        may_edit(&self.actor, line.row.id, Change::Office).is_err()
    }

    /// The rules by which somebody stands in for this person, now or later.
    pub(super) fn rules_of(&self, line: &Line) -> Vec<DeputyRow> {
        self.known.deputies.iter().filter(|rule| rule.staff == line.row.login).cloned().collect()
    }

    /// Why the actor may not do this to that person; the same questions that the core asks.
    pub(super) fn refused(&self, line: &Line, act: Act) -> Option<String> {
        let (id, login) = (line.row.id, &line.row.login);
        let fits = match act {
            Act::Deactivate if !line.row.active => Err(format!("{login} is inactive already")),
            Act::Reactivate if line.row.active => Err(format!("{login} is active already")),
            Act::EndDeputy if self.rules_of(line).is_empty() => Err(format!("nobody stands in for {login}")),
            Act::MoveItems if line.row.open == 0 => Err(format!("nothing waits for {login}")),
            Act::Queues if self.known.queues.is_empty() => {
                Err("there are no queues yet: queue-change makes one".to_owned())
            }
            _ => Ok(()),
        };
        if let Err(why) = fits {
            return Some(why);
        }
        let answer = match act {
            Act::Edit => may_edit(&self.actor, id, Change::Personal),
            Act::Deputy | Act::EndDeputy => may_set_deputy(&self.actor, id),
            Act::MoveItems if self.actor.staff_id() == Some(id) => self.actor.allow(Permission::WorkDecide),
            Act::MoveItems => self.actor.allow(Permission::WorkReassign),
            Act::Queues => {
                let own = self
                    .known
                    .queues
                    .iter()
                    .find(|queue| may_change_queue(&self.actor, &queue.admin).is_ok());
                may_change_queue(&self.actor, own.map_or("", |queue| queue.admin.as_str()))
            }
            _ => may_edit(&self.actor, id, Change::Office),
        };
        answer.err().map(|refusal| refusal.to_string())
    }

    /// May this be done to the person under the cursor, or to at least one of the marked ones?
    pub(super) fn may(&self, act: Act) -> Offer {
        let lines = match act {
            Act::New => {
                let answer = self.actor.allow(Permission::StaffManage);
                return answer.map_or_else(|refusal| Offer::No(refusal.to_string()), |_| Offer::Yes);
            }
            Act::ChangeQueues => {
                let answer = queues::may(&self.actor, &self.known.queues);
                return answer.map_or_else(|refusal| Offer::No(refusal.to_string()), |()| Offer::Yes);
            }
            Act::Roles | Act::Queues | Act::Manager | Act::Deactivate | Act::Reactivate => {
                self.board.targets()
            }
            Act::Edit | Act::Deputy | Act::EndDeputy | Act::MoveItems | Act::Leaver => {
                self.board.current().cloned().into_iter().collect()
            }
            other => return self.board.offer(other),
        };
        let mut first = None;
        for line in &lines {
            match self.refused(line, act) {
                None => return Offer::Yes,
                Some(why) => drop(first.get_or_insert(why)),
            }
        }
        Offer::No(first.unwrap_or_else(|| "the list is empty".to_owned()))
    }

    fn menu(&self, title: &str, (what, of): (&'static str, Act), items: Vec<Choice>) -> Vec<Effect> {
        let lines = self.targets(of);
        let who = match lines.as_slice() {
            [one] => one.row.login.clone(),
            many => format!("{} people", many.len()),
        };
        let item = |choice: Choice| {
            let have = lines.iter().filter(|line| choice.holders.contains(&line.row.login)).count();
            let (sign, hint) = match have {
                n if n == lines.len() => ("[x]", "Enter takes it"),
                0 => ("[ ]", "Enter gives it"),
                _ => ("[-]", "some have it; Enter gives it to all"),
            };
            let mut item = MenuItem::new(
                format!("{sign} {}", choice.title),
                hint,
                vec![Effect::Tell(what, choice.name)],
            );
            item.refusal = choice.refusal;
            item
        };
        let items = items.into_iter().map(item).collect();
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new(format!("{title} of {who}"), items, 0).ticking())))]
    }

    pub(super) fn roles_menu(&self) -> Vec<Effect> {
        let roles = self.known.roles.iter().map(|role| Choice {
            name: role.name.clone(),
            title: role.title.clone(),
            holders: role.staff.clone(),
            refusal: None,
        });
        self.menu("Roles", (ROLE, Act::Roles), roles.collect())
    }

    pub(super) fn queues_menu(&self) -> Vec<Effect> {
        let refused = |queue: &QueueRow| {
            may_change_queue(&self.actor, &queue.admin).err().map(|refusal| refusal.to_string())
        };
        let queues = self.known.queues.iter().map(|queue| Choice {
            name: queue.name.clone(),
            title: queue.title.clone(),
            holders: queue.members.clone(),
            refusal: refused(queue),
        });
        self.menu("Queues", (QUEUE, Act::Queues), queues.collect())
    }

    /// Takes it from all where all have it, else gives it to those who lack it.
    fn turn(
        &self,
        act: Act,
        (title, holders): (&str, &[String]),
        command: impl Fn(bool, String) -> Command,
    ) -> Vec<Effect> {
        let lines = self.targets(act);
        let has = |line: &Line| holders.contains(&line.row.login);
        let give = !lines.iter().all(has);
        let lines: Vec<Line> = lines.into_iter().filter(|line| has(line) != give).collect();
        let label = if give { format!("give {title} to") } else { format!("take {title} from") };
        self.run(Staff::work(&label, &lines, |line| command(give, line.row.login.clone())), "Do it")
    }

    pub(super) fn turn_role(&self, name: &str) -> Vec<Effect> {
        let Some(role) = self.known.roles.iter().find(|role| role.name == name) else { return Vec::new() };
        self.turn(Act::Roles, (&role.title, &role.staff), |give, login| {
            let role = role.name.clone();
            match give {
                true => Command::GrantRole(GrantRole { login, role }),
                false => Command::RevokeRole(RevokeRole { login, role }),
            }
        })
    }

    pub(super) fn turn_queue(&self, name: &str) -> Vec<Effect> {
        let Some(queue) = self.known.queues.iter().find(|queue| queue.name == name) else {
            return Vec::new();
        };
        self.turn(Act::Queues, (&queue.title, &queue.members), |give, login| {
            let name = queue.name.clone();
            match give {
                true => Command::AddToQueue(AddToQueue { name, login }),
                false => Command::RemoveFromQueue(RemoveFromQueue { name, login }),
            }
        })
    }
}

/// A role or queue as the menu offers it.
struct Choice {
    name: String,
    title: String,
    /// Logins that have it.
    holders: Vec<String>,
    /// Why it cannot be chosen.
    refusal: Option<String>,
}
