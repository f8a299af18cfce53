"""Where deb and rpm put the files: the layout of a Linux system below /usr."""

from .files import gz, write

COMPLETIONS = {
    "completions/ksm.bash": "usr/share/bash-completion/completions/ksm",
    "completions/_ksm": "usr/share/zsh/vendor-completions/_ksm",
    "completions/ksm.fish": "usr/share/fish/vendor_completions.d/ksm.fish",
}


def lay_out(content, root, documents, zsh="vendor-completions"):
    """Copies the files below `root`; `documents` is the package's directory for texts."""
    write(root / "usr/bin/ksm", content.binary.read_bytes(), 0o755)
    for section, name, path in content.pages():
        write(root / f"usr/share/man/man{section}/{name}.gz", gz(path.read_text()))
    for source, place in COMPLETIONS.items():
        write(root / place.replace("vendor-completions", zsh), (content.root / source).read_bytes())
    for name in ("README.md", "THIRD-PARTY.txt", "ksm.cdx.json"):
        source = content.root / name
        if source.exists():
            write(root / documents / name, source.read_bytes())
