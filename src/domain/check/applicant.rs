//! What somebody outside sent, borrowed for checking: one value per field, an absent field is `None` or empty.

/// The fields of a sign-up (registration.md, Fields).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of registration.md, Fields")]
pub enum FieldName {
    Company,
    FirstName,
    LastName,
    JobTitle,
    Email,
    Phone,
    Fax,
    Website,
    TaxNumber,
    Street,
    AdditionalStreet,
    City,
    PostalCode,
    County,
    State,
    Country,
    Language,
    UserName,
    AuthenticationMethod,
    ExistingAccount,
    PrivacyVersion,
    Message,
}

/// Name as in files and flags, label for people, and the most characters a value may have.
#[rustfmt::skip]
const FIELDS: [(FieldName, &str, &str, usize); 22] = [
    (FieldName::Company,              "company",               "company name",                    200),
    (FieldName::FirstName,            "first_name",            "first name",                      100),
    (FieldName::LastName,             "last_name",             "last name",                       100),
    (FieldName::JobTitle,             "job_title",             "job title",                       100),
    (FieldName::Email,                "email",                 "e-mail",                          254),
    (FieldName::Phone,                "phone",                 "phone",                            60),
    (FieldName::Fax,                  "fax",                   "fax",                              60),
    (FieldName::Website,              "website",               "website",                         300),
    (FieldName::TaxNumber,            "tax_number",            "tax number",                       40),
    (FieldName::Street,               "street",                "street",                          200),
    (FieldName::AdditionalStreet,     "additional_street",     "additional street line",          200),
    (FieldName::City,                 "city",                  "city",                            100),
    (FieldName::PostalCode,           "postal_code",           "postal code",                      20),
    (FieldName::County,               "county",                "county",                          100),
    (FieldName::State,                "state",                 "state",                           100),
    (FieldName::Country,              "country",               "country",                          80),
    (FieldName::Language,             "language",              "language",                         35),
    (FieldName::UserName,             "user_name",             "preferred user name",              64),
    (FieldName::AuthenticationMethod, "authentication_method", "preferred authentication method",  40),
    (FieldName::ExistingAccount,      "existing_account",      "existing customer account",        40),
    (FieldName::PrivacyVersion,       "privacy_version",       "privacy text version",             40),
    (FieldName::Message,              "message",               "message",                      10_000),
];

impl FieldName {
    /// Every field, in the order of the form.
    pub fn all() -> impl Iterator<Item = FieldName> {
        FIELDS.into_iter().map(|(field, ..)| field)
    }

    /// The name in files, flags and `--json`.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The name in a sentence.
    pub fn label(self) -> &'static str {
        self.row().2
    }

    /// The most characters intake takes; longer values are refused, not cut. Generous: real values are a third of
    /// it, and a list row or a mail stays bounded.
    pub fn limit(self) -> usize {
        self.row().3
    }

    /// The field of that name.
    pub fn parse(name: &str) -> Option<FieldName> {
        FIELDS.into_iter().find(|row| row.1 == name).map(|(field, ..)| field)
    }

    fn row(self) -> (FieldName, &'static str, &'static str, usize) {
        FIELDS[self as usize]
    }
}

/// The values of a sign-up, as typed. The four fields that are required unless config says otherwise are plain;
/// empty means that they are missing.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "the names are those of registration.md, Fields")]
pub struct Applicant<'a> {
    pub company: &'a str,
    pub first_name: Option<&'a str>,
    pub last_name: &'a str,
    pub job_title: Option<&'a str>,
    pub email: &'a str,
    pub phone: Option<&'a str>,
    pub fax: Option<&'a str>,
    pub website: Option<&'a str>,
    pub tax_number: Option<&'a str>,
    pub street: Option<&'a str>,
    pub additional_street: Option<&'a str>,
    pub city: Option<&'a str>,
    pub postal_code: Option<&'a str>,
    pub county: Option<&'a str>,
    pub state: Option<&'a str>,
    pub country: &'a str,
    pub language: Option<&'a str>,
    pub user_name: Option<&'a str>,
    pub authentication_method: Option<&'a str>,
    pub existing_account: Option<&'a str>,
    pub privacy_version: Option<&'a str>,
    pub message: Option<&'a str>,
}

impl<'a> Applicant<'a> {
    /// The value of a field as typed; `None` where it is absent or blank.
    #[rustfmt::skip]
    pub fn get(&self, field: FieldName) -> Option<&'a str> {
        let value = match field {
            FieldName::Company              => Some(self.company),
            FieldName::FirstName            => self.first_name,
            FieldName::LastName             => Some(self.last_name),
            FieldName::JobTitle             => self.job_title,
            FieldName::Email                => Some(self.email),
            FieldName::Phone                => self.phone,
            FieldName::Fax                  => self.fax,
            FieldName::Website              => self.website,
            FieldName::TaxNumber            => self.tax_number,
            FieldName::Street               => self.street,
            FieldName::AdditionalStreet     => self.additional_street,
            FieldName::City                 => self.city,
            FieldName::PostalCode           => self.postal_code,
            FieldName::County               => self.county,
            FieldName::State                => self.state,
            FieldName::Country              => Some(self.country),
            FieldName::Language             => self.language,
            FieldName::UserName             => self.user_name,
            FieldName::AuthenticationMethod => self.authentication_method,
            FieldName::ExistingAccount      => self.existing_account,
            FieldName::PrivacyVersion       => self.privacy_version,
            FieldName::Message              => self.message,
        };
        value.filter(|value| !value.trim().is_empty())
    }

    /// The country as ISO 3166 alpha-2, if it is one.
    pub fn country_code(&self) -> Option<&'static str> {
        super::country::parse_country(self.country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, (field, name, ..)) in FIELDS.into_iter().enumerate() {
            assert_eq!(field as usize, index);
            assert_eq!(FieldName::parse(name), Some(field));
        }
    }
}
