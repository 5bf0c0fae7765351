def total(prices):
    return sum(prices)


print(total([1, 2]))
sum = 3
try:
    print(total([1, 2]))
except TypeError as error:
    print(error)
del sum
print(total([1, 2]))


def biggest(max):
    return max


print(biggest(4), max(1, 2))
