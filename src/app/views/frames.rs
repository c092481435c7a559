//! Decides in which animation frame the views draw.
//!
//! What the user changes is drawn in the next frame. What training changes waits for a frame that is drawn anyway, such as the
//! one of new codes, because a frame costs the browser more than most of what is drawn in it. A page that draws in few frames
//! leaves the processor to the workers.

use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

/// The longest time that a change by training waits for another frame. It is longer than the time between two snapshots, so that
/// usually their codes bring the frame.
const LONGEST_WAIT_MS: f64 = 400.0;
/// The shortest time between two drawings of what training changes.
const SHORTEST_PAUSE_MS: f64 = 120.0;
/// After this time a frame leaves its other drawings to the next one, so that the page answers the pointer between them.
const FRAME_MS: f64 = 24.0;

thread_local! {
    static FRAMES: Frames = const { Frames::new() };
}

/// Draws once in a frame, however often it is requested.
#[derive(Clone)]
pub(super) struct Redraw(Rc<Drawing>);

struct Drawing {
    due: Cell<Due>,
    draw: Box<dyn Fn()>,
}

/// When a drawing is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// It is up to date.
    Never,
    /// With another one, or after a while.
    Soon,
    /// In the next frame, after all others: the frame before had no time for it.
    Left,
    /// In the next frame.
    Next,
}

impl Redraw {
    pub(super) fn new(draw: impl Fn() + 'static) -> Self {
        Self(Rc::new(Drawing { due: Cell::new(Due::Never), draw: Box::new(draw) }))
    }

    /// Requests a drawing in the next frame.
    pub(super) fn request(&self) {
        self.request_at(Due::Next);
    }

    /// Requests a drawing of something that training changed.
    pub(super) fn request_soon(&self) {
        self.request_at(Due::Soon);
    }

    /// Requests a drawing now, and in the frame after each change of what `tracked` reads.
    pub(super) fn follow(&self, tracked: impl Fn() + 'static) {
        self.follow_at(Due::Next, Box::new(tracked));
    }

    /// The same for what training changes.
    pub(super) fn follow_training(&self, tracked: impl Fn() + 'static) {
        self.follow_at(Due::Soon, Box::new(tracked));
    }

    /// One effect for all closures: each kind of effect takes half a kilobyte of the program.
    fn follow_at(&self, due: Due, tracked: Box<dyn Fn()>) {
        let redraw = self.clone();
        Effect::new(move |_| {
            tracked();
            redraw.request_at(due);
        });
    }

    fn request_at(&self, due: Due) {
        let before = self.0.due.get();
        if before >= due {
            return;
        }
        self.0.due.set(due);
        FRAMES.with(|frames| {
            if before == Due::Never {
                frames.waiting.borrow_mut().push(self.clone());
            }
            match due {
                Due::Next => frames.request(),
                _ => frames.wait(),
            }
        });
    }
}

struct Frames {
    waiting: RefCell<Vec<Redraw>>,
    is_requested: Cell<bool>,
    has_timer: Cell<bool>,
    /// When everything that waited was last drawn.
    drawn_ms: Cell<f64>,
}

impl Frames {
    const fn new() -> Self {
        Self {
            waiting: RefCell::new(Vec::new()),
            is_requested: Cell::new(false),
            has_timer: Cell::new(false),
            drawn_ms: Cell::new(f64::NEG_INFINITY),
        }
    }

    fn request(&self) {
        if !self.is_requested.replace(true) {
            request_animation_frame(|| FRAMES.with(Self::draw));
        }
    }

    /// Requests a frame once the longest wait is over.
    fn wait(&self) {
        if self.has_timer.get() || self.is_requested.get() {
            return;
        }
        let left_ms = self.drawn_ms.get() + LONGEST_WAIT_MS - now_ms();
        if left_ms <= 0.0 {
            self.request();
        } else {
            self.has_timer.set(true);
            let after = move || {
                FRAMES.with(|frames| {
                    frames.has_timer.set(false);
                    if !frames.waiting.borrow().is_empty() {
                        frames.wait();
                    }
                });
            };
            set_timeout(after, Duration::from_millis(left_ms.ceil() as u64));
        }
    }

    fn draw(&self) {
        self.is_requested.set(false);
        let begun_ms = now_ms();
        let draws_all = begun_ms - self.drawn_ms.get() >= SHORTEST_PAUSE_MS;
        if draws_all {
            self.drawn_ms.set(begun_ms);
        }
        let due = if draws_all { Due::Soon } else { Due::Left };
        // A drawing may request others, so nothing is borrowed meanwhile.
        let requested = self.waiting.take();
        for first in [Due::Next, due] {
            for redraw in &requested {
                if redraw.0.due.get() < first {
                    continue;
                }
                if now_ms() - begun_ms > FRAME_MS {
                    redraw.0.due.set(Due::Left);
                    self.request();
                } else {
                    redraw.0.due.set(Due::Never);
                    (redraw.0.draw)();
                }
            }
        }
        let left = requested.into_iter().filter(|redraw| redraw.0.due.get() > Due::Never);
        self.waiting.borrow_mut().extend(left);
        if !self.waiting.borrow().is_empty() {
            self.wait();
        }
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
