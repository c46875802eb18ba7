//! The customer record's fields as data: forms, templates, the command line and the desk read this one table
//! (registration.md, Customers, contacts, templates, numbers).

/// Of what kind a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Several lines.
    Lines,
    /// Money or a percentage as a decimal, kept as text.
    Decimal,
    /// A whole number.
    Whole,
    /// Yes or no.
    YesNo,
    /// A login of staff.
    Staff,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One field of the customer record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerField {
    /// The stable name: JSON key and `--set` name.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Whether a template may set it.
    pub template: Template,
}

/// Whether templates may set a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Yes.
    May,
    /// It belongs to one customer alone.
    Never,
}

use Kind::*;
use Template::{May, Never};
const fn f(name: &'static str, label: &'static str, kind: Kind, template: Template) -> CustomerField {
    CustomerField { name, label, kind, template }
}

/// Every editable field of the record; the business address is part of the form.
#[rustfmt::skip]
pub const FIELDS: &[CustomerField] = &[
    f("name",                   "Name",                   Text,    Never),
    f("search_name",            "Search name",            Text,    Never),
    f("party_kind",             "Party kind",             Choice(&["organisation", "person"]), May),
    f("customer_group",         "Customer group",         Text,    May),
    f("currency",               "Currency",               Text,    May),
    f("language",               "Language",               Text,    May),
    f("street",                 "Street",                 Text,    Never),
    f("street2",                "Additional line",        Text,    Never),
    f("city",                   "City",                   Text,    Never),
    f("postal_code",            "Postal code",            Text,    Never),
    f("county",                 "County",                 Text,    Never),
    f("region",                 "State or region",        Text,    Never),
    f("country",                "Country",                Text,    May),
    f("phone",                  "Phone",                  Text,    Never),
    f("phone2",                 "Second phone",           Text,    Never),
    f("email",                  "E-mail",                 Text,    Never),
    f("email2",                 "Second e-mail",          Text,    Never),
    f("website",                "Web site",               Text,    Never),
    f("tax_number",             "Tax number",             Text,    Never),
    f("terms_of_payment",       "Terms of payment",       Text,    May),
    f("method_of_payment",      "Method of payment",      Text,    May),
    f("payment_specification",  "Payment specification",  Text,    May),
    f("cash_discount",          "Cash discount",          Text,    May),
    f("credit_limit",           "Credit limit",           Decimal, May),
    f("mandatory_credit_limit", "Mandatory credit limit", YesNo,   May),
    f("credit_rating",          "Credit rating",          Text,    May),
    f("sales_tax_group",        "Sales tax group",        Text,    May),
    f("delivery_terms",         "Delivery terms",         Text,    May),
    f("invoice_account",        "Invoice account",        Text,    Never),
    f("bank_holder",            "Bank account holder",    Text,    Never),
    f("iban",                   "IBAN",                   Text,    Never),
    f("bic",                    "BIC",                    Text,    Never),
    f("exclude_interest",       "Exclude interest",       YesNo,   May),
    f("exclude_collection_fee", "Exclude collection fee", YesNo,   May),
    f("payment_base_days",      "Payment base days",      Whole,   May),
    f("account_manager",        "Account manager",        Staff,   May),
    f("sales_rep",              "Sales rep",              Staff,   May),
    f("division",               "Division",               Text,    May),
    f("notes",                  "Notes",                  Lines,   May),
];

/// The fields that live in the business address rather than in the record's own row.
pub const ADDRESS_FIELDS: [&str; 7] =
    ["street", "street2", "city", "postal_code", "county", "region", "country"];

/// The field of that name.
pub fn field(name: &str) -> Option<&'static CustomerField> {
    FIELDS.iter().find(|f| f.name == name)
}

/// A value put into the shape its kind asks for, or what is wrong with it.
pub fn normalise(field: &CustomerField, value: &str) -> Result<String, String> {
    let value = value.trim();
    match field.kind {
        Text | Lines | Staff => Ok(value.to_owned()),
        Decimal => decimal(value).ok_or_else(|| format!("“{value}” is not an amount; write 1234.50")),
        Whole => value
            .parse::<i64>()
            .map(|n| n.to_string())
            .map_err(|_| format!("“{value}” is not a whole number")),
        YesNo => match value.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" | "y" => Ok("1".into()),
            "no" | "false" | "0" | "n" | "" => Ok("0".into()),
            _ => Err(format!("“{value}” is neither yes nor no")),
        },
        Choice(words) => words
            .iter()
            .find(|w| w.eq_ignore_ascii_case(value))
            .map(|w| (*w).to_owned())
            .ok_or_else(|| format!("“{value}” is none of {}", words.join(", "))),
    }
}

fn decimal(value: &str) -> Option<String> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let ok = !digits.is_empty()
        && digits.len() <= 15
        && fraction.len() <= 4
        && digits.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    ok.then(|| if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_into_shape_or_refused_with_the_value() {
        let amount = field("credit_limit").unwrap();
        for (typed, want) in [
            ("5000", Some("5000")),
            (" 12.50 ", Some("12.50")),
            ("-3", Some("-3")),
            ("1,5", None),
            ("", None),
            ("1.23456", None),
        ] {
            assert_eq!(normalise(amount, typed).ok().as_deref(), want, "{typed:?}");
        }
        assert_eq!(normalise(field("exclude_interest").unwrap(), "Yes"), Ok("1".into()));
        assert!(normalise(field("payment_base_days").unwrap(), "ten").unwrap_err().contains("ten"));
    }
}
