//! The tab's forms: a new customer, and a template made from one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::commands::customer::{IfAlike, NewCustomer, POSSIBLE_DUPLICATE};
use crate::desk::commands::template::TemplateFromCustomer;
use crate::desk::query::customer::TemplateRow;
use crate::domain::check::country::parse_country;
use crate::domain::customer::{FIELDS, Kind};
use crate::tui::door::Command;
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screen::Submitted;
use crate::tui::screens::suggest_country;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, Form, FormData, FormSpec};

const NEW: &str = "customer-new";
const TEMPLATE: &str = "template-from";

/// Opens a form.
pub fn open(spec: FormSpec) -> Vec<Effect> {
    vec![Effect::Open(Box::new(Layer::Form(Form::new(spec))))]
}

/// A new customer by hand.
pub fn entry(templates: &[TemplateRow]) -> FormSpec {
    let choices = std::iter::once(Choice::new("", "none"))
        .chain(templates.iter().filter(|t| t.active).map(|t| Choice::new(&t.name, &t.name)));
    let template = FieldSpec::new("template", "Template", FieldKind::Choice(choices.collect()))
        .help("Fills what you leave empty; each filled field is marked");
    let mut spec = FormSpec::new(NEW, "New customer", "Make").field(template);
    for field in FIELDS {
        let kind = match field.kind {
            Kind::Lines => FieldKind::Area(3),
            Kind::YesNo => FieldKind::Check,
            Kind::Choice(words) => FieldKind::Choice(words.iter().map(|w| Choice::new(w, w)).collect()),
            Kind::Text | Kind::Decimal | Kind::Whole | Kind::Staff => FieldKind::Line,
        };
        let mut one = FieldSpec::new(field.name, field.label, kind);
        if field.kind == Kind::YesNo {
            one = one.value("no");
        }
        spec = spec.field(match field.name {
            "name" => one.required(),
            "country" => one
                .required()
                .check(|v| parse_country(v).map(|_| ()).ok_or_else(|| "no country; DE or Germany".to_owned()))
                .suggest(suggest_country)
                .help("Two letters, or the beginning of the name"),
            _ => one,
        });
    }
    spec.field(
        FieldSpec::new(POSSIBLE_DUPLICATE, "Another one", FieldKind::Check)
            .value("no")
            .help("Make it although it looks like a customer that is there"),
    )
}

/// “Make template from this”.
pub fn template_from(customer: i64, number: &str) -> FormSpec {
    FormSpec::new(TEMPLATE, format!("Template from {number}"), "Make")
        .about(json!({ "id": customer, "number": number }))
        .field(
            FieldSpec::new("name", "Name", FieldKind::Line)
                .required()
                .help("Under this name it is offered when customers are created"),
        )
}

/// The form of a draft.
pub fn again(id: &str, about: &Value, templates: &[TemplateRow]) -> Option<FormSpec> {
    match id {
        NEW => Some(entry(templates)),
        TEMPLATE => Some(template_from(about["id"].as_i64()?, about["number"].as_str()?)),
        _ => None,
    }
}

/// A template was chosen: it fills what nobody typed.
pub fn changed(form: &FormData, field: &str, templates: &[TemplateRow]) -> Vec<Effect> {
    if form.id != NEW || field != "template" {
        return Vec::new();
    }
    let name = form.values.get("template").map(String::as_str).unwrap_or_default();
    let Some(template) = templates.iter().find(|t| t.name == name) else { return Vec::new() };
    let value = |name: &str| template.values.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let fill = FIELDS.iter().filter_map(|f| {
        let text = value(f.name)?;
        let shown = match (f.kind == Kind::YesNo, text.as_str()) {
            (true, "1") => "yes".to_owned(),
            (true, _) => "no".to_owned(),
            (false, _) => text,
        };
        Some((f.name, shown, "from template".to_owned()))
    });
    vec![Effect::Fill(fill.collect())]
}

/// What a filled form runs.
pub fn submitted(form: &FormData) -> Submitted {
    let get = |name: &str| form.values.get(name).cloned().filter(|v| !v.is_empty());
    let command = match form.id {
        NEW => {
            let values: BTreeMap<String, String> = form
                .values
                .iter()
                .filter(|(n, v)| {
                    ![POSSIBLE_DUPLICATE, "template"].contains(n) && !v.is_empty() && v.as_str() != "no"
                })
                .map(|(n, v)| ((*n).to_owned(), v.clone()))
                .collect();
            Command::NewCustomer(Box::new(NewCustomer {
                values,
                template: get("template"),
                external_id: None,
                if_alike: match get(POSSIBLE_DUPLICATE).as_deref() {
                    Some("yes") => IfAlike::Make,
                    _ => IfAlike::Refuse,
                },
            }))
        }
        TEMPLATE => Command::TemplateFromCustomer(TemplateFromCustomer {
            customer: form.about["id"].as_i64().unwrap_or_default(),
            name: get("name").unwrap_or_default(),
        }),
        _ => return Submitted::Done(Vec::new()),
    };
    let label = if form.id == NEW { "make the customer" } else { "make the template" };
    Submitted::Run(Work { label: label.into(), commands: vec![command], about: Vec::new() })
}
