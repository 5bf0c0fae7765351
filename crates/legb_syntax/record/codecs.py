"""Records what the codecs of CPython's `encodings` package are called and what single-byte ones decode to.

usage:  python3.13 codecs.py python3.8 python3.9 … python3.13 > ../src/decode/codecs.tsv

One line per codec: its module name, its kind, its table, its other names. Kinds:
  charmap   one byte, one character; the table gives the characters of 0x80-0xff where the lower half is ASCII, else of 0x00-0xff:
            X is the character with that (hexadecimal) code, X+N are N characters from X on, ?N are N bytes that mean nothing
  multi     several bytes per character
  text      another text encoding
  binary    no text encoding (`codecs.decode()` only)
A name that some versions lack is written NAME@FIRST-LAST, with the minor versions that know it.
"""
import codecs
import json
import subprocess
import sys

ALIASES = """
import encodings, encodings.aliases, json, pkgutil, sys
print(json.dumps([sys.version_info[1], encodings.aliases.aliases, [m.name for m in pkgutil.iter_modules(encodings.__path__)]]))
"""
MULTI = {"big5", "big5hkscs", "cp932", "cp949", "cp950", "euc_jis_2004", "euc_jisx0213", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk",
         "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "johab",
         "shift_jis", "shift_jis_2004", "shift_jisx0213"}


TEXT = {"raw_unicode_escape", "unicode_escape", "utf_7", "utf_8", "utf_8_sig"}


def table(name):
    """The table of a single-byte codec, or None."""
    decode = codecs.lookup(name).decode
    if name in TEXT:
        return None
    try:
        chars = [decode(bytes([byte]), "replace")[0] for byte in range(256)]
    except Exception:
        return None
    if any(len(c) != 1 for c in chars) or "".join(chars) != decode(bytes(range(256)), "replace")[0]:
        return None
    lower = "".join(chars[:128])
    return chars[128:] if lower == bytes(range(128)).decode("ascii") else chars


def pack(chars):
    """The table as runs of consecutive characters."""
    runs = []
    for c in chars:
        c = None if c == "\ufffd" else ord(c)
        if runs and (c is None and runs[-1][0] is None or c is not None and runs[-1][0] is not None and c == sum(runs[-1])):
            runs[-1][1] += 1
        else:
            runs.append([c, 1])
    return " ".join("?%d" % n if c is None else "%x" % c if n == 1 else "%x+%d" % (c, n) for c, n in runs)


def main():
    known = {}
    for python in sys.argv[1:]:
        minor, aliases, modules = json.loads(subprocess.check_output([python, "-c", ALIASES]))
        for alias, codec in aliases.items():
            known.setdefault(codec, {}).setdefault(alias, []).append(minor)
        for module in modules:
            known.setdefault(module, {}).setdefault(module, []).append(minor)
    minors = sorted({m for names in known.values() for seen in names.values() for m in seen})
    for codec in sorted(known):
        try:
            info = codecs.lookup(codec)
        except LookupError:
            continue
        kind, chars = "text", ""
        if not info._is_text_encoding:
            kind = "binary"
        elif codec in MULTI:
            kind = "multi"
        elif table(codec) is not None:
            kind, chars = "charmap", pack(table(codec))
        names = []
        for name, seen in sorted(known[codec].items()):
            if seen == minors:
                names.append(name)
            else:
                last = max(seen) if max(seen) != minors[-1] else ""
                names.append("%s@%d-%s" % (name, min(seen), last))
        print("\t".join([codec, kind, chars, " ".join(names)]))


main()
