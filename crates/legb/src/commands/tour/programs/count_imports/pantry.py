try:
    import json
except ImportError:
    json = None

shelf = json.dumps(["rice"])
