"""What legb runs instead of the standard library's asyncio: own code with the same behaviour, as far as it goes.

Time is taken to pass as it is slept: what runs between two sleeps takes none.
"""


class CancelledError(BaseException):
    __module__ = "asyncio.exceptions"


class InvalidStateError(Exception):
    __module__ = "asyncio.exceptions"


class _Loop:
    def __init__(self):
        self.now = 0.0
        self.ready = []
        self.timers = []
        self.current = None

    def sleep(self, delay, task):
        when = self.now + delay
        for other in self.timers:
            gap = other[0] - when
            if gap != 0 and -0.005 < gap < 0.005 or gap == 0 and other[1] != self.now:
                __halt__("which of two timers fires first")
        self.timers.append((when, self.now, task))

    def step(self):
        if not self.ready:
            if not self.timers:
                __halt__("an event loop that waits for something that is not modelled")
            self.now = min(timer[0] for timer in self.timers)
            self.ready = [timer[2] for timer in self.timers if timer[0] == self.now]
            self.timers = [timer for timer in self.timers if timer[0] != self.now]
        batch, self.ready = self.ready, []
        for task in batch:
            self.current = task
            task._step()
        self.current = None


_loops = []


class Future:
    def __init__(self):
        self._done = False
        self._result = None
        self._exception = None
        self._waiting = []

    def done(self):
        return self._done

    def _finish(self, result, exception):
        self._done = True
        self._result = result
        self._exception = exception
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()

    def set_result(self, result):
        if self._done:
            raise InvalidStateError("invalid state")
        self._finish(result, None)

    def result(self):
        if not self._done:
            raise InvalidStateError("Result is not set.")
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self):
        if not self._done:
            raise InvalidStateError("Exception is not set.")
        return self._exception

    def cancelled(self):
        return False

    def cancel(self, msg=None):
        __halt__("a task is cancelled")

    def add_done_callback(self, fn, *, context=None):
        __halt__("a callback of a task")

    def __await__(self):
        if not self._done:
            yield self
        return self.result()


class Task(Future):
    def __init__(self, coro, name=None):
        Future.__init__(self)
        self._coro = coro
        self._name = name
        _loops[-1].ready.append(self)

    def get_name(self):
        return self._name if self._name is not None else __opaque__("the name of a task")

    def _step(self):
        try:
            waited = self._coro.send(None)
        except StopIteration as stop:
            self._finish(stop.value, None)
        except Exception as error:
            self._finish(None, error)
        else:
            if waited is None:
                _loops[-1].ready.append(self)
            elif isinstance(waited, _Sleep):
                _loops[-1].sleep(waited.delay, self)
            elif isinstance(waited, Future):
                waited._waiting.append(lambda: _loops[-1].ready.append(self))
            else:
                __halt__("a coroutine waits for something that is not modelled")


class _Sleep:
    def __init__(self, delay):
        self.delay = delay

    def __await__(self):
        yield self


class _Turn:
    def __await__(self):
        yield None


def iscoroutine(obj):
    return type(obj).__name__ == "coroutine"


def run(main, *, debug=None, loop_factory=None):
    if _loops:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    if not __known__(main):
        __doubt__("code that is not run may run a generator or coroutine of the program")
        return main
    if not iscoroutine(main):
        if __has__("runs_awaitables") and hasattr(main, "__await__"):
            __halt__("asyncio.run() of something that is no coroutine")
        if __has__("runs_awaitables"):
            raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
        raise ValueError("a coroutine was expected, got " + repr(main))
    loop = _Loop()
    _loops.append(loop)
    try:
        task = Task(main)
        while not task._done:
            loop.step()
        if loop.ready or loop.timers:
            __halt__("tasks that are cancelled at the end")
    finally:
        _loops.pop()
    return task.result()


def _running():
    if not _loops:
        raise RuntimeError("no running event loop")
    return _loops[-1]


async def sleep(delay, result=None):
    if not __known__(delay):
        __halt__("how long a coroutine sleeps")
    if delay <= 0:
        await _Turn()
    else:
        await _Sleep(delay)
    return result


def create_task(coro, *, name=None):
    _running()
    return Task(coro, name)


def ensure_future(coro_or_future, *, loop=None):
    if isinstance(coro_or_future, Future):
        return coro_or_future
    _running()
    if not iscoroutine(coro_or_future):
        __halt__("ensure_future() of something that is no coroutine")
    return Task(coro_or_future)


class _Gathered(Future):
    pass


def gather(*coros_or_futures, return_exceptions=False):
    outer = _Gathered()
    if not coros_or_futures:
        outer._finish([], None)
        return outer
    tasks = []
    for argument in coros_or_futures:
        tasks.append(ensure_future(argument))
    left = [len(tasks)]

    def ended(task):
        def callback():
            left[0] -= 1
            if task._exception is not None and not return_exceptions:
                if not outer._done:
                    _loops[-1].ready.append(_Later(lambda: outer._done or outer._finish(None, task._exception)))
            elif left[0] == 0 and not outer._done:
                results = [t._exception if t._exception is not None else t._result for t in tasks]
                _loops[-1].ready.append(_Later(lambda: outer._done or outer._finish(results, None)))

        return callback

    for task in tasks:
        if task._done:
            ended(task)()
        else:
            task._waiting.append(ended(task))
    return outer


class _Later:
    def __init__(self, callback):
        self._step = callback


class Lock:
    def __init__(self):
        self._locked = False
        self._waiters = []

    def locked(self):
        return self._locked

    async def acquire(self):
        if self._locked or self._waiters:
            waiter = Future()
            self._waiters.append(waiter)
            await waiter
        self._locked = True
        return True

    def release(self):
        if not self._locked:
            raise RuntimeError("Lock is not acquired.")
        self._locked = False
        if self._waiters:
            self._waiters.pop(0)._finish(True, None)

    async def __aenter__(self):
        await self.acquire()

    async def __aexit__(self, exc_type, exc, tb):
        self.release()


class Event:
    def __init__(self):
        self._flag = False
        self._waiters = []

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter._finish(True, None)

    def clear(self):
        self._flag = False

    async def wait(self):
        if not self._flag:
            waiter = Future()
            self._waiters.append(waiter)
            await waiter
        return True


class QueueEmpty(Exception):
    __module__ = "asyncio.queues"


class Queue:
    def __init__(self, maxsize=0):
        self._maxsize = maxsize
        self._items = []
        self._getters = []
        if maxsize > 0:
            __halt__("a queue of limited size")

    def qsize(self):
        return len(self._items)

    def empty(self):
        return not self._items

    def put_nowait(self, item):
        self._items.append(item)
        if self._getters:
            self._getters.pop(0)._finish(None, None)

    async def put(self, item):
        self.put_nowait(item)

    def get_nowait(self):
        if not self._items:
            raise QueueEmpty
        return self._items.pop(0)

    async def get(self):
        while not self._items:
            getter = Future()
            self._getters.append(getter)
            await getter
        return self._items.pop(0)
