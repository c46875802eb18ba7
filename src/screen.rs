//! From the command line to the terminal interface: on the office's database, or on a sample office. Mail, the clock and
//! the drop folder are looked after beside the screen.

use std::path::Path;

use countersign::chores::{Chores, Round};
use countersign::cli::args::Colour;
use countersign::cli::office::Demo;
use countersign::cli::run::{KeyTable, drop_folder};
use countersign::cli::{Cli, Exit, Failure, Output, Session, ThemeFlag, identity, settings};
use countersign::config::{Binding, Keys, Screen, Theme, process_env};
use countersign::demo::{self, Options};
use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::desk::{Command, Desk, OpenOptions, Reader};
use countersign::domain::permission::How;
use countersign::intake::{DropFolder, intake_once};
use countersign::mail::MailSettings;
use countersign::provision::Program;
use countersign::tui::effect::Mouse;
use countersign::tui::keymap::{Keymap, Layout, OwnKeys};
use countersign::tui::open::{Again, CannotOpen, Opening, ReadAgain, Stage, StartChores, open};
use countersign::tui::runtime::{Titles, can_open};
use countersign::tui::theme::SignSet;
use countersign::tui::theme::detect::{ColorWish, ThemeWish, VARS, Vars, Wishes};
use serde_json::json;

/// The terminal interface on the office's database.
pub fn office(cli: &Cli, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let vars = vars();
    ready(&vars)?;
    let session = Session::start(&cli.global)?;
    let read_only = session.read_only();
    let reader = session.migrated_reader()?;
    let actor = session.actor_by(&reader, How::Screen)?;
    let mut rounds: Vec<Round> = Vec::new();
    let writes = read_only.is_none();
    if let Some(mut folder) = if writes { drop_folder(&session)? } else { None } {
        rounds.push(Box::new(move |desk| take_in(desk, &mut folder)));
    }
    let chores = match settings::sending(&session.config, &session.places, &process_env) {
        _ if !writes => None,
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
        reader,
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
        read_only,
        titles: titles(&session.config.screen),
        said: session.loaded.problems.iter().map(|problem| format!("config, {problem}")).collect(),
        again: read_again(cli, &session),
    };
    match countersign::files::private_directory(&opening.state_dir) {
        // Where nothing can be written, nothing has to be kept either.
        Err(_) if opening.read_only.is_some() => {}
        made => made?,
    }
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
    let reader = Reader::open(&made.open)?;
    let actor = reader.actor(login, How::Screen)?;
    let opening = Opening {
        options: made.open.clone(),
        reader,
        actor,
        stage: Stage::Demo,
        wishes: wishes(cli, &session.config.screen),
        layout: layout(&session.config.screen),
        own_keys: own_keys(&session.config.screen),
        vars,
        editor: editor(),
        state_dir: made.dir.clone(),
        mouse: mouse(&session.config.screen),
        chores: session
            .wished_read_only()
            .is_none()
            .then(|| chores(&made.open, made.mail.clone(), Vec::new(), None)),
        read_only: session.wished_read_only(),
        titles: titles(&session.config.screen),
        said: Vec::new(),
        again: look_again(cli, &session, made.open.clone()),
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

/// The lines of `[screen.bind]`.
fn own_keys(screen: &Screen) -> Vec<OwnKeys> {
    let line =
        |bind: &Binding| OwnKeys { action: bind.action.clone(), keys: bind.keys.clone(), line: bind.line };
    screen.bind.iter().map(line).collect()
}

/// The whole key map with what is wrong in `[screen.bind]`: for `countersign keys` and `check`.
pub fn keys(screen: &Screen) -> KeyTable {
    let (keymap, problems) = Keymap::new(layout(screen), &own_keys(screen));
    KeyTable { rows: keymap.table(), problems: problems.iter().map(ToString::to_string).collect() }
}

fn titles(screen: &Screen) -> Titles {
    if screen.title { Titles::Set } else { Titles::Left }
}

/// `:reload` in an office: what hangs on the start stays until the next one, and is named.
fn read_again(cli: &Cli, session: &Session) -> ReadAgain {
    let (cli, first) = (cli.clone(), session.config.clone());
    let path = session.options.path.clone();
    Box::new(move || {
        let session = reread(&cli)?;
        let mut options = session.options.clone();
        options.path.clone_from(&path);
        let mut chores_now = None;
        if session.read_only().is_none() {
            let (mail, _) = settings::sending(&session.config, &session.places, &process_env)
                .map_err(|problem| format!("the old settings stay: {problem}"))?;
            let mut rounds: Vec<Round> = Vec::new();
            if let Some(mut folder) = drop_folder(&session).map_err(|failure| failure.text())? {
                rounds.push(Box::new(move |desk| take_in(desk, &mut folder)));
            }
            chores_now = Some(chores(&options, mail, rounds, settings::program(&session.config)));
        }
        let config = &session.config;
        let waits: Vec<&str> = [
            ("database.path", config.database_path(&session.places) != path),
            ("identity.mode", config.identity.mode != first.identity.mode),
            ("screen.read_only", config.screen.read_only != first.screen.read_only),
            ("log.level", config.log.level != first.log.level),
        ]
        .into_iter()
        .filter_map(|(key, changed)| changed.then_some(key))
        .collect();
        let said = match waits.as_slice() {
            [] => "the config file was read again".to_owned(),
            keys => format!("the config file was read again; {} only at the next start", keys.join(", ")),
        };
        Ok(Again { chores: chores_now, said, ..looks(&cli, &session, options) })
    })
}

/// `:reload` in the demo: keys and looks; the sample office has its own rules.
fn look_again(cli: &Cli, _session: &Session, options: OpenOptions) -> ReadAgain {
    let cli = cli.clone();
    Box::new(move || {
        let session = reread(&cli)?;
        let said = "keys and looks were read again; the sample office keeps its own rules".to_owned();
        Ok(Again { said, ..looks(&cli, &session, options.clone()) })
    })
}

/// The config as it is now; anything wrong in it, and the old one stays.
fn reread(cli: &Cli) -> Result<Session, String> {
    let session = Session::start_with_any_config(&cli.global).map_err(|failure| failure.text())?;
    match session.loaded.problems.as_slice() {
        [] => Ok(session),
        problems => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let file = session.loaded.file.as_deref().unwrap_or(&session.places.config_file);
            Err(format!("the old settings stay: {}: {}", file.display(), lines.join("; ")))
        }
    }
}

fn looks(cli: &Cli, session: &Session, options: OpenOptions) -> Again {
    let screen = &session.config.screen;
    Again {
        options,
        wishes: wishes(cli, screen),
        layout: layout(screen),
        own_keys: own_keys(screen),
        mouse: mouse(screen),
        titles: titles(screen),
        chores: None,
        said: String::new(),
    }
}

fn take_in(desk: &mut Desk, folder: &mut DropFolder) {
    match intake_once(desk, folder) {
        Ok(files) => files.iter().for_each(|file| tracing::info!(%file, "taken in")),
        Err(error) => tracing::warn!(%error, "drop folder"),
    }
}
