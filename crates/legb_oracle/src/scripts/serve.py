"""The loop around a script's `answer`: one request a line on standard input, one JSON row a line on standard output.

A request is a JSON array: `[path]`, a file to read, or `[path, source]`, the bytes themselves, one character each.
"""


def serve(script_options, script_answer):
    import json
    import sys
    import warnings

    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    opts = script_options(sys.argv[1:])
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode
    for line in sys.stdin.buffer:
        request = json.loads(line.decode("ascii"))
        path = request[0]
        if len(request) == 2:
            row = script_answer(path, request[1].encode("latin-1"), opts)
        else:
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError as exc:
                row = {"path": path, "ok": False, "stage": "read", "type": type(exc).__name__, "msg": str(exc),
                       "lineno": None, "offset": None, "end_lineno": None, "end_offset": None}
            else:
                row = script_answer(path, data, opts)
        sys.stdout.write(encode(row) + "\n")
        sys.stdout.flush()


serve(options, answer)
