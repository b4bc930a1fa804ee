//! Limits the number of PDFs that are made at once and of requests that wait, because each
//! takes much memory and a processor core.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use print::{PrintError, Typesetter};
use tokio::{sync::Semaphore, time::timeout};

use crate::error::ApiError;

/// The maximum number of waiting requests; further ones are refused.
const QUEUE: usize = 16;
/// How long a request waits.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The queue for all PDFs that are requested over HTTP.
pub(crate) struct PrintQueue {
    typesetter: Arc<Typesetter>,
    workers: Arc<Semaphore>,
    queue: Semaphore,
}

impl Default for PrintQueue {
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(2, usize::from);
        Self {
            typesetter: Arc::default(),
            workers: Arc::new(Semaphore::new(processors.clamp(2, 4))),
            queue: Semaphore::new(QUEUE),
        }
    }
}

impl PrintQueue {
    /// Makes a PDF of this `kind`, which is its label in the metrics.
    pub(crate) async fn print<T: Send + 'static>(
        &self,
        kind: &'static str,
        work: impl FnOnce(&Typesetter) -> Result<T, PrintError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let queue_permit = self.queue.try_acquire().map_err(|_| ApiError::Overloaded)?;
        let permit = timeout(WAIT_TIMEOUT, Arc::clone(&self.workers).acquire_owned()).await;
        drop(queue_permit);
        let permit = permit.map_err(|_| ApiError::Overloaded)?.expect("the semaphore is never closed");
        let typesetter = Arc::clone(&self.typesetter);
        let printed = tokio::task::spawn_blocking(move || {
            // Held by the task itself, because it does not stop when the client disconnects.
            let _permit = permit;
            let started = Instant::now();
            let printed = work(&typesetter);
            metrics::histogram!("print_duration_seconds", "kind" => kind)
                .record(started.elapsed().as_secs_f64());
            printed
        });
        printed.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures::poll;
    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

    use super::{PrintQueue, QUEUE};
    use crate::error::ApiError;

    /// Sends what ends it to `started`, and prints until then.
    async fn print(queue: &PrintQueue, started: UnboundedSender<mpsc::Sender<()>>) -> Result<(), ApiError> {
        let print = queue.print("test", move |_| {
            let (end, ended) = mpsc::channel();
            started.send(end).expect("the test waits for it");
            ended.recv().expect("the test ends it");
            Ok(())
        });
        print.await
    }

    #[tokio::test]
    async fn abandoned_print_keeps_its_worker_until_it_ends() {
        let queue = PrintQueue::default();
        let workers = queue.workers.available_permits();
        assert!((2..=4).contains(&workers), "{workers} at once");
        let (started, mut starts) = unbounded_channel();
        let mut running = Vec::new();
        for _ in 0..workers {
            // The client disconnects while its request is printed.
            tokio::select! {
                _ = print(&queue, started.clone()) => panic!("it prints until the test ends it"),
                end = starts.recv() => running.push(end.expect("a start")),
            }
        }
        assert_eq!(queue.workers.available_permits(), 0);
        let mut next = Box::pin(print(&queue, started));
        assert!(poll!(&mut next).is_pending());
        assert!(starts.try_recv().is_err(), "it waits for a worker");
        for end in running {
            end.send(()).expect("it is printing");
        }
        tokio::select! {
            _ = &mut next => panic!("it prints until the test ends it"),
            end = starts.recv() => end.expect("a start").send(()).expect("it is printing"),
        }
        next.await.expect("it is printed");
    }

    #[tokio::test(start_paused = true)]
    async fn request_waits_five_seconds_for_a_worker() {
        let queue = PrintQueue::default();
        let workers = u32::try_from(queue.workers.available_permits()).expect("a few");
        let _printing = queue.workers.acquire_many(workers).await.expect("the semaphore is never closed");
        let started = tokio::time::Instant::now();
        let refused = queue.print("test", |_| Ok(())).await;
        assert!(matches!(refused, Err(ApiError::Overloaded)), "{refused:?}");
        assert_eq!(started.elapsed().as_secs(), 5);
        assert_eq!(queue.queue.available_permits(), QUEUE, "it leaves the queue");
    }

    #[tokio::test]
    async fn request_behind_a_full_queue_is_refused_at_once() {
        let queue = PrintQueue::default();
        let workers = u32::try_from(queue.workers.available_permits()).expect("a few");
        let _printing = queue.workers.acquire_many(workers).await.expect("the semaphore is never closed");
        let mut waiting: Vec<_> = (0..QUEUE).map(|_| Box::pin(queue.print("test", |_| Ok(())))).collect();
        for request in &mut waiting {
            assert!(poll!(request).is_pending());
        }
        let refused = queue.print("test", |_| Ok(())).await;
        assert!(matches!(refused, Err(ApiError::Overloaded)), "{refused:?}");
    }
}
