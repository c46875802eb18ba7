//! The command line as people read it: the help of every command is pinned, so that a change of words is seen.

use clap::CommandFactory;
use countersign::cli::Cli;

fn helps(command: &mut clap::Command, name: &str, page: &mut String) {
    let help = command.render_help().to_string();
    // The flags that every command takes are pinned once, at the top.
    let own =
        help.find("\nEverywhere:").filter(|_| name.contains(' ')).map_or(help.as_str(), |end| &help[..end]);
    page.push_str(&format!("=== {name}\n{own}\n"));
    let subs: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).filter(|sub| sub != "help").collect();
    for sub in subs {
        let found = command.find_subcommand_mut(&sub).expect("it was just listed");
        helps(found, &format!("{name} {sub}"), page);
    }
}

#[test]
fn the_help_of_every_command_is_pinned() {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut page = String::new();
    helps(&mut command, "countersign", &mut page);
    assert_eq!(page.matches("\nEverywhere:").count(), 1);
    insta::assert_snapshot!(page);
}
