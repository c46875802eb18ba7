//! The tab's forms as data, and what a filled one runs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Registration, create};
use crate::desk::commands::signup::{
    ApproveSignup, EditSignup, MailApplicant, RejectSignup, ReopenSignup, Seen, Source, Subject,
    SubmitSignup, VerifyByPhone, WithdrawSignup,
};
use crate::desk::query::signup::SignupCard;
use crate::desk::settings::Settings;
use crate::domain::check::country::{english_name, parse_country};
use crate::domain::check::email::parse_email;
use crate::domain::field::{Lines, REQUIRED, SIGNUP_FIELDS};
use crate::domain::user_request::Authentication;
use crate::tui::door::{Command, Error, Reader};
use crate::tui::effect::{Effect, Work};
use crate::tui::layer::Layer;
use crate::tui::screen::Submitted;
use crate::tui::screens::canned;
use crate::tui::screens::suggest_country;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, Form, FormData, FormSpec};

/// A form that asks one text: its id, title, button, label, help.
#[derive(Debug, Clone, Copy)]
pub struct OneText {
    id: &'static str,
    verb: &'static str,
    label: &'static str,
    help: &'static str,
}

pub const VERIFY: OneText = OneText {
    id: "signup-verify",
    verb: "Verify by phone",
    label: "Note",
    help: "Whom you called, at which number, what they said",
};
pub const WITHDRAW: OneText = OneText {
    id: "signup-withdraw",
    verb: "Withdraw",
    label: "Reason",
    help: "Why the applicant takes it back; history keeps it",
};
pub const REOPEN: OneText = OneText {
    id: "signup-reopen",
    verb: "Reopen",
    label: "Reason",
    help: "Why it comes back; history keeps it",
};
pub const OVERRIDE: OneText = OneText {
    id: "signup-override",
    verb: "Approve unverified",
    label: "Reason",
    help: "Why it is approved although it was never verified; history keeps it",
};

/// Opens a form.
pub fn open(spec: FormSpec) -> Vec<Effect> {
    vec![Effect::Open(Box::new(Layer::Form(Form::new(spec))))]
}

fn title(verb: &str, about: &[(i64, String)]) -> String {
    match about {
        [(_, number)] => format!("{verb} {number}"),
        many => format!("{verb} {} sign-ups", many.len()),
    }
}

fn ids(about: &[(i64, String)]) -> Value {
    json!({ "rows": about })
}

fn rows(about: &Value) -> Vec<(i64, String)> {
    serde_json::from_value(about["rows"].clone()).unwrap_or_default()
}

/// One mandatory text.
pub fn one_text(kind: OneText, about: &[(i64, String)]) -> FormSpec {
    FormSpec::new(kind.id, title(kind.verb, about), kind.verb)
        .about(ids(about))
        .field(FieldSpec::new("text", kind.label, FieldKind::Area(3)).required().help(kind.help))
}

/// Reject: the reason code is due; internal note and text to the applicant are separate.
pub fn reject(settings: &Settings, about: &[(i64, String)], (code, note): (&str, &str)) -> FormSpec {
    let choices = settings.reject_reasons.iter().map(|(code, text)| Choice::new(code, text)).collect();
    FormSpec::new("signup-reject", title("Reject", about), "Reject")
        .about(ids(about))
        .field(
            FieldSpec::new("reason", "Reason", FieldKind::Choice(choices))
                .required()
                .listed()
                .value(code)
                .help("It is kept with the sign-up; the applicant reads only the text below"),
        )
        .field(
            FieldSpec::new("note", "Note (internal)", FieldKind::Area(2))
                .value(note)
                .help("For colleagues; the applicant never sees it")
                .texts(canned(&settings.texts)),
        )
        .field(
            FieldSpec::new("reply", "Text to applicant", FieldKind::Area(3))
                .help("Stands in the mail to the applicant; may stay empty")
                .texts(canned(&settings.texts)),
        )
        .field(
            FieldSpec::new("mail", "Mail the applicant", FieldKind::Check)
                .value("yes")
                .help("Switch off for spam: nobody is told"),
        )
}

/// The fields of a sign-up with these values.
fn fields(mut spec: FormSpec, value_of: impl Fn(&str) -> String, settings: Option<&Settings>) -> FormSpec {
    for field in SIGNUP_FIELDS {
        if settings.is_some_and(|s| s.fields.hide.iter().any(|h| h == field.name)) {
            continue;
        }
        let kind = match (field.lines, field.name) {
            (_, "authentication") => FieldKind::Choice(authentications()),
            (Lines::Many, _) => FieldKind::Area(3),
            (Lines::One, _) => FieldKind::Line,
        };
        let mut one = FieldSpec::new(field.name, field.label, kind).value(value_of(field.name));
        if REQUIRED.contains(&field.name)
            || settings.is_some_and(|s| s.fields.require.iter().any(|r| r == field.name))
        {
            one = one.required();
        }
        one = match field.name {
            "email" => one.check(|v| parse_email(v).map(|_| ()).map_err(|p| format!("{p}; {}", p.remedy()))),
            "country" => one
                .check(|v| parse_country(v).map(|_| ()).ok_or_else(|| "no country; DE or Germany".to_owned()))
                .echo(|v| parse_country(v).and_then(english_name).map(str::to_owned))
                .suggest(suggest_country)
                .help("Two letters, or the beginning of the name"),
            "tax_number" => one.help("As on their paper, with or without the country's letters"),
            _ => one,
        };
        spec = spec.field(one);
    }
    spec
}

fn authentications() -> Vec<Choice> {
    let none = std::iter::once(Choice::new("", "no wish"));
    none.chain(Authentication::ALL.iter().map(|a| Choice::new(a.as_str(), a.title()))).collect()
}

/// Staff on the phone enter a sign-up.
pub fn entry(settings: &Settings) -> FormSpec {
    let preset = |name: &str| match name {
        "country" => settings.country.clone().unwrap_or_default(),
        _ => String::new(),
    };
    fields(FormSpec::new("signup-new", "New sign-up", "Enter"), preset, Some(settings))
}

/// Corrects a sign-up.
pub fn edit(card: &SignupCard) -> FormSpec {
    let value = |name: &str| {
        card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone()).unwrap_or_default()
    };
    let about = json!({ "rows": [(card.row.key.id, &card.row.number)], "version": card.row.version,
                        "old": card.fields.iter().filter_map(|(n, v)| Some((*n, v.clone()?))).collect::<BTreeMap<_, _>>() });
    fields(FormSpec::new("signup-edit", format!("Correct {}", card.row.number), "Save"), value, None)
        .about(about)
}

/// The form as the sign-up is now.
pub fn anew(reader: &Reader, form: &FormData) -> Result<Option<FormSpec>, Error> {
    let row = rows(&form.about).first().map(|(id, _)| *id).filter(|_| form.id == "signup-edit");
    row.map(|id| reader.signup(id).map(|card| edit(&card))).transpose()
}

/// The form of a draft, empty; the draft's values are put in by the app.
pub fn again(id: &str, about: &Value, screen: &Registration) -> Option<FormSpec> {
    let rows = rows(about);
    Some(match id {
        "signup-new" => entry(&screen.settings),
        "signup-reject" => reject(&screen.settings, &rows, ("", "")),
        "signup-verify" => one_text(VERIFY, &rows),
        "signup-withdraw" => one_text(WITHDRAW, &rows),
        "signup-reopen" => one_text(REOPEN, &rows),
        "signup-override" => one_text(OVERRIDE, &rows),
        "signup-edit" => {
            let number = rows.first().map(|(_, n)| n.clone()).unwrap_or_default();
            let old = |name: &str| about["old"][name].as_str().unwrap_or_default().to_owned();
            fields(FormSpec::new("signup-edit", format!("Correct {number}"), "Save"), old, None)
                .about(about.clone())
        }
        create::ID => return create::again(screen, about),
        _ => return None,
    })
}

impl Registration {
    /// What a filled form runs.
    pub(super) fn submitted(&mut self, form: &FormData) -> Submitted {
        let rows = rows(&form.about);
        let text = |name: &str| form.values.get(name).cloned().unwrap_or_default();
        let some = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
        let subject = |id: i64| self.board_row(id).map_or_else(|| Subject::now(id), |row| self.subject(&row));
        let run = |label: &str, make: &dyn Fn(i64) -> Command| {
            Submitted::Run(Work {
                label: title(label, &rows),
                commands: rows.iter().map(|(id, _)| make(*id)).collect(),
                about: rows.iter().map(|(id, _)| *id).collect(),
            })
        };
        match form.id {
            "signup-reject" => run("reject", &|id| {
                Command::RejectSignup(RejectSignup {
                    subject: subject(id),
                    reason_code: text("reason"),
                    note: some("note"),
                    reply: some("reply"),
                    mail: if text("mail") == "yes" { MailApplicant::Tell } else { MailApplicant::DoNotMail },
                })
            }),
            "signup-verify" => run("verify", &|id| {
                Command::VerifyByPhone(VerifyByPhone { subject: subject(id), note: text("text") })
            }),
            "signup-withdraw" => run("withdraw", &|id| {
                Command::WithdrawSignup(WithdrawSignup { subject: subject(id), reason: text("text") })
            }),
            "signup-reopen" => run("reopen", &|id| {
                Command::ReopenSignup(ReopenSignup { subject: subject(id), reason: text("text") })
            }),
            "signup-override" => run("approve unverified", &|id| {
                Command::ApproveSignup(ApproveSignup {
                    subject: subject(id),
                    note: None,
                    override_reason: Some(text("text")),
                })
            }),
            "signup-new" => Submitted::Run(Work {
                label: "enter the sign-up".into(),
                commands: vec![Command::SubmitSignup(Box::new(SubmitSignup {
                    fields: filled(form),
                    external_id: None,
                    extra: serde_json::Map::new(),
                    source: Source::Staff,
                }))],
                about: Vec::new(),
            }),
            "signup-edit" => {
                let old = |name: &str| form.about["old"][name].as_str().unwrap_or_default().to_owned();
                let changes: BTreeMap<String, String> = form
                    .values
                    .iter()
                    .filter(|(n, v)| old(n) != **v)
                    .map(|(n, v)| ((*n).to_owned(), v.clone()))
                    .collect();
                let seen = form.about["version"].as_i64().map(Seen::row);
                run("correct", &|id| {
                    let subject =
                        seen.clone().map_or_else(|| Subject::now(id), |seen| Subject::seen(id, seen));
                    Command::EditSignup(EditSignup { subject, changes: changes.clone(), note: None })
                })
            }
            create::ID => create::submitted(form),
            _ => Submitted::Done(Vec::new()),
        }
    }

    fn board_row(&self, id: i64) -> Option<crate::desk::query::signup::SignupRow> {
        self.board.targets().into_iter().map(|line| line.row).find(|row| row.key.id == id)
    }
}

/// The filled values of a form by field name.
pub fn filled(form: &FormData) -> BTreeMap<String, String> {
    form.values.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| ((*n).to_owned(), v.clone())).collect()
}
