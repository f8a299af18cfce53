//! The tables of unit tests as text, a line for a case.

/// Reads lines of `given => expected`; `# ` begins a comment.
pub(crate) fn cases(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = table.lines().map(str::trim_start);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.split_once(" => ").expect(line))
}

/// Reads lines of `N` columns with ` | ` between them.
pub(crate) fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
    let lines = table.trim().lines().map(str::trim);
    lines.map(|line| {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        columns.try_into().expect(line)
    })
}

/// Reads the words `NAME=VALUE` of a case.
pub(crate) fn settings(given: &str) -> impl Iterator<Item = (&str, &str)> {
    given.split(' ').filter_map(|word| word.split_once('='))
}
