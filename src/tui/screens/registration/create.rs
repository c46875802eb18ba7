//! The create dialog: new or existing customer (possible duplicates offered first), template, person, role, logon,
//! every field of the new record, and what will be made, before OK (registration.md, Creating the customer).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::forms::filled;
use super::{Registration, Shown};
use crate::desk::commands::signup::{CreateCustomer, Seen, Subject, Twin};
use crate::desk::query::{Anchor, ListQuery, Order};
use crate::domain::customer::{FIELDS, Kind};
use crate::domain::filter::Filter;
use crate::domain::id::RecordKind;
use crate::domain::text::fold;
use crate::domain::user_request::Authentication;
use crate::tui::door::{Asker, Command, Error, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screen::Submitted;
use crate::tui::screens::{route, suggest_country};
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, Form, FormData, FormSpec, Values};

/// The form's id.
pub const ID: &str = "signup-create";

const NEW: &str = "new";
const OTHER: &str = "other";

/// Opens the dialog; `existing` presets the customer under which only a contact is made.
pub fn open(screen: &Registration, shown: &Shown, existing: Option<&str>) -> Vec<Effect> {
    if !screen.may_make_customers() {
        return Vec::new();
    }
    let form = Form::new(spec(screen, shown, existing));
    let tried = route::try_out(submitted(&form.data()));
    std::iter::once(Effect::Open(Box::new(Layer::Form(form)))).chain(tried).collect()
}

/// The form of a draft, if its sign-up is still in the detail pane.
pub fn again(screen: &Registration, about: &Value) -> Option<FormSpec> {
    let shown = screen.shown.borrow();
    let shown = shown.as_ref().filter(|s| Some(s.id) == about["id"].as_i64())?;
    Some(spec(screen, shown, None))
}

fn spec(screen: &Registration, shown: &Shown, existing: Option<&str>) -> FormSpec {
    let card = &shown.detail.card;
    let value = |name: &str| card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone());
    let mut make = vec![Choice::new(NEW, "a new customer")];
    for hit in shown.detail.duplicates.iter().filter(|h| h.record.kind == RecordKind::Customer) {
        make.push(Choice::new(
            &hit.record.number,
            &format!("a contact of {} {} ({} %)", hit.record.number, hit.name, hit.percent),
        ));
    }
    if let Some(number) = existing.filter(|n| !make.iter().any(|c| c.value == **n)) {
        make.push(Choice::new(number, &format!("a contact of {number}")));
    }
    make.push(Choice::new(OTHER, "a contact of another customer…"));
    let template = screen
        .settings
        .template
        .as_ref()
        .and_then(|name| screen.templates.iter().find(|t| t.active && t.name == *name));
    let template_choices = std::iter::once(Choice::new("", "none"))
        .chain(screen.templates.iter().filter(|t| t.active).map(|t| Choice::new(&t.name, &t.name)));
    let people =
        std::iter::once(Choice::new("", "a new contact")).chain(shown.contacts.iter().map(|c| {
            Choice::new(&c.number, &format!("{} {} ({})", c.number, c.last_name, c.customers_text()))
        }));
    let roles = screen.settings.portal_roles.iter().map(|r| Choice::new(r, &r.replace('_', " ")));
    let ways = Authentication::ALL.iter().map(|a| Choice::new(a.as_str(), a.title()));
    let wish = value("authentication").filter(|w| Authentication::parse(w).is_some());
    let preset = wish.unwrap_or_else(|| screen.settings.authentication.as_str().to_owned());
    let verb = if card.row.state.as_str() == "verified_by_user" { "Approve and create" } else { "Create" };
    let mut spec = FormSpec::new(ID, format!("{verb}: {} {}", card.row.number, card.row.company), verb)
        .about(json!({
            "id": shown.id, "number": card.row.number, "version": card.seen.version, "hash": card.seen.hash,
            "contact": card.row.contact, "email": card.row.email,
            "preset": presets(shown),
        }))
        .field(
            FieldSpec::new("make", "Make", FieldKind::Choice(make))
                .value(existing.unwrap_or(NEW))
                .help("Possible duplicates are offered first"),
        )
        .field(
            FieldSpec::new("existing", "Customer", FieldKind::LookUp(look_up))
                .required()
                .only_if(|v| v.get("make").is_some_and(|m| m == OTHER))
                .help("Type a number, name, city or phone"),
        )
        .field(
            FieldSpec::new("template", "Template", FieldKind::Choice(template_choices.collect()))
                .value(template.map(|t| t.name.clone()).unwrap_or_default())
                .only_if(is_new)
                .help("Fills what the sign-up does not say; each filled field is marked"),
        );
    if !shown.contacts.is_empty() {
        spec = spec.field(
            FieldSpec::new("contact", "Person", FieldKind::Choice(people.collect()))
                .help("Somebody with this address is a contact already"),
        );
    }
    spec = spec
        .field(
            FieldSpec::new("role", "User role", FieldKind::Choice(roles.collect()))
                .help("What they may do in the portal: look at it"),
        )
        .field(FieldSpec::new("authentication", "Logon", FieldKind::Choice(ways.collect())).value(preset))
        .field(
            FieldSpec::new("user_name", "User name", FieldKind::Line)
                .value(shown.user_name.clone())
                .help("Unique; suggested from the applicant's wish"),
        );
    let summary = summary(&spec.about, &first_values(&spec));
    spec = spec.field(FieldSpec::new("preview", "Will make", FieldKind::ReadOnly).value(summary));
    spec = spec.field(route::field());
    spec = spec.field(FieldSpec { shown: Some(is_new), ..FieldSpec::section("The new customer") });
    for field in FIELDS {
        let kind = match field.kind {
            Kind::Lines => FieldKind::Area(2),
            Kind::YesNo => FieldKind::Check,
            Kind::Choice(words) => FieldKind::Choice(words.iter().map(|w| Choice::new(w, w)).collect()),
            Kind::Text | Kind::Decimal | Kind::Whole | Kind::Staff => FieldKind::Line,
        };
        let given =
            spec.about["preset"][field.name].as_str().filter(|p| !p.is_empty() && field.name != "party_kind");
        let filled =
            template.and_then(|t| t.values.iter().find(|(n, _)| n == field.name)).filter(|_| given.is_none());
        let preset = match filled {
            Some((_, value)) => as_typed(field.kind, value),
            None => spec.about["preset"][field.name].as_str().unwrap_or_default().to_owned(),
        };
        let first =
            if matches!(field.kind, Kind::YesNo) && preset.is_empty() { "no".to_owned() } else { preset };
        let mut one = FieldSpec::new(field.name, field.label, kind).value(first).only_if(is_new);
        if field.name == "country" {
            one = one.suggest(suggest_country);
        }
        if filled.is_some() {
            one = one.origin("from template");
        }
        spec = spec.field(one);
    }
    spec
}

fn is_new(values: &Values) -> bool {
    values.get("make").is_none_or(|m| m == NEW)
}

/// What the sign-up gives for the new record.
fn presets(shown: &Shown) -> BTreeMap<&'static str, String> {
    let mut out: BTreeMap<&'static str, String> = BTreeMap::from([("party_kind", "organisation".to_owned())]);
    for field in FIELDS {
        let source = if field.name == "name" { "company" } else { field.name };
        if let Some((_, Some(value))) = shown.detail.card.fields.iter().find(|(n, _)| *n == source) {
            out.insert(field.name, value.clone());
        }
    }
    out
}

fn first_values(spec: &FormSpec) -> Values {
    spec.fields.iter().filter(|f| !f.name.is_empty()).map(|f| (f.name, first_value(f))).collect()
}

fn first_value(field: &FieldSpec) -> String {
    match &field.kind {
        FieldKind::Choice(choices) if field.value.is_empty() => {
            choices.first().map(|c| c.value.clone()).unwrap_or_default()
        }
        FieldKind::Choice(_)
        | FieldKind::Section
        | FieldKind::ReadOnly
        | FieldKind::Line
        | FieldKind::Area(_)
        | FieldKind::LookUp(_)
        | FieldKind::Date(_)
        | FieldKind::Check => field.value.clone(),
    }
}

/// The records that OK would make, in one sentence.
fn summary(about: &Value, values: &Values) -> String {
    let get = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let text = |name: &str| about[name].as_str().unwrap_or_default();
    let customer = match get("make") {
        NEW | "" => "a new customer".to_owned(),
        OTHER if get("existing").is_empty() => "nothing yet: choose the customer".to_owned(),
        OTHER => format!("no customer (under {})", get("existing")),
        number => format!("no customer (under {number})"),
    };
    let contact = match get("contact") {
        "" => format!("contact {}", text("contact")),
        number => format!("no contact (uses {number})"),
    };
    let way = Authentication::parse(get("authentication")).map_or("", Authentication::title);
    format!(
        "{customer} · {contact} · user request for {} ({}, {way}), told at {}",
        get("user_name"),
        get("role").replace('_', " "),
        text("email"),
    )
}

/// A stored value as a person would type it.
fn as_typed(kind: Kind, value: &str) -> String {
    match kind {
        Kind::YesNo if value == "1" => "yes".to_owned(),
        Kind::YesNo => "no".to_owned(),
        Kind::Text | Kind::Lines | Kind::Decimal | Kind::Whole | Kind::Staff | Kind::Choice(_) => {
            value.to_owned()
        }
    }
}

/// A field changed: the preview follows; a template fills what nobody typed.
pub fn changed(screen: &Registration, form: &FormData, field: &'static str) -> Vec<Effect> {
    let mut fill = vec![("preview", summary(&form.about, &form.values), String::new())];
    if field == "template" {
        let name = form.values.get("template").map(String::as_str).unwrap_or_default();
        let template = screen.templates.iter().find(|t| t.name == name);
        for customer_field in FIELDS {
            let preset = form.about["preset"][customer_field.name].as_str().filter(|p| !p.is_empty());
            if preset.is_some() && customer_field.name != "party_kind" {
                continue;
            }
            let from = template.and_then(|t| t.values.iter().find(|(n, _)| n == customer_field.name));
            match from {
                Some((_, value)) => {
                    fill.push((
                        customer_field.name,
                        as_typed(customer_field.kind, value),
                        "from template".to_owned(),
                    ));
                }
                None => fill.push((
                    customer_field.name,
                    preset.map_or_else(String::new, str::to_owned),
                    String::new(),
                )),
            }
        }
    }
    let tried = CHOSEN.contains(&field).then(|| route::try_out(submitted(form))).flatten();
    std::iter::once(Effect::Fill(fill)).chain(tried).collect()
}

/// What is chosen rather than typed: a change of it is tried out at once.
const CHOSEN: [&str; 6] = ["make", "existing", "template", "contact", "role", "authentication"];

/// What the filled dialog runs.
pub fn submitted(form: &FormData) -> Submitted {
    let get = |name: &str| form.values.get(name).cloned().filter(|v| !v.is_empty());
    let make = get("make").unwrap_or_else(|| NEW.into());
    let existing = match make.as_str() {
        NEW => None,
        OTHER => get("existing"),
        _ => Some(make.clone()),
    };
    let template = get("template").filter(|_| existing.is_none());
    let id = form.about["id"].as_i64().unwrap_or_default();
    let seen = Seen {
        version: form.about["version"].as_i64().unwrap_or_default(),
        hash: form.about["hash"].as_str().unwrap_or_default().to_owned(),
    };
    let mut values = BTreeMap::new();
    if existing.is_none() {
        for (name, value) in filled(form) {
            let Some(field) = FIELDS.iter().find(|f| f.name == name) else { continue };
            if !(field.kind == Kind::YesNo && value == "no") {
                values.insert(name, value);
            }
        }
        // What was emptied in the dialog must not come back from the template.
        for field in FIELDS {
            values.entry(field.name.to_owned()).or_default();
        }
    }
    let number = form.about["number"].as_str().unwrap_or_default();
    Submitted::Run(Work {
        label: format!("create {number}"),
        commands: vec![Command::CreateCustomer(Box::new(CreateCustomer {
            subject: Subject::seen(id, seen),
            existing,
            template,
            values,
            contact: get("contact"),
            // The form offered those that are there.
            twin: Twin::Make,
            role: get("role"),
            authentication: get("authentication").as_deref().and_then(Authentication::parse),
            user_name: get("user_name"),
            note: None,
        }))],
        about: vec![id],
    })
}

/// Customers by number, name, city or phone.
fn look_up(reader: &Reader, typed: &str) -> Result<Vec<Choice>, Error> {
    let words = fold(typed);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let terms = words
        .split(' ')
        .map(|w| crate::domain::filter::Term::Word { any_of: vec![w.to_owned()], negated: false })
        .collect();
    let query = ListQuery {
        state: None,
        filter: Filter { terms },
        sort: "number",
        order: Order::Ascending,
        asker: Asker::default(),
    };
    let page = reader.customers(&query, &Anchor::Start, 8)?;
    Ok(page
        .rows
        .iter()
        .filter(|row| row.state != "inactive")
        .map(|row| {
            let place = row.city.as_deref().unwrap_or_default();
            Choice::new(&row.number, &format!("{} {} {place}", row.number, row.name))
        })
        .collect())
}

impl crate::desk::query::customer::ContactRow {
    /// The customers the person is contact of, as words.
    fn customers_text(&self) -> String {
        let numbers: Vec<&str> = self.customers.iter().map(|(n, _)| n.as_str()).collect();
        if numbers.is_empty() { "no customer".into() } else { numbers.join(", ") }
    }
}
