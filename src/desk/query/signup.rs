//! Sign-ups as lists and details show them.

use crate::desk::commands::signup::Seen;
use crate::desk::query::history::HistoryRow;
use crate::desk::query::{Key, Keyed};
use crate::domain::filter::{FieldDef, FieldSet, Kind};
use crate::domain::id::RecordRef;
use crate::domain::signup::{SignupFacts, SignupState};
use crate::matching::Hit;

const STATES: &[&str] =
    &["requested", "verified_by_user", "approved", "created", "rejected", "withdrawn", "expired"];
const fn field(name: &'static str, aliases: &'static [&'static str], kind: Kind) -> FieldDef {
    FieldDef { name, aliases, kind }
}

/// What the sign-up list can be filtered by. `mine` is: assigned to the reader.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        field("number",      &["no"],                   Kind::Text),
        field("company",     &["name"],                 Kind::Text),
        field("contact",     &["person", "applicant"],  Kind::Text),
        field("email",       &["mail", "e_mail"],       Kind::Text),
        field("phone",       &["tel"],                  Kind::Text),
        field("city",        &["town"],                 Kind::Text),
        field("country",     &[],                       Kind::Text),
        field("language",    &["lang"],                 Kind::Text),
        field("tax_number",  &["vat", "tax"],           Kind::Text),
        field("message",     &[],                       Kind::Text),
        field("source",      &[],                       Kind::Text),
        field("duplicate",   &["dup"],                  Kind::Text),
        field("reason_code", &["reason"],               Kind::Text),
        field("state",       &["status"],               Kind::State(STATES)),
        field("assigned",    &["assigned_to", "owner"], Kind::Person),
        field("checks",      &[],                       Kind::Number),
        field("created",     &["created_at", "date"],   Kind::Date),
        field("age",         &[],                       Kind::Age),
    ],
    today: Some("created"),
};

/// The columns a sign-up list can be sorted by. `age` is the order of entry; so is `number`.
pub const SORTS: &[&str] =
    &["number", "company", "contact", "email", "age", "checks", "duplicate", "assigned", "state"];

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct SignupRow {
    /// Where it stands.
    pub key: Key,
    /// `REG-000132`.
    pub number: String,
    /// Row version.
    pub version: i64,
    /// State.
    pub state: SignupState,
    /// Company as given.
    pub company: String,
    /// First and last name as given.
    pub contact: String,
    /// Address as given.
    pub email: String,
    /// Country code.
    pub country: String,
    /// City as given.
    pub city: Option<String>,
    /// When it came in.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
    /// Since when it is in its state.
    pub state_since: i64,
    /// Checks that are good.
    pub checks_good: i64,
    /// Checks that apply.
    pub checks_total: i64,
    /// `good`, `attention` or `bad`.
    pub checks_worst: String,
    /// Number of the best possible duplicate.
    pub duplicate: Option<String>,
    /// Its probability in per cent.
    pub duplicate_percent: Option<i64>,
    /// Version of the model that gave the percentage; `signup duplicates --model` explains it.
    pub duplicate_model: Option<u32>,
    /// Login of the assignee.
    pub assigned: Option<String>,
    /// Whether it holds hidden characters.
    pub hidden: Hidden,
}

/// Whether text holds controls, overrides or the like (trust.md, Hostile text).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It does; show the badge.
    Some,
    /// It does not.
    None,
}

impl Keyed for SignupRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// One stored check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CheckRow {
    /// Stable name.
    pub name: String,
    /// `good`, `attention`, `bad`, `not_applicable`.
    pub outcome: String,
    /// The word beside the sign.
    pub word: String,
}

/// Everything about one sign-up that the detail, the create dialog and JSON show.
#[derive(Debug, Clone)]
pub struct SignupCard {
    /// The row as the list shows it.
    pub row: SignupRow,
    /// Applicant fields in the order of `domain::field::SIGNUP_FIELDS`; absent ones are none.
    pub fields: Vec<(&'static str, Option<String>)>,
    /// Fields we do not know, as given.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// The sender's own key.
    pub external_id: Option<String>,
    /// `form`, `import`, `staff`, `mail`.
    pub source: String,
    /// Login of who entered it, if staff.
    pub entered_by: Option<String>,
    /// Who carried it in, if not the applicant themselves.
    pub carrier: Option<String>,
    /// When and how it was verified.
    pub verified_at: Option<i64>,
    /// `code` or `phone`.
    pub verified_how: Option<String>,
    /// The note of a phone verification.
    pub verify_note: Option<String>,
    /// Login of who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
    /// Code, internal note, text to the applicant.
    pub reason_code: Option<String>,
    /// The internal note or reason.
    pub reason: Option<String>,
    /// What the applicant was told.
    pub reply: Option<String>,
    /// When the code stops working.
    pub code_expires_at: Option<i64>,
    /// How often a code was sent again, and when last.
    pub resend_count: i64,
    /// When last.
    pub resent_at: Option<i64>,
    /// The customer, contact and user request made of it.
    pub made: Vec<RecordRef>,
    /// The checks as stored at entry or last correction.
    pub checks: Vec<CheckRow>,
    /// Numbers remembered as “not a duplicate”.
    pub not_duplicates: Vec<String>,
    /// A mail to the applicant that failed for good: `address refused: 550 no such user`, or `mail failed: …` where the
    /// address is not to blame.
    pub mail_trouble: Option<String>,
    /// What the rules look at; ask `domain::signup::offer` with it.
    pub facts: SignupFacts,
    /// What a decision made on this card binds to.
    pub seen: Seen,
}

/// The detail pane: the card, its possible duplicates and its latest history.
#[derive(Debug, Clone)]
pub struct SignupDetail {
    /// The card.
    pub card: SignupCard,
    /// Possible duplicates, best first.
    pub duplicates: Vec<Hit>,
    /// The newest entries first, at most ten.
    pub history: Vec<HistoryRow>,
}

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};
use crate::desk::settings::Settings;
use crate::desk::store::history::hex;
use crate::domain::field::SIGNUP_FIELDS;
use crate::domain::id::RecordKind;
use crate::domain::signup::Author;

#[rustfmt::skip]
pub(in crate::desk) static LIST: ListSpec<SignupRow> = ListSpec {
    table: "signup",
    joins: "left join staff a on a.id = t.assigned_to",
    columns: "t.number, t.version, t.state, t.company, coalesce(t.first_name || ' ', '') || t.last_name, t.email, t.country, t.city, t.created_at, t.updated_at,
              t.state_since, t.checks_good, t.checks_total, t.checks_worst, t.duplicate, t.duplicate_percent, a.login, t.has_hidden, t.duplicate_model",
    search: "t.search",
    fts: Some("signup_fts"),
    sorts: &[
        ("number", "t.id"), ("age", "t.id"), ("company", "t.company_key"), ("contact", "t.contact_key"), ("email", "t.email_key"),
        ("checks", "t.checks_good"), ("duplicate", "t.duplicate_key"), ("assigned", "t.assigned_key"), ("state", "t.state"),
    ],
    fields: &[
        Column { field: "number",      expr: "t.number",      kind: ColumnKind::Searched },
        Column { field: "company",     expr: "t.company",     kind: ColumnKind::Searched },
        Column { field: "contact",     expr: "(coalesce(t.first_name || ' ', '') || t.last_name)", kind: ColumnKind::Searched },
        Column { field: "email",       expr: "t.email",       kind: ColumnKind::Searched },
        Column { field: "phone",       expr: "t.phone",       kind: ColumnKind::Searched },
        Column { field: "city",        expr: "t.city",        kind: ColumnKind::Searched },
        Column { field: "country",     expr: "t.country",     kind: ColumnKind::Stored },
        Column { field: "language",    expr: "t.language",    kind: ColumnKind::Stored },
        Column { field: "tax_number",  expr: "t.tax_key",     kind: ColumnKind::Searched },
        Column { field: "message",     expr: "t.message",     kind: ColumnKind::Stored },
        Column { field: "source",      expr: "t.source",      kind: ColumnKind::Stored },
        Column { field: "duplicate",   expr: "t.duplicate",   kind: ColumnKind::Stored },
        Column { field: "reason_code", expr: "t.reason_code", kind: ColumnKind::Stored },
        Column { field: "state",       expr: "t.state",       kind: ColumnKind::State },
        Column { field: "assigned",    expr: "t.assigned_to", kind: ColumnKind::Staff },
        Column { field: "checks",      expr: "t.checks_good", kind: ColumnKind::Number },
        Column { field: "created",     expr: "t.created_at",  kind: ColumnKind::Time },
        Column { field: "age",         expr: "t.created_at",  kind: ColumnKind::Time },
    ],
    mine: "t.assigned_to = ?",
    from_row,
};

fn from_row(r: &Row<'_>, key: Key) -> rusqlite::Result<SignupRow> {
    let state: String = r.get(4)?;
    Ok(SignupRow {
        key,
        number: r.get(2)?,
        version: r.get(3)?,
        state: SignupState::parse(&state).unwrap_or(SignupState::Requested),
        company: r.get(5)?,
        contact: r.get(6)?,
        email: r.get(7)?,
        country: r.get(8)?,
        city: r.get(9)?,
        created_at: r.get(10)?,
        updated_at: r.get(11)?,
        state_since: r.get(12)?,
        checks_good: r.get(13)?,
        checks_total: r.get(14)?,
        checks_worst: r.get(15)?,
        duplicate: r.get(16)?,
        duplicate_percent: r.get(17)?,
        assigned: r.get(18)?,
        hidden: if r.get::<_, bool>(19)? { Hidden::Some } else { Hidden::None },
        duplicate_model: r.get(20)?,
    })
}

/// The card of one sign-up.
pub(in crate::desk) fn card(conn: &Connection, settings: &Settings, id: i64, now: i64) -> Result<SignupCard> {
    let columns: Vec<String> = SIGNUP_FIELDS.iter().map(|f| format!("t.{}", f.name)).collect();
    let n = SIGNUP_FIELDS.len();
    let sql = format!(
        "select t.id, t.id, {}, {}, t.extra, t.external_id, t.source, e.login, t.carrier, t.verified_at, t.verified_how,
           t.verify_note, d.login, t.decided_at, t.reason_code, t.reason, t.reply, t.code_expires_at, t.resend_count,
           t.resent_at, t.customer_id, c.number, t.contact_id, k.number, t.user_request_id, u.number
         from signup t {} left join staff e on e.id = t.entered_by left join staff d on d.id = t.decided_by
           left join customer c on c.id = t.customer_id left join contact k on k.id = t.contact_id
           left join user_request u on u.id = t.user_request_id
         where t.id = ?1",
        LIST.columns,
        columns.join(", "),
        LIST.joins
    );
    let mut card = conn
        .prepare_cached(&sql)?
        .query_row([id], |r| {
            let row = from_row(r, Key { value: super::SortValue::Int(id), id })?;
            let fields = SIGNUP_FIELDS.iter().enumerate().map(|(i, f)| Ok((f.name, r.get(21 + i)?)));
            let fields = fields.collect::<rusqlite::Result<Vec<(&'static str, Option<String>)>>>()?;
            let b = 21 + n;
            let extra: String = r.get(b)?;
            let mut made = Vec::new();
            for (i, kind) in
                [(16, RecordKind::Customer), (18, RecordKind::Contact), (20, RecordKind::UserRequest)]
            {
                if let (Some(id), Some(number)) = (r.get(b + i)?, r.get::<_, Option<String>>(b + i + 1)?) {
                    made.push(RecordRef::new(kind, id, number));
                }
            }
            Ok(SignupCard {
                fields,
                extra: serde_json::from_str(&extra).unwrap_or_default(),
                external_id: r.get(b + 1)?,
                source: r.get(b + 2)?,
                entered_by: r.get(b + 3)?,
                carrier: r.get(b + 4)?,
                verified_at: r.get(b + 5)?,
                verified_how: r.get(b + 6)?,
                verify_note: r.get(b + 7)?,
                decided_by: r.get(b + 8)?,
                decided_at: r.get(b + 9)?,
                reason_code: r.get(b + 10)?,
                reason: r.get(b + 11)?,
                reply: r.get(b + 12)?,
                code_expires_at: r.get(b + 13)?,
                resend_count: r.get(b + 14)?,
                resent_at: r.get(b + 15)?,
                made,
                checks: Vec::new(),
                not_duplicates: Vec::new(),
                mail_trouble: None,
                facts: SignupFacts {
                    number: row.number.clone(),
                    state: row.state,
                    authors: Vec::new(),
                    resent_last_hour: 0,
                    policy: settings.signup,
                },
                seen: Seen { version: row.version, hash: String::new() },
                row,
            })
        })
        .optional()?
        .ok_or_else(|| Error::not_found(format!("Sign-up with id {id}")))?;
    card.checks = checks(conn, id)?;
    card.not_duplicates = conn
        .prepare_cached("select other from not_duplicate where signup_id = ?1 order by id")?
        .query_map([id], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    card.mail_trouble = conn
        .prepare_cached(
            "select iif((select phase from outbox_attempt a where a.outbox_id = o.id order by a.id desc limit 1)
                     in ('mail', 'rcpt'), 'address refused: ', 'mail failed: ') || coalesce(last_reply, 'no reply')
             from outbox o where record_kind = 'signup' and record_id = ?1 and state = 'failed' order by id desc limit 1",
        )?
        .query_row([id], |r| r.get(0))
        .optional()?;
    card.facts.authors = authors(conn, id)?;
    card.facts.resent_last_hour = conn
        .prepare_cached(
            "select count(*) from history where record_kind = 'signup' and record_id = ?1
               and command = 'resend_code' and at > ?2 and undone_by is null",
        )?
        .query_row([id, now - 3_600_000], |r| r.get(0))?;
    card.seen.hash = seen_hash(&card);
    Ok(card)
}

pub(super) fn checks(conn: &Connection, id: i64) -> Result<Vec<CheckRow>> {
    let mut statement =
        conn.prepare_cached("select name, outcome, word from signup_check where signup_id = ?1 order by id")?;
    let rows = statement
        .query_map([id], |r| Ok(CheckRow { name: r.get(0)?, outcome: r.get(1)?, word: r.get(2)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Everybody on the staff who entered or corrected it; corrections that were undone do not count.
fn authors(conn: &Connection, id: i64) -> Result<Vec<Author>> {
    let mut statement = conn.prepare_cached(
        "select coalesce(s.person, s.login), s.login from staff s
         where s.id = (select entered_by from signup where id = ?1)
            or s.id in (select actor_id from history where record_kind = 'signup' and record_id = ?1
                        and command = 'edit_signup' and undone_by is null)
         order by s.id",
    )?;
    let rows = statement
        .query_map([id], |r| Ok(Author { person: r.get(0)?, login: r.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// What a decision binds to: the applicant's values, the checks and the duplicates as the card shows them.
fn seen_hash(card: &SignupCard) -> String {
    let shown = (
        &card.fields,
        &card.checks,
        &card.row.duplicate,
        card.row.duplicate_percent,
        card.row.state.as_str(),
    );
    hex(&Sha256::digest(serde_json::to_vec(&shown).expect("strings and numbers are always JSON")))
}
