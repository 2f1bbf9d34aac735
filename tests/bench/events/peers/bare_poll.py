"""A bare poll, with nothing done to what came: SERVER TOPIC COUNT."""

import json
import sys
from time import monotonic

from tests.bench.events.peers.polling import from_the_beginning


def main(server: str, topic: str, count: int) -> None:
    consumer = from_the_beginning(server, topic)
    seen, first, began = 0, 0, 0.0
    while seen < count:
        seen += sum(map(len, consumer.poll(timeout_ms=1000, max_records=2000).values()))
        if not first and seen:
            first, began = seen, monotonic()
    print(json.dumps({"per_second": (seen - first) / (monotonic() - began)}))
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
