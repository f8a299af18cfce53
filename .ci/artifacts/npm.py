"""The packages for npm: one with the program of each platform, and `ksm`, which depends on all of them and starts the one that npm chose."""

import json

from .files import tar_gz
from .project import DESCRIPTION, HOME, LICENSE, ROOT, VERSION

LAUNCHER = """\
#!/usr/bin/env node
const { spawn } = require("node:child_process");
const platform = `${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`@ksm-cli/${platform}/ksm${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`Error: ksm has no program for ${platform}, or npm left the package @ksm-cli/${platform} out`);
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// A terminal tells both of Ctrl-C, and the program decides what it means; other signals reach us alone.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`Error: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
"""


def make_platform(content, out):
    """The package with the program of one platform, which npm installs where `os` and `cpu` fit."""
    system, cpu = content.target.node.split("-")
    about = {**common(f"@ksm-cli/{content.target.node}"), "os": [system], "cpu": [cpu], "preferUnplugged": True}
    members = [(content.target.program, 0o755, content.binary.read_bytes()), text("THIRD-PARTY.txt", (content.root / "THIRD-PARTY.txt").read_text())]
    return pack(about, members, out / f"ksm-cli-{content.target.node}-{VERSION}.tgz")


def make_launcher(out):
    names = (path.name.removesuffix(f"-{VERSION}.tgz") for path in sorted(out.glob("ksm-cli-*.tgz")))
    platforms = [name.removeprefix("ksm-cli-") for name in names]
    if not platforms:
        return None
    parts = {f"@ksm-cli/{platform}": VERSION for platform in platforms}
    about = {**common("ksm"), "bin": {"ksm": "ksm.js"}, "optionalDependencies": parts, "engines": {"node": ">=18"}}
    readme = (ROOT / "README.md").read_text()
    return pack(about, [("ksm.js", 0o755, LAUNCHER.encode()), text("README.md", readme)], launcher(out))


def launcher(directory):
    return directory / f"ksm-{VERSION}.tgz"


def common(name):
    home = {"repository": {"type": "git", "url": f"git+{HOME}.git"}} if HOME else {}
    return {"name": name, "version": VERSION, "description": DESCRIPTION, "license": LICENSE, **home}


def pack(about, members, target):
    everything = [text("package.json", json.dumps(about, indent=2) + "\n"), text("LICENSE", (ROOT / "LICENSE").read_text()), *members]
    return tar_gz(target, [(f"package/{name}", mode, data) for name, mode, data in everything])


def text(name, content):
    return name, 0o644, content.encode()
