"""What legb runs instead of the standard library's datetime: own code with the same behaviour, as far as it goes."""

MINYEAR = 1
MAXYEAR = 9999

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _length(year, month):
    return 29 if month == 2 and _is_leap(year) else _LENGTHS[month - 1]


def _ordinal(year, month, day):
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    for m in range(1, month):
        days += _length(year, m)
    return days + day


def _from_ordinal(ordinal):
    days = ordinal - 1
    cycles, days = divmod(days, 146097)
    hundreds = min(days // 36524, 3)
    days -= hundreds * 36524
    fours, days = divmod(days, 1461)
    ones = min(days // 365, 3)
    days -= ones * 365
    year = cycles * 400 + hundreds * 100 + fours * 4 + ones + 1
    month = 1
    while days >= _length(year, month):
        days -= _length(year, month)
        month += 1
    return year, month, days + 1


def _known(*values):
    for value in values:
        if not __known__(value):
            return False
        if isinstance(value, (bytes, str)):
            return False
        if not isinstance(value, int):
            raise TypeError(__opaque__("the words about a date or time that is no integer"))
    return True


def _check_date(year, month, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(__opaque__("the words about a year out of range"))
    if not 1 <= month <= 12:
        raise ValueError(__opaque__("the words about a month out of range"))
    if not 1 <= day <= _length(year, month):
        raise ValueError(__opaque__("the words about a day out of range"))


def _check_time(hour, minute, second, microsecond):
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= microsecond < 1000000):
        raise ValueError(__opaque__("the words about a time out of range"))


class timedelta:
    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        for part in (days, seconds, microseconds, milliseconds, minutes, hours, weeks):
            if not __known__(part):
                return __opaque__("a timedelta of unknown parts")
            if not isinstance(part, int):
                if not isinstance(part, float) or part != int(part):
                    return __opaque__("a timedelta of fractions")
        self = object.__new__(cls)
        total = int(days) + int(weeks) * 7
        rest = int(seconds) + int(minutes) * 60 + int(hours) * 3600
        micro = int(microseconds) + int(milliseconds) * 1000
        self._micro = (total * 86400 + rest) * 1000000 + micro
        return self

    days = property(lambda self: self._micro // 86400000000)
    seconds = property(lambda self: self._micro // 1000000 % 86400)
    microseconds = property(lambda self: self._micro % 1000000)

    def total_seconds(self):
        return self._micro / 1000000

    def __repr__(self):
        parts = [name + "=" + repr(getattr(self, name)) for name in ("days", "seconds", "microseconds") if getattr(self, name)]
        return "datetime.timedelta(" + (", ".join(parts) or "0") + ")"

    def __str__(self):
        seconds = self.seconds
        text = "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)
        days = self.days
        if days:
            text = "%d day%s, " % (days, "" if days in (1, -1) else "s") + text
        if self.microseconds:
            text += ".%06d" % self.microseconds
        return text

    def __add__(self, other):
        return timedelta(microseconds=self._micro + other._micro) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return timedelta(microseconds=self._micro - other._micro) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return timedelta(microseconds=-self._micro)

    def __pos__(self):
        return self

    def __abs__(self):
        return timedelta(microseconds=abs(self._micro))

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta(microseconds=self._micro * other)
        return __opaque__("a timedelta times a fraction") if isinstance(other, float) else NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._micro // other._micro
        return timedelta(microseconds=self._micro // other) if isinstance(other, int) else NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._micro / other._micro
        return __opaque__("a timedelta divided") if isinstance(other, (int, float)) else NotImplemented

    def __mod__(self, other):
        return timedelta(microseconds=self._micro % other._micro) if isinstance(other, timedelta) else NotImplemented

    def __bool__(self):
        return self._micro != 0

    def __eq__(self, other):
        return self._micro == other._micro if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._micro < other._micro if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._micro <= other._micro if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._micro > other._micro if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._micro >= other._micro if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a timedelta")


timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    pass


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError(__opaque__("the words about a wrong offset"))
        self._offset = offset
        self._name = name

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return None

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return "UTC" if not self._offset else "UTC" + _offset_text(self._offset)

    def __str__(self):
        return self.tzname(None)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        if self._name is None:
            return "datetime.timezone(" + repr(self._offset) + ")"
        return "datetime.timezone(" + repr(self._offset) + ", " + repr(self._name) + ")"

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a timezone")


timezone.utc = timezone(timedelta(0))
UTC = timezone.utc


def _offset_text(offset):
    minutes = offset._micro // 60000000
    if offset._micro % 60000000:
        return __opaque__("an offset with seconds")
    sign = "-" if minutes < 0 else "+"
    return sign + "%02d:%02d" % divmod(abs(minutes), 60)


class date:
    def __new__(cls, year, month=None, day=None):
        if not _known(year, month, day):
            return __opaque__("a date of unknown parts")
        _check_date(year, month, day)
        self = object.__new__(cls)
        self._year, self._month, self._day = year, month, day
        return self

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    @classmethod
    def today(cls):
        return __opaque__("the clock")

    @classmethod
    def fromordinal(cls, n):
        return cls(*_from_ordinal(n))

    @classmethod
    def fromisoformat(cls, text):
        if not __known__(text) or not isinstance(text, str) or len(text) != 10 or text[4] + text[7] != "--":
            return __opaque__("such a date in ISO format")
        digits = text.replace("-", "")
        if not digits.isdigit() or len(digits) != 8:
            return __opaque__("such a date in ISO format")
        return cls(int(text[:4]), int(text[5:7]), int(text[8:]))

    def toordinal(self):
        return _ordinal(self._year, self._month, self._day)

    def weekday(self):
        return (date.toordinal(self) + 6) % 7

    def isoweekday(self):
        return date.toordinal(self) % 7 or 7

    def isoformat(self):
        return "%04d-%02d-%02d" % (self._year, self._month, self._day)

    def replace(self, year=None, month=None, day=None):
        return type(self)(
            self._year if year is None else year,
            self._month if month is None else month,
            self._day if day is None else day,
        )

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def ctime(self):
        return _DAYS[self.weekday()] + " " + _MONTHS[self._month - 1][:3] + " %2d 00:00:00 %04d" % (self._day, self._year)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return "datetime.date(%d, %d, %d)" % (self._year, self._month, self._day)

    def _key(self):
        return (self._year, self._month, self._day)

    def __add__(self, other):
        if isinstance(other, timedelta):
            return _moved_date(self, date.toordinal(self) + other.days)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return _moved_date(self, date.toordinal(self) - other.days)
        if isinstance(other, date) and not isinstance(other, datetime):
            return timedelta(days=date.toordinal(self) - date.toordinal(other))
        return NotImplemented

    def __eq__(self, other):
        return self._key() == other._key() if _both_dates(self, other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if _both_dates(self, other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if _both_dates(self, other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if _both_dates(self, other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if _both_dates(self, other) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a date")


def _both_dates(a, b):
    if not isinstance(b, date):
        return False
    if isinstance(a, datetime) != isinstance(b, datetime):
        __halt__("a date compared with a datetime")
    return True


def _moved_date(old, ordinal):
    if not 1 <= ordinal <= 3652059:
        raise OverflowError("date value out of range")
    return type(old)(*_from_ordinal(ordinal))


class time:
    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if not _known(hour, minute, second, microsecond):
            return __opaque__("a time of unknown parts")
        _check_time(hour, minute, second, microsecond)
        self = object.__new__(cls)
        self._hour, self._minute, self._second, self._microsecond = hour, minute, second, microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    def isoformat(self, timespec="auto"):
        return _time_text(self, timespec) + _zone_text(self)

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(None)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return "datetime.time(" + _time_parts(self, 2) + _zone_repr(self) + ")"

    def _key(self):
        if self._tzinfo is not None:
            __halt__("times with zones compared")
        return (self._hour, self._minute, self._second, self._microsecond)

    def __eq__(self, other):
        return self._key() == other._key() if isinstance(other, time) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a time")


def _time_parts(value, least):
    parts = [value._hour, value._minute, value._second, value._microsecond]
    while len(parts) > least and not parts[-1]:
        parts.pop()
    return ", ".join(map(str, parts))


def _zone_repr(value):
    fold = ", fold=1" if value._fold else ""
    return fold if value._tzinfo is None else fold + ", tzinfo=" + repr(value._tzinfo)


def _time_text(value, timespec):
    if timespec == "auto":
        timespec = "microseconds" if value._microsecond else "seconds"
    text = "%02d" % value._hour
    if timespec in ("minutes", "seconds", "milliseconds", "microseconds"):
        text += ":%02d" % value._minute
    if timespec in ("seconds", "milliseconds", "microseconds"):
        text += ":%02d" % value._second
    if timespec == "milliseconds":
        text += ".%03d" % (value._microsecond // 1000)
    elif timespec == "microseconds":
        text += ".%06d" % value._microsecond
    elif timespec not in ("hours", "minutes", "seconds"):
        raise ValueError("Unknown timespec value")
    return text


def _zone_text(value):
    offset = value.utcoffset()
    return "" if offset is None else _offset_text(offset)


class datetime(date):
    def __new__(cls, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if not _known(year, month, day, hour, minute, second, microsecond):
            return __opaque__("a datetime of unknown parts")
        _check_date(year, month, day)
        _check_time(hour, minute, second, microsecond)
        self = object.__new__(cls)
        self._year, self._month, self._day = year, month, day
        self._hour, self._minute, self._second, self._microsecond = hour, minute, second, microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def now(cls, tz=None):
        return __opaque__("the clock")

    @classmethod
    def utcnow(cls):
        return __opaque__("the clock")

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        if tz is timezone.utc and isinstance(timestamp, int):
            return cls(1970, 1, 1, tzinfo=tz) + timedelta(seconds=timestamp)
        return __opaque__("the time zone of the machine")

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        return cls(
            date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond,
            time.tzinfo if tzinfo is True else tzinfo,
        )

    @classmethod
    def fromisoformat(cls, text):
        if not __known__(text) or not isinstance(text, str) or len(text) not in (10, 16, 19):
            return __opaque__("such a datetime in ISO format")
        if not (text[:4] + text[5:7] + text[8:10] + text[11:13] + text[14:16] + text[17:]).isdigit():
            return __opaque__("such a datetime in ISO format")
        if text[4] + text[7] != "--" or text[10:11] not in ("", "T", " ") or text[13:14] not in ("", ":"):
            return __opaque__("such a datetime in ISO format")
        parts = [int(text[:4]), int(text[5:7]), int(text[8:10])]
        if len(text) > 10:
            parts += [int(text[11:13]), int(text[14:16])]
        if len(text) > 16:
            parts.append(int(text[17:]))
        return cls(*parts)

    @classmethod
    def strptime(cls, date_string, format):
        return __opaque__("datetime.strptime()")

    def date(self):
        return date(self._year, self._month, self._day)

    def time(self):
        return time(self._hour, self._minute, self._second, self._microsecond, fold=self._fold)

    def timetz(self):
        return time(self._hour, self._minute, self._second, self._microsecond, self._tzinfo, fold=self._fold)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(self)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(self)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def timestamp(self):
        if self._tzinfo is None:
            return __opaque__("the time zone of the machine")
        return (self - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()

    def astimezone(self, tz=None):
        if tz is None or self._tzinfo is None or not isinstance(tz, timezone):
            return __opaque__("the time zone of the machine")
        moved = self - self.utcoffset() + tz.utcoffset(None)
        return moved.replace(tzinfo=tz)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None,
                tzinfo=True, *, fold=None):
        return type(self)(
            self._year if year is None else year,
            self._month if month is None else month,
            self._day if day is None else day,
            self._hour if hour is None else hour,
            self._minute if minute is None else minute,
            self._second if second is None else second,
            self._microsecond if microsecond is None else microsecond,
            self._tzinfo if tzinfo is True else tzinfo,
            fold=self._fold if fold is None else fold,
        )

    def isoformat(self, sep="T", timespec="auto"):
        return date.isoformat(self) + sep + _time_text(self, timespec) + _zone_text(self)

    def ctime(self):
        return (
            _DAYS[self.weekday()] + " " + _MONTHS[self._month - 1][:3]
            + " %2d %02d:%02d:%02d %04d" % (self._day, self._hour, self._minute, self._second, self._year)
        )

    def __str__(self):
        return self.isoformat(" ")

    def __repr__(self):
        head = "datetime.datetime(%d, %d, %d, " % (self._year, self._month, self._day)
        return head + _time_parts(self, 2) + _zone_repr(self) + ")"

    def _micro(self):
        days = date.toordinal(self)
        return ((days * 24 + self._hour) * 60 + self._minute) * 60000000 + self._second * 1000000 + self._microsecond

    def _key(self):
        offset = self.utcoffset()
        return (offset is not None, self._micro() - (0 if offset is None else offset._micro))

    def __add__(self, other):
        return self._moved(other._micro) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self._moved(-other._micro)
        if isinstance(other, datetime):
            mine, theirs = self._key(), other._key()
            if mine[0] != theirs[0]:
                raise TypeError("can't subtract offset-naive and offset-aware datetimes")
            return timedelta(microseconds=mine[1] - theirs[1])
        return NotImplemented

    def _moved(self, micro):
        days, rest = divmod(self._micro() + micro, 86400000000)
        if not 1 <= days <= 3652059:
            raise OverflowError("date value out of range")
        seconds, micro = divmod(rest, 1000000)
        year, month, day = _from_ordinal(days)
        return type(self)(
            year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, micro, tzinfo=self._tzinfo
        )

    def __eq__(self, other):
        return self._key() == other._key() if _both_dates(self, other) else NotImplemented

    def _ordered(self, other):
        mine, theirs = self._key(), other._key()
        if mine[0] != theirs[0]:
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return mine[1] - theirs[1]

    def __lt__(self, other):
        return self._ordered(other) < 0 if _both_dates(self, other) else NotImplemented

    def __le__(self, other):
        return self._ordered(other) <= 0 if _both_dates(self, other) else NotImplemented

    def __gt__(self, other):
        return self._ordered(other) > 0 if _both_dates(self, other) else NotImplemented

    def __ge__(self, other):
        return self._ordered(other) >= 0 if _both_dates(self, other) else NotImplemented

    def __hash__(self):
        return __opaque__("the hash of a datetime")


def _strftime(value, format):
    if not __known__(format) or not isinstance(format, str):
        return __opaque__("such a format of a date")
    is_time = isinstance(value, time)
    is_date = not is_time and not isinstance(value, datetime)
    year, month, day = (1900, 1, 1) if is_time else (value._year, value._month, value._day)
    hour, minute, second, micro = (0, 0, 0, 0) if is_date else (
        value._hour, value._minute, value._second, value._microsecond
    )
    if year < 1000:
        return __opaque__("a year of less than four digits")
    weekday = (_ordinal(year, month, day) + 6) % 7
    parts = []
    at = 0
    while at < len(format):
        c = format[at]
        at += 1
        if c != "%":
            parts.append(c)
            continue
        if at == len(format):
            return __opaque__("such a format of a date")
        c = format[at]
        at += 1
        if c == "Y":
            parts.append("%04d" % year)
        elif c == "y":
            parts.append("%02d" % (year % 100))
        elif c == "m":
            parts.append("%02d" % month)
        elif c == "d":
            parts.append("%02d" % day)
        elif c == "e":
            parts.append("%2d" % day)
        elif c == "H":
            parts.append("%02d" % hour)
        elif c == "I":
            parts.append("%02d" % (hour % 12 or 12))
        elif c == "M":
            parts.append("%02d" % minute)
        elif c == "S":
            parts.append("%02d" % second)
        elif c == "f":
            parts.append("%06d" % micro)
        elif c == "j":
            parts.append("%03d" % (_ordinal(year, month, day) - _ordinal(year, 1, 1) + 1))
        elif c == "w":
            parts.append(str((weekday + 1) % 7))
        elif c == "u":
            parts.append(str(weekday + 1))
        elif c == "F":
            parts.append("%04d-%02d-%02d" % (year, month, day))
        elif c == "T":
            parts.append("%02d:%02d:%02d" % (hour, minute, second))
        elif c == "%":
            parts.append("%")
        elif c == "z":
            parts.append("" if is_date else _zone_text(value).replace(":", ""))
        elif c in "aAbBp":
            # The names depend on the locale; without `setlocale` they are those of C.
            names = {
                "a": _DAYS[weekday],
                "A": _LONG_DAYS[weekday],
                "b": _MONTHS[month - 1][:3],
                "B": _MONTHS[month - 1],
                "p": "AM" if hour < 12 else "PM",
            }
            parts.append(names[c])
        else:
            return __opaque__("such a format of a date")
    return "".join(parts)


date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
