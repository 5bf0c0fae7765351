"""What legb runs instead of the standard library's contextlib: own code with the same behaviour, as far as it goes."""

from abc import ABC, abstractmethod
from functools import wraps

_ended = object()


class AbstractContextManager(ABC):
    def __enter__(self):
        return self

    @abstractmethod
    def __exit__(self, exc_type, exc_value, traceback):
        return None

    @classmethod
    def __subclasshook__(cls, C):
        if cls is AbstractContextManager:
            return __check_methods__(C, "__enter__", "__exit__")
        return NotImplemented


class AbstractAsyncContextManager(ABC):
    async def __aenter__(self):
        return self

    @abstractmethod
    async def __aexit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)

        return inner


class _GeneratorContextManager(ContextDecorator, AbstractContextManager):
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func, self.args, self.kwds = func, args, kwds

    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)

    def __enter__(self):
        del self.args, self.kwds, self.func
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, typ, value, traceback):
        if typ is None:
            if next(self.gen, _ended) is _ended:
                return False
            raise RuntimeError("generator didn't stop")
        thrown = typ() if value is None else value
        lines = __trace__(thrown)
        try:
            self.gen.throw(thrown)
        except StopIteration as ended:
            return ended is not thrown
        except BaseException as raised:
            # A generator cannot let a StopIteration through as it is.
            is_wrapped = isinstance(raised, RuntimeError) and isinstance(thrown, StopIteration)
            if raised is not thrown and not (is_wrapped and raised.__cause__ is thrown):
                raise
            return _let_through(thrown, lines)
        raise RuntimeError("generator didn't stop after throw()")


def _let_through(thrown, lines):
    if __has__("restores_tracebacks"):
        __trace__(thrown, lines)
    return False


def contextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)

    return helper


class _AsyncGeneratorContextManager(AbstractAsyncContextManager):
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)

    async def __aenter__(self):
        try:
            return await self.gen.__anext__()
        except StopAsyncIteration:
            raise RuntimeError("generator didn't yield") from None

    async def __aexit__(self, typ, value, traceback):
        if typ is None:
            try:
                await self.gen.__anext__()
            except StopAsyncIteration:
                return False
            raise RuntimeError("generator didn't stop")
        thrown = typ() if value is None else value
        lines = __trace__(thrown)
        try:
            await self.gen.athrow(thrown)
        except StopAsyncIteration as ended:
            return ended is not thrown
        except BaseException as raised:
            if raised is not thrown:
                raise
            return _let_through(thrown, lines)
        raise RuntimeError("generator didn't stop after athrow()")


def asynccontextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _AsyncGeneratorContextManager(func, args, kwds)

    return helper


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class suppress(AbstractContextManager):
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        if exctype is None:
            return None if __has__("suppresses_groups") else False
        if issubclass(exctype, self._exceptions):
            return True
        if __has__("suppresses_groups") and hasattr(excinst, "exceptions"):
            match, rest = excinst.split(self._exceptions)
            if rest is None:
                return True
            raise rest
        return False


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass

    async def __aenter__(self):
        return self.enter_result

    async def __aexit__(self, *excinfo):
        pass


class ExitStack(AbstractContextManager):
    def __init__(self):
        self._exits = []

    def push(self, exit):
        method = getattr(type(exit), "__exit__", None)
        self._exits.append(exit if method is None else exit.__exit__)
        return exit

    def enter_context(self, cm):
        result = type(cm).__enter__(cm)
        self._exits.append(cm.__exit__)
        return result

    def callback(self, callback, /, *args, **kwds):
        def exit(exc_type, exc, tb):
            callback(*args, **kwds)

        self._exits.append(exit)
        return callback

    def pop_all(self):
        other = type(self)()
        other._exits, self._exits = self._exits, []
        return other

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, *details):
        had_exception = details[1] is not None
        swallowed = changed = False
        while self._exits:
            exit = self._exits.pop()
            try:
                if exit(*details):
                    swallowed, changed = True, False
                    details = (None, None, None)
            except BaseException as error:
                details = (type(error), error, None)
                changed = True
        if changed:
            raise details[1]
        return had_exception and swallowed
