from orders import Order


def print_bill(order):
    print(order.total)
