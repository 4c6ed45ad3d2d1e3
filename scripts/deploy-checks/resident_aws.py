"""The AWS CLI (version 1), loaded once: each call is a fork of this process instead of a start of Python. Usage:
resident_aws.py SOCKET. Needs an interpreter that has awscli; the checks do without this where there is none."""

import json
import os
import socket
import sys

import awscli.clidriver


def answer(connection):
    """One call: its words and environment, and where its output goes, come over the socket; its status goes back."""
    message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 2)
    arguments, environment, folder = json.loads(message)
    child = os.fork()
    if child == 0:
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[1], 2)
        # set by awscli as it was loaded
        environment["AWS_DATA_PATH"] = os.environ["AWS_DATA_PATH"]
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        status = 255
        try:
            sys.argv = ["aws", *arguments]
            status = awscli.clidriver.main()
        except SystemExit as e:
            status = e.code
        except Exception as e:  # this process must not go on as a second server
            print(f"{type(e).__name__}: {e}", file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status if isinstance(status, int) else 255)
    for descriptor in descriptors:
        os.close(descriptor)
    connection.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def main():
    # what every call loads is loaded before the first
    driver = awscli.clidriver.create_clidriver()
    for service in ("cloudformation", "elasticache", "secretsmanager"):
        driver.session.get_service_model(service)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(8)
        while True:
            connection, _ = listening.accept()
            with connection:
                answer(connection)


if __name__ == "__main__":
    main()
