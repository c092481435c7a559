//! Requests to the worker that makes programs, pictures and QR codes. The worker starts with the first request.

use super::release;
use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use latent_browser::{
    words,
    worker_handle::{WorkerFailure, WorkerHandle},
};
use latent_core::{
    dialect::Dialect,
    picture::{Animation, QrOutline, Strip},
    settings::Settings,
};
use latent_protocol::{ExportCommand, ExportReply, ExportRequest, ExportResult, Role};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Who waits for the reply to the request of each number.
type Waiting = Vec<(u32, oneshot::Sender<ExportResult>)>;

/// The worker's end on the page. Copy; the views take it from the context. Reasons for failures are parts of sentences.
#[derive(Clone, Copy)]
pub struct Exporter {
    worker: StoredValue<Option<WorkerHandle<ExportRequest>>, LocalStorage>,
    waiting: StoredValue<Waiting, LocalStorage>,
    last: StoredValue<u32>,
}

impl Default for Exporter {
    /// Without a worker.
    fn default() -> Self {
        Self {
            worker: StoredValue::new_local(None),
            waiting: StoredValue::new_local(Vec::new()),
            last: StoredValue::new(0),
        }
    }
}

impl Exporter {
    /// A run as a program for a library.
    pub async fn program(&self, settings: Settings, dialect: Dialect) -> Result<String, String> {
        match self.ask(ExportCommand::Program(Box::new(settings), dialect), &[]).await? {
            ExportResult::Program(text) => Ok(text),
            _ => Err(UNEXPECTED.into()),
        }
    }

    /// A text as a QR code.
    pub async fn qr(&self, text: String) -> Result<QrOutline, String> {
        match self.ask(ExportCommand::Qr(text), &[]).await? {
            ExportResult::Qr(outline) => Ok(outline),
            _ => Err(UNEXPECTED.into()),
        }
    }

    /// Images in a row, `[height, width, channels]` each, as a PNG file. The images are moved.
    pub async fn strip(&self, strip: Strip, images: &[Uint8Array]) -> Result<Vec<u8>, String> {
        match self.ask(ExportCommand::Strip(strip), images).await? {
            ExportResult::File(bytes) => Ok(bytes),
            _ => Err(UNEXPECTED.into()),
        }
    }

    /// Begins an animation. There is one at a time.
    pub async fn gif(&self, animation: Animation) -> Result<Gif, String> {
        self.ask(ExportCommand::BeginGif(animation), &[]).await?;
        Ok(Gif { exporter: *self, is_open: true })
    }

    /// Asks the worker, with images that are moved.
    async fn ask(&self, command: ExportCommand, images: &[Uint8Array]) -> Result<ExportResult, String> {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        let (sender, receiver) = oneshot::channel();
        self.waiting.update_value(|waiting| waiting.push((number, sender)));
        self.send(&ExportRequest { number, command }, images).map_err(|error| words(&error))?;
        match receiver.await {
            Ok(ExportResult::Failed(why)) => Err(why),
            Ok(result) => Ok(result),
            Err(_) => Err("the program that does it stopped".into()),
        }
    }

    fn send(&self, request: &ExportRequest, images: &[Uint8Array]) -> Result<(), JsValue> {
        if self.worker.with_value(Option::is_none) {
            self.worker.set_value(Some(self.spawn()?));
        }
        let images: Array = images.iter().collect();
        self.worker
            .with_value(|worker| worker.iter().for_each(|worker| worker.send_with_buffers(request, &images)));
        Ok(())
    }

    fn spawn(&self) -> Result<WorkerHandle<ExportRequest>, JsValue> {
        let exporter = *self;
        let answer = move |ExportReply { number, result }| {
            let sender = exporter.waiting.try_update_value(|waiting| {
                let at = waiting.iter().position(|(waiting, _)| *waiting == number)?;
                Some(waiting.swap_remove(at).1)
            });
            // Nobody waits for a reply that was given up.
            let _ = sender.flatten().map(|sender| sender.send(result));
        };
        let failed = move |failure: WorkerFailure| {
            let why = failure.why();
            // The next request starts another one.
            exporter.worker.set_value(None);
            for (_, sender) in exporter.waiting.try_update_value(std::mem::take).into_iter().flatten() {
                let _ = sender.send(ExportResult::Failed(why.clone()));
            }
        };
        let script = release::export_script();
        WorkerHandle::spawn(&script, release::id(), Role::Exporter, |_| {}, answer, failed)
    }
}

const UNEXPECTED: &str = "the program that does it gave another answer";

/// An animation in progress. It is given up when this is dropped.
pub struct Gif {
    exporter: Exporter,
    is_open: bool,
}

impl Gif {
    /// Adds a frame, which is moved. Returns when it is written, so that no more than one frame waits.
    pub async fn add(&self, frame: Uint8Array, milliseconds: u32) -> Result<(), String> {
        self.exporter.ask(ExportCommand::AddFrame(milliseconds), &[frame]).await.map(drop)
    }

    /// The file's bytes.
    pub async fn finish(mut self) -> Result<Vec<u8>, String> {
        self.is_open = false;
        match self.exporter.ask(ExportCommand::FinishGif, &[]).await? {
            ExportResult::File(bytes) => Ok(bytes),
            _ => Err(UNEXPECTED.into()),
        }
    }
}

impl Drop for Gif {
    fn drop(&mut self) {
        if self.is_open {
            // Its reply goes to nobody. A worker that is gone has no animation.
            let _ = self.exporter.send(&ExportRequest { number: 0, command: ExportCommand::DropGif }, &[]);
        }
    }
}
