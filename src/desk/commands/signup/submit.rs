//! Intake of one sign-up: values judged, number taken, checks run and stored, code made, verification mail queued.

use rusqlite::{OptionalExtension, params};

use super::values::{self, Keys, Values, value};
use super::{SubmitSignup, checks, code};
use crate::desk::command::Repeated;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::Result;
use crate::desk::store::sequence;
use crate::domain::field::SIGNUP_FIELDS;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::MailEvent;
use crate::domain::permission::{Allowed, Permission, Who};

impl SubmitSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::SignupSubmit)?;
        let external_id = self.external_id.as_deref().map(str::trim).filter(|e| !e.is_empty());
        if let Some(known) = external_id.map(|e| known(cx, e)).transpose()?.flatten() {
            return Ok(repeated(allowed, known));
        }
        let mut values = values::shape(&self.fields, cx.settings)?;
        if let Some(version) = &cx.settings.privacy_version
            && values.contains_key("privacy_accepted_at")
        {
            values.entry("privacy_version".into()).or_insert_with(|| version.clone());
        }
        let number = sequence::take(cx, "signup")?;
        let keys = values::keys(&number, &values);
        let id = self.insert(cx, &number, external_id, (&values, &keys))?;
        let record = RecordRef::new(RecordKind::Signup, id, number);
        checks::run(cx, &record, &values)?;
        let code = code::make(cx, id)?;
        let letter = code::letter(cx, MailEvent::SignupReceived, (&record, &values), &code)?;
        let happened = Happened::new("signup_submitted", record)
            .moved("none", "requested")
            .fact("source", self.source.as_str());
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }

    fn insert(
        &self,
        cx: &Cx<'_>,
        number: &str,
        external_id: Option<&str>,
        row: (&Values, &Keys),
    ) -> Result<i64> {
        let (values, keys) = row;
        let names: Vec<&str> = SIGNUP_FIELDS.iter().map(|f| f.name).collect();
        let marks: Vec<String> = (0..names.len()).map(|i| format!("?{}", i + 17)).collect();
        let sql = format!(
            "insert into signup (number, created_at, updated_at, state_since, state, external_id, extra, source, carrier,
               entered_by, company_key, contact_key, email_key, domain_key, phone_key, tax_key, search, has_hidden,
               code_expires_at, {})
             values (?1, ?2, ?2, ?2, 'requested', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, {})",
            names.join(", "),
            marks.join(", ")
        );
        let carrier = matches!(cx.actor.who, Who::Applicant).then_some(cx.actor.real.as_deref()).flatten();
        let extra = serde_json::Value::Object(self.extra.clone()).to_string();
        let expires = code::expiry(cx)?;
        let source = self.source.as_str();
        let staff = cx.actor.staff_id();
        let fixed = params![
            number,
            cx.now,
            external_id,
            extra,
            source,
            carrier,
            staff,
            keys.company,
            keys.contact,
            keys.email,
            keys.domain,
            keys.phone,
            keys.tax,
            keys.search,
            keys.hidden,
            expires,
        ];
        let given: Vec<Option<&str>> = names.iter().map(|n| value(values, n)).collect();
        let mut all: Vec<&dyn rusqlite::ToSql> = fixed.to_vec();
        all.extend(given.iter().map(|v| v as &dyn rusqlite::ToSql));
        cx.conn.prepare_cached(&sql)?.execute(&all[..])?;
        Ok(cx.conn.last_insert_rowid())
    }
}

fn known(cx: &Cx<'_>, external_id: &str) -> Result<Option<(i64, String, String)>> {
    let found = cx
        .conn
        .prepare_cached("select id, number, state from signup where external_id = ?1")?
        .query_row([external_id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    Ok(found)
}

/// The same `external_id` again gives the same number again (registration.md, Intake).
fn repeated(allowed: Allowed, (id, number, state): (i64, String, String)) -> Done {
    let record = RecordRef::new(RecordKind::Signup, id, number);
    let mut done = Done::audited(allowed, Happened::new("signup_submitted", record));
    done.state = crate::domain::signup::SignupState::parse(&state).map(|s| s.as_str());
    done.repeated = Repeated::Yes;
    done.note("This sign-up was taken in before; nothing was added.")
}
