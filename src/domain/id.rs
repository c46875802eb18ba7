//! Numbers that people say on the phone, and which record they name.

/// The kinds of record that have a number or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the glossary in mission.md explains each")]
pub enum RecordKind {
    Signup,
    Customer,
    Contact,
    UserRequest,
    PortalUser,
    Template,
    Staff,
    Role,
    Queue,
    RuleSet,
    Mail,
}

/// Kind, stable name, title, prefix of its numbers (empty where it has a name instead), table.
#[rustfmt::skip]
const TABLE: &[(RecordKind, &str, &str, &str, &str)] = &[
    (RecordKind::Signup,      "signup",       "Sign-up",      "REG-", "signup"),
    (RecordKind::Customer,    "customer",     "Customer",     "C-",   "customer"),
    (RecordKind::Contact,     "contact",      "Contact",      "CON-", "contact"),
    (RecordKind::UserRequest, "user_request", "User request", "UR-",  "user_request"),
    (RecordKind::PortalUser,  "portal_user",  "Portal user",  "",     "portal_user"),
    (RecordKind::Template,    "template",     "Template",     "",     "template"),
    (RecordKind::Staff,       "staff",        "Staff",        "",     "staff"),
    (RecordKind::Role,        "role",         "Role",         "",     "role"),
    (RecordKind::Queue,       "queue",        "Queue",        "",     "queue"),
    (RecordKind::RuleSet,     "rule_set",     "Workflows",    "",     "rule_set"),
    (RecordKind::Mail,        "mail",         "Mail",         "M-",   "outbox"),
];

impl RecordKind {
    fn row(self) -> &'static (RecordKind, &'static str, &'static str, &'static str, &'static str) {
        TABLE.iter().find(|row| row.0 == self).expect("every kind stands in TABLE")
    }

    /// The stable snake_case name.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The word for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The prefix of its numbers as shipped; empty where it has a name instead.
    pub fn prefix(self) -> &'static str {
        self.row().3
    }

    /// The table its rows live in.
    pub fn table(self) -> &'static str {
        self.row().4
    }

    /// The kind of that stable name.
    pub fn parse(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The kind that a number with the shipped prefixes names: `reg-132`, `C-0417`. Case and zeros do not count.
    pub fn of_number(number: &str) -> Option<(Self, i64)> {
        let upper = number.trim().to_ascii_uppercase();
        TABLE
            .iter()
            .filter(|row| !row.3.is_empty())
            .find_map(|row| Some((row.0, upper.strip_prefix(row.3)?.parse().ok().filter(|n| *n > 0)?)))
    }
}

/// One record: its kind, row id and number (or name).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordRef {
    /// Its kind.
    pub kind: RecordKind,
    /// Its row id.
    pub id: i64,
    /// Its number, or its name where it has none.
    pub number: String,
}

impl RecordRef {
    /// A reference.
    pub fn new(kind: RecordKind, id: i64, number: impl Into<String>) -> Self {
        Self { kind, id, number: number.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::RecordKind::{self, *};

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, want) in [
            ("REG-000132", Some((Signup, 132))),
            ("reg-132", Some((Signup, 132))),
            (" C-0417 ", Some((Customer, 417))),
            ("CON-7", Some((Contact, 7))),
            ("ur-1", Some((UserRequest, 1))),
            ("REG-", None),
            ("REG--1", None),
            ("X-1", None),
            ("", None),
        ] {
            assert_eq!(RecordKind::of_number(typed), want, "{typed:?}");
        }
    }
}
