def merged(base, over):
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = merged(old, value)
        else:
            result[key] = value
    return result


default = {"log": {"level": "info", "colour": True}, "port": 80}
local = {"log": {"level": "debug"}}
flat = dict(default)
flat.update(local)
print(flat["log"])
print(merged(default, local)["log"])
print(merged(default, local)["port"])
print(default["log"]["level"])
