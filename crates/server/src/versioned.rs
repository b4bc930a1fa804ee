//! Something that is made from the database and kept until the database says
//! something else.

use std::sync::{Arc, Mutex, PoisonError};

use crate::store::StoreError;

/// What was made last.
pub(crate) struct Versioned<T> {
    last: Mutex<Option<Arc<T>>>,
    /// Held while a new one is made, so that one request does it for all.
    making: tokio::sync::Mutex<()>,
}

impl<T> Default for Versioned<T> {
    fn default() -> Self {
        Self { last: Mutex::default(), making: tokio::sync::Mutex::default() }
    }
}

impl<T> Versioned<T> {
    /// What was made last if it `is_current`, or what `make` makes of it now.
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
