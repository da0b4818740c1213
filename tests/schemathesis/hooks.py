"""What the tool has to be told that the description can't say."""

import re

import schemathesis

# Media types that it does not know.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")


@schemathesis.hook
def filter_case(context, case):
    """What looks like a card number is refused in any place: no request has one by chance."""
    sent = repr((case.path_parameters, case.query, case.headers, case.cookies, case.body))
    return not any(passes(digits) for digits in re.findall(r"\d+", sent))


def passes(digits):
    """Whether so many digits pass the Luhn check."""
    doubled = [2 * int(digit) for digit in digits[-2::-2]]
    total = sum(int(digit) for digit in digits[::-2]) + sum(n // 10 + n % 10 for n in doubled)
    return 13 <= len(digits) <= 19 and total % 10 == 0
