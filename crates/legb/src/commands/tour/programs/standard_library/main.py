import json
from collections import Counter, deque

order = {"id": 7, "items": ("tea", "jam")}
back = json.loads(json.dumps(order))
print(back == order, back["items"])
print(json.dumps({1: "one"}))
print(Counter("banana").most_common(1))
recent = deque([1, 2, 3], maxlen=3)
recent.append(4)
print(list(recent))
