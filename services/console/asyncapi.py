"""`asyncapi`: writes the AsyncAPI document of the bus and the events' JSON Schemas, as they are committed."""

import click

from shared.contracts import export


@click.command(help="Write the AsyncAPI document and the events' JSON Schemas to shared/contracts/exported.")
def asyncapi() -> None:
    export.main()
