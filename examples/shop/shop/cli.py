"""The program for everybody: it works."""

from shop.orders import ALL


def main() -> None:
    for order in ALL:
        print(order.number, order.customer.name)


if __name__ == "__main__":
    main()
