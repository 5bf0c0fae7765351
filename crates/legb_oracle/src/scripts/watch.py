"""Watches a program from inside, as `sitecustomize`: which modules of a folder begin and end, what the program writes on
standard output from which line of its main file, and the exception that nothing catches.

It imports nothing that the interpreter has not loaded by itself, so that the program finds the world as it would without.
What was seen is written as JSON when the program ends. Runs unchanged on CPython 3.8 to 3.15.
"""
import atexit
import io
import os
import sys


def quote(text):
    out = []
    for c in str(text):
        code = ord(c)
        if 0x20 <= code < 0x7f and c not in '"\\':
            out.append(c)
        elif code > 0xffff:
            code -= 0x10000
            out.append("\\u%04x\\u%04x" % (0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff)))
        elif 0xd800 <= code <= 0xdfff:
            out.append("?")
        else:
            out.append("\\u%04x" % code)
    return '"' + "".join(out) + '"'


def watch():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    os.environ.pop("PYTHONPATH", None)
    target = os.environ.pop("LEGB_WATCH")
    root = os.environ.pop("LEGB_ROOT")
    main = os.environ.pop("LEGB_MAIN", None)
    events = []
    writes = []
    raised = []
    left = [4000000]

    def is_own(path):
        # Code of no file is called `<…>`.
        return not path.startswith("<") and os.path.abspath(path).startswith(root + os.sep)

    loader = sys.modules["_frozen_importlib_external"].SourceFileLoader
    execute = loader.exec_module

    def exec_module(self, module):
        own = is_own(self.path)
        if own:
            events.append(("begin", module.__name__))
        try:
            execute(self, module)
        except BaseException:
            if own:
                events.append(("fail", self.name))
            raise
        if own:
            events.append(("end", self.name))

    loader.exec_module = exec_module

    class Recorder(io.TextIOWrapper):
        def write(self, text):
            caller = sys._getframe(1)
            line = caller.f_lineno if caller.f_code.co_filename == main else 0
            left[0] -= len(text)
            if left[0] > 0:
                writes.append((line, text))
            return super().write(text)

    if main is not None:
        out = sys.stdout
        sys.stdout = Recorder(out.buffer, encoding=out.encoding, errors=out.errors, line_buffering=out.line_buffering)
        sys.stdout.mode = "w"

    def excepthook(kind, value, trace):
        frames = []
        while trace is not None:
            path = trace.tb_frame.f_code.co_filename
            if is_own(path):
                frames.append((trace.tb_frame.f_globals.get("__name__", "?"), os.path.abspath(path), trace.tb_lineno))
            trace = trace.tb_next
        try:
            message = str(value)
        except Exception:
            message = "?"
        raised.append((kind.__name__, message, frames))

    sys.excepthook = excepthook

    def tell():
        rows = ["[%s,%s]" % (quote(event), quote(module)) for event, module in events]
        text = ["[%d,%s]" % (line, quote(text)) for line, text in writes]
        exception = "null"
        for kind, message, frames in raised:
            places = ["[%s,%s,%d]" % (quote(module), quote(path), line) for module, path, line in frames]
            exception = '{"type":%s,"message":%s,"frames":[%s]}' % (quote(kind), quote(message), ",".join(places))
        row = '{"order":[%s],"writes":[%s],"exception":%s}' % (",".join(rows), ",".join(text), exception)
        with open(target, "w", encoding="ascii") as file:
            file.write(row)

    atexit.register(tell)


watch()
