import watch

print(watch.__all__)
print(watch.Line("disk full").words())
print(watch.only_long(["a", "long line"]))
