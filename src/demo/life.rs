//! What happened to a sample sign-up before today, as data; every step is a legal move at its place (a test holds it against the table).

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DemoStep {
    /// How many minutes before now; falls from step to step.
    pub minutes_ago: u32,
    /// Who did it.
    pub by: By,
    /// What was done.
    pub act: Act,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum By {
    /// The person outside.
    Applicant,
    /// The programme, by the clock.
    Clock,
    /// A member of staff, by login.
    Staff(String),
}

/// What was done (registration.md, Statuses and moves).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// It arrived; always the first step.
    Submit,
    /// A new code was sent.
    Resend,
    /// The applicant's code came back.
    VerifyByCode,
    /// Staff verified by phone.
    VerifyByPhone {
        /// What was asked and answered.
        note: String,
    },
    /// The person who did it took it on.
    AssignToSelf,
    /// A field was corrected.
    Correct {
        /// A name of `domain::field::SIGNUP_FIELDS`.
        field: String,
        /// The new value.
        value: String,
    },
    /// Approved.
    Approve {
        /// For colleagues; may be empty.
        note: String,
    },
    /// Approved though never verified.
    ApproveOverride {
        /// Why.
        reason: String,
    },
    /// Rejected.
    Reject {
        /// The reason code.
        code: String,
        /// For colleagues.
        note: String,
        /// To the applicant; `None`: nothing is mailed.
        reply: Option<String>,
    },
    /// Withdrawn by staff.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Withdrawn with the applicant's code.
    WithdrawByCode,
    /// The code ran out.
    Expire,
    /// Reopened.
    Reopen {
        /// Why.
        reason: String,
    },
    /// The customer was made, from this template, if any.
    Create {
        /// A name of [`super::templates`]; empty for none.
        template: String,
    },
    /// A contact was made under the customer that the sign-up is like.
    CreateContact,
}

/// Reads one step of `signups.toml`: `AGO VERB WHO: TEXT`.
pub(super) fn step(text: &str) -> Result<DemoStep, String> {
    let refuse = || format!("“{text}” is no step of a life");
    let (head, rest) = text.split_once(": ").unwrap_or((text, ""));
    let mut words = head.split_whitespace();
    let (Some(ago), Some(verb)) = (words.next(), words.next()) else { return Err(refuse()) };
    let who = words.next().unwrap_or_default();
    let rest = rest.to_owned();
    let staff = || match who {
        "" | "code" | "clock" => Err(refuse()),
        login => Ok(By::Staff(login.to_owned())),
    };
    let (by, act) = match (verb, who) {
        ("submit", "form") => (By::Applicant, Act::Submit),
        ("submit", _) => (staff()?, Act::Submit),
        ("resend", _) => (staff()?, Act::Resend),
        ("verify", "code") => (By::Applicant, Act::VerifyByCode),
        ("verify", _) => (staff()?, Act::VerifyByPhone { note: rest }),
        ("assign", _) => (staff()?, Act::AssignToSelf),
        ("correct", _) => {
            let (field, value) = rest.split_once(" = ").ok_or_else(refuse)?;
            (staff()?, Act::Correct { field: field.to_owned(), value: value.to_owned() })
        }
        ("approve", _) => (staff()?, Act::Approve { note: rest }),
        ("override", _) => (staff()?, Act::ApproveOverride { reason: rest }),
        ("reject", _) => match rest.split(" / ").collect::<Vec<_>>().as_slice() {
            [code, note, reply] => {
                let reply = Some(*reply).filter(|reply| *reply != "-").map(str::to_owned);
                (staff()?, Act::Reject { code: (*code).to_owned(), note: (*note).to_owned(), reply })
            }
            _ => return Err(refuse()),
        },
        ("withdraw", "code") => (By::Applicant, Act::WithdrawByCode),
        ("withdraw", _) => (staff()?, Act::Withdraw { reason: rest }),
        ("expire", "clock") => (By::Clock, Act::Expire),
        ("reopen", _) => (staff()?, Act::Reopen { reason: rest }),
        ("create", _) if rest == "contact" => (staff()?, Act::CreateContact),
        ("create", _) => {
            let template = rest.strip_prefix("template ").unwrap_or_default().to_owned();
            (staff()?, Act::Create { template })
        }
        _ => return Err(refuse()),
    };
    Ok(DemoStep { minutes_ago: minutes(ago).ok_or_else(refuse)?, by, act })
}

/// `1d4h30m` in minutes.
pub(super) fn minutes(ago: &str) -> Option<u32> {
    let mut total = 0;
    let mut rest = ago;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: u32 = rest[..digits].parse().ok()?;
        total += count
            * match rest[digits..].chars().next()? {
                'd' => 24 * 60,
                'h' => 60,
                'm' => 1,
                _ => return None,
            };
        rest = &rest[digits + 1..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_or_refused() {
        assert_eq!(minutes("1d4h30m"), Some(1_710));
        let read = step("2d reject jens: spam / third this week / -").unwrap();
        assert_eq!((read.minutes_ago, &read.by), (2_880, &By::Staff("jens".into())));
        assert_eq!(
            read.act,
            Act::Reject { code: "spam".into(), note: "third this week".into(), reply: None }
        );
        for text in [
            "",
            "2d",
            "2d dance jens",
            "x submit form",
            "2d reject jens: spam",
            "2d approve",
            "2q submit form",
        ] {
            assert!(step(text).is_err(), "{text}");
        }
    }
}
