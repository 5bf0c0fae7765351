"""Runs programs and reports what each call of `print` wrote, and the exception that ended the program."""

import builtins
import io
import json
import signal
import sys
import warnings

SECONDS = 2
MOST_PRINTS = 500


class TooLong(BaseException):
    pass


def alarm(_signal, _frame):
    raise TooLong


def run(source):
    written = io.StringIO()
    prints = []

    def noting(*values, sep=" ", end="\n"):
        line = sys._getframe(1).f_lineno
        if len(prints) >= MOST_PRINTS:
            raise TooLong
        text = io.StringIO()
        plain(*values, sep=sep, end=end, file=text)
        prints.append([line, text.getvalue()])

    namespace = {"__name__": "__main__", "__builtins__": builtins}
    code = compile(source, "program.py", "exec", dont_inherit=True)
    plain, real = print, sys.stdout
    exception = None
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        sys.stdout, builtins.print = written, noting
        try:
            exec(code, namespace)
        finally:
            sys.stdout, builtins.print = real, plain
    except RecursionError:
        raise
    except Exception as error:
        try:
            exception = [type(error).__name__, str(error)]
        except Exception:
            exception = [type(error).__name__, None]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return prints, exception


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, alarm)
    for line in sys.stdin:
        task = json.loads(line)
        row = {"key": task["key"]}
        try:
            row["prints"], row["exception"] = run(task["source"])
        except (SyntaxError, ValueError, RecursionError, TooLong) as error:
            row["skipped"] = type(error).__name__
        print(json.dumps(row), flush=True)


main()
