//! Order, columns and saved views: the menus of a board and what it keeps between sessions.

use std::collections::BTreeMap;

use super::{Board, Pane, SAVE_VIEW, Stale, Typed};
use crate::tui::door::Order;
use crate::tui::effect::{Effect, Notice};
use crate::tui::layer::Layer;
use crate::tui::text::fit;
use crate::tui::widgets::ask::Ask;
use crate::tui::widgets::form::{FieldKind, FieldSpec, Form, FormSpec};
use crate::tui::widgets::menu::{Menu, MenuItem};
use crate::tui::widgets::table::{Sort, TableRow};

impl<R: TableRow> Board<R> {
    pub(super) fn sort_menu(&self) -> Vec<Effect> {
        let tell = |name: &str| vec![Effect::Tell("sort", name.to_owned())];
        let sortable = self.spec.columns.iter().filter(|column| column.sort == Sort::Yes);
        let mut items: Vec<MenuItem> = sortable
            .map(|column| {
                MenuItem::new(
                    column.title,
                    if column.name == self.query.sort { "now" } else { "" },
                    tell(column.name),
                )
            })
            .collect();
        let at = items.iter().position(|item| !item.hint.is_empty()).unwrap_or(0);
        items.push(MenuItem::new("As it comes", "no order of your own", tell("")));
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Sort by", items, at))))]
    }

    pub(super) fn columns_menu(&self, at: usize) -> Vec<Effect> {
        let optional = self.spec.columns.iter().skip(1);
        let squeezed = self.table.without_room(self.list_width(), &self.query);
        let items = optional
            .map(|column| {
                let sign = if self.table.is_shown(column.name) { "[x]" } else { "[ ]" };
                MenuItem::new(
                    format!("{sign} {}", column.title),
                    if squeezed.contains(&column.name) { "no room now" } else { "" },
                    vec![Effect::Tell("column", column.name.to_owned())],
                )
            })
            .collect();
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Columns", items, at).ticking())))]
    }

    /// The answers of the board's own menus; `None` if it was none of them.
    pub fn told(&mut self, what: &str, value: &str) -> Option<Vec<Effect>> {
        Some(match what {
            "sort" => {
                let column = self.spec.columns.iter().find(|column| column.name == value);
                (self.query.sort, self.query.order) = match column {
                    Some(column) if column.name == self.query.sort => {
                        (column.name, self.query.order.reversed())
                    }
                    Some(column) => (column.name, Order::Ascending),
                    None => self.spec.sort,
                };
                self.reread()
            }
            "column" => {
                self.table.toggle_column(value);
                let at =
                    self.spec.columns.iter().skip(1).position(|column| column.name == value).unwrap_or(0);
                self.columns_menu(at)
            }
            "save-view" => {
                let text = match self.views.insert(value.to_owned(), self.view()) {
                    Some(_) => {
                        format!("this view is saved as “{value}”; the one of that name before is replaced")
                    }
                    None => format!("this view is saved as “{value}”"),
                };
                vec![Effect::Say(Notice::good(text))]
            }
            "ask-view" => {
                let forget = vec![Effect::Tell("forget-view", value.to_owned()), Effect::Keep];
                let ask = Ask::confirm(format!("Delete the view “{value}”?"), "Delete", forget);
                vec![Effect::Open(Box::new(Layer::Ask(ask)))]
            }
            "forget-view" => {
                self.views.remove(value);
                vec![Effect::Say(Notice::good(format!("the view “{value}” is deleted")))]
            }
            "view" => {
                let Some(view) = self.views.get(value).cloned() else { return Some(Vec::new()) };
                self.visit = None;
                self.apply_view(&view);
                self.reread()
            }
            _ => return None,
        })
    }

    pub(super) fn save_view(&self) -> Vec<Effect> {
        let name = if self.filter.text().is_empty() {
            self.state_title().to_owned()
        } else {
            self.filter.text().to_owned()
        };
        let field = FieldSpec::new("view", "Name", FieldKind::Line)
            .required()
            .value(name)
            .check(|name| match name.chars().count() {
                0..=40 => Ok(()),
                long => Err(format!("has {long} characters; 40 are enough for a name")),
            })
            .help(
                "Status, filter, order and columns are kept under it; a view of the same name is replaced.",
            );
        let form = Form::new(FormSpec::new(SAVE_VIEW, "Save this view", "Save").field(field));
        vec![Effect::Open(Box::new(Layer::Form(form)))]
    }

    /// In the list the number; inside a record one of its fields, chosen from a menu.
    pub(super) fn copy(&self) -> Vec<Effect> {
        let Some(row) = self.current() else { return Vec::new() };
        let number = row.number().to_owned();
        let fields = match (self.pane, &self.detail) {
            (Pane::Detail, Some(shown)) if shown.id == row.id() => shown.detail.fields(),
            _ => return vec![Effect::Copy(number)],
        };
        let items = std::iter::once(("number".to_owned(), number))
            .chain(fields)
            .map(|(label, text)| {
                let shown = fit(text.lines().next().unwrap_or_default(), 48).into_owned();
                MenuItem::new(label, shown, vec![Effect::Copy(text)])
            })
            .collect();
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Copy", items, 0))))]
    }

    pub(super) fn views_menu(&self) -> Vec<Effect> {
        let items = self
            .views
            .keys()
            .map(|name| {
                MenuItem::new(name, "", vec![Effect::Tell("view", name.clone())])
                    .removed_by(vec![Effect::Tell("ask-view", name.clone())])
            })
            .collect();
        vec![Effect::Open(Box::new(Layer::Menu(Menu::new("Views", items, 0))))]
    }

    /// State, order and filter as one line: `requested company descending lisboa`.
    fn view(&self) -> String {
        let order = if self.query.order == Order::Descending { "descending" } else { "ascending" };
        let hidden: Vec<&str> =
            self.spec.columns.iter().map(|c| c.name).filter(|name| !self.table.is_shown(name)).collect();
        let (state, filter) = match &self.visit {
            Some(visit) => (visit.state, visit.filter.as_str()),
            None => (self.query.state, self.filter.text()),
        };
        let state = state.unwrap_or("all");
        format!("{state} {} {order} -{} {filter}", self.query.sort, hidden.join(","))
    }

    fn apply_view(&mut self, view: &str) {
        let mut parts = view.splitn(5, ' ');
        let mut next = || parts.next().unwrap_or_default();
        let (state, sort, order, hidden, filter) = (next(), next(), next(), next(), next());
        self.query.state = self.spec.states.iter().map(|(name, _)| *name).find(|name| *name == state);
        if let Some(column) = self.spec.columns.iter().find(|column| column.name == sort) {
            self.query.sort = column.name;
        }
        self.query.order = if order == "descending" { Order::Descending } else { Order::Ascending };
        let hidden: Vec<&str> = hidden.trim_start_matches('-').split(',').collect();
        for column in self.spec.columns {
            if self.table.is_shown(column.name) == hidden.contains(&column.name) {
                self.table.toggle_column(column.name);
            }
        }
        self.filter.set(filter);
        self.query.filter = (self.spec.parse)(filter, Typed::Finished, self.query.asker).unwrap_or_default();
        self.stale = Stale::Yes;
    }

    /// What it keeps between sessions.
    pub fn keep(&self) -> BTreeMap<String, String> {
        let mut kept: BTreeMap<String, String> =
            self.views.iter().map(|(n, v)| (format!("view {n}"), v.clone())).collect();
        kept.insert("last".to_owned(), self.view());
        kept
    }

    /// What it kept.
    pub fn restore(&mut self, kept: &BTreeMap<String, String>) {
        for (name, view) in kept {
            match name.strip_prefix("view ") {
                Some(name) => {
                    self.views.insert(name.to_owned(), view.clone());
                }
                None => self.apply_view(view),
            }
        }
    }
}
