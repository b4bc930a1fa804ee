//! Limits the number of PDFs that are made at once and of requests that wait, because each
//! takes much memory and a processor core.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use print::{Press, PrintError};
use tokio::{sync::Semaphore, time::timeout};

use crate::error::ApiError;

/// The maximum number of waiting requests; further ones are refused.
const QUEUE: usize = 16;
/// How long a request waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// The queue for all PDFs that are requested over HTTP.
pub(crate) struct Printing {
    press: Arc<Press>,
    presses: Arc<Semaphore>,
    queue: Semaphore,
}

impl Default for Printing {
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(2, usize::from);
        Self {
            press: Arc::default(),
            presses: Arc::new(Semaphore::new(processors.clamp(2, 4))),
            queue: Semaphore::new(QUEUE),
        }
    }
}

impl Printing {
    /// Makes a PDF of this `kind`, which is its label in the metrics.
    pub(crate) async fn print<T: Send + 'static>(
        &self,
        kind: &'static str,
        work: impl FnOnce(&Press) -> Result<T, PrintError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = self.queue.try_acquire().map_err(|_| ApiError::Overloaded)?;
        let turn = timeout(PATIENCE, Arc::clone(&self.presses).acquire_owned()).await;
        drop(place);
        let turn = turn.map_err(|_| ApiError::Overloaded)?.expect("the semaphore is never closed");
        let press = Arc::clone(&self.press);
        let printed = tokio::task::spawn_blocking(move || {
            // Held by the task itself, because it does not stop when the client disconnects.
            let _turn = turn;
            let started = Instant::now();
            let printed = work(&press);
            metrics::histogram!("print_duration_seconds", "kind" => kind)
                .record(started.elapsed().as_secs_f64());
            printed
        });
        printed.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}
