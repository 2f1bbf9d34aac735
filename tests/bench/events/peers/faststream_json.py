"""FastStream: JSON, acknowledged after processing, no database: SERVER TOPIC COUNT.

Runs in an environment of its own (faststream.txt), so nothing of Afterglow is imported here.
"""

import asyncio
import json
import logging
import sys
from time import monotonic, process_time
from typing import Any
from uuid import uuid4

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker


async def main(server: str, topic: str, count: int) -> None:
    broker = KafkaBroker(server, logger=None)
    app = FastStream(broker, logger=None)
    seen, began, ended, used = 0, 0.0, 0.0, 0.0

    @broker.subscriber(
        topic,
        group_id=f"peer-{uuid4().hex[:8]}",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.ACK,
    )
    async def count_journal(event: dict[str, Any]) -> None:
        nonlocal seen, began, ended, used
        seen += 1
        if seen == 1:
            began, used = monotonic(), process_time()
        if seen == count + 1:
            ended, used = monotonic(), process_time() - used
            app.exit()

    await app.run()
    print(json.dumps({"per_second": count / (ended - began), "processor_us": used / count * 1e6}))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
