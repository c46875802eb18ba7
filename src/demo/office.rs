//! Who works in the sample office and which customer account templates it has.

use super::tables::tables;
use std::sync::LazyLock;

/// A member of staff; `roles` are names of `domain::permission::ROLES`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoStaff {
    /// The login, ASCII.
    pub login: &'static str,
    /// The name to show.
    pub name: &'static str,
    /// The address for notices, under `.example`.
    pub email: String,
    /// The roles, at least one.
    pub roles: Vec<&'static str>,
    /// The language of mail to them.
    pub language: &'static str,
}

/// A customer account template: fields of `domain::customer::FIELDS` with their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoTemplate {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// For which division; `None`: for all.
    pub division: Option<&'static str>,
    /// Field and value, in the order of the alphabet.
    pub values: Vec<(&'static str, &'static str)>,
}

/// Everybody, the administrator first.
pub fn staff() -> Vec<DemoStaff> {
    let office = &tables().staff;
    office
        .iter()
        .map(|row| DemoStaff {
            login: &row.login,
            name: &row.name,
            email: format!("{}@office.example", row.login),
            roles: row.roles.iter().map(String::as_str).collect(),
            language: &row.language,
        })
        .collect()
}

/// Every template.
pub fn templates() -> Vec<DemoTemplate> {
    let rows = &tables().templates;
    rows.iter()
        .map(|row| DemoTemplate {
            name: &row.name,
            division: row.division.as_deref(),
            values: row.values.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect(),
        })
        .collect()
}

/// The logins of account managers; the office has some.
pub(super) fn account_managers() -> &'static [&'static str] {
    static LOGINS: LazyLock<Vec<&str>> = LazyLock::new(|| logins_of("account_manager"));
    &LOGINS
}

/// The logins of sales reps; the office has some.
pub(super) fn sales_reps() -> &'static [&'static str] {
    static LOGINS: LazyLock<Vec<&str>> = LazyLock::new(|| logins_of("sales_rep"));
    &LOGINS
}

fn logins_of(role: &str) -> Vec<&'static str> {
    let office = &tables().staff;
    office
        .iter()
        .filter(|row| row.roles.iter().any(|held| held == role))
        .map(|row| row.login.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::customer::{field, normalise};
    use crate::domain::permission::ROLES;

    #[test]
    fn roles_and_template_fields_are_those_of_the_domain() {
        for person in staff() {
            assert!(!person.roles.is_empty() && person.login.is_ascii());
            for role in person.roles {
                assert!(ROLES.iter().any(|(name, ..)| *name == role), "{}: {role}", person.login);
            }
        }
        for template in templates() {
            for (name, value) in template.values {
                let known = field(name).unwrap_or_else(|| panic!("{}: no field {name}", template.name));
                normalise(known, value).unwrap();
            }
        }
    }
}
