from tools import label

print(label.tag("pear"))
try:
    from tools import climber
except ImportError as error:
    print(type(error).__name__)
except ValueError as error:
    print("before Python 3.9:", type(error).__name__)
