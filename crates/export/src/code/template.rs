//! Fills in templates.

/// The template with each `«name»` replaced by its value, and without the line break at its end.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.trim_end().to_owned();
    for (name, value) in values {
        text = text.replace(&format!("«{name}»"), value);
    }
    text
}

/// The lines, each behind so many spaces, with the breaks between them.
pub(super) fn indented(lines: &[String], spaces: usize) -> String {
    let lines: Vec<_> = lines.iter().map(|line| format!("{:spaces$}{line}", "")).collect();
    lines.join("\n")
}

/// A number as Python and Rust both read it: `0.0005`, `1.0`, `1e-7`.
pub(super) fn number(value: f32) -> String {
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_filled_in_and_lines_are_indented() {
        assert_eq!(fill("«a» and «b», «a»\n\n", &[("a", "1"), ("b", "x")]), "1 and x, 1");
        assert_eq!(indented(&["a".into(), "b".into()], 2), "  a\n  b");
        assert_eq!([0.0005, 1.0, 1e-7].map(number), ["0.0005", "1.0", "1e-7"]);
    }
}
