//! Stopping and waking the worker: a wait here ends at once when either is wanted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A handle shared by the worker and whoever may stop or wake it; clones are the same handle.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    stopping: AtomicBool,
    nudged: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// A handle that nobody has stopped yet.
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Asks the worker to end; a mail before its dot is given back, one after it is awaited shortly.
    pub fn stop(&self) {
        self.inner.stopping.store(true, Ordering::SeqCst);
        self.nudge();
    }

    /// Whether [`Stop::stop`] was called.
    pub fn is_stopping(&self) -> bool {
        self.inner.stopping.load(Ordering::SeqCst)
    }

    /// Ends the current or the next [`Stop::wait`]: there is new mail, or somebody pressed "send now".
    pub fn nudge(&self) {
        *self.inner.nudged.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.inner.changed.notify_all();
    }

    /// Waits for `limit` at most; shorter when nudged or stopped.
    pub fn wait(&self, limit: Duration) {
        let until = Instant::now() + limit;
        let mut nudged = self.inner.nudged.lock().unwrap_or_else(PoisonError::into_inner);
        while !*nudged && !self.is_stopping() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            nudged = self.inner.changed.wait_timeout(nudged, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *nudged = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nudge_before_the_wait_counts_once() {
        let stop = Stop::new();
        stop.nudge();
        stop.wait(Duration::from_secs(3600));
        assert!(!*stop.inner.nudged.lock().unwrap());
    }

    #[test]
    fn stopping_ends_every_wait() {
        let stop = Stop::new();
        let other = stop.clone();
        let waiting = std::thread::spawn(move || other.wait(Duration::from_secs(3600)));
        stop.stop();
        waiting.join().unwrap();
        stop.wait(Duration::from_secs(3600));
        assert!(stop.is_stopping());
    }
}
