//! Text in the language of manual pages.

/// Text that means nothing but itself.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    // A caret, a grave and a tilde would be shown as other signs than are typed.
    text.replace('^', "\\(ha")
        .replace('`', "\\(ga")
        .replace('~', "\\(ti")
        .replace('\'', "\\(aq")
}

/// A line that is no request, as one that begins with a dot would be.
pub(super) fn guarded(line: &str) -> String {
    match line.starts_with(['.', '\'']) {
        true => format!("\\&{line}"),
        false => line.to_owned(),
    }
}
