//! The tables that the product is made of, printed; and every move that is not in them, refused.

use std::fmt::Write as _;

use countersign::desk::commands::signup::{
    ApproveSignup, AssignSignup, CreateCustomer, EditSignup, ExpireSignup, MailApplicant, RejectSignup,
    ReopenSignup, ResendCode, Subject, VerifyByCode, VerifyByPhone, WithdrawByCode, WithdrawSignup,
};
use countersign::desk::{Command, Error};
use countersign::domain::lifecycle::{By, Target};
use countersign::domain::permission::{Actor, PermissionSet, ROLES, TABLE};
use countersign::domain::signup::{STEPS, SignupMove, SignupState};
use countersign::domain::user_request;
use insta::assert_snapshot;

use crate::world::{World, plain};

#[test]
fn permissions_by_role() {
    let mut out = format!("{:<20}", "");
    for (role, ..) in ROLES {
        write!(out, " {role}").unwrap();
    }
    for (permission, name, _) in TABLE {
        write!(out, "\n{name:<20}").unwrap();
        for (role, _, list) in ROLES {
            let mark = if list.contains(permission) { "✓" } else { "·" };
            write!(out, " {mark:<width$}", width = role.len()).unwrap();
        }
    }
    assert_snapshot!(out, @r#"
                         administrator manager approver service_rep sales_rep account_manager auditor
    signup.view          ✓             ✓       ✓        ✓           ✓         ✓               ✓      
    signup.submit        ✓             ✓       ✓        ✓           ✓         ·               ·      
    signup.edit          ✓             ✓       ✓        ·           ·         ·               ·      
    signup.verify        ✓             ✓       ✓        ·           ·         ·               ·      
    signup.resend        ✓             ✓       ✓        ·           ·         ·               ·      
    signup.approve       ✓             ✓       ✓        ·           ·         ·               ·      
    signup.override      ✓             ✓       ·        ·           ·         ·               ·      
    signup.reject        ✓             ✓       ✓        ·           ·         ·               ·      
    signup.withdraw      ✓             ✓       ✓        ✓           ·         ·               ·      
    signup.reopen        ✓             ✓       ·        ·           ·         ·               ·      
    signup.assign        ✓             ✓       ✓        ·           ·         ·               ·      
    signup.create        ✓             ✓       ✓        ·           ·         ·               ·      
    customer.view        ✓             ✓       ✓        ✓           ✓         ✓               ✓      
    customer.edit        ✓             ✓       ✓        ·           ·         ✓               ·      
    customer.import      ✓             ✓       ·        ·           ·         ·               ·      
    template.edit        ✓             ✓       ·        ·           ·         ·               ·      
    user_request.view    ✓             ✓       ✓        ✓           ✓         ✓               ✓      
    user_request.submit  ✓             ✓       ✓        ✓           ·         ✓               ·      
    user_request.edit    ✓             ✓       ✓        ✓           ·         ✓               ·      
    work.view            ✓             ✓       ✓        ✓           ✓         ✓               ✓      
    work.decide          ✓             ✓       ✓        ✓           ✓         ✓               ·      
    work.reassign        ✓             ✓       ·        ·           ·         ·               ·      
    work.override        ✓             ✓       ·        ·           ·         ·               ·      
    work.resume          ✓             ✓       ·        ·           ·         ·               ·      
    workflow.view        ✓             ✓       ✓        ·           ·         ·               ✓      
    workflow.manage      ✓             ·       ·        ·           ·         ·               ·      
    deputy.manage        ✓             ✓       ·        ·           ·         ·               ·      
    mail.view            ✓             ✓       ✓        ✓           ·         ✓               ✓      
    mail.manage          ✓             ✓       ·        ·           ·         ·               ·      
    staff.view           ✓             ✓       ✓        ✓           ✓         ✓               ✓      
    staff.manage         ✓             ·       ·        ·           ·         ·               ·      
    history.view         ✓             ✓       ✓        ·           ·         ·               ✓      
    db.manage            ✓             ·       ·        ·           ·         ·               ·      
    staff.act_as         ✓             ·       ·        ·           ·         ·               ·
    "#);
}

#[test]
fn the_database_grants_what_the_table_says() {
    let world = World::new();
    let roles = world.reader.roles().unwrap();
    assert_eq!(roles.len(), ROLES.len());
    for (role, (name, title, list)) in roles.iter().zip(ROLES) {
        assert_eq!((role.name.as_str(), role.title.as_str()), (*name, *title));
        let mut names: Vec<&str> = list.iter().map(|p| p.as_str()).collect();
        names.sort_unstable();
        assert_eq!(role.permissions, names, "{name}");
    }
}

#[test]
fn the_life_of_a_signup() {
    let mut out = String::new();
    for step in STEPS {
        let to = match step.to {
            Target::To(state) => state.as_str(),
            Target::Same => "(same)",
            Target::Before => "(before)",
        };
        let by = match step.by {
            By::Staff(permission) => permission.as_str(),
            By::Applicant => "the applicant",
            By::Clock => "the clock",
            By::Rule => "its workflow",
        };
        writeln!(
            out,
            "{:<16} {:<16} {to:<16} {by:<16} {:?}",
            step.from.as_str(),
            step.mv.as_str(),
            step.reason
        )
        .unwrap();
    }
    assert_snapshot!(out, @"
    requested        edit             (same)           signup.edit      None
    verified_by_user edit             (same)           signup.edit      None
    requested        assign           (same)           signup.assign    None
    verified_by_user assign           (same)           signup.assign    None
    approved         assign           (same)           signup.assign    None
    requested        resend           (same)           signup.resend    None
    expired          resend           requested        signup.resend    None
    requested        verify           verified_by_user the applicant    None
    requested        verify_by_phone  verified_by_user signup.verify    Mandatory
    requested        expire           expired          the clock        None
    verified_by_user approve          approved         signup.approve   Optional
    requested        approve_override approved         signup.override  Mandatory
    requested        reject           rejected         signup.reject    Mandatory
    verified_by_user reject           rejected         signup.reject    Mandatory
    approved         reject           rejected         signup.reject    Mandatory
    requested        withdraw         withdrawn        signup.withdraw  Mandatory
    verified_by_user withdraw         withdrawn        signup.withdraw  Mandatory
    approved         withdraw         withdrawn        signup.withdraw  Mandatory
    requested        withdraw_by_code withdrawn        the applicant    Optional
    verified_by_user withdraw_by_code withdrawn        the applicant    Optional
    approved         withdraw_by_code withdrawn        the applicant    Optional
    rejected         reopen           (before)         signup.reopen    Mandatory
    withdrawn        reopen           (before)         signup.reopen    Mandatory
    approved         create           created          signup.create    Optional
    ");
}

#[test]
fn the_life_of_a_user_request() {
    let mut out = String::new();
    for step in user_request::STEPS {
        let to = match step.to {
            Target::To(state) => state.as_str(),
            Target::Same => "(same)",
            Target::Before => "(before)",
        };
        let by = match step.by {
            By::Staff(permission) => permission.as_str(),
            By::Applicant => "the applicant",
            By::Clock => "the clock",
            By::Rule => "its workflow",
        };
        writeln!(
            out,
            "{:<18} {:<9} {to:<18} {by:<19} {:?}",
            step.from.as_str(),
            step.mv.as_str(),
            step.reason
        )
        .unwrap();
    }
    assert_snapshot!(out, @r#"
    draft              edit      (same)             user_request.edit   None
    draft              delete    (same)             user_request.edit   None
    draft              submit    submitted          user_request.submit None
    rejected           edit      (same)             user_request.edit   None
    rejected           submit    submitted          user_request.submit None
    submitted          assign    pending_approval   its workflow        None
    pending_approval   assign    (same)             its workflow        None
    pending_completion assign    pending_approval   its workflow        None
    submitted          approve   approved           its workflow        None
    pending_approval   approve   approved           its workflow        None
    submitted          reject    rejected           its workflow        Mandatory
    pending_approval   reject    rejected           its workflow        Mandatory
    pending_approval   send_back draft              its workflow        Mandatory
    submitted          recall    draft              its workflow        Mandatory
    pending_approval   recall    draft              its workflow        Mandatory
    pending_completion recall    draft              its workflow        Mandatory
    draft              recall    (same)             its workflow        Mandatory
    approved           begin     pending_completion its workflow        None
    pending_completion begin     (same)             its workflow        None
    pending_completion fail      (same)             its workflow        Mandatory
    pending_completion retry     (same)             user_request.submit None
    approved           complete  completed          its workflow        None
    pending_completion complete  completed          its workflow        None
    pending_approval   restart   submitted          its workflow        None
    pending_completion restart   submitted          its workflow        None
    draft              cancel    canceled           user_request.edit   Mandatory
    rejected           cancel    canceled           user_request.edit   Mandatory
    "#);
}

#[test]
fn of_each_state_and_move_there_is_one_row_at_most() {
    for step in STEPS {
        let same = STEPS.iter().filter(|s| s.from == step.from && s.mv == step.mv).count();
        assert_eq!(same, 1, "{:?} {:?}", step.from, step.mv);
    }
}

/// A sign-up in each state, by its number.
fn office() -> (World, Vec<(SignupState, String)>) {
    let mut world = World::new();
    let mut numbers = Vec::new();
    for state in SignupState::ALL {
        let party = format!("{}x", state.as_str().replace('_', ""));
        let number = match state {
            SignupState::Requested
            | SignupState::Rejected
            | SignupState::Withdrawn
            | SignupState::Expired => world.submit(&party),
            SignupState::VerifiedByUser | SignupState::Approved | SignupState::Created => {
                world.verified(&party)
            }
        };
        numbers.push((state, number));
    }
    let number = |wanted| numbers.iter().find(|(s, _)| *s == wanted).map(|(_, n)| n.clone()).unwrap();
    world.play(&format!(
        "maria approves {}; maria creates {}; maria rejects {} other: no; tom withdraws {}: rang",
        number(SignupState::Approved),
        number(SignupState::Created),
        number(SignupState::Rejected),
        number(SignupState::Withdrawn),
    ));
    let expired = number(SignupState::Expired);
    world.raw().execute("update signup set code_expires_at = 0 where number = ?1", [&expired]).unwrap();
    world.desk.sweep().unwrap();
    for (state, number) in &numbers {
        let card = world.reader.signup(world.find(number).id).unwrap();
        assert_eq!(card.row.state, *state, "{number}");
    }
    (world, numbers)
}

/// The command of a move, with all that it needs.
fn command(world: &World, number: &str, mv: SignupMove) -> Command {
    let subject = world.subject(number);
    let id = subject.id;
    match mv {
        SignupMove::Edit => {
            let changes = [("city".to_owned(), "Faro".to_owned())].into();
            Command::EditSignup(EditSignup { subject, changes, note: None })
        }
        SignupMove::Assign => Command::AssignSignup(AssignSignup { subject, to: Some("jens".into()) }),
        SignupMove::Resend => Command::ResendCode(ResendCode { subject }),
        SignupMove::Verify => {
            Command::VerifyByCode(VerifyByCode { code: world.code(number), signup: Some(id) })
        }
        SignupMove::VerifyByPhone => Command::VerifyByPhone(VerifyByPhone { subject, note: "rang".into() }),
        SignupMove::Expire => Command::ExpireSignup(ExpireSignup { id }),
        SignupMove::Approve => {
            Command::ApproveSignup(ApproveSignup { subject, note: None, override_reason: None })
        }
        SignupMove::ApproveOverride => Command::ApproveSignup(ApproveSignup {
            subject,
            note: None,
            override_reason: Some("fair".into()),
        }),
        SignupMove::Reject => Command::RejectSignup(RejectSignup {
            subject,
            reason_code: "other".into(),
            note: Some("closed down".into()),
            reply: None,
            mail: MailApplicant::Tell,
        }),
        SignupMove::Withdraw => Command::WithdrawSignup(WithdrawSignup { subject, reason: "rang".into() }),
        SignupMove::WithdrawByCode => {
            Command::WithdrawByCode(WithdrawByCode { code: world.code(number), reason: None })
        }
        SignupMove::Reopen => Command::ReopenSignup(ReopenSignup { subject, reason: "mistake".into() }),
        SignupMove::Create => Command::CreateCustomer(Box::new(create(subject))),
    }
}

fn create(subject: Subject) -> CreateCustomer {
    CreateCustomer {
        subject,
        existing: None,
        template: None,
        values: Default::default(),
        contact: None,
        twin: countersign::desk::commands::signup::Twin::Refuse,
        role: None,
        authentication: None,
        user_name: None,
        note: None,
    }
}

/// Whether the move goes through; if not, by which rule, and with what remedy.
fn tried(world: &mut World, actor: &Actor, command: Command) -> Option<(String, String)> {
    match world.desk.preview(actor, vec![command]).pop().unwrap() {
        Ok(_) => None,
        Err(Error::Refused(r)) => Some((r.rule.to_owned(), format!("{} → {}", r.message, r.remedy))),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_move_in_every_state_by_every_role() {
    let (mut world, numbers) = office();
    let before = plain(&world.raw(), &[], &[]);
    let mut actors: Vec<Actor> =
        ["ana", "priya", "maria", "tom", "olga"].iter().map(|l| world.actor(l)).collect();
    actors.push(world.applicant());
    actors.push(Actor::clock());
    let mut out = String::new();
    for (state, number) in &numbers {
        for mv in SignupMove::ALL {
            let mut row = Vec::new();
            for actor in &actors {
                let command = command(&world, number, mv);
                let refused = tried(&mut world, actor, command);
                let legal = STEPS.iter().any(|s| s.from == *state && s.mv == mv);
                // On Verified, create is approve and create.
                let legal = legal || (*state, mv) == (SignupState::VerifiedByUser, SignupMove::Create);
                // Approving with a reason is an override only where nobody verified.
                let legal =
                    legal || (*state, mv) == (SignupState::VerifiedByUser, SignupMove::ApproveOverride);
                if let Some((rule, words)) = &refused {
                    assert!(!words.trim().ends_with("→"), "{number} {mv:?}: no remedy: {words}");
                    assert!(
                        legal || matches!(rule.as_str(), "illegal_move" | "code_used" | "code_still_good"),
                        "{number} {mv:?}: {rule}"
                    );
                } else {
                    assert!(legal, "{number} in {state:?}: {mv:?} by {} went through", actor.login);
                }
                row.push(refused.map_or("yes".to_owned(), |(rule, _)| rule));
            }
            if row.iter().all(|r| r == "illegal_move") {
                continue;
            }
            writeln!(out, "{:<16} {:<16} {}", state.as_str(), mv.as_str(), row.join(" ")).unwrap();
        }
    }
    assert_eq!(plain(&world.raw(), &[], &[]), before, "what was only tried changed something");
    let heads: Vec<&str> = actors.iter().map(|a| a.login.as_str()).collect();
    assert_snapshot!(format!("moves that are possible for somebody; by {}\n{out}", heads.join(" ")), @"
    moves that are possible for somebody; by ana priya maria tom olga applicant clock
    verified_by_user approve          yes yes yes permission permission permission permission
    verified_by_user create           yes yes yes permission permission permission permission
    verified_by_user reject           yes yes yes permission permission permission permission
    verified_by_user approve_override override_needless override_needless override_needless permission permission permission permission
    verified_by_user edit             yes yes yes permission permission permission permission
    verified_by_user assign           yes yes yes permission permission permission permission
    verified_by_user withdraw         yes yes yes yes permission permission permission
    verified_by_user verify           code_used code_used code_used code_used code_used code_used code_used
    verified_by_user withdraw_by_code actor actor actor actor actor yes actor
    requested        reject           yes yes yes permission permission permission permission
    requested        verify_by_phone  yes yes yes permission permission permission permission
    requested        resend           yes yes yes permission permission permission permission
    requested        approve_override yes yes permission permission permission permission permission
    requested        edit             yes yes yes permission permission permission permission
    requested        assign           yes yes yes permission permission permission permission
    requested        withdraw         yes yes yes yes permission permission permission
    requested        verify           actor actor actor actor actor yes actor
    requested        withdraw_by_code actor actor actor actor actor yes actor
    requested        expire           actor actor actor actor actor actor code_still_good
    approved         create           yes yes yes permission permission permission permission
    approved         reject           yes yes yes permission permission permission permission
    approved         assign           yes yes yes permission permission permission permission
    approved         withdraw         yes yes yes yes permission permission permission
    approved         verify           code_used code_used code_used code_used code_used code_used code_used
    approved         withdraw_by_code actor actor actor actor actor yes actor
    created          verify           code_used code_used code_used code_used code_used code_used code_used
    rejected         reopen           yes yes permission permission permission permission permission
    withdrawn        reopen           yes yes permission permission permission permission permission
    expired          resend           yes yes yes permission permission permission permission
    ");
}

#[test]
fn without_permissions_nothing_goes() {
    let (mut world, numbers) = office();
    world
        .run(
            "ana",
            Command::RevokeRole(countersign::desk::commands::staff::RevokeRole {
                login: "tom".into(),
                role: "service_rep".into(),
            }),
        )
        .unwrap();
    let mut tom = world.actor("tom");
    assert_eq!(tom.permissions, PermissionSet::default());
    // Even one who claims every right.
    tom.permissions = TABLE.iter().map(|(p, ..)| *p).collect();
    for (state, number) in numbers {
        for mv in SignupMove::ALL {
            let command = command(&world, &number, mv);
            assert!(tried(&mut world, &tom, command).is_some(), "{state:?} {mv:?}");
        }
    }
}
