"""What was bought, and by whom."""

from shop.customers import Customer


class Order:
    def __init__(self, number: int, customer: Customer) -> None:
        self.number = number
        self.customer = customer


ALL = [Order(1, Customer("Ada")), Order(2, Customer("Grace"))]
