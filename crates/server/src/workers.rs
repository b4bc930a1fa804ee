//! Background workers, each supervised: one that fails or panics is logged, started
//! again, and shows in `/health/ready` and the metrics until it succeeds.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

use crate::error::ApiError;

/// The first pause after a crash; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How many pieces of work go on beside their answers at once.
const BACKGROUND: usize = 64;

/// Work that goes on beside the answer to a request, or after it; so much at once.
#[derive(Clone)]
pub(crate) struct Background(Arc<Semaphore>);

impl Default for Background {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BACKGROUND)))
    }
}

impl Background {
    /// Starts some work, which ends whether anyone waits for it or not; not where too much
    /// of it goes on.
    pub(crate) fn start<F>(&self, work: F) -> Result<JoinHandle<F::Output>, ApiError>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let permit = Arc::clone(&self.0).try_acquire_owned().map_err(|_| ApiError::Overloaded)?;
        Ok(tokio::spawn(async move {
            let _permit = permit;
            work.await
        }))
    }
}

/// How the workers are; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Workers(Arc<Mutex<BTreeMap<&'static str, Worker>>>);

#[derive(Clone, Copy, Default)]
struct Worker {
    has_crashed: bool,
}

impl Workers {
    /// Runs a worker until the task is aborted; `start` starts it anew after a crash. It
    /// reports its successes with [`Self::succeeded`].
    pub(crate) fn supervise<F>(
        &self,
        name: &'static str,
        start: impl Fn() -> F + Send + 'static,
    ) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let workers = self.clone();
        workers.change(name, |_| {});
        tokio::spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                // A set ends its tasks when it is dropped, and so with this one.
                let mut running = JoinSet::new();
                running.spawn(start());
                let error = match running.join_next().await {
                    Some(Err(error)) => error.to_string(),
                    Some(Ok(())) | None => "it has ended".to_owned(),
                };
                let healthy = !workers.crashed(name);
                tracing::error!(worker = name, error, "a worker crashed, and is started again");
                metrics::counter!("worker_crashes_total", "worker" => name).increment(1);
                // One that went well in between starts over.
                pause = if healthy { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                sleep(pause).await;
            }
        })
    }

    /// Notes that a worker has done its work once, at this moment.
    pub(crate) fn succeeded(&self, name: &'static str, at: Timestamp) {
        self.change(name, |worker| worker.has_crashed = false);
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
        let seconds = at.as_second() as f64;
        metrics::gauge!("worker_last_success_timestamp_seconds", "worker" => name).set(seconds);
    }

    /// The workers that have crashed and not succeeded since.
    pub(crate) fn unhealthy(&self) -> Vec<&'static str> {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        workers.iter().filter(|(_, worker)| worker.has_crashed).map(|(name, _)| *name).collect()
    }

    /// Notes a crash; whether the one before it was not mended either.
    fn crashed(&self, name: &'static str) -> bool {
        let mut before = false;
        self.change(name, |worker| before = std::mem::replace(&mut worker.has_crashed, true));
        before
    }

    fn change(&self, name: &'static str, change: impl FnOnce(&mut Worker)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use jiff::Timestamp;

    use super::Workers;

    #[tokio::test(start_paused = true)]
    async fn crashed_worker_is_unhealthy_until_it_succeeds_again() {
        let workers = Workers::default();
        let starts = Arc::new(AtomicU32::new(0));
        let (done, mut succeeded) = tokio::sync::mpsc::channel(1);
        let worker = {
            let (own, starts) = (workers.clone(), Arc::clone(&starts));
            workers.supervise("mails", move || {
                let (own, starts, done) = (own.clone(), Arc::clone(&starts), done.clone());
                async move {
                    assert!(starts.fetch_add(1, Ordering::SeqCst) >= 2, "it crashes twice");
                    assert_eq!(own.unhealthy(), ["mails"], "a crash shows until then");
                    own.succeeded("mails", Timestamp::UNIX_EPOCH);
                    done.send(()).await.expect("the test waits");
                    std::future::pending::<()>().await;
                }
            })
        };
        assert!(workers.unhealthy().is_empty(), "nothing has crashed yet");
        succeeded.recv().await.expect("the worker is started again");
        assert_eq!(starts.load(Ordering::SeqCst), 3);
        assert!(workers.unhealthy().is_empty());
        worker.abort();
    }
}
