//! `countersign signup …`: a sign-up from its submission to the customer it becomes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::{List, Numbers, One, Reason, Seen, Sets, Write};

/// What can be done with sign-ups.
#[derive(Subcommand, Clone, Debug)]
pub enum Signup {
    /// Take in sign-ups: from a file or standard input as the applicant's, from flags as yours
    Submit(Box<Submit>),
    /// List sign-ups
    List(SignupList),
    /// Show one sign-up: applicant, checks, possible duplicates, history
    Show(Numbers),
    /// Correct what the applicant gave
    Edit(Edit),
    /// Take the applicant's code, or note that you verified by phone
    Verify(Verify),
    /// Send a new verification code; the old one stops working
    Resend(Several),
    /// Approve
    Approve(Approve),
    /// Reject
    Reject(Reject),
    /// Withdraw, by the applicant's code or told to you
    Withdraw(Withdraw),
    /// Bring a rejected or withdrawn sign-up back to the status it had
    Reopen(Reopen),
    /// Create the customer, or a contact of an existing one; approves first where it is due
    Create(Box<Create>),
    /// Show possible duplicates, or remember that one is none
    Duplicates(Duplicates),
    /// Give a sign-up to a member of staff
    Assign(Assign),
}

/// `signup submit`
#[derive(Args, Clone, Debug)]
pub struct Submit {
    /// JSON (one object, an array, or JSON lines); `-` is standard input
    #[arg(long, value_name = "PATH", conflicts_with = "applicant")]
    pub file: Option<PathBuf>,
    /// What the applicant gave
    #[command(flatten)]
    pub applicant: Applicant,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// What an applicant gives, as flags; the names are those of the JSON.
#[derive(Args, Clone, Debug, Default)]
#[group(id = "applicant", multiple = true)]
#[command(next_help_heading = "The applicant")]
pub struct Applicant {
    /// Company (required)
    #[arg(long, value_name = "TEXT")]
    pub company: Option<String>,
    /// First name of the contact person
    #[arg(long, value_name = "TEXT")]
    pub first_name: Option<String>,
    /// Last name of the contact person (required)
    #[arg(long, value_name = "TEXT")]
    pub last_name: Option<String>,
    /// Job title
    #[arg(long, value_name = "TEXT")]
    pub job_title: Option<String>,
    /// E-mail address (required)
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Phone number
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
    /// Fax number
    #[arg(long, value_name = "NUMBER")]
    pub fax: Option<String>,
    /// Web site
    #[arg(long, value_name = "URL")]
    pub website: Option<String>,
    /// Tax number, such as the EU VAT number
    #[arg(long, value_name = "TEXT")]
    pub tax_number: Option<String>,
    /// Street and house number
    #[arg(long, value_name = "TEXT")]
    pub street: Option<String>,
    /// Additional street line
    #[arg(long, value_name = "TEXT")]
    pub street2: Option<String>,
    /// City
    #[arg(long, value_name = "TEXT")]
    pub city: Option<String>,
    /// Postal code
    #[arg(long, value_name = "TEXT")]
    pub postal_code: Option<String>,
    /// County
    #[arg(long, value_name = "TEXT")]
    pub county: Option<String>,
    /// State or region
    #[arg(long, value_name = "TEXT")]
    pub region: Option<String>,
    /// Country, two letters (required)
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// Language, such as pt or pt-BR
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// The user name they would like
    #[arg(long, value_name = "NAME")]
    pub user_name: Option<String>,
    /// How they would like to log on
    #[arg(long, value_name = "METHOD")]
    pub authentication: Option<String>,
    /// Their message
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// The customer account they say they have
    #[arg(long, value_name = "NUMBER")]
    pub existing_account: Option<String>,
    /// Version of the privacy text they accepted
    #[arg(long, value_name = "TEXT")]
    pub privacy_version: Option<String>,
    /// When they accepted it (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub privacy_accepted_at: Option<String>,
    /// The sender's own key; the same one twice gives the same number again
    #[arg(long, value_name = "TEXT")]
    pub external_id: Option<String>,
}

/// `signup list`
#[derive(Args, Clone, Debug)]
pub struct SignupList {
    /// Which rows.
    #[command(flatten)]
    pub list: List,
    /// Only those assigned to me
    #[arg(long)]
    pub mine: bool,
}

/// A command on several sign-ups that takes nothing else.
#[derive(Args, Clone, Debug)]
pub struct Several {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup edit`
#[derive(Args, Clone, Debug)]
pub struct Edit {
    /// Which record.
    #[command(flatten)]
    pub one: One,
    /// New values.
    #[command(flatten)]
    pub sets: Sets,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup verify`
#[derive(Args, Clone, Debug)]
pub struct Verify {
    /// The code from the mail; or with --by, the sign-up's number. `-` reads the code from standard input
    #[arg(value_name = "CODE|NUMBER")]
    pub what: String,
    /// How you verified it; --note says whom you spoke to, and how you knew
    #[arg(long, value_name = "HOW", value_parser = ["phone"], requires = "note")]
    pub by: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup approve`
#[derive(Args, Clone, Debug)]
pub struct Approve {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// Approve although it was never verified, for this reason
    #[arg(long = "override", value_name = "REASON")]
    pub override_reason: Option<String>,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup reject`
#[derive(Args, Clone, Debug)]
pub struct Reject {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// A reason's code; `config show` lists them
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// What the applicant reads
    #[arg(long, value_name = "TEXT", conflicts_with = "no_mail")]
    pub reply: Option<String>,
    /// Do not tell the applicant (spam)
    #[arg(long)]
    pub no_mail: bool,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup withdraw`
#[derive(Args, Clone, Debug)]
pub struct Withdraw {
    /// Numbers; `-` reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required_unless_present = "code", conflicts_with = "code")]
    pub numbers: Vec<String>,
    /// The applicant's own code; it finds the sign-up alone
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// Why; mandatory without --code
    #[arg(long, value_name = "TEXT", required_unless_present = "code")]
    pub reason: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup reopen`
#[derive(Args, Clone, Debug)]
pub struct Reopen {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// The reason.
    #[command(flatten)]
    pub reason: Reason,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup create`
#[derive(Args, Clone, Debug)]
pub struct Create {
    /// Which record.
    #[command(flatten)]
    pub one: One,
    /// Make only a contact, under this existing customer
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["template", "set"])]
    pub existing: Option<String>,
    /// Fill the new record from this template, otherwise from the one of create.template
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// Use this existing contact instead of a second one
    #[arg(long, value_name = "NUMBER")]
    pub contact: Option<String>,
    /// Make a second contact although one of the existing customer has the same e-mail
    #[arg(long, requires = "existing", conflicts_with = "contact")]
    pub new_contact: bool,
    /// The portal user's role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// How they will log on
    #[arg(long, value_name = "METHOD", value_parser = ["set_password_link", "temporary_password", "external_sso"])]
    pub authentication: Option<String>,
    /// The user name; otherwise suggested from the applicant's wish
    #[arg(long, value_name = "NAME")]
    pub user_name: Option<String>,
    /// New values.
    #[command(flatten)]
    pub sets: Sets,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup duplicates`
#[derive(Args, Clone, Debug)]
pub struct Duplicates {
    /// Which record.
    #[command(flatten)]
    pub one: One,
    /// Remember that this customer or sign-up is not the same
    #[arg(long = "not", value_name = "NUMBER")]
    pub is_not: Option<String>,
    /// Judge with this version of the office's numbers, as `model` in the JSON names it: explains an old percentage
    #[arg(long, value_name = "VERSION", conflicts_with = "is_not")]
    pub model: Option<u32>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `signup assign`
#[derive(Args, Clone, Debug)]
pub struct Assign {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// To whom; yourself if left out
    #[arg(long, value_name = "LOGIN", conflicts_with = "nobody")]
    pub to: Option<String>,
    /// To nobody
    #[arg(long)]
    pub nobody: bool,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
