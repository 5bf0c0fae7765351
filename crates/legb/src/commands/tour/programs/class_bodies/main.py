step = "module"


class Stairs:
    step = "class"
    seen_in_body = step
    first = [step for _ in range(1)]

    def walk(self):
        return step

    def climb(self):
        return self.step


print(Stairs.seen_in_body)
print(Stairs.first)
print(Stairs().walk(), Stairs().climb())
