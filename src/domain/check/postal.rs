//! The forms of postal codes by country: a country without a row has no codes or no rule known, and is never judged.

use super::applicant::{Applicant, FieldName};
use super::{CheckName, Finding, Outcome};

/// `Some(true)` if the code has a form that the country (alpha-2) uses, `None` if no rule is known for it.
/// Blanks, hyphens and a country sign in front (`B-6000`, `LV-1010`) do not matter.
pub fn fits(code: &str, country: &str) -> Option<bool> {
    let forms = FORMS.iter().find(|(countries, _)| countries.split(' ').any(|one| one == country))?.1;
    let compact: String = code.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}' | '–')).collect();
    let compact = compact.to_uppercase();
    let bare = without_sign(&compact, country);
    Some(forms.split(' ').any(|form| matches_form(&compact, form) || matches_form(bare, form)))
}

/// `#` is a digit, `@` a letter, `*` either; anything else stands for itself.
fn matches_form(code: &str, form: &str) -> bool {
    code.chars().count() == form.chars().count()
        && code.chars().zip(form.chars()).all(|(c, wanted)| match wanted {
            '#' => c.is_ascii_digit(),
            '@' => c.is_ascii_uppercase(),
            '*' => c.is_ascii_digit() || c.is_ascii_uppercase(),
            literal => c == literal,
        })
}

/// The code without its alpha-2 country code or the country's number-plate sign in front of digits.
fn without_sign<'a>(code: &'a str, country: &str) -> &'a str {
    let sign = SIGNS.iter().find(|(signed, _)| *signed == country).map(|(_, sign)| *sign);
    [Some(country), sign]
        .into_iter()
        .flatten()
        .filter_map(|sign| code.strip_prefix(sign))
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(code)
}

#[rustfmt::skip]
const SIGNS: &[(&str, &str)] = &[
    ("DE", "D"), ("AT", "A"), ("BE", "B"), ("FR", "F"), ("IT", "I"), ("ES", "E"), ("SE", "S"), ("NO", "N"),
    ("FI", "FIN"), ("LU", "L"), ("PT", "P"), ("HU", "H"), ("SI", "SLO"), ("LI", "FL"),
];

/// Countries, and the forms their codes have without blanks and hyphens (national post offices; S42 of the
/// Universal Postal Union).
#[rustfmt::skip]
const FORMS: &[(&str, &str)] = &[
    ("FO GN IS LS MG PG OM",                                                            "###"),
    ("AF AL AT AU AZ BD BE BG CC CH CK CV CX CY DK ET GE GL GW HM HT HU LI LR LU MD MK MZ NE NF NO NZ PH PY \
      SI SJ TN ZA",                                                                     "####"),
    ("BA BT DE DO DZ EE EG EH ES FI FR GT HR ID IT JO KE KH KW LA MA ME MM MN MX MY NI NP PK SA SD SM SN TH TR UA UY \
      VA XK ZM MC GF GP MQ RE YT PM BL MF NC PF WF CU IQ LT",                           "#####"),
    ("BY CN CO KG KZ RO RU SG TJ TM UZ IN NG",                                          "######"),
    ("AM",          "#### 37####"),
    ("AX",          "22###"),                   ("CZ SE SK GR",  "#####"),
    ("AD",          "AD### ###"),               ("AI",           "AI2640 2640"),
    ("AR",          "#### @####@@@"),           ("BB",           "BB#####"),
    ("BH",          "### ####"),                ("BM",           "@@** @@##"),
    ("BN",          "@@####"),                  ("BR",           "########"),
    ("CA",          "@#@#@#"),                  ("CL",           "#######"),
    ("CR",          "##### ####"),              ("EC",           "###### EC###### @####@"),
    ("FK",          "FIQQ1ZZ"),                 ("GS",           "SIQQ1ZZ"),
    ("IO",          "BBND1ZZ"),                 ("PN",           "PCRN1ZZ"),
    ("TC",          "TKCA1ZZ"),                 ("TA",           "TDCU1ZZ"),
    ("SH AC",       "STHL1ZZ ASCN1ZZ TDCU1ZZ"), ("GI",           "GX111AA"),
    ("GB",          "@##@@ @###@@ @#@#@@ @@##@@ @@###@@ @@#@#@@ GIR0AA BFPO# BFPO## BFPO### BFPO####"),
    ("GG",          "GY##@@ GY###@@"),          ("JE",           "JE##@@ JE###@@"),
    ("IM",          "IM##@@ IM###@@"),          ("HN",           "##### @@####"),
    ("IE",          "@##**** @#W****"),         ("IL",           "##### #######"),
    ("IR",          "##########"),              ("JP",           "#######"),
    ("KR",          "##### ######"),            ("KY",           "KY#####"),
    ("LB",          "#### ########"),           ("LC",           "LC#####"),
    ("LK",          "#####"),                   ("LV",           "LV#### ####"),
    ("MT",          "@@@## @@@#### @@@###"),    ("MU",           "##### ###@@###"),
    ("MV",          "##### ####"),              ("NL",           "####@@"),
    ("PE",          "##### LIMA# LIMA## CALLAO# CALLAO##"), ("PL", "#####"),
    ("PS",          "### #######"),             ("PT",           "####### ####"),
    ("RS",          "##### ######"),            ("SO",           "##### @@#####"),
    ("SV",          "#### CP####"),             ("SZ",           "@###"),
    ("TW",          "### ##### ######"),        ("TZ",           "##### ####"),
    ("US PR GU VI AS MP FM MH PW UM",           "##### #########"),
    ("VC",          "VC####"),                  ("VE",           "#### ####@"),
    ("VG",          "VG####"),                  ("VN",           "##### ######"),
];

/// Postal code fits the country (registration.md, Checks).
pub(super) fn check(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::PostalCode;
    let Some(code) = applicant.get(FieldName::PostalCode) else {
        return Finding::new(check, Outcome::NotApplicable, "none given");
    };
    let Some(country) = applicant.country_code() else {
        return Finding::new(check, Outcome::NotApplicable, "no country to fit");
    };
    match fits(code.trim(), country) {
        None => Finding::new(check, Outcome::NotApplicable, format!("no rule for {country}")),
        Some(true) => Finding::new(check, Outcome::Good, format!("fits {country}")),
        Some(false) => Finding::new(check, Outcome::Attention, format!("does not fit {country}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fit_or_do_not() {
        #[rustfmt::skip]
        let table = [
            ("1100-053",   "PT", Some(true)),    ("1100053",    "PT", Some(true)),
            ("110-053",    "PT", Some(false)),   ("10969",      "DE", Some(true)),
            ("D-10969",    "DE", Some(true)),    ("1096",       "DE", Some(false)),
            ("B-6000",     "BE", Some(true)),    ("S-958 22",   "SE", Some(true)),
            ("WA1 1DP",    "GB", Some(true)),    ("EC1A 1BB",   "GB", Some(true)),
            ("12345",      "GB", Some(false)),   ("D02 X576",   "IE", Some(true)),
            ("D6W AB12",   "IE", Some(true)),    ("T2F 8M4",    "CA", Some(true)),
            ("98105",      "US", Some(true)),    ("98105-1234", "US", Some(true)),
            ("9810",       "US", Some(false)),   ("05432-043",  "BR", Some(true)),
            ("LV-1010",    "LV", Some(true)),    ("SW1A1AA",    "FR", Some(false)),
            ("1234",       "AE", None),          ("１０９６９", "DE", Some(false)),
        ];
        for (code, country, expected) in table {
            assert_eq!(fits(code, country), expected, "{code} in {country}");
        }
    }

    #[test]
    fn no_country_has_two_rows() {
        let mut seen: Vec<&str> =
            FORMS.iter().flat_map(|(countries, _)| countries.split_whitespace()).collect();
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}
