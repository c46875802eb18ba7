//! Completions and the manual page, both from the one definition of the command line.

use std::io::{self, Write};

use clap::{Args, CommandFactory};

use super::Cli;

/// `completions`
#[derive(Args, Clone, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

/// Writes the completions.
pub fn completions(asked: &Completions, to: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::command(), "countersign", &mut script);
    to.write_all(&script)
}

/// Writes the manual page: the command and every sub-command, one after the other.
pub fn page(to: &mut dyn Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let man = clap_mangen::Man::new(command.clone());
    man.render(to)?;
    to.write_all(b".SH COMMANDS IN FULL\n")?;
    sub_commands(&command, "countersign", to)
}

fn sub_commands(command: &clap::Command, name: &str, to: &mut dyn Write) -> io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let full = format!("{name} {}", sub.get_name());
        if sub.has_subcommands() {
            sub_commands(sub, &full, to)?;
            continue;
        }
        let man = clap_mangen::Man::new(sub.clone());
        writeln!(to, ".SS {}", full.replace('-', "\\-"))?;
        man.render_description_section(to)?;
        man.render_options_section(to)?;
    }
    Ok(())
}
