//! The sample is what the tour says: every state, every kind of doubt, every script, and only legal lives.

use super::*;
use crate::demo::{By, SEED, customers, staff, templates};
use crate::domain::signup::{STEPS, SignupMove, SignupState};
use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

fn sample() -> Vec<DemoCustomer> {
    customers(SEED, 400).collect()
}

/// Which move of the life cycle an act is.
fn move_of(act: &Act) -> Option<SignupMove> {
    match act {
        Act::Submit => None,
        Act::Resend => Some(SignupMove::Resend),
        Act::VerifyByCode => Some(SignupMove::Verify),
        Act::VerifyByPhone { .. } => Some(SignupMove::VerifyByPhone),
        Act::AssignToSelf => Some(SignupMove::Assign),
        Act::Correct { .. } => Some(SignupMove::Edit),
        Act::Approve { .. } => Some(SignupMove::Approve),
        Act::ApproveOverride { .. } => Some(SignupMove::ApproveOverride),
        Act::Reject { .. } => Some(SignupMove::Reject),
        Act::Withdraw { .. } => Some(SignupMove::Withdraw),
        Act::WithdrawByCode => Some(SignupMove::WithdrawByCode),
        Act::Expire => Some(SignupMove::Expire),
        Act::Reopen { .. } => Some(SignupMove::Reopen),
        Act::Create { .. } | Act::CreateContact => Some(SignupMove::Create),
    }
}

/// Plays a life through the table of moves.
fn end_of(signup: &DemoSignup) -> SignupState {
    use crate::domain::lifecycle::{By as MovedBy, Target};
    assert_eq!(signup.life[0].act, Act::Submit, "{}", signup.point);
    let (mut state, mut before) = (SignupState::Requested, SignupState::Requested);
    let mut authors: Vec<&By> = vec![&signup.life[0].by];
    for pair in signup.life.windows(2) {
        let (earlier, step) = (&pair[0], &pair[1]);
        assert!(step.minutes_ago < earlier.minutes_ago, "{}: {step:?}", signup.point);
        let mv = move_of(&step.act).expect("only the first step submits");
        let legal = STEPS.iter().find(|row| row.from == state && row.mv == mv);
        let legal = legal.unwrap_or_else(|| panic!("{}: {mv:?} from {state:?}", signup.point));
        let right_kind = match legal.by {
            MovedBy::Staff(_) => matches!(step.by, By::Staff(_)),
            MovedBy::Applicant => step.by == By::Applicant,
            MovedBy::Clock => step.by == By::Clock,
            MovedBy::Rule => false,
        };
        assert!(right_kind, "{}: {step:?}", signup.point);
        match mv {
            SignupMove::Edit => authors.push(&step.by),
            SignupMove::Approve => assert!(!authors.contains(&&step.by), "{}: four eyes", signup.point),
            _ => {}
        }
        let next = match legal.to {
            Target::Same => state,
            Target::To(next) => next,
            Target::Before => before,
        };
        if next != state {
            (before, state) = (state, next);
        }
    }
    state
}

#[test]
fn the_scripted_sixty_reach_every_state_legally() {
    let sample = sample();
    let all: Vec<_> = signups(SEED, 60, &sample).collect();
    assert_eq!(scripted(), 60);
    let ends: HashSet<_> = all.iter().map(end_of).collect();
    assert_eq!(ends.len(), SignupState::ALL.len());
    let waiting = all.iter().filter(|signup| end_of(signup) == SignupState::VerifiedByUser).count();
    assert!((20..45).contains(&waiting), "the screen opens on a good pile: {waiting}");
    let logins: HashSet<_> = staff().iter().map(|person| person.login).collect();
    let known: HashSet<_> = templates().iter().map(|template| template.name).collect();
    for step in all.iter().flat_map(|signup| &signup.life) {
        if let By::Staff(login) = &step.by {
            assert!(logins.contains(login.as_str()), "{login}");
        }
        if let Act::Create { template } = &step.act {
            assert!(known.contains(template.as_str()), "{template}");
        }
    }
}

#[test]
fn bulk_lives_are_legal_too_and_ids_are_unique() {
    let all: Vec<_> = signups(SEED, 3_000, &[]).collect();
    all.iter().for_each(|signup| {
        end_of(signup);
    });
    assert_eq!(all.iter().map(|signup| &signup.external_id).collect::<BTreeSet<_>>().len(), 3_000);
    for signup in &all {
        for name in ["company", "last_name", "email", "country"] {
            assert!(!signup.field(name).is_empty(), "{}: {name}", signup.external_id);
        }
    }
}

#[test]
fn planned_likenesses_share_what_they_say() {
    let sample = sample();
    let all: Vec<_> = signups(SEED, 60, &sample).collect();
    let of = |number: &str| sample.iter().find(|customer| customer.number == number).unwrap();
    let mut ways = BTreeSet::new();
    for (signup, plan) in all.iter().zip(script()) {
        let Some(way) = plan.row.like.as_deref() else { continue };
        let customer = of(signup.like.as_deref().expect("the sample has customers of every kind"));
        ways.insert(way);
        assert_eq!(signup.field("country"), customer.country);
        match way {
            "phone" => assert_eq!(signup.field("phone"), customer.phone),
            "email" => assert_eq!(signup.field("email"), customer.contacts[0].email),
            "tax" => assert_eq!(signup.field("tax_number"), customer.tax_number),
            "contact" => assert_eq!(signup.field("existing_account"), customer.number),
            "branch" => assert_eq!(signup.field("company"), customer.name),
            "spelling" => {
                assert_ne!(signup.field("company"), customer.name);
                assert_eq!(strsim::damerau_levenshtein(signup.field("company"), &customer.name), 1);
            }
            other => panic!("no test for likeness {other}"),
        }
    }
    assert_eq!(ways.len(), 6);
}

#[test]
fn the_doubts_are_there() {
    let sample = sample();
    let all: Vec<_> = signups(SEED, 60, &sample).collect();
    let any = |name: &str, part: &str| all.iter().filter(|signup| signup.field(name).contains(part)).count();
    assert_eq!(any("email", "@gmial.com"), 1);
    assert_eq!(any("email", "gm\u{430}il.com"), 1, "a Cyrillic a");
    assert_eq!(any("email", "joost@coppens-fietsen.example"), 2);
    assert_eq!(any("message", "\u{202e}"), 1);
    assert_eq!(any("message", "\u{1b}"), 1);
    assert_eq!(any("city", "Interzone"), 1);
}

#[test]
fn every_doubt_of_the_checks_was_planned() {
    use crate::domain::check::{Applicant, Outcome, checks};
    let sample = sample();
    let mut doubts = Vec::new();
    for signup in signups(SEED, 200, &sample) {
        let of = |name: &str| Some(signup.field(name));
        let applicant = Applicant {
            company: signup.field("company"),
            first_name: of("first_name"),
            last_name: signup.field("last_name"),
            email: signup.field("email"),
            phone: of("phone"),
            tax_number: of("tax_number"),
            postal_code: of("postal_code"),
            country: signup.field("country"),
            message: of("message"),
            ..Applicant::default()
        };
        let found = checks(&applicant).into_iter().filter(|finding| finding.outcome > Outcome::Good);
        doubts.extend(found.map(|finding| format!("{}: {}", signup.point, finding.check.as_str())));
    }
    #[rustfmt::skip]
    let planned = [
        "e-mail domain misspelt, so the code never arrived: email_domain",
        "e-mail domain with Cyrillic letters in it: email_domain",
        "postal code of no German town: postal_code",
        "corrected by maria, so jens approves: postal_code",
        "tax number fails its checksum: tax_number",
        "message with terminal control, a direction override and a hidden tag: hidden_text",
        "company name without a letter: company_name",
        "phone number of no country, and mail that does not arrive: phone",
    ];
    assert_eq!(doubts, planned);
}

#[test]
fn the_same_seed_gives_the_same_sample() {
    let digest = |seed| {
        let sample: Vec<_> = customers(seed, 100).collect();
        let mut hasher = DefaultHasher::new();
        signups(seed, 200, &sample).for_each(|signup| format!("{signup:?}").hash(&mut hasher));
        hasher.finish()
    };
    assert_eq!(digest(SEED), digest(SEED));
    assert_ne!(digest(SEED), digest(SEED + 1));
}
