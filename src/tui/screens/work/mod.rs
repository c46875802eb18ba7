//! The Work tab: what waits for the reader, why, since when and until when; one key decides, and the next item opens.

mod forms;
mod row;

use std::cell::RefCell;
use std::collections::BTreeMap;

use ratatui::layout::Rect;
use serde_json::Value;

use super::user_requests::detail::detail;
use crate::desk::commands::work::{DecideItem, ItemSubject, ReleaseItem, TakeItem, Verdict};
use crate::domain::permission::Actor;
use crate::domain::workflow::offer::{ItemFacts, ItemMove, offer};
use crate::tui::action::{Act, Scope};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::door::{Asker, Command, Error, Reader};
use crate::tui::effect::{Effect, Finished, Work as Job};
use crate::tui::key::Chord;
use crate::tui::layer::Layer;
use crate::tui::screen::{Offer, Screen, Selection, Submitted, Want};
use crate::tui::screens::clock;
use crate::tui::screens::in_hand::InHand;
use crate::tui::screens::open_form;
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::board::Board;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::form::{FormData, FormSpec};
use crate::tui::widgets::tabs::TabTitle;
use crate::tui::widgets::{Span, Tone};

use self::row::{Line, SPEC, Source, due};

/// The tab.
pub struct Work {
    board: Board<Line>,
    actor: Actor,
    /// What is known of the items that were read, for greying out.
    facts: RefCell<BTreeMap<i64, ItemFacts>>,
    waiting: i64,
}

impl Work {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Work {
        Work { board: Board::new(SPEC), actor, facts: RefCell::new(BTreeMap::new()), waiting: 0 }
    }

    fn refused(&self, line: &Line, mv: ItemMove) -> Option<String> {
        let facts = self.facts.borrow();
        // What was not opened yet is asked of the core, which knows.
        let facts = facts.get(&line.row.id)?;
        offer(&self.actor, facts, mv).err().map(|refusal| refusal.to_string())
    }

    fn targets(&self, mv: ItemMove) -> Vec<Line> {
        self.board.targets().into_iter().filter(|line| self.refused(line, mv).is_none()).collect()
    }

    fn may(&self, mv: ItemMove) -> Offer {
        let targets = self.board.targets();
        let Some(first) = targets.first() else { return Offer::No("nothing waits here".to_owned()) };
        match targets.iter().any(|line| self.refused(line, mv).is_none()) {
            true => Offer::Yes,
            false => Offer::No(self.refused(first, mv).unwrap_or_default()),
        }
    }

    fn run(&self, verb: &str, mv: ItemMove, make: impl Fn(ItemSubject) -> Command) -> Vec<Effect> {
        let targets = self.targets(mv);
        let left = self.board.targets().len() - targets.len();
        let label = match targets.as_slice() {
            [one] => format!("{verb} {}", one.row.number),
            many => format!("{verb} {} items", many.len()),
        };
        let work = Job {
            label: label.clone(),
            commands: targets.iter().map(|l| make(ItemSubject::seen(l.row.id, l.row.seen.clone()))).collect(),
            about: targets.iter().map(|line| line.row.id).collect(),
        };
        if work.commands.len() < 2 {
            return vec![Effect::Run(work)];
        }
        let mut question = format!("{label}?");
        if left > 0 {
            question.push_str(&format!(" {left} of the marked ones cannot be and stay as they are."));
        }
        if self.board.hidden_marked() > 0 {
            question.push_str(&format!(
                " {} marked are hidden by the filter and stay as they are.",
                self.board.hidden_marked()
            ));
        }
        vec![Effect::Open(Box::new(Layer::Ask(Ask::confirm(question, "Do it", vec![Effect::Run(work)]))))]
    }

    fn ask_words(&self, mv: ItemMove, make: impl Fn(&[Line]) -> Option<FormSpec>) -> Vec<Effect> {
        make(&self.targets(mv)).map(open_form).unwrap_or_default()
    }
}

fn move_of(act: Act) -> Option<ItemMove> {
    Some(match act {
        Act::Approve => ItemMove::Approve,
        Act::Reject => ItemMove::Reject,
        Act::RequestChange => ItemMove::RequestChange,
        Act::Delegate => ItemMove::Delegate,
        Act::Ask => ItemMove::Ask,
        Act::Take => ItemMove::Take,
        Act::Release => ItemMove::Release,
        Act::Reassign => ItemMove::Reassign,
        _ => return None,
    })
}

/// Why it is this person's turn, and who has it where that says more.
fn reason(because: &str, holder: &str) -> String {
    if because == holder { because.to_owned() } else { format!("{because} · {holder}") }
}

/// The decision card: why it is here, then everything that is asked.
fn card(line: &Line, facts: &ItemFacts, mut detail: Detail) -> Detail {
    let row = &line.row;
    let since = format!("waits since {} · {}", clock(row.since, line.now), row.rule);
    let mut why = Section::new("Why it is here")
        .text(reason(&row.because, &facts.holder()))
        .text(Span::new(since, Tone::Dim));
    if row.due_at.is_some() {
        why = why.pair("due", due(row, line.now));
    }
    if row.escalations > 0 {
        why = why.text(Span::new(format!("escalated {} times", row.escalations), Tone::Caution));
    }
    detail.sections.insert(0, why);
    detail
}

impl Screen for Work {
    fn name(&self) -> &'static str {
        "work"
    }

    fn title(&self) -> TabTitle {
        let count = if self.waiting > 0 { self.waiting.to_string() } else { String::new() };
        TabTitle { name: "Work", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Work, Scope::List]
    }

    #[rustfmt::skip]
    fn hints(&self) -> Vec<Act> {
        vec![Act::Approve, Act::Reject, Act::RequestChange, Act::Delegate, Act::Ask, Act::Take, Act::Release, Act::Reassign, Act::Mark, Act::NextStatus, Act::Filter,
             Act::Why, Act::History, Act::Undo]
    }

    fn layout(&mut self, area: Rect) {
        self.board.layout(area);
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        let staff = self.actor.staff_id().unwrap_or(0);
        self.board.asked_by(Asker { staff: Some(staff), now: reader.now() });
        if want == Want::All {
            self.waiting = reader.work_waiting(staff)?;
            self.facts.borrow_mut().clear();
        }
        let source = Source::new(reader, staff);
        let query = self.board.query().clone();
        let (actor, known) = (&self.actor, &self.facts);
        self.board.refresh(&source, want, |id| {
            let lines = source.lines(&query)?;
            let Some(line) = lines.iter().find(|line| line.row.id == id) else {
                return Ok(Detail::default());
            };
            let facts = reader.work_facts(id)?;
            let drawn = detail(&reader.user_request_card(actor, line.row.document_id)?, line.now);
            let drawn = card(line, &facts, drawn);
            known.borrow_mut().insert(id, facts);
            Ok(drawn)
        })
    }

    fn offer(&self, act: Act) -> Offer {
        match move_of(act) {
            Some(mv) => self.may(mv),
            None => self.board.offer(act),
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::Approve => self.run("approve", ItemMove::Approve, |item| {
                Command::DecideItem(DecideItem {
                    item,
                    verdict: Verdict::Approve,
                    reason: None,
                    fields: Vec::new(),
                    to: None,
                })
            }),
            Act::Take => self.run("take", ItemMove::Take, |item| Command::TakeItem(TakeItem { item })),
            Act::Release => {
                self.run("release", ItemMove::Release, |item| Command::ReleaseItem(ReleaseItem { item }))
            }
            Act::Reject => self.ask_words(ItemMove::Reject, forms::reject),
            Act::RequestChange => self.ask_words(ItemMove::RequestChange, forms::change),
            Act::Delegate => self.ask_words(ItemMove::Delegate, forms::delegate),
            Act::Reassign => self.ask_words(ItemMove::Reassign, forms::reassign),
            Act::Ask => self.ask_words(ItemMove::Ask, forms::ask),
            other => self.board.act(other).unwrap_or_default(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.board.draw(canvas, area);
    }

    fn selection(&self) -> Option<Selection> {
        // Why and history are the document's.
        self.board
            .current()
            .map(|line| Selection { id: line.row.document_id, number: line.row.number.clone() })
    }

    fn passes_on(&self) -> bool {
        self.waiting == 0
    }

    fn is_typing(&self) -> bool {
        self.board.is_typing()
    }

    fn is_inside(&self) -> bool {
        self.board.is_inside()
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.board.key(chord)
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.board.paste(text)
    }

    fn click(&mut self, hit: Hit) -> Vec<Effect> {
        self.board.click(hit)
    }

    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        self.board.wheel(hit, lines)
    }

    fn told(&mut self, what: &'static str, value: &str) -> Vec<Effect> {
        self.board.told(what, value).unwrap_or_default()
    }

    fn form(&self, id: &str, about: &Value) -> Option<FormSpec> {
        forms::again(id, about)
    }

    fn submit(&mut self, form: &FormData) -> Submitted {
        forms::submitted(form)
            .unwrap_or_else(|| Submitted::Wrong(vec![("to".into(), "is nobody yet".into())]))
    }

    fn finished(&mut self, finished: &Finished) -> Vec<Effect> {
        // What was decided or handed on goes; what was asked or taken stays under the cursor.
        let gone = ["decide_item", "delegate_item", "reassign_item"];
        let done: Vec<i64> = finished
            .about
            .iter()
            .zip(&finished.results)
            .filter(|(_, result)| result.as_ref().is_ok_and(|receipt| gone.contains(&receipt.command)))
            .map(|(id, _)| *id)
            .collect();
        self.board.decided(&done);
        Vec::new()
    }

    fn revisit(&mut self, id: i64) {
        self.board.revisit(id);
    }

    fn select(&mut self, id: i64) -> Vec<Effect> {
        self.board.select(id)
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }

    fn keep(&self) -> BTreeMap<String, String> {
        self.board.keep()
    }

    fn restore(&mut self, kept: &BTreeMap<String, String>) {
        self.board.restore(kept);
    }
}
