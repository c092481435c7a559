//! Draws tens of thousands of dots into one picture, which a canvas then shows with a single call.

/// A picture of dots. Coordinates are its own pixels.
pub struct Dots {
    width: usize,
    height: usize,
    /// Packed, see [`pack`].
    pixels: Vec<u32>,
}

/// An antialiased disc of one colour and opacity, as its pixels, which one or many dots of a picture have in common.
pub struct Sprite {
    /// Pixels from its centre to its edge.
    reach: i32,
    /// `[2 * reach + 1]` rows of as many packed pixels.
    pixels: Vec<u32>,
}

impl Sprite {
    /// The dots of this radius.
    pub fn disc(radius: f32, colour: [u8; 3], opacity: f32) -> Self {
        let reach = (radius + 0.5).ceil() as i32;
        let pixel = |[x, y]: [i32; 2]| {
            let share = (radius + 0.5 - (x as f32).hypot(y as f32)).clamp(0.0, 1.0);
            pack(colour, share * opacity)
        };
        let rows = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| [x, y]));
        Self { reach, pixels: rows.map(pixel).collect() }
    }
}

impl Dots {
    /// An empty picture.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height] }
    }

    /// Adds a dot. It is clipped to the picture. A dot whose place is not finite is not drawn.
    pub fn add(&mut self, [x, y]: [f32; 2], sprite: &Sprite) {
        let (width, height, reach) = (self.width as i32, self.height as i32, sprite.reach);
        let far = |value: f32, size: i32| !(-1e3..size as f32 + 1e3).contains(&value);
        if far(x, width) || far(y, height) {
            return;
        }
        let [left, top] = [x, y].map(|value| value.floor() as i32 - reach);
        let side = 2 * reach + 1;
        // The part of a row that lies inside of the picture, in pixels of the sprite.
        let (from, to) = ((-left).clamp(0, side), (width - left).clamp(0, side));
        if from >= to {
            return;
        }
        for row in (-top).clamp(0, side)..(height - top).clamp(0, side) {
            let above = &sprite.pixels[(row * side + from) as usize..(row * side + to) as usize];
            let at = (top + row) as usize * self.width + (left + from) as usize;
            for (below, &above) in self.pixels[at..].iter_mut().zip(above) {
                *below = over(above, *below);
            }
        }
    }

    /// The picture as RGBA bytes, row by row, not premultiplied.
    pub fn into_pixels(self) -> Vec<u8> {
        // 255 divided by each opacity, as a fraction of 2¹⁶.
        let inverses = std::array::from_fn(|opacity| (255 << 16) / (opacity as u32).max(1));
        let mut bytes = vec![[0; 4]; self.pixels.len()];
        for (bytes, &pixel) in bytes.iter_mut().zip(&self.pixels) {
            // Most of the picture is empty.
            if pixel != 0 {
                *bytes = unpack(pixel, &inverses);
            }
        }
        bytes.into_flattened()
    }
}

/// A colour with an opacity, 0 to 1, packed into a word: red, green, blue and opacity from the lowest byte, the colours
/// multiplied by the opacity.
fn pack(colour: [u8; 3], opacity: f32) -> u32 {
    let [red, green, blue] = colour.map(|value| (f32::from(value) * opacity + 0.5) as u8);
    u32::from_le_bytes([red, green, blue, (255.0 * opacity + 0.5) as u8])
}

/// The RGBA bytes of a packed pixel, not premultiplied.
fn unpack(pixel: u32, inverses: &[u32; 256]) -> [u8; 4] {
    let [red, green, blue, opacity] = pixel.to_le_bytes();
    let inverse = inverses[usize::from(opacity)];
    let [red, green, blue] =
        [red, green, blue].map(|value| ((u32::from(value) * inverse + (1 << 15)) >> 16).min(255) as u8);
    [red, green, blue, opacity]
}

/// Blends a packed pixel over another one (Porter and Duff's "over").
fn over(above: u32, below: u32) -> u32 {
    /// Every second byte of a word.
    const BYTES: u32 = 0x00ff_00ff;
    /// One half of each, rounds.
    const HALVES: u32 = 0x0080_0080;
    let opacity = above >> 24;
    // As a fraction of 256, so that a shift divides.
    let left = 256 - opacity - (opacity >> 7);
    let low = (((below & BYTES) * left + HALVES) >> 8) & BYTES;
    let high = (((below >> 8) & BYTES) * left + HALVES) & !BYTES;
    above + (low | high)
}

/// The opacity of a dot: lower for more dots, so that dense regions stay visible.
pub fn opacity(dots: usize) -> f32 {
    match dots {
        0..=3_000 => 0.72,
        3_001..=20_000 => 0.5,
        _ => 0.3,
    }
}

/// The radius of a dot in CSS pixels.
pub fn radius(dots: usize) -> f32 {
    match dots {
        0..=300 => 3.0,
        301..=3_000 => 1.8,
        3_001..=20_000 => 1.4,
        _ => 1.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pixel(dots: Dots, x: usize, y: usize) -> [u8; 4] {
        let at = 4 * (y * dots.width + x);
        dots.into_pixels()[at..at + 4].try_into().unwrap()
    }

    #[test]
    fn a_dot_covers_its_centre_and_nothing_far_away() {
        let dots = || {
            let mut dots = Dots::new(20, 10);
            dots.add([5.2, 4.9], &Sprite::disc(1.5, [200, 100, 50], 1.0));
            dots
        };
        assert_eq!(pixel(dots(), 5, 4), [200, 100, 50, 255]);
        assert_eq!(pixel(dots(), 9, 4), [0; 4]);
    }

    #[test]
    fn a_dot_beside_the_picture_is_not_drawn() {
        for place in [[-22.3, 0.0], [0.0, -22.3], [52.3, 0.0], [0.0, 42.3]] {
            let mut dots = Dots::new(30, 20);
            dots.add(place, &Sprite::disc(0.5, [1, 2, 3], 1.0));
            assert!(dots.pixels.iter().all(|&pixel| pixel == 0), "{place:?}");
        }
    }

    #[test]
    fn the_edge_of_a_dot_is_antialiased() {
        let mut dots = Dots::new(9, 9);
        dots.add([4.5, 4.5], &Sprite::disc(1.8, [200, 100, 50], 1.0));
        let [red, .., opacity] = pixel(dots, 6, 4);
        assert!((70..=80).contains(&opacity) && red.abs_diff(200) <= 3, "{red} {opacity}");
    }

    #[test]
    fn dots_are_blended_over_each_other() {
        let mut dots = Dots::new(5, 5);
        dots.add([2.5, 2.5], &Sprite::disc(1.0, [255, 0, 0], 0.5));
        dots.add([2.5, 2.5], &Sprite::disc(1.0, [0, 0, 255], 0.5));
        // Half of the upper dot, a quarter of the lower one.
        let [red, green, blue, opacity] = pixel(dots, 2, 2);
        for (found, expected) in [(red, 85), (green, 0), (blue, 170), (opacity, 191)] {
            assert!(found.abs_diff(expected) <= 1, "{found} for {expected}");
        }
    }

    #[test]
    fn dots_are_clipped_and_dots_that_are_not_finite_are_left_out() {
        let (mut dots, sprite) = (Dots::new(4, 4), Sprite::disc(1.0, [9; 3], 1.0));
        for place in [[0.0, 0.0], [4.0, 4.0], [-1e9, 2.0], [f32::NAN, 1.0], [1.0, f32::INFINITY]] {
            dots.add(place, &sprite);
        }
        let painted = dots.into_pixels().chunks(4).filter(|pixel| pixel[3] > 0).count();
        assert!((1..=8).contains(&painted), "{painted}");
    }

    proptest! {
        #[test]
        fn blending_packed_pixels_is_within_a_shade_of_arithmetic_with_fractions(
            [a, b] in any::<[[u8; 3]; 2]>(), [alpha, beta] in [0.0..=1.0f32, 0.0..=1.0f32],
        ) {
            let [above, below] = [pack(a, alpha), pack(b, beta)];
            let (above_bytes, below_bytes) = (above.to_le_bytes(), below.to_le_bytes());
            let left = 1.0 - f32::from(above_bytes[3]) / 255.0;
            for ((found, above), below) in over(above, below).to_le_bytes().into_iter().zip(above_bytes).zip(below_bytes) {
                let expected = f32::from(above) + f32::from(below) * left;
                prop_assert!((f32::from(found) - expected).abs() <= 1.5, "{found} for {expected}");
            }
        }

        #[test]
        fn a_dot_anywhere_is_drawn_without_leaving_the_picture(x in -30.0..60.0f32, y in -30.0..60.0f32, radius in 0.5..9.0f32) {
            let mut dots = Dots::new(30, 20);
            dots.add([x, y], &Sprite::disc(radius, [1, 2, 3], 1.0));
            let is_inside = (0.0..30.0).contains(&x) && (0.0..20.0).contains(&y);
            prop_assert!(!is_inside || dots.pixels[y as usize * 30 + x as usize] != 0);
        }
    }
}
