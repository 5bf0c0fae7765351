"""Which rule CPython's compiler chose for each use of a name, read from its bytecode, as one JSON row.

  compiled: {"path", "ok": true, "codes": [CODE, ...]}, code objects in depth-first order, the module first
  refused:  {"path", "ok": false, "type", "msg", "lineno", "offset"}
  CODE:     {"qualname", "name", "kind", "firstlineno", "flags", "varnames", "argcount", "cellvars", "freevars",
             "names": [[name, rule, access, line, column, end line, end column, instruction], ...]}

rule, where the name is looked for:
  fast        slot of the frame
  cell        cell made by the frame
  free        cell of an enclosing function
  class_free  dictionary of the class first, then the cell
  class_glob  dictionary of the class, then globals, then builtins
  global      globals, then builtins
  name        f_locals, then globals, then builtins
access: load, store, del; or save, where an inlined comprehension sets a variable of the frame aside.
Columns are UTF-8 bytes from 0; before 3.11 only the line is known and the rest is null.

Not to be seen here: code that the compiler drops, annotations of a function's own variables, cells taken only to
build a closure. An instruction that stands for two names has one place; `finally` blocks are compiled twice.

Runs unchanged on CPython 3.8 to 3.15.
"""
import dis
import sys

USES = {
    "LOAD_NAME": ("name", "load"),
    "STORE_NAME": ("name", "store"),
    "DELETE_NAME": ("name", "del"),
    "LOAD_GLOBAL": ("global", "load"),
    "STORE_GLOBAL": ("global", "store"),
    "DELETE_GLOBAL": ("global", "del"),
    "LOAD_FAST": ("fast", "load"),
    "LOAD_FAST_CHECK": ("fast", "load"),           # 3.12
    "LOAD_FAST_BORROW": ("fast", "load"),          # 3.14
    "LOAD_FAST_AND_CLEAR": ("fast", "save"),       # 3.12
    "STORE_FAST": ("fast", "store"),
    "STORE_FAST_MAYBE_NULL": ("fast", "store"),    # 3.13
    "DELETE_FAST": ("fast", "del"),
    "LOAD_DEREF": ("deref", "load"),
    "STORE_DEREF": ("deref", "store"),
    "DELETE_DEREF": ("deref", "del"),
    "LOAD_CLASSDEREF": ("class_free", "load"),             # to 3.11
    "LOAD_FROM_DICT_OR_DEREF": ("class_free", "load"),     # 3.12
    "LOAD_FROM_DICT_OR_GLOBALS": ("class_glob", "load"),   # 3.12
}
# One instruction, two slots (3.13).
PAIRS = {
    "LOAD_FAST_LOAD_FAST": ("load", "load"),
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW": ("load", "load"),
    "STORE_FAST_LOAD_FAST": ("store", "load"),
    "STORE_FAST_STORE_FAST": ("store", "store"),
}
KINDS = {"<lambda>": "lambda", "<listcomp>": "comprehension", "<setcomp>": "comprehension",
         "<dictcomp>": "comprehension", "<genexpr>": "generator", "__annotate__": "annotate"}
HAS_COLUMNS = sys.version_info >= (3, 11)
CO_NEWLOCALS = 0x2
CO_VARARGS = 0x4
CO_VARKEYWORDS = 0x8


def kind(code, parent):
    if parent is None:
        return "module"
    if code.co_name.startswith("<generic parameters of "):
        return "type parameters"
    return KINDS.get(code.co_name) or ("function" if code.co_flags & CO_NEWLOCALS else "class")


def place(instruction, line):
    if HAS_COLUMNS and instruction.positions is not None:
        at = instruction.positions
        return [at.lineno, at.col_offset, at.end_lineno, at.end_col_offset]
    return [line, None, None, None]


def is_free(code, name, slot):
    """A name can be both a cell of the frame and a free variable (`__class__` in a class body): the slot tells them apart."""
    if name not in code.co_cellvars or name not in code.co_freevars:
        return name in code.co_freevars
    before = len(code.co_cellvars)
    if sys.version_info >= (3, 11):    # locals, cells and free variables share one row of slots
        before = len(code.co_varnames) + len(set(code.co_cellvars) - set(code.co_varnames))
    return slot >= before


def is_taken_for_closure(code, name, slot):
    """From 3.13 on, the cell that goes into a closure is taken with LOAD_FAST of its slot."""
    return slot >= len(code.co_varnames) or name in code.co_cellvars


def uses(code):
    found = []
    line = code.co_firstlineno
    made = set()    # slots of free variables that hold a cell of an inlined comprehension for the moment (3.12)
    for instruction in dis.get_instructions(code):
        if not HAS_COLUMNS and instruction.starts_line is not None:
            line = instruction.starts_line
        opname = instruction.opname
        if opname == "MAKE_CELL":
            made.add(instruction.arg)
        elif opname == "STORE_FAST":
            made.discard(instruction.arg)
        if opname in PAIRS:
            slots = instruction.arg >> 4, instruction.arg & 15
            named = [(name, "fast", access, slot)
                     for name, access, slot in zip(instruction.argval, PAIRS[opname], slots)]
        elif opname in USES:
            named = [(instruction.argval,) + USES[opname] + (instruction.arg,)]
        else:
            continue
        for name, rule, access, slot in named:
            if rule == "deref":
                rule = "free" if slot not in made and is_free(code, name, slot) else "cell"
            elif rule == "fast" and access == "load" and is_taken_for_closure(code, name, slot):
                continue
            found.append([name, rule, access] + place(instruction, line) + [opname])
    return found


def walk(code, parent, prefix, out):
    qualname = "<module>" if parent is None else prefix + code.co_name
    out.append({
        "qualname": qualname,
        "name": code.co_name,
        "kind": kind(code, parent),
        "firstlineno": code.co_firstlineno,
        "flags": code.co_flags,
        "varnames": list(code.co_varnames),
        "argcount": (code.co_argcount + code.co_kwonlyargcount
                     + bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)),
        "cellvars": sorted(code.co_cellvars),
        "freevars": sorted(code.co_freevars),
        "names": uses(code),
    })
    for const in code.co_consts:
        if isinstance(const, type(code)):
            walk(const, code, "" if parent is None else qualname + ".", out)


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def answer(path, data, opts):
    try:
        code = compile(data, path, "exec", dont_inherit=True, optimize=0)
    except Exception as exc:
        return {"path": path, "ok": False, "type": type(exc).__name__, "msg": getattr(exc, "msg", str(exc)),
                "lineno": getattr(exc, "lineno", None), "offset": getattr(exc, "offset", None)}
    codes = []
    walk(code, None, "", codes)
    return {"path": path, "ok": True, "codes": codes}
