//! Every write there is, as one closed list of data, and the receipt that each gives back.

use crate::desk::commands::{customer, mail, signup, staff, template, user_request, work, workflow};
use crate::domain::id::RecordRef;

/// A command: what to do, with all it needs. Run by `Desk::execute` in one transaction.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is explained where its struct stands")]
pub enum Command {
    Initialise(crate::desk::init::FirstAdministrator),
    SubmitSignup(Box<signup::SubmitSignup>),
    EditSignup(signup::EditSignup),
    AssignSignup(signup::AssignSignup),
    ResendCode(signup::ResendCode),
    VerifyByCode(signup::VerifyByCode),
    VerifyByPhone(signup::VerifyByPhone),
    ExpireSignup(signup::ExpireSignup),
    ApproveSignup(signup::ApproveSignup),
    RejectSignup(signup::RejectSignup),
    WithdrawSignup(signup::WithdrawSignup),
    WithdrawByCode(signup::WithdrawByCode),
    ReopenSignup(signup::ReopenSignup),
    CreateCustomer(Box<signup::CreateCustomer>),
    NotADuplicate(signup::NotADuplicate),
    NewCustomer(Box<customer::NewCustomer>),
    SaveTemplate(template::SaveTemplate),
    TemplateFromCustomer(template::TemplateFromCustomer),
    SubmitUserRequest(user_request::SubmitUserRequest),
    ProvisionUser(user_request::ProvisionUser),
    NewUserRequest(user_request::NewUserRequest),
    EditUserRequest(user_request::EditUserRequest),
    DeleteUserRequest(user_request::DeleteUserRequest),
    CancelUserRequest(user_request::CancelUserRequest),
    ChangeUser(user_request::ChangeUser),
    InactivateUser(user_request::InactivateUser),
    NotifyOriginator(user_request::NotifyOriginator),
    RetryHook(user_request::RetryHook),
    RemindUserName(user_request::RemindUserName),
    StartWorkflow(work::StartWorkflow),
    ContinueWorkflow(work::ContinueWorkflow),
    DecideItem(work::DecideItem),
    OverrideItem(work::OverrideItem),
    DelegateItem(work::DelegateItem),
    TakeItem(work::TakeItem),
    ReleaseItem(work::ReleaseItem),
    ReassignItem(work::ReassignItem),
    MoveItems(work::MoveItems),
    AskQuestion(work::AskQuestion),
    AnswerQuestion(work::AnswerQuestion),
    SnoozeItem(work::SnoozeItem),
    WakeItem(work::WakeItem),
    WatchDocument(work::WatchDocument),
    UnwatchDocument(work::UnwatchDocument),
    RecallDocument(work::RecallDocument),
    ResumeInstance(work::ResumeInstance),
    MigrateDocument(work::MigrateDocument),
    ClockItem(work::ClockItem),
    RetryMail(mail::RetryMail),
    CancelMail(mail::CancelMail),
    ReleaseQueue(mail::ReleaseQueue),
    TestMail(mail::TestMail),
    AddStaff(staff::AddStaff),
    EditStaff(staff::EditStaff),
    GrantRole(staff::GrantRole),
    RevokeRole(staff::RevokeRole),
    SetDeputy(staff::SetDeputy),
    EndDeputy(staff::EndDeputy),
    NewQueue(staff::NewQueue),
    EditQueue(staff::EditQueue),
    AddToQueue(staff::AddToQueue),
    RemoveFromQueue(staff::RemoveFromQueue),
    NewRole(staff::NewRole),
    GrantPermission(staff::GrantPermission),
    RevokePermission(staff::RevokePermission),
    HandOver(staff::HandOver),
    SendDigest(staff::SendDigest),
    ActivateRuleSet(workflow::ActivateRuleSet),
    Undo(Undo),
    Redo(Redo),
}

/// Takes back the actor's last command (or that group), however many rows it had, in one step.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    /// The group to take back; none: the actor's last one that is not undone.
    pub group: Option<i64>,
}

/// Takes back the actor's last undo.
#[derive(Debug, Clone, Default)]
pub struct Redo;

impl Command {
    /// The stable name in history and receipts.
    #[rustfmt::skip]
    pub fn name(&self) -> &'static str {
        match self {
            Command::Initialise(_)           => "initialise",
            Command::SubmitSignup(_)         => "submit_signup",
            Command::EditSignup(_)           => "edit_signup",
            Command::AssignSignup(_)         => "assign_signup",
            Command::ResendCode(_)           => "resend_code",
            Command::VerifyByCode(_)         => "verify_by_code",
            Command::VerifyByPhone(_)        => "verify_by_phone",
            Command::ExpireSignup(_)         => "expire_signup",
            Command::ApproveSignup(_)        => "approve_signup",
            Command::RejectSignup(_)         => "reject_signup",
            Command::WithdrawSignup(_)       => "withdraw_signup",
            Command::WithdrawByCode(_)       => "withdraw_by_code",
            Command::ReopenSignup(_)         => "reopen_signup",
            Command::CreateCustomer(_)       => "create_customer",
            Command::NotADuplicate(_)        => "not_a_duplicate",
            Command::NewCustomer(_)          => "new_customer",
            Command::SaveTemplate(_)         => "save_template",
            Command::TemplateFromCustomer(_) => "template_from_customer",
            Command::SubmitUserRequest(_)    => "submit_user_request",
            Command::ProvisionUser(_)        => "provision_user",
            Command::NewUserRequest(_)         => "new_user_request",
            Command::EditUserRequest(_)        => "edit_user_request",
            Command::DeleteUserRequest(_)      => "delete_user_request",
            Command::CancelUserRequest(_)      => "cancel_user_request",
            Command::ChangeUser(_)             => "change_user",
            Command::InactivateUser(_)         => "inactivate_user",
            Command::NotifyOriginator(_)       => "notify_originator",
            Command::RetryHook(_)              => "retry_hook",
            Command::RemindUserName(_)         => "remind_user_name",
            Command::StartWorkflow(_)          => "start_workflow",
            Command::ContinueWorkflow(_)       => "continue_workflow",
            Command::DecideItem(_)             => "decide_item",
            Command::OverrideItem(_)           => "override_item",
            Command::DelegateItem(_)           => "delegate_item",
            Command::TakeItem(_)               => "take_item",
            Command::ReleaseItem(_)            => "release_item",
            Command::ReassignItem(_)           => "reassign_item",
            Command::MoveItems(_)              => "move_items",
            Command::AskQuestion(_)            => "ask_question",
            Command::AnswerQuestion(_)         => "answer_question",
            Command::SnoozeItem(_)             => "snooze_item",
            Command::WakeItem(_)               => "wake_item",
            Command::WatchDocument(_)          => "watch_document",
            Command::UnwatchDocument(_)        => "unwatch_document",
            Command::RecallDocument(_)         => "recall_document",
            Command::ResumeInstance(_)         => "resume_instance",
            Command::MigrateDocument(_)        => "migrate_document",
            Command::ClockItem(_)              => "clock_item",
            Command::RetryMail(_)            => "retry_mail",
            Command::CancelMail(_)           => "cancel_mail",
            Command::ReleaseQueue(_)         => "release_queue",
            Command::TestMail(_)             => "test_mail",
            Command::AddStaff(_)             => "add_staff",
            Command::EditStaff(_)            => "edit_staff",
            Command::GrantRole(_)            => "grant_role",
            Command::RevokeRole(_)           => "revoke_role",
            Command::SetDeputy(_)            => "set_deputy",
            Command::EndDeputy(_)            => "end_deputy",
            Command::NewQueue(_)             => "new_queue",
            Command::EditQueue(_)            => "edit_queue",
            Command::AddToQueue(_)           => "add_to_queue",
            Command::RemoveFromQueue(_)      => "remove_from_queue",
            Command::NewRole(_)              => "new_role",
            Command::GrantPermission(_)      => "grant_permission",
            Command::RevokePermission(_)     => "revoke_permission",
            Command::HandOver(_)             => "hand_over",
            Command::SendDigest(_)           => "send_digest",
            Command::ActivateRuleSet(_)      => "activate_rule_set",
            Command::Undo(_)                 => "undo",
            Command::Redo(_)                 => "redo",
        }
    }

    /// Whether undo may take it back.
    pub fn undoable(name: &str) -> bool {
        !NOT_UNDOABLE.contains(&name)
    }
}

/// What undo leaves alone: mail commands act on the world outside, the clock's moves follow from the time.
pub(super) const NOT_UNDOABLE: [&str; 11] = [
    "initialise",
    "undo",
    "redo",
    "expire_signup",
    "clock_item",
    "send_digest",
    "retry_hook",
    "retry_mail",
    "cancel_mail",
    "release_queue",
    "test_mail",
];

/// A mail that a command queued.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct QueuedMail {
    /// Row in the outbox.
    pub id: i64,
    /// The event's stable name.
    pub event: String,
    /// The address.
    pub to: String,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The command's stable name.
    pub command: &'static str,
    /// The record it was about.
    pub record: Option<RecordRef>,
    /// That record's state afterwards.
    pub state: Option<String>,
    /// The history entry.
    pub history: i64,
    /// The undo group.
    pub group: i64,
    /// The mails it queued.
    pub mails: Vec<QueuedMail>,
    /// Until when undo can still hold the mails back, UTC milliseconds; none when nothing can be undone.
    pub undo_until: Option<i64>,
    /// Records it made besides.
    pub made: Vec<RecordRef>,
    /// What the person should know: “no rule set is active, the request stays in Draft”.
    pub notes: Vec<String>,
    /// Whether nothing had to be done, because it was done before (the same `external_id` again).
    pub repeated: Repeated,
}

/// Whether a command found its work done already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeated {
    /// It did something.
    #[default]
    No,
    /// It was done before; the receipt tells of the first time.
    Yes,
}
