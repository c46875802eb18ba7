//! The thread that runs commands, so that the screen never waits for the database's lock.

use std::sync::mpsc::{self, Sender};
use std::thread;

use super::effect::{Event, Finished, Work};
use super::runtime::Incoming;
use crate::desk::{Command, Desk, Redo, Undo};
use crate::domain::permission::Actor;

/// What the clerk is asked to do.
#[derive(Debug)]
pub enum Job {
    /// Run commands as one group.
    Run(Work),
    /// Try commands and roll back.
    Preview(Work),
    /// Take the actor's last command back.
    Undo,
    /// Do it again.
    Redo,
    /// Another actor from now on.
    Become(Actor),
}

/// The clerk's desk, as seen from the screen.
#[derive(Debug)]
pub struct Clerk {
    jobs: Sender<Job>,
}

impl Clerk {
    /// Puts the desk on its own thread; results come back as events.
    pub fn start(mut desk: Desk, mut actor: Actor, events: Sender<Incoming>) -> std::io::Result<Clerk> {
        let (jobs, inbox) = mpsc::channel();
        thread::Builder::new().name("clerk".to_owned()).spawn(move || {
            for job in inbox {
                let event = match job {
                    Job::Become(other) => {
                        actor = other;
                        continue;
                    }
                    job => perform(&mut desk, &actor, job),
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
        Job::Undo => run(desk, "undo", Command::Undo(Undo::default())),
        Job::Redo => run(desk, "redo", Command::Redo(Redo)),
        Job::Become(_) => Event::Said(super::effect::Notice::note("")),
    }
}
