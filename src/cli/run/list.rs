//! Lists: `--state`, `--filter`, `--sort`, `--after` and `--limit` become a query; what is not understood is wrong usage.

use serde_json::Value;

use crate::cli::args::List;
use crate::cli::failure::Failure;
use crate::cli::output::{Form, Output};
use crate::cli::table::Table;
use crate::desk;
use crate::desk::query::{Anchor, Asker, Count, Key, Keyed, ListQuery, More, Order, Page};
use crate::domain::date::local_day;
use crate::domain::filter::{self, FieldSet, Filter, Kind, Term};
use crate::domain::permission::Actor;

/// Rows read at once.
const PAGE: usize = 500;

/// What a list can be asked.
#[derive(Clone, Copy)]
pub struct Listing {
    /// The fields of its filter.
    pub fields: &'static FieldSet,
    /// Its sort columns; the first is the preset.
    pub sorts: &'static [&'static str],
}

/// The query that was asked for.
pub fn query(asked: &List, listing: Listing, (actor, now): (&Actor, i64)) -> Result<ListQuery, Failure> {
    Ok(ListQuery {
        state: asked.state.as_deref().map(|typed| state(typed, listing.fields)).transpose()?,
        filter: asked
            .filter
            .as_deref()
            .map_or_else(|| Ok(Filter::default()), |typed| read_filter(typed, listing.fields, now))?,
        sort: sort(asked.sort.as_deref(), listing.sorts)?,
        order: if asked.descending { Order::Descending } else { Order::Ascending },
        asker: Asker::of(actor, now),
    })
}

/// Adds `mine`.
pub fn only_mine(query: &mut ListQuery) {
    query.filter.terms.push(Term::Mine { negated: false });
}

/// A filter as typed; what is wrong with it is wrong usage.
pub fn read_filter(typed: &str, fields: &FieldSet, now: i64) -> Result<Filter, Failure> {
    let today = local_day(now, &chrono::Local).unwrap_or_default();
    filter::parse(typed, fields, today).map_err(|problem| {
        let at = typed.get(problem.span.clone()).unwrap_or(typed);
        Failure::usage(format!("--filter: {} (at “{at}”)", problem.message)).remedy(problem.remedy)
    })
}

fn state(typed: &str, fields: &'static FieldSet) -> Result<&'static str, Failure> {
    let states = fields
        .fields
        .iter()
        .find_map(|field| match field.kind {
            Kind::State(states) => Some(states),
            Kind::Text | Kind::Number | Kind::Date | Kind::Person | Kind::Age => None,
        })
        .unwrap_or(&[]);
    let wanted = typed.trim().to_lowercase().replace(['-', ' '], "_");
    states.iter().find(|state| **state == wanted).copied().ok_or_else(|| {
        Failure::usage(format!("--state: there is no state “{typed}”"))
            .remedy(format!("Take one of {}.", states.join(", ")))
    })
}

fn sort(typed: Option<&str>, sorts: &'static [&'static str]) -> Result<&'static str, Failure> {
    let Some(typed) = typed else { return Ok(sorts.first().copied().unwrap_or("number")) };
    sorts.iter().find(|sort| **sort == typed).copied().ok_or_else(|| {
        Failure::usage(format!("--sort: “{typed}” is no column to sort by"))
            .remedy(format!("Take one of {}.", sorts.join(", ")))
    })
}

/// What a list reads.
pub struct Pages<R, C> {
    /// Reads a page.
    pub read: R,
    /// Counts all rows, up to so many.
    pub count: C,
}

/// Counting stops here.
const COUNTED: i64 = 100_000;

/// Prints the rows asked for, and says where more of them are. Lines for machines leave page by page, so that a list of
/// any length needs the room of a page; a table or one JSON document needs all rows, which are handed back.
pub fn print<R: Keyed>(
    asked: &List,
    after: Option<Key>,
    mut pages: Pages<
        impl FnMut(&Anchor, usize) -> desk::Result<Page<R>>,
        impl FnOnce(i64) -> desk::Result<Count>,
    >,
    shown: impl Fn(&[R]) -> (Vec<Value>, Table),
    out: &mut Output<'_>,
) -> Result<Vec<R>, Failure> {
    let wanted = match asked.limit {
        0 => usize::MAX,
        limit => usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let streamed = matches!(out.form(), Form::Csv { .. } | Form::JsonLines);
    let mut anchor = after.map_or(Anchor::Start, Anchor::After);
    let (mut rows, mut read): (Vec<R>, usize) = (Vec::new(), 0);
    let more = loop {
        let page = (pages.read)(&anchor, PAGE.min(wanted - read))?;
        let more = page.after == More::Yes;
        read += page.rows.len();
        let last = page.rows.last().map(|row| row.key().clone());
        if streamed {
            let (values, table) = shown(&page.rows);
            out.list(&values, &table)?;
            rows = page.rows;
        } else {
            rows.extend(page.rows);
        }
        match last {
            Some(last) if more && read < wanted => anchor = Anchor::After(last),
            Some(_) | None => break more,
        }
    };
    let (values, table) = shown(&rows);
    if !streamed {
        out.list(&values, &table)?;
    }
    if more {
        // Where one number stands in several rows, each row says how it is named.
        let last = values.last();
        let number =
            last.and_then(|row| row["after"].as_str().or(row["number"].as_str())).unwrap_or_default();
        let all = match (pages.count)(COUNTED)? {
            Count::Exactly(all) => all.to_string(),
            Count::MoreThan(many) => format!("more than {many}"),
        };
        out.message(&format!("{read} of {all} shown; --after {number} shows more, --limit 0 shows all."))?;
    }
    Ok(rows)
}
