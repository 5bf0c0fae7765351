PREFIX = "fruit"
