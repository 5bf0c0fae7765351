def make_scaler(factor):
    def scale(value):
        return value * factor

    def retune(new):
        nonlocal factor
        factor = new

    return scale, retune


scale, retune = make_scaler(2)
other, _ = make_scaler(5)
print(scale(10), other(10))
retune(3)
print(scale(10), other(10))
print(scale.__closure__[0].cell_contents)
