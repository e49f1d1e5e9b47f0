"""One execution environment of a function = one Node process. Knows nothing of LocalStack.

The control channel is a socket pair with one JSON document a line:
    to the process    {"requestId", "arn", "traceId", "deadlineMs", "payload": "<JSON text>"}
    from the process  {"type": "ready"} or {"type": "init-error", "error": {...}} once, then for each invocation
                      {"type": "result", "payload": "<JSON text>"} or {"type": "error", "error": {...}, "fatal"?: true}
The process ends by itself when the channel closes: a killed LocalStack leaves none behind.

Its output goes to a file. Node writes to files synchronously, so all that an invocation has logged is there before its
result arrives, and a crash loses nothing.
"""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

BOOTSTRAP = Path(__file__).with_name("bootstrap.mjs")
MAX_LOG_BYTES = 4 * 1024 * 1024
"""Read back for one invocation at most."""


class InitError(Exception):
    """The handler could not be loaded. `error` is what the caller of the function gets."""

    def __init__(self, error: dict):
        super().__init__(error.get("errorMessage"))
        self.error = error


class ProcessGone(Exception):
    """The process has closed its channel: it has exited, crashed or been stopped."""


@dataclass(frozen=True)
class Function:
    """What a process needs to know of the function that it runs."""

    name: str
    version: str
    code_folder: Path
    environment: dict
    timeout_s: int
    memory_mb: int


@dataclass(frozen=True)
class Outcome:
    payload: str
    is_error: bool
    logs: str


class NodeProcess:
    def __init__(self, function: Function, node: str, init_timeout_s: float):
        self.function, self.node, self.init_timeout_s = function, node, init_timeout_s
        handle, self.log_file = tempfile.mkstemp(prefix=f"{function.name[:60]}-", suffix=".log")
        os.close(handle)
        self._process: subprocess.Popen | None = None
        self._channel: socket.socket | None = None
        self._received = b""
        self._stopped = False
        self._lock = threading.Lock()  # start against stop

    def start(self) -> None:
        """Returns when the handler is loaded. Raises InitError when it can not be."""
        ours, theirs = socket.socketpair()
        command = [self.node, "--enable-source-maps", *self._heap_options(), str(BOOTSTRAP), str(theirs.fileno())]
        with self._lock, theirs, open(self.log_file, "ab") as log:
            if self._stopped:
                raise ProcessGone("stopped before it was started")
            self._process = subprocess.Popen(command, cwd=self.function.code_folder, env=self._environment(),
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             pass_fds=(theirs.fileno(),))
            self._channel, self._received = ours, b""
        try:
            message = self._receive(self.init_timeout_s)
        except TimeoutError as e:
            raise InitError({"errorType": "Sandbox.Timedout",
                             "errorMessage": f"Init timed out after {self.init_timeout_s:.2f} seconds"}) from e
        except (ProcessGone, OSError) as e:
            raise InitError({"errorType": "Runtime.ExitError",
                             "errorMessage": f"Runtime exited during init: {self._how_it_ended()}"}) from e
        if message["type"] != "ready":
            raise InitError(message["error"])

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._kill()
        Path(self.log_file).unlink(missing_ok=True)

    def invoke(self, request_id: str, arn: str, payload: str, trace_id: str) -> Outcome:
        log_start = self._log_size()
        began = time.time()
        try:
            if self._process is None:  # the last invocation ended it
                self.start()
                began = time.time()
            text, is_error = self._exchange({"requestId": request_id, "arn": arn, "traceId": trace_id,
                                             "deadlineMs": int((began + self.function.timeout_s) * 1000),
                                             "payload": payload})
        except InitError as e:
            self._kill()
            text, is_error = json.dumps(e.error), True
        except TimeoutError:
            self._kill()
            text, is_error = failure("Sandbox.Timedout", request_id, self._timed_out()), True
        except (ProcessGone, OSError):
            text, is_error = failure("Runtime.ExitError", request_id,
                                     f"Runtime exited with error: {self._how_it_ended()}"), True
        logs = self._log_of(log_start, request_id, time.time() - began, timed_out="Sandbox.Timedout" in text and is_error)
        return Outcome(text, is_error, logs)

    def all_logs(self) -> str:
        try:
            return Path(self.log_file).read_text("utf-8", "replace")
        except OSError:
            return ""

    def _environment(self) -> dict:
        """The function's own variables and the little that any process needs; nothing of LocalStack's."""
        own = {name: str(value) for name, value in self.function.environment.items() if value is not None}
        return {"PATH": os.environ.get("PATH", ""), "HOME": tempfile.gettempdir(), "LANG": "en_US.UTF-8", **own,
                "LAMBDA_TASK_ROOT": str(self.function.code_folder), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs"}

    def _heap_options(self) -> list:
        """As Lambda's own runtime: by the function's memory, unless its NODE_OPTIONS name a part of the heap."""
        if "space" in (self.function.environment.get("NODE_OPTIONS") or ""):
            return []
        return [f"--max-old-space-size={max(64, self.function.memory_mb)}"]

    def _exchange(self, request: dict) -> tuple[str, bool]:
        channel = self._channel
        if channel is None:
            raise ProcessGone("stopped")
        channel.settimeout(self.function.timeout_s)
        channel.sendall(json.dumps(request).encode() + b"\n")
        message = self._receive(self.function.timeout_s)
        if message.get("fatal"):
            self._kill()
        if message["type"] == "result":
            return message["payload"], False
        return json.dumps(message["error"]), True

    def _receive(self, timeout_s: float) -> dict:
        channel, deadline = self._channel, time.monotonic() + timeout_s
        if channel is None:
            raise ProcessGone("stopped")
        while b"\n" not in self._received:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            channel.settimeout(left)
            chunk = channel.recv(1 << 16)  # raises TimeoutError
            if not chunk:
                raise ProcessGone("channel closed")
            self._received += chunk
        line, self._received = self._received.split(b"\n", 1)
        return json.loads(line)

    def _kill(self) -> int | None:
        """Ends the process, whatever it does, and answers its exit code (negative: the signal)."""
        process, channel = self._process, self._channel
        self._process = self._channel = None
        if channel:
            channel.close()
        if process is None:
            return None
        if process.poll() is None:
            process.kill()
        return process.wait()

    def _how_it_ended(self) -> str:
        process = self._process
        try:
            if process:
                process.wait(1)  # its channel closes a moment before it has ended
        except subprocess.TimeoutExpired:
            pass
        code = self._kill()
        return f"signal: {-code}" if code is not None and code < 0 else f"exit status {code}"

    def _log_size(self) -> int:
        try:
            return os.path.getsize(self.log_file)
        except OSError:  # stopped meanwhile
            return 0

    def _timed_out(self) -> str:
        return f"Task timed out after {self.function.timeout_s:.2f} seconds"

    def _log_of(self, start: int, request_id: str, seconds: float, timed_out: bool) -> str:
        """The log of one invocation between the START, END and REPORT lines that Lambda adds."""
        try:
            with open(self.log_file, "rb") as f:
                f.seek(start)
                body = f.read(MAX_LOG_BYTES).decode("utf-8", "replace").rstrip("\n")
        except OSError:  # stopped meanwhile
            body = ""
        milliseconds = seconds * 1000
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines = [
            f"START RequestId: {request_id} Version: {self.function.version}",
            body,
            f"{now} {request_id} {self._timed_out()}" if timed_out else "",
            f"END RequestId: {request_id}",
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {int(milliseconds) + 1} ms"
            f"\tMemory Size: {self.function.memory_mb} MB\tMax Memory Used: {self.function.memory_mb} MB",
        ]
        return "\n".join(line for line in lines if line) + "\n"


def failure(error_type: str, request_id: str, message: str) -> str:
    return json.dumps({"errorType": error_type, "errorMessage": f"RequestId: {request_id} Error: {message}"})
