//! Fills in templates.

/// Letters in a line of prose at most.
pub(super) const WIDTH: usize = 96;

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

/// A text in lines of at most so many letters, where its words allow it, each behind a prefix.
pub(super) fn wrapped(text: &str, width: usize, prefix: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.into()),
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| format!("{prefix}{line}")).collect();
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
        assert_eq!(wrapped("one two three", 7, "# "), "# one two\n# three");
        assert_eq!(indented(&["a".into(), "b".into()], 2), "  a\n  b");
        assert_eq!([0.0005, 1.0, 1e-7].map(number), ["0.0005", "1.0", "1e-7"]);
    }
}
