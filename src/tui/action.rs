//! Everything a key can do, in one table: footer, `?`, palette, README and man page print it, and no
//! action exists outside it.

/// Where an action applies. A screen names its own scope beside `List`; `Everywhere` always holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All screens.
    Everywhere,
    /// Any list.
    List,
    /// The work items.
    Work,
    /// The sign-ups.
    Registration,
    /// The proposals.
    Changes,
    /// The account requests.
    Requests,
    /// The user requests.
    UserRequests,
    /// The customers.
    Customers,
    /// The outbox.
    Mail,
    /// The staff.
    Staff,
    /// Only `countersign demo`.
    Demo,
}

impl Scope {
    /// True if keys of both can be pressed on the same screen.
    pub fn meets(self, other: Scope) -> bool {
        let general = |scope| matches!(scope, Scope::Everywhere | Scope::List | Scope::Demo);
        self == other || general(self) || general(other)
    }

    /// As a heading in help and docs.
    pub fn title(self) -> &'static str {
        match self {
            Scope::Everywhere => "Everywhere",
            Scope::List => "In every list",
            Scope::Work => "Work",
            Scope::Registration => "Registration",
            Scope::Changes => "Proposed changes",
            Scope::Requests => "Account requests",
            Scope::UserRequests => "User requests",
            Scope::Customers => "Customers",
            Scope::Mail => "Mail",
            Scope::Staff => "Staff",
            Scope::Demo => "Demo",
        }
    }
}

/// What an action can do to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Moves the cursor; may come in any burst of keys.
    Move,
    /// Opens or shows something.
    Look,
    /// Changes data; undo takes it back. Ignored while the cursor's record has just been replaced.
    Write,
    /// Cannot be taken back by undo alone; asks first.
    Final,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Which one.
    pub act: Act,
    /// Its name in config and palette, the same words as on the command line.
    pub name: &'static str,
    /// One or two words for the footer.
    pub label: &'static str,
    /// Where it applies.
    pub scopes: &'static [Scope],
    /// What it can do.
    pub risk: Risk,
    /// One line: what it does.
    pub help: &'static str,
}

macro_rules! actions {
    ($($act:ident $name:literal $label:literal [$($scope:ident)+] $risk:ident $help:literal;)+) => {
        /// The name of an action in the code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act {
            $(#[doc = $help] $act,)+
        }

        /// The table.
        pub const ACTIONS: &[Action] = &[
            $(Action {
                act: Act::$act, name: $name, label: $label, scopes: &[$(Scope::$scope),+],
                risk: Risk::$risk, help: $help,
            },)+
        ];
    };
}

#[rustfmt::skip]
actions! {
    Approve         "approve"            "approve"    [Registration Work Changes Requests] Write "Approve it; several if rows are marked";
    Reject          "reject"             "reject"     [Registration Work Changes Requests] Write "Reject it with a reason";
    Create          "create"             "create"     [Registration]                       Write "Create the customer, or a contact of an existing one";
    Edit            "edit"               "edit"       [Registration Work UserRequests Customers Staff Changes Requests] Look "Correct the fields; every correction is kept old → new";
    Verify          "verify"             "verify"     [Registration]                       Write "Mark as verified by phone, with a note of who was called";
    Resend          "resend"             "resend"     [Registration]                       Write "Send the verification mail again; the old code stops working";
    Withdraw        "withdraw"           "withdraw"   [Registration]                       Write "Withdraw it for the applicant";
    AssignToMe      "assign-to-me"       "mine"       [Registration Changes Requests] Write "Assign it to me";
    New             "new"                "new"        [Registration UserRequests Customers Staff Requests] Look "Enter a new record";
    Reopen          "reopen"             "reopen"     [Registration Requests]              Write "Bring a rejected or withdrawn one back to the status it had";
    ApproveOverride "approve-override"   "override"   [Registration]                       Write "Approve although it was never verified; the reason is kept";
    Duplicates      "duplicates"         "duplicates" [Registration Customers]             Look  "Compare with the possible duplicates";
    NotDuplicate    "not-a-duplicate"    "not a dup"  [Registration Customers]             Write "Remember that the two are not the same";
    Submit          "submit"             "submit"     [Work UserRequests Changes Requests]      Write "Hand it to its workflow";
    Discard         "discard"            "discard"    [Changes]                            Write "Discard the proposed values";
    RequestChange   "request-change"     "ask change" [Work Changes Requests]              Write "Send it back with what should be changed";
    Delegate        "delegate"           "delegate"   [Work Changes Requests]              Write "Give this turn to somebody else";
    Ask             "ask"                "ask"        [Work]                               Look  "Ask the originator, a colleague or the contact; nothing waits for the answer";
    Take            "take"               "take"       [Work]                               Write "Take it from the role or queue that holds it";
    Release         "release"            "release"    [Work]                               Write "Give it back to its role or queue";
    Reassign        "reassign"           "reassign"   [Work]                               Write "Give somebody's turn to somebody else";
    Recall          "recall"             "recall"     [Work UserRequests Changes Requests]      Write "Take it back from its workflow";
    Answer          "answer"             "answer"     [Work UserRequests]                  Write "Answer a question that you were asked";
    Resume          "resume"             "resume"     [Work UserRequests]                  Write "Let go on what an error has stopped: again, with somebody else, or back to draft";
    DecideFor       "decide-for"         "decide for" [Work]                               Write "Decide in place of whoever has the turn; history marks it";
    PutAside        "put-aside"          "put aside"  [Work]                               Write "Off your own list until a day before it is due; its clock goes on";
    TakeUp          "take-up"            "take up"    [Work]                               Write "Back on your list before that day";
    Watch           "watch"              "watch"      [Work]                               Write "Keep it in sight wherever it goes; under Watched, no more";
    Cancel          "cancel"             "cancel"     [UserRequests]                       Write "Close what is not wanted any more; the reason is kept";
    Route           "route"              "route"      [UserRequests]                       Look  "Show the steps it would go through and who would get each";
    Delete          "delete"             "delete"     [UserRequests]                       Write "Delete a draft that was never submitted";
    Retry           "retry"              "retry"      [UserRequests]                       Write "Try a failed task again, or the portal's program";
    RequestUser     "user-request"       "user request" [Customers]                        Look  "Make a user request for a contact of this customer";
    Resolve         "resolve"            "resolve"    [Requests]                           Write "Write down resolution and date";
    Close           "close"              "close"      [Requests]                           Write "Close it";
    Comment         "comment"            "comment"    [Requests Changes]              Write "Add a comment";
    TemplateFrom    "template-from"      "template"   [Customers]                          Look  "Make an account template from this customer";
    Origin          "origin"             "sign-up"    [Customers]                          Look  "Go to the sign-up that this customer came from";
    MailSend        "mail-send"          "send now"   [Mail]                               Write "Try to send what is due, now";
    MailRetry       "mail-retry"         "retry"      [Mail]                               Write "Put a failed mail back in the queue";
    MailCancel      "mail-cancel"        "cancel"     [Mail]                               Final "Never send this mail";
    MailPreview     "mail-preview"       "preview"    [Mail]                               Look  "Show the mail as it goes out";
    MailUnpause     "mail-unpause"       "unpause"    [Mail]                               Write "Let paused mail go out again";
    MailTest        "mail-test"          "test"       [Mail]                               Write "Send a test mail to myself";
    Roles           "roles"              "roles"      [Staff]                              Write "Give or take a role; of all marked people at once";
    Queues          "queues"             "queues"     [Staff]                              Write "Take into a queue or out of it";
    ChangeQueues    "queue-change"       "a queue"    [Staff]                              Write "Make a queue, put one on hold, change its place or who looks after it";
    Manager         "manager"            "manager"    [Staff]                              Write "Set the manager, or nobody";
    Deputy          "deputy-set"         "deputy"     [Staff]                              Write "Let somebody stand in for some days";
    EndDeputy       "deputy-end"         "end deputy" [Staff]                              Write "End an absence; what the deputy has stays with them";
    MoveItems       "work-reassign"      "move items" [Staff]                              Write "Give all that waits for this person to somebody else, after a preview";
    Leaver          "leaver"             "hand over"  [Staff]                              Write "Hand over all that names a person who leaves, after a preview";
    Deactivate      "deactivate"         "deactivate" [Staff]                              Write "May no longer act; what still hangs on them is said";
    Reactivate      "reactivate"         "reactivate" [Staff]                              Write "May act again";
    ChangeHats      "change-hats"        "hats"       [Demo]                               Look  "Act as another member of staff";

    Open            "open"               "open"       [List]       Look "Open what is under the cursor";
    Back            "back"               "back"       [List]       Move "One step back: detail, filter, marks. Never quits, never loses text";
    Mark            "mark"               "mark"       [List]       Look "Mark or unmark this row and go on";
    MarkRange       "mark-range"         "mark range" [List]       Look "Mark from here to where the cursor goes; again to end";
    MarkDown        "mark-down"          "mark down"  [List]       Look "Mark this row and go down";
    MarkUp          "mark-up"            "mark up"    [List]       Look "Mark this row and go up";
    MarkAll         "mark-all"           "mark all"   [List]       Look "Mark all rows in the filter";
    Unmark          "unmark"             "unmark"     [List]       Look "Clear all marks";
    Filter          "filter"             "filter"     [List]       Look "Filter as you type: words, field:value, -field:value, < >, mine, today";
    NextStatus      "next-status"        "status"     [List]       Look "Next status";
    PreviousStatus  "previous-status"    "status back" [List]      Look "Previous status";
    SortBy          "sort"               "sort"       [List]       Look "Sort by a column, or not at all";
    Reverse         "reverse"            "reverse"    [List]       Look "Reverse the order";
    Columns         "columns"            "columns"    [List]       Look "Choose the columns";
    SaveView        "save-view"          "save view"  [List]       Look "Save filter, status, order and columns under a name";
    Views           "views"              "views"      [List]       Look "Open or delete a saved view";
    Copy            "copy"               "copy"       [List]       Look "Copy the number under the cursor, or inside a record one of its fields";
    Why             "why"                "why"        [List]       Look "Why is it in this state, who is it waiting for, what is missing";
    History         "history"            "history"    [List]       Look "History of this record";
    FocusDetail     "detail"             "detail"     [List]       Move "Keys scroll the detail";
    FocusList       "list"               "list"       [List]       Move "Keys move in the list";
    Down            "down"               "down"       [List]       Move "One row down";
    Up              "up"                 "up"         [List]       Move "One row up";
    HalfDown        "half-down"          "half down"  [List]       Move "Half a window down";
    HalfUp          "half-up"            "half up"    [List]       Move "Half a window up";
    PageDown        "page-down"          "page down"  [List]       Move "A window down";
    PageUp          "page-up"            "page up"    [List]       Move "A window up";
    First           "first"              "first"      [List]       Move "To the first";
    Last            "last"               "last"       [List]       Move "To the last";

    GoTab           "tab"                "tabs"       [Everywhere] Move "To that tab";
    NextTab         "next-tab"           "next tab"   [Everywhere] Move "Next tab";
    PreviousTab     "previous-tab"       "tab back"   [Everywhere] Move "Previous tab";
    Undo            "undo"               "undo"       [Everywhere] Write "Take back the last command, or say who changed it since";
    Redo            "redo"               "redo"       [Everywhere] Write "Do again what was taken back";
    OwnChanges      "own-changes"        "my changes" [Everywhere] Look "Your own last changes; each can be taken back by itself";
    Notices         "notices"            "notices"    [Everywhere] Look "What was said before";
    Mouse           "mouse"              "mouse"      [Everywhere] Look "Mouse on or off; off lets the terminal select text";
    Reload          "reload"             "reload"     [Everywhere] Look "Read the config file again; a wrong one changes nothing";
    Redraw          "redraw"             "redraw"     [Everywhere] Look "Read again and draw everything anew";
    Suspend         "suspend"            "suspend"    [Everywhere] Look "Back to the shell; fg returns";
    Quit            "quit"               "quit"       [Everywhere] Look "Quit; half-filled forms are kept";
    Palette         "command"            "more"       [Everywhere] Look "Find any command or number by typing";
    Help            "help"               "help"       [Everywhere] Look "Keys of this screen, and why one cannot be used now";
}

impl Act {
    /// Its row.
    pub fn action(self) -> &'static Action {
        let row = &ACTIONS[self as usize];
        debug_assert_eq!(row.act, self);
        row
    }

    /// True if it changes data or opens what would: refused where the screen only reads (trust.md, Faults: a read-only
    /// medium). What slips through here is refused when it is about to be run.
    pub fn writes(self) -> bool {
        match self.action().risk {
            Risk::Write | Risk::Final => true,
            Risk::Look => matches!(self, Act::Edit | Act::New | Act::TemplateFrom),
            Risk::Move => false,
        }
    }

    /// The action with this name.
    pub fn named(name: &str) -> Option<Act> {
        ACTIONS.iter().find(|action| action.name == name).map(|action| action.act)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_its_own_name_and_says_what_it_does() {
        let mut names = BTreeSet::new();
        for action in ACTIONS {
            assert!(names.insert(action.name), "{} is there twice", action.name);
            assert!(!action.label.is_empty() && action.label.len() <= 12, "{}", action.name);
            assert!(
                action.help.len() > 7 && !action.help.ends_with('.') && !action.help.contains('\n'),
                "{}",
                action.name
            );
            assert!(!action.scopes.is_empty());
            assert_eq!(action.act.action().name, action.name);
            assert_eq!(Act::named(action.name), Some(action.act));
        }
    }
}
