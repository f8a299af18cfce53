"""Starts the official CLI with one more server key than it was published with.

Its table of server keys is fixed, and it ignores the key a profile carries. The development vault has a key of its own, so this
launcher adds it; the vault then asks for it by id, the way a server asks for a newer key. The look for newer versions that the
CLI makes at every start is off: a test asks nobody outside.

`INTEROP_SERVER_KEY` is `ID:KEY`, as the tail of a four-part token.
"""

import os
import sys

import update_checker
from keeper_secrets_manager_core import keeper_globals

update_checker.UpdateChecker.check = lambda *_, **__: None
key_id, key = os.environ.pop("INTEROP_SERVER_KEY").split(":")
keeper_globals.keeper_public_keys[key_id] = key

from keeper_secrets_manager_cli.__main__ import main  # noqa: E402 (it asks for newer versions while it is imported)

sys.argv[0] = "ksm"
sys.exit(main())
