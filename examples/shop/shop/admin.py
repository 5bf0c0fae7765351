"""The program for the office: it asks for customers first."""

from shop.customers import Customer


def main() -> None:
    print(len(Customer("Ada").orders()), "orders by Ada")


if __name__ == "__main__":
    main()
