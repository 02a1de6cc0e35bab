"""Runs ministack at a Unix socket, which no web page can reach.

The process group is killed at the end of standard input, that is, when the program that started it dies.
"""

import asyncio
import hmac
import importlib
import os
import secrets
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler


def watch():
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def load(services):
    """Loads the services up front: at the first request, on a slow machine, it takes longer than a function's timeout."""
    for name in services + ["ses_v2"]:
        try:
            importlib.import_module("ministack.services." + name)
        except ImportError:
            pass  # a service that is not named as its module


def guard_runtime_apis():
    """Puts a secret before the paths of the functions' Runtime APIs, which listen on ports and answer everybody."""
    from ministack.services import lambda_svc

    secret = secrets.token_urlsafe(24)
    parse, environment = BaseHTTPRequestHandler.parse_request, lambda_svc._provided_worker_env

    def parse_request(self):
        if not parse(self):
            return False
        given = (self.path.split("/") + [""])[1]
        if hmac.compare_digest(given.encode(), secret.encode()):
            return True
        self.close_connection = True
        self.send_error(403)
        return False

    def worker_environment(*args, **kwargs):
        env = environment(*args, **kwargs)
        env["AWS_LAMBDA_RUNTIME_API"] += "/" + secret
        return env

    BaseHTTPRequestHandler.parse_request = parse_request
    lambda_svc._provided_worker_env = worker_environment


def main():
    threading.Thread(target=watch, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    services = os.environ["SERVICES"].split(",")
    load(services)
    if "lambda" in services:
        guard_runtime_apis()

    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = ["unix:" + os.environ["SOCKET"]]
    config.keep_alive_timeout = 75
    config.loglevel = os.environ["LOG_LEVEL"]
    if os.environ.get("PERSIST_STATE") != "1":
        asyncio.run(serve(app, config))
        return

    async def until_terminated():
        """Ends in order, so that ministack writes its state."""
        end = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
        await serve(app, config, shutdown_trigger=end.wait)

    asyncio.run(until_terminated())


main()
