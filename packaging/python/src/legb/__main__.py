"""`python -m legb`: the binary, with the same arguments."""

import os
import subprocess
import sys

from ._binary import find_binary

if __name__ == "__main__":
    command = [find_binary(), *sys.argv[1:]]
    if os.name == "nt":
        # There, a program cannot take the place of another.
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)
