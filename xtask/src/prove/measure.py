"""Runs commands in turns (A B A B ...) and reports what each run took.

On standard input: {"rounds": N, "commands": [[program, argument, ...], ...]}. On standard output: for each command a list of
[CPU seconds (user and system), peak resident MiB of its largest process, exit status, end of standard error], one per round.
A round before the first warms the files up and is not reported.
"""

import json
import os
import subprocess
import sys
import tempfile


def run(command):
    # What is printed goes to a file: a pipe would make the command wait for its reader.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        words = err.read()[-500:].decode("utf-8", "replace")
    return [used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, words]


def main():
    task = json.load(sys.stdin)
    rows = [[] for _ in task["commands"]]
    for turn in range(1 + task["rounds"]):
        for row, command in zip(rows, task["commands"]):
            answer = run(command)
            if turn:
                row.append(answer)
    json.dump(rows, sys.stdout)


main()
