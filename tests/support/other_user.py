"""Another local user than the one who runs the tests: what a steward of a role may do, she tries."""

import json
import os
import pwd
import subprocess
import tempfile

from federation import BIN, skip

USER = "nobody"


class OtherUser:
    """The test is skipped where only root can be another user, or she can't run the programs."""

    def __init__(self):
        if os.geteuid() != 0:
            skip("only root can be another user")
        ids = pwd.getpwnam(USER)
        self.as_her = {"user": ids.pw_uid, "group": ids.pw_gid, "extra_groups": []}
        if subprocess.run([BIN / "ayni", "--version"], capture_output=True, **self.as_her).returncode != 0:
            skip(f"{USER} can't run the programs where they are built")
        if subprocess.run(["test", "-x", tempfile.gettempdir()], **self.as_her).returncode != 0:
            skip(f"{USER} can't get to {tempfile.gettempdir()}")

    def run(self, node, *arguments, stdin="", json_answer=True):
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        return subprocess.run([BIN / "ayni", "--home", node.home, "--lang", "en", *(["--json"] if json_answer else []), *arguments],
                              input=stdin, capture_output=True, text=True, timeout=60, env=environment, **self.as_her)

    def refused(self, node, *arguments, code=3):
        """The error that she gets."""
        run = self.run(node, *arguments)
        assert run.returncode == code, (arguments, run)
        return json.loads(run.stdout)["error"]

    def done(self, node, *arguments):
        run = self.run(node, *arguments)
        assert run.returncode == 0, (arguments, run)
        return json.loads(run.stdout)
