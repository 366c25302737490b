"""The one command of the product: what a stranger sees when typing `profminimum --help`."""

import click


@click.group()
def cli() -> None:
    """Runs a regional education roadmap: reads the decree, assigns, collects, controls."""


def main() -> None:
    cli()
