//! Makes what leaves the page: programs for other libraries, animations, pictures and QR codes.
//!
//! A request is answered at once. An animation grows by a frame a request, so that the page can stop it between two frames.

use super::{messages, panics};
use js_sys::{Array, Uint8Array};
use latent_core::{dialect::Dialect, settings::Settings};
use latent_export::{code, gif::GifWriter, qr, strip};
use latent_protocol::{ExportCommand, ExportReply, ExportRequest, ExportResult};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

/// Serves as the exporter.
pub fn serve() {
    panics::note_panics();
    let session = RefCell::new(Session::default());
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let (request, images) = parts(&message.data());
        match latent_protocol::decode(&request) {
            Ok(ExportRequest { number, command }) => {
                let result = session.borrow_mut().take(command, &images);
                let result = result.unwrap_or_else(ExportResult::Failed);
                messages::post(&ExportReply { number, result });
            }
            Err(error) => messages::fail(&error.to_string()),
        }
    });
    messages::scope().set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    messages::greet();
}

/// The request in a message, and the images that come with it.
fn parts(data: &JsValue) -> (Vec<u8>, Vec<Vec<u8>>) {
    let bytes =
        |value: JsValue| value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    match data.dyn_ref::<Array>() {
        Some(both) => (bytes(both.get(0)), Array::from(&both.get(1)).iter().map(bytes).collect()),
        None => (bytes(data.clone()), Vec::new()),
    }
}

#[derive(Default)]
struct Session {
    /// The animation that is being written.
    gif: Option<GifWriter>,
}

impl Session {
    /// The reply to a command. The error is part of a sentence.
    fn take(&mut self, command: ExportCommand, images: &[Vec<u8>]) -> Result<ExportResult, String> {
        let images = images.iter().map(Vec::as_slice);
        match command {
            ExportCommand::Program(settings, dialect) => program(&settings, dialect),
            ExportCommand::Qr(text) => {
                qr::outline(&text).map(ExportResult::Qr).map_err(|error| error.to_string())
            }
            ExportCommand::Strip(strip) => {
                strip::png(&strip, images).map(ExportResult::File).map_err(|error| error.to_string())
            }
            ExportCommand::BeginGif(animation) => {
                self.gif = Some(GifWriter::new(&animation).map_err(|error| error.to_string())?);
                Ok(ExportResult::Done)
            }
            ExportCommand::AddFrame(milliseconds) => {
                let gif = self.gif.as_mut().ok_or(NO_ANIMATION)?;
                for image in images {
                    gif.add(image, milliseconds).map_err(|error| error.to_string())?;
                }
                Ok(ExportResult::Done)
            }
            ExportCommand::FinishGif => {
                let gif = self.gif.take().ok_or(NO_ANIMATION)?;
                gif.finish().map(ExportResult::File).map_err(|error| error.to_string())
            }
            ExportCommand::DropGif => {
                self.gif = None;
                Ok(ExportResult::Done)
            }
        }
    }
}

const NO_ANIMATION: &str = "no animation was begun";

fn program(settings: &Settings, dialect: Dialect) -> Result<ExportResult, String> {
    code::program(settings, dialect).map(ExportResult::Program).map_err(|error| error.to_string())
}
