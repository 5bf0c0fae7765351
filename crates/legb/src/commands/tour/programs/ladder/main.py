place = "module"


def outer():
    place = "outer"

    def inner():
        place = "inner"
        return place

    def reader():
        return place

    return inner(), reader()


print(outer())
print(place)
print(len(place))
