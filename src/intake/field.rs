//! The fields of a sign-up by name: the names of the JSON interface, and what other systems call them; no outside name means two fields.

/// The names of all fields, in the order of the form (registration.md, Fields).
pub const NAMES: &[&str] = &[
    "company",
    "first_name",
    "last_name",
    "job_title",
    "email",
    "phone",
    "fax",
    "website",
    "tax_number",
    "street",
    "street2",
    "city",
    "postal_code",
    "county",
    "region",
    "country",
    "language",
    "user_name",
    "authentication",
    "message",
    "existing_account",
    "privacy_version",
    "privacy_accepted_at",
    "external_id",
];

/// Other spellings, folded as [`folded`] does it.
#[rustfmt::skip]
const ALIASES: &[(&str, &[&str])] = &[
    ("company",             &["companyname", "organisation", "organization", "organisationname", "organizationname", "firma", "businessname"]),
    ("first_name",          &["givenname", "forename", "contactfirstname", "vorname"]),
    ("last_name",           &["surname", "familyname", "contactlastname", "nachname"]),
    ("job_title",           &["title", "jobtitle", "contacttitle", "position"]),
    ("email",               &["emailaddress", "mail", "mailaddress", "contactemail"]),
    ("phone",               &["telephone", "phonenumber", "tel", "telefon", "contactphone"]),
    ("fax",                 &["faxnumber", "telefax"]),
    ("website",             &["url", "homepage", "web", "internet"]),
    ("tax_number",          &["vat", "vatnumber", "vatid", "taxid", "ustid"]),
    ("street",              &["address", "address1", "addressline1", "streetaddress", "strasse"]),
    ("street2",             &["address2", "addressline2", "streetline2"]),
    ("city",                &["town", "ort", "locality"]),
    ("postal_code",         &["zip", "zipcode", "postcode", "plz"]),
    ("county",              &["district"]),
    ("region",              &["state", "province"]),
    ("country",             &["countrycode", "land"]),
    ("language",            &["lang", "languagecode", "locale"]),
    ("user_name",           &["login", "preferredusername", "userid"]),
    ("authentication",      &["authenticationmethod", "preferredauthenticationmethod"]),
    ("message",             &["comment", "comments", "remarks"]),
    ("existing_account",    &["customeraccount", "existingcustomeraccount", "accountnumber", "customernumber", "customerid"]),
    ("privacy_version",     &["privacytextversion"]),
    ("privacy_accepted_at", &["privacyaccepted", "privacyacceptancetime"]),
    ("external_id",         &["externalreference", "submissionid"]),
];

/// A name without case, blanks and punctuation: `Company-Name` and `companyName` become `companyname`.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .replace('ß', "ss")
}

/// The field that an outside name means; `None` for a name that is kept under `extra`.
pub fn of(name: &str) -> Option<&'static str> {
    let folded_name = folded(name);
    if let Some(known) = NAMES.iter().find(|known| folded(known) == folded_name) {
        return Some(known);
    }
    ALIASES.iter().find(|(_, spellings)| spellings.contains(&folded_name.as_str())).map(|(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_find_their_field() {
        for (name, field) in [
            ("companyName", "company"),
            ("E-Mail", "email"),
            ("ZIP", "postal_code"),
            ("First Name", "first_name"),
            ("Straße", "street"),
            ("street_2", "street2"),
            ("State", "region"),
        ] {
            assert_eq!(of(name), Some(field), "{name}");
        }
        assert_eq!(of("shoe size"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn the_names_are_those_of_the_rules() {
        let ours: Vec<_> = NAMES.iter().copied().filter(|name| *name != "external_id").collect();
        let rules: Vec<_> = crate::domain::field::SIGNUP_FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(ours, rules);
    }

    #[test]
    fn no_spelling_means_two_fields() {
        let mut seen = std::collections::BTreeSet::new();
        for (field, spellings) in ALIASES {
            assert!(NAMES.contains(field), "{field}");
            for spelling in spellings.iter().copied().map(str::to_owned).chain([folded(field)]) {
                assert_eq!(spelling, folded(&spelling));
                seen.insert((spelling.clone(), field));
                assert_eq!(seen.iter().filter(|(known, _)| *known == spelling).count(), 1, "{spelling}");
            }
        }
    }
}
