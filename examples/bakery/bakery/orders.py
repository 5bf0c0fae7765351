"""Reads orders from lines such as ``rye loaf x 2``."""

import csv
import json


def parse(line):
    name, _, count = line.partition(" x ")
    try:
        pieces = int(count)
    except ValueError as error:
        pieces = 1
    if pieces < 1:
        raise ValueError(f"cannot bake {pieces} of {name}") from error
    return name, pieces


def load(path):
    with open(path) as file:
        return [parse(line) for line in json.load(file)]


def report(orders):
    for name, pieces in orders:
        print(f"{pieces:>3} {name}")
    del orders
    print(len(orders), "orders")
