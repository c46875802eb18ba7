//! An office whose sign-ups are made of hostile strings: each string stands once in a line field, once in the message,
//! once as a field of its own that we do not know, as name and as value.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use countersign::desk::Command;
use countersign::desk::commands::signup::{Source, SubmitSignup};
use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::domain::field::signup_field;
use countersign::domain::text::normalise_line;
use serde_json::{Map, Value};

use super::corpus::{Corpus, all};
use crate::world::World;

/// Line fields that hold what a stranger likes.
const FIELDS: [&str; 16] = [
    "company",
    "last_name",
    "first_name",
    "job_title",
    "street",
    "street2",
    "city",
    "county",
    "region",
    "phone",
    "website",
    "tax_number",
    "postal_code",
    "user_name",
    "existing_account",
    "authentication",
];

/// A sign-up as it was given.
pub struct Given {
    pub number: String,
    pub fields: BTreeMap<String, String>,
    pub extra: Map<String, Value>,
}

/// The office and what was put into it.
pub struct Hostile {
    pub world: World,
    pub given: Vec<Given>,
    pub strings: usize,
}

/// A debug build draws slowly: the screens take every so-manieth sign-up; `COUNTERSIGN_HOSTILE=all` takes all of them.
pub fn step(usual: usize) -> usize {
    if std::env::var_os("COUNTERSIGN_HOSTILE").is_some() { 1 } else { usual }
}

/// The office with every `step`th sign-up of all corpora; `None` where there are none.
pub fn hostile(step: usize) -> Option<Hostile> {
    let corpora = all();
    if corpora.is_empty() {
        return None;
    }
    let mut office = Hostile { world: World::new(), given: Vec::new(), strings: 0 };
    for corpus in &corpora {
        let before = office.strings;
        for strings in corpus.strings.chunks(FIELDS.len()).step_by(step) {
            office.submit(corpus, strings);
        }
        println!("{}: {} strings", corpus.name, office.strings - before);
    }
    Some(office)
}

impl Hostile {
    fn submit(&mut self, corpus: &Corpus, strings: &[String]) {
        let n = self.given.len();
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        let mut extra: Map<String, Value> = Map::new();
        // By turns each string comes to stand in each field, the company first of all.
        for (k, text) in strings.iter().enumerate() {
            let name = FIELDS[(k + n) % FIELDS.len()];
            let limit = signup_field(name).expect("it is a field").limit;
            fields.insert(name.to_owned(), text.chars().take(limit).collect());
            extra.insert(text.chars().take(300).collect(), Value::String(text.clone()));
        }
        for required in ["company", "last_name"] {
            let given = fields.entry(required.to_owned()).or_default();
            if given.trim().is_empty() {
                *given = format!("{} {n}", corpus.name);
            }
        }
        fields.insert("message".into(), strings.join("\n").chars().take(10_000).collect());
        fields.insert("email".into(), format!("person{n}@contoso-coffee.com"));
        fields.insert("country".into(), "PT".into());
        fields.retain(|_, text| !text.trim().is_empty());
        let submit = SubmitSignup {
            fields: fields.clone(),
            external_id: None,
            extra: extra.clone(),
            source: Source::Form,
        };
        let applicant = self.world.applicant();
        let receipt = self.world.desk.execute(&applicant, Command::SubmitSignup(Box::new(submit)));
        let receipt = receipt.unwrap_or_else(|error| panic!("{} {strings:?}: {error}", corpus.name));
        let number = receipt.record.expect("a sign-up was made").number;
        self.given.push(Given { number, fields, extra });
        self.strings += strings.len();
    }

    /// Whoever runs the tests may use the command line on it.
    pub fn open_to_the_command_line(&mut self) {
        let login = countersign::cli::identity::login_of(rustix::process::getuid().as_raw());
        let add = AddStaff {
            login,
            name: "\u{1b}]0;x\u{7}Root\u{202e}".into(),
            email: None,
            roles: vec!["administrator".into()],
            person: None,
            traits: Traits::default(),
        };
        self.world.run("ana", Command::AddStaff(add)).unwrap();
        std::fs::set_permissions(self.world.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

impl Given {
    /// What must be stored of a field: the text as given, line fields on one line.
    pub fn kept(&self, name: &str) -> Option<String> {
        let text = self.fields.get(name)?;
        let kept = if name == "message" { text.clone() } else { normalise_line(text) };
        Some(kept).filter(|text| !text.is_empty())
    }
}

#[test]
fn every_string_is_stored_as_given() {
    let Some(office) = hostile(1) else { return };
    for given in &office.given {
        let record = office.world.find(&given.number);
        let card = office.world.reader.signup(record.id).unwrap();
        for (name, stored) in &card.fields {
            assert_eq!(stored.as_deref(), given.kept(name).as_deref(), "{} {name}", given.number);
        }
        assert_eq!(card.extra, given.extra, "{}", given.number);
    }
    assert!(office.strings > 10_000, "only {} strings", office.strings);
    office.world.assert_sound();
    println!("{} strings in {} sign-ups, each stored as given", office.strings, office.given.len());
}
