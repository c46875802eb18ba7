//! What is done beside the turns, from any tab that has the card in hand: take back, let go on, answer. The forms as data,
//! and whether they may be opened.

use serde_json::{Value, json};

use crate::desk::commands::work::{AnswerQuestion, Resume, ResumeInstance};
use crate::desk::query::user_request::{QuestionLine, UserRequestCard};
use crate::domain::permission::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{Recallable, Running, may_recall};
use crate::domain::workflow::beside::{Answerable, may_answer, may_resume};
use crate::tui::door::Command;
use crate::tui::effect::Work;
use crate::tui::screen::Submitted;
use crate::tui::screens::colleagues;
use crate::tui::widgets::form::{Choice, FieldKind, FieldSpec, FormData, FormSpec};

const RESUME: &str = "resume";
const ANSWER: &str = "answer";

/// A field for one of the colleagues.
pub fn person(label: &str) -> FieldSpec {
    FieldSpec::new("to", label, FieldKind::LookUp(colleagues)).help("Type a login or a name, then choose")
}

/// May the actor take this request back?
pub fn recallable(actor: &Actor, card: &UserRequestCard) -> Result<(), Refusal> {
    let running = match card.instance {
        Some(instance) if !instance.is_over() => Running::Yes,
        Some(_) | None => Running::No,
    };
    let (number, state) = (card.row.number.as_str(), card.row.state.as_str());
    may_recall(actor, &Recallable { number, state, running, owners: &card.owners }).map(|_| ())
}

/// May the actor let it go on?
pub fn resumable(actor: &Actor, card: &UserRequestCard) -> Result<(), Refusal> {
    may_resume(actor, (&card.row.number, card.instance)).map(|_| ())
}

/// The question that the actor may answer: the oldest that was asked of them.
pub fn question<'a>(actor: &Actor, card: &'a UserRequestCard) -> Result<&'a QuestionLine, Refusal> {
    let mut open = card.questions.iter().filter(|q| q.answer.is_none());
    let own = open.clone().find(|q| !q.outside && q.of == actor.login);
    let number = card.row.number.as_str();
    let found = own.or_else(|| open.next()).or_else(|| card.questions.last()).ok_or_else(|| {
        Refusal::new(
            "not_found",
            format!("Nobody has asked anything about {number}."),
            "Ask a question of your own.",
        )
    })?;
    let asked = Answerable { number, of: found.asked(), answered: found.answer.is_some() };
    may_answer(actor, asked).map(|_| found)
}

/// The form that lets a stopped one go on; with the cause that is on the card.
pub fn resume(card: &UserRequestCard) -> FormSpec {
    let cause = card.cause.as_ref().map_or_else(String::new, |(cause, culprit)| {
        culprit.as_ref().map_or_else(|| cause.clone(), |culprit| format!("{cause} ({culprit})"))
    });
    resumed(
        &json!({ "number": card.row.number, "instance": card.stopped, "id": card.row.key.id, "cause": cause }),
    )
}

fn resumed(about: &Value) -> FormSpec {
    let text = |name: &str| about[name].as_str().unwrap_or_default();
    let ways = vec![
        Choice::new("again", "try again what failed"),
        Choice::new("reassign", "let somebody else decide it"),
        Choice::new("draft", "back to draft"),
    ];
    FormSpec::new(RESUME, format!("Resume {}", text("number")), "Let it go on")
        .about(about.clone())
        .field(FieldSpec::new("cause", "Stopped", FieldKind::ReadOnly).value(text("cause")))
        .field(FieldSpec::new("how", "How", FieldKind::Choice(ways)).value("again"))
        .field(person("Who decides").only_if(|values| values.get("how").is_some_and(|how| how == "reassign")))
        .field(
            FieldSpec::new("reason", "Reason", FieldKind::Area(3))
                .required()
                .help("What was put right; history keeps it"),
        )
}

/// The form that answers a question.
pub fn answer(card: &UserRequestCard, question: &QuestionLine) -> FormSpec {
    let whom = if question.outside { format!(" {}", question.of) } else { String::new() };
    let asked = format!("{} asks{whom}: {}", question.by, question.question);
    answered(
        &json!({ "number": card.row.number, "question": question.id, "id": card.row.key.id, "asked": asked }),
    )
}

fn answered(about: &Value) -> FormSpec {
    let text = |name: &str| about[name].as_str().unwrap_or_default();
    FormSpec::new(ANSWER, format!("Answer about {}", text("number")), "Answer")
        .about(about.clone())
        .field(FieldSpec::new("asked", "Question", FieldKind::ReadOnly).value(text("asked")))
        .field(
            FieldSpec::new("answer", "Answer", FieldKind::Area(3))
                .required()
                .help("It stands on the card, for whoever decides"),
        )
}

/// The form of a draft.
pub fn again(id: &str, about: &Value) -> Option<FormSpec> {
    match id {
        RESUME => Some(resumed(about)),
        ANSWER => Some(answered(about)),
        _ => None,
    }
}

/// What a filled form runs; none where it is not one of these.
pub fn submitted(form: &FormData) -> Option<Submitted> {
    let some = |name: &str| form.values.get(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let number = form.about["number"].as_str().unwrap_or_default();
    let (verb, command) = match form.id {
        RESUME => {
            let how = match (some("how").as_deref(), some("to")) {
                (Some("reassign"), Some(login)) => Resume::Reassign(login),
                (Some("reassign"), None) => {
                    return Some(Submitted::Wrong(vec![(
                        "to".into(),
                        "is nobody yet: choose from the list".into(),
                    )]));
                }
                (Some("draft"), _) => Resume::ToDraft,
                _ => Resume::Again,
            };
            let instance = form.about["instance"].as_i64()?;
            let reason = some("reason").unwrap_or_default();
            ("resume", Command::ResumeInstance(ResumeInstance { instance, how, reason }))
        }
        ANSWER => {
            let question = form.about["question"].as_i64()?;
            let answer = some("answer").unwrap_or_default();
            ("answer", Command::AnswerQuestion(AnswerQuestion { question, answer }))
        }
        _ => return None,
    };
    let label = format!("{verb} {number}");
    Some(Submitted::Run(Work {
        label,
        commands: vec![command],
        about: form.about["id"].as_i64().into_iter().collect(),
    }))
}
