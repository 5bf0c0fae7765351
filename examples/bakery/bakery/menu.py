"""What is on sale; the prices of a class body are out of sight inside its comprehensions."""


class Menu:
    surcharge = 0.2
    plain = {"roll": 0.8, "rye loaf": 3.9}
    delivered = {name: amount + surcharge for name, amount in plain.items()}
