"""Another program's work, awaited: it ends when nobody waits for it any more."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping


async def run(program: str, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Its exit status, and what it complained of."""
    # In a session of its own: Ctrl-C is for this process, which then stops it.
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=env, start_new_session=True
    )
    try:
        _, complaint = await process.communicate()
    except asyncio.CancelledError:
        if process.returncode is None:
            process.kill()
        await process.wait()
        raise
    return process.returncode or 0, complaint.decode(errors="replace").strip()
