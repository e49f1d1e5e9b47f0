"""DynamoDB Local, Amazon's own local DynamoDB: prepared once, then started by LocalStack's DynamoDB provider.

    python -m crossdock_lambda.dynamodb_local FOLDER JAVAC

fetches the files listed in dynamodb-local.sha256 into FOLDER/lib, refuses any whose hash differs, and compiles our
LoopbackMain into FOLDER/classes. Where Maven Central is, LocalStack knows (MAVEN_REPO_URL overrides it).
"""

import hashlib
import os
import platform
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
FETCHES_AT_ONCE = 8


def wanted_files() -> list[tuple[str, str]]:
    """(sha256, path in a Maven repository) of each file."""
    return [tuple(line.split()) for line in (HERE / "dynamodb-local.sha256").read_text().splitlines()]


def is_native(path: str) -> bool:
    return path.endswith((".so", ".dylib"))


def local_name(path: str) -> str:
    """A native library is looked for without the version in its name."""
    name = path.rsplit("/", 1)[-1]
    return re.sub(r"-[\d.]+(?=\.(so|dylib)$)", "", name) if is_native(path) else name


def fetch(session, base: str, sha256: str, path: str, lib: Path) -> None:
    answer = session.get(f"{base}/{path}", timeout=60)
    answer.raise_for_status()
    found = hashlib.sha256(answer.content).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path} has SHA-256 {found}, expected {sha256}: not installed. Check MAVEN_REPO_URL.")
    (lib / local_name(path)).write_bytes(answer.content)


def prepare(folder: Path, javac: str) -> None:
    import requests
    from localstack.constants import MAVEN_REPO_URL

    base = os.environ.get("MAVEN_REPO_URL", MAVEN_REPO_URL).rstrip("/")
    lib, classes = folder / "lib", folder / "classes"
    lib.mkdir(parents=True)
    classes.mkdir()
    with requests.Session() as session, ThreadPoolExecutor(FETCHES_AT_ONCE) as pool:
        list(pool.map(lambda entry: fetch(session, base, *entry, lib), wanted_files()))
    (classes / "log4j2.xml").write_text((HERE / "log4j2.xml").read_text())
    subprocess.run([javac, "-d", classes, "-cp", f"{lib}/*", HERE / "LoopbackMain.java"], check=True)


def start(folder: str, port: int):
    """Starts it in memory; answers the thread object that LocalStack expects."""
    from localstack import config
    from localstack.utils.run import ShellCommandThread

    command = [
        os.environ["JAVA_COMMAND"],
        # A crash of the virtual machine on Apple M4 (JDK-8345296).
        *(["-XX:UseSVE=0"] if platform.machine() in ("arm64", "aarch64") else []),
        f"-Xmx{config.DYNAMODB_HEAP_SIZE}",
        f"-Djava.library.path={folder}/lib",
        "-cp",
        f"{folder}/classes:{folder}/lib/*",
        "LoopbackMain",
        "-port",
        str(port),
        "-inMemory",
    ]
    thread = ShellCommandThread(command, name="dynamodb-local", auto_restart=True, strip_color=True,
                                env_vars={"DDB_LOCAL_TELEMETRY": "0"})
    thread.start()
    return thread


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), sys.argv[2])
