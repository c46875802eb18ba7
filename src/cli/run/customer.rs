//! `countersign customer …` and `contact …`: lists and pages of master records, and a customer made by hand.

use super::batch::{self, find};
use super::list::{self, Listing, Pages};
use super::signup::single;
use super::text::{Page, wall};
use super::twice;
use crate::cli::args::{List, Numbers};
use crate::cli::customer::{Contact, Customer, NewCustomer};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::customer as desk;
use crate::desk::query::Anchor;
use crate::desk::query::customer::{
    CONTACT_FILTER, CONTACT_SORTS, ContactRow, CustomerCard, CustomerRow, FILTER, SORTS,
};
use crate::domain::customer::field;
use crate::domain::id::RecordKind;
use crate::domain::permission::Permission;

/// Does one verb on customers.
pub fn run(session: &Session, verb: Customer, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Customer::List(asked) => rows(session, &asked, out),
        Customer::Show(numbers) => show(session, &numbers, out),
        Customer::New(asked) => new(session, asked, out),
        Customer::Duplicates(asked) => twice::run(session, &asked, out),
    }
}

fn rows(session: &Session, asked: &List, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::CustomerView)?;
    let query = list::query(asked, Listing { fields: &FILTER, sorts: SORTS }, (&actor, session.now()))?;
    let after = match &asked.after {
        Some(number) => reader.customer_key(&query, find(&reader, RecordKind::Customer, number)?.id)?,
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| reader.customers(&query, anchor, limit),
        count: |cap| reader.count_customers(&query, cap),
    };
    list::print(
        asked,
        after,
        pages,
        |rows| (rows.iter().map(shape::customer_row).collect(), table(rows)),
        out,
    )?;
    Ok(Exit::Done)
}

fn table(rows: &[CustomerRow]) -> Table {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("Name", Align::Left),
        ("City", Align::Left),
        ("Country", Align::Left),
        ("Phone", Align::Left),
        ("E-mail", Align::Left),
        ("State", Align::Left),
    ]);
    for row in rows {
        let or = |value: &'_ Option<String>| value.clone().unwrap_or_else(|| "–".into());
        let state = row.state.replace('_', " ");
        table.row([
            &row.number,
            &row.name,
            &or(&row.city),
            &or(&row.country),
            &or(&row.phone),
            &or(&row.email),
            &state,
        ]);
    }
    table
}

fn show(session: &Session, numbers: &Numbers, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, _, _allowed) = session.look(Permission::CustomerView)?;
    batch::show(numbers, out, |number| {
        let card = reader.customer(find(&reader, RecordKind::Customer, number)?.id)?;
        Ok((shape::customer(&card), page(&card, session.now())))
    })
}

fn page(card: &CustomerCard, now: i64) -> String {
    let row = &card.row;
    let mut page = Page::new(&format!("{}  {}  {}", row.number, row.name, row.state.replace('_', " ")));
    page.section("Customer");
    for (name, value) in &card.fields {
        page.field(field(name).map_or(name, |field| field.label), value.as_deref());
    }
    for address in card.addresses.iter().filter(|address| address.purpose != "business") {
        let line: Vec<&str> = address.values.iter().filter_map(|(_, value)| value.as_deref()).collect();
        page.field(&format!("Address ({})", address.purpose), Some(&line.join(", ")));
    }
    page.section("Record");
    let signups: Vec<&str> = card.signups.iter().map(|signup| signup.number.as_str()).collect();
    page.field("Made", Some(&format!("{} by {}", wall(row.created_at, now), card.created_by)));
    page.field("Changed", Some(&format!("{} by {}", wall(row.updated_at, now), card.updated_by)));
    page.field("From sign-up", Some(&signups.join(", ")));
    page.field("Template", card.template.as_deref());
    page.field("External id", card.external_id.as_deref());
    if !card.contacts.is_empty() {
        page.section("Contacts");
        for contact in &card.contacts {
            let about = [contact.job_title.as_deref(), contact.email.as_deref(), contact.phone.as_deref()];
            let about: Vec<&str> = about.into_iter().flatten().collect();
            page.line(&format!("{}  {}  {}", contact.number, person(contact), about.join(", ")));
        }
    }
    if !card.portal_users.is_empty() {
        page.section("Portal users");
        for user in &card.portal_users {
            page.line(&format!("{}  {}  {}  {}", user.user_name, user.contact, user.role, user.state));
        }
    }
    page.done()
}

fn person(row: &ContactRow) -> String {
    format!("{} {}", row.first_name.as_deref().unwrap_or(""), row.last_name).trim().to_owned()
}

fn new(session: &Session, asked: NewCustomer, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let command = Command::NewCustomer(Box::new(desk::NewCustomer {
        values: asked.sets.by_field(),
        template: asked.template,
        external_id: asked.external_id,
        if_alike: if asked.anyway { desk::IfAlike::Make } else { desk::IfAlike::Refuse },
    }));
    single(session, (&actor, &asked.write), command, out)
}

/// Does one verb on contacts.
pub fn contacts(session: &Session, verb: Contact, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Contact::List(asked) => contact_rows(session, &asked, out),
        Contact::Show(numbers) => {
            let (reader, _, _allowed) = session.look(Permission::CustomerView)?;
            batch::show(&numbers, out, |number| {
                let row = reader.contact(find(&reader, RecordKind::Contact, number)?.id)?;
                Ok((shape::contact(&row), contact_page(&row)))
            })
        }
    }
}

fn contact_rows(session: &Session, asked: &List, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::CustomerView)?;
    let listing = Listing { fields: &CONTACT_FILTER, sorts: CONTACT_SORTS };
    let query = list::query(asked, listing, (&actor, session.now()))?;
    let after = match &asked.after {
        Some(number) => reader.contact_key(&query, find(&reader, RecordKind::Contact, number)?.id)?,
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| reader.contacts(&query, anchor, limit),
        count: |cap| reader.count_contacts(&query, cap),
    };
    let shown = |rows: &[ContactRow]| (rows.iter().map(shape::contact).collect(), contact_table(rows));
    list::print(asked, after, pages, shown, out)?;
    Ok(Exit::Done)
}

fn contact_table(rows: &[ContactRow]) -> Table {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("Name", Align::Left),
        ("E-mail", Align::Left),
        ("Phone", Align::Left),
        ("Customers", Align::Left),
        ("Portal user", Align::Left),
        ("State", Align::Left),
    ]);
    for row in rows {
        let customers: Vec<&str> = row.customers.iter().map(|(number, _)| number.as_str()).collect();
        table.row([
            &row.number,
            &person(row),
            row.email.as_deref().unwrap_or("–"),
            row.phone.as_deref().unwrap_or("–"),
            &customers.join(", "),
            row.portal_user.as_deref().unwrap_or("–"),
            &row.state,
        ]);
    }
    table
}

fn contact_page(row: &ContactRow) -> String {
    let mut page = Page::new(&format!("{}  {}  {}", row.number, person(row), row.state));
    page.section("Contact");
    page.field("Job title", row.job_title.as_deref());
    page.field("E-mail", row.email.as_deref());
    page.field("Phone", row.phone.as_deref());
    page.field("Language", row.language.as_deref());
    page.field("Portal user", row.portal_user.as_deref());
    for (number, role) in &row.customers {
        page.field("Contact of", Some(&format!("{number}  {}", role.as_deref().unwrap_or(""))));
    }
    page.done()
}
