//! A thread pool, and what each of its threads needs to compute some images.

use super::pass::Pass;
use crate::thread_pool::ThreadPool;
use std::sync::{Mutex, PoisonError};

/// A thread pool, and the buffers of its threads.
pub(super) struct Workspace {
    pub(super) pool: ThreadPool,
    passes: Passes,
}

/// Buffers that no thread uses at present.
#[derive(Default)]
struct Passes(Mutex<Vec<Pass>>);

impl Workspace {
    /// A workspace for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self { pool: ThreadPool::new(threads), passes: Passes::default() }
    }

    /// Does the work on every item, with buffers that no other thread uses at the same time.
    pub(super) fn for_each<T>(
        &mut self,
        items: impl Iterator<Item = T> + Send,
        work: impl Fn(&mut Pass, T) + Sync,
    ) {
        let passes = &self.passes;
        self.pool.for_each(items, |item| {
            let mut pass = passes.take();
            work(&mut pass, item);
            passes.give_back(pass);
        });
    }
}

impl Passes {
    fn take(&self) -> Pass {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, pass: Pass) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(pass);
    }
}
