//! The thread pool of a browser's worker: it has one thread, and a loop is a plain loop. The pool for several threads
//! would bring the library's threads and locks along.

/// The calling thread.
pub(super) struct ThreadPool;

impl ThreadPool {
    /// The pool. It has one thread, however many are asked for.
    pub(super) fn new(_threads: usize) -> Self {
        Self
    }

    /// How many threads there are.
    pub(super) fn threads(&self) -> usize {
        1
    }

    /// Does the work on every item.
    pub(super) fn for_each<T>(&mut self, items: impl Iterator<Item = T>, work: impl Fn(T)) {
        items.for_each(work);
    }
}
