//! Customers, contacts and templates as JSON.

use serde_json::{Map, Value, json};

use super::{head, with};
use crate::desk::query::customer::{ContactRow, CustomerCard, CustomerRow, Origin, Preset, TemplateRow};
use crate::domain::customer::{FIELDS, Kind};

/// A customer as the list has it.
pub fn customer_row(row: &CustomerRow) -> Value {
    let head = head(&row.number, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({ "name": row.name, "city": row.city, "country": row.country, "phone": row.phone, "email": row.email }),
    )
}

/// A whole customer. Money stays a decimal string; its currency is the record's.
pub fn customer(card: &CustomerCard) -> Value {
    let row = &card.row;
    let mut map = head(&row.number, &row.state, row.version, (row.created_at, row.updated_at));
    for (name, value) in &card.fields {
        map.insert((*name).to_owned(), typed(name, value.as_deref()));
    }
    let addresses: Vec<Value> = card
        .addresses
        .iter()
        .map(|address| {
            let mut one = Map::new();
            one.insert("purpose".into(), json!(address.purpose));
            one.extend(address.values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
            Value::Object(one)
        })
        .collect();
    with(
        map,
        json!({
            "addresses": addresses,
            "contacts": card.contacts.iter().map(contact).collect::<Vec<_>>(),
            "portal_users": card.portal_users.iter().map(super::portal_user).collect::<Vec<_>>(),
            "signups": card.signups.iter().map(|signup| signup.number.clone()).collect::<Vec<_>>(),
            "template": card.template,
            "external_id": card.external_id,
            "created_by": card.created_by,
            "updated_by": card.updated_by,
        }),
    )
}

/// A value of a customer field by its kind.
fn typed(name: &str, value: Option<&str>) -> Value {
    let Some(value) = value else { return Value::Null };
    let kind = FIELDS.iter().find(|field| field.name == name).map(|field| field.kind);
    match kind {
        Some(Kind::YesNo) => json!(value == "yes" || value == "1"),
        Some(Kind::Whole) => value.parse::<i64>().map_or(Value::Null, |number| json!(number)),
        Some(Kind::Text | Kind::Lines | Kind::Decimal | Kind::Staff | Kind::Choice(_)) | None => json!(value),
    }
}

/// A contact.
pub fn contact(row: &ContactRow) -> Value {
    let head = head(&row.number, &row.state, row.version, (row.created_at, row.updated_at));
    let customers: Vec<Value> =
        row.customers.iter().map(|(number, role)| json!({ "number": number, "role": role })).collect();
    with(
        head,
        json!({
            "first_name": row.first_name,
            "last_name": row.last_name,
            "job_title": row.job_title,
            "email": row.email,
            "phone": row.phone,
            "language": row.language,
            "customers": customers,
            "portal_user": row.portal_user,
        }),
    )
}

/// A template; its name is its number.
pub fn template(row: &TemplateRow) -> Value {
    let state = if row.active { "active" } else { "inactive" };
    let head = head(&row.name, state, row.version, (row.created_at, row.updated_at));
    let values: Map<String, Value> =
        row.values.iter().map(|(name, value)| (name.clone(), typed(name, Some(value)))).collect();
    with(head, json!({ "name": row.name, "division": row.division, "values": values }))
}

/// A field that *create* would fill, and where its value comes from.
pub fn preset(preset: &Preset) -> Value {
    let from = match preset.from {
        Origin::Signup => "signup",
        Origin::Template => "template",
        Origin::Default => "default",
    };
    json!({ "field": preset.field, "value": typed(preset.field, Some(&preset.value)), "from": from })
}
