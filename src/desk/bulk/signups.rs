//! Sign-ups in bulk, already moved to the state they have; checks are made by the code that commands use,
//! after the keys are indexed, and for some of them possible duplicates are looked up.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use rusqlite::{CachedStatement, Connection, ToSql, params};
use sha2::{Digest, Sha256};

use super::{CHUNK, Load, Progress, WAITING, take_numbers};
use crate::desk::commands::signup::checks;
use crate::desk::commands::signup::values::{self, Keys, Values, value};
use crate::desk::cx::Cx;
use crate::desk::door::Desk;
use crate::desk::error::Result;
use crate::desk::store::history::hex;
use crate::domain::field::SIGNUP_FIELDS;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Actor;
use crate::domain::signup::SignupState;

/// A sign-up as it would stand after its life so far.
#[derive(Debug, Clone)]
pub struct BulkSignup {
    /// Applicant values by field name.
    pub values: BTreeMap<String, String>,
    /// The sender's own key.
    pub external_id: String,
    /// `form`, `import`, `staff`, `mail`.
    pub source: &'static str,
    /// Its state now; a created one becomes a contact of an existing customer.
    pub state: SignupState,
    /// When it came in, UTC milliseconds.
    pub created_at: i64,
    /// When the applicant's code came back.
    pub verified_at: Option<i64>,
    /// When and by whom (login) it was decided.
    pub decided: Option<(i64, String)>,
    /// Reason code, note, text to the applicant of a rejection.
    pub rejected: Option<(String, String, String)>,
    /// When the code of one that was never verified runs out.
    pub code_expires_at: i64,
}

/// One in so many is compared with all customers; for each of them that takes longer than all the rest together.
const LOOKED_UP: i64 = 50;

impl Desk {
    /// Loads `count` sign-ups under one entry in history.
    pub fn load_signups(
        &mut self,
        actor: &Actor,
        (count, signups): (u64, impl Iterator<Item = BulkSignup> + Send),
        progress: Progress<'_>,
    ) -> Result<u64> {
        let what = Load {
            command: "load_signups",
            happened: "signups_loaded",
            tables: &["signup", "signup_check", "signup_code"],
            counted: "signup",
            rows: count,
        };
        let settings = self.settings().clone();
        self.load(actor, what, |conn, now| {
            let numbers = take_numbers(conn, "signup", count)?;
            let mut writer = Writer::new(conn)?;
            let first = writer.next;
            let (send, receive) = sync_channel::<Vec<Ready>>(WAITING);
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let loaded = std::thread::scope(|scope| {
                scope.spawn(move || {
                    let mut signups = signups.take(count).zip(numbers.1..).peekable();
                    while signups.peek().is_some() {
                        let ready = signups
                            .by_ref()
                            .take(CHUNK)
                            .map(|(signup, n)| {
                                Ready::new(format!("{}{n:0w$}", numbers.0, w = numbers.2), signup)
                            })
                            .collect();
                        if send.send(ready).is_err() {
                            return;
                        }
                    }
                });
                let mut loaded = 0;
                for chunk in receive {
                    for ready in &chunk {
                        writer.write(ready)?;
                    }
                    loaded += chunk.len() as u64;
                    progress("sign-ups", loaded);
                }
                Ok::<_, crate::desk::Error>(loaded)
            })?;
            judge(conn, &Judging { actor, settings: &settings, now, first }, progress)?;
            progress("indexes", loaded);
            Ok(loaded)
        })
    }
}

struct Judging<'a> {
    actor: &'a Actor,
    settings: &'a crate::desk::Settings,
    now: i64,
    first: i64,
}

/// Runs the checks of every loaded sign-up. The look-ups need the keys indexed, whatever else waits until later.
fn judge(conn: &Connection, judging: &Judging<'_>, progress: Progress<'_>) -> Result<()> {
    const NEEDED: [&str; 5] = ["email_key", "phone_key", "tax_key", "company_key", "domain_key"];
    for key in NEEDED {
        conn.execute_batch(&format!("create index if not exists judge_{key} on signup ({key}, created_at)"))?;
    }
    conn.execute_batch("create index if not exists judge_check on signup_check (signup_id)")?;
    let names: Vec<&str> = SIGNUP_FIELDS.iter().map(|f| f.name).collect();
    let sql = format!(
        "select id, number, created_at, {} from signup where id >= ?1 and id < ?1 + {CHUNK} order by id",
        names.join(", ")
    );
    let mut from = judging.first;
    loop {
        let mut rows = Vec::with_capacity(CHUNK);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut found = statement.query([from])?;
        while let Some(row) = found.next()? {
            let mut values = Values::new();
            for (at, name) in names.iter().enumerate() {
                if let Some(text) = row.get::<_, Option<String>>(at + 3)? {
                    values.insert((*name).to_owned(), text);
                }
            }
            let record = RecordRef::new(RecordKind::Signup, row.get(0)?, row.get::<_, String>(1)?);
            rows.push((record, row.get::<_, i64>(2)?, values));
        }
        if rows.is_empty() {
            break;
        }
        for (record, created_at, values) in &rows {
            let cx = Cx {
                conn,
                actor: judging.actor,
                now: (*created_at).min(judging.now),
                settings: judging.settings,
            };
            match record.id % LOOKED_UP {
                0 => checks::run(&cx, record, values)?,
                _ => checks::run_with(&cx, record, values, &[])?,
            }
        }
        from += CHUNK as i64;
        progress("checks", u64::try_from(from - judging.first).unwrap_or(0));
    }
    for key in NEEDED {
        conn.execute_batch(&format!("drop index judge_{key}"))?;
    }
    conn.execute_batch("drop index judge_check")?;
    Ok(())
}

struct Ready {
    number: String,
    signup: BulkSignup,
    values: Values,
    keys: Keys,
    code: Option<String>,
}

impl Ready {
    fn new(number: String, mut signup: BulkSignup) -> Self {
        let values = std::mem::take(&mut signup.values);
        let keys = values::keys(&number, &values);
        // Nobody knows a code of this hash: it only stands where one would.
        let code = (signup.state == SignupState::Requested)
            .then(|| hex(&Sha256::digest(format!("no code: {}", signup.external_id))));
        Self { number, signup, values, keys, code }
    }
}

struct Writer<'a> {
    staff: BTreeMap<String, i64>,
    signup: CachedStatement<'a>,
    code: CachedStatement<'a>,
    customer: CachedStatement<'a>,
    customers: i64,
    next: i64,
}

impl<'a> Writer<'a> {
    fn new(conn: &'a Connection) -> Result<Self> {
        let names: Vec<&str> = SIGNUP_FIELDS.iter().map(|f| f.name).collect();
        let marks: Vec<String> = (0..names.len()).map(|i| format!("?{}", i + 29)).collect();
        let sql = format!(
            "insert into signup (id, number, created_at, updated_at, state_since, state, state_before, external_id, source,
               verified_at, verified_how, decided_by, decided_at, reason_code, reason, reply, code_expires_at, customer_id,
               contact_id, company_key, contact_key, email_key, domain_key, phone_key, tax_key, search, has_hidden, version, {})
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
               ?24, ?25, ?26, ?27, ?28, {})",
            names.join(", "),
            marks.join(", ")
        );
        let mut staff = conn.prepare("select login, id from staff")?;
        let staff = staff.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            staff,
            signup: conn.prepare_cached(&sql)?,
            code: conn.prepare_cached(
                "insert into signup_code (signup_id, hash, created_at, expires_at) values (?1, ?2, ?3, ?4)",
            )?,
            customer: conn.prepare_cached(
                "select contact_id from customer_contact where customer_id = ?1 order by id limit 1",
            )?,
            customers: conn.query_row("select coalesce(max(id), 0) from customer", [], |r| r.get(0))?,
            next: conn.query_row("select coalesce(max(id), 0) + 1 from signup", [], |r| r.get(0))?,
        })
    }

    fn write(&mut self, ready: &Ready) -> Result<()> {
        let Ready { signup, keys, .. } = ready;
        let (decided_at, decided_by) = match &signup.decided {
            Some((at, login)) => (Some(*at), self.staff.get(login).copied()),
            None => (None, None),
        };
        let since = decided_at.or(signup.verified_at).unwrap_or(signup.created_at);
        let verified_how = signup.verified_at.map(|_| "code");
        let before = match (signup.state, signup.verified_at) {
            (SignupState::Requested, _) => None,
            (SignupState::VerifiedByUser, _) | (_, None) => Some("requested"),
            (SignupState::Created, _) => Some("approved"),
            (
                SignupState::Approved | SignupState::Rejected | SignupState::Withdrawn | SignupState::Expired,
                Some(_),
            ) => Some("verified_by_user"),
        };
        let [code, note, reply] = match &signup.rejected {
            Some((code, note, reply)) => [Some(code), Some(note), Some(reply)],
            None => [None; 3],
        };
        let expires = (signup.state == SignupState::Requested).then_some(signup.code_expires_at);
        let (customer, contact) = self.customer_of(signup.state)?;
        let version = 1 + i64::from(signup.verified_at.is_some()) + i64::from(signup.decided.is_some());
        let state = signup.state.as_str();
        let fixed = params![
            self.next,
            ready.number,
            signup.created_at,
            since,
            since,
            state,
            before,
            signup.external_id,
            signup.source,
            signup.verified_at,
            verified_how,
            decided_by,
            decided_at,
            code,
            note,
            reply,
            expires,
            customer,
            contact,
            keys.company,
            keys.contact,
            keys.email,
            keys.domain,
            keys.phone,
            keys.tax,
            keys.search,
            keys.hidden,
            version
        ];
        let given: Vec<Option<&str>> = SIGNUP_FIELDS.iter().map(|f| value(&ready.values, f.name)).collect();
        let mut all: Vec<&dyn ToSql> = fixed.to_vec();
        all.extend(given.iter().map(|v| v as &dyn ToSql));
        self.signup.execute(&all[..])?;
        if let Some(hash) = &ready.code {
            self.code.execute(params![self.next, hash, signup.created_at, signup.code_expires_at])?;
        }
        self.next += 1;
        Ok(())
    }

    /// The customer that a created one became a contact of: one after the other, in steps that reach all of them.
    fn customer_of(&mut self, state: SignupState) -> Result<(Option<i64>, Option<i64>)> {
        if state != SignupState::Created || self.customers == 0 {
            return Ok((None, None));
        }
        let customer = self.next * 7_919 % self.customers + 1;
        let contact = self.customer.query_row([customer], |r| r.get(0))?;
        Ok((Some(customer), Some(contact)))
    }
}
