"""Days on which AWS ends runtimes, as cfn-lint's data file has them, against what the compiler says on each of these days.

A day that AWS moved must never refuse what AWS accepts: whatever the day, a runtime is a warning at most.
`--count N` judges N of the days only."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from datetime import date, timedelta

import cfnlint
import common

LIFE = pathlib.Path(cfnlint.__file__).parent / "data/AdditionalSpecs/LmbdRuntimeLifecycle.json"
TODAY = date(2026, 11, 25)


def day(text):
    return date.fromisoformat(text) if text else None


def runtimes():
    """The runtimes with which a function can still be updated."""
    known = json.loads(LIFE.read_text())
    return {name: life for name, life in known.items() if life["create-block"] and day(life["update-block"]) > TODAY}


def program(names):
    functions = [
        f'function f{at} {{\n  runtime = "{name}"\n  handler = "a.b"\n  code = "a.zip"\n  timeout = 10s\n}}' for at, name in enumerate(names)
    ]
    return "stack dates\n" + "\n".join(functions) + "\n"


def expected(life, on):
    if day(life["create-block"]) <= on:
        return "runtime-blocked"
    return "runtime-deprecated" if day(life["deprecated"]) <= on else None


def found(path, on):
    run = subprocess.run(
        [str(common.compiler()), "check", "--as-of", on.isoformat(), "--format", "json", str(path)], capture_output=True, text=True, check=False
    )
    return json.loads(run.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int)
    arguments = parser.parse_args()
    lives = runtimes()
    names = list(lives)
    days = {day(life[key]) for life in lives.values() for key in ("deprecated", "create-block")}
    days = sorted(days | {on - timedelta(days=1) for on in days})[: arguments.count]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "dates.purlin"
        path.write_text(program(names))
        for on in days:
            findings = [f for f in found(path, on)["findings"] if f["rule"].startswith("runtime-") or f["severity"] == "error"]
            wrong += [f"{on}: {f['message']}: a day refuses" for f in findings if f["severity"] == "error"]
            said = {names[(f["place"]["line"] - 3) // 6]: f["rule"] for f in findings}
            for name, life in lives.items():
                if said.get(name) != expected(life, on):
                    wrong.append(f"{on}: {name} is {said.get(name)}, expected {expected(life, on)}")
    print(f"dates: {len(names)} runtimes on {len(days)} days, {len(wrong)} differences")
    print("\n".join(wrong[:20]))
    return 1 if wrong or not days else 0


if __name__ == "__main__":
    sys.exit(main())
