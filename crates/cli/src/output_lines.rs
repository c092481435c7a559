//! Lines on the standard output, written by a thread of their own: a reader that does not read, such as a pager, cannot keep a
//! run that was asked to end from writing its model.

use crate::interrupt::Interrupt;
use indicatif::ProgressBar;
use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError},
    thread,
    time::{Duration, Instant},
};

/// How many lines wait for their reader before the run waits for it, too.
const MOST_WAITING: usize = 1024;
/// How long the reader is waited for once the program was asked to end. Open MPI, which reads no output of a job that it ends,
/// kills it a second after asking.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often somebody who waits looks whether the end was asked for.
const TICK: Duration = Duration::from_millis(10);

/// Lines under way to the standard output. All have been written, or cannot be, when this is dropped.
pub(crate) struct OutputLines {
    /// None once the last line was handed over.
    lines: Option<SyncSender<String>>,
    /// What became of all lines, once.
    ended: Receiver<io::Result<()>>,
    interrupt: Interrupt,
    /// Why nothing is written any more.
    failure: Option<io::Error>,
}

impl OutputLines {
    /// Starts the thread. The bar is taken away for each line where both are on a terminal.
    pub(crate) fn beside(bar: ProgressBar, interrupt: Interrupt) -> Self {
        let (lines, to_write) = mpsc::sync_channel(MOST_WAITING);
        let (end, ended) = mpsc::channel();
        thread::spawn(move || {
            // Nobody waits for the result if the program ends meanwhile.
            let _ = end.send(write_all(&to_write, &bar));
        });
        Self { lines: Some(lines), ended, interrupt, failure: None }
    }

    /// Hands a line over, unless an earlier one could not be written.
    pub(crate) fn write(&mut self, mut line: String) {
        let mut asked = None;
        while let (None, Some(lines)) = (&self.failure, &self.lines) {
            match lines.try_send(line) {
                Ok(()) => return,
                Err(TrySendError::Disconnected(_)) => self.end(),
                Err(TrySendError::Full(_)) if self.has_waited(&mut asked) => self.failure = Some(unread()),
                Err(TrySendError::Full(back)) => {
                    line = back;
                    thread::sleep(TICK);
                    continue;
                }
            }
            return;
        }
    }

    /// Whether nothing can be written any more.
    pub(crate) fn have_failed(&mut self) -> bool {
        if let Ok(Err(error)) = self.ended.try_recv() {
            self.failure.get_or_insert(error);
        }
        self.failure.is_some()
    }

    /// Waits until all lines are written, and gives the first failure.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.end();
        self.failure.take().map_or(Ok(()), Err)
    }

    fn end(&mut self) {
        if self.lines.take().is_none() || self.failure.is_some() {
            return;
        }
        let mut asked = None;
        self.failure = loop {
            match self.ended.recv_timeout(TICK) {
                Ok(result) => break result.err(),
                // The thread has panicked, so its message is on the standard error.
                Err(RecvTimeoutError::Disconnected) => break Some(io::ErrorKind::Other.into()),
                Err(RecvTimeoutError::Timeout) if self.has_waited(&mut asked) => break Some(unread()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
    }

    /// Whether the end was asked for long enough ago; `asked` is when somebody who waits has first seen it.
    fn has_waited(&self, asked: &mut Option<Instant>) -> bool {
        self.interrupt.is_asked() && asked.get_or_insert_with(Instant::now).elapsed() > PATIENCE
    }
}

impl Drop for OutputLines {
    fn drop(&mut self) {
        self.end();
    }
}

fn write_all(lines: &Receiver<String>, bar: &ProgressBar) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    for line in lines {
        let write = || writeln!(io::stdout(), "{line}");
        // Elsewhere the bar is not in the way, and would wait for the line's reader.
        if is_terminal { bar.suspend(write)? } else { write()? }
    }
    Ok(())
}

fn unread() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "nobody reads it")
}
