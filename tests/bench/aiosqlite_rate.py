"""Events a second of a bot that writes through aiosqlite with default settings.

Usage: aiosqlite_rate.py DATABASE. One INSERT and one commit an event, payloads of 200 bytes.
"""
import asyncio
import sys
import time

import aiosqlite

EVENTS = 1500


async def main(path):
    async with aiosqlite.connect(path) as database:
        await database.execute("CREATE TABLE events(seq INTEGER PRIMARY KEY, payload BLOB)")
        await database.commit()
        begin = time.monotonic()
        for number in range(EVENTS):
            await database.execute("INSERT INTO events VALUES(?,?)", (number, b"x" * 200))
            await database.commit()
        print(EVENTS / (time.monotonic() - begin))


asyncio.run(main(sys.argv[1]))
