"""Starts LocalStack as a process of this machine: python -m crossdock_lambda

Settings that LocalStack reads from its environment are given by the caller. What no setting reaches is put right here
before LocalStack's modules use it; no installed file is changed.
"""

import os
import tempfile

from localstack import config
from localstack.services.dynamodb import server as dynamodb_server
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.s3.storage import ephemeral
from twisted.internet import endpoints

from . import dynamodb_local
from .executor import ProcessExecutor


def listen_on_loopback_only() -> None:
    """LocalStack's HTTP server drops the host of GATEWAY_LISTEN and listens on every interface."""

    class LoopbackEndpoint(endpoints.TCP4ServerEndpoint):
        def __init__(self, reactor, port, backlog=128, interface="127.0.0.1"):
            super().__init__(reactor, port, backlog, interface)

    endpoints.TCP4ServerEndpoint = LoopbackEndpoint


class OnlyProcesses:
    """In the place of LocalStack's plugin manager, which would want our executor installed as a package."""

    def exists(self, name):
        return True

    def load(self, name):
        return self._Plugin

    class _Plugin:
        load = staticmethod(lambda: ProcessExecutor)


def run_functions_as_processes() -> None:
    runtime_executor.EXECUTOR_PLUGIN_MANAGER = OnlyProcesses()


def run_dynamodb_local_from(folder: str) -> None:
    """Our own prepared folder and start, instead of a download at the first use and a start on every interface."""
    dynamodb_server.DynamodbServer.do_start_thread = lambda self: dynamodb_local.start(folder, self.port)


def keep_objects_in_own_folder() -> None:
    """LocalStack's S3 keeps objects in one folder of /tmp, the same for every LocalStack of the machine."""

    class OwnFolder(ephemeral.EphemeralS3ObjectStore):
        def __init__(self, root_directory=None):
            super().__init__(os.path.join(tempfile.gettempdir(), "s3"))

    ephemeral.EphemeralS3ObjectStore = OwnFolder


def main() -> None:
    listen_on_loopback_only()
    keep_objects_in_own_folder()
    run_functions_as_processes()
    run_dynamodb_local_from(os.environ["DYNAMODB_LOCAL_FOLDER"])
    config.DYNAMODB_HEAP_SIZE = "256m"
    from localstack.runtime.main import main as run_localstack

    run_localstack()


main()
