def only_long(lines):
    return [line for line in lines if len(line) > 3]
