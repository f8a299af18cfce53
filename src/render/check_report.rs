//! The answer of `profile check`.

use ksm::foreign;

use super::paint::Color;
use super::table::Layout;

#[derive(Debug)]
pub(crate) struct CheckLine<'r> {
    /// The state in a word, such as `ok`.
    pub(crate) word: &'static str,
    pub(crate) color: Option<Color>,
    pub(crate) topic: String,
    pub(crate) text: &'r str,
    pub(crate) hint: Option<&'r str>,
}

/// The title, and a line for each finding, after a blank line.
pub(crate) fn check_report<'r>(
    title: &str,
    check_report: impl Iterator<Item = CheckLine<'r>>,
    layout: Layout,
) -> String {
    let mut text = format!("\n {}\n", foreign::message(title));
    for remark in check_report {
        let word = layout.colors.paint(remark.word, remark.color).into_owned();
        // The color sequences have no width.
        let gap = " ".repeat(9 - remark.word.len().min(8));
        let (topic, said) = (&remark.topic, foreign::message(remark.text));
        text += &format!(" {word}{gap}{topic:<9}{said}\n");
        if let Some(hint) = remark.hint {
            text += &format!("{:19}try: {}\n", "", foreign::message(hint));
        }
    }
    layout.colors.finish(text)
}
