//! What was secret is in no file once the mail has left: codes, links, passwords (trust.md, Secrets and people).

use std::fs;
use std::path::{Path, PathBuf};

use super::office::Office;

/// Every file of the office but the mails themselves.
fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_none_or(|e| e != "eml") {
            found.push(path);
        }
    }
}

/// The text of the newest mail to an address, its soft line breaks taken out.
fn mail_to(office: &Office, address: &str, words: &str) -> String {
    let mut found = Vec::new();
    mails(office.path(), &mut found);
    let plain = |path: &PathBuf| fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "=");
    let fits = |text: &String| text.contains(address) && text.contains(words);
    found.iter().map(plain).find(fits).unwrap_or_else(|| panic!("no mail to {address} with {words}"))
}

fn mails(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            mails(&path, found);
        } else if path.extension().is_some_and(|e| e == "eml") {
            found.push(path);
        }
    }
}

fn word(text: &str, fits: impl Fn(&str) -> bool) -> &str {
    text.split_whitespace().find(|w| fits(w)).unwrap_or_else(|| panic!("not in {text}"))
}

#[test]
fn no_file_holds_a_secret_once_its_mail_has_left() {
    let office = Office::with_folder();
    let mut secrets = Vec::new();
    for (n, way) in ["set_password_link", "temporary_password"].iter().enumerate() {
        let address = format!("ana{n}@house{n}.example");
        let number = format!("REG-{}", n + 1);
        office.submit([address.as_str()].into_iter());
        office.done(&["mail", "send"]);
        let text = mail_to(&office, &address, "confirm your e-mail");
        let code = word(&text, |w| w.len() == 17 && w.matches('-').count() == 2).to_owned();
        office.done(&["signup", "verify", &code]);
        office.done(&["signup", "approve", &number]);
        office.done(&["signup", "create", &number, "--authentication", way]);
        office.done(&["mail", "send"]);
        let logon = mail_to(&office, &address, if n == 0 { "token=" } else { "Temporary password" });
        let secret = match *way {
            "set_password_link" => {
                word(&logon, |w| w.contains("token=")).rsplit_once("token=").unwrap().1.to_owned()
            }
            _ => word(&logon, |w| w.len() == 18 && w.chars().all(|c| c.is_ascii_alphanumeric())).to_owned(),
        };
        secrets.extend([code.clone(), code.replace('-', ""), secret]);
    }
    office.done(&["db", "backup", "copy.db"]);
    let mut found = Vec::new();
    files(office.path(), &mut found);
    assert!(
        found.iter().any(|f| f.ends_with("office.db")) && found.iter().any(|f| f.ends_with("copy.db")),
        "{found:?}"
    );
    for file in found {
        let bytes = fs::read(&file).unwrap();
        for secret in &secrets {
            let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!there, "{} holds {secret}", file.display());
        }
    }
}
