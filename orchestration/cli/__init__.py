"""The command `cuadre`.

Lives here: running it, and how a refusal ends it. The commands lie in one module for each purpose.
"""

import sys

from orchestration.cli import life, month, simulate, view  # noqa: F401  each adds its commands to the app
from orchestration.cli.common import app, errors
from orchestration.errors import CuadreError, of_the_machine


def main() -> None:
    """Run the command line; a refusal is printed without a traceback."""
    try:
        app()
    except Exception as error:
        refusal = of_the_machine(error) or error
        if not isinstance(refusal, CuadreError):
            raise
        errors.print(str(refusal), style="red", highlight=False)
        sys.exit(refusal.exit_code)
