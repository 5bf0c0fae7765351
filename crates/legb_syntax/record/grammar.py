"""Records what CPython's decoder, tokenizer and parser say about pieces of source.

usage:  python3.8 grammar.py answers < ../tests/grammar.tsv > 3.8.jsonl      (with every version, 3.14 and 3.15 in WebAssembly)
        python3.13 grammar.py merge 3.8.jsonl 3.9.jsonl … 3.15.jsonl > ../tests/grammar.tsv

To add a case, append a line with its source alone, as a JSON string, or as `b` and a JSON string of its bytes as Latin-1.

A line of the table: source, minor versions, and `ok` or the type, message and place `line:offset..line:offset` of the exception.
"""
import json
import sys
import warnings

PyCF_ONLY_AST = 0x400


def answers(lines, write):
    warnings.simplefilter("ignore")
    seen = set()
    for line in lines:
        source = line.rstrip("\n").split("\t")[0]
        if not source or source.startswith("#") or source in seen:
            continue
        seen.add(source)
        text = json.loads(source.lstrip("b"))
        data = text.encode("latin-1") if source.startswith("b") else text.encode("utf-8")
        try:
            compile(data, "case.py", "exec", PyCF_ONLY_AST, dont_inherit=True)
            row = ["ok"]
        except SyntaxError as e:
            end = getattr(e, "end_lineno", None), getattr(e, "end_offset", None)
            place = "%s:%s..%s:%s" % (e.lineno, e.offset, end[0], end[1])
            row = [type(e).__name__, e.msg, place.replace("None", "-")]
        except Exception as e:
            row = [type(e).__name__, str(e), "-:-..-:-"]
        write(json.dumps([source, sys.version_info[1], row]) + "\n")


def merge(paths, write):
    rows, order = {}, []
    for path in paths:
        with open(path) as f:
            for source, minor, row in map(json.loads, f):
                if source not in rows:
                    rows[source] = []
                    order.append(source)
                rows[source].append((minor, row))
    write("# Recorded by record/grammar.py\n")
    for source in order:
        runs = []
        for minor, row in sorted(rows[source]):
            if runs and runs[-1][2] == row:
                runs[-1][1] = minor
            else:
                runs.append([minor, minor, row])
        for first, last, row in runs:
            write("\t".join([source, "%d-%d" % (first, last)] + row) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "answers":
        answers(sys.stdin, sys.stdout.write)
    else:
        merge(sys.argv[2:], sys.stdout.write)
