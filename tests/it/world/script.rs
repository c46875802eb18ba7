//! Scripts: `maria approves REG-1: looks good; jens creates REG-1`. One statement each, ended by `;` or a new line.

use std::collections::BTreeMap;

use countersign::desk::commands::signup::{
    ApproveSignup, AssignSignup, CreateCustomer, EditSignup, MailApplicant, NotADuplicate, RejectSignup,
    ReopenSignup, ResendCode, Source, SubmitSignup, VerifyByCode, VerifyByPhone, WithdrawByCode,
    WithdrawSignup,
};
use countersign::desk::commands::template::{Offered, SaveTemplate};
use countersign::desk::commands::user_request::{IfRefused, SubmitUserRequest};
use countersign::desk::{Command, Error, Receipt, Redo, Repeated, Undo};
use countersign::domain::permission::Actor;
use countersign::domain::user_request::Authentication;

use super::{DAY, HOUR, MINUTE, World, fields};

pub fn play(world: &mut World, script: &str) -> String {
    let mut said = String::new();
    for statement in script.split([';', '\n']).map(str::trim).filter(|s| !s.is_empty()) {
        said.push_str(&format!("{statement}\n"));
        for line in one(world, statement) {
            said.push_str(&format!("  {line}\n"));
        }
    }
    said.trim_end().to_owned()
}

fn one(world: &mut World, statement: &str) -> Vec<String> {
    let (head, text) = match statement.split_once(": ") {
        Some((head, text)) => (head, Some(text.trim().to_owned())),
        None => (statement, None),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    match words.as_slice() {
        ["wait", n, unit] => {
            let unit = match unit.trim_end_matches('s') {
                "day" => DAY,
                "hour" => HOUR,
                "minute" => MINUTE,
                "second" => 1000,
                other => panic!("no unit of time: {other}"),
            };
            world.clock.advance(n.parse::<i64>().unwrap() * unit);
            Vec::new()
        }
        ["clock", "sweeps"] => vec![format!("{} expired", world.desk.sweep().unwrap())],
        ["mail", "leaves"] => {
            let sql = "update outbox set state = 'sent', sent_at = ?1, next_at = null where state = 'held'";
            vec![format!("{} sent", world.raw().execute(sql, [world.clock_now()]).unwrap())]
        }
        ["reopened"] => {
            world.reopen();
            Vec::new()
        }
        [who, verb @ ..] => {
            let actor = match *who {
                "applicant" => world.applicant(),
                login => world.actor(login),
            };
            let command = command(world, &actor, verb, text);
            shown(world.desk.execute(&actor, command))
        }
        [] => Vec::new(),
    }
}

impl World {
    fn clock_now(&self) -> i64 {
        self.reader.now()
    }
}

fn command(world: &World, actor: &Actor, words: &[&str], text: Option<String>) -> Command {
    let said = || text.clone().unwrap_or_default();
    let outside = actor.staff_id().is_none();
    match words {
        ["submits", party, rest @ ..] => Command::SubmitSignup(Box::new(SubmitSignup {
            fields: fields(party),
            external_id: after(rest, "ext"),
            extra: serde_json::Map::new(),
            source: if outside { Source::Form } else { Source::Staff },
        })),
        ["verifies", number, "by", "phone"] => {
            Command::VerifyByPhone(VerifyByPhone { subject: world.subject(number), note: said() })
        }
        ["verifies", number, rest @ ..] => {
            let record = world.find(number);
            let code = after(rest, "with").unwrap_or_else(|| world.code(&record.number));
            Command::VerifyByCode(VerifyByCode { code, signup: Some(record.id) })
        }
        ["approves", number] => Command::ApproveSignup(ApproveSignup {
            subject: world.subject(number),
            note: text,
            override_reason: None,
        }),
        ["overrides", number] => Command::ApproveSignup(ApproveSignup {
            subject: world.subject(number),
            note: None,
            override_reason: Some(said()),
        }),
        ["rejects", number, code, rest @ ..] => Command::RejectSignup(RejectSignup {
            subject: world.subject(number),
            reason_code: (*code).into(),
            note: text,
            reply: after(rest, "reply").map(|r| r.replace('_', " ")),
            mail: if rest.contains(&"silently") { MailApplicant::DoNotMail } else { MailApplicant::Tell },
        }),
        ["withdraws", number] if outside => {
            let code = world.code(&world.find(number).number);
            Command::WithdrawByCode(WithdrawByCode { code, reason: text })
        }
        ["withdraws", number] => {
            Command::WithdrawSignup(WithdrawSignup { subject: world.subject(number), reason: said() })
        }
        ["reopens", number] => {
            Command::ReopenSignup(ReopenSignup { subject: world.subject(number), reason: said() })
        }
        ["resends", number] => Command::ResendCode(ResendCode { subject: world.subject(number) }),
        ["assigns", number, to] => {
            let to = (*to != "nobody").then(|| (*to).to_owned());
            Command::AssignSignup(AssignSignup { subject: world.subject(number), to })
        }
        ["edits", number, changes @ ..] => Command::EditSignup(EditSignup {
            subject: world.subject(number),
            changes: pairs(changes),
            note: text,
        }),
        ["rules", "out", other, "for", number] => Command::NotADuplicate(NotADuplicate {
            subject: world.subject(number),
            other: world.find(other).number,
        }),
        ["creates", number, rest @ ..] => Command::CreateCustomer(Box::new(create(world, number, rest))),
        ["saves", "template", name, values @ ..] => Command::SaveTemplate(SaveTemplate {
            name: (*name).into(),
            division: None,
            active: Offered::Yes,
            values: pairs(values),
        }),
        ["submits-request", number] => Command::SubmitUserRequest(SubmitUserRequest {
            id: world.find(number).id,
            if_refused: IfRefused::Fail,
        }),
        ["undoes"] => Command::Undo(Undo::default()),
        ["redoes"] => Command::Redo(Redo),
        other => panic!("no such verb: {other:?}"),
    }
}

/// `creates REG-1 under C-1 template Retail contact CON-1 role customer by sso as wanted.name`.
fn create(world: &World, number: &str, rest: &[&str]) -> CreateCustomer {
    let authentication = after(rest, "by").map(|by| match by.as_str() {
        "link" => Authentication::SetPasswordLink,
        "password" => Authentication::TemporaryPassword,
        "sso" => Authentication::ExternalSso,
        other => panic!("no way to log on: {other}"),
    });
    CreateCustomer {
        subject: world.subject(number),
        existing: after(rest, "under").map(|n| world.find(&n).number),
        template: after(rest, "template"),
        values: BTreeMap::new(),
        contact: after(rest, "contact").map(|n| world.find(&n).number),
        twin: countersign::desk::commands::signup::Twin::Refuse,
        role: after(rest, "role"),
        authentication,
        user_name: after(rest, "as"),
        note: None,
    }
}

fn after(words: &[&str], word: &str) -> Option<String> {
    let at = words.iter().position(|w| *w == word)?;
    words.get(at + 1).map(|w| (*w).to_owned())
}

fn pairs(words: &[&str]) -> BTreeMap<String, String> {
    let pair = |w: &&str| w.split_once('=').map(|(n, v)| (n.to_owned(), v.replace('_', " ")));
    words.iter().map(|w| pair(w).expect("field=value")).collect()
}

fn shown(result: Result<Receipt, Error>) -> Vec<String> {
    match result {
        Ok(receipt) => {
            let mut line = receipt.command.to_owned();
            if let Some(record) = &receipt.record {
                line.push_str(&format!(" {}", record.number));
            }
            if let Some(state) = &receipt.state {
                line.push_str(&format!(" = {state}"));
            }
            if receipt.repeated == Repeated::Yes {
                line.push_str(" (repeated)");
            }
            for made in &receipt.made {
                line.push_str(&format!(" + {}", made.number));
            }
            for mail in &receipt.mails {
                line.push_str(&format!(" ✉ {}", mail.event));
            }
            std::iter::once(line).chain(receipt.notes.iter().map(|n| format!("note: {n}"))).collect()
        }
        Err(Error::Refused(r)) => vec![format!("refused by {}: {} {}", r.rule, r.message, r.remedy)],
        Err(error) => vec![format!("{}: {error}", error.kind())],
    }
}
