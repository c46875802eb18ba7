//! `countersign template …`: customer account templates.

use serde_json::Value;

use super::batch::find;
use super::signup::single;
use super::text::Page;
use crate::cli::customer::Template;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::commands::template::{Offered, SaveTemplate, TemplateFromCustomer};
use crate::desk::query::customer::TemplateRow;
use crate::desk::{Command, Reader};
use crate::domain::customer::field;
use crate::domain::id::RecordKind;
use crate::domain::permission::Permission;

/// Does one verb.
pub fn run(session: &Session, verb: Template, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::CustomerView)?;
    match verb {
        Template::List => {
            let rows = reader.templates()?;
            let mut table = Table::new(&[
                ("Name", Align::Left),
                ("Division", Align::Left),
                ("Offered", Align::Left),
                ("Values", Align::Right),
            ]);
            for row in &rows {
                let offered = if row.active { "yes" } else { "no" };
                let division = row.division.as_deref().unwrap_or("all");
                table.row([&row.name, division, offered, &row.values.len().to_string()]);
            }
            let values: Vec<Value> = rows.iter().map(shape::template).collect();
            out.list(&values, &table)?;
            Ok(Exit::Done)
        }
        Template::Show(named) => {
            let row = one(&reader, &named.name)?.ok_or_else(|| unknown(&named.name))?;
            out.record(&shape::template(&row), &page(&row))?;
            Ok(Exit::Done)
        }
        Template::New(asked) => {
            let name = asked.named.name;
            if one(&reader, &name)?.is_some() {
                return Err(Failure::new(
                    Exit::Failed,
                    "invalid",
                    format!("there is a template “{name}” already"),
                )
                .remedy("Change it with `countersign template edit`, or take another name."));
            }
            let command = match asked.from {
                Some(number) => Command::TemplateFromCustomer(TemplateFromCustomer {
                    customer: find(&reader, RecordKind::Customer, &number)?.id,
                    name,
                }),
                None => Command::SaveTemplate(SaveTemplate {
                    name,
                    division: asked.division,
                    active: Offered::Yes,
                    values: asked.sets.by_field(),
                }),
            };
            single(session, (&actor, &asked.write), command, out)
        }
        Template::Edit(asked) => {
            let now = one(&reader, &asked.named.name)?.ok_or_else(|| unknown(&asked.named.name))?;
            let active = match asked.offered.as_deref() {
                Some("yes") => Offered::Yes,
                None if now.active => Offered::Yes,
                Some(_) | None => Offered::No,
            };
            let command = Command::SaveTemplate(SaveTemplate {
                name: now.name,
                division: asked.division,
                active,
                values: asked.sets.by_field(),
            });
            single(session, (&actor, &asked.write), command, out)
        }
    }
}

fn one(reader: &Reader, name: &str) -> Result<Option<TemplateRow>, Failure> {
    Ok(reader.templates()?.into_iter().find(|row| row.name == name))
}

fn unknown(name: &str) -> Failure {
    Failure::new(Exit::NotFound, "not_found", format!("Template “{name}” does not exist"))
        .remedy("See `countersign template list`.")
        .about(name)
}

fn page(row: &TemplateRow) -> String {
    let mut page =
        Page::new(&format!("{}  {}", row.name, if row.active { "offered" } else { "not offered" }));
    page.section("Values");
    page.field("For division", row.division.as_deref());
    for (name, value) in &row.values {
        page.field(field(name).map_or(name.as_str(), |field| field.label), Some(value));
    }
    page.done()
}
