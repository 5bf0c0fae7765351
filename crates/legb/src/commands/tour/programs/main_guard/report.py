def total(prices):
    return sum(prices)


print("report is", __name__)
if __name__ == "__main__":
    print("only when report.py is started itself")
