//! `countersign match`: the matcher on files, without an office.

use std::path::PathBuf;

use clap::Args;

/// `match`
#[derive(Args, Clone, Debug)]
pub struct Match {
    /// CSV with a header: id, company, first_name, last_name, email, phone, street, city, postal_code, country, tax_number; those that are missing are empty
    #[arg(long, value_name = "FILE")]
    pub customers: PathBuf,
    /// CSV with the same columns: what is looked for
    #[arg(long, value_name = "FILE")]
    pub queries: PathBuf,
    /// Where the candidates go, JSON lines, best first for each query; written over
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// At most so many candidates a query
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub top: usize,
    /// Score with the numbers the programme comes with, without estimating from the files
    #[arg(long)]
    pub no_estimate: bool,
}
