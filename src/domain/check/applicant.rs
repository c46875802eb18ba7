//! What somebody outside sent, borrowed for checking: one value per field, an absent field is `None` or empty.

use crate::domain::field::{Field, SIGNUP_FIELDS};

/// The fields of a sign-up as a closed set, in the order of [`SIGNUP_FIELDS`], which says all about each.
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
    Street2,
    City,
    PostalCode,
    County,
    Region,
    Country,
    Language,
    UserName,
    Authentication,
    Message,
    ExistingAccount,
    PrivacyVersion,
    PrivacyAcceptedAt,
}

impl FieldName {
    /// Every field, in the order of the form.
    #[rustfmt::skip]
    pub const ALL: [FieldName; 23] = [
        FieldName::Company, FieldName::FirstName, FieldName::LastName, FieldName::JobTitle,
        FieldName::Email, FieldName::Phone, FieldName::Fax, FieldName::Website,
        FieldName::TaxNumber, FieldName::Street, FieldName::Street2, FieldName::City,
        FieldName::PostalCode, FieldName::County, FieldName::Region, FieldName::Country,
        FieldName::Language, FieldName::UserName, FieldName::Authentication, FieldName::Message,
        FieldName::ExistingAccount, FieldName::PrivacyVersion, FieldName::PrivacyAcceptedAt,
    ];

    /// The stable name: column, JSON key and flag.
    pub fn as_str(self) -> &'static str {
        self.field().name
    }

    /// The name that people read.
    pub fn label(self) -> &'static str {
        self.field().label
    }

    /// Name, label and longest value. Longer values are refused, not cut: a list row and a mail stay bounded.
    pub fn field(self) -> &'static Field {
        &SIGNUP_FIELDS[self as usize]
    }

    /// The field of that stable name.
    pub fn parse(name: &str) -> Option<FieldName> {
        FieldName::ALL.into_iter().find(|field| field.as_str() == name)
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
    pub street2: Option<&'a str>,
    pub city: Option<&'a str>,
    pub postal_code: Option<&'a str>,
    pub county: Option<&'a str>,
    pub region: Option<&'a str>,
    pub country: &'a str,
    pub language: Option<&'a str>,
    pub user_name: Option<&'a str>,
    pub authentication: Option<&'a str>,
    pub message: Option<&'a str>,
    pub existing_account: Option<&'a str>,
    pub privacy_version: Option<&'a str>,
    pub privacy_accepted_at: Option<&'a str>,
}

impl<'a> Applicant<'a> {
    /// Asks for every field by its stable name.
    #[rustfmt::skip]
    pub fn from_values(value: impl Fn(&'static str) -> Option<&'a str>) -> Applicant<'a> {
        let get = |field: FieldName| value(field.as_str());
        Applicant {
            company:             get(FieldName::Company).unwrap_or_default(),
            first_name:          get(FieldName::FirstName),
            last_name:           get(FieldName::LastName).unwrap_or_default(),
            job_title:           get(FieldName::JobTitle),
            email:               get(FieldName::Email).unwrap_or_default(),
            phone:               get(FieldName::Phone),
            fax:                 get(FieldName::Fax),
            website:             get(FieldName::Website),
            tax_number:          get(FieldName::TaxNumber),
            street:              get(FieldName::Street),
            street2:             get(FieldName::Street2),
            city:                get(FieldName::City),
            postal_code:         get(FieldName::PostalCode),
            county:              get(FieldName::County),
            region:              get(FieldName::Region),
            country:             get(FieldName::Country).unwrap_or_default(),
            language:            get(FieldName::Language),
            user_name:           get(FieldName::UserName),
            authentication:      get(FieldName::Authentication),
            message:             get(FieldName::Message),
            existing_account:    get(FieldName::ExistingAccount),
            privacy_version:     get(FieldName::PrivacyVersion),
            privacy_accepted_at: get(FieldName::PrivacyAcceptedAt),
        }
    }

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
            FieldName::Street2              => self.street2,
            FieldName::City                 => self.city,
            FieldName::PostalCode           => self.postal_code,
            FieldName::County               => self.county,
            FieldName::Region               => self.region,
            FieldName::Country              => Some(self.country),
            FieldName::Language             => self.language,
            FieldName::UserName             => self.user_name,
            FieldName::Authentication       => self.authentication,
            FieldName::ExistingAccount      => self.existing_account,
            FieldName::PrivacyVersion       => self.privacy_version,
            FieldName::PrivacyAcceptedAt    => self.privacy_accepted_at,
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
    fn the_closed_set_is_the_table() {
        let from_table: Vec<&str> = SIGNUP_FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(FieldName::ALL.map(FieldName::as_str), from_table[..]);
        for (field, variant) in SIGNUP_FIELDS.iter().zip(FieldName::ALL) {
            let spelled = format!("{variant:?}").to_lowercase();
            assert_eq!(spelled, field.name.replace('_', ""), "the enum and the table are in one order");
        }
    }

    #[test]
    fn every_value_is_asked_for_and_found() {
        let applicant = Applicant::from_values(Some);
        for field in FieldName::ALL {
            assert_eq!(applicant.get(field), Some(field.as_str()));
        }
    }
}
