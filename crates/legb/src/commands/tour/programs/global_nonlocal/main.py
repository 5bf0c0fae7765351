tally = 0


def count_all():
    global tally
    tally += 1


def make_counter(start):
    tally = start

    def step():
        nonlocal tally
        tally += 1
        return tally

    return step


count_all()
count_all()
step = make_counter(10)
print(step(), step())
print(tally)


def broken_counter(start):
    tally = start

    def step():
        tally += 1
        return tally

    return step


try:
    broken_counter(10)()
except UnboundLocalError as error:
    print(type(error).__name__)
