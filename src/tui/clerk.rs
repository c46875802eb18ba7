//! The thread that runs commands, so that the screen never waits for the database's lock.

use std::sync::mpsc::{self, Sender};
use std::thread;

use super::effect::{Event, Finished, Work};
use super::runtime::Incoming;
use crate::desk::{Command, Desk, Error, OpenOptions, Redo, Undo};
use crate::domain::permission::Actor;

/// What the clerk is asked to do.
#[derive(Debug)]
pub enum Job {
    /// Run commands as one group.
    Run(Work),
    /// Try commands and roll back.
    Preview(Work),
    /// Take the actor's last command back, or this group.
    Undo(Option<i64>),
    /// Do it again.
    Redo,
    /// Another actor from now on.
    Become(Actor),
    /// Another desk from now on: the office's settings have changed.
    Reopen(OpenOptions),
}

/// The clerk's desk, as seen from the screen.
#[derive(Debug)]
pub struct Clerk {
    jobs: Sender<Job>,
}

impl Clerk {
    /// Puts the desk on its own thread; results come back as events.
    ///
    /// The desk is opened with the first job: the first frame does not wait for it.
    pub fn start(
        mut options: OpenOptions,
        mut actor: Actor,
        events: Sender<Incoming>,
    ) -> std::io::Result<Clerk> {
        let (jobs, inbox) = mpsc::channel();
        thread::Builder::new().name("clerk".to_owned()).spawn(move || {
            let mut opened = None;
            for job in inbox {
                let job = match job {
                    Job::Become(other) => {
                        actor = other;
                        continue;
                    }
                    Job::Reopen(other) => {
                        (opened, options) = (None, other);
                        continue;
                    }
                    job => job,
                };
                let event = match (job, open(&mut opened, &options)) {
                    (job, Ok(desk)) => perform(desk, &actor, job),
                    (job, Err(error)) => could_not(job, error),
                };
                if events.send(Incoming::Event(event)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Clerk { jobs })
    }

    /// Asks for something; the answer comes as an event.
    pub fn send(&self, job: Job) {
        if self.jobs.send(job).is_err() {
            tracing::error!("the thread that runs commands is gone");
        }
    }
}

fn open<'a>(desk: &'a mut Option<Desk>, options: &OpenOptions) -> Result<&'a mut Desk, Error> {
    if desk.is_none() {
        *desk = Some(Desk::open(options.clone())?);
    }
    desk.as_mut().ok_or_else(|| Error::Bug("the desk was opened and is gone".to_owned()))
}

/// The desk cannot be opened: the form stays open, and the reader is told.
fn could_not(job: Job, error: Error) -> Event {
    let (label, about) = match job {
        Job::Run(work) | Job::Preview(work) => (work.label, work.about),
        Job::Undo(_) | Job::Redo | Job::Become(_) | Job::Reopen(_) => ("undo".to_owned(), Vec::new()),
    };
    Event::Finished(Finished { label, about, results: vec![Err(error)] })
}

/// Does one job at the desk. Public so that tests can do the same without a thread.
pub fn perform(desk: &mut Desk, actor: &Actor, job: Job) -> Event {
    let run = |desk: &mut Desk, label: &str, command| {
        let results = vec![desk.execute(actor, command)];
        Event::Finished(Finished { label: label.to_owned(), about: Vec::new(), results })
    };
    match job {
        Job::Run(Work { label, commands, about }) => {
            let results = desk.execute_all(actor, commands);
            Event::Finished(Finished { label, about, results })
        }
        Job::Preview(Work { label, commands, about }) => {
            let results = desk.preview(actor, commands);
            Event::Previewed(Finished { label, about, results })
        }
        Job::Undo(group) => run(desk, "undo", Command::Undo(Undo { group })),
        Job::Redo => run(desk, "redo", Command::Redo(Redo)),
        Job::Become(_) | Job::Reopen(_) => Event::Said(super::effect::Notice::note("")),
    }
}
