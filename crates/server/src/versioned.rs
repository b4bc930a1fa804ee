//! A value that is made from the database and cached until its version changes.

use std::sync::{Arc, Mutex, PoisonError};

use crate::store::StoreError;

/// The cached value.
pub(crate) struct Versioned<T> {
    last: Mutex<Option<Arc<T>>>,
    /// Held while a new value is made, so that concurrent requests share it.
    making: tokio::sync::Mutex<()>,
}

impl<T> Default for Versioned<T> {
    fn default() -> Self {
        Self { last: Mutex::default(), making: tokio::sync::Mutex::default() }
    }
}

impl<T> Versioned<T> {
    /// The cached value if it `is_current`, otherwise the result of `make`.
    pub(crate) async fn get<F>(
        &self,
        is_current: impl Fn(&T) -> bool,
        make: impl FnOnce(Option<Arc<T>>) -> F,
    ) -> Result<Arc<T>, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        if let Some(current) = self.last().filter(|last| is_current(last)) {
            return Ok(current);
        }
        let _making = self.making.lock().await;
        let last = self.last();
        if let Some(current) = last.clone().filter(|last| is_current(last)) {
            return Ok(current);
        }
        let made = Arc::new(make(last).await?);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
        Ok(made)
    }

    fn last(&self) -> Option<Arc<T>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
