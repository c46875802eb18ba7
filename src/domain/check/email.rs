//! E-mail addresses that we can safely write to: a small grammar, stricter than the RFCs; what parses holds no control, no blank, no comment and no quoting.

use std::fmt;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::applicant::{Applicant, FieldName};
use super::{CheckName, Finding, Outcome};
use crate::domain::text::is_hidden;

pub use super::lookalike::{Lookalike, is_public_mail_domain, looks_like};

/// Octets before the `@` (RFC 5321, 4.5.3.1.1) and of the whole address after IDNA (RFC 5321, errata 1690).
const LOCAL_LIMIT: usize = 64;
const ADDRESS_LIMIT: usize = 254;

/// Names that no mail can leave the house for (RFC 6761, 6762, 7686, 8375, 9476, 2606). The `example` names stand
/// in that registry too, but documentation, samples and training use them, and they harm nobody: accepted.
const SPECIAL_USE: &[&str] =
    &["localhost", "local", "localdomain", "invalid", "test", "onion", "alt", "internal", "arpa"];

/// A parsed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    local: String,
    domain: String,
    ascii_domain: String,
}

impl Email {
    /// What stands before the `@`, as given (NFC).
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain in lower case, readable letters.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The domain as DNS has it: punycode where it needs it.
    pub fn ascii_domain(&self) -> &str {
        &self.ascii_domain
    }

    /// True if the readable domain is not the one that DNS sees, so that both should be shown
    /// (trust.md, Hostile text).
    pub fn needs_punycode(&self) -> bool {
        self.domain != self.ascii_domain
    }

    /// The address to send to: the part before the `@` as given, the domain in DNS form.
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.ascii_domain)
    }

    /// The key under which two spellings of one address meet. Upper and lower case before the `@` are taken as
    /// equal: no mail server in use tells them apart.
    pub fn key(&self) -> String {
        self.address().to_lowercase()
    }
}

/// Readable form: local part and domain in their own letters.
impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// Why an address is refused (trust.md, Hostile text).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailProblem {
    /// Nothing there.
    Empty,
    /// A control, line break, or invisible character.
    Hidden,
    /// A blank.
    Blank,
    /// Not exactly one `@`.
    At,
    /// A quoted part before the `@`.
    Quoted,
    /// A comment in parentheses, or an address in angle brackets.
    Comment,
    /// Nothing before the `@`.
    NoLocal,
    /// A character before the `@` that none of our mail paths can be trusted with.
    LocalCharacter(char),
    /// A dot first, last or doubled.
    Dots,
    /// More than 64 octets before the `@`.
    LocalTooLong,
    /// Nothing after the `@`.
    NoDomain,
    /// An IP address instead of a domain.
    Literal,
    /// A domain without a dot.
    Dotless,
    /// A domain that is no domain.
    Domain,
    /// A domain that is reserved and receives no mail.
    SpecialUse,
    /// More than 254 octets.
    TooLong,
}

impl EmailProblem {
    /// What would satisfy the rule.
    #[rustfmt::skip]
    pub fn remedy(self) -> &'static str {
        match self {
            EmailProblem::Empty             => "give an address such as ana@company.com",
            EmailProblem::Hidden            => "type it again by hand",
            EmailProblem::Blank             => "take the blank out",
            EmailProblem::At                => "give one address such as ana@company.com",
            EmailProblem::Quoted            => "give an address without quotes",
            EmailProblem::Comment           => "give the bare address",
            EmailProblem::NoLocal           => "give what stands before the @",
            EmailProblem::LocalCharacter(_) => "take that character out",
            EmailProblem::Dots              => "write single dots between letters",
            EmailProblem::LocalTooLong      => "at most 64 bytes may stand before the @",
            EmailProblem::NoDomain          => "give the domain after the @",
            EmailProblem::Literal           => "give a domain name, not an IP address",
            EmailProblem::Dotless           => "give the full domain, such as company.com",
            EmailProblem::Domain            => "check the spelling after the @",
            EmailProblem::SpecialUse        => "give an address that receives mail from outside",
            EmailProblem::TooLong           => "at most 254 bytes are possible",
        }
    }
}

impl fmt::Display for EmailProblem {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            EmailProblem::Empty             => "is empty",
            EmailProblem::Hidden            => "has a line break or another hidden character in it",
            EmailProblem::Blank             => "has a blank in it",
            EmailProblem::At                => "does not have exactly one @",
            EmailProblem::Quoted            => "has quotes in it",
            EmailProblem::Comment           => "has brackets in it",
            EmailProblem::NoLocal           => "has nothing before the @",
            EmailProblem::LocalCharacter(c) => return write!(f, "has “{c}” before the @"),
            EmailProblem::Dots              => "has a dot at an end or two in a row",
            EmailProblem::LocalTooLong      => "is too long before the @",
            EmailProblem::NoDomain          => "has nothing after the @",
            EmailProblem::Literal           => "has an IP address for a domain",
            EmailProblem::Dotless           => "has a domain without a dot",
            EmailProblem::Domain            => "has a domain that cannot exist",
            EmailProblem::SpecialUse        => "has a domain that receives no mail",
            EmailProblem::TooLong           => "is too long",
        };
        f.write_str(words)
    }
}

/// Parses an address as it stands, without trimming. Letters of any script are fine on both sides, as are `'`
/// and `+`; refused are quoted parts, comments, domain literals, dotless and special-use domains (but not
/// `example`), hidden characters, and more than 64 or 254 octets after IDNA (trust.md, Hostile text).
pub fn parse_email(text: &str) -> Result<Email, EmailProblem> {
    if text.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if text.chars().any(is_hidden) {
        return Err(EmailProblem::Hidden);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(EmailProblem::Blank);
    }
    if text.contains('"') {
        return Err(EmailProblem::Quoted);
    }
    if text.contains(['(', ')', '<', '>']) {
        return Err(EmailProblem::Comment);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailProblem::At)?;
    if domain.contains('@') {
        return Err(EmailProblem::At);
    }
    let local = parse_local(local)?;
    let (domain, ascii_domain) = parse_domain(domain)?;
    if local.len() + 1 + ascii_domain.len() > ADDRESS_LIMIT {
        return Err(EmailProblem::TooLong);
    }
    Ok(Email { local, domain, ascii_domain })
}

fn parse_local(local: &str) -> Result<String, EmailProblem> {
    if local.is_empty() {
        return Err(EmailProblem::NoLocal);
    }
    if let Some(c) = local.chars().find(|c| *c != '.' && !is_atom_character(*c)) {
        return Err(EmailProblem::LocalCharacter(c));
    }
    if local.split('.').any(str::is_empty) {
        return Err(EmailProblem::Dots);
    }
    let local: String = local.nfc().collect();
    if local.len() > LOCAL_LIMIT {
        return Err(EmailProblem::LocalTooLong);
    }
    Ok(local)
}

/// RFC 5322 `atext`, with the letters, digits and marks of every script (RFC 6532).
fn is_atom_character(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_combining_mark(c)
}

/// The domain in readable and in DNS form.
fn parse_domain(domain: &str) -> Result<(String, String), EmailProblem> {
    if domain.is_empty() {
        return Err(EmailProblem::NoDomain);
    }
    if domain.starts_with('[') {
        return Err(EmailProblem::Literal);
    }
    if domain.split('.').any(str::is_empty) {
        return Err(EmailProblem::Dots);
    }
    let idna = Uts46::new();
    let ascii = idna
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| EmailProblem::Domain)?
        .into_owned();
    let Some((_, top)) = ascii.rsplit_once('.') else {
        return Err(if SPECIAL_USE.contains(&ascii.as_str()) {
            EmailProblem::SpecialUse
        } else {
            EmailProblem::Dotless
        });
    };
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        let all_digits = ascii.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        return Err(if all_digits { EmailProblem::Literal } else { EmailProblem::Domain });
    }
    if SPECIAL_USE.contains(&top) {
        return Err(EmailProblem::SpecialUse);
    }
    let (readable, valid) = idna.to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    valid.map_err(|_| EmailProblem::Domain)?;
    let readable = readable.into_owned();
    Ok((readable, ascii))
}

/// E-mail syntax (registration.md, Checks).
pub(super) fn check_syntax(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::EmailSyntax;
    let Some(email) = applicant.get(FieldName::Email) else {
        return Finding::new(check, Outcome::Bad, "missing");
    };
    match parse_email(email.trim_matches(' ')) {
        Ok(email) if email.needs_punycode() => {
            Finding::new(check, Outcome::Good, format!("well formed ({})", email.ascii_domain()))
        }
        Ok(_) => Finding::new(check, Outcome::Good, "well formed"),
        Err(problem) => Finding::new(check, Outcome::Bad, problem.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_we_write_to() {
        #[rustfmt::skip]
        let table = [
            ("ana.lima@cafe-aurora.example",  "ana.lima@cafe-aurora.example"),
            ("sile.o'brien@obrien.example",   "sile.o'brien@obrien.example"),
            ("a+b@Example.COM",               "a+b@example.com"),
            ("jörg@müller.example",           "jörg@xn--mller-kva.example"),
            ("δοκιμή@παράδειγμα.example",     "δοκιμή@xn--hxajbheg2az3al.example"),
            ("x@ｇｍａｉｌ.com",              "x@gmail.com"),
        ];
        for (given, address) in table {
            assert_eq!(parse_email(given).map(|email| email.address()), Ok(address.to_owned()), "{given}");
        }
        let email = parse_email("Jörg@Müller.example").unwrap();
        assert_eq!((email.to_string().as_str(), email.needs_punycode()), ("Jörg@müller.example", true));
        assert_eq!(email.key(), parse_email("jÖRG@müller.example").unwrap().key());
    }

    #[test]
    fn addresses_we_refuse() {
        #[rustfmt::skip]
        let table = [
            ("",                              EmailProblem::Empty),
            ("a@b.example\r\nBcc: c@d.example", EmailProblem::Hidden),
            ("a@b.exam\u{200b}ple",           EmailProblem::Hidden),
            ("a@b\u{ad}.example",             EmailProblem::Hidden),
            ("not an address",                EmailProblem::Blank),
            ("a b@c.example",                 EmailProblem::Blank),
            ("ana",                           EmailProblem::At),
            ("a@b@c.example",                 EmailProblem::At),
            ("\"a\"@b.example",               EmailProblem::Quoted),
            ("Ana<a@b.example>",              EmailProblem::Comment),
            ("@b.example",                    EmailProblem::NoLocal),
            ("a,b@c.example",                 EmailProblem::LocalCharacter(',')),
            (".a@b.example",                  EmailProblem::Dots),
            ("a@",                            EmailProblem::NoDomain),
            ("a@[127.0.0.1]",                 EmailProblem::Literal),
            ("a@127.0.0.1",                   EmailProblem::Literal),
            ("a@io",                          EmailProblem::Dotless),
            ("a@localhost",                   EmailProblem::SpecialUse),
            ("a@printer.local",               EmailProblem::SpecialUse),
            ("a@x.ONION",                     EmailProblem::SpecialUse),
            ("a@-b.example",                  EmailProblem::Domain),
            ("a@b_c.example",                 EmailProblem::Domain),
            ("a@xn--a.example",               EmailProblem::Domain),
        ];
        for (given, problem) in table {
            assert_eq!(parse_email(given), Err(problem), "{given:?}");
        }
        assert_eq!(parse_email(&format!("{}@b.example", "x".repeat(65))), Err(EmailProblem::LocalTooLong));
        let domain = ["x".repeat(60), "x".repeat(60), "x".repeat(60), "example".into()].join(".");
        assert_eq!(parse_email(&format!("{}@{domain}", "x".repeat(64))), Err(EmailProblem::TooLong));
    }

    proptest! {
        #[test]
        fn what_parses_can_stand_in_a_header(text in "(\\PC|\\pC|[a-z.@'+<>()\\[\\]\r\n]){0,30}@(\\PC|[a-z.]){1,20}\\.example") {
            if let Ok(email) = parse_email(&text) {
                let address = email.address();
                prop_assert!(!address.chars().any(|c| is_hidden(c) || c.is_whitespace() || "<>\"(),;:".contains(c)));
                prop_assert!(address.len() <= ADDRESS_LIMIT && email.ascii_domain().is_ascii());
                prop_assert_eq!(parse_email(&address).map(|again| again.key()), Ok(email.key()));
            }
        }
    }
}
