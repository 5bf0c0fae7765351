items = []
limit = 3
