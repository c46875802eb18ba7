//! Runs every check on a sign-up and stores the findings: advice, never a wall (registration.md, Checks).

use rusqlite::params;

use super::values::{Values, applicant, value};
use crate::desk::cx::Cx;
use crate::desk::error::Result;
use crate::desk::store::duplicates::{self, Asking};
use crate::domain::check::context::{EarlierEnd, EarlierSignup, SameSender};
use crate::domain::check::email::{is_public_mail_domain, parse_email};
use crate::domain::check::phone::normalise_phone;
use crate::domain::check::{self, Finding, Outcome};
use crate::domain::id::RecordRef;
use crate::matching::{Hit, Standing};

const DAY: i64 = 86_400_000;

/// (Re)runs all checks of the sign-up and stores them with the counts that the list shows.
pub fn run(cx: &Cx<'_>, record: &RecordRef, values: &Values) -> Result<()> {
    run_with(cx, record, values, &duplicates::of_signup(cx.conn, record.id, Asking::for_all(cx.settings))?)
}

/// [`run`] with the possible duplicates that are known.
pub fn run_with(cx: &Cx<'_>, record: &RecordRef, values: &Values, hits: &[Hit]) -> Result<()> {
    let announced = hits.iter().filter(|hit| hit.standing == Standing::Announced).count();
    let best = hits.iter().find(|hit| hit.standing == Standing::Announced);
    let mut findings = check::checks(&applicant(values));
    findings.push(same_sender(cx, record.id, values)?);
    findings.push(earlier(cx, record.id, values)?);
    if let Some(expected) = &cx.settings.privacy_version {
        let (accepted, version) = (value(values, "privacy_accepted_at"), value(values, "privacy_version"));
        findings.push(Finding::privacy(expected, accepted, version));
    }
    findings.push(Finding::duplicates(
        u32::try_from(announced).unwrap_or(u32::MAX),
        best.map(|h| h.record.number.as_str()),
    ));
    cx.conn.prepare_cached("delete from signup_check where signup_id = ?1")?.execute([record.id])?;
    let mut insert = cx.conn.prepare_cached(
        "insert into signup_check (signup_id, name, outcome, word) values (?1, ?2, ?3, ?4)",
    )?;
    for finding in &findings {
        insert.execute(params![record.id, finding.check.as_str(), finding.outcome.as_str(), finding.word])?;
    }
    let count =
        |wanted: Outcome| i64::try_from(findings.iter().filter(|f| f.outcome == wanted).count()).unwrap_or(0);
    let (good, attention, bad) = (count(Outcome::Good), count(Outcome::Attention), count(Outcome::Bad));
    let worst = if bad > 0 {
        Outcome::Bad
    } else if attention > 0 {
        Outcome::Attention
    } else {
        Outcome::Good
    };
    cx.conn
        .prepare_cached(
            "update signup set checks_good = ?2, checks_total = ?3, checks_worst = ?4, duplicate = ?5,
               duplicate_percent = ?6, duplicate_count = ?7, duplicate_model = ?8 where id = ?1",
        )?
        .execute(params![
            record.id,
            good,
            good + attention + bad,
            worst.as_str(),
            best.map(|h| &h.record.number),
            best.map(|h| h.percent),
            i64::try_from(announced).unwrap_or(0),
            best.map(|h| h.model),
        ])?;
    Ok(())
}

fn same_sender(cx: &Cx<'_>, id: i64, values: &Values) -> Result<Finding> {
    let email = value(values, "email").and_then(|e| parse_email(e).ok());
    let phone = value(values, "phone").and_then(|p| normalise_phone(p, value(values, "country")));
    let domain = email.as_ref().map(|e| e.ascii_domain()).filter(|d| !is_public_mail_domain(d));
    let others = |column: &str, wanted: Option<&str>| -> Result<u32> {
        let sql = format!("select count(*) from signup where {column} = ?1 and created_at > ?2 and id <> ?3");
        Ok(cx.conn.prepare_cached(&sql)?.query_row(params![wanted, cx.now - DAY, id], |r| r.get(0))?)
    };
    let same_email = others("email_key", email.as_ref().map(|e| e.key()).as_deref())?;
    Ok(Finding::several_today(SameSender {
        same_email,
        same_domain: others("domain_key", domain)?.saturating_sub(same_email),
        same_phone: others("phone_key", phone.as_deref())?,
    }))
}

fn earlier(cx: &Cx<'_>, id: i64, values: &Values) -> Result<Finding> {
    let key = value(values, "email").and_then(|e| parse_email(e).ok()).map(|e| e.key());
    let phone = value(values, "phone").and_then(|p| normalise_phone(p, value(values, "country")));
    let mut statement = cx.conn.prepare_cached(
        "select number, state, coalesce(reason_code, reason) from signup
         where id in (select id from signup where email_key = ?1 union select id from signup where phone_key = ?2)
           and state in ('rejected', 'withdrawn') and id <> ?3 order by id desc limit 1",
    )?;
    let mut rows = statement.query(params![key, phone, id])?;
    let Some(row) = rows.next()? else { return Ok(Finding::earlier_signup(None)) };
    let (number, state, reason): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let end = if state == "rejected" { EarlierEnd::Rejected } else { EarlierEnd::Withdrawn };
    Ok(Finding::earlier_signup(Some(EarlierSignup { number: &number, end, reason: reason.as_deref() })))
}
