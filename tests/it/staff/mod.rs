//! Staff, their roles and queues, who stands in for whom, and what is left behind by those who leave: through the binary
//! as scripts have it, and by keys.

mod away;
mod leaving;
mod letters;
mod people;
mod queues;
mod screen;

use serde_json::Value;

use crate::cli_world::Office;

/// Rules by which maria alone decides on what was verified by phone.
const MARIA: &str = r#"
[[workflow]]
document = "user_request"
name     = "Maria"

  [[workflow.step]]
  name    = "Check identity"
  approve = { user = "maria" }

  [[workflow.step]]
  task = "provision_user"
"#;

/// An office with maria and jens, who approve, priya, who manages, tom, who serves, and olga, who only looks.
fn office() -> Office {
    let office = Office::new();
    for (login, name, role) in [
        ("maria", "Maria Silva", "approver"),
        ("jens", "Jens Berg", "approver"),
        ("priya", "Priya Rao", "manager"),
        ("tom", "Tom Hill", "service_rep"),
        ("olga", "Olga Ivanova", "auditor"),
    ] {
        let email = format!("{login}@office.example");
        office.run(&["staff", "new", login, "--name", name, "--role", role, "--email", &email]).ends(0);
    }
    office
}

/// The same, where these companies' user requests wait for maria; `by` submitted them.
fn waiting(companies: &[(&str, &str)]) -> Office {
    let office = office();
    std::fs::write(office.path("rules.toml"), MARIA).unwrap();
    let file = office.path("rules.toml");
    office.run(&["workflow", "activate", file.to_str().unwrap()]).ends(0);
    for (company, by) in companies {
        let number = office.rung(company);
        office.run(&["signup", "approve", &number]).ends(0);
        office.run(&["--as", by, "signup", "create", &number]).ends(0);
    }
    office
}

/// Number and holder of each open item.
fn holders(office: &Office) -> Vec<String> {
    let items = office.json(&["work", "list", "--view", "all"]);
    let one = |item: &Value| {
        format!("{} {}", item["number"].as_str().unwrap(), item["waits_for"].as_str().unwrap())
    };
    items.as_array().unwrap().iter().map(one).collect()
}

/// What became of a command that was refused: exit status and rule.
fn refused(office: &Office, args: &[&str]) -> (i32, String) {
    let (status, error) = office.error(args);
    (status, error["rule"].as_str().unwrap_or_default().to_owned())
}

/// The words of the mails to this person that hold this word, sent now.
fn mailed(office: &Office, login: &str, word: &str) -> Vec<String> {
    office.run(&["mail", "send"]).ends(0);
    let to = format!("{login}@office.example");
    office.mails(word).into_iter().filter(|mail| mail.contains(&to)).collect()
}
