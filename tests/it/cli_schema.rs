//! What commands print is what `schema` says, member by member; the schemas are pinned.

use serde_json::{Value, json};

use crate::cli_world::Office;

/// What does not fit, as paths and reasons; the part of JSON Schema that the schemas use.
fn misfits(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return misfits(value, &root["$defs"][name], root, at, found);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &Value| {
            let mut inner = Vec::new();
            misfits(value, choice, root, at, &mut inner);
            inner.is_empty()
        };
        if !choices.iter().any(fits) {
            found.push(format!("{at}: none of the choices"));
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.is_empty() && !types.contains(&own) {
        found.push(format!("{at}: {own}, not {types:?}"));
    }
    if schema["format"] == "date-time"
        && value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_err())
    {
        found.push(format!("{at}: no time"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of the words"));
    }
    if let (Some(items), Value::Array(rows)) = (schema.get("items"), value) {
        for (i, row) in rows.iter().enumerate() {
            misfits(row, items, root, &format!("{at}[{i}]"), found);
        }
    }
    if let (Some(properties), Value::Object(members)) = (schema["properties"].as_object(), value) {
        for (name, inner) in properties {
            match members.get(name) {
                Some(member) => misfits(member, inner, root, &format!("{at}.{name}"), found),
                None => found.push(format!("{at}.{name}: left out")),
            }
        }
        if schema["additionalProperties"] == false {
            found.extend(
                members
                    .keys()
                    .filter(|m| !properties.contains_key(*m))
                    .map(|m| format!("{at}.{m}: not described")),
            );
        }
    }
}

#[test]
fn what_is_printed_is_what_is_described() {
    let office = Office::new();
    let one = office.verified("Aurora");
    office.signup("Aurora");
    office.run(&["signup", "create", &one]).ends(0);
    // Somebody has something to decide.
    office.run(&["staff", "new", "maria", "--name", "Maria", "--role", "approver"]).ends(0);
    let rung = office.rung("Borealis");
    office.run(&["signup", "create", &rung]).ends(0);
    office
        .run(&["template", "new", "standard", "--set", "currency=EUR", "--set", "payment_base_days=30"])
        .ends(0);
    office.run(&["mail", "send"]).ends(0);
    let schemas = office.json(&["schema"]);
    for (noun, args) in [
        ("signup", vec!["signup", "show", "REG-1"]),
        ("signup", vec!["signup", "show", "REG-2"]),
        ("signup_row", vec!["signup", "list"]),
        ("duplicate", vec!["signup", "duplicates", "REG-2"]),
        ("customer", vec!["customer", "show", "C-1"]),
        ("customer_row", vec!["customer", "list"]),
        ("contact", vec!["contact", "show", "CON-1"]),
        ("contact", vec!["contact", "list"]),
        ("template", vec!["template", "list"]),
        ("portal_user", vec!["portal-user", "list"]),
        ("user_request_row", vec!["user-request", "list"]),
        ("user_request", vec!["user-request", "show", "UR-1"]),
        ("mail_row", vec!["mail", "list"]),
        ("mail", vec!["mail", "show", "1"]),
        ("staff", vec!["staff", "list"]),
        ("role", vec!["role", "list"]),
        ("rule_set", vec!["workflow", "list"]),
        ("rule_set_source", vec!["workflow", "show"]),
        ("rule_diff", vec!["workflow", "diff", "1", "1"]),
        ("trial", vec!["workflow", "test", "UR-1"]),
        ("work", vec!["work", "list", "--as", "maria"]),
        ("load", vec!["work", "load"]),
        ("report", vec!["report", "signup", "--by", "month"]),
        ("history", vec!["history", "--limit", "0"]),
        ("why", vec!["why", "REG-2"]),
        ("why", vec!["why", "UR-1"]),
        ("receipt", vec!["signup", "assign", "REG-2"]),
        ("receipt", vec!["undo"]),
        ("receipt", vec!["signup", "assign", "REG-2", "--dry-run"]),
        ("found", vec!["search", "aurora"]),
    ] {
        let value = office.json(&args);
        let schema = &schemas[noun];
        let rows = match &value {
            Value::Array(rows) => rows.clone(),
            one => vec![one.clone()],
        };
        assert!(!rows.is_empty(), "{args:?} shows nothing");
        for row in rows {
            let mut found = Vec::new();
            misfits(&row, schema, schema, noun, &mut found);
            assert_eq!(found, Vec::<String>::new(), "{args:?}: {row:#}");
        }
    }
    let (_, error) = office.error(&["signup", "show", "REG-77"]);
    let mut found = Vec::new();
    misfits(&error, &schemas["error"], &schemas["error"], "error", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_schemas_are_pinned() {
    let office = Office::nowhere();
    let schemas = office.json(&["schema"]);
    let mut short = String::new();
    for (noun, schema) in schemas.as_object().unwrap() {
        short.push_str(&format!("{noun}: {}\n", schema["description"].as_str().unwrap()));
        for (name, member) in schema["properties"].as_object().unwrap() {
            short.push_str(&format!("  {name}: {member}\n"));
        }
    }
    insta::assert_snapshot!(short);
    assert_eq!(schemas["why"]["$schema"], json!("https://json-schema.org/draft/2020-12/schema"));
}
