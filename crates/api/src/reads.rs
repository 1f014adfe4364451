//! Questions to the store. They are answered beside whoever serves, on threads that may wait for a disk: so many at once, so many more that
//! wait, and past that none.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use store::{Archive, StoreError};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Questions that are answered at once.
const READERS_MAX: usize = 4;
/// Questions that are answered or wait for that.
const ASKED_MAX: usize = 64;

/// Where questions go.
#[derive(Clone, Debug)]
pub struct Reads {
    folder: Option<PathBuf>,
    /// Stores that are open and that nobody reads just now.
    idle: Arc<Mutex<Vec<Archive>>>,
    asked: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

impl Reads {
    /// Questions to the store in a folder, if there is one.
    pub fn new(folder: Option<PathBuf>) -> Self {
        let asked = Arc::new(Semaphore::new(ASKED_MAX));
        Self { folder, idle: Arc::default(), asked, readers: Arc::new(Semaphore::new(READERS_MAX)) }
    }

    /// Whether anything is remembered.
    pub const fn is_there(&self) -> bool {
        self.folder.is_some()
    }

    /// Asks a question.
    ///
    /// # Errors
    /// That there is no store, that too many ask, or what the question says itself.
    pub async fn ask<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        question: impl FnOnce(&mut Archive) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let folder = self.folder.clone().ok_or(Problem::NoStore)?;
        let _asked = self.asked.try_acquire().map_err(|_| Problem::Busy)?;
        let reader = Arc::clone(&self.readers).acquire_owned().await.map_err(|_| Problem::Busy)?;
        let idle = Arc::clone(&self.idle);
        let answer = tokio::task::spawn_blocking(move || {
            let held = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut archive = held.map_or_else(|| Archive::open(&folder), Ok).map_err(Problem::from)?;
            let answer = question(&mut archive).map_err(Into::into);
            // One that could not be read is opened anew: its file may have been replaced.
            if !matches!(answer, Err(Problem::Store(_))) {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(archive);
            }
            // Whoever asked may have gone: the thread is taken until here all the same.
            drop(reader);
            answer
        });
        answer.await.map_err(|_| Problem::Store("a question to the store was not answered".to_owned()))?
    }

    /// The same where only the store can refuse.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Archive) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask(question).await
    }
}
