//! Threads that share out the pieces of a phase among them.
//!
//! They live as long as their pool, sleep between phases when nothing comes for a while, and are ended with it.
//! In a browser's worker there is one thread, and a phase is a loop.

use std::{
    hint,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Turns of an empty loop before a thread that has nothing to do goes to sleep: some tens of microseconds, about
/// what it takes to wake one. The phases of a step follow each other sooner.
const PATIENCE: usize = 2_000;

/// The calling thread and its helpers.
pub(super) struct ThreadPool {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
}

type Work = &'static (dyn Fn() + Sync);

#[derive(Default)]
struct Shared {
    orders: Mutex<Orders>,
    ordered: Condvar,
    /// The number of orders given: what [`Orders::given`] says, to be read without its lock.
    given: AtomicUsize,
    /// Helpers that are not done with the last order.
    busy: AtomicUsize,
    done: Condvar,
    panicked: AtomicBool,
}

#[derive(Default)]
struct Orders {
    given: usize,
    work: Option<Work>,
    ended: bool,
}

impl ThreadPool {
    /// A pool of so many threads, the caller's included.
    pub(super) fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared::default());
        let helper = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.help())
        };
        let helpers = (1..threads).map(helper).collect();
        Self { shared, helpers }
    }

    /// How many threads there are.
    pub(super) fn threads(&self) -> usize {
        1 + self.helpers.len()
    }

    /// Does the work on every item; whoever is free takes the next. Returns when all is done.
    pub(super) fn each<T>(&mut self, items: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
        if self.helpers.is_empty() {
            return items.for_each(work);
        }
        let items = Mutex::new(items);
        let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
        self.everyone(&|| {
            while let Some(item) = next() {
                work(item);
            }
        });
    }

    /// Everyone does the work, the caller too.
    fn everyone(&mut self, work: &(dyn Fn() + Sync)) {
        // SAFETY: the helpers use the work between `order` and being done with it, and this function returns (or
        // unwinds) only when all are done, as dropping `wait` waits for them. `&mut self` keeps orders apart.
        let work_of_helpers = unsafe { std::mem::transmute::<&(dyn Fn() + Sync), Work>(work) };
        self.shared.order(work_of_helpers, self.helpers.len());
        let wait = WaitForHelpers(&self.shared);
        work();
        drop(wait);
        assert!(!self.shared.panicked.load(Ordering::Relaxed), "a helper panicked");
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.orders().ended = true;
        self.shared.ordered.notify_all();
        for helper in self.helpers.drain(..) {
            // A helper catches its panics, so it ends well.
            let _ = helper.join();
        }
    }
}

impl Shared {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, work: Work, helpers: usize) {
        let mut orders = self.orders();
        orders.given += 1;
        orders.work = Some(work);
        self.busy.store(helpers, Ordering::Relaxed);
        self.given.store(orders.given, Ordering::Release);
        drop(orders);
        self.ordered.notify_all();
    }

    /// A helper's life.
    fn help(&self) {
        let mut followed = 0;
        loop {
            wait_a_little(|| self.given.load(Ordering::Acquire) != followed);
            let mut orders = self.orders();
            while orders.given == followed && !orders.ended {
                orders = self.ordered.wait(orders).unwrap_or_else(PoisonError::into_inner);
            }
            let Some(work) = orders.work.filter(|_| !orders.ended) else { return };
            followed = orders.given;
            drop(orders);
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                self.panicked.store(true, Ordering::Relaxed);
            }
            if self.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
                // With the lock, so that a caller that has just found us busy is asleep by now.
                let _orders = self.orders();
                self.done.notify_one();
            }
        }
    }
}

/// Waits for the helpers when dropped, so also when the caller's share of the work panics.
struct WaitForHelpers<'a>(&'a Shared);

impl Drop for WaitForHelpers<'_> {
    fn drop(&mut self) {
        let is_done = || self.0.busy.load(Ordering::Acquire) == 0;
        if wait_a_little(is_done) {
            return;
        }
        let mut orders = self.0.orders();
        while !is_done() {
            orders = self.0.done.wait(orders).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Looks again and again for a while, and says whether it has come.
fn wait_a_little(has_come: impl Fn() -> bool) -> bool {
    (0..PATIENCE).any(|_| {
        hint::spin_loop();
        has_come()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once_by_pools_of_any_size() {
        for threads in [1, 2, 5] {
            let mut pool = ThreadPool::new(threads);
            assert_eq!(pool.threads(), threads);
            let mut numbers: Vec<usize> = (0..100).collect();
            for _ in 0..300 {
                pool.each(numbers.iter_mut(), |number| *number += 1);
            }
            assert!(numbers.iter().enumerate().all(|(at, &number)| number == at + 300));
        }
    }

    #[test]
    fn a_pool_wakes_up_again_after_a_pause() {
        let mut pool = ThreadPool::new(3);
        let sum = AtomicUsize::new(0);
        for _ in 0..3 {
            thread::sleep(std::time::Duration::from_millis(20));
            pool.each(0..10, |item| {
                sum.fetch_add(item, Ordering::Relaxed);
            });
        }
        assert_eq!(sum.into_inner(), 3 * 45);
    }

    #[test]
    fn a_panic_in_the_work_is_the_callers_and_ends_no_helper() {
        let mut pool = ThreadPool::new(2);
        let panics = |item: usize| assert!(item != 7, "seven");
        assert!(catch_unwind(AssertUnwindSafe(|| pool.each(0..10, panics))).is_err());
        drop(pool);
    }
}
