"""A Python program that is loaded once: each call of it is a fork of that process instead of a start of Python, which for
the AWS CLI is most of a call. Beginning light, because the callers are processes of their own."""

import contextlib
import json
import os
import socket
import sys

# so long may it take to load; the machine may be busy
LOAD_SECONDS_MAX = 120


def call(path, arguments):
    """Has the program at this socket run with these words, this environment, folder, output and errors; returns its status."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        socket.send_fds(connection, [json.dumps([arguments, dict(os.environ), os.getcwd()]).encode()], [1, 2])
        # nothing when it was killed
        return int(connection.recv(16) or 255)


def serve(path, main):
    """Answers calls at this socket, side by side, until this process is killed. `main` takes the words and returns the status."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{path}.new")
        listening.listen(64)
        # who sees it can call
        os.rename(f"{path}.new", path)
        while True:
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    _answer(connection, main)
            with contextlib.suppress(ChildProcessError):
                # those that ended: no zombies, and their CPU time counts
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(connection, main):
    status = 255
    try:
        message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 2)
        arguments, environment, folder = json.loads(message)
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[1], 2)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        status = main(arguments) or 0
    except SystemExit as e:
        status = e.code if isinstance(e.code, int) else 1 if e.code else 0
        if isinstance(e.code, str):
            print(e.code, file=sys.stderr)
    except Exception:
        import traceback

        traceback.print_exc()
    finally:
        # whatever comes, this process must not go on as a second server
        try:
            sys.stdout.flush()
            sys.stderr.flush()
            connection.send(str(status).encode())
        finally:
            os._exit(status)


class Resident:
    """A program that serves at a socket, as a context: `command` with the socket's path as its last word."""

    def __init__(self, path, *command, environment):
        self.path = path
        self.command = [*command, path]
        self.environment = environment

    def __enter__(self):
        import subprocess
        import time

        self.process = subprocess.Popen(self.command, env=self.environment)
        until = time.monotonic() + LOAD_SECONDS_MAX
        while not os.path.exists(self.path):
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise SystemExit(f"{self.command} does not serve")
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
