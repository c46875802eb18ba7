//! The Setup tab: by which rules this office works, what is wrong with them, its working time and settings. One page to
//! read; what changes them is told with its command.

mod page;

use ratatui::layout::Rect;

use crate::domain::permission::{Actor, Permission};
use crate::tui::action::{Act, Scope};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::door::{Error, Reader};
use crate::tui::effect::Effect;
use crate::tui::screen::{Offer, Screen, Selection, Want};
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::tabs::TabTitle;

use self::page::{Setup as Read, page};

/// The tab.
pub struct Setup {
    actor: Actor,
    detail: Detail,
    wrong: usize,
    from: usize,
    area: Rect,
}

impl Setup {
    /// The tab for this member of staff.
    pub fn new(actor: Actor) -> Setup {
        Setup { actor, detail: Detail::default(), wrong: 0, from: 0, area: Rect::new(0, 0, 80, 22) }
    }

    /// Where the page is drawn.
    fn inner(area: Rect) -> Rect {
        Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2))
    }

    fn scroll(&mut self, lines: isize) {
        let farthest = self.detail.farthest(Setup::inner(self.area));
        self.from = self.from.saturating_add_signed(lines).min(farthest);
    }
}

impl Screen for Setup {
    fn name(&self) -> &'static str {
        "setup"
    }

    fn title(&self) -> TabTitle {
        let count = if self.wrong > 0 { format!("!{}", self.wrong) } else { String::new() };
        TabTitle { name: "Setup", count }
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::List]
    }

    fn hints(&self) -> Vec<Act> {
        vec![Act::Down, Act::Up, Act::PageDown, Act::PageUp, Act::First, Act::Last]
    }

    fn layout(&mut self, area: Rect) {
        self.area = area;
        self.scroll(0);
    }

    fn refresh(&mut self, reader: &Reader, want: Want) -> Result<(), Error> {
        if !want.is_anew() {
            return Ok(());
        }
        if let Err(refusal) = self.actor.allow(Permission::WorkflowView) {
            self.wrong = 0;
            self.detail =
                Detail { head: Vec::new(), sections: vec![Section::new("Setup").text(refusal.to_string())] };
            return Ok(());
        }
        let read = Read::read(reader)?;
        self.wrong = read.wrong();
        self.detail = page(&read, reader);
        self.scroll(0);
        Ok(())
    }

    fn offer(&self, act: Act) -> Offer {
        match act {
            Act::Down
            | Act::Up
            | Act::HalfDown
            | Act::HalfUp
            | Act::PageDown
            | Act::PageUp
            | Act::First
            | Act::Last
            | Act::Back => Offer::Yes,
            Act::Copy => Offer::No("there is no record here".to_owned()),
            _ => Offer::NotMine,
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        let window = isize::try_from(self.area.height.saturating_sub(3).max(1)).unwrap_or(1);
        match act {
            Act::Down => self.scroll(1),
            Act::Up => self.scroll(-1),
            Act::HalfDown => self.scroll(window / 2),
            Act::HalfUp => self.scroll(-window / 2),
            Act::PageDown => self.scroll(window),
            Act::PageUp => self.scroll(-window),
            // There is no step back from here but to its top.
            Act::First | Act::Back => self.from = 0,
            Act::Last => self.scroll(isize::MAX),
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height < 4 {
            return;
        }
        canvas.across(area.x, area.y, area.width);
        canvas.across(area.x, area.bottom() - 1, area.width);
        canvas.text((area.x + 1, area.y), area.width.saturating_sub(2), " Setup ", canvas.theme.heading);
        let inner = Setup::inner(area);
        self.detail.draw(canvas, inner, self.from);
        canvas.cursor(inner.x, inner.y);
    }

    fn selection(&self) -> Option<Selection> {
        None
    }

    fn wheel(&mut self, _: Option<Hit>, lines: isize) -> Vec<Effect> {
        self.scroll(lines);
        Vec::new()
    }

    fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }
}
