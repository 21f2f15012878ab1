"""The register of what http_transport.py runs."""

CASES = []  # (name, function of the server, the server's limits), in the order of the files


def case(**limits):
    def register(function):
        CASES.append((function.__name__.replace("_", " "), function, limits))
        return function
    return register
