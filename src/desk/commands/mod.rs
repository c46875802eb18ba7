//! One struct per command with its `run`; a command checks, writes rows and says what happened, no more.

pub mod customer;
pub mod mail;
pub mod signup;
pub mod staff;
pub mod template;
pub mod user_request;
mod words;
pub mod work;
pub mod workflow;

use rusqlite::Connection;

use super::command::Command;
use super::cx::{Cx, Done};
use super::error::Result;

/// A command that stands for several, each with its own entry in history, as those.
pub(super) fn unfold(conn: &Connection, command: Command) -> Result<Vec<Command>> {
    match command {
        Command::CreateCustomer(create) => signup::create::unfold(conn, create),
        other => Ok(vec![other]),
    }
}

impl Command {
    /// Runs it inside the door's transaction.
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        match self {
            Command::Initialise(c) => c.run(cx),
            Command::SubmitSignup(c) => c.run(cx),
            Command::EditSignup(c) => c.run(cx),
            Command::AssignSignup(c) => c.run(cx),
            Command::ResendCode(c) => c.run(cx),
            Command::VerifyByCode(c) => c.run(cx),
            Command::VerifyByPhone(c) => c.run(cx),
            Command::ExpireSignup(c) => c.run(cx),
            Command::ApproveSignup(c) => c.run(cx),
            Command::RejectSignup(c) => c.run(cx),
            Command::WithdrawSignup(c) => c.run(cx),
            Command::WithdrawByCode(c) => c.run(cx),
            Command::ReopenSignup(c) => c.run(cx),
            Command::CreateCustomer(c) => c.run(cx),
            Command::NotADuplicate(c) => c.run(cx),
            Command::NewCustomer(c) => c.run(cx),
            Command::SaveTemplate(c) => c.run(cx),
            Command::TemplateFromCustomer(c) => c.run(cx),
            Command::SubmitUserRequest(c) => c.run(cx),
            Command::ProvisionUser(c) => c.run(cx),
            Command::NewUserRequest(c) => c.run(cx),
            Command::EditUserRequest(c) => c.run(cx),
            Command::DeleteUserRequest(c) => c.run(cx),
            Command::CancelUserRequest(c) => c.run(cx),
            Command::ChangeUser(c) => c.run(cx),
            Command::InactivateUser(c) => c.run(cx),
            Command::NotifyOriginator(c) => c.run(cx),
            Command::RetryHook(c) => c.run(cx),
            Command::RemindUserName(c) => c.run(cx),
            Command::StartWorkflow(c) => c.run(cx),
            Command::ContinueWorkflow(c) => c.run(cx),
            Command::DecideItem(c) => c.run(cx),
            Command::OverrideItem(c) => c.run(cx),
            Command::DelegateItem(c) => c.run(cx),
            Command::TakeItem(c) => c.run(cx),
            Command::ReleaseItem(c) => c.run(cx),
            Command::ReassignItem(c) => c.run(cx),
            Command::MoveItems(c) => c.run(cx),
            Command::AskQuestion(c) => c.run(cx),
            Command::AnswerQuestion(c) => c.run(cx),
            Command::SnoozeItem(c) => c.run(cx),
            Command::WakeItem(c) => c.run(cx),
            Command::WatchDocument(c) => c.run(cx),
            Command::UnwatchDocument(c) => c.run(cx),
            Command::RecallDocument(c) => c.run(cx),
            Command::ResumeInstance(c) => c.run(cx),
            Command::MigrateDocument(c) => c.run(cx),
            Command::ClockItem(c) => c.run(cx),
            Command::RetryMail(c) => c.run(cx),
            Command::CancelMail(c) => c.run(cx),
            Command::ReleaseQueue(c) => c.run(cx),
            Command::TestMail(c) => c.run(cx),
            Command::AddStaff(c) => c.run(cx),
            Command::EditStaff(c) => c.run(cx),
            Command::GrantRole(c) => c.run(cx),
            Command::RevokeRole(c) => c.run(cx),
            Command::SetDeputy(c) => c.run(cx),
            Command::EndDeputy(c) => c.run(cx),
            Command::NewQueue(c) => c.run(cx),
            Command::EditQueue(c) => c.run(cx),
            Command::AddToQueue(c) => c.run(cx),
            Command::RemoveFromQueue(c) => c.run(cx),
            Command::NewRole(c) => c.run(cx),
            Command::GrantPermission(c) => c.run(cx),
            Command::RevokePermission(c) => c.run(cx),
            Command::HandOver(c) => c.run(cx),
            Command::SendDigest(c) => c.run(cx),
            Command::ActivateRuleSet(c) => c.run(cx),
            Command::Undo(c) => c.run(cx),
            Command::Redo(c) => c.run(cx),
        }
    }
}
