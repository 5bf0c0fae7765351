"""Runs probes over many paths and counts how often each read succeeded and failed."""

import itertools
import json
import random
import sys
import warnings


def paths(text, samples):
    for length in range(5):
        yield from itertools.product((0, 1, 2), repeat=length)
    choose = random.Random(text)
    for _ in range(samples):
        # Paths that mostly refuse, mostly agree, or do anything.
        values = choose.choice(((0, 0, 1, 2), (1, 1, 2, 0), (0, 1, 2, 3), (0, 0, 1, 3)))
        yield [choose.choice(values) for _ in range(choose.randint(5, 40))]


def run(text, samples, stop):
    counts = {}

    def succeeded(number, _value):
        counts.setdefault(number, [0, 0])[0] += 1

    def failed(number):
        counts.setdefault(number, [0, 0])[1] += 1
        return stop

    namespace = {"__name__": "probe", "_s": succeeded, "_u": failed}
    exec(compile(text, "probe.py", "exec", dont_inherit=True), namespace)
    for path in paths(text, samples):
        for function in namespace["FUNCTIONS"]:
            namespace["D"][:] = path
            try:
                function(1)
            except BaseException:
                # Whatever the program raised was meant to leave it.
                pass
    return counts


def main():
    warnings.simplefilter("ignore")
    samples = int(sys.argv[sys.argv.index("--samples") + 1]) if "--samples" in sys.argv else 300
    for line in sys.stdin:
        task = json.loads(line)
        row = {"key": task["key"]}
        try:
            row["reads"] = run(task["probe"], samples, "--stop" in sys.argv)
        except Exception as error:
            row["error"] = "%s: %s" % (type(error).__name__, error)
        print(json.dumps(row), flush=True)


main()
