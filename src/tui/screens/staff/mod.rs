//! The Staff tab: who works here, what they may do, who stands in for whom, and what is left behind by those who left.

mod detail;
mod forms;
mod offers;
mod queues;
mod row;

use chrono::NaiveDate;
use ratatui::layout::Rect;
use serde_json::Value;

use crate::desk::commands::staff::{Active, EditStaff, EndDeputy};
use crate::desk::query::in_hand::InHand;
use crate::desk::query::staff::{DeputyRow, QueueRow, RoleRow};
use crate::domain::calendar::Calendar;
use crate::domain::id::RecordKind;
use crate::domain::permission::{Actor, Permission};
use crate::tui::action::{Act, Scope};
use crate::tui::canvas::Canvas;
use crate::tui::door::{Asker, Command, Error, Reader};
use crate::tui::effect::{Effect, Finished, Notice, Work};
use crate::tui::layer::Layer;
use crate::tui::prose;
use crate::tui::screen::{Offer, Screen, Submitted, Want};
use crate::tui::screens::open_form;
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::board::{Board, List};
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::form::{FormData, FormSpec};
use crate::tui::widgets::menu::{Menu, MenuItem};
use crate::tui::widgets::tabs::TabTitle;

use self::row::{Line, SPEC, Source};

/// What was read beside the list, for forms, menus and the detail.
#[derive(Debug, Clone)]
pub struct Known {
    roles: Vec<RoleRow>,
    queues: Vec<QueueRow>,
    /// The rules that hold now or will.
    deputies: Vec<DeputyRow>,
    calendar: Calendar,
    today: NaiveDate,
    /// Logins of who left and is still named somewhere.
    left_behind: Vec<String>,
}

/// The tab.
pub struct Staff {
    board: Board<Line>,
    actor: Actor,
    known: Known,
    /// What was tried and waits for a word, and the form that asked for it.
    tried: Option<(FormSpec, Work)>,
    /// Why the reader may not look; nothing is read then.
    barred: Option<String>,
}

impl Staff {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Staff {
        let known = Known {
            roles: Vec::new(),
            queues: Vec::new(),
            deputies: Vec::new(),
            calendar: Calendar::default(),
            today: NaiveDate::default(),
            left_behind: Vec::new(),
        };
        Staff { board: Board::new(SPEC), actor, known, tried: None, barred: None }
    }

    fn read(&mut self, reader: &Reader) -> Result<(), Error> {
        let calendar = reader.settings().calendar.clone();
        let today = calendar.day_of(reader.now());
        let mut deputies = reader.deputies()?;
        deputies.retain(|rule| matches!(rule.state, "now" | "coming"));
        self.known = Known {
            roles: reader.roles()?,
            queues: reader.queues()?,
            deputies,
            calendar,
            today,
            left_behind: reader.leavers(None)?.into_iter().map(|report| report.login).collect(),
        };
        Ok(())
    }

    fn targets(&self, act: Act) -> Vec<Line> {
        self.board.targets().into_iter().filter(|line| self.refused(line, act).is_none()).collect()
    }

    fn work(label: &str, lines: &[Line], command: impl Fn(&Line) -> Command) -> Work {
        let label = match lines {
            [one] => format!("{label} {}", one.row.login),
            many => format!("{label} {} people", many.len()),
        };
        Work {
            label,
            commands: lines.iter().map(command).collect(),
            about: lines.iter().map(|line| line.row.id).collect(),
        }
    }

    fn run(&self, work: Work, button: &str) -> Vec<Effect> {
        super::run(work, button, self.board.hidden_marked())
    }

    fn activate(&self, act: Act, active: Active) -> Vec<Effect> {
        let set = |line: &Line| {
            let (login, active) = (line.row.login.clone(), Some(active));
            Command::EditStaff(EditStaff { login, active, ..EditStaff::default() })
        };
        let verb = if active == Active::Yes { "reactivate" } else { "deactivate" };
        self.run(Staff::work(verb, &self.targets(act), set), "Do it")
    }

    /// Ends the one rule there is, or asks which.
    fn end_deputy(&self, line: &Line) -> Vec<Effect> {
        let end = |rule: &DeputyRow| {
            Effect::Run(Work {
                label: format!("end deputy rule {}", rule.id),
                commands: vec![Command::EndDeputy(EndDeputy { id: rule.id })],
                about: vec![line.row.id],
            })
        };
        let rules = self.rules_of(line);
        match rules.as_slice() {
            [one] => vec![end(one)],
            many => {
                let item = |rule: &DeputyRow| {
                    MenuItem::new(detail::rule_text(rule, &rule.deputy, &self.known), "", vec![end(rule)])
                };
                let items = many.iter().map(item).collect();
                vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Which absence ends", items, 0))))]
            }
        }
    }
}

impl Screen for Staff {
    fn name(&self) -> &'static str {
        "staff"
    }

    fn list(&self) -> Option<&dyn List> {
        Some(&self.board)
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        Some(&mut self.board)
    }

    fn title(&self) -> TabTitle {
        let left = self.known.left_behind.len();
        let count = if left > 0 { format!("!{left}") } else { String::new() };
        TabTitle { name: "Staff", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Staff, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Open, Act::New, Act::Edit, Act::Roles, Act::Deputy, Act::EndDeputy, Act::Queues, Act::ChangeQueues, Act::Manager, Act::MoveItems, Act::Leaver, Act::Deactivate,
             Act::Reactivate, Act::Mark, Act::Filter, Act::NextStatus, Act::History, Act::Undo]
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        self.barred = self.actor.allow(Permission::StaffView).err().map(|refusal| refusal.to_string());
        if self.barred.is_some() {
            return Ok(());
        }
        let me = self.actor.staff_id();
        self.board.asked_by(Asker::of(&self.actor, reader.now()));
        if want.is_anew() {
            self.read(reader)?;
        }
        let source = Source::new(reader, &self.known.left_behind, me);
        let (known, query) = (&self.known, self.board.query().clone());
        self.board.refresh(&source, want, |id| {
            let lines = source.lines(&query)?;
            let Some(line) = lines.iter().find(|line| line.row.id == id) else {
                return Ok(Detail::default());
            };
            let report = reader.leavers(Some(id))?.pop().unwrap_or_default();
            Ok(detail::detail(line, known, &report, reader))
        })
    }

    fn offer(&self, act: Act) -> Offer {
        if let Some(why) = &self.barred {
            return Offer::No(why.clone());
        }
        self.may(act)
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        let current = self.board.current().cloned();
        match (act, current) {
            (Act::New, _) => open_form(forms::entry(&self.known)),
            (Act::Roles, _) => self.roles_menu(),
            (Act::Queues, _) => self.queues_menu(),
            (Act::ChangeQueues, _) => queues::menu(&self.actor, &self.known.queues),
            (Act::Deactivate, _) => self.activate(act, Active::No),
            (Act::Reactivate, _) => self.activate(act, Active::Yes),
            (Act::Manager, _) => {
                let rows: Vec<(i64, String)> =
                    self.targets(act).into_iter().map(|line| (line.row.id, line.row.login)).collect();
                open_form(forms::manager(&rows))
            }
            (Act::Edit, Some(line)) => open_form(forms::edit(&line.row, self.is_personal(&line))),
            (Act::Deputy, Some(line)) => {
                open_form(forms::deputy((line.row.id, &line.row.login), self.known.today))
            }
            (Act::EndDeputy, Some(line)) => self.end_deputy(&line),
            (Act::MoveItems, Some(line)) => {
                open_form(forms::hand_over(forms::MOVE, (line.row.id, &line.row.login)))
            }
            (Act::Leaver, Some(line)) => {
                open_form(forms::hand_over(forms::LEAVER, (line.row.id, &line.row.login)))
            }
            (other, _) => self.board.act(other).unwrap_or_default(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(why) = &self.barred else { return self.board.draw(canvas, area) };
        let detail = Detail { head: Vec::new(), sections: vec![Section::new("Staff").text(why.as_str())] };
        detail.draw(canvas, area, 0);
        canvas.cursor(area.x, area.y);
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        match what {
            offers::ROLE => self.turn_role(value),
            offers::QUEUE => self.turn_queue(value),
            queues::CHANGE => queues::open(&self.known.queues, value),
            _ => self.board.told(what, value).unwrap_or_default(),
        }
    }

    fn form(&self, id: &str, about: &Value) -> Option<FormSpec> {
        forms::again(id, about, &self.known).or_else(|| queues::again(id, about))
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        let work = forms::work(form, &self.known).or_else(|| queues::work(form));
        let Some(work) = work else { return Submitted::Done(Vec::new()) };
        if ![forms::MOVE, forms::LEAVER].contains(&form.id) {
            return Submitted::Run(work);
        }
        if let Some(mut spec) = forms::again(form.id, &form.about, &self.known) {
            for field in &mut spec.fields {
                field.value = form.values.get(field.name).cloned().unwrap_or_default();
            }
            self.tried = Some((spec, work.clone()));
        }
        Submitted::Done(vec![Effect::Preview(work)])
    }

    /// What it would come to, line by line; only then it is done. What cannot be leads back to the form.
    fn previewed(&mut self, finished: &Finished) -> Vec<Effect> {
        let Some((spec, work)) = self.tried.take() else { return Vec::new() };
        match finished.results.first() {
            Some(Ok(receipt)) if receipt.notes.is_empty() => {
                vec![Effect::Say(Notice::note("nothing names them any more: there is nothing to hand over"))]
            }
            Some(Ok(receipt)) => {
                let question = format!("{}?", work.label);
                let ask = Ask::confirm(question, "Do it", vec![Effect::Run(work)]);
                let ask = receipt.notes.iter().fold(ask, |ask, note| ask.line(note.as_str()));
                vec![Effect::Open(Box::new(Layer::Ask(ask)))]
            }
            Some(Err(error)) => {
                let mut effects = open_form(spec);
                effects.push(Effect::Say(Notice::wrong(prose::failed(error))));
                effects
            }
            None => Vec::new(),
        }
    }

    fn finished(&mut self, finished: &Finished) -> Vec<Effect> {
        let mut receipts = finished.results.iter().flatten();
        if let Some(record) = receipts
            .find(|receipt| receipt.command == "add_staff")
            .and_then(|receipt| receipt.record.as_ref())
        {
            self.board.revisit(record.id);
        }
        Vec::new()
    }

    fn find(&self, reader: &Reader, text: &str) -> Result<Option<i64>, Error> {
        let found = reader.find(text);
        Ok(found.ok().filter(|record| record.kind == RecordKind::Staff).map(|record| record.id))
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}
