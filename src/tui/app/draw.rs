//! One frame: tabs, the active screen, layers, the footer. Under 60×15 one calm line instead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Drawn, Hit};
use super::super::layer::Layer;
use super::super::widgets::footer::{self, Hint};
use super::super::widgets::{Tone, tabs};
use super::{App, LEAST};

impl App {
    /// The size of the frame to draw.
    pub fn frame_area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }

    /// Draws everything into an empty buffer of that size.
    pub fn draw(&self, buffer: &mut Buffer) -> Drawn {
        let mut canvas = Canvas::new(buffer, &self.theme);
        let area = canvas.area();
        if self.is_too_small() {
            let text = format!("needs {}x{}, has {}x{}", LEAST.0, LEAST.1, area.width, area.height);
            canvas.tone((area.x, area.y), area.width, &text, Tone::Text);
            canvas.cursor(area.x, area.y);
            return canvas.finish();
        }
        tabs::draw(&mut canvas, Rect { height: 1, ..area }, &self.tabs(), self.active, &self.who_line());
        let body = self.body();
        self.screen().draw(&mut canvas, body);
        for layer in &self.layers {
            match layer {
                Layer::Ask(ask) => ask.draw(&mut canvas, body),
                Layer::Form(form) => form.draw(&mut canvas, body),
                Layer::Menu(menu) => menu.draw(&mut canvas, body),
                Layer::Palette(palette) => palette.draw(&mut canvas, body),
                Layer::Help(help) => help.draw(&mut canvas, body),
                Layer::Message(message) => message.draw(&mut canvas, body),
            }
        }
        self.draw_footer(&mut canvas, body, Rect { y: area.bottom() - 1, height: 1, ..area });
        canvas.finish()
    }

    fn draw_footer(&self, canvas: &mut Canvas<'_>, body: Rect, area: Rect) {
        if let Some(notice) = &self.said {
            footer::notice(canvas, area, &notice.text, notice.tone);
            return;
        }
        if let (Some(progress), None) = (&self.progress, self.layers.last()) {
            progress.draw(canvas, area);
            return;
        }
        let hints = match self.layers.last() {
            None if self.screen().is_typing() => {
                vec![
                    Hint::plain("Down", "into the list"),
                    Hint::plain("Esc", "clear"),
                    Hint::plain("Enter", "keep"),
                ]
            }
            None => self.hints(),
            Some(Layer::Form(_)) => vec![Hint::plain("Ctrl-S", "save"), Hint::plain("Esc", "back")],
            Some(Layer::Ask(_)) => {
                vec![
                    Hint::plain("Tab", "or arrows: the next answer"),
                    Hint::plain("Enter", "what is highlighted"),
                    Hint::plain("Esc", "back"),
                ]
            }
            Some(Layer::Menu(menu)) if menu.can_remove() => {
                vec![
                    Hint::plain("Enter", "open"),
                    Hint::plain("Delete", "delete it"),
                    Hint::plain("Esc", "back"),
                ]
            }
            Some(Layer::Menu(menu)) if menu.ticks() => {
                vec![Hint::plain("space", "on or off"), Hint::plain("Esc", "done")]
            }
            Some(Layer::Menu(_) | Layer::Palette(_)) => {
                vec![Hint::plain("Enter", "choose"), Hint::plain("Esc", "back")]
            }
            Some(Layer::Help(help)) => {
                let more = Some(Hint::plain("Down", "more")).filter(|_| help.can_scroll(body));
                more.into_iter().chain([Hint::plain("Esc", "back")]).collect()
            }
            Some(Layer::Message(message)) => {
                let scroll = [Hint::plain("Down", "more"), Hint::plain("PgDn", "a page")];
                let close = [Hint::plain("y", "copy"), Hint::plain("Esc", "back")];
                let scrolls = message.can_scroll(body);
                let on = message.leads_to.map(|act| Hint {
                    hit: Some(Hit::Act(act)),
                    ..Hint::plain(&self.key_of(act), act.action().label)
                });
                scroll.into_iter().filter(|_| scrolls).chain(on).chain(close).collect()
            }
        };
        footer::draw(canvas, area, &hints, &self.health);
    }
}
