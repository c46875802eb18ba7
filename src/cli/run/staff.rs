//! `countersign staff …`.

use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};

use super::signup::single;
use super::text::Page;
use crate::cli::args::Write;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::staff::{AuthorizedKeys, Leaver, Staff, TraitFlags};
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::staff::{Active, AddStaff, EditStaff, GrantRole, HandOver, RevokeRole, Traits};
use crate::desk::query::staff::StaffRow;
use crate::domain::permission::Permission;
use crate::files;

/// Does one verb on staff.
pub fn run(session: &Session, verb: Staff, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Staff::List => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let rows = reader.staff()?;
            out.list(&rows.iter().map(shape::staff).collect::<Vec<Value>>(), &table(&rows))?;
            Ok(Exit::Done)
        }
        Staff::Show(asked) => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let row = one(&reader.staff()?, &asked.login)?;
            out.record(&shape::staff(&row), &page(&row))?;
            Ok(Exit::Done)
        }
        Staff::New(asked) => write(
            session,
            &asked.write,
            Command::AddStaff(AddStaff {
                login: asked.login.login,
                name: asked.name,
                email: asked.email,
                roles: asked.roles,
                person: asked.person,
                traits: traits(asked.traits),
            }),
            out,
        ),
        Staff::Edit(asked) => {
            let traits = traits(asked.traits);
            let own = [&asked.name, &asked.email, &asked.person, &asked.active];
            if own.iter().all(|given| given.is_none()) && traits == Traits::default() {
                return Err(Failure::usage("there is nothing to change").remedy(
                    "Give --name, --email, --person, --manager, --hours, --division, --language, --digest or --active.",
                ));
            }
            let active = asked.active.map(|word| if word == "yes" { Active::Yes } else { Active::No });
            let command = Command::EditStaff(EditStaff {
                login: asked.login.login,
                name: asked.name,
                email: asked.email,
                person: asked.person,
                active,
                traits,
            });
            write(session, &asked.write, command, out)
        }
        Staff::Grant(asked) => {
            let command = Command::GrantRole(GrantRole { login: asked.login.login, role: asked.role });
            write(session, &asked.write, command, out)
        }
        Staff::Revoke(asked) => {
            let command = Command::RevokeRole(RevokeRole { login: asked.login.login, role: asked.role });
            write(session, &asked.write, command, out)
        }
        Staff::Leaver(asked) => leaver(session, asked, out),
        Staff::AuthorizedKeys(asked) => authorized_keys(session, &asked, out),
    }
}

fn write(session: &Session, write: &Write, command: Command, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    single(session, (&actor, write), command, out)
}

/// The one with this login.
pub(super) fn one(rows: &[StaffRow], login: &str) -> Result<StaffRow, Failure> {
    rows.iter().find(|row| row.login == login).cloned().ok_or_else(|| {
        Failure::new(Exit::NotFound, "not_found", format!("Staff “{login}” does not exist"))
            .remedy("See `countersign staff list`.")
            .about(login)
    })
}

fn table(rows: &[StaffRow]) -> Table {
    let mut table = Table::new(&[
        ("Login", Align::Left),
        ("Name", Align::Left),
        ("State", Align::Left),
        ("Roles", Align::Left),
        ("Manager", Align::Left),
        ("Deputy", Align::Left),
        ("Open", Align::Right),
        ("E-mail", Align::Left),
        ("Person", Align::Left),
    ]);
    for row in rows {
        let state = if row.active { "active" } else { "inactive" };
        let email = row.email.as_deref().unwrap_or("–");
        let person = if row.person == row.login { "–" } else { &row.person };
        let manager = row.manager.as_deref().unwrap_or("–");
        let deputy = row.deputy.as_deref().unwrap_or("–");
        let open = row.open.to_string();
        table.row([
            &row.login,
            &row.name,
            state,
            &row.roles.join(", "),
            manager,
            deputy,
            &open,
            email,
            person,
        ]);
    }
    table
}

fn page(row: &StaffRow) -> String {
    let state = if row.active { "active" } else { "inactive" };
    let mut page = Page::new(&format!("{}  {}  {state}", row.login, row.name));
    page.section("Staff");
    page.field("Roles", Some(&row.roles.join(", ")));
    page.field("E-mail", row.email.as_deref());
    page.field("Person", Some(&row.person));
    page.field("Manager", row.manager.as_deref());
    page.field("Hours", row.hours.as_deref());
    page.field("Division", row.division.as_deref());
    page.field("Language", Some(&row.language));
    page.field("Digest", row.digest.as_deref());
    page.field("Deputy", row.deputy.as_deref());
    page.field("Open items", Some(&row.open.to_string()));
    page.done()
}

fn leaver(session: &Session, asked: Leaver, out: &mut Output<'_>) -> Result<Exit, Failure> {
    if let (Some(from), Some(to)) = (&asked.login, &asked.move_to) {
        let reason = asked.reason.clone();
        let command = Command::HandOver(HandOver { from: from.clone(), to: to.clone(), reason });
        let exit = write(session, &asked.write, command, out)?;
        return if exit == Exit::Done && !asked.write.dry_run { left(session, from, out) } else { Ok(exit) };
    }
    let (reader, _, _allowed) = session.look(Permission::StaffView)?;
    let id =
        asked.login.as_deref().map(|login| one(&reader.staff()?, login).map(|row| row.id)).transpose()?;
    let reports = reader.leavers(id)?;
    let mut table = Table::new(&[("Login", Align::Left), ("What", Align::Left), ("Which", Align::Left)]);
    for report in &reports {
        for (title, names) in report.lines() {
            table.row([&report.login, title, &names]);
        }
    }
    out.list(&reports.iter().map(shape::leaver).collect::<Vec<Value>>(), &table)?;
    if let (Some(login), Some(report)) = (&asked.login, reports.first())
        && !report.is_empty()
    {
        out.message(&format!("`countersign staff leaver {login} --move-to LOGIN` moves all of it."))?;
    }
    Ok(Exit::Done)
}

/// What still hangs on somebody after all was to be moved: it is partly done, and each thing that stayed is named.
fn left(session: &Session, login: &str, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let id = one(&reader.staff()?, login)?.id;
    let reports = reader.leavers(Some(id))?;
    let Some(report) = reports.first().filter(|report| !report.is_empty()) else { return Ok(Exit::Done) };
    for (title, names) in report.lines() {
        out.message(&format!("stays with {login}: {title}: {names}"))?;
    }
    Ok(Exit::Partly)
}

fn traits(flags: TraitFlags) -> Traits {
    let digest = flags.digest.map(|word| if word == "none" { String::new() } else { word });
    Traits {
        manager: flags.manager,
        hours: flags.hours,
        division: flags.division,
        language: flags.language,
        digest,
    }
}

/// The lines for the service account's `authorized_keys` (trust.md, Who is acting).
fn authorized_keys(session: &Session, asked: &AuthorizedKeys, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::StaffView)?;
    actor.allow(Permission::StaffManage)?;
    let all = reader.staff()?;
    let wanted: Vec<StaffRow> = match &asked.login {
        Some(login) => vec![one(&all, login)?],
        None => all.into_iter().filter(|row| row.active).collect(),
    };
    let key = asked.key.as_deref().map(public_key).transpose()?.unwrap_or_default();
    let program = std::env::current_exe()?;
    let mut values = Vec::new();
    let mut text = String::new();
    for row in &wanted {
        let mut command = word(&program)?;
        for (flag, path) in [("--db", &session.global.db), ("--config", &session.global.config)] {
            if let Some(path) = path {
                command.push_str(&format!(" {flag} {}", word(&std::path::absolute(path)?)?));
            }
        }
        let line = format!("command=\"{command} --actor {}\",restrict,pty {key}", row.login);
        let line = line.trim_end().to_owned();
        text.push_str(&line);
        text.push('\n');
        values.push(json!({ "login": row.login, "line": line }));
    }
    out.record(&Value::Array(values), &text)?;
    Ok(Exit::Done)
}

/// A path as one word of the command between the quotes of `authorized_keys`.
fn word(path: &Path) -> Result<String, Failure> {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@".contains(c);
    if text.chars().all(plain) {
        return Ok(text.into_owned());
    }
    Err(Failure::new(
        Exit::Failed,
        "invalid",
        format!("{text} cannot stand in authorized_keys: use a path of letters, digits, dots and hyphens"),
    ))
}

/// The key of a public key file: one line, of a kind that sshd knows.
fn public_key(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    files::open_regular(path)?.take(64 * 1024).read_to_string(&mut text)?;
    let line = text.trim();
    let known = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|kind| line.starts_with(kind));
    if known && !line.contains(char::is_control) {
        return Ok(line.to_owned());
    }
    Err(Failure::new(Exit::Failed, "invalid", format!("{} holds no public key", path.display()))
        .remedy("Give the .pub file that ssh-keygen made."))
}
