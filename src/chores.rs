//! Work beside the screen, in threads of their own with their own connections: the mail worker, the sweep that lets
//! old codes run out, and whatever takes files in. A chore that fails is said in the log and tried again; it never
//! stops the person at the keys.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::desk::hook::HookBox;
use crate::desk::{Desk, OpenOptions, Postbox};
use crate::mail::MailSettings;
use crate::mail::stop::Stop;
use crate::mail::worker::{Worker, lock_path, transport};
use crate::provision::{self, Program};

/// The first frame has the machine to itself.
const AFTER_YOU: Duration = Duration::from_millis(400);

/// How often the sweep and the intake look.
const ROUND: Duration = Duration::from_secs(5);

/// Every so many rounds it is looked whether the office has changed so much that duplicates are judged anew.
const ROUNDS_BETWEEN_ESTIMATES: u32 = 720;

/// Something done on every round: taking files in.
pub type Round = Box<dyn FnMut(&mut Desk) + Send>;

/// Running chores; they end when this is dropped, after the mail that is being sent has been answered for.
pub struct Chores {
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
}

impl Chores {
    /// Starts mail and rounds. Opening connections happens in the threads, so that this costs nothing.
    /// `program` is told of portal users; none: the office has none.
    pub fn start(
        options: &OpenOptions,
        mail: MailSettings,
        rounds: Vec<Round>,
        program: Option<Program>,
    ) -> std::io::Result<Chores> {
        let stop = Stop::new();
        let mut threads = Vec::new();
        if let Some(program) = program {
            let (options, stop) = (options.clone(), stop.clone());
            let follow = move || follow(&options, program, &stop);
            threads.push(thread::Builder::new().name("portal".into()).spawn(follow)?);
        }
        let post = {
            let (options, stop) = (options.clone(), stop.clone());
            thread::Builder::new().name("mail".into()).spawn(move || send(&options, &mail, &stop))?
        };
        let round = {
            let (options, stop) = (options.clone(), stop.clone());
            thread::Builder::new().name("rounds".into()).spawn(move || walk(&options, rounds, &stop))?
        };
        threads.extend([post, round]);
        Ok(Chores { stop, threads })
    }

    /// Somebody wants mail to go now.
    pub fn nudge(&self) {
        self.stop.nudge();
    }
}

impl Drop for Chores {
    fn drop(&mut self) {
        self.stop.stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a chore panicked");
            }
        }
    }
}

fn send(options: &OpenOptions, settings: &MailSettings, stop: &Stop) {
    stop.wait(AFTER_YOU);
    let postbox = match Postbox::open(options) {
        Ok(postbox) => postbox,
        Err(error) => {
            return tracing::error!(%error, "the outbox could not be opened; no mail goes out from here");
        }
    };
    let mut worker = Worker::new(postbox, transport(settings), settings.from.clone(), stop.clone());
    worker.run(&lock_path(&options.path), |report| match report {
        Ok(tally) => tracing::info!(?tally, "mail"),
        Err(error) => tracing::warn!(%error, "mail"),
    });
}

fn follow(options: &OpenOptions, program: Program, stop: &Stop) {
    stop.wait(AFTER_YOU);
    let hooks = match HookBox::open(options) {
        Ok(hooks) => hooks,
        Err(error) => return tracing::error!(%error, "the portal is told of nothing from here"),
    };
    let mut worker = provision::Worker::new(hooks, program, stop.clone());
    worker.run(&provision::lock_path(&options.path), |report| match report {
        Ok(tally) => tracing::info!(?tally, "portal"),
        Err(error) => tracing::warn!(%error, "portal"),
    });
}

fn walk(options: &OpenOptions, mut rounds: Vec<Round>, stop: &Stop) {
    stop.wait(AFTER_YOU);
    let mut desk = match Desk::open(options.clone()) {
        Ok(desk) => desk,
        Err(error) => return tracing::error!(%error, "the rounds could not begin"),
    };
    let mut rounds_left = 0;
    while !stop.is_stopping() {
        if rounds_left == 0 {
            rounds_left = ROUNDS_BETWEEN_ESTIMATES;
            match desk.learn_duplicates() {
                Ok(None) => {}
                Ok(Some(version)) => {
                    tracing::info!(version, "the numbers behind possible duplicates were estimated")
                }
                Err(error) => tracing::warn!(%error, "estimate"),
            }
        }
        rounds_left -= 1;
        match desk.sweep() {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "codes ran out"),
            Err(error) => tracing::warn!(%error, "sweep"),
        }
        for round in &mut rounds {
            round(&mut desk);
        }
        stop.wait(ROUND);
    }
}
