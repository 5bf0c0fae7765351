def make_till(start=0):
    total = start

    def add(amount):
        nonlocal total
        total += amount
        return total

    return add


till = make_till(100.0)
print(till(10))
print(till(-5))
second = make_till()
print(second(1), till(0))
