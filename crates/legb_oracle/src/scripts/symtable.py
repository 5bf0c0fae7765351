"""What CPython's symbol table says of a source file, as one JSON row.

  built:    {"path", "ok": true, "top": TABLE}
  refused:  {"path", "ok": false, "stage": "symtable" | "compile", "type", "msg",
             "lineno", "offset", "end_lineno", "end_offset"}, and "top" too where only compile() refuses
  TABLE:    {"type", "name", "lineno", "nested", "optimized", "has_children",
             "symbols": [[name, [predicates that are true], scope], ...], "children": [TABLE, ...]}

Symbols are sorted by name: names that come from inner scopes are inserted in the order of a hash set.
scope: L local, C cell, F free, G explicit global, g implicit global, - none.

  --compile   also run compile(), and report what it raises

Runs unchanged on CPython 3.8 to 3.15.
"""
import _symtable
import symtable

# Every predicate of `symtable.Symbol` in some version, in the order in which they are listed.
PREDICATES = [name for name in (
    "is_referenced", "is_parameter", "is_global", "is_declared_global", "is_nonlocal", "is_local", "is_free",
    "is_imported", "is_assigned", "is_annotated", "is_namespace",
    "is_type_parameter", "is_free_class", "is_comp_iter", "is_comp_cell",    # 3.14
    "is_cell",                                                              # 3.15
) if hasattr(symtable.Symbol, name)]

SCOPES = {
    _symtable.LOCAL: "L",
    _symtable.CELL: "C",
    _symtable.FREE: "F",
    _symtable.GLOBAL_EXPLICIT: "G",
    _symtable.GLOBAL_IMPLICIT: "g",
}


def describe(flags, in_module, is_namespace, known={}):
    """The predicates and the scope of a symbol, asked once for each distinct combination."""
    key = (flags, in_module, is_namespace)
    if key not in known:
        symbol = symtable.Symbol("", flags, [None] if is_namespace else None, module_scope=in_module)
        scope = (flags >> _symtable.SCOPE_OFF) & _symtable.SCOPE_MASK
        known[key] = [name for name in PREDICATES if getattr(symbol, name)()], SCOPES.get(scope, "-")
    return known[key]


def table(raw):
    public = symtable.SymbolTable(raw, "")
    children = raw.children
    namespaces = {child.name for child in children}
    in_module = raw.name == "top"    # the test that SymbolTable.lookup makes
    symbols = []
    for name in sorted(raw.symbols):
        predicates, scope = describe(raw.symbols[name], in_module, name in namespaces)
        symbols.append([name, predicates, scope])
    return {
        "type": str(public.get_type()),
        "name": public.get_name(),
        "lineno": public.get_lineno(),
        "nested": bool(public.is_nested()),
        "optimized": bool(public.is_optimized()),
        "has_children": bool(public.has_children()),
        "symbols": symbols,
        "children": [table(child) for child in children],
    }


def refused(path, stage, exc):
    is_syntax = isinstance(exc, SyntaxError)
    return {
        "path": path,
        "ok": False,
        "stage": stage,
        "type": type(exc).__name__,
        "msg": exc.msg if is_syntax else str(exc),
        "lineno": exc.lineno if is_syntax else None,
        "offset": exc.offset if is_syntax else None,
        "end_lineno": getattr(exc, "end_lineno", None),    # 3.10
        "end_offset": getattr(exc, "end_offset", None),
    }


def options(argv):
    unknown = set(argv) - {"--compile"}
    if unknown:
        raise SystemExit("unknown argument: " + " ".join(sorted(unknown)))
    return {"compile": "--compile" in argv}


def answer(path, data, opts):
    try:
        top = table(_symtable.symtable(data, path, "exec"))
    except Exception as exc:
        return refused(path, "symtable", exc)
    if opts["compile"]:
        try:
            compile(data, path, "exec", dont_inherit=True)
        except Exception as exc:
            row = refused(path, "compile", exc)
            row["top"] = top
            return row
    return {"path": path, "ok": True, "top": top}
