//! Parts of the page as HTML text. A table of hundreds of cells takes a tenth of the program so that it takes as components.
//!
//! What is pressed has an attribute `data-key`.

use super::{dataset::class_name, structure_text};
use latent_core::{
    model::ImageShape,
    plane::{Confusion, are_numbers},
};

/// A text in HTML, between tags or in an attribute with double quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// An image of the data set, an empty frame while there is none.
pub fn picture(values: Option<&[u8]>, shape: ImageShape, alt: &str) -> String {
    let ratio = format!("aspect-ratio: {} / {}", shape.width, shape.height);
    match values.filter(|values| values.len() == shape.values()) {
        // Without `sync` an image that takes another's place is blank for a frame.
        Some(values) => format!(
            "<img class=\"picture\" decoding=\"sync\" style=\"{ratio}\" alt=\"{}\" src=\"data:image/bmp;base64,{}\">",
            escaped(alt),
            base64(&bitmap(values, shape))
        ),
        None => format!("<span class=\"picture\" style=\"{ratio}\"></span>"),
    }
}

/// A BMP file of an image: 24 bits a pixel, the last row first.
fn bitmap(values: &[u8], shape: ImageShape) -> Vec<u8> {
    let ImageShape { height, width, channels } = shape;
    let row = (3 * width).next_multiple_of(4);
    let number = |number: usize| (number as u32).to_le_bytes();
    let (header, bits) = (54, [1, 0, 24, 0]);
    let numbers = [number(header + row * height), number(0), number(header), number(40), number(width)];
    let mut file = [b"BM".as_slice(), numbers.as_flattened(), &number(height), &bits, &[0; 24]].concat();
    for line in values.chunks_exact((width * channels).max(1)).rev() {
        let start = file.len();
        for pixel in line.chunks_exact(channels) {
            file.extend((0..3).map(|channel| pixel[(2 - channel) % channels]));
        }
        file.resize(start + row, 0);
    }
    file
}

fn base64(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let symbol = SYMBOLS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

/// A button that opens an image.
pub fn tile(image: u32, label: &str, is_open: bool, values: Option<&[u8]>, shape: ImageShape) -> String {
    let (label, picture) = (escaped(label), picture(values, shape, ""));
    format!(
        "<button type=\"button\" class=\"thumbnail\" data-key=\"open {image}\" title=\"{label}\" aria-label=\"{label}\" \
         aria-pressed=\"{is_open}\">{picture}</button>"
    )
}

/// The table of these of the classes.
pub fn confusion_table(names: &[String], shown: &[u8], confusion: &Confusion, caption: &str) -> String {
    let name = |class: &u8| escaped(&class_name(names, *class));
    let head: String = shown.iter().map(|class| format!("<th scope=\"col\">{}</th>", name(class))).collect();
    let cell = |label: u8, vote: u8| {
        let count = confusion.count(label, vote);
        let share = f64::from(count) / f64::from(confusion.images(label).max(1));
        let told = escaped(&structure_text::cell(names, label, vote, count));
        let kind = if label == vote { " class=\"right\"" } else { "" };
        let state = if count == 0 { " disabled" } else { "" };
        format!(
            "<td{kind} style=\"--share: {share:.3}\"><button type=\"button\" data-key=\"cell {label} {vote}\" aria-label=\"{told}\" \
             title=\"{told}\"{state}>{count}</button></td>"
        )
    };
    let row = |label: &u8| {
        let cells: String = shown.iter().map(|&vote| cell(*label, vote)).collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>", name(label))
    };
    let rows: String = shown.iter().map(row).collect();
    format!(
        "<div class=\"confusion{}\" tabindex=\"0\" role=\"region\" aria-label=\"Confused classes\"><table><caption class=\"hint\">{}</caption>\
         <thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        if are_numbers(names) { "" } else { " named" },
        escaped(caption)
    )
}

/// The table of the mean errors of classes, the greatest first, with a bar each.
pub fn class_errors(names: &[String], means: &[Option<f32>]) -> String {
    let mut left: Vec<(u8, f32)> =
        (0u8..).zip(means).filter_map(|(class, mean)| Some((class, (*mean)?))).collect();
    let (mut rows, mut most) = (String::new(), None);
    // A sort would be more program than this.
    while let Some(at) = (0..left.len()).reduce(|best, at| if left[at].1 > left[best].1 { at } else { best })
    {
        let (class, mean) = left.remove(at);
        let share = 100.0 * mean / most.get_or_insert(mean).max(f32::MIN_POSITIVE);
        rows += &format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"bar\" aria-hidden=\"true\"><span style=\"width: {share:.1}%\"></span></td></tr>",
            escaped(&class_name(names, class)),
            structure_text::error(mean)
        );
    }
    format!(
        "<table class=\"class-errors\"><caption class=\"hint\">Mean squared error of what is decoded from each dot, by class</caption>\
         <thead><tr><th scope=\"col\">class</th><th scope=\"col\">error</th><td></td></tr></thead><tbody>{rows}</tbody></table>"
    )
}

/// A message that offers something: a sentence, and buttons with their keys and names.
pub fn offer(sentence: &str, buttons: [(&str, &str); 2]) -> String {
    let button = |(key, name): (&str, &str)| {
        format!("<button type=\"button\" class=\"small\" data-key=\"{key}\">{}</button>", escaped(name))
    };
    let buttons: String = buttons.into_iter().map(button).collect();
    format!("<div class=\"message\"><p>{}</p>{buttons}</div>", escaped(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes_are_text_and_no_markup() {
        assert_eq!(escaped("<b> & \"c\""), "&lt;b> &amp; &quot;c&quot;");
        let names = vec!["<script>".to_owned(), "b\" onclick=\"".into()];
        let confusion = Confusion::new(2, &[0, 0, 1], &[0, 1, 1]);
        let table = confusion_table(&names, &[0, 1], &confusion, "<i>");
        assert!(
            !table.contains("<script") && !table.contains("<i>") && !table.contains("\" onclick"),
            "{table}"
        );
        assert!(
            table.contains(
                "data-key=\"cell 0 1\" aria-label=\"1 of &lt;script> among b&quot; onclick=&quot;\""
            )
        );
        assert!(table.contains("disabled>0</button>"));
        assert!(!class_errors(&names, &[Some(1.0), None]).contains("<script"));
        assert!(
            !tile(3, "a \"b\" <", false, None, ImageShape { height: 1, width: 1, channels: 1 })
                .contains("b\" <")
        );
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let texts = ["", "M", "Ma", "Man", "Many"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "TQ==", "TWE=", "TWFu", "TWFueQ=="]);
    }

    #[test]
    fn a_bitmap_has_its_rows_from_the_bottom_and_padded() {
        let grey = bitmap(&[1, 2, 3, 4, 5, 6], ImageShape { height: 2, width: 3, channels: 1 });
        assert_eq!(grey.len(), 54 + 2 * 12);
        assert_eq!(grey[..2], *b"BM");
        assert_eq!(
            [grey[2], grey[10], grey[14], grey[18], grey[22], grey[26], grey[28]],
            [78, 54, 40, 3, 2, 1, 24]
        );
        assert_eq!(grey[54..], [4, 4, 4, 5, 5, 5, 6, 6, 6, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0]);
        let colour = bitmap(&[10, 20, 30], ImageShape { height: 1, width: 1, channels: 3 });
        assert_eq!(colour[54..], [30, 20, 10, 0]);
    }

    #[test]
    fn classes_come_by_their_errors_and_those_without_images_not_at_all() {
        let names = ["a", "b", "c"].map(str::to_owned);
        let table = class_errors(&names, &[Some(0.01), None, Some(0.02)]);
        let at = |text: &str| table.find(text);
        assert!(at(">c<") < at(">a<") && at(">b<").is_none(), "{table}");
        assert!(table.contains("width: 100.0%") && table.contains("width: 50.0%"));
    }

    #[test]
    fn an_offer_has_its_sentence_and_its_buttons() {
        let text = offer("A & B.", [("yes", "Do it"), ("no", "Not now")]);
        assert!(text.starts_with("<div class=\"message\"><p>A &amp; B.</p><button"), "{text}");
        assert!(
            text.contains("data-key=\"yes\">Do it</button>") && text.contains("data-key=\"no\">Not now<"),
            "{text}"
        );
    }
}
