//! What an explorer reports to the page.

use latent_protocol::ExplorerEvent;
use web_time::{Duration, Instant};

/// How long the page waits for an event at most while the explorer works.
const ALIVE_EVERY: Duration = Duration::from_secs(1);

/// Sends events to the page, so that each command is followed by one and the page can tell that the explorer runs.
pub(super) struct Reports<Emit> {
    emit: Emit,
    /// A command has come since the last event.
    is_awaited: bool,
    sent_at: Instant,
}

impl<Emit: Fn(ExplorerEvent)> Reports<Emit> {
    /// No reports yet. `emit` sends an event.
    pub(super) fn new(emit: Emit) -> Self {
        Self { emit, is_awaited: false, sent_at: Instant::now() }
    }

    /// Sends an event.
    pub(super) fn send(&mut self, event: ExplorerEvent) {
        (self.emit)(event);
        (self.is_awaited, self.sent_at) = (false, Instant::now());
    }

    /// Notes that a command has come, which the page expects an event after.
    pub(super) fn await_one(&mut self) {
        self.is_awaited = true;
    }

    /// Sends that the explorer runs, after a piece of work, if it has been silent for a second.
    pub(super) fn while_working(&mut self) {
        if self.sent_at.elapsed() >= ALIVE_EVERY {
            self.send(ExplorerEvent::Alive);
        }
    }

    /// Sends that the explorer runs, if commands have come that led to no event.
    pub(super) fn before_waiting(&mut self) {
        if self.is_awaited {
            self.send(ExplorerEvent::Alive);
        }
    }
}
