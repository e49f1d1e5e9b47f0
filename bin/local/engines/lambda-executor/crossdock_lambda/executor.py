"""LocalStack's executor interface on top of NodeProcess."""

import json
import os

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from .node_process import Function, InitError, NodeProcess

HOST = "127.0.0.1"
INIT_TIMEOUT_S = 20


class ProcessExecutor(RuntimeExecutor):
    """LocalStack makes one for each execution environment and keeps it warm for LAMBDA_KEEPALIVE_MS."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.process: NodeProcess | None = None

    def start(self, env_vars):
        version, settings = self.function_version.id, self.function_version.config
        function = Function(version.function_name, version.qualifier, settings.code.get_unzipped_code_location(),
                            env_vars, settings.timeout, settings.memory_size)
        self.process = NodeProcess(function, os.environ["LAMBDA_NODE"], INIT_TIMEOUT_S)
        try:
            self.process.start()
        except InitError as e:  # LocalStack hands this payload to the caller of the function
            self.process.stop()
            raise StatusErrorException("Environment startup failed", json.dumps(e.error).encode()) from e

    def stop(self):
        if self.process:
            self.process.stop()

    def invoke(self, payload):
        outcome = self.process.invoke(payload["invoke-id"], payload["invoked-function-arn"], payload["payload"],
                                      payload.get("trace-id") or "")
        return InvocationResult(request_id=payload["invoke-id"], payload=outcome.payload.encode(),
                                is_error=outcome.is_error, logs=outcome.logs)

    def get_logs(self):
        return self.process.all_logs() if self.process else ""

    def get_address(self):
        return HOST

    def get_endpoint_from_executor(self):
        return HOST

    def get_runtime_endpoint(self):
        return f"http://{HOST}:{config.GATEWAY_LISTEN[0].port}"

    @classmethod
    def prepare_version(cls, function_version):
        settings = function_version.config
        if not settings.code or not str(settings.runtime or "").startswith("nodejs"):
            raise RuntimeError(f"{function_version.id.function_name}: only zip functions with a nodejs runtime run here, "
                               f"not {settings.package_type} with {settings.runtime}")
        settings.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass
