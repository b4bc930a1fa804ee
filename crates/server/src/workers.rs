//! Supervised background workers: one that fails or panics is logged and restarted, and
//! reported in `/health/ready` and the metrics until it succeeds.

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

/// The delay after the first crash; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The maximum delay.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The maximum number of concurrent background tasks.
const BACKGROUND: usize = 64;

/// Background tasks of requests, limited in number.
#[derive(Clone)]
pub(crate) struct Background(Arc<Semaphore>);

impl Default for Background {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BACKGROUND)))
    }
}

impl Background {
    /// Starts a task, which completes whether or not anyone waits for it; fails if too many
    /// are running.
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

/// The status of all workers; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Workers(Arc<Mutex<BTreeMap<&'static str, Worker>>>);

#[derive(Clone, Copy, Default)]
struct Worker {
    has_crashed: bool,
}

impl Workers {
    /// Runs a worker until the task is aborted; `start` starts it again after a crash. The
    /// worker reports its successes with [`Self::succeeded`].
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
                // Dropping the set aborts its tasks, so they end with this task.
                let mut running = JoinSet::new();
                running.spawn(start());
                let error = match running.join_next().await {
                    Some(Err(error)) => error.to_string(),
                    Some(Ok(())) | None => "it has ended".to_owned(),
                };
                let healthy = !workers.crashed(name);
                tracing::error!(worker = name, error, "worker crashed: restarting it");
                metrics::counter!("worker_crashes_total", "worker" => name).increment(1);
                // A success in between resets the delay.
                pause = if healthy { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                sleep(pause).await;
            }
        })
    }

    /// Records that a worker has succeeded at this moment.
    pub(crate) fn succeeded(&self, name: &'static str, at: Timestamp) {
        self.change(name, |worker| worker.has_crashed = false);
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
        let seconds = at.as_second() as f64;
        metrics::gauge!("worker_last_success_timestamp_seconds", "worker" => name).set(seconds);
    }

    /// The workers that have crashed and have not succeeded since.
    pub(crate) fn unhealthy(&self) -> Vec<&'static str> {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        workers.iter().filter(|(_, worker)| worker.has_crashed).map(|(name, _)| *name).collect()
    }

    /// Records a crash; returns whether the worker had not succeeded since the previous one.
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
    use std::{
        fs,
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering},
        },
    };

    use jiff::Timestamp;
    use tempfile::NamedTempFile;
    use tokio::sync::Semaphore;

    use super::{Background, Workers};
    use crate::error::ApiError;

    #[tokio::test]
    async fn sixty_fifth_background_task_is_refused() {
        let background = Background::default();
        let may_end = Arc::new(Semaphore::new(0));
        let start = || {
            let may_end = Arc::clone(&may_end);
            background.start(async move {
                _ = may_end.acquire().await;
            })
        };
        let running: Vec<_> = (0..64).map(|_| start().expect("a task")).collect();
        let refused = start();
        assert!(matches!(refused, Err(ApiError::Overloaded)), "{refused:?}");
        may_end.add_permits(1);
        for task in running {
            task.await.expect("it ends");
        }
        start().expect("a task").await.expect("it ends");
    }

    #[tokio::test(start_paused = true)]
    async fn every_crash_is_logged_with_its_cause() {
        let log = NamedTempFile::new().expect("a file");
        let file = Arc::new(log.reopen().expect("a file"));
        let logging = tracing_subscriber::fmt().with_ansi(false).with_writer(file).finish();
        let _logging = tracing::subscriber::set_default(logging);
        let starts = Arc::new(AtomicU32::new(0));
        let (done, mut third_start) = tokio::sync::mpsc::channel(1);
        let worker = Workers::default().supervise("mails", {
            let starts = Arc::clone(&starts);
            move || {
                let (start, done) = (starts.fetch_add(1, Ordering::SeqCst), done.clone());
                async move {
                    match start {
                        0 => panic!("the first cause"),
                        1 => {}
                        _ => {
                            done.send(()).await.expect("the test waits");
                            std::future::pending::<()>().await;
                        }
                    }
                }
            }
        });
        third_start.recv().await.expect("the worker is started again");
        worker.abort();
        let log = fs::read_to_string(log.path()).expect("a log");
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        for (line, cause) in lines.into_iter().zip(["the first cause", "it has ended"]) {
            assert!(line.contains("ERROR") && line.contains("worker=\"mails\""), "{line}");
            assert!(line.contains("worker crashed") && line.contains(cause), "{line}");
        }
    }

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
