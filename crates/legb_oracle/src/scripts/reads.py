"""Watches a program from inside, as `sitecustomize`: which scope answers each name that some files read.

Before an instruction reads a name, the frame is looked at: its variables, its cells, its globals and builtins. On 3.12 and later
`sys.monitoring` tells of instructions, before that a trace function does. Each place is looked at a few times and then left
alone. What was seen is written as JSON when the program ends. Runs unchanged on CPython 3.8 to 3.15.
"""
import atexit
import dis
import json
import os
import sys
import threading

# So often a place is looked at: what a loop does in later turns it nearly always does in these.
LOOKS = 4


def watch():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    os.environ.pop("PYTHONPATH", None)
    target = os.environ.pop("LEGB_WATCH")
    files = json.loads(os.environ.pop("LEGB_FILES"))
    process = os.getpid()
    wanted = {}
    plans = {}
    seen = {}
    left = {}

    def file_of(path):
        if path not in wanted:
            real = os.path.realpath(path) if not path.startswith("<") else path
            wanted[path] = real if real in files else None
        return wanted[path]

    def plan_of(code):
        """By offset, the names that an instruction reads: how, which, and where."""
        if code not in plans:
            plan = {}
            path = file_of(code.co_filename)
            for instruction in dis.get_instructions(code) if path else ():
                name = instruction.opname
                if name.endswith("_CLEAR") or not ("LOAD_" in name):
                    continue
                positions = getattr(instruction, "positions", None)
                line = positions.lineno if positions else None
                column = positions.col_offset if positions else None
                if line is None:
                    line = line_of(code, instruction.offset)
                # The cell that goes into a closure is taken with LOAD_FAST of its slot: nobody reads the variable.
                if name == "LOAD_FAST" and instruction.argval in code.co_cellvars + code.co_freevars:
                    continue
                names = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
                if name.startswith("LOAD_FAST"):
                    kind = "fast"
                elif name.startswith("STORE_FAST_LOAD_FAST"):
                    # What the instruction itself has just stored has a value.
                    kind, names = "stored" if names[0] == names[1] else "fast", names[1:]
                elif name == "LOAD_DEREF":
                    kind = "deref"
                elif name == "LOAD_CLASSDEREF":
                    kind = "class"
                elif name == "LOAD_GLOBAL":
                    kind = "global"
                elif name == "LOAD_NAME":
                    kind = "name"
                else:
                    continue
                plan[instruction.offset] = [(kind, name, line, column) for name in names if isinstance(name, str)]
            plans[code] = (path, plan)
        return plans[code]

    def line_of(code, offset):
        line = code.co_firstlineno
        for start, number in dis.findlinestarts(code):
            if start > offset:
                break
            line = number
        return line

    def in_dict(mapping, name):
        """Whether a namespace has a name; None where only asking a strange mapping could tell."""
        return dict.__contains__(mapping, name) if isinstance(mapping, dict) else None

    def from_module(frame, name):
        if in_dict(frame.f_globals, name):
            return "global"
        if in_dict(frame.f_builtins, name):
            return "builtin"
        return "unresolved"

    def owner(frame, kind, name):
        """Who answers, and whether the variable has a value; None where that cannot be seen."""
        if kind == "global":
            found = from_module(frame, name)
            return found, found != "unresolved"
        if kind == "name":
            # What a comprehension compiled into a module adds to `f_locals` is none of the module's names.
            if frame.f_code.co_name != "<module>":
                has = in_dict(frame.f_locals, name)
                if has is None:
                    return None
                if has:
                    return "local", True
            found = from_module(frame, name)
            return found, found != "unresolved"
        code = frame.f_code
        if kind == "stored":
            return "local", True
        if kind == "class":
            has = in_dict(frame.f_locals, name)
            return None if has is None else ("local" if has else "enclosing", True)
        # Only functions have variables that can be seen this way: a class body or module keeps others in its dictionary.
        bound = name in frame.f_locals if code.co_flags & 1 else True
        if kind == "deref" and name in code.co_freevars:
            return "enclosing", bound
        return "local", bound

    def look(frame, code, offset):
        """Looks at what an instruction reads; says whether it need be looked at again."""
        path, plan = plan_of(code)
        reads = plan.get(offset)
        if not reads:
            return False
        for kind, name, line, column in reads:
            found = owner(frame, kind, name)
            if found is not None:
                key = (path, line, column, name, found[0], found[1])
                seen[key] = seen.get(key, 0) + 1
        place = (code, offset)
        left[place] = left.get(place, LOOKS) - 1
        return left[place] > 0

    if hasattr(sys, "monitoring"):
        monitoring = sys.monitoring
        tool = 4
        monitoring.use_tool_id(tool, "legb")

        def on_start(code, offset):
            if file_of(code.co_filename):
                monitoring.set_local_events(tool, code, monitoring.events.INSTRUCTION)
            return monitoring.DISABLE

        def on_instruction(code, offset):
            if not look(sys._getframe(1), code, offset):
                return monitoring.DISABLE

        monitoring.register_callback(tool, monitoring.events.PY_START, on_start)
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, on_instruction)
        monitoring.set_events(tool, monitoring.events.PY_START)
    else:

        def on_event(frame, event, argument):
            if event == "opcode":
                look(frame, frame.f_code, frame.f_lasti)
            return on_event

        def on_call(frame, event, argument):
            if not file_of(frame.f_code.co_filename):
                return None
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
            return on_event

        threading.settrace(on_call)
        sys.settrace(on_call)

    def tell():
        if os.getpid() != process:
            return
        if hasattr(sys, "monitoring"):
            sys.monitoring.set_events(4, 0)
        else:
            sys.settrace(None)
        rows = [list(key) + [count] for key, count in list(seen.items())]
        with open(target, "w", encoding="ascii") as file:
            json.dump(rows, file)

    atexit.register(tell)


watch()
