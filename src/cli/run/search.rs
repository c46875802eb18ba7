//! `countersign search`: sign-ups, customers and contacts by any scrap.

use serde_json::{Value, json};

use super::list::read_filter;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::record::Search;
use crate::cli::session::Session;
use crate::cli::table::{Align, Table};
use crate::desk::query::{Anchor, Asker, ListQuery, Order};
use crate::domain::filter::{FieldSet, Filter, Term};
use crate::domain::permission::Permission;

/// One record that was found.
struct Found {
    kind: &'static str,
    number: String,
    state: String,
    name: String,
    detail: Option<String>,
    email: Option<String>,
}

/// A word may be anything here, so nothing is a field: `re: order` is looked for as it stands.
static WORDS: FieldSet = FieldSet { fields: &[], today: None };

/// Looks everywhere the person may look.
pub fn run(session: &Session, asked: &Search, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let (may_signups, may_customers) =
        (actor.allow(Permission::SignupView).is_ok(), actor.allow(Permission::CustomerView).is_ok());
    if !may_signups && !may_customers {
        actor.allow(Permission::SignupView)?;
    }
    let filter = words(asked, session.now())?;
    let limit = if asked.limit == 0 { 10_000 } else { asked.limit as usize };
    let asker = Asker::of(&actor, session.now());
    let query = ListQuery { state: None, filter, sort: "number", order: Order::Descending, asker };
    let mut found = Vec::new();
    if may_signups {
        let rows = reader.signups(&query, &Anchor::Start, limit)?.rows;
        found.extend(rows.into_iter().map(|row| Found {
            kind: "signup",
            number: row.number,
            state: row.state.as_str().to_owned(),
            name: row.company,
            detail: Some(row.contact),
            email: Some(row.email),
        }));
    }
    if may_customers {
        let rows = reader.customers(&query, &Anchor::Start, limit)?.rows;
        found.extend(rows.into_iter().map(|row| Found {
            kind: "customer",
            number: row.number,
            state: row.state,
            name: row.name,
            detail: row.city,
            email: row.email,
        }));
        let rows = reader.contacts(&query, &Anchor::Start, limit)?.rows;
        found.extend(rows.into_iter().map(|row| Found {
            kind: "contact",
            number: row.number,
            state: row.state,
            name: format!("{} {}", row.first_name.unwrap_or_default(), row.last_name).trim().to_owned(),
            detail: Some(
                row.customers.iter().map(|(number, _)| number.clone()).collect::<Vec<_>>().join(", "),
            ),
            email: row.email,
        }));
    }
    printed(&found, out)
}

fn printed(found: &[Found], out: &mut Output<'_>) -> Result<Exit, Failure> {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("Name", Align::Left),
        ("Of", Align::Left),
        ("E-mail", Align::Left),
        ("State", Align::Left),
    ]);
    for row in found {
        let (detail, email) = (row.detail.as_deref().unwrap_or("–"), row.email.as_deref().unwrap_or("–"));
        table.row([&row.number, &row.name, detail, email, &row.state.replace('_', " ")]);
    }
    let value = |row: &Found| {
        json!({
            "kind": row.kind, "number": row.number, "state": row.state, "name": row.name,
            "detail": row.detail, "email": row.email,
        })
    };
    out.list(&found.iter().map(value).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}

fn words(asked: &Search, now: i64) -> Result<Filter, Failure> {
    let mut terms: Vec<Term> = Vec::new();
    for word in &asked.words {
        let quoted = format!("\"{}\"", word.replace('"', " "));
        terms.extend(read_filter(&quoted, &WORDS, now)?.terms);
    }
    Ok(Filter { terms })
}
