"""What legb runs instead of the standard library's pathlib: own code with the same behaviour, as far as it goes.

Paths are computed; what is on the disk is not looked at.
"""


def _text(part):
    if isinstance(part, PurePath):
        return part._path
    if not __known__(part):
        return part
    if isinstance(part, str):
        return part
    if hasattr(part, "__fspath__"):
        return part.__fspath__()
    raise TypeError(__opaque__("the words about something that is no path"))


def _split(texts):
    root = ""
    parts = []
    for text in texts:
        if text.startswith("/"):
            root = "//" if text.startswith("//") and not text.startswith("///") else "/"
            parts = []
        parts.extend(part for part in text.split("/") if part and part != ".")
    return root, parts


class PurePath:
    def __new__(cls, *args, **kwargs):
        if cls is PurePath:
            cls = PurePosixPath
        elif cls is Path:
            cls = PosixPath
        texts = [_text(arg) for arg in args]
        for text in texts:
            if not __known__(text):
                return __opaque__("a path of unknown parts")
        made = object.__new__(cls)
        made._set(*_split(texts))
        return made

    def _set(self, root, parts):
        self._root = root
        self._names = parts
        self._path = root + "/".join(parts) or "."

    def _made(self, root, parts):
        made = object.__new__(type(self))
        made._set(root, parts)
        return made

    def __fspath__(self):
        return self._path

    def __str__(self):
        return self._path

    def __repr__(self):
        return type(self).__name__ + "(" + repr(self._path) + ")"

    def as_posix(self):
        return self._path

    def __bytes__(self):
        return self._path.encode()

    def __truediv__(self, key):
        if not isinstance(key, (str, PurePath)) and __known__(key):
            return NotImplemented
        return self.joinpath(key)

    def __rtruediv__(self, key):
        if not isinstance(key, str):
            return NotImplemented
        return type(self)(key, self)

    def joinpath(self, *args):
        texts = [_text(arg) for arg in args]
        for text in texts:
            if not __known__(text):
                return __opaque__("a path of unknown parts")
        return self._made(*_split([self._path] + texts))

    def with_segments(self, *args):
        return type(self)(*args)

    drive = property(lambda self: "")
    root = property(lambda self: self._root)
    anchor = property(lambda self: self._root)

    @property
    def parts(self):
        return tuple([self._root] + self._names) if self._root else tuple(self._names)

    @property
    def name(self):
        return self._names[-1] if self._names else ""

    def _dot(self):
        name = self.name
        at = name.rfind(".")
        return at if 0 < at < len(name) - 1 else -1

    @property
    def suffix(self):
        at = self._dot()
        return self.name[at:] if at > 0 else ""

    @property
    def suffixes(self):
        name = self.name
        if name.endswith("."):
            return []
        return ["." + part for part in name.lstrip(".").split(".")[1:]]

    @property
    def stem(self):
        at = self._dot()
        return self.name[:at] if at > 0 else self.name

    @property
    def parent(self):
        return self._made(self._root, self._names[:-1]) if self._names else self

    @property
    def parents(self):
        return _Parents(self)

    def is_absolute(self):
        return self._root != ""

    def with_name(self, name):
        if not self._names:
            raise ValueError(repr(self) + " has an empty name")
        if not name or "/" in name or name == ".":
            raise ValueError("Invalid name " + repr(name))
        return self._made(self._root, self._names[:-1] + [name])

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        if "/" in suffix or suffix and not suffix.startswith(".") or suffix == ".":
            raise ValueError("Invalid suffix " + repr(suffix))
        if not self._names:
            raise ValueError(repr(self) + " has an empty name")
        return self._made(self._root, self._names[:-1] + [self.stem + suffix])

    def relative_to(self, *other, walk_up=False):
        if len(other) != 1 or walk_up:
            return __opaque__("such a call of relative_to()")
        base = type(self)(other[0])
        count = len(base._names)
        if base._root != self._root or self._names[:count] != base._names:
            raise ValueError(__opaque__("the words about a path that is not below another"))
        return self._made("", self._names[count:])

    def is_relative_to(self, *other):
        if len(other) != 1:
            return __opaque__("such a call of is_relative_to()")
        base = type(self)(other[0])
        return base._root == self._root and self._names[: len(base._names)] == base._names

    def __eq__(self, other):
        return self._path == other._path if isinstance(other, PurePath) else NotImplemented

    def __lt__(self, other):
        return self.parts < other.parts if isinstance(other, PurePath) else NotImplemented

    def __le__(self, other):
        return self.parts <= other.parts if isinstance(other, PurePath) else NotImplemented

    def __gt__(self, other):
        return self.parts > other.parts if isinstance(other, PurePath) else NotImplemented

    def __ge__(self, other):
        return self.parts >= other.parts if isinstance(other, PurePath) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a path")


class _Parents:
    def __init__(self, path):
        self._all = []
        while path._names:
            path = path.parent
            self._all.append(path)

    def __len__(self):
        return len(self._all)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(self._all[index])
        if not -len(self._all) <= index < len(self._all):
            raise IndexError(index)
        return self._all[index]

    def __iter__(self):
        return iter(self._all)

    def __repr__(self):
        return __opaque__("how the parents of a path are shown")


class PurePosixPath(PurePath):
    pass


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return __opaque__("the working directory")

    @classmethod
    def home(cls):
        return __opaque__("the home directory")

    def absolute(self):
        return self if self._root else __opaque__("the working directory")

    def resolve(self, strict=False):
        if not self._root or ".." in self._names:
            return __opaque__("where a path leads on the disk")
        return self


class PosixPath(Path, PurePosixPath):
    pass
