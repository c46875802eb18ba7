//! Verification codes: 75 bits in unambiguous letters, kept as hashes, single use (registration.md, Verification).

use rand::RngExt;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::values::{Values, value};
use crate::desk::cx::Cx;
use crate::desk::error::{Error, Result};
use crate::desk::outbox;
use crate::desk::store::history::{hex, latest_at};
use crate::domain::check::country::likely_language;
use crate::domain::happened::Happened;
use crate::domain::id::RecordRef;
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::refusal::Refusal;

/// No letter or digit that is read as another: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS: usize = 3;
const GROUP: usize = 5;
const DAY: i64 = 86_400_000;

/// When a code made now stops working.
pub fn expiry(cx: &Cx<'_>) -> Result<i64> {
    let now = cx.now.max(latest_at(cx.conn)?);
    Ok(now + cx.settings.signup.verification_days * DAY)
}

/// Makes a code for the sign-up; every older one stops working. Only its hash is kept.
pub fn make(cx: &Cx<'_>, signup: i64) -> Result<String> {
    let mut rng = rand::rng();
    let mut group =
        || (0..GROUP).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect::<String>();
    let code = (0..GROUPS).map(|_| group()).collect::<Vec<_>>().join("-");
    cx.conn
        .prepare_cached(
            "update signup_code set replaced_at = ?2 where signup_id = ?1 and replaced_at is null",
        )?
        .execute([signup, cx.now])?;
    cx.conn
        .prepare_cached(
            "insert into signup_code (signup_id, hash, created_at, expires_at) values (?1, ?2, ?3, ?4)",
        )?
        .execute(params![signup, hash(&code), cx.now, expiry(cx)?])?;
    Ok(code)
}

/// Letters and digits alone count; case does not.
fn hash(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    hex(&Sha256::digest(plain))
}

/// A code that was found.
pub struct Found {
    pub id: i64,
    pub signup: i64,
    expires_at: i64,
    pub used_at: Option<i64>,
    replaced_at: Option<i64>,
}

/// Finds the sign-up by the code alone. A wrong code is refused by rule `wrong_code`, and the desk counts it.
pub fn find(cx: &Cx<'_>, code: &str, signup: Option<i64>) -> Result<Found> {
    let wanted = hash(code);
    if let Some(id) = signup {
        let tries: i64 = cx
            .conn
            .prepare_cached("select count(*) from wrong_code where signup_id = ?1 and at > ?2")?
            .query_row([id, cx.now - 3_600_000], |r| r.get(0))?;
        if tries >= cx.settings.signup.wrong_codes_per_hour {
            return Err(Error::Refused(Refusal::new(
                "too_many_wrong_codes",
                format!("{tries} wrong codes were tried within the last hour."),
                "Wait until the hour is over, or verify by phone.",
            )));
        }
    }
    let found = cx
        .conn
        .prepare_cached(
            "select id, signup_id, expires_at, used_at, replaced_at, hash from signup_code where hash = ?1",
        )?
        .query_row([&wanted], |r| {
            let found = Found {
                id: r.get(0)?,
                signup: r.get(1)?,
                expires_at: r.get(2)?,
                used_at: r.get(3)?,
                replaced_at: r.get(4)?,
            };
            Ok((found, r.get::<_, String>(5)?))
        })
        .optional()?;
    match found {
        Some((found, kept))
            if bool::from(kept.as_bytes().ct_eq(wanted.as_bytes()))
                && signup.is_none_or(|id| id == found.signup) =>
        {
            Ok(found)
        }
        Some(_) | None => Err(Error::Refused(Refusal::new(
            "wrong_code",
            "This code is not known.",
            "Copy it from the newest mail, or ask the office to send a new one.",
        ))),
    }
}

/// A code that still says something: not replaced by a newer one, not too old. One that was used still shows who
/// its holder is.
pub fn check_good(cx: &Cx<'_>, found: &Found, number: &str) -> Result<()> {
    let refuse =
        |rule, message: String, remedy: &str| Err(Error::Refused(Refusal::new(rule, message, remedy)));
    if found.used_at.is_some() {
        return Ok(());
    }
    if found.replaced_at.is_some() {
        return refuse(
            "code_replaced",
            format!("A newer code was sent for {number}."),
            "Use the code from the newest mail.",
        );
    }
    // A clock that was set back makes no code good again.
    if found.expires_at <= cx.now.max(latest_at(cx.conn)?) {
        return refuse(
            "code_expired",
            format!("The code of {number} has expired."),
            "Ask the office to send a new one.",
        );
    }
    Ok(())
}

/// Takes mails with older codes out of the queue, and writes down which, so that undo brings them back.
pub fn supersede(cx: &Cx<'_>, signup: i64, happened: Happened) -> Result<Happened> {
    let older = [MailEvent::SignupReceived, MailEvent::SignupResent];
    let ids = outbox::supersede(cx.conn, ("signup", signup), &older, cx.now)?;
    Ok(if ids.is_empty() { happened } else { happened.fact("superseded", ids) })
}

/// The mail that holds the code, and a link made of it where the office's web site hands codes on.
pub fn letter(
    cx: &Cx<'_>,
    event: MailEvent,
    (record, values): (&RecordRef, &Values),
    code: &str,
) -> Result<Letter> {
    let mut letter = to_applicant(cx, event, record, values);
    let link = cx.settings.verify_url.as_deref().map(|url| url.replace("{code}", code)).unwrap_or_default();
    letter.values.insert("code", code.to_owned());
    letter.values.insert("link", link);
    letter.values.insert("expires", expiry(cx)?.to_string());
    Ok(letter)
}

/// A letter to the applicant with what every one of them says: name and number.
pub fn to_applicant(cx: &Cx<'_>, event: MailEvent, record: &RecordRef, values: &Values) -> Letter {
    let name =
        ["first_name", "last_name"].iter().filter_map(|n| value(values, n)).collect::<Vec<_>>().join(" ");
    let language = value(values, "language").or_else(|| value(values, "country").map(likely_language));
    let to = Mailbox { address: value(values, "email").unwrap_or("").to_owned(), name: Some(name.clone()) };
    let mut letter = cx.letter(event, to, language, record);
    letter.values.insert("name", name);
    letter.values.insert("number", record.number.clone());
    letter
}
