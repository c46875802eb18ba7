//! `countersign customer …`, `contact …`, `template …`: master records and what fills them.

use clap::{Args, Subcommand};

use super::args::{List, Numbers, Sets, Write};

/// What can be done with customers.
#[derive(Subcommand, Clone, Debug)]
pub enum Customer {
    /// List customers
    List(List),
    /// Show one customer: every field, contacts, portal users, the sign-up it came from
    Show(Numbers),
    /// Make a customer by hand
    New(NewCustomer),
    /// Go through the whole book for customers that are there twice
    Duplicates(Twice),
}

/// `customer duplicates`
#[derive(Args, Clone, Debug)]
pub struct Twice {
    /// From which chance in per cent on a pair is told
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u8).range(10..=99))]
    pub at_least: u8,
    /// Go on behind this customer
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<String>,
    /// Look at so many customers
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// `customer new`
#[derive(Args, Clone, Debug)]
pub struct NewCustomer {
    /// New values.
    #[command(flatten)]
    pub sets: Sets,
    /// Fill the rest from this template
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The key of another system; the same one twice gives the same number again
    #[arg(long, value_name = "TEXT")]
    pub external_id: Option<String>,
    /// Make it although it looks like a customer that is there
    #[arg(long)]
    pub anyway: bool,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// What can be done with contacts.
#[derive(Subcommand, Clone, Debug)]
pub enum Contact {
    /// List contacts
    List(List),
    /// Show one contact
    Show(Numbers),
}

/// What can be done with customer account templates.
#[derive(Subcommand, Clone, Debug)]
pub enum Template {
    /// List templates
    List,
    /// Show one template
    Show(Named),
    /// Make a template, from values or from a customer
    New(NewTemplate),
    /// Change a template
    Edit(EditTemplate),
}

/// A template.
#[derive(Args, Clone, Debug)]
pub struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// `template new`
#[derive(Args, Clone, Debug)]
pub struct NewTemplate {
    /// Which template.
    #[command(flatten)]
    pub named: Named,
    /// Take every value of this customer that templates may set
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["set", "division"])]
    pub from: Option<String>,
    /// New values.
    #[command(flatten)]
    pub sets: Sets,
    /// Offer it to this division only
    #[arg(long, value_name = "NAME")]
    pub division: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `template edit`
#[derive(Args, Clone, Debug)]
pub struct EditTemplate {
    /// Which template.
    #[command(flatten)]
    pub named: Named,
    /// New values.
    #[command(flatten)]
    pub sets: Sets,
    /// Offer it to this division only; empty text: to all
    #[arg(long, value_name = "NAME")]
    pub division: Option<String>,
    /// Whether it is offered
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"])]
    pub offered: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
