//! Samples in the shape that the desk loads in bulk: times set against today, lives shortened to their end.

use super::life::{Act, By};
use super::{DemoCustomer, DemoSignup};
use crate::desk::{BulkContact, BulkCustomer, BulkSignup};
use crate::domain::signup::SignupState;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Loaded sign-ups came in within so many days.
const SPAN: i64 = 6 * DAY;

/// Their codes run out only later, so that an office that is kept for measuring stays as it is.
const CODE_DAYS: i64 = 90;

pub(super) fn customers(
    samples: impl Iterator<Item = DemoCustomer> + Send,
    now: i64,
) -> impl Iterator<Item = BulkCustomer> + Send {
    samples.map(move |sample| BulkCustomer {
        state: sample.state,
        // Some minute of the working day, so that not all of them were made at midnight.
        created_at: now
            - i64::from(sample.created_days_ago) * DAY
            - i64::from(sample.created_days_ago) * 7 % 480 * MINUTE,
        values: sample
            .fields()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        contacts: sample
            .contacts
            .iter()
            .map(|person| BulkContact {
                first_name: filled(person.first_name),
                last_name: person.last_name.to_owned(),
                job_title: filled(person.job_title),
                email: filled(&person.email),
                phone: filled(&person.phone),
                language: filled(person.language),
            })
            .collect(),
    })
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// `count` sign-ups spread evenly over the last days, oldest first, as ids are.
pub(super) fn signups(
    samples: impl Iterator<Item = DemoSignup> + Send,
    (count, now): (u64, i64),
) -> impl Iterator<Item = BulkSignup> + Send {
    let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
    samples.zip(0..).map(move |(sample, place)| {
        let age = SPAN - (SPAN - 30 * MINUTE) / count * place;
        ended(sample, now, age)
    })
}

/// The life's end, with its steps at the same shares of another age.
fn ended(sample: DemoSignup, now: i64, age: i64) -> BulkSignup {
    let whole = i64::from(sample.life.first().map_or(1, |step| step.minutes_ago)).max(1);
    let mut signup = BulkSignup {
        values: sample.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        external_id: sample.external_id,
        source: sample.source,
        state: SignupState::Requested,
        created_at: now - age,
        verified_at: None,
        decided: None,
        rejected: None,
        code_expires_at: now + CODE_DAYS * DAY,
    };
    for step in sample.life {
        let at = now - age * i64::from(step.minutes_ago) / whole;
        let decided = match &step.by {
            By::Staff(login) => Some((at, login.clone())),
            By::Applicant | By::Clock => Some((at, String::new())),
        };
        match step.act {
            Act::Submit | Act::Resend | Act::AssignToSelf | Act::Correct { .. } => {}
            Act::VerifyByCode | Act::VerifyByPhone { .. } => {
                (signup.state, signup.verified_at) = (SignupState::VerifiedByUser, Some(at));
            }
            Act::Approve { .. } | Act::ApproveOverride { .. } => {
                (signup.state, signup.decided) = (SignupState::Approved, decided);
            }
            Act::Create { .. } | Act::CreateContact => signup.state = SignupState::Created,
            Act::Reject { code, note, reply } => {
                (signup.state, signup.decided) = (SignupState::Rejected, decided);
                signup.rejected = Some((code, note, reply.unwrap_or_default()));
            }
            Act::Withdraw { .. } | Act::WithdrawByCode => {
                (signup.state, signup.decided) = (SignupState::Withdrawn, decided);
            }
            Act::Expire => signup.state = SignupState::Expired,
            Act::Reopen { .. } => (signup.state, signup.decided) = (SignupState::VerifiedByUser, None),
        }
    }
    signup
}
