//! A picture in memory: bytes row by row, from the top left, channels innermost.

/// A grey picture, or one of three colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1 or 3.
    pub(crate) channels: usize,
    pub(crate) values: Vec<u8>,
}

impl Raster {
    pub(crate) fn new(width: u32, height: u32, channels: usize, values: Vec<u8>) -> Self {
        debug_assert_eq!(values.len(), width as usize * height as usize * channels);
        Self { width, height, channels, values }
    }

    /// The picture with so many channels: grey by Rec. 709's luma, colour by three equal values.
    pub(crate) fn with_channels(self, channels: usize) -> Self {
        let values = match (self.channels, channels) {
            (3, 1) => self.values.chunks_exact(3).map(luma).collect(),
            (1, 3) => self.values.iter().flat_map(|&grey| [grey; 3]).collect(),
            _ => return self,
        };
        Self { channels, values, ..self }
    }

    /// Light and dark exchanged.
    pub(crate) fn inverted(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = 255 - *value);
        self
    }
}

/// Rec. 709's luma, rounded.
fn luma(colour: &[u8]) -> u8 {
    const WEIGHTS: [u32; 3] = [2_126, 7_152, 722];
    let sum: u32 = colour.iter().zip(WEIGHTS).map(|(&value, weight)| u32::from(value) * weight).sum();
    let whole: u32 = WEIGHTS.iter().sum();
    ((sum + whole / 2) / whole) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_and_colour_become_one_another() {
        let colour = Raster::new(2, 1, 3, vec![255, 255, 255, 255, 0, 0]);
        assert_eq!(colour.clone().with_channels(1).values, [255, 54]);
        assert_eq!(Raster::new(1, 1, 1, vec![7]).with_channels(3).values, [7; 3]);
        assert_eq!(colour.clone().with_channels(3), colour);
        assert_eq!(colour.inverted().values, [0, 0, 0, 0, 255, 255]);
    }
}
