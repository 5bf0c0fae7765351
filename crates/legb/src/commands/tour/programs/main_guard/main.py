import report

print("main is", __name__)
print(report.total([2, 3]))
