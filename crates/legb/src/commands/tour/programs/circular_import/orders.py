from bills import print_bill


class Order:
    total = 12


def settle():
    print_bill(Order())
