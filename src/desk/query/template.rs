//! Templates, and what *create* would make of a sign-up with one of them.

use rusqlite::Connection;

use crate::desk::error::Result;

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRow {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// Name.
    pub name: String,
    /// For which division; none: all.
    pub division: Option<String>,
    /// Whether it is offered.
    pub active: bool,
    /// Values by customer field.
    pub values: Vec<(String, String)>,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

/// What *create* would make, field by field, and where each value comes from (registration.md, Creating).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// The customer field.
    pub field: &'static str,
    /// The value.
    pub value: String,
    /// Where it comes from.
    pub from: Origin,
}

/// Where a preset value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The sign-up; it wins over the template.
    Signup,
    /// The template; marked so.
    Template,
    /// The office's config or a default.
    Default,
}

/// All templates.
pub(in crate::desk) fn templates(conn: &Connection) -> Result<Vec<TemplateRow>> {
    let mut statement = conn.prepare_cached(
        "select id, version, name, division, active, \"values\", created_at, updated_at from template order by name",
    )?;
    let rows = statement
        .query_map([], |r| {
            let json: String = r.get(5)?;
            let map: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&json).unwrap_or_default();
            Ok(TemplateRow {
                id: r.get(0)?,
                version: r.get(1)?,
                name: r.get(2)?,
                division: r.get(3)?,
                active: r.get(4)?,
                values: map.into_iter().collect(),
                created_at: r.get(6)?,
                updated_at: r.get(7)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
