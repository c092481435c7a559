//! An explorer's work, in pieces: what follows from the network is told.

use super::{BLOCK, DRAWN, Explorer, Wish, measure::Measuring};
use latent_core::{data::Split, settings::PIXELS};
use latent_protocol::{ExplorerEvent, Pair};
use std::mem::take;

impl<Emit: Fn(ExplorerEvent), Ask: Fn(Wish)> Explorer<Emit, Ask> {
    /// Does the most urgent piece of work; false when there is none.
    pub(super) fn work(&mut self) -> bool {
        // The point first: somebody's finger is on it.
        self.decode_point()
            || self.reconstruct()
            || self.decode_map()
            || self.encode_block()
            || self.measure_block()
    }

    fn decode_point(&mut self) -> bool {
        let Some(shown) = self.networks.shown() else { return false };
        if !take(&mut self.due.image) || self.code.len() != shown.model.latent_units() {
            return false;
        }
        let image = shown.draw(&self.code);
        (self.emit)(ExplorerEvent::Decoded { code: self.code.clone(), image });
        true
    }

    /// The followed digits, there and back. Those that are not there yet are left out.
    fn reconstruct(&mut self) -> bool {
        let Some(shown) = self.networks.shown() else { return false };
        if !take(&mut self.due.pairs) || self.followed.is_empty() {
            return false;
        }
        let digits = self.sets.of(self.plotted.set());
        let pair = |&digit: &u32| {
            let at = digit as usize;
            let copy = shown.code_of(at, &digits.images).map(|code| shown.draw(&code))?;
            let original = (at < digits.images.len()).then(|| digits.images.get(at).to_vec());
            Some(Pair { digit, label: digits.labels.get(at).copied(), original, copy })
        };
        (self.emit)(ExplorerEvent::Pairs(self.followed.iter().filter_map(pair).collect()));
        true
    }

    /// Draws some rows of the manifold, and tells it once all are drawn.
    fn decode_map(&mut self) -> bool {
        let Some(shown) = self.networks.shown() else { return false };
        let Some(grid) = self.grid.as_ref().filter(|grid| grid.units() == shown.model.latent_units()) else {
            return false;
        };
        if self.drawing.is_none() && take(&mut self.due.map) {
            self.drawing = Some(Vec::new());
        }
        let Some(images) = &mut self.drawing else { return false };
        let codes = grid.codes();
        let rest = &codes[images.len() / PIXELS * grid.units()..];
        images.extend(shown.draw(&rest[..rest.len().min(DRAWN * grid.units())]));
        if images.len() == codes.len() / grid.units() * PIXELS {
            (self.emit)(ExplorerEvent::Mapped { grid: grid.clone(), images: take(images) });
            self.drawing = None;
        }
        true
    }

    fn encode_block(&mut self) -> bool {
        let Some(shown) = self.networks.shown() else { return false };
        let units = shown.model.latent_units();
        if let Some(codes) = shown.codes() {
            let is_due = take(&mut self.due.codes);
            if is_due {
                (self.emit)(ExplorerEvent::Codes { units, codes: codes.to_vec() });
            }
            return is_due;
        }
        let images = &self.sets.of(self.plotted.set()).images;
        let count = images.len().min(self.plotted.count());
        if self.encoding.is_none() && count > 0 && take(&mut self.due.codes) {
            self.encoding = Some(Vec::with_capacity(count * units));
        }
        let Some(codes) = &mut self.encoding else { return false };
        let done = codes.len() / units;
        let end = count.min(done + BLOCK);
        codes.extend(shown.encode(images, done..end));
        if end == count {
            (self.emit)(ExplorerEvent::Codes { units, codes: take(codes) });
            self.encoding = None;
        }
        true
    }

    pub(super) fn begin_to_measure(&mut self) {
        let Some(shown) = self.networks.shown() else { return };
        match shown.to_measure() {
            Ok(network) => {
                self.measuring = Some(Measuring::new(network, shown.steps()));
                for set in [Split::Test, Split::Training] {
                    self.want(set, set.images());
                }
            }
            Err(why) => (self.emit)(ExplorerEvent::Failed(why)),
        }
    }

    /// Measures the next images, if they are there.
    fn measure_block(&mut self) -> bool {
        let Some(measuring) = self.measuring.as_mut().filter(|it| it.can_go_on(&self.sets)) else {
            return false;
        };
        if let Some(measured) = measuring.go_on(&self.sets) {
            (self.emit)(measured);
        }
        if measuring.is_done() {
            self.measuring = None;
        }
        true
    }
}
