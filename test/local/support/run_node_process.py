"""Runs functions of a folder through NodeProcess: run_node_process.py FOLDER NODE < [{handler, timeout, payloads}]

Prints a list of lists: of each function its outcomes, as [payload, is_error, logs].
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "bin/local/engines/lambda-executor"))
from crossdock_lambda.node_process import Function, InitError, NodeProcess  # noqa: E402


def outcomes(folder, node, wish):
    function = Function("probe", "$LATEST", Path(folder), {"_HANDLER": wish["handler"], **wish.get("env", {})},
                        wish.get("timeout", 5), 128)
    process = NodeProcess(function, node, init_timeout_s=10)
    try:
        process.start()
        answers = [process.invoke(f"id-{i}", "arn:probe", json.dumps(p), "trace") for i, p in enumerate(wish["payloads"])]
        return [[a.payload, a.is_error, a.logs] for a in answers]
    except InitError as e:
        return [[json.dumps(e.error), True, process.all_logs()]]
    finally:
        process.stop()


print(json.dumps([outcomes(sys.argv[1], sys.argv[2], wish) for wish in json.load(sys.stdin)]))
