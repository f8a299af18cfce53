//! Which name a mistyped one was meant to be.

/// Below this likeness, of 0 to 1, a name is another name and no mistake.
const ALIKE: f64 = 0.85;

/// The known name most like `typed`, if one is like it at all.
pub(super) fn nearest<'n>(typed: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let typed = typed.to_lowercase();
    let rated = known.map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &typed), name));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 > ALIKE).then(|| best.1.to_owned())
}
