//! The life cycle of a sign-up: seven states and the table of legal moves (registration.md, Statuses and moves).
//! Whoever made or corrected a sign-up is never the one who approves it, unless the office says so.

use super::lifecycle::{By, Offer, Reason, Step, Target};
use super::permission::{Actor, Permission, Who};
use super::refusal::Refusal;

/// The seven statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "registration.md, Statuses and moves, explains each")]
pub enum SignupState {
    Requested,
    VerifiedByUser,
    Approved,
    Created,
    Rejected,
    Withdrawn,
    Expired,
}

use SignupState::*;

impl SignupState {
    /// All, in the order in which people filter by them.
    pub const ALL: [Self; 7] = [VerifiedByUser, Requested, Approved, Created, Rejected, Withdrawn, Expired];

    /// The stable snake_case name, as in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Requested => "requested",
            VerifiedByUser => "verified_by_user",
            Approved => "approved",
            Created => "created",
            Rejected => "rejected",
            Withdrawn => "withdrawn",
            Expired => "expired",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Requested => "Requested",
            VerifiedByUser => "Verified by user",
            Approved => "Approved",
            Created => "Created",
            Rejected => "Rejected",
            Withdrawn => "Withdrawn",
            Expired => "Expired",
        }
    }

    /// The state of that stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// The moves; `ApproveOverride` is approval of what was never verified, `VerifyByPhone` the staff's way to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "registration.md, Statuses and moves, explains each")]
pub enum SignupMove {
    Edit,
    Assign,
    Resend,
    Verify,
    VerifyByPhone,
    Expire,
    Approve,
    ApproveOverride,
    Reject,
    Withdraw,
    WithdrawByCode,
    Reopen,
    Create,
}

use SignupMove::*;

impl SignupMove {
    /// All moves.
    pub const ALL: [Self; 13] = [
        Approve,
        Create,
        Reject,
        VerifyByPhone,
        Resend,
        ApproveOverride,
        Edit,
        Assign,
        Withdraw,
        Reopen,
        Verify,
        WithdrawByCode,
        Expire,
    ];

    /// The stable name: the command-line verb where there is one.
    pub fn as_str(self) -> &'static str {
        match self {
            Edit => "edit",
            Assign => "assign",
            Resend => "resend",
            Verify => "verify",
            VerifyByPhone => "verify_by_phone",
            Expire => "expire",
            Approve => "approve",
            ApproveOverride => "approve_override",
            Reject => "reject",
            Withdraw => "withdraw",
            WithdrawByCode => "withdraw_by_code",
            Reopen => "reopen",
            Create => "create",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Verify => "verify by code",
            VerifyByPhone => "verify by phone",
            Expire => "expire",
            Resend => "resend the code",
            ApproveOverride => "approve unverified",
            WithdrawByCode => "withdraw by code",
            Edit | Assign | Approve | Reject | Withdraw | Reopen | Create => self.as_str(),
        }
    }
}

type S = Step<SignupState, SignupMove>;
const fn step(
    (from, mv, to): (SignupState, SignupMove, Target<SignupState>),
    by: By,
    reason: Reason,
    rule: &'static str,
) -> S {
    Step { from, mv, to, by, reason, rule }
}

use Permission as P;
use Target::{Before, Same, To};
const EDIT: &str = "each correction is kept old → new; whoever corrects does not approve";
const RESEND: &str = "the old code stops working; limited per hour";
const REJECT: &str = "a reason code is due; internal note and text to the applicant are separate";
const WITHDRAW: &str = "a reason is due";
const REOPEN: &str = "a reason is due; back to the status it had";

/// Every legal move of a sign-up; nothing else is possible by any path.
#[rustfmt::skip]
pub static STEPS: &[S] = &[
    step((Requested,      Edit,            Same),               By::Staff(P::SignupEdit),     Reason::None,      EDIT),
    step((VerifiedByUser, Edit,            Same),               By::Staff(P::SignupEdit),     Reason::None,      EDIT),
    step((Requested,      Assign,          Same),               By::Staff(P::SignupAssign),   Reason::None,      "to a member of staff who is active"),
    step((VerifiedByUser, Assign,          Same),               By::Staff(P::SignupAssign),   Reason::None,      "to a member of staff who is active"),
    step((Approved,       Assign,          Same),               By::Staff(P::SignupAssign),   Reason::None,      "to a member of staff who is active"),
    step((Requested,      Resend,          Same),               By::Staff(P::SignupResend),   Reason::None,      RESEND),
    step((Expired,        Resend,          To(Requested)),      By::Staff(P::SignupResend),   Reason::None,      RESEND),
    step((Requested,      Verify,          To(VerifiedByUser)), By::Applicant,                Reason::None,      "the code matches, has not expired and was not used"),
    step((Requested,      VerifyByPhone,   To(VerifiedByUser)), By::Staff(P::SignupVerify),   Reason::Mandatory, "a note is due; the office may forbid it"),
    step((Requested,      Expire,          To(Expired)),        By::Clock,                    Reason::None,      "the verification code is older than verification_days"),
    step((VerifiedByUser, Approve,         To(Approved)),       By::Staff(P::SignupApprove),  Reason::Optional,  "not by who entered or corrected it (four eyes)"),
    step((Requested,      ApproveOverride, To(Approved)),       By::Staff(P::SignupOverride), Reason::Mandatory, "a reason is due; history says that it was never verified"),
    step((Requested,      Reject,          To(Rejected)),       By::Staff(P::SignupReject),   Reason::Mandatory, REJECT),
    step((VerifiedByUser, Reject,          To(Rejected)),       By::Staff(P::SignupReject),   Reason::Mandatory, REJECT),
    step((Approved,       Reject,          To(Rejected)),       By::Staff(P::SignupReject),   Reason::Mandatory, REJECT),
    step((Requested,      Withdraw,        To(Withdrawn)),      By::Staff(P::SignupWithdraw), Reason::Mandatory, WITHDRAW),
    step((VerifiedByUser, Withdraw,        To(Withdrawn)),      By::Staff(P::SignupWithdraw), Reason::Mandatory, WITHDRAW),
    step((Approved,       Withdraw,        To(Withdrawn)),      By::Staff(P::SignupWithdraw), Reason::Mandatory, WITHDRAW),
    step((Requested,      WithdrawByCode,  To(Withdrawn)),      By::Applicant,                Reason::Optional,  "by the applicant's own code"),
    step((VerifiedByUser, WithdrawByCode,  To(Withdrawn)),      By::Applicant,                Reason::Optional,  "by the applicant's own code"),
    step((Approved,       WithdrawByCode,  To(Withdrawn)),      By::Applicant,                Reason::Optional,  "by the applicant's own code"),
    step((Rejected,       Reopen,          Before),             By::Staff(P::SignupReopen),   Reason::Mandatory, REOPEN),
    step((Withdrawn,      Reopen,          Before),             By::Staff(P::SignupReopen),   Reason::Mandatory, REOPEN),
    step((Approved,       Create,          To(Created)),        By::Staff(P::SignupCreate),   Reason::Optional,  "customer, contact and user request in one transaction"),
];

/// What the rules look at; filled by the desk from the row and the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupFacts {
    /// Its number, for messages.
    pub number: String,
    /// Its state.
    pub state: SignupState,
    /// Everybody on the staff who entered or corrected it: person and login.
    pub authors: Vec<Author>,
    /// How many codes were sent again within the last hour.
    pub resent_last_hour: i64,
    /// What the office allows.
    pub policy: SignupPolicy,
}

/// A member of staff who made or edited a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The natural person behind the login.
    pub person: String,
    /// The login.
    pub login: String,
}

/// The office's settings that the rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignupPolicy {
    /// Days a verification code is good for.
    pub verification_days: i64,
    /// Codes that may be sent again within an hour.
    pub resend_per_hour: i64,
    /// Wrong codes an hour before a sign-up takes no more.
    pub wrong_codes_per_hour: i64,
    /// Whether staff may verify by phone.
    pub phone_verification: bool,
    /// Whether people may approve what they entered or corrected themselves.
    pub self_approval: bool,
}

impl Default for SignupPolicy {
    fn default() -> Self {
        Self {
            verification_days: 7,
            resend_per_hour: 3,
            wrong_codes_per_hour: 10,
            phone_verification: true,
            self_approval: false,
        }
    }
}

/// The moves that start from `state`, in the table's order.
pub fn moves_from(state: SignupState) -> impl Iterator<Item = &'static S> {
    STEPS.iter().filter(move |s| s.from == state)
}

/// May `actor` make this move now? The screen greys out and the core refuses by this one function.
pub fn offer(actor: &Actor, facts: &SignupFacts, mv: SignupMove) -> Offer<SignupState, SignupMove> {
    let Some(step) = STEPS.iter().find(|s| s.from == facts.state && s.mv == mv) else {
        return Err(illegal(facts, mv));
    };
    let allowed = match step.by {
        By::Staff(permission) => actor.allow(permission)?,
        By::Applicant => actor.allow_as(&Who::Applicant)?,
        By::Clock => actor.allow_as(&Who::Clock)?,
        By::Rule => actor.by_rule(),
    };
    match mv {
        Approve | ApproveOverride => four_eyes(actor, facts)?,
        VerifyByPhone if !facts.policy.phone_verification => {
            return Err(Refusal::new(
                "phone_verification_off",
                "This office does not verify sign-ups by phone.",
                "Let the applicant use the code, or set signup.phone_verification in the config.",
            ));
        }
        Resend if facts.resent_last_hour >= facts.policy.resend_per_hour => {
            return Err(Refusal::new(
                "resend_limit",
                format!(
                    "{} codes were sent again for {} within the last hour.",
                    facts.resent_last_hour, facts.number
                ),
                "Wait until the hour is over, or verify by phone.",
            ));
        }
        Edit | Assign | Resend | Verify | VerifyByPhone | Expire | Reject | Withdraw | WithdrawByCode
        | Reopen | Create => {}
    }
    Ok((allowed, step))
}

/// Creating straight from Verified is approve and create: both moves must be open to the actor.
pub fn offer_approve_and_create(actor: &Actor, facts: &SignupFacts) -> Result<(), Refusal> {
    offer(actor, facts, Approve)?;
    actor.allow(Permission::SignupCreate).map(|_| ())
}

fn four_eyes(actor: &Actor, facts: &SignupFacts) -> Result<(), Refusal> {
    if facts.policy.self_approval || facts.authors.iter().all(|a| a.person != actor.person) {
        return Ok(());
    }
    Err(Refusal::new(
        "four_eyes",
        format!("{} entered or corrected {} and may not approve it as well.", actor.name, facts.number),
        "Ask another approver, or set signup.self_approval in a one-person office.",
    ))
}

fn illegal(facts: &SignupFacts, mv: SignupMove) -> Refusal {
    // What the clock or the applicant could do helps nobody at the keys.
    let by_staff = moves_from(facts.state).filter(|step| matches!(step.by, By::Staff(_)));
    let mut possible: Vec<&str> = by_staff.map(|step| step.mv.title()).collect();
    possible.dedup();
    let possible = if possible.is_empty() { "no further move".to_owned() } else { possible.join(", ") };
    Refusal::new(
        "illegal_move",
        format!("{} is {}: {} is not possible.", facts.number, facts.state.title(), mv.title()),
        format!("Possible from here: {possible}."),
    )
}

/// A mandatory reason or note that is empty or blank is refused.
pub fn check_reason(step: &S, reason: Option<&str>) -> Result<(), Refusal> {
    let given = reason.is_some_and(|r| r.chars().any(char::is_alphanumeric));
    if step.reason == Reason::Mandatory && !given {
        return Err(Refusal::new(
            "reason_missing",
            format!("To {} a reason is due.", step.mv.as_str().replace('_', " ")),
            "Say why in a few words; history keeps it.",
        ));
    }
    Ok(())
}
