//! Notices finished work early in browsers that look for it rarely.
//!
//! Firefox asks the GPU every 100 ms whether work is done (bugzilla 1870699), and whenever something is submitted. So while a
//! readback is pending an empty command buffer is submitted every millisecond, where the browser is found to be slow.

use futures_util::future::{Either, select};
use std::{future::Future, pin::pin};

/// Milliseconds within which a browser that is told of finished work reports that an empty queue is done.
const PROMPT_MS: f64 = 50.0;
/// How many times the empty queue is timed. The first answer may come from a look that was due just then.
pub(super) const TRIALS: usize = 3;

/// Whether a browser that took so long to report an empty queue, each time at once after the time before, looks for finished
/// work rarely.
pub(super) fn is_rare(answers_ms: [f64; TRIALS]) -> bool {
    answers_ms[1..].iter().all(|&answer_ms| answer_ms > PROMPT_MS)
}

/// Waits, and calls `nudge` after each pause until then.
pub(super) async fn nudged<T>(wait: impl Future<Output = T>, pause: impl AsyncFn(), nudge: impl Fn()) -> T {
    let mut wait = pin!(wait);
    loop {
        match select(wait.as_mut(), pin!(pause())).await {
            Either::Left((value, _)) => return value,
            Either::Right(_) => nudge(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        cell::Cell,
        future::poll_fn,
        task::{Context, Poll, Waker},
    };

    /// A browser that looks for finished work every so many milliseconds, and when something is submitted.
    struct Browser {
        now_ms: Cell<u32>,
        looks_every_ms: u32,
        looked_ms: Cell<u32>,
    }

    impl Browser {
        fn at(now_ms: u32, looks_every_ms: u32) -> Self {
            let looked_ms = Cell::new(now_ms - now_ms % looks_every_ms);
            Self { now_ms: Cell::new(now_ms), looks_every_ms, looked_ms }
        }

        /// Lets a millisecond pass.
        fn tick(&self) {
            self.now_ms.set(self.now_ms.get() + 1);
            if self.now_ms.get().is_multiple_of(self.looks_every_ms) {
                self.submit();
            }
        }

        fn submit(&self) {
            self.looked_ms.set(self.now_ms.get());
        }

        /// Work that takes so long: reported with the first look after its end.
        async fn work(&self, ms: u32) {
            let end_ms = self.now_ms.get() + ms.max(1);
            poll_fn(|_| if self.looked_ms.get() >= end_ms { Poll::Ready(()) } else { Poll::Pending }).await;
        }

        /// Runs a future, a millisecond a poll. Gives the milliseconds that it took.
        fn run(&self, future: impl Future<Output = ()>) -> u32 {
            let (mut future, began_ms) = (pin!(future), self.now_ms.get());
            while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                self.tick();
            }
            self.now_ms.get() - began_ms
        }

        /// A pause of a millisecond.
        async fn pause(&self) {
            let end_ms = self.now_ms.get() + 1;
            poll_fn(|_| if self.now_ms.get() >= end_ms { Poll::Ready(()) } else { Poll::Pending }).await;
        }
    }

    #[test]
    fn a_readback_waits_for_the_work_and_not_for_the_next_look() {
        for began_ms in [0, 1, 37, 99] {
            let browser = Browser::at(began_ms, 100);
            let plain_ms = browser.run(browser.work(7));
            assert!(plain_ms >= 7 && (began_ms + plain_ms).is_multiple_of(100), "{plain_ms}");
            let browser = Browser::at(began_ms, 100);
            let nudged_ms = browser.run(nudged(browser.work(7), || browser.pause(), || browser.submit()));
            assert!(nudged_ms <= 8, "from {began_ms}: {nudged_ms} ms");
        }
    }

    #[test]
    fn a_browser_that_looks_every_100_ms_is_recognised_whenever_it_is_asked() {
        let answers = |began_ms, looks_every_ms| {
            let browser = Browser::at(began_ms, looks_every_ms);
            [(); TRIALS].map(|()| f64::from(browser.run(browser.work(0))))
        };
        for began_ms in 0..100 {
            assert!(is_rare(answers(began_ms, 100)), "{began_ms}");
            assert!(!is_rare(answers(began_ms, 2)), "{began_ms}");
        }
    }

    #[test]
    fn one_slow_answer_on_a_busy_machine_does_not_count() {
        assert!(!is_rare([120.0, 90.0, 3.0]));
        assert!(!is_rare([120.0, 3.0, 90.0]));
    }
}
