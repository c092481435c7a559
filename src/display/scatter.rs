//! Draws tens of thousands of dots into one picture, which a canvas then shows with a single call.

/// A picture of dots. Coordinates are its own pixels.
pub struct Dots {
    width: usize,
    height: usize,
    /// RGBA, not premultiplied.
    pixels: Vec<u8>,
    coverage: Coverage,
}

/// The shape of a dot: the share, 0 to 1, that it covers of each pixel around its centre.
struct Coverage {
    reach: i32,
    shares: Vec<f32>,
}

impl Coverage {
    /// An antialiased disc.
    fn disc(radius: f32) -> Self {
        let reach = (radius + 0.5).ceil() as i32;
        let share = |[x, y]: [i32; 2]| (radius + 0.5 - (x as f32).hypot(y as f32)).clamp(0.0, 1.0);
        let rows = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| [x, y]));
        Self { reach, shares: rows.map(share).collect() }
    }
}

impl Dots {
    /// An empty picture for dots of this radius.
    pub fn new(width: usize, height: usize, radius: f32) -> Self {
        Self { width, height, pixels: vec![0; 4 * width * height], coverage: Coverage::disc(radius) }
    }

    /// Adds a dot. It is clipped to the picture. A dot whose place is not finite is not drawn.
    pub fn add(&mut self, [x, y]: [f32; 2], colour: [u8; 3], opacity: f32) {
        let (width, height, reach) = (self.width as i32, self.height as i32, self.coverage.reach);
        let far = |value: f32, size: i32| !(-1e3..size as f32 + 1e3).contains(&value);
        if far(x, width) || far(y, height) {
            return;
        }
        let [x, y] = [x, y].map(|value| value.floor() as i32);
        let mut shares = self.coverage.shares.iter();
        for row in y - reach..=y + reach {
            for (column, share) in (x - reach..=x + reach).zip(shares.by_ref()) {
                let is_inside = (0..width).contains(&column) && (0..height).contains(&row);
                if is_inside && *share > 0.0 {
                    let at = 4 * (row as usize * self.width + column as usize);
                    blend(&mut self.pixels[at..at + 4], colour, share * opacity);
                }
            }
        }
    }

    /// The picture as RGBA pixels, row by row.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }
}

/// Blends a colour over a pixel (Porter and Duff's "over").
fn blend(pixel: &mut [u8], colour: [u8; 3], opacity: f32) {
    let below = f32::from(pixel[3]) / 255.0 * (1.0 - opacity);
    let sum = opacity + below;
    for (to, from) in pixel.iter_mut().zip(colour) {
        *to = ((f32::from(from) * opacity + f32::from(*to) * below) / sum + 0.5) as u8;
    }
    pixel[3] = (255.0 * sum + 0.5) as u8;
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

    fn pixel(dots: Dots, x: usize, y: usize) -> [u8; 4] {
        let at = 4 * (y * dots.width + x);
        dots.into_pixels()[at..at + 4].try_into().unwrap()
    }

    #[test]
    fn a_dot_covers_its_centre_and_nothing_far_away() {
        let dots = || {
            let mut dots = Dots::new(20, 10, 1.5);
            dots.add([5.2, 4.9], [200, 100, 50], 1.0);
            dots
        };
        assert_eq!(pixel(dots(), 5, 4), [200, 100, 50, 255]);
        assert_eq!(pixel(dots(), 9, 4), [0; 4]);
    }

    #[test]
    fn dots_are_blended_over_each_other() {
        let mut dots = Dots::new(5, 5, 1.0);
        dots.add([2.5, 2.5], [255, 0, 0], 0.5);
        dots.add([2.5, 2.5], [0, 0, 255], 0.5);
        // Half of the upper dot, a quarter of the lower one.
        let [red, green, blue, opacity] = pixel(dots, 2, 2);
        for (found, expected) in [(red, 85), (green, 0), (blue, 170), (opacity, 191)] {
            assert!(found.abs_diff(expected) <= 1, "{found} for {expected}");
        }
    }

    #[test]
    fn dots_are_clipped_and_dots_that_are_not_finite_are_left_out() {
        let mut dots = Dots::new(4, 4, 1.0);
        for place in [[0.0, 0.0], [4.0, 4.0], [-1e9, 2.0], [f32::NAN, 1.0], [1.0, f32::INFINITY]] {
            dots.add(place, [9, 9, 9], 1.0);
        }
        let painted = dots.into_pixels().chunks(4).filter(|pixel| pixel[3] > 0).count();
        assert!((1..=8).contains(&painted), "{painted}");
    }
}
