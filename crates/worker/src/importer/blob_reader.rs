//! Reads a file of the browser piece by piece, at once, as only workers can.

use super::messages;
use js_sys::{ArrayBuffer, Uint8Array};
use latent_protocol::ImportEvent;
use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{Blob, FileReaderSync};

/// Bytes that are read at a time at most.
const PIECE_BYTES: f64 = (1 << 20) as f64;

/// How much of all files has been read. Each percent is reported once.
pub(super) struct Progress {
    of_bytes: f64,
    read: Cell<f64>,
    reported: Cell<u8>,
}

impl Progress {
    /// Of so many bytes.
    pub(super) fn new(of_bytes: f64) -> Rc<Self> {
        Rc::new(Self { of_bytes, read: Cell::new(0.0), reported: Cell::new(0) })
    }

    fn add(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes as f64);
        // An archive's list of files is read before the files, so there may be more than the files have.
        let percent = (100.0 * self.read.get() / self.of_bytes).min(100.0) as u8;
        if percent > self.reported.replace(percent) {
            messages::post(&ImportEvent::Progress(percent));
        }
    }
}

/// A reader of a file.
pub(super) struct BlobReader {
    blob: Blob,
    length: f64,
    position: f64,
    /// Bytes that were read, from `start` on.
    piece: Vec<u8>,
    start: f64,
    reader: FileReaderSync,
    progress: Rc<Progress>,
}

impl BlobReader {
    /// From the start of a file. The error is part of a sentence.
    pub(super) fn new(blob: &Blob, progress: Rc<Progress>) -> Result<Self, String> {
        let reader = FileReaderSync::new().map_err(|error| messages::words(&error))?;
        let (length, piece) = (blob.size(), Vec::new());
        Ok(Self { blob: blob.clone(), length, position: 0.0, piece, start: 0.0, reader, progress })
    }

    /// The bytes that are there from the position on; reads a piece where there are none.
    fn fill(&mut self) -> io::Result<&[u8]> {
        let is_there = (self.start..self.start + self.piece.len() as f64).contains(&self.position);
        if !is_there && self.position < self.length {
            let end = (self.position + PIECE_BYTES).min(self.length);
            let slice = self.blob.slice_with_f64_and_f64(self.position, end);
            let read = slice.and_then(|slice| self.reader.read_as_array_buffer(&slice));
            let buffer = read.map_err(|error| io::Error::other(messages::words(&error)))?;
            self.piece = Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec();
            self.start = self.position;
            self.progress.add(self.piece.len());
        }
        let at = (self.position - self.start) as usize;
        Ok(self.piece.get(at..).unwrap_or_default())
    }
}

impl Read for BlobReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length {
            return Ok(0);
        }
        let bytes = self.fill()?;
        let count = bytes.len().min(to.len());
        to[..count].copy_from_slice(&bytes[..count]);
        self.position += count as f64;
        Ok(count)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => at as f64,
            SeekFrom::End(by) => self.length + by as f64,
            SeekFrom::Current(by) => self.position + by as f64,
        };
        if position < 0.0 {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        self.position = position;
        Ok(position as u64)
    }
}
