"""What the tool has to be told of media types that it does not know."""

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
