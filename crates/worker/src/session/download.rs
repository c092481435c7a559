//! What a session does with the images that arrive.

use super::{
    input::{Data, Output},
    state::Session,
};
use latent_core::training::Trainer;
use latent_protocol::TrainerEvent;

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// Takes news of the dataset loader.
    pub(super) fn store(&mut self, data: Data) {
        let (images, arrived) = match data {
            Data::Announced(bytes) => {
                self.download.of_bytes = bytes;
                return self.report_download();
            }
            // The run goes on as long as it needs no more.
            Data::Failed(why) => return self.load_failure = Some(why),
            Data::Training(arrived) => (&mut self.data.training, arrived),
            Data::Test(arrived) => (&mut self.data.test, arrived),
        };
        match images.append(&arrived.pixels) {
            Ok(()) => {
                self.download.bytes += arrived.bytes_gzip;
                self.report_download();
            }
            Err(error) => self.load_failure = Some(format!("the images could not be read: {error}")),
        }
    }

    fn report_download(&mut self) {
        self.download.images = self.data.training.len() + self.data.test.len();
        (self.emit)(Output::Event(TrainerEvent::Downloaded(self.download)));
    }
}
