//! `mail send`: one pass over the outbox, or with `--watch` a service that also takes in the drop folder and lets old
//! codes expire, until it is told to stop.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::text::to_second;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail::Send;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::settings;
use crate::config::{IdentityMode, process_env};
use crate::desk::hook::HookBox;
use crate::desk::outbox::QueueState;
use crate::desk::{Desk, Postbox, Reader};
use crate::domain::permission::Permission;
use crate::intake::{DropFolder, intake_once};
use crate::mail::stop::Stop;
use crate::mail::worker::{Tally, lock_path, transport};
use crate::mail::{MailSettings, Worker};
use crate::provision;

/// How often the drop folder and the clock are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Sends.
pub fn run(session: &Session, asked: &Send, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    let reader = session.reader()?;
    // Behind SSH the worker is the service account itself, which is nobody on the staff; it owns the file.
    let service = session.config.identity.mode == IdentityMode::Ssh && session.global.actor.is_none();
    if !service {
        session.actor(&reader)?.allow(Permission::MailManage)?;
    }
    let (settings, warning) = settings::sending(&session.config, &session.places, &process_env)
        .map_err(|problem| Failure::new(Exit::Failed, "config", problem.to_string()))?;
    if let Some(warning) = warning {
        out.message(&warning.to_string())?;
    }
    let desk = session.desk()?;
    match asked.watch {
        true => watch(session, (desk, &settings), out),
        false => once(session, (&reader, &settings), out),
    }
}

fn worker(session: &Session, settings: &MailSettings, stop: &Stop) -> Result<Worker<Postbox>, Failure> {
    let postbox = Postbox::open(&session.options)?;
    Ok(Worker::new(postbox, transport(settings), settings.from.clone(), stop.clone()))
}

/// Who tells the office's own portal, if there is one.
fn portal(session: &Session, stop: &Stop) -> Result<Option<provision::Worker>, Failure> {
    let Some(program) = settings::program(&session.config) else { return Ok(None) };
    Ok(Some(provision::Worker::new(HookBox::open(&session.options)?, program, stop.clone())))
}

fn once(
    session: &Session,
    (reader, settings): (&Reader, &MailSettings),
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let mut worker = worker(session, settings, &Stop::new())?;
    let done = worker.run_locked(&lock_path(session.database())).map_err(|error| {
        Failure::new(Exit::Failed, "unavailable", error.to_string())
            .remedy("What was not sent stays in the outbox; run it again.")
    })?;
    let Some(tally) = done else {
        let busy = "Another process is sending the mail of this office already";
        return Err(Failure::new(Exit::Failed, "unavailable", busy)
            .remedy("Leave it to that one; `countersign mail list` shows what it does."));
    };
    // The mail is what was asked for; a portal that does not follow is said by `check` and on the request.
    if let Some(mut portal) = portal(session, &Stop::new())?
        && let Some(tally) = portal.run_locked(&provision::lock_path(session.database()))?
        && tally != provision::Tally::default()
    {
        out.message(&super::portal::said(&tally))?;
    }
    let health = reader.mail_health()?;
    let value = json!({
        "sent": tally.sent, "put_back": tally.waiting, "failed": tally.failed, "paused": tally.paused,
        "queue": health.words(), "waiting": health.waiting, "failed_in_all": health.failed,
    });
    let mut text = said(&tally);
    if health.waiting > 0 {
        text.push_str(&format!(
            "; {} not due yet (`countersign mail list` says until when; `mail retry ID` sends one now)",
            health.waiting
        ));
    }
    if let QueueState::Paused { reason, since } = &health.queue {
        text.push_str(&format!("; the queue stands since {}: {reason}", to_second(*since)));
    }
    out.record(&value, &text)?;
    Ok(match (tally.failed + tally.paused + tally.waiting, tally.sent) {
        (0, _) => Exit::Done,
        (_, 0) => Exit::Failed,
        (_, _) => Exit::Partly,
    })
}

fn said(tally: &Tally) -> String {
    let parts = [
        (tally.sent, "sent"),
        (tally.waiting, "to be tried again"),
        (tally.failed, "failed"),
        (tally.paused, "stopped the queue"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if parts.is_empty() { "Nothing was due".into() } else { parts.join(", ") }
}

/// What the watching threads tell.
enum News {
    Portal(String),
    Mail(Result<Tally, String>),
    Intake(Result<Vec<String>, String>),
    Expired(usize),
    Over,
}

fn watch(
    session: &Session,
    (desk, settings): (Desk, &MailSettings),
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    // One handle each: a nudge is taken by whoever waits on it.
    let (mail, rounds) = (Stop::new(), Stop::new());
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let handle = signals.handle();
    let followed = Stop::new();
    let portal = portal(session, &followed)?;
    let told = [mail.clone(), rounds.clone(), followed.clone()];
    let signals = std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            told.iter().for_each(Stop::stop);
        }
    });
    let mut worker = worker(session, settings, &mail)?;
    let lock = lock_path(session.database());
    let folder = drop_folder(session)?;
    let (tell, news) = mpsc::channel();
    let printed = std::thread::scope(|scope| {
        let to_us = tell.clone();
        scope.spawn(move || {
            worker.run(&lock, |pass| drop(to_us.send(News::Mail(pass.map_err(|e| e.to_string())))));
            let _gone = to_us.send(News::Over);
        });
        if let Some(mut portal) = portal {
            let (lock, tell) = (provision::lock_path(session.database()), tell.clone());
            scope.spawn(move || {
                portal.run(&lock, |pass| {
                    let words =
                        pass.map_or_else(|error| error.to_string(), |tally| super::portal::said(&tally));
                    let _gone = tell.send(News::Portal(words));
                });
            });
        }
        scope.spawn(|| look_around((desk, folder), (&rounds, &mail), &tell));
        let mut print = || -> Result<(), Failure> {
            out.message("Sending mail as it falls due; Ctrl-C stops.")?;
            for item in &news {
                match item {
                    News::Over => return Ok(()),
                    other => say(other, out)?,
                }
            }
            Ok(())
        };
        let printed = print();
        [&mail, &rounds, &followed].into_iter().for_each(Stop::stop);
        printed
    });
    handle.close();
    let _joined = signals.join();
    printed?;
    Ok(Exit::Done)
}

fn say(news: News, out: &mut Output<'_>) -> Result<(), Failure> {
    match news {
        News::Portal(said) => out.message(&said)?,
        News::Mail(Ok(tally)) => out.message(&said(&tally))?,
        News::Mail(Err(error)) | News::Intake(Err(error)) => out.message(&error)?,
        News::Intake(Ok(lines)) => lines.iter().try_for_each(|line| out.message(line))?,
        News::Expired(count) => {
            out.message(&format!("{count} came due: codes that ran out, reminders, escalations"))?
        }
        News::Over => {}
    }
    Ok(())
}

/// The office's drop folder, if it has one.
pub fn drop_folder(session: &Session) -> Result<Option<DropFolder>, Failure> {
    let signup = &session.config.signup;
    let open = |dir: &std::path::PathBuf| DropFolder::open(dir, signup.intake_settle_seconds);
    Ok(signup.intake_dir.as_ref().map(open).transpose()?)
}

fn look_around(
    (mut desk, mut folder): (Desk, Option<DropFolder>),
    (stop, mail): (&Stop, &Stop),
    tell: &mpsc::Sender<News>,
) {
    while !stop.is_stopping() {
        if let Ok(expired @ 1..) = desk.sweep() {
            let _gone = tell.send(News::Expired(expired));
        }
        if let Some(folder) = &mut folder {
            let taken = intake_once(&mut desk, folder).map_err(|problem| problem.to_string());
            let lines = taken.map(|files| files.iter().map(ToString::to_string).collect::<Vec<_>>());
            if lines.as_ref().is_ok_and(|lines| !lines.is_empty()) || lines.is_err() {
                let _gone = tell.send(News::Intake(lines));
                mail.nudge();
            }
        }
        stop.wait(LOOK_EVERY);
    }
}
