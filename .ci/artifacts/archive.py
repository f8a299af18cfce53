"""The archive: everything below one directory, as tar.gz, for Windows as zip."""

from .files import tar_gz, zip_file
from .project import VERSION


def make(content, out):
    name = f"ksm-{VERSION}-{content.target.triple}"
    if content.target.system == "windows":
        return zip_file(out / f"{name}.zip", content.members(name))
    return tar_gz(out / f"{name}.tar.gz", content.members(name))
