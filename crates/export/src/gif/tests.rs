use super::*;
use ::gif::{ColorOutput, DecodeOptions};
use proptest::prelude::*;

fn animation(palette: Palette, channels: u8) -> Animation {
    Animation { width: 6, height: 4, channels, palette, scale: 2 }
}

fn written(animation: &Animation, frames: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = GifWriter::new(animation).unwrap();
    frames.iter().for_each(|frame| writer.add(frame, 120).unwrap());
    writer.finish().unwrap()
}

/// What a viewer shows: the canvas after each frame, `[height, width, 3]`, and how long.
fn shown(file: &[u8]) -> Vec<(Vec<u8>, u16)> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    let mut decoder = options.read_info(file).unwrap();
    let width = usize::from(decoder.width());
    let mut canvas = vec![0; width * usize::from(decoder.height()) * 3];
    let mut shown = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let [left, top, across] = [frame.left, frame.top, frame.width].map(usize::from);
        for (row, pixels) in frame.buffer.chunks_exact(4 * across).enumerate() {
            for (column, pixel) in pixels.chunks_exact(4).enumerate() {
                let at = 3 * ((top + row) * width + left + column);
                canvas[at..at + 3].copy_from_slice(&pixel[..3]);
            }
        }
        shown.push((canvas.clone(), frame.delay));
    }
    shown
}

/// A frame with each pixel twice in both directions and as red, green and blue.
fn enlarged(frame: &[u8], channels: usize) -> Vec<u8> {
    let pixel = |at: usize| {
        let pixel = &frame[at * channels..];
        if channels == 1 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] }
    };
    (0..8).flat_map(|row| (0..12).flat_map(move |column| pixel(row / 2 * 6 + column / 2))).collect()
}

proptest! {
    #[test]
    fn grey_frames_are_shown_as_they_were_given(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 24), 1..6),
    ) {
        let shown = shown(&written(&animation(Palette::Grey, 1), &frames));
        prop_assert_eq!(shown.len(), frames.len());
        for ((shown, delay), frame) in shown.iter().zip(&frames) {
            prop_assert_eq!(shown, &enlarged(frame, 1));
            prop_assert_eq!(*delay, 12);
        }
    }

    #[test]
    fn frames_of_few_colours_are_shown_as_they_were_given(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 72), 1..4),
    ) {
        let shown = shown(&written(&animation(Palette::Adaptive, 3), &frames));
        for ((shown, _), frame) in shown.iter().zip(&frames) {
            prop_assert_eq!(shown, &enlarged(frame, 3));
        }
    }
}

#[test]
fn a_frame_has_only_what_changed() {
    let mut moved = vec![9; 24];
    let still = moved.clone();
    moved[8] = 7;
    moved[15] = 7;
    let layout = Layout::new(6, 4, 1, 2).unwrap();
    assert_eq!(changed(layout, &still, &moved), Area { left: 2, top: 1, width: 2, height: 2 });
    assert_eq!(changed(layout, &still, &still), Area { left: 0, top: 0, width: 1, height: 1 });
    assert_eq!(changed(layout, &[], &still), Area { left: 0, top: 0, width: 6, height: 4 });
    // Frames without changes still take their time.
    let file = written(&animation(Palette::Grey, 1), &[still.clone(), still.clone(), moved.clone()]);
    let canvases: Vec<_> = shown(&file).into_iter().map(|(canvas, _)| canvas).collect();
    assert_eq!(canvases, [&still, &still, &moved].map(|frame| enlarged(frame, 1)));
}

#[test]
fn the_animation_repeats_for_ever() {
    let file = written(&animation(Palette::Grey, 1), &[vec![0; 24]]);
    assert!(file.windows(11).any(|window| window == b"NETSCAPE2.0"));
    assert_eq!((&file[..6], file.last()), (&b"GIF89a"[..], Some(&0x3b)));
}

#[test]
fn a_plot_has_its_colours_and_ignores_how_opaque_they_are() {
    let palette = Palette::Plot { background: [255; 3], colours: vec![[31, 119, 180]] };
    let frame: Vec<u8> =
        (0..24).flat_map(|at| if at % 5 == 0 { [31, 119, 180, 255] } else { [255; 4] }).collect();
    let shown = shown(&written(&animation(palette, 4), std::slice::from_ref(&frame)));
    assert_eq!(shown[0].0, enlarged(&frame, 4));
}

#[test]
fn frames_of_another_size_are_refused() {
    let mut writer = GifWriter::new(&animation(Palette::Grey, 1)).unwrap();
    assert!(matches!(writer.add(&[0; 23], 100), Err(PictureError::Values { found: 23, expected: 24 })));
    let none = Animation { width: 0, ..animation(Palette::Grey, 1) };
    assert!(matches!(GifWriter::new(&none), Err(PictureError::Size { .. })));
}
