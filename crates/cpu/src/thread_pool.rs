//! Threads that share the items of a loop.
//!
//! The threads live as long as their pool. Between two loops they spin for some microseconds and then sleep. In a browser's
//! worker `single_thread.rs` takes this module's place.
//!
//! A loop's closure borrows from the caller, so helpers get a pointer to it and no reference. The pointer is in the pool's
//! state only while the loop runs: [`ThreadPool::run`] removes it when all helpers are done, before it returns or unwinds.
//!
//! Loom runs its tests under every interleaving in which threads are preempted at most twice:
//! `RUSTFLAGS="--cfg loom" cargo test -p latent-cpu --release --lib thread_pool`. Miri checks the use of memory:
//! `cargo +nightly miri test -p latent-cpu --lib thread_pool`.

#[cfg(all(loom, test))]
use loom::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};
use std::{
    hint,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::PoisonError,
};
#[cfg(not(all(loom, test)))]
use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Turns of an empty loop before a thread without work goes to sleep: some tens of microseconds, about what it takes to wake
/// one. The loops of a training step follow each other sooner.
const SPINS: usize = if cfg!(any(miri, all(loom, test))) { 0 } else { 2_000 };

/// The calling thread and its helpers.
pub(super) struct ThreadPool {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// Notified when there is a job, or the pool shuts down.
    changed: Condvar,
    /// What [`State::jobs`] says, to be read without its lock.
    jobs: AtomicUsize,
    /// Helpers that are not done with the job.
    busy: AtomicUsize,
    /// Notified when no helper is busy any more.
    done: Condvar,
    panicked: AtomicBool,
}

struct State {
    /// How many jobs there have been.
    jobs: usize,
    order: Order,
}

#[derive(Clone, Copy)]
enum Order {
    Wait,
    Run(Job),
    ShutDown,
}

/// A closure that is borrowed by the thread that calls [`ThreadPool::run`].
#[derive(Clone, Copy)]
struct Job {
    closure: *const (),
    /// Calls the closure.
    call: unsafe fn(*const ()),
}

// SAFETY: a job is made of a closure that is `Sync`, so any thread may call it.
unsafe impl Send for Job {}

impl Job {
    fn new<W: Fn() + Sync>(work: &W) -> Self {
        unsafe fn call<W: Fn()>(closure: *const ()) {
            // SAFETY: the pointer is that of `new`, whose closure is alive as the caller of `Job::run` promises.
            unsafe { (*closure.cast::<W>())() }
        }
        Self { closure: std::ptr::from_ref(work).cast(), call: call::<W> }
    }

    /// Calls the closure.
    ///
    /// # Safety
    /// The closure is still borrowed.
    unsafe fn run(self) {
        // SAFETY: `call` belongs to the closure's type, and the closure is alive as the caller promises.
        unsafe { (self.call)(self.closure) }
    }
}

impl ThreadPool {
    /// A pool of so many threads, the caller's included.
    pub(super) fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { jobs: 0, order: Order::Wait }),
            changed: Condvar::new(),
            jobs: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            done: Condvar::new(),
            panicked: AtomicBool::new(false),
        });
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

    /// Does the work on every item; each thread takes the next item when it is free. Returns when all is done.
    pub(super) fn for_each<T>(&mut self, items: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
        if self.helpers.is_empty() {
            return items.for_each(work);
        }
        let items = Mutex::new(items);
        let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
        self.run(&|| {
            while let Some(item) = next() {
                work(item);
            }
        });
    }

    /// Calls the closure on every thread, and returns (or unwinds) when all are done with it.
    fn run<W: Fn() + Sync>(&mut self, work: &W) {
        self.shared.start(Job::new(work), self.helpers.len());
        let finish = Finish(&self.shared);
        work();
        drop(finish);
        assert!(!self.shared.panicked.load(Ordering::Relaxed), "a helper panicked");
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.state().order = Order::ShutDown;
        self.shared.changed.notify_all();
        for helper in self.helpers.drain(..) {
            // A helper catches its panics, so it ends well.
            let _ = helper.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, job: Job, helpers: usize) {
        let mut state = self.state();
        state.jobs += 1;
        state.order = Order::Run(job);
        self.busy.store(helpers, Ordering::Relaxed);
        self.jobs.store(state.jobs, Ordering::Release);
        drop(state);
        self.changed.notify_all();
    }

    /// Runs each job once, until the pool shuts down.
    fn help(&self) {
        let mut jobs = 0;
        loop {
            spin_until(|| self.jobs.load(Ordering::Acquire) != jobs);
            let mut state = self.state();
            let job = loop {
                match state.order {
                    Order::ShutDown => return,
                    Order::Run(job) if state.jobs != jobs => break job,
                    _ => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            jobs = state.jobs;
            drop(state);
            // SAFETY: this helper is among the busy ones until it says otherwise below, and `ThreadPool::run` holds the closure
            // until none is busy.
            if catch_unwind(AssertUnwindSafe(|| unsafe { job.run() })).is_err() {
                self.panicked.store(true, Ordering::Relaxed);
            }
            if self.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
                // With the lock, so that a caller that has just found this helper busy is asleep by now.
                let _state = self.state();
                self.done.notify_one();
            }
        }
    }
}

/// Waits for the helpers when dropped, also when the caller's share of the work panics, and then forgets the job.
struct Finish<'a>(&'a Shared);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        let is_done = || self.0.busy.load(Ordering::Acquire) == 0;
        spin_until(is_done);
        let mut state = self.0.state();
        while !is_done() {
            state = self.0.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.order = Order::Wait;
    }
}

/// Returns when the condition holds, or after [`SPINS`] turns.
fn spin_until(condition: impl Fn() -> bool) {
    for _ in 0..SPINS {
        hint::spin_loop();
        if condition() {
            return;
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once_by_pools_of_any_size() {
        for threads in [1, 2, 5] {
            let mut pool = ThreadPool::new(threads);
            assert_eq!(pool.threads(), threads);
            let mut numbers: Vec<usize> = (0..100).collect();
            let loops = if cfg!(miri) { 3 } else { 300 };
            for _ in 0..loops {
                pool.for_each(numbers.iter_mut(), |number| *number += 1);
            }
            assert!(numbers.iter().enumerate().all(|(at, &number)| number == at + loops));
        }
    }

    #[test]
    fn helpers_that_fell_asleep_wake_up_for_the_next_loop() {
        let mut pool = ThreadPool::new(3);
        let sum = AtomicUsize::new(0);
        for _ in 0..3 {
            thread::sleep(std::time::Duration::from_millis(20));
            pool.for_each(0..10, |item| {
                sum.fetch_add(item, Ordering::Relaxed);
            });
        }
        assert_eq!(sum.into_inner(), 3 * 45);
    }

    #[test]
    fn a_panic_in_the_work_reaches_the_caller_and_ends_no_helper() {
        let mut pool = ThreadPool::new(2);
        let panics = |item: usize| assert!(item != 7, "seven");
        assert!(catch_unwind(AssertUnwindSafe(|| pool.for_each(0..10, panics))).is_err());
        drop(pool);
    }

    #[test]
    fn no_job_is_left_behind() {
        let mut pool = ThreadPool::new(2);
        pool.for_each(0..10, |_| {});
        assert!(matches!(pool.shared.state().order, Order::Wait));
        let panics = |_| panic!("on every item");
        assert!(catch_unwind(AssertUnwindSafe(|| pool.for_each(0..1, panics))).is_err());
        assert!(matches!(pool.shared.state().order, Order::Wait));
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use super::*;
    use loom::cell::UnsafeCell;

    /// Runs `f` under every interleaving with at most two preemptions. All of them would take hours.
    fn model(f: impl Fn() + Send + Sync + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(2);
        builder.check(f);
    }

    /// Numbers that loom watches: two threads at one of them, or one after its end, are reported.
    fn loops(threads: usize, loops: usize) {
        model(move || {
            let mut pool = ThreadPool::new(threads);
            for _ in 0..loops {
                let numbers = [UnsafeCell::new(0), UnsafeCell::new(0)];
                let cells = Cells(&numbers);
                pool.for_each(0..2, |at| cells.add_one(at));
                assert!(numbers.into_iter().all(|number| number.into_inner() == 1));
            }
        });
    }

    struct Cells<'a>(&'a [UnsafeCell<usize>; 2]);

    // SAFETY: each item is worked on by one thread; loom reports it if not.
    unsafe impl Sync for Cells<'_> {}

    impl Cells<'_> {
        fn add_one(&self, at: usize) {
            // SAFETY: see above.
            self.0[at].with_mut(|number| unsafe { *number += 1 });
        }
    }

    #[test]
    fn loom_one_helper_and_two_loops() {
        loops(2, 2);
    }

    #[test]
    fn loom_two_helpers_and_one_loop() {
        loops(3, 1);
    }

    #[test]
    fn loom_a_pool_without_work_shuts_down() {
        model(|| drop(ThreadPool::new(2)));
    }
}
