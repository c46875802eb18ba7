//! The command line as it is typed: it parses, it refuses what makes no sense, and nothing is without help.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("countersign").chain(line.split_whitespace()))
}

#[test]
fn the_definition_holds() {
    Cli::command().debug_assert();
}

#[test]
fn nothing_is_without_help() {
    fn look(command: &clap::Command, name: &str, silent: &mut Vec<String>) {
        if command.get_about().is_none() {
            silent.push(name.to_owned());
        }
        silent.extend(
            command
                .get_arguments()
                .filter(|arg| arg.get_help().is_none())
                .map(|arg| format!("{name} {}", arg.get_id())),
        );
        for sub in command.get_subcommands() {
            look(sub, &format!("{name} {}", sub.get_name()), silent);
        }
    }
    let mut silent = Vec::new();
    look(&Cli::command(), "countersign", &mut silent);
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn what_the_office_types_is_understood() {
    for line in [
        "",
        "--read-only --theme dark --ascii",
        "signup submit --file form.json",
        "signup submit --file -",
        "signup submit --company A --last-name B --email a@b.example --country DE --dry-run",
        "signup list --state verified_by_user --filter country:DE --sort company --descending --limit 0 --json",
        "signup list --mine --after REG-12 --jsonl",
        "signup show REG-132",
        "signup edit REG-1 --set email=x@y.example --set fax= --note typo",
        "signup verify ABCD-EFGH-JKLM",
        "signup verify REG-1 --by phone --note called",
        "signup resend REG-1 REG-2",
        "signup approve - --yes",
        "signup approve REG-1 --override known",
        "signup reject REG-1 --reason spam --no-mail --note x",
        "signup reject REG-1 --reason duplicate --reply text",
        "signup withdraw --code ABCD",
        "signup withdraw REG-1 --reason phoned",
        "signup reopen REG-1 --reason mistake",
        "signup create REG-1 --template standard --role customer --authentication external_sso --set credit_limit=5000",
        "signup create REG-1 --existing C-12 --contact CON-3",
        "signup duplicates REG-1 --not C-12",
        "signup assign REG-1 --to maria",
        "signup assign REG-1 --nobody",
        "customer list",
        "customer show C-417",
        "customer new --set name=A --set country=DE",
        "contact list --filter lima",
        "contact show CON-1",
        "template list",
        "template show standard",
        "template new standard --from C-1",
        "template edit standard --set currency=EUR --offered no",
        "portal-user list --json",
        "portal-user show ana",
        "user-request list",
        "user-request show UR-1",
        "user-request submit UR-1",
        "mail list --state failed",
        "mail show 12",
        "mail send --watch",
        "mail retry 12 13",
        "mail cancel 12 --reason wrong",
        "mail test a@b.example",
        "mail preview signup_approved REG-1 --language de",
        "mail unpause",
        "staff list",
        "staff new maria --name Maria --role approver --role auditor",
        "staff edit maria --active no",
        "staff grant maria approver",
        "staff revoke maria approver",
        "staff authorized-keys maria --key id.pub",
        "role list",
        "import signups FILE.csv --dry-run --result out.csv",
        "match --customers c.csv --queries q.csv --out o.jsonl --top 5",
        "init",
        "check",
        "demo",
        "db check",
        "db backup",
        "db restore x.db",
        "db stats",
        "history",
        "history REG-1 --limit 0",
        "history --verify",
        "why REG-1",
        "undo",
        "redo",
        "search lima lisboa",
        "config show",
        "config example",
        "paths",
        "schema signup",
        "completions bash",
        "man",
        "--as maria signup list",
        "signup list --db x.db --config y.toml --color never",
    ] {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_status_2() {
    for line in [
        "signup approve",
        "signup submit --file a.json --company B",
        "signup verify REG-1 --by phone",
        "signup reject REG-1",
        "signup reject REG-1 --reason spam --reply x --no-mail",
        "signup reopen REG-1",
        "signup withdraw REG-1",
        "signup withdraw REG-1 --code X",
        "signup create REG-1 --existing C-1 --template x",
        "signup edit REG-1 --set nonsense",
        "staff new maria --name Maria",
        "history REG-1 --verify",
        "signup list --json --jsonl",
        "--as maria --actor jens signup list",
        "mail show twelve",
        "frobnicate",
    ] {
        let error = parse(line).err().unwrap_or_else(|| panic!("{line} was accepted"));
        assert_eq!(error.exit_code(), i32::from(Exit::Usage.code()), "{line}");
    }
}

#[test]
fn every_field_of_a_sign_up_has_its_flag() {
    let command = Cli::command();
    let submit = command.find_subcommand("signup").and_then(|noun| noun.find_subcommand("submit")).unwrap();
    let flags: Vec<_> = submit.get_arguments().filter_map(clap::Arg::get_long).collect();
    for name in crate::intake::field::NAMES {
        assert!(flags.contains(&name.replace('_', "-").as_str()), "{name}");
    }
}

#[test]
fn completions_and_manual_name_every_noun() {
    let mut page = Vec::new();
    manual::page(&mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    let mut script = Vec::new();
    manual::completions(&manual::Completions { shell: clap_complete::Shell::Bash }, &mut script).unwrap();
    let script = String::from_utf8(script).unwrap();
    for noun in Cli::command().get_subcommands() {
        assert!(script.contains(noun.get_name()), "{}", noun.get_name());
        assert!(
            page.contains(&format!(".SS countersign {}", noun.get_name().replace('-', "\\-"))),
            "{}",
            noun.get_name()
        );
    }
}

/// Words as a shell parts them; quotation marks keep a blank.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("one at least").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_in_the_documents_is_understood() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    // Prose may name a command without what it needs.
    let harmless = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion, ErrorKind::MissingRequiredArgument];
    let mut wrong = Vec::new();
    let mut seen = 0;
    for document in ["README.md", "ARCHITECTURE.md", "assets/workflows.toml"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let lines = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned());
        let spans = text.split('`').skip(1).step_by(2).map(str::to_owned);
        for line in lines.chain(spans).filter(|line| line.starts_with("countersign ") && !line.contains('\n'))
        {
            // What is piped away, and the names of nouns alone, are no whole commands.
            let line = line.split(" > ").next().unwrap_or(&line).replace('…', "x");
            let words = words(&line);
            if words.len() < 2 {
                continue;
            }
            seen += 1;
            let values: Vec<String> = words.iter().map(|w| w.replace("VERSION", "1")).collect();
            if let Err(error) = Cli::try_parse_from(&values)
                && !harmless.contains(&error.kind())
            {
                wrong.push(format!("{document}: {line}: {}", error.to_string().lines().next().unwrap_or("")));
            }
        }
    }
    assert!(seen > 20, "the documents name commands: {seen}");
    assert_eq!(wrong, Vec::<String>::new());
}
