"""How gunicorn serves Tagscape: one process, since its threads share the memory-mapped columns and the selections."""

import sys

bind = "0.0.0.0:8000"
workers = 1
threads = 8
timeout = 120
# browsers keep a connection while somebody looks: closed after gunicorn's two seconds, it fails the next request now and then
keepalive = 75
accesslog = "-"
# a filter of 2000 characters takes up to three times as many in an address
limit_request_line = 8190
worker_tmp_dir = "/dev/shm"
# nothing in the container would use it, and its place is not writable there
control_socket_disable = True


def on_starting(server) -> None:
    """Say what is wrong with the settings in one sentence; each worker would say it with a traceback, again and again."""
    # here, since only now is the folder of the application where Python looks
    from click import ClickException

    from app import create_app

    try:
        create_app()
    except ClickException as error:
        sys.exit(f"Error: {error.message}")
