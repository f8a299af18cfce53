"""The crates inside the program, and the licences of all that it is linked from, as the packages themselves have them."""

import html
import json
import re
from pathlib import Path

from .project import Mistake, output

NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")
RULE = "=" * 80
INTRODUCTION = """\
ksm is made of the works below, under the licenses that their lines name. Where
there is a choice that MIT is among, MIT is chosen. The texts are those of the
packages, once each."""
MUSL = "musl, the C library: MIT (Copyright 2005-2020 Rich Felker and others)"


def crates(target):
    """The packages that the program of a target is linked from, as `cargo metadata` has them. Our own are left out."""
    chosen = ("--locked", *target.features)
    graph = json.loads(output("cargo", "metadata", "--format-version=1", "--filter-platform", target.triple, *chosen))
    packages = {(package["name"], package["version"]): package for package in graph["packages"]}
    # The graph of `metadata` has what no feature asks for, too.
    edges = ("--edges=normal,no-proc-macro", "--prefix=none", "--format={p}")
    tree = output("cargo", "tree", "--target", target.triple, *edges, *chosen).splitlines()
    inside = {(name, version.removeprefix("v")) for name, version, *_ in map(str.split, tree)}
    return [packages[one] for one in sorted(inside) if packages[one]["source"]]


def third_party(target):
    """One text: the works that share a licence's text, and the text."""
    sharing = {}
    for name, texts in [*of_crates(target), *of_rust(), *of_c(target)]:
        for text in texts or [""]:
            sharing.setdefault(text, []).append(name)
    parts = [INTRODUCTION] + ["\n".join([RULE, *names, "", text]).rstrip() for text, names in sharing.items()]
    return "\n\n".join(parts) + "\n"


def of_crates(target):
    for package in crates(target):
        if not package["license"] and not package["license_file"]:
            raise Mistake(f"{package['name']} {package['version']} names no licence, so nobody may pass it on")
        yield line(package), texts_of(package)


def line(package):
    authors = ", ".join(re.sub(r" <.*>", "", author) for author in package["authors"])
    return f"{package['name']} {package['version']}: {package['license']}" + (f" ({authors})" if authors else "")


def texts_of(package):
    files = Path(package["manifest_path"]).parent.iterdir()
    found = sorted(path for path in files if path.is_file() and path.name.upper().startswith(NAMES))
    chosen = [path for path in found if "MIT" in path.name.upper()] if "OR" in (package["license"] or "") else []
    return [tidy(path.read_text(errors="replace")) for path in chosen or found]


def tidy(text):
    return "\n".join(text_line.rstrip() for text_line in text.strip("\ufeff\n").splitlines()).strip("\n")


def of_rust():
    """The standard library and what it is made of, from the page that comes with the compiler."""
    documents = Path(output("rustc", "--print", "sysroot"), "share/doc/rust")
    mit = tidy((documents / "licenses/MIT.txt").read_text())
    yield "The standard library of Rust: Apache-2.0 OR MIT (The Rust Project Developers)", [mit]
    page = (documents / "COPYRIGHT-library.html").read_text()
    for name, section in re.findall(r"<h3>\W*([\w.+-]+)</h3>(.*?)(?=<h3>|</body>)", page, re.DOTALL):
        found = [tidy(html.unescape(text)) for text in re.findall(r"<pre>(.*?)</pre>", section, re.DOTALL)]
        chosen = [text for text in found if "Permission is hereby granted, free of charge" in text]
        yield f"{name}, in the standard library of Rust", chosen or found


def of_c(target):
    """The C library inside a static program."""
    if target.triple.endswith("-musl"):
        mit = Path(output("rustc", "--print", "sysroot"), "share/doc/rust/licenses/MIT.txt")
        yield MUSL, [tidy(mit.read_text())]
