"""What legb runs instead of the standard library's itertools: own code with the same behaviour, as far as it goes."""


class _Steps:
    def __iter__(self):
        return self

    def __next__(self):
        return next(self._steps)


def _chained(sources):
    for source in sources:
        for item in source:
            yield item


class chain(_Steps):
    def __init__(self, *iterables):
        self._steps = _chained(iter(iterables))

    @classmethod
    def from_iterable(cls, iterable, /):
        made = cls()
        made._steps = _chained(iter(iterable))
        return made


class count(_Steps):
    def __init__(self, start=0, step=1):
        self._value = start
        self._step = step

    def __next__(self):
        value = self._value
        self._value = value + self._step
        return value

    def __repr__(self):
        if self._step == 1 and isinstance(self._step, int):
            return "count(" + repr(self._value) + ")"
        return "count(" + repr(self._value) + ", " + repr(self._step) + ")"


class cycle(_Steps):
    def __init__(self, iterable, /):
        self._steps = self._run(iter(iterable))

    def _run(self, iterator):
        saved = []
        for item in iterator:
            yield item
            saved.append(item)
        while saved:
            for item in saved:
                yield item


class repeat(_Steps):
    def __init__(self, object, times=None):
        self._object = object
        self._times = times if times is None or times > 0 else 0

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __repr__(self):
        if self._times is None:
            return "repeat(" + repr(self._object) + ")"
        return "repeat(" + repr(self._object) + ", " + repr(self._times) + ")"


class accumulate(_Steps):
    def __init__(self, iterable, func=None, *, initial=None):
        self._steps = self._run(iter(iterable), func, initial)

    def _run(self, iterator, func, total):
        if total is None:
            for total in iterator:
                break
            else:
                return
        yield total
        for item in iterator:
            total = total + item if func is None else func(total, item)
            yield total


class islice(_Steps):
    def __init__(self, iterable, *args):
        for number in args:
            if number is not None and not isinstance(number, int) or number is not None and number < 0:
                raise ValueError(__opaque__("the words about a wrong argument of islice()"))
        limits = slice(*args)
        step = 1 if limits.step is None else limits.step
        if step == 0:
            raise ValueError("Step for islice() must be a positive integer or None.")
        self._steps = self._run(iter(iterable), limits.start or 0, limits.stop, step)

    def _run(self, iterator, start, stop, step):
        at = 0
        wanted = start
        while stop is None or at < (stop if stop > start else start):
            if at == wanted and (stop is None or at < stop):
                for item in iterator:
                    break
                else:
                    return
                yield item
                wanted += step
            else:
                for item in iterator:
                    break
                else:
                    return
            at += 1


class takewhile(_Steps):
    def __init__(self, predicate, iterable, /):
        self._steps = self._run(predicate, iter(iterable))

    def _run(self, predicate, iterator):
        for item in iterator:
            if not predicate(item):
                return
            yield item


class dropwhile(_Steps):
    def __init__(self, predicate, iterable, /):
        self._steps = self._run(predicate, iter(iterable))

    def _run(self, predicate, iterator):
        for item in iterator:
            if not predicate(item):
                yield item
                break
        for item in iterator:
            yield item


class filterfalse(_Steps):
    def __init__(self, function, iterable, /):
        self._steps = self._run(function, iter(iterable))

    def _run(self, function, iterator):
        for item in iterator:
            if not (item if function is None else function(item)):
                yield item


class starmap(_Steps):
    def __init__(self, function, iterable, /):
        self._steps = self._run(function, iter(iterable))

    def _run(self, function, iterator):
        for args in iterator:
            yield function(*args)


class compress(_Steps):
    def __init__(self, data, selectors):
        self._steps = self._run(iter(data), iter(selectors))

    def _run(self, data, selectors):
        for item, chosen in zip(data, selectors):
            if chosen:
                yield item


class pairwise(_Steps):
    def __init__(self, iterable, /):
        self._steps = self._run(iter(iterable))

    def _run(self, iterator):
        for before in iterator:
            break
        else:
            return
        for item in iterator:
            yield before, item
            before = item


class zip_longest(_Steps):
    def __init__(self, *iterables, fillvalue=None):
        self._steps = self._run([iter(iterable) for iterable in iterables], fillvalue)

    def _run(self, iterators, fillvalue):
        running = [True] * len(iterators)
        while True:
            row = []
            for at, iterator in enumerate(iterators):
                value = fillvalue
                if running[at]:
                    for value in iterator:
                        break
                    else:
                        running[at] = False
                row.append(value)
            if not any(running):
                return
            yield tuple(row)


class product(_Steps):
    def __init__(self, *iterables, repeat=1):
        pools = [tuple(iterable) for iterable in iterables] * repeat
        self._steps = self._run(pools, ())

    def _run(self, pools, row):
        if not pools:
            yield row
            return
        for item in pools[0]:
            yield from self._run(pools[1:], row + (item,))


class permutations(_Steps):
    def __init__(self, iterable, r=None):
        pool = tuple(iterable)
        self._steps = self._run(pool, len(pool) if r is None else r, ())

    def _run(self, pool, left, taken):
        if left == 0:
            yield tuple([pool[at] for at in taken])
            return
        for at in range(len(pool)):
            if at not in taken:
                yield from self._run(pool, left - 1, taken + (at,))


class combinations(_Steps):
    def __init__(self, iterable, r):
        self._steps = self._run(tuple(iterable), r, 0, ())

    def _run(self, pool, left, first, row):
        if left == 0:
            yield row
            return
        for at in range(first, len(pool)):
            yield from self._run(pool, left - 1, at + 1, row + (pool[at],))


class combinations_with_replacement(_Steps):
    def __init__(self, iterable, r):
        self._steps = self._run(tuple(iterable), r, 0, ())

    def _run(self, pool, left, first, row):
        if left == 0:
            yield row
            return
        for at in range(first, len(pool)):
            yield from self._run(pool, left - 1, at, row + (pool[at],))


class batched(_Steps):
    def __init__(self, iterable, n, *, strict=False):
        if n < 1:
            raise ValueError("n must be at least one")
        if strict:
            __halt__("batched(strict=True)")
        self._steps = self._run(iter(iterable), n)

    def _run(self, iterator, n):
        row = []
        for item in iterator:
            row.append(item)
            if len(row) == n:
                yield tuple(row)
                row = []
        if row:
            yield tuple(row)


class groupby(_Steps):
    def __init__(self, iterable, key=None):
        self._source = iter(iterable)
        self._key = key
        self._ahead = []
        self._group = None

    def _take(self):
        if not self._ahead:
            for item in self._source:
                self._ahead.append((item if self._key is None else self._key(item), item))
                break
        return self._ahead[0] if self._ahead else None

    def __next__(self):
        if self._group is not None:
            for _ in self._group:
                pass
        first = self._take()
        if first is None:
            raise StopIteration
        self._group = self._members(first[0])
        return first[0], self._group

    def _members(self, key):
        while True:
            row = self._take()
            if row is None or not row[0] == key:
                return
            self._ahead.clear()
            yield row[1]


def tee(iterable, n=2, /):
    source = iter(iterable)
    queues = [[] for _ in range(n)]

    def run(own):
        while True:
            if not own:
                for item in source:
                    break
                else:
                    return
                for queue in queues:
                    queue.append(item)
            yield own.pop(0)

    return tuple([run(queue) for queue in queues])
