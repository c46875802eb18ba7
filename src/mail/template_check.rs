//! Whether each template says what its event provides, no more and no less; asked when templates are
//! loaded, not when a mail is due.

use std::collections::{BTreeMap, BTreeSet};

use super::templates::{Key, Problem, Templates};
use crate::domain::mail::MailEvent;
use crate::domain::mail::event::OFFICE_PLACEHOLDERS;

impl Templates {
    /// Checks every file that compiled, and reports what it finds.
    pub(super) fn check_all(&mut self) {
        for key in self.known.clone() {
            if !self.broken.contains_key(&key) {
                for problem in self.check_one(&key) {
                    self.report(Some(key.clone()), problem);
                }
            }
        }
        let orphans: Vec<Key> = self.with_html.difference(&self.known).cloned().collect();
        for (event, lang) in orphans {
            let problem = Problem {
                file: format!("{event}.{lang}.html"),
                line: None,
                problem: "there is no plain text beside it".to_string(),
                remedy: format!("add {event}.{lang}.txt; it holds the subject too"),
            };
            self.report(None, problem);
        }
    }

    /// Names against what the event provides, then one trial with all values and one with the
    /// required ones only, which finds filters and tests that do not exist.
    fn check_one(&self, key: &Key) -> Vec<Problem> {
        let (event, lang) = key;
        let mut problems = Vec::new();
        let mut texts = vec!["txt"];
        texts.extend(self.with_html.contains(key).then_some("html"));
        let names = |ending: &str| {
            self.env
                .get_template(&format!("{event}.{lang}.{ending}"))
                .map(|t| t.undeclared_variables(false))
                .unwrap_or_default()
        };
        for ending in texts {
            let file = format!("{event}.{lang}.{ending}");
            let used: BTreeSet<String> = names("subject").into_iter().chain(names(ending)).collect();
            for name in &used {
                if event.placeholder(name).is_none() && !OFFICE_PLACEHOLDERS.contains(&name.as_str()) {
                    let known: Vec<_> = event.placeholders().iter().map(|p| p.name).collect();
                    problems.push(Problem {
                        file: file.clone(),
                        line: self.line_of(&file, name),
                        problem: format!("{event} does not provide \"{name}\""),
                        remedy: format!("use {}, {}", known.join(", "), OFFICE_PLACEHOLDERS.join(", ")),
                    });
                }
            }
            for p in event.placeholders().iter().filter(|p| p.required && !used.contains(p.name)) {
                problems.push(Problem {
                    file: file.clone(),
                    line: None,
                    problem: format!("it never says \"{}\", which the reader needs", p.name),
                    remedy: format!("put {{{{ {} }}}} into the subject or the text", p.name),
                });
            }
        }
        if problems.is_empty() {
            for all in [Trial::Everything, Trial::RequiredOnly] {
                problems.extend(self.fill(*event, lang, &trial_values(*event, all)).err());
            }
            problems.dedup();
        }
        problems
    }

    fn line_of(&self, file: &str, name: &str) -> Option<usize> {
        let template = self.env.get_template(file).ok()?;
        template.source().lines().position(|line| line.contains(name)).map(|at| at + 1)
    }
}

/// What a trial fills in.
#[derive(Clone, Copy)]
enum Trial {
    Everything,
    RequiredOnly,
}

fn trial_values(event: MailEvent, trial: Trial) -> BTreeMap<&'static str, String> {
    let mut values: BTreeMap<&str, String> =
        OFFICE_PLACEHOLDERS.iter().map(|name| (*name, "x".to_string())).collect();
    for p in event.placeholders() {
        let given = match trial {
            Trial::Everything => true,
            Trial::RequiredOnly => p.required,
        };
        values.insert(p.name, if given { "x".to_string() } else { String::new() });
    }
    values
}
