//! Messages between the page and the program that makes what leaves it: programs, pictures, QR codes.

use latent_core::{
    dialect::Dialect,
    picture::{Animation, QrOutline, Strip},
    settings::Settings,
};
use serde::{Deserialize, Serialize};

/// What the page asks of the export program, under a number of its own. Each request gets one reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// The number.
    pub number: u32,
    /// What is asked.
    pub command: ExportCommand,
}

/// What the page asks of the export program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExportCommand {
    /// Writes a run as a program for a library.
    Program(Box<Settings>, Dialect),
    /// Makes a QR code of a text.
    Qr(String),
    /// Makes a PNG file of images in a row, which come with the command.
    Strip(Strip),
    /// Begins an animation, in place of one that was not finished.
    BeginGif(Animation),
    /// Adds a frame, which comes with the command, for so many milliseconds.
    AddFrame(u32),
    /// Makes a GIF file of the frames.
    FinishGif,
    /// Forgets the animation that was begun.
    DropGif,
}

/// The export program's reply to the request of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportReply {
    /// The request's number.
    pub number: u32,
    /// The reply.
    pub result: ExportResult,
}

/// What the export program replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportResult {
    /// The program's text.
    Program(String),
    /// The QR code.
    Qr(QrOutline),
    /// The file's bytes.
    File(#[serde(with = "serde_bytes")] Vec<u8>),
    /// It is done, and there is nothing to give.
    Done,
    /// It is not possible. Why, as part of a sentence.
    Failed(String),
}
