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
