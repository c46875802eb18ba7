//! The fields of a sign-up as data: name, label, longest value; forms, imports, `edit` and checks read this one table
//! (registration.md, Fields).

/// One applicant field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The stable name: column, JSON key and flag.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The longest value in characters.
    pub limit: usize,
    /// Whether it is several lines.
    pub lines: Lines,
}

/// One line or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks become spaces.
    One,
    /// Line breaks are kept.
    Many,
}

const fn one(name: &'static str, label: &'static str, limit: usize) -> Field {
    Field { name, label, limit, lines: Lines::One }
}

/// Every field that the applicant gives and staff may correct. The first four of `REQUIRED` are always required.
#[rustfmt::skip]
pub const SIGNUP_FIELDS: &[Field] = &[
    one("company",             "Company",              200),
    one("first_name",          "First name",           100),
    one("last_name",           "Last name",            100),
    one("job_title",           "Job title",            100),
    one("email",               "E-mail",               254),
    one("phone",               "Phone",                 60),
    one("fax",                 "Fax",                   60),
    one("website",             "Web site",             200),
    one("tax_number",          "Tax number",            40),
    one("street",              "Street",               200),
    one("street2",             "Additional line",      200),
    one("city",                "City",                 100),
    one("postal_code",         "Postal code",           20),
    one("county",              "County",               100),
    one("region",              "State or region",      100),
    one("country",             "Country",               60),
    one("language",            "Language",              20),
    one("user_name",           "Wanted user name",      64),
    one("authentication",      "Wanted logon method",   40),
    Field { name: "message", label: "Message", limit: 10_000, lines: Lines::Many },
    one("existing_account",    "Existing account",      20),
    one("privacy_version",     "Privacy text",          40),
    one("privacy_accepted_at", "Privacy accepted at",   40),
];

/// Always required, in every country (registration.md, Fields).
pub const REQUIRED: [&str; 4] = ["company", "last_name", "email", "country"];

/// The field of that name; `state` is what web forms call the region.
pub fn signup_field(name: &str) -> Option<&'static Field> {
    let name = if name == "state" { "region" } else { name };
    SIGNUP_FIELDS.iter().find(|f| f.name == name)
}
