//! The JSON of every noun as JSON Schema, made of one table that the tests hold against real output.

use serde_json::{Map, Value, json};

use crate::domain::customer::{FIELDS, Kind};
use crate::domain::field::{REQUIRED, SIGNUP_FIELDS};
use crate::domain::signup::SignupState;
use crate::domain::user_request::UserRequestState;

/// Of what kind a member is.
#[derive(Clone, Copy)]
enum Is {
    Text,
    MaybeText,
    Whole,
    Number,
    MaybeWhole,
    Flag,
    MaybeFlag,
    Time,
    MaybeTime,
    Texts,
    /// Any object.
    Object,
    /// An object of another noun, or null.
    Maybe(&'static str),
    /// An array of another noun.
    Many(&'static str),
    Any,
}

use Is::*;

type Member = (&'static str, Is);

/// The members that every record begins with.
const HEAD: &[Member] =
    &[("number", Text), ("state", Text), ("version", Whole), ("created_at", Time), ("updated_at", Time)];

#[rustfmt::skip]
const NOUNS: &[(&str, &str, &[Member])] = &[
    ("signup", "A sign-up, as `signup show` prints it", &[
        ("state_since", Time), ("seen", Text),
        ("external_id", MaybeText), ("extra", Object), ("source", Text), ("entered_by", MaybeText), ("carrier", MaybeText), ("assigned_to", MaybeText),
        ("verified_at", MaybeTime), ("verified_how", MaybeText), ("verify_note", MaybeText), ("decided_by", MaybeText), ("decided_at", MaybeTime),
        ("reason_code", MaybeText), ("reason", MaybeText), ("reply", MaybeText), ("code_expires_at", MaybeTime), ("resend_count", Whole), ("resent_at", MaybeTime),
        ("customer", MaybeText), ("contact", MaybeText), ("user_request", MaybeText), ("checks", Many("check")), ("duplicates", Many("duplicate")),
        ("not_duplicates", Texts), ("mail_trouble", MaybeText), ("has_hidden", Flag)]),
    ("signup_row", "A sign-up, as `signup list` prints it", &[
        ("state_since", Time), ("company", Text), ("contact", Text), ("email", Text), ("country", Text), ("city", MaybeText), ("assigned_to", MaybeText),
        ("checks_good", Whole), ("checks_total", Whole), ("checks_worst", Text), ("duplicate", MaybeText), ("duplicate_percent", MaybeWhole), ("duplicate_model", MaybeWhole), ("has_hidden", Flag)]),
    ("check", "A check of a sign-up", &[("name", Text), ("outcome", Text), ("word", Text)]),
    ("duplicate", "A possible duplicate", &[
        ("number", Text), ("kind", Text), ("state", Text), ("name", Text), ("place", Text), ("percent", Whole), ("sureness", Text), ("class", Text), ("announced", Flag), ("reasons", Texts),
        ("parts", Many("score_part")), ("score", Number), ("model", Whole)]),
    ("score_part", "A part of a score in log-odds; the parts add up to it", &[("words", Text), ("weight", Number)]),
    ("customer", "A customer, as `customer show` prints it; money is a decimal string in the record's currency", &[
        ("addresses", Many("address")), ("contacts", Many("contact")), ("portal_users", Many("portal_user")), ("signups", Texts),
        ("template", MaybeText), ("external_id", MaybeText), ("created_by", Text), ("updated_by", Text)]),
    ("customer_row", "A customer, as `customer list` prints it", &[
        ("name", Text), ("city", MaybeText), ("country", MaybeText), ("phone", MaybeText), ("email", MaybeText)]),
    ("address", "An address of a customer", &[
        ("purpose", Text), ("street", MaybeText), ("street2", MaybeText), ("city", MaybeText), ("postal_code", MaybeText), ("county", MaybeText), ("region", MaybeText),
        ("country", MaybeText)]),
    ("contact", "A contact", &[
        ("first_name", MaybeText), ("last_name", Text), ("job_title", MaybeText), ("email", MaybeText), ("phone", MaybeText), ("language", MaybeText),
        ("customers", Many("customer_of_contact")), ("portal_user", MaybeText)]),
    ("customer_of_contact", "A customer that somebody is contact of", &[("number", Text), ("role", MaybeText)]),
    ("template", "A customer account template; its name is its number", &[("name", Text), ("division", MaybeText), ("values", Object)]),
    ("portal_user", "A portal user; the user name is the number", &[
        ("user_name", Text), ("contact", Text), ("role", Text), ("authentication", Text), ("user_request", MaybeText), ("logon", MaybeText)]),
    ("user_request", "A user request, as `user-request show` prints it", &[
        ("type", Text), ("action", Text), ("contact", Text), ("customer", MaybeText), ("signup", MaybeText), ("role", Text), ("email", Text), ("authentication", Text),
        ("user_name", Text), ("justification", MaybeText), ("originator", MaybeText), ("waits_for", MaybeText), ("change_note", MaybeText), ("waiting_reason", MaybeText),
        ("failure", MaybeText), ("rule", MaybeText), ("submitted_at", MaybeTime), ("completed_at", MaybeTime),
        ("workflow", MaybeText), ("workflow_state", MaybeText), ("stopped", Maybe("stopped")), ("turns", Many("turn")), ("questions", Many("question")), ("portal", Maybe("portal_event")), ("similar", Many("similar")), ("seen", MaybeText)]),
    ("user_request_row", "A user request, as `user-request list` prints it", &[
        ("type", Text), ("action", Text), ("contact", Text), ("customer", MaybeText), ("signup", MaybeText), ("role", Text), ("email", Text), ("authentication", Text),
        ("user_name", Text), ("justification", MaybeText), ("originator", MaybeText), ("waits_for", MaybeText), ("change_note", MaybeText), ("waiting_reason", MaybeText),
        ("failure", MaybeText), ("rule", MaybeText), ("submitted_at", MaybeTime), ("completed_at", MaybeTime)]),
    ("turn", "A turn of somebody in a workflow", &[
        ("round", Whole), ("step", Text), ("state", Text), ("who", Text), ("because", Text), ("since", Time), ("due_at", MaybeTime), ("decided_at", MaybeTime), ("note", MaybeText), ("reason", MaybeText),
        ("fields", Texts), ("overridden", Flag)]),
    ("stopped", "What an error has stopped, where, and who or what is at fault", &[("at", MaybeText), ("cause", MaybeText), ("culprit", MaybeText)]),
    ("question", "A question about a document", &[
        ("id", Whole), ("asked_by", Text), ("asked_of", Text), ("outside", Flag), ("question", Text), ("answer", MaybeText), ("asked_at", Time)]),
    ("similar", "Another request of the same customer or contact that is over", &[
        ("number", Text), ("action", Text), ("user_name", Text), ("state", Text), ("decided_by", MaybeText), ("ended_at", Time)]),
    ("portal_event", "How the office's own portal follows", &[
        ("state", Text), ("attempts", Whole), ("next_at", MaybeTime), ("last_error", MaybeText), ("done_at", MaybeTime)]),
    ("work", "A turn of somebody on a record, as `work list` prints it; its number is the record's", &[
        ("kind", Text), ("what", Text), ("customer", Text), ("rule", Text), ("because", Text), ("waits_for", Text), ("submitted_by", MaybeText), ("due_at", MaybeTime),
        ("overdue", Flag), ("escalations", Whole), ("seen", Text), ("after", Text)]),
    ("rule_set", "A version of the workflows; the version is the number", &[("created_by", MaybeText), ("origin", Text), ("hash", Text), ("running", Whole)]),
    ("rule_set_source", "A version of the workflows with its text, as `workflow show` prints it", &[
        ("created_by", MaybeText), ("origin", Text), ("hash", Text), ("running", Whole), ("source", Text)]),
    ("rule_check", "What `workflow check` found", &[("file", Text), ("ok", Flag), ("problems", Many("rule_problem")), ("advice", Many("rule_problem"))]),
    ("rule_problem", "A problem of a rule file", &[("line", Whole), ("column", Whole), ("message", Text), ("meant", MaybeText)]),
    ("rule_diff", "What differs between two versions", &[("old", Text), ("new", Text), ("same", Flag), ("lines", Many("diff_line"))]),
    ("diff_line", "A line of a comparison: same, gone or come", &[("change", Text), ("text", Text)]),
    ("trial", "What a record would go through, as `workflow test` prints it", &[
        ("number", Text), ("workflow", MaybeText), ("looked_at", Many("trial_workflow")), ("steps", Many("trial_step")), ("problems", Texts), ("expected_at", MaybeTime), ("avoidable", Texts)]),
    ("trial_workflow", "A workflow that was looked at", &[("workflow", Text), ("when", MaybeText), ("truth", Maybe("truth")), ("taken", Flag)]),
    ("trial_step", "A step that a record would take", &[
        ("name", Text), ("kind", Text), ("when", MaybeText), ("truth", Maybe("truth")), ("passed_over", Flag), ("people", Many("trial_person")),
        ("policy", MaybeText), ("due_at", MaybeTime), ("usual_minutes", MaybeWhole)]),
    ("trial_person", "Somebody who would get a step", &[("login", Text), ("name", Text), ("because", Text), ("deputy", MaybeText), ("barred", MaybeText)]),
    ("truth", "What a condition says", &[("holds", Flag), ("parts", Many("truth_part"))]),
    ("truth_part", "A part of a condition", &[("condition", Text), ("holds", Flag)]),
    ("mail", "A mail, as `mail show` prints it; its version is the number of attempts", &[
        ("id", Whole), ("event", Text), ("language", Text), ("to", Text), ("subject", Text), ("phase", MaybeText), ("attempts", Whole), ("unsure", Whole), ("next_at", MaybeTime),
        ("last_reply", MaybeText), ("record", MaybeText), ("message_id", Text), ("sent_at", MaybeTime), ("body", MaybeText), ("attempt_list", Many("attempt"))]),
    ("mail_row", "A mail, as `mail list` prints it; its version is the number of attempts", &[
        ("id", Whole), ("event", Text), ("language", Text), ("to", Text), ("subject", Text), ("phase", MaybeText), ("attempts", Whole), ("unsure", Whole), ("next_at", MaybeTime),
        ("last_reply", MaybeText), ("record", MaybeText), ("message_id", Text), ("sent_at", MaybeTime)]),
    ("attempt", "An attempt to send a mail", &[("at", Time), ("phase", Text), ("outcome", Text), ("reply", MaybeText)]),
    ("staff", "A member of staff; the login is the number", &[("login", Text), ("name", Text), ("email", MaybeText), ("person", Text), ("roles", Texts),
        ("manager", MaybeText), ("hours", MaybeText), ("division", MaybeText), ("language", Text), ("digest", MaybeText), ("deputy", MaybeText), ("back_at", MaybeTime),
        ("open", Whole), ("late", Whole), ("oldest_since", MaybeTime)]),
    ("deputy", "A rule of absence; its id is the number", &[
        ("staff", Text), ("deputy", Text), ("document", MaybeText), ("starts_at", Time), ("ends_at", MaybeTime), ("note", MaybeText)]),
    ("queue", "A queue; its name is the number", &[
        ("name", Text), ("title", Text), ("admin", Text), ("position", Whole), ("condition", MaybeText), ("members", Texts), ("waiting", Whole)]),
    ("load", "What somebody holds, as `work load` prints it", &[
        ("holder", Text), ("open", Whole), ("overdue", Whole), ("due_soon", Whole), ("put_aside", Whole), ("escalated", Whole), ("oldest_since", Time)]),
    ("report", "A group of decisions, as `report work` and `report signup` print it; the last is `all`", &[
        ("group", Text), ("decided", Whole), ("approved", Whole), ("rejected", Whole), ("sent_back", Whole), ("late", Whole), ("overridden", Whole), ("own_work", Whole),
        ("by_clock", Whole), ("minutes_least", Whole), ("minutes_mean", Whole), ("minutes_median", Whole), ("minutes_p90", Whole), ("minutes_most", Whole)]),
    ("leaver", "What still hangs on somebody, as `staff leaver` prints it", &[
        ("login", Text), ("name", Text), ("active", Flag), ("items", Many("leaver_item")), ("signups", Texts), ("customers", Whole), ("rules", Texts),
        ("queue_admin", Texts), ("queues", Texts), ("roles", Texts), ("manages", Texts), ("deputy_of", Texts), ("deputies", Texts)]),
    ("leaver_item", "An open item of somebody", &[("number", Text), ("step", Text)]),
    ("role", "A role", &[("name", Text), ("title", Text), ("permissions", Texts), ("staff", Texts)]),
    ("history", "An entry of history; `actor` was at the keys, `acting_as` is in whose name, `carrier` who handed in an applicant's words", &[
        ("id", Whole), ("group", Whole), ("at", Time), ("actor", Text), ("acting_as", MaybeText), ("carrier", MaybeText), ("how", Text), ("command", Text), ("kind", Text),
        ("record", MaybeText), ("from_state", MaybeText), ("to_state", MaybeText), ("note", MaybeText), ("reason", MaybeText), ("detail", Any), ("changes", Many("change")),
        ("undone_by", MaybeWhole), ("hash", Text)]),
    ("change", "A changed field", &[("table", Text), ("row", Whole), ("field", Text), ("old", Any), ("new", Any)]),
    ("receipt", "What a command did; `history` and `group` are null where it was done before", &[
        ("command", Text), ("number", MaybeText), ("state", MaybeText), ("history", MaybeWhole), ("group", MaybeWhole), ("mails", Texts), ("made", Many("made")),
        ("notes", Texts), ("repeated", Flag), ("undo_until", MaybeTime)]),
    ("made", "A record that a command made", &[("kind", Text), ("number", Text)]),
    ("why", "Why a record is in its state", &[
        ("number", Text), ("state", Text), ("because", Text), ("since", Time), ("waits_for", Texts), ("missing", Texts), ("possible", Many("possible"))]),
    ("possible", "A move and whether you could make it", &[("command", Text), ("key", MaybeText), ("rule", Text), ("allowed", Flag), ("refusal", Maybe("refusal"))]),
    ("refusal", "Why something may not be done", &[("rule", Text), ("message", Text), ("remedy", Text)]),
    ("found", "A record that `search` found", &[("kind", Text), ("number", Text), ("state", Text), ("name", Text), ("detail", MaybeText), ("email", MaybeText)]),
    ("error", "What went wrong, under the key `error`; some kinds have further members", &[
        ("kind", Text), ("rule", MaybeText), ("message", Text), ("remedy", Text), ("number", MaybeText)]),
];

/// The nouns that begin with [`HEAD`].
const RECORDS: &[&str] = &[
    "signup",
    "signup_row",
    "customer",
    "customer_row",
    "contact",
    "template",
    "portal_user",
    "user_request",
    "user_request_row",
    "mail",
    "mail_row",
    "work",
    "staff",
    "deputy",
    "queue",
    "rule_set",
    "rule_set_source",
];

/// The names of all nouns.
pub fn nouns() -> impl Iterator<Item = &'static str> {
    NOUNS.iter().map(|(name, ..)| *name)
}

/// The JSON Schema of a noun (draft 2020-12), with those that it holds; `None` for a noun that is not known.
pub fn of(noun: &str) -> Option<Value> {
    let noun = noun.replace('-', "_");
    let (name, ..) = NOUNS.iter().find(|(name, ..)| *name == noun)?;
    let mut defs = Map::new();
    collect(name, &mut defs);
    let own = defs.remove(*name)?;
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!(name));
    if let Value::Object(own) = own {
        schema.extend(own);
    }
    if !defs.is_empty() {
        schema.insert("$defs".into(), Value::Object(defs));
    }
    Some(Value::Object(schema))
}

/// The noun and every noun in it.
fn collect(noun: &str, defs: &mut Map<String, Value>) {
    if defs.contains_key(noun) {
        return;
    }
    let Some((name, about, own)) = NOUNS.iter().find(|(name, ..)| *name == noun) else { return };
    let members = members(name, own);
    let mut properties = Map::new();
    for (member, is) in &members {
        properties.insert((*member).to_owned(), described(name, member, *is));
    }
    let required: Vec<&str> = members.iter().map(|(member, _)| *member).collect();
    let open = *name == "error";
    defs.insert(
        (*name).to_owned(),
        json!({ "description": about, "type": "object", "properties": properties, "required": required, "additionalProperties": open }),
    );
    for (_, is) in &members {
        if let Many(inner) | Maybe(inner) = is {
            collect(inner, defs);
        }
    }
}

/// Head, the fields of the domain's table where the noun has them, then its own.
fn members(noun: &str, own: &[Member]) -> Vec<Member> {
    let mut all: Vec<Member> = if RECORDS.contains(&noun) { HEAD.to_vec() } else { Vec::new() };
    match noun {
        "signup" => {
            let must = |name: &str| REQUIRED.contains(&name);
            all.extend(SIGNUP_FIELDS.iter().map(|f| (f.name, if must(f.name) { Text } else { MaybeText })));
        }
        "customer" => all.extend(FIELDS.iter().map(|field| {
            let is = match field.kind {
                Kind::YesNo => MaybeFlag,
                Kind::Whole => MaybeWhole,
                Kind::Text | Kind::Lines | Kind::Decimal | Kind::Staff | Kind::Choice(_) => MaybeText,
            };
            (field.name, is)
        })),
        _ => {}
    }
    all.extend_from_slice(own);
    all
}

fn described(noun: &str, member: &str, is: Is) -> Value {
    let states: Option<Vec<&str>> = match (noun, member) {
        ("signup" | "signup_row", "state") => Some(SignupState::ALL.iter().map(|s| s.as_str()).collect()),
        ("user_request" | "user_request_row", "state") => {
            Some(UserRequestState::ALL.iter().map(|s| s.as_str()).collect())
        }
        ("mail" | "mail_row", "state") => Some(crate::desk::query::mail::STATES.to_vec()),
        ("customer" | "customer_row", "state") => Some(vec!["active", "on_hold", "inactive"]),
        _ => None,
    };
    if let Some(states) = states {
        return json!({ "type": "string", "enum": states });
    }
    let reference = |noun: &str| json!({ "$ref": format!("#/$defs/{noun}") });
    match is {
        Text => json!({ "type": "string" }),
        MaybeText => json!({ "type": ["string", "null"] }),
        Whole => json!({ "type": "integer" }),
        Number => json!({ "type": "number" }),
        MaybeWhole => json!({ "type": ["integer", "null"] }),
        Flag => json!({ "type": "boolean" }),
        MaybeFlag => json!({ "type": ["boolean", "null"] }),
        Time => json!({ "type": "string", "format": "date-time" }),
        MaybeTime => json!({ "type": ["string", "null"], "format": "date-time" }),
        Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Object => json!({ "type": "object" }),
        Maybe(noun) => json!({ "anyOf": [reference(noun), { "type": "null" }] }),
        Many(noun) => json!({ "type": "array", "items": reference(noun) }),
        Any => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_noun_that_is_named_is_there() {
        for (name, _, own) in NOUNS {
            assert!(of(name).is_some(), "{name}");
            for (member, is) in *own {
                if let Many(noun) | Maybe(noun) = is {
                    assert!(nouns().any(|known| known == *noun), "{name}.{member}");
                }
            }
        }
        assert!(RECORDS.iter().all(|record| nouns().any(|noun| noun == *record)));
        assert!(of("shoe").is_none());
    }
}
