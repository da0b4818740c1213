"""What the tool has to be told that the description can't say."""

import re

import schemathesis

# Media types that it does not know.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")


@schemathesis.hook
def filter_case(context, case):
    """What looks like a card number is refused in any place: none is sent."""
    sent = repr((case.path_parameters, case.query, case.headers, case.cookies, case.body))
    # Numbers that are next to nothing, or have many digits, are read as a neighbour, which has others.
    inexact = re.search(r"\de-3\d\d|\.\d{12}", sent)
    return not inexact and not any(passes(digits) for digits in re.findall(r"\d+", sent))


def passes(digits):
    """Whether so many digits pass the Luhn check."""
    doubled = [2 * int(digit) for digit in digits[-2::-2]]
    total = sum(int(digit) for digit in digits[::-2]) + sum(n // 10 + n % 10 for n in doubled)
    return 13 <= len(digits) <= 19 and total % 10 == 0
