//! The words of each mail: files of the programme, replaced one by one by those of the office's folder.
//! A file with any problem is never used and never silently passed over: its event cannot be mailed
//! in that language until it is put right.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::built_in;
use crate::domain::mail::MailEvent;

/// Largest template file that is read.
const SIZE_LIMIT: u64 = 256 * 1024;
/// Lines before the body in a template file: the subject and a blank one.
const HEAD_LINES: usize = 2;

/// Something wrong with a template file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File name, or the folder.
    pub file: String,
    /// Line, counted from one, where known.
    pub line: Option<usize>,
    /// What is wrong, one sentence without a full stop.
    pub problem: String,
    /// What would put it right.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {} ({})", self.problem, self.remedy)
    }
}

/// Event and language, the latter in lower case.
pub(super) type Key = (MailEvent, String);

/// The words before values are put in.
pub(super) struct Parts {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// All templates, compiled and checked.
pub struct Templates {
    pub(super) env: Environment<'static>,
    pub(super) known: BTreeSet<Key>,
    pub(super) with_html: BTreeSet<Key>,
    pub(super) broken: BTreeMap<Key, Problem>,
    problems: Vec<Problem>,
}

/// Checks the templates of the programme and those in `dir` (mail.md, Templates). An empty list
/// means that every mail can be written.
pub fn check_templates(dir: Option<&Path>) -> Vec<Problem> {
    Templates::load(dir).problems
}

impl Templates {
    /// Reads, compiles and checks everything; what is wrong is in [`Templates::problems`].
    pub fn load(dir: Option<&Path>) -> Templates {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .expect("the standard delimiters do not clash"),
        );
        env.set_auto_escape_callback(|name| match name.ends_with(".html") {
            true => AutoEscape::Html,
            false => AutoEscape::None,
        });
        let mut templates = Templates {
            env,
            known: BTreeSet::new(),
            with_html: BTreeSet::new(),
            broken: BTreeMap::new(),
            problems: Vec::new(),
        };
        for file in built_in::FILES {
            let name = format!("{}.{}.txt", file.event, file.lang);
            templates.take(&name, Ok(file.text.to_string()));
        }
        if let Some(dir) = dir {
            templates.take_folder(dir);
        }
        templates.check_all();
        templates
    }

    /// Everything that is wrong, in the order of the files.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The first of `wanted` that is there, each also without its last parts: `de-AT` finds `de`.
    pub(super) fn language(&self, event: MailEvent, wanted: &[&str]) -> Option<String> {
        wanted.iter().find_map(|lang| {
            let mut lang = lang.to_ascii_lowercase().replace('_', "-");
            loop {
                if self.known.contains(&(event, lang.clone())) {
                    return Some(lang);
                }
                lang.truncate(lang.rfind('-')?);
            }
        })
    }

    /// The file's problem, if it has one.
    pub(super) fn broken(&self, event: MailEvent, lang: &str) -> Option<&Problem> {
        self.broken.get(&(event, lang.to_string()))
    }

    /// Puts `values` in, once: a value is never read as a template.
    pub(super) fn fill(
        &self,
        event: MailEvent,
        lang: &str,
        values: &BTreeMap<&str, String>,
    ) -> Result<Parts, Problem> {
        let part = |ending: &str| {
            let name = format!("{event}.{lang}.{ending}");
            self.env
                .get_template(&name)
                .and_then(|t| t.render(values))
                .map_err(|error| template_problem(&name, &error))
        };
        let html = match self.with_html.contains(&(event, lang.to_string())) {
            true => Some(part("html")?),
            false => None,
        };
        Ok(Parts { subject: part("subject")?, text: part("txt")?, html })
    }

    pub(super) fn report(&mut self, key: Option<Key>, problem: Problem) {
        if let Some(key) = key {
            self.broken.entry(key).or_insert_with(|| problem.clone());
        }
        self.problems.push(problem);
    }

    fn take_folder(&mut self, dir: &Path) {
        let shown = dir.display().to_string();
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => {
                let problem = format!("the template folder cannot be read: {error}");
                let remedy = "create it, or take template_dir out of the configuration".to_string();
                return self.report(None, Problem { file: shown, line: None, problem, remedy });
            }
        };
        if let Some(problem) = writable_by_others(dir) {
            self.report(None, problem);
        }
        let mut names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        for name in names.iter().filter(|name| name.ends_with(".txt") || name.ends_with(".html")) {
            self.take(name, read_text(&dir.join(name)));
        }
    }

    /// Takes one file, in the place of an earlier one for the same event and language.
    fn take(&mut self, name: &str, text: Result<String, String>) {
        let Some((event, lang, ending)) = parse_name(name) else {
            let known: Vec<_> = MailEvent::all().map(MailEvent::as_str).collect();
            return self.report(
                None,
                Problem {
                    file: name.to_string(),
                    line: None,
                    problem: "the name is not EVENT.LANGUAGE.txt or .html".to_string(),
                    remedy: format!("events are {}", known.join(", ")),
                },
            );
        };
        let key = (event, lang);
        self.broken.remove(&key);
        let text = match text {
            Ok(text) => text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
            Err(problem) => {
                self.known.insert(key.clone());
                let remedy = "save it as UTF-8 text that this programme may read".to_string();
                return self
                    .report(Some(key), Problem { file: name.to_string(), line: None, problem, remedy });
            }
        };
        match ending {
            Ending::Text => self.take_text(key, name, &text),
            Ending::Html => {
                self.with_html.insert(key.clone());
                self.compile(key, name.to_string(), text);
            }
        }
    }

    fn take_text(&mut self, key: Key, name: &str, text: &str) {
        self.known.insert(key.clone());
        let mut lines = text.splitn(HEAD_LINES + 1, '\n');
        let subject = lines.next().and_then(|line| line.strip_prefix("Subject:")).map(str::trim);
        let blank = lines.next().is_some_and(|line| line.trim().is_empty());
        let head = match subject {
            None | Some("") => {
                Some((1, "the first line is not a subject", "begin the file with \"Subject: …\""))
            }
            Some(_) if !blank => {
                Some((2, "the second line is not empty", "leave one empty line after the subject"))
            }
            Some(_) => None,
        };
        if let Some((line, problem, remedy)) = head {
            let problem = Problem {
                file: name.to_string(),
                line: Some(line),
                problem: problem.to_string(),
                remedy: remedy.to_string(),
            };
            return self.report(Some(key), problem);
        }
        // The body keeps its place in the file, so that errors name the line the author sees.
        let body = format!("{}{}", "\n".repeat(HEAD_LINES), lines.next().unwrap_or_default());
        let subject = subject.unwrap_or_default().to_string();
        self.compile(key.clone(), format!("{}.{}.subject", key.0, key.1), subject);
        self.compile(key, name.to_ascii_lowercase(), body);
    }

    fn compile(&mut self, key: Key, name: String, source: String) {
        let name = name.to_ascii_lowercase();
        if let Err(error) = self.env.add_template_owned(name.clone(), source) {
            // The earlier template of that name must not stand in for it.
            self.env.remove_template(&name);
            self.report(Some(key), template_problem(&name, &error));
        }
    }
}

#[derive(Clone, Copy)]
enum Ending {
    Text,
    Html,
}

fn parse_name(name: &str) -> Option<(MailEvent, String, Ending)> {
    let (stem, ending) = match name.strip_suffix(".txt") {
        Some(stem) => (stem, Ending::Text),
        None => (name.strip_suffix(".html")?, Ending::Html),
    };
    let (event, lang) = stem.split_once('.')?;
    let is_tag = !lang.is_empty() && lang.split('-').all(|part| (1..=8).contains(&part.len()));
    (is_tag && lang.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')).then_some((
        MailEvent::parse(event)?,
        lang.to_ascii_lowercase(),
        ending,
    ))
}

fn read_text(path: &Path) -> Result<String, String> {
    let meta = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !meta.is_file() {
        return Err("it is not a regular file".to_string());
    }
    if meta.len() > SIZE_LIMIT {
        return Err(format!("it has {} bytes, more than {SIZE_LIMIT}", meta.len()));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_string())
}

fn writable_by_others(dir: &Path) -> Option<Problem> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(dir).ok()?.permissions().mode();
    (mode & 0o002 != 0).then(|| Problem {
        file: dir.display().to_string(),
        line: None,
        problem: "everybody on this machine may change the templates".to_string(),
        remedy: format!("chmod o-w {}", dir.display()),
    })
}

fn template_problem(name: &str, error: &minijinja::Error) -> Problem {
    let problem = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let file = match name.strip_suffix(".subject") {
        Some(stem) => format!("{stem}.txt"),
        None => name.to_string(),
    };
    let line = if name.ends_with(".subject") { Some(1) } else { error.line() };
    Problem { file, line, problem, remedy: "see the template language's rules in the README".to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        check_templates(Some(dir.path())).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_programmes_own_are_complete_and_right() {
        assert_eq!(check_templates(None), []);
        let templates = Templates::load(None);
        for event in MailEvent::all() {
            for lang in built_in::LANGUAGES {
                assert_eq!(templates.language(event, &[lang]).as_deref(), Some(lang), "{event}.{lang}");
            }
        }
        assert_eq!(built_in::FILES.len(), MailEvent::all().len() * built_in::LANGUAGES.len());
    }

    #[test]
    fn languages_fall_back() {
        let templates = Templates::load(None);
        let find = |wanted: &[&str]| templates.language(MailEvent::LogonLink, wanted);
        assert_eq!(find(&["de-AT", "fr", "en"]).as_deref(), Some("de"));
        assert_eq!(find(&["pt_BR", "fr-CA", "en"]).as_deref(), Some("fr"));
        assert_eq!(find(&["", "xx", "en"]).as_deref(), Some("en"));
        assert_eq!(find(&["xx"]), None);
    }

    #[test]
    fn an_office_may_bring_its_own_words_and_languages() {
        let it = "Subject: La richiesta {{ number }}\n\nBuongiorno{% if name %} {{ name }}{% endif %}\n";
        assert_eq!(with(&[("signup_verified.it.txt", it), ("signup_verified.en.txt", it)]), [""; 0]);
    }

    #[test]
    fn problems_name_file_line_and_remedy() {
        let found = with(&[
            ("signup_verified.en.txt", "Subject: {{ number }}\n\nDear {{ nmae }}\n"),
            ("signup_approved.en.txt", "Subject: Hello\n\nall is well\n"),
            ("signup_rejected.en.txt", "Subject: {{ number }}\n\nline three\n{% if text %}\n"),
            ("logon_link.en.txt", "no subject\n"),
            ("logon_sso.en.txt", "Subject: x\nno blank {{ user_name }}\n"),
            ("signup_withdrawn.en.txt", "Subject: {{ number }}\n\n{{ name|shout }}\n"),
            ("party.en.txt", "Subject: x\n\n"),
            ("mail_test.it.html", "<p>{{ sender }}{{ sent }}</p>"),
            ("notes.md", "not a template"),
        ]);
        let has = |needle: &str| assert!(found.iter().any(|p| p.contains(needle)), "{needle} in {found:#?}");
        has("signup_verified.en.txt:3: signup_verified does not provide \"nmae\"");
        has("signup_approved.en.txt: it never says \"number\"");
        has("signup_rejected.en.txt:4");
        has("logon_link.en.txt:1: the first line is not a subject");
        has("logon_sso.en.txt:2: the second line is not empty");
        has("signup_withdrawn.en.txt:3");
        has("party.en.txt: the name is not EVENT.LANGUAGE.txt");
        has("mail_test.it.html: there is no plain text beside it");
        assert_eq!(found.len(), 8, "{found:#?}");
    }

    #[test]
    fn unreadable_files_and_folders_are_said() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mail_test.en.txt"), [0xff, 0xfe]).unwrap();
        assert_eq!(check_templates(Some(dir.path()))[0].problem, "it is not UTF-8");
        assert!(check_templates(Some(Path::new("/no/such/folder")))[0].problem.contains("cannot be read"));
        let templates = Templates::load(Some(dir.path()));
        assert!(templates.broken(MailEvent::MailTest, "en").is_some(), "the built-in one does not stand in");
        assert!(templates.broken(MailEvent::MailTest, "de").is_none());
    }
}
