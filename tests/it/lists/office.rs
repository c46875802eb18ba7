//! An office for lists, filled once.

use countersign::desk::Command;
use countersign::desk::commands::customer::{IfAlike, NewCustomer};
use countersign::desk::commands::signup::{
    AssignSignup, MailApplicant, RejectSignup, Subject, VerifyByPhone,
};

use crate::world::{DAY, T0, World, submission};

/// An office with much that is alike: names that share beginnings, equal sort keys, empty fields.
pub fn office() -> World {
    let mut world = World::new();
    let mut commands = Vec::new();
    let names = [
        "Aurora",
        "Café Aurora",
        "Li & Sons",
        "Lisboa Líquidos",
        "Weiß",
        "ab",
        "Zz Top",
        "42 Ab Street",
        "O'Brien",
    ];
    let cities = [None, Some("Lisboa"), Some("São Lis"), Some("Abstadt"), Some("Bad Ab")];
    let countries = ["PT", "DE", "FR", "PL"];
    for n in 0..84_usize {
        let mut command = submission(&format!("f{n}"));
        if let Command::SubmitSignup(submit) = &mut command {
            let fields = &mut submit.fields;
            fields.insert("company".into(), names[n % names.len()].into());
            fields.insert("last_name".into(), ["Silva", "Sousa", "abel"][n % 3].into());
            fields.insert("country".into(), countries[n % countries.len()].into());
            if let Some(city) = cities[n % cities.len()] {
                fields.insert("city".into(), city.into());
            }
            if n % 4 == 0 {
                fields.insert("message".into(), "please ring".into());
                fields.insert("phone".into(), format!("+351 21 555 {n:04}"));
            }
        }
        commands.push(command);
    }
    let applicant = world.applicant();
    for (day, batch) in commands.chunks(12).enumerate() {
        world.clock.set(T0 + i64::try_from(day).unwrap() * DAY / 2);
        assert!(world.desk.execute_all(&applicant, batch.to_vec()).iter().all(Result::is_ok));
    }
    let ids: Vec<i64> = (1..=84).collect();
    let later = ids.iter().flat_map(|id| {
        let subject = Subject::now(*id);
        let reject = RejectSignup {
            subject: subject.clone(),
            reason_code: "spam".into(),
            note: None,
            reply: None,
            mail: MailApplicant::Tell,
        };
        [
            (id % 3 == 0).then(|| {
                Command::VerifyByPhone(VerifyByPhone { subject: subject.clone(), note: "rang".into() })
            }),
            (id % 5 == 0).then(|| {
                Command::AssignSignup(AssignSignup { subject: subject.clone(), to: Some("jens".into()) })
            }),
            (id % 7 == 0).then(|| Command::AssignSignup(AssignSignup { subject, to: Some("maria".into()) })),
            (id % 11 == 0).then(|| Command::RejectSignup(reject)),
        ]
    });
    let later: Vec<Command> = later.flatten().collect();
    let maria = world.actor("maria");
    assert!(world.desk.execute_all(&maria, later).iter().all(Result::is_ok));
    let made: Vec<Command> = (0..60_usize)
        .map(|n| {
            let values = [
                ("name", names[n % names.len()]),
                ("country", countries[n % 4]),
                ("city", cities[n % 5].unwrap_or("")),
                ("customer_group", if n % 2 == 0 { "retail" } else { "" }),
                ("account_manager", if n % 3 == 0 { "maria" } else { "" }),
            ];
            let values = values
                .into_iter()
                .filter(|(_, v)| !v.is_empty())
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect();
            Command::NewCustomer(Box::new(NewCustomer {
                values,
                template: None,
                external_id: None,
                if_alike: IfAlike::Make,
            }))
        })
        .collect();
    assert!(world.desk.execute_all(&maria, made).iter().all(Result::is_ok));
    world.clock.advance(DAY);
    world
}
