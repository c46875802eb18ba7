//! Customer account templates: named sets of values (registration.md).

use std::collections::BTreeMap;

/// Makes or changes the template of that name.
#[derive(Debug, Clone)]
pub struct SaveTemplate {
    /// Its name.
    pub name: String,
    /// For which division; none: for all.
    pub division: Option<String>,
    /// Whether it is offered.
    pub active: Offered,
    /// Values by customer field; an empty one removes the value.
    pub values: BTreeMap<String, String>,
}

/// Whether a template is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Yes.
    Yes,
    /// Kept, not offered.
    No,
}

/// “Make template from this”: takes every value of a customer that templates may set.
#[derive(Debug, Clone)]
pub struct TemplateFromCustomer {
    /// Row id of the customer.
    pub customer: i64,
    /// The template's name.
    pub name: String,
}

use rusqlite::{Connection, OptionalExtension, params};

use super::signup::create::shaped;
use super::signup::values::Values;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, FieldProblem, Result};
use crate::desk::query::customer::card;
use crate::domain::customer::{Template, field};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::text::normalise_line;

/// The values of a template that is offered.
pub(in crate::desk) fn values_of(conn: &Connection, name: &str) -> Result<Values> {
    let found: Option<(String, bool)> = conn
        .prepare_cached("select \"values\", active from template where name = ?1")?
        .query_row([name], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    match found {
        None => Err(Error::NotFound {
            what: format!("Template “{name}”"),
            remedy: "See `countersign template list`.".into(),
        }),
        Some((_, false)) => {
            Err(Error::invalid("template", name, "is not offered any more", "Take another one."))
        }
        Some((json, true)) => {
            serde_json::from_str(&json).map_err(|e| Error::Bug(format!("template {name}: {e}")))
        }
    }
}

impl SaveTemplate {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::TemplateEdit)?;
        let name = normalise_line(&self.name);
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::invalid(
                "name",
                &name,
                "is no name for a template",
                "Give it 1 to 80 characters.",
            ));
        }
        let known: Option<(i64, String)> = cx
            .conn
            .prepare_cached("select id, \"values\" from template where name = ?1")?
            .query_row([&name], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        let mut values: Values = known
            .as_ref()
            .map(|(_, json)| serde_json::from_str(json).unwrap_or_default())
            .unwrap_or_default();
        for (field_name, text) in &self.values {
            if field(field_name).is_none() {
                // Says which fields there are.
                shaped(field_name, text)?;
            }
            if field(field_name).is_none_or(|f| f.template == Template::Never) {
                let problem = FieldProblem::new(
                    field_name,
                    text,
                    "cannot be set by a template",
                    "It belongs to one customer alone.",
                );
                return Err(Error::Invalid(vec![problem]));
            }
            if text.trim().is_empty() {
                values.remove(field_name);
            } else {
                values.insert(field_name.clone(), shaped(field_name, text)?);
            }
        }
        save(cx, allowed, (&name, self.division.as_deref(), self.active), (known.map(|(id, _)| id), &values))
    }
}

fn save(
    cx: &Cx<'_>,
    allowed: Allowed,
    (name, division, active): (&str, Option<&str>, Offered),
    (known, values): (Option<i64>, &Values),
) -> Result<Done> {
    let json = serde_json::to_string(values).expect("strings are always JSON");
    let offered = active == Offered::Yes;
    let (kind, id) = match known {
        Some(id) => {
            cx.conn
                .prepare_cached(
                    "update template set \"values\" = ?2, division = coalesce(?3, division), active = ?4,
                       version = version + 1, updated_at = ?5 where id = ?1",
                )?
                .execute(params![id, json, division, offered, cx.now])?;
            ("template_changed", id)
        }
        None => {
            cx.conn
                .prepare_cached(
                    "insert into template (created_at, updated_at, name, division, active, \"values\")
                     values (?1, ?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![cx.now, name, division, offered, json])?;
            ("template_made", cx.conn.last_insert_rowid())
        }
    };
    Ok(Done::audited(allowed, Happened::new(kind, RecordRef::new(RecordKind::Template, id, name))))
}

impl TemplateFromCustomer {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::TemplateEdit)?;
        let card = card(cx.conn, self.customer)?;
        let values: Values = card
            .fields
            .iter()
            .filter(|(name, _)| field(name).is_some_and(|f| f.template == Template::May) && *name != "notes")
            .filter_map(|(name, v)| Some(((*name).to_owned(), v.clone()?)))
            .collect();
        let taken: bool = cx.conn.query_row(
            "select exists (select 1 from template where name = ?1)",
            [&self.name],
            |r| r.get(0),
        )?;
        if taken || self.name.trim().is_empty() {
            return Err(Error::invalid(
                "name",
                &self.name,
                "is taken or empty",
                "Give the template a name of its own.",
            ));
        }
        save(cx, allowed, (&normalise_line(&self.name), None, Offered::Yes), (None, &values))
    }
}
