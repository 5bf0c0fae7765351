import basket
import kitchen
from basket import items, limit

kitchen.fill()
print(items)
print(limit, basket.limit)
print(items is basket.items)
