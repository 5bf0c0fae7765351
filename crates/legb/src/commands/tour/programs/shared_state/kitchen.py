import basket


def fill():
    basket.items.append("egg")
    basket.limit = 12
