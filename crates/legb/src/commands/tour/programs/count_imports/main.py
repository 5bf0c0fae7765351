import json
import os.path

import pantry


def load(path):
    import json

    with open(path) as file:
        return json.load(file)


print(pantry.shelf)
