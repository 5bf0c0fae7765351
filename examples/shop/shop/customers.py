"""Who buys."""

import shop.orders


class Customer:
    def __init__(self, name: str) -> None:
        self.name = name

    def orders(self) -> list:
        return [order for order in shop.orders.ALL if order.customer.name == self.name]
