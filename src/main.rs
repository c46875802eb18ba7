//! The binary: parse, dispatch, exit status. What goes wrong is told once, in the form that was asked for.

mod screen;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;
use clap::error::ErrorKind;
use countersign::cli::forced::No;
use countersign::cli::{self, Cli, Exit, Failure, Global, Output, Screens};
use countersign::domain::text::display_block;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(on_panic));
    // A limit on file sizes then comes back as an error of the write, told like a full disk, instead of killing us.
    let limit = Arc::new(AtomicBool::new(false));
    let _without = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, limit);
    let mut words: Vec<OsString> = std::env::args_os().collect();
    let mut cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error, &words),
    };
    let typed = countersign::config::process_env("SSH_ORIGINAL_COMMAND");
    if let Some(typed) = cli::forced::words(&cli, typed) {
        let line = typed.map_err(No::Rule).and_then(|typed| {
            words = typed.iter().map(OsString::from).collect();
            cli::forced::line(&cli, &typed)
        });
        cli = match line {
            Ok(line) => line,
            Err(No::Typed(error)) => return wrong_usage(&error, &words),
            Err(No::Rule(failure)) => return told(&failure, &words),
        };
    }
    let mut out = Output::of_process(&cli.global, cli::output::terminal_columns());
    let screens = Screens { office: screen::office, keys: screen::keys, demo: screen::demo };
    let exit = match cli::run(cli, screens, &mut out) {
        Ok(exit) => exit,
        Err(failure) if failure.kind == Failure::GONE => failure.exit,
        Err(failure) => out.failure(&failure).map_or(Exit::Failed, |()| failure.exit),
    };
    match out.flush() {
        Ok(()) => exit.into(),
        Err(error) => cli::output::write_failed(&error).into(),
    }
}

/// Help and version are data; everything else that clap says is wrong usage, in JSON where that was asked for.
fn wrong_usage(error: &clap::Error, words: &[OsString]) -> ExitCode {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let json = words.iter().any(|word| word == "--json" || word == "--jsonl");
    if help || !json {
        let said = error.render();
        // What was typed is repeated there, and may be a stranger's text that a script passed on.
        let typed = words.iter().any(|word| word.to_str().is_none_or(|word| display_block(word) != word));
        // Nobody to tell when this fails: the reader went away.
        let _gone = match help || !typed {
            true => error.print(),
            false => write!(std::io::stderr(), "{}", display_block(&said.to_string())),
        };
        return if help { Exit::Done.into() } else { Exit::Usage.into() };
    }
    let text = error.render().to_string();
    let said = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    told(&Failure::usage(said).remedy("See --help."), words)
}

/// A failure before there is a command line, in the form that these words ask for.
fn told(failure: &Failure, words: &[OsString]) -> ExitCode {
    let asked = |flag: &str| words.iter().any(|word| word == flag);
    let global = Global { json: asked("--json"), jsonl: asked("--jsonl"), ..Global::default() };
    // Nobody to tell when this fails: the reader went away.
    let _gone = Output::of_process(&global, None).failure(failure);
    failure.exit.into()
}

/// A bug: one clean line for the person, the place for the report; nothing was saved, since the transaction is gone.
fn on_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let said = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    tracing::error!(place, said, "panic");
    let said = countersign::domain::text::display_line(said);
    // After a hang-up there is nobody to tell, and a panic in here would abort.
    let _gone = writeln!(
        std::io::stderr(),
        "countersign: internal error at {place}: {said}. What was not confirmed was not saved; please report this."
    );
}
