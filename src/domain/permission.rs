//! Who may do what: permissions are given to roles, roles to staff; a check that passed is an [`Allowed`],
//! and nothing but this file can make one (trust.md, Who is acting; house.md, sentence 2).

use super::refusal::Refusal;

/// A single right. New ones are nobody's until granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is explained in TABLE, which is what people read")]
pub enum Permission {
    SignupView,
    SignupSubmit,
    SignupEdit,
    SignupVerify,
    SignupApprove,
    SignupOverride,
    SignupReject,
    SignupWithdraw,
    SignupReopen,
    SignupAssign,
    SignupCreate,
    SignupResend,
    CustomerView,
    CustomerEdit,
    CustomerImport,
    TemplateEdit,
    UserRequestView,
    UserRequestSubmit,
    UserRequestEdit,
    WorkView,
    WorkDecide,
    WorkReassign,
    WorkOverride,
    WorkResume,
    WorkflowView,
    WorkflowManage,
    DeputyManage,
    MailView,
    MailManage,
    StaffView,
    StaffManage,
    HistoryView,
    DatabaseManage,
    ActAs,
}

use Permission::*;

/// Every permission: its stable name and what it lets a person do.
#[rustfmt::skip]
pub const TABLE: &[(Permission, &str, &str)] = &[
    (SignupView,        "signup.view",         "see sign-ups"),
    (SignupSubmit,      "signup.submit",       "enter sign-ups"),
    (SignupEdit,        "signup.edit",         "correct what the applicant gave"),
    (SignupVerify,      "signup.verify",       "verify a sign-up by phone"),
    (SignupResend,      "signup.resend",       "send a new verification code"),
    (SignupApprove,     "signup.approve",      "approve sign-ups"),
    (SignupOverride,    "signup.override",     "approve a sign-up that was never verified"),
    (SignupReject,      "signup.reject",       "reject sign-ups"),
    (SignupWithdraw,    "signup.withdraw",     "withdraw a sign-up for the applicant"),
    (SignupReopen,      "signup.reopen",       "reopen rejected and withdrawn sign-ups"),
    (SignupAssign,      "signup.assign",       "assign sign-ups to staff"),
    (SignupCreate,      "signup.create",       "create the customer of a sign-up"),
    (CustomerView,      "customer.view",       "see customers, contacts and portal users"),
    (CustomerEdit,      "customer.edit",       "make and change customers and contacts"),
    (CustomerImport,    "customer.import",     "import customers"),
    (TemplateEdit,      "template.edit",       "make and change customer account templates"),
    (UserRequestView,   "user_request.view",   "see user requests"),
    (UserRequestSubmit, "user_request.submit", "submit and recall user requests"),
    (UserRequestEdit,   "user_request.edit",   "make, change and delete drafts of user requests"),
    (WorkView,          "work.view",           "see work items and whom they wait for"),
    (WorkDecide,        "work.decide",         "decide work items that are theirs"),
    (WorkReassign,      "work.reassign",       "give anybody's work item to somebody else"),
    (WorkOverride,      "work.override",       "decide in place of whoever a work item waits for"),
    (WorkResume,        "work.resume",         "resume what an error has stopped"),
    (WorkflowView,      "workflow.view",       "see and try workflows"),
    (WorkflowManage,    "workflow.manage",     "activate workflows"),
    (DeputyManage,      "deputy.manage",       "set deputies for others"),
    (MailView,          "mail.view",           "see the outbox"),
    (MailManage,        "mail.manage",         "retry, cancel and release mail"),
    (StaffView,         "staff.view",          "see staff and roles"),
    (StaffManage,       "staff.manage",        "add staff, give and take roles"),
    (HistoryView,       "history.view",        "read and verify the history"),
    (DatabaseManage,    "db.manage",           "back up and restore the database"),
    (ActAs,             "staff.act_as",        "act as another member of staff, which history records"),
];

impl Permission {
    /// The stable name, `noun.verb`.
    pub fn as_str(self) -> &'static str {
        TABLE
            .iter()
            .find(|(p, ..)| *p == self)
            .map(|(_, name, _)| *name)
            .expect("every permission stands in TABLE")
    }

    /// What it lets people do, a phrase: `see the outbox`.
    pub fn explained(self) -> &'static str {
        TABLE
            .iter()
            .find(|(p, ..)| *p == self)
            .map(|(.., what)| *what)
            .expect("every permission stands in TABLE")
    }

    /// The permission of that name.
    pub fn parse(name: &str) -> Option<Self> {
        TABLE.iter().find(|(_, n, _)| *n == name).map(|(p, ..)| *p)
    }
}

/// The roles an office starts with: name, title, permissions (trust.md, Who is acting). Kept in the database
/// after `init`, where an administrator may change them.
#[rustfmt::skip]
pub const ROLES: &[(&str, &str, &[Permission])] = &[
    ("administrator",   "Administrator",   &[SignupView, SignupSubmit, SignupEdit, SignupVerify, SignupResend, SignupApprove, SignupOverride, SignupReject, SignupWithdraw, SignupReopen,
                                             SignupAssign, SignupCreate, CustomerView, CustomerEdit, CustomerImport, TemplateEdit, UserRequestView, UserRequestSubmit, UserRequestEdit,
                                             WorkView, WorkDecide, WorkReassign, WorkOverride, WorkResume, WorkflowView, WorkflowManage, DeputyManage, MailView, MailManage,
                                             StaffView, StaffManage, HistoryView, DatabaseManage, ActAs]),
    ("manager",         "Manager",         &[SignupView, SignupSubmit, SignupEdit, SignupVerify, SignupResend, SignupApprove, SignupOverride, SignupReject, SignupWithdraw, SignupReopen,
                                             SignupAssign, SignupCreate, CustomerView, CustomerEdit, CustomerImport, TemplateEdit, UserRequestView, UserRequestSubmit, UserRequestEdit,
                                             WorkView, WorkDecide, WorkReassign, WorkOverride, WorkResume, WorkflowView, DeputyManage, MailView, MailManage,
                                             StaffView, HistoryView]),
    ("approver",        "Approver",        &[SignupView, SignupSubmit, SignupEdit, SignupVerify, SignupResend, SignupApprove, SignupReject, SignupWithdraw, SignupAssign, SignupCreate,
                                             CustomerView, CustomerEdit, UserRequestView, UserRequestSubmit, UserRequestEdit, WorkView, WorkDecide, WorkflowView, MailView, StaffView, HistoryView]),
    ("service_rep",     "Service rep",     &[SignupView, SignupSubmit, SignupWithdraw, CustomerView, UserRequestView, UserRequestSubmit, UserRequestEdit, WorkView, WorkDecide, MailView, StaffView]),
    ("sales_rep",       "Sales rep",       &[SignupView, SignupSubmit, CustomerView, UserRequestView, WorkView, WorkDecide, StaffView]),
    ("account_manager", "Account manager", &[SignupView, CustomerView, CustomerEdit, UserRequestView, UserRequestSubmit, UserRequestEdit, WorkView, WorkDecide, MailView, StaffView]),
    ("auditor",         "Auditor",         &[SignupView, CustomerView, UserRequestView, WorkView, WorkflowView, MailView, StaffView, HistoryView]),
];

/// A set of permissions, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// This set and `permission`.
    pub fn with(self, permission: Permission) -> Self {
        Self(self.0 | 1 << permission as u8)
    }

    /// Of this set, `permission` alone.
    pub fn only(self, permission: Permission) -> Self {
        if self.has(permission) { Self::default().with(permission) } else { Self::default() }
    }

    /// Whether `permission` is in the set.
    pub fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        iter.into_iter().fold(Self::default(), Self::with)
    }
}

/// By which way a command came in; kept in history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The terminal interface.
    Screen,
    /// The command line.
    CommandLine,
    /// A file, standard input or CSV.
    Import,
    /// The drop folder.
    DropFolder,
    /// The clock: expiry sweep, retention.
    Clock,
    /// The mail worker.
    Mail,
}

impl How {
    /// The stable name that history keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Screen => "screen",
            How::CommandLine => "command_line",
            How::Import => "import",
            How::DropFolder => "drop_folder",
            How::Clock => "clock",
            How::Mail => "mail",
        }
    }
}

/// In whose name a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A member of staff, by staff id.
    Staff(i64),
    /// The person outside who sent the sign-up; `carrier` is who handed it over, if anybody.
    Applicant,
    /// The programme itself, by the clock.
    Clock,
}

/// The actor of a command, as found by the desk from what the kernel says (trust.md, Who is acting).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// In whose name.
    pub who: Who,
    /// Login, or `applicant`, `clock`.
    pub login: String,
    /// Name to show.
    pub name: String,
    /// The login of the person really at the keys, when they act as another ("ops as maria"), or who carried an
    /// applicant's data in.
    pub real: Option<String>,
    /// The way in.
    pub how: How,
    /// Role names, for showing.
    pub roles: Vec<String>,
    /// Same value for all logins of one natural person: four eyes looks at persons, not logins.
    pub person: String,
    /// What the roles allow.
    pub permissions: PermissionSet,
}

impl Actor {
    /// The applicant, whose words `carrier` only hands in: the carrier needs the right to do that, and is named in
    /// history, but is not the author (registration.md, Intake). No other right of the carrier goes along, or
    /// whoever carries could decide in the applicant's name, past the four eyes.
    pub fn applicant(how: How, carrier: &Actor) -> Self {
        let mut applicant = Self::system(Who::Applicant, "applicant", how, Some(carrier.login.clone()));
        applicant.permissions = carrier.permissions.only(SignupSubmit);
        applicant
    }

    /// The applicant whose file lay in the drop folder; putting it there was the carrying.
    pub fn drop_folder() -> Self {
        let mut applicant = Self::system(Who::Applicant, "applicant", How::DropFolder, None);
        applicant.permissions = PermissionSet::default().with(SignupSubmit);
        applicant
    }

    /// The clock.
    pub fn clock() -> Self {
        Self::system(Who::Clock, "clock", How::Clock, None)
    }

    fn system(who: Who, login: &str, how: How, real: Option<String>) -> Self {
        Self {
            who,
            login: login.into(),
            name: login.into(),
            real,
            how,
            roles: Vec::new(),
            person: login.into(),
            permissions: PermissionSet::default(),
        }
    }

    /// The staff id, if the actor is a member of staff.
    pub fn staff_id(&self) -> Option<i64> {
        match self.who {
            Who::Staff(id) => Some(id),
            Who::Applicant | Who::Clock => None,
        }
    }

    /// The proof that this actor has `permission`, or the refusal that names the roles to ask for.
    pub fn allow(&self, permission: Permission) -> Result<Allowed, Refusal> {
        if self.permissions.has(permission) {
            return Ok(Allowed(()));
        }
        let (_, name, what) =
            TABLE.iter().find(|(p, ..)| *p == permission).expect("every permission stands in TABLE");
        let roles: Vec<&str> =
            ROLES.iter().filter(|(_, _, list)| list.contains(&permission)).map(|(n, ..)| *n).collect();
        Err(Refusal::new(
            "permission",
            format!("{} may not {what} (permission {name}).", self.login),
            format!(
                "Ask somebody with one of the roles {}, or an administrator to grant it.",
                roles.join(", ")
            ),
        ))
    }

    /// The proof for what a workflow sets going: whoever caused it was asked for their right before, and the state of
    /// instance and document is what lets it happen (workflow.md, automated tasks).
    pub fn by_rule(&self) -> Allowed {
        Allowed(())
    }

    /// The proof for what only the applicant does (by their code) or only the clock does.
    pub fn allow_as(&self, who: &Who) -> Result<Allowed, Refusal> {
        if self.who == *who {
            return Ok(Allowed(()));
        }
        Err(Refusal::new(
            "actor",
            "This move is not made by staff.",
            "It is made by the applicant's code or by the clock.",
        ))
    }
}

/// A permission check that passed. Only [`Actor::allow`], [`Actor::allow_as`] and [`Actor::by_rule`] make one.
#[derive(Debug)]
pub struct Allowed(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_one_row_and_parses_back() {
        for (permission, name, what) in TABLE {
            assert_eq!(Permission::parse(name), Some(*permission));
            assert_eq!(permission.as_str(), *name);
            assert!(!what.is_empty());
        }
        let mut names: Vec<_> = TABLE.iter().map(|(_, n, _)| n).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn a_carrier_lends_the_applicant_one_right_only() {
        let mut carrier = Actor::clock();
        carrier.permissions = TABLE.iter().map(|(p, ..)| *p).collect();
        let applicant = Actor::applicant(How::Import, &carrier);
        for (permission, ..) in TABLE {
            assert_eq!(applicant.allow(*permission).is_ok(), *permission == SignupSubmit, "{permission:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_roles_that_would_do() {
        let refusal = Actor::clock().allow(SignupOverride).unwrap_err();
        assert!(refusal.remedy.contains("manager") && !refusal.remedy.contains("auditor"), "{refusal}");
    }
}
