//! Interrupts: a run that is asked to end stops after its steps under way, so that its model can be written.

use crate::Failure;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// What the shell has for a program that an interrupt has ended.
pub(crate) const STATUS: u8 = 130;

/// Whether the person, or the system, has asked for an end.
#[derive(Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches Ctrl-C and SIGTERM from now on. The second one ends the program at once.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, STATUS.into(), asked.clone())
                .map_err(Failure::Signals)?;
            flag::register(signal, asked.clone()).map_err(Failure::Signals)?;
        }
        Ok(Self(asked))
    }

    /// Whether the end was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
