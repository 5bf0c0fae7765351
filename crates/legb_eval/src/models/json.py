"""What legb runs instead of the standard library's json: own code with the same behaviour, as far as it goes."""


class JSONDecodeError(ValueError):
    __module__ = "json.decoder"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


def _quoted(text, ensure_ascii):
    if not __known__(text):
        return text
    parts = ['"']
    for c in text:
        code = ord(c)
        if c in _ESCAPES:
            parts.append(_ESCAPES[c])
        elif code < 32 or ensure_ascii and 126 < code < 65536:
            parts.append("\\u%04x" % code)
        elif ensure_ascii and code > 126:
            code = code - 65536
            parts.append("\\u%04x\\u%04x" % (55296 | code >> 10, 56320 | code & 1023))
        else:
            parts.append(c)
    parts.append('"')
    return "".join(parts)


def _key(key, skipkeys, ensure_ascii):
    if isinstance(key, str):
        return _quoted(key, ensure_ascii)
    if key is True:
        return '"true"'
    if key is False:
        return '"false"'
    if key is None:
        return '"null"'
    if isinstance(key, (int, float)):
        return '"' + repr(key) + '"'
    raise TypeError("keys must be str, int, float, bool or None, not " + type(key).__name__)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None,
          separators=None, default=None, sort_keys=False, **kw):
    if kw or cls is not None or skipkeys:
        return __opaque__("such options of json.dumps()")
    if isinstance(indent, int):
        indent = " " * indent
    if separators is None:
        separators = (", ", ": ") if indent is None else (",", ": ")
    item_separator, key_separator = separators
    open_ = []

    def write(value, depth):
        if not __known__(value):
            return value
        if isinstance(value, str):
            return _quoted(value, ensure_ascii)
        if value is None:
            return "null"
        if value is True:
            return "true"
        if value is False:
            return "false"
        if isinstance(value, int):
            return repr(value) if type(value) is int else __opaque__("a subclass of int in JSON")
        if isinstance(value, float):
            if value != value:
                return "NaN"
            if value == float("inf"):
                return "Infinity"
            if value == float("-inf"):
                return "-Infinity"
            return repr(value)
        if isinstance(value, (list, tuple)):
            return brackets("[", "]", [(lambda item=item: write(item, depth + 1)) for item in value], value, depth)
        if isinstance(value, dict):
            items = sorted(value.items()) if sort_keys else value.items()
            parts = [
                (lambda k=k, v=v: _key(k, skipkeys, ensure_ascii) + key_separator + write(v, depth + 1)) for k, v in items
            ]
            return brackets("{", "}", parts, value, depth)
        if default is not None:
            return write(default(value), depth)
        raise TypeError("Object of type " + type(value).__name__ + " is not JSON serializable")

    def brackets(left, right, parts, value, depth):
        if not parts:
            return left + right
        for outer in open_:
            if outer is value:
                raise ValueError("Circular reference detected")
        open_.append(value)
        texts = [part() for part in parts]
        open_.pop()
        if indent is None:
            return left + item_separator.join(texts) + right
        inner = "\n" + indent * (depth + 1)
        return left + inner + (item_separator + inner).join(texts) + "\n" + indent * depth + right

    return write(obj, 0)


def loads(s, **kw):
    if not __known__(s) or kw or not isinstance(s, str):
        return __opaque__("such a call of json.loads()")
    value, end = _value(s, _space(s, 0))
    if _space(s, end) != len(s):
        raise JSONDecodeError(__opaque__("where the JSON is wrong"))
    return value


def _space(s, at):
    while at < len(s) and s[at] in " \t\n\r":
        at += 1
    return at


def _wrong():
    raise JSONDecodeError(__opaque__("where the JSON is wrong"))


def _value(s, at):
    if at >= len(s):
        _wrong()
    c = s[at]
    if c == '"':
        return _string(s, at + 1)
    if c == "{":
        result = {}
        at = _space(s, at + 1)
        if at < len(s) and s[at] == "}":
            return result, at + 1
        while True:
            if at >= len(s) or s[at] != '"':
                _wrong()
            key, at = _string(s, at + 1)
            at = _space(s, at)
            if at >= len(s) or s[at] != ":":
                _wrong()
            value, at = _value(s, _space(s, at + 1))
            result[key] = value
            at = _space(s, at)
            if at < len(s) and s[at] == "}":
                return result, at + 1
            if at >= len(s) or s[at] != ",":
                _wrong()
            at = _space(s, at + 1)
    if c == "[":
        result = []
        at = _space(s, at + 1)
        if at < len(s) and s[at] == "]":
            return result, at + 1
        while True:
            value, at = _value(s, at)
            result.append(value)
            at = _space(s, at)
            if at < len(s) and s[at] == "]":
                return result, at + 1
            if at >= len(s) or s[at] != ",":
                _wrong()
            at = _space(s, at + 1)
    for word, value in (("true", True), ("false", False), ("null", None)):
        if s[at:at + len(word)] == word:
            return value, at + len(word)
    end = at
    while end < len(s) and s[end] in "+-0123456789.eE":
        end += 1
    text = s[at:end]
    if not text or text[-1] not in "0123456789":
        _wrong()
    if "." in text or "e" in text or "E" in text:
        return float(text), end
    return int(text), end


def _string(s, at):
    parts = []
    while True:
        if at >= len(s):
            _wrong()
        c = s[at]
        if c == '"':
            return "".join(parts), at + 1
        if c == "\\":
            at += 1
            if at >= len(s):
                _wrong()
            c = s[at]
            if c == "u":
                parts.append(chr(int(s[at + 1:at + 5], 16)))
                at += 5
                continue
            if c not in '"\\/bfnrt':
                _wrong()
            parts.append({"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(c, c))
        else:
            parts.append(c)
        at += 1
