//! From the command line to the terminal interface: on the office's database, or on a sample office. Mail, the clock and
//! the drop folder are looked after beside the screen.

use std::path::Path;

use countersign::chores::{Chores, Round};
use countersign::cli::args::Colour;
use countersign::cli::office::Demo;
use countersign::cli::run::drop_folder;
use countersign::cli::{Cli, Exit, Failure, Output, Session, ThemeFlag, identity, settings};
use countersign::config::{Keys, Screen, Theme, process_env};
use countersign::demo::{self, Options};
use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::desk::{Command, Desk, OpenOptions, Reader};
use countersign::domain::permission::How;
use countersign::intake::intake_once;
use countersign::mail::MailSettings;
use countersign::provision::Program;
use countersign::tui::effect::Mouse;
use countersign::tui::keymap::Layout;
use countersign::tui::open::{CannotOpen, Opening, Stage, StartChores, open};
use countersign::tui::runtime::can_open;
use countersign::tui::theme::SignSet;
use countersign::tui::theme::detect::{ColorWish, ThemeWish, VARS, Vars, Wishes};
use serde_json::json;

/// The terminal interface on the office's database.
pub fn office(cli: &Cli, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let vars = vars();
    ready(&vars)?;
    let session = Session::start(&cli.global)?;
    session.may_write()?;
    let actor = session.actor_by(&session.reader()?, How::Screen)?;
    let mut rounds: Vec<Round> = Vec::new();
    if let Some(mut folder) = drop_folder(&session)? {
        rounds.push(Box::new(move |desk| match intake_once(desk, &mut folder) {
            Ok(files) => files.iter().for_each(|file| tracing::info!(%file, "taken in")),
            Err(error) => tracing::warn!(%error, "drop folder"),
        }));
    }
    let chores = match settings::sending(&session.config, &session.places, &process_env) {
        Ok((mail, _warning)) => {
            Some(chores(&session.options, mail, rounds, settings::program(&session.config)))
        }
        Err(problem) => {
            out.message(&format!("Mail waits, since {problem}"))?;
            None
        }
    };
    let opening = Opening {
        options: session.options.clone(),
        actor,
        stage: Stage::Office,
        wishes: wishes(cli, &session.config.screen),
        layout: layout(&session.config.screen),
        own_keys: own_keys(&session.config.screen),
        vars,
        editor: editor(),
        state_dir: session.places.draft_dir(),
        mouse: mouse(&session.config.screen),
        chores,
    };
    countersign::files::private_directory(&opening.state_dir)?;
    open(opening).map_err(why_not)?;
    Ok(Exit::Done)
}

/// The same on a sample office; its mail goes to the folder that is named.
pub fn demo(cli: &Cli, asked: &Demo, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let vars = vars();
    if !asked.no_screen {
        ready(&vars)?;
    }
    // Before anything is made, so that it is made for nobody else to read.
    let session = Session::start_with_any_config(&cli.global)?;
    let keep = asked.keep.as_deref().map(std::path::absolute).transpose()?;
    let options = Options { customers: asked.customers, signups: asked.signups, keep };
    let mut trouble = Ok(());
    let made = demo::make(&options, &mut |what, count| {
        if trouble.is_ok() {
            trouble = out.progress(&format!("Making {what}: {count}"));
        }
    })?;
    trouble?;
    out.progress("")?;
    let you = enter(&made.open)?;
    let staff: Vec<&str> = demo::staff().iter().map(|row| row.login).collect();
    let said = format!(
        "Sample office in {}\nmail goes to {}\nfrom another shell: countersign --db {} … (you are {you}; --as {} acts as one of the staff)",
        made.dir.display(),
        made.mail_folder.display(),
        made.database.display(),
        demo::LOGIN,
    );
    if asked.no_screen {
        let value = json!({
            "dir": made.dir.display().to_string(), "database": made.database.display().to_string(),
            "mail_folder": made.mail_folder.display().to_string(), "you": you, "staff": staff,
        });
        out.record(&value, &said)?;
        return Ok(Exit::Done);
    }
    out.message(&said)?;
    let login = cli.global.acting_as.as_deref().unwrap_or(demo::LOGIN);
    let actor = Reader::open(&made.open)?.actor(login, How::Screen)?;
    let opening = Opening {
        options: made.open.clone(),
        actor,
        stage: Stage::Demo,
        wishes: wishes(cli, &session.config.screen),
        layout: layout(&session.config.screen),
        own_keys: own_keys(&session.config.screen),
        vars,
        editor: editor(),
        state_dir: made.dir.clone(),
        mouse: mouse(&session.config.screen),
        chores: Some(chores(&made.open, made.mail.clone(), Vec::new(), None)),
    };
    let closed = open(opening).map_err(why_not);
    if options.keep.is_some() {
        out.message(&said)?;
    }
    closed.map(|()| Exit::Done)
}

/// Puts whoever runs the demo on its staff, so that the command line works on it too; gives their login.
fn enter(options: &OpenOptions) -> Result<String, Failure> {
    let uid = rustix::process::getuid().as_raw();
    let login = identity::login_of(uid);
    let mut desk = Desk::open(options.clone())?;
    let reader = desk.reader()?;
    if reader.staff()?.iter().any(|row| row.login == login) {
        return Ok(login);
    }
    let first = demo::staff().first().map(|row| row.login).unwrap_or(demo::LOGIN);
    let admin = reader.actor(first, How::CommandLine)?;
    let add = AddStaff {
        login: login.clone(),
        name: identity::name_of(uid).unwrap_or_else(|| login.clone()),
        email: None,
        roles: vec!["administrator".into()],
        person: None,
        traits: Traits::default(),
    };
    desk.execute(&admin, Command::AddStaff(add))?;
    Ok(login)
}

/// Mail, sweep and rounds start once the first frame stands, so that nothing optional delays it.
fn chores(
    options: &OpenOptions,
    mail: MailSettings,
    rounds: Vec<Round>,
    program: Option<Program>,
) -> StartChores {
    let options = options.clone();
    Box::new(move || Chores::start(&options, mail, rounds, program))
}

fn mouse(screen: &Screen) -> Mouse {
    if screen.mouse { Mouse::On } else { Mouse::Off }
}

/// Refused where there is no terminal, before anything is made (trust.md, Faults).
fn ready(vars: &Vars) -> Result<(), Failure> {
    can_open(vars.get("TERM").map(String::as_str)).map_err(no_terminal)
}

fn no_terminal(why: String) -> Failure {
    Failure::new(Exit::Failed, "no_terminal", why)
}

fn why_not(cannot: CannotOpen) -> Failure {
    match cannot {
        CannotOpen::NoTerminal(why) => no_terminal(why),
        CannotOpen::Keys(why) => {
            Failure::new(Exit::Failed, "config", format!("keys in [screen.bind]: {why}"))
                .remedy("Correct the config file; `?` on the screen shows every action.")
        }
        CannotOpen::Desk(error) => error.into(),
        CannotOpen::Terminal(error) => error.into(),
    }
}

fn vars() -> Vars {
    VARS.iter().filter_map(|name| Some((*name, process_env(name)?.to_string_lossy().into_owned()))).collect()
}

fn editor() -> Option<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(process_env)?;
    Some(named.to_string_lossy().into_owned()).filter(|editor| Path::new(editor) != Path::new(""))
}

/// Flags go before the config.
fn wishes(cli: &Cli, screen: &Screen) -> Wishes {
    let (theme, mono) = match (cli.screen.theme, screen.theme) {
        (Some(ThemeFlag::Dark), _) | (None, Theme::Dark) => (ThemeWish::Dark, Mono::No),
        (Some(ThemeFlag::Light), _) | (None, Theme::Light) => (ThemeWish::Light, Mono::No),
        (Some(ThemeFlag::Mono), _) | (None, Theme::Mono) => (ThemeWish::Auto, Mono::Yes),
        (Some(ThemeFlag::Auto), _) | (None, Theme::Auto) => (ThemeWish::Auto, Mono::No),
    };
    let color = match (cli.global.color, mono) {
        (Colour::Never, _) | (Colour::Auto, Mono::Yes) => ColorWish::Never,
        (Colour::Always, _) => ColorWish::Always,
        (Colour::Auto, Mono::No) => ColorWish::Auto,
    };
    Wishes { color, theme, signs: (cli.screen.ascii || screen.ascii).then_some(SignSet::Ascii) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mono {
    Yes,
    No,
}

fn layout(screen: &Screen) -> Layout {
    match screen.keys {
        Keys::Vim => Layout::Vim,
        Keys::Plain => Layout::Plain,
    }
}

/// Each own key with its action.
fn own_keys(screen: &Screen) -> Vec<(String, String)> {
    let pairs =
        screen.bind.iter().flat_map(|bind| bind.keys.iter().map(|key| (key.clone(), bind.action.clone())));
    pairs.collect()
}
