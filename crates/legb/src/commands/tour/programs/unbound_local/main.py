stock = 5


def sell():
    stock -= 1
    return stock


def sell_from(amount):
    return amount - 1


try:
    sell()
except UnboundLocalError as error:
    print(type(error).__name__)

stock = sell_from(stock)
print(stock)
sell()
