"""The ready pieces for CI: they can be read, and what they run does what they promise.

    python -m pytest tests/oracles/selftest_ci.py
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import yaml
from common import ROOT

PURLIN = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "purlin"
BAD = "stack t\n\nqueue jobs { visibilty = 5MB }\n"
GOOD = "stack t\n\nqueue jobs { }\n"
TEMPLATE = next(text for text in re.findall(r"```yaml file=template.yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.S))


def blocks(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.S)


def run(command: list[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = f"{PURLIN.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, env=os.environ | {"PATH": path} | env)


def test_every_hook_runs(tmp_path: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"] for hook in hooks} == {"purlin-check", "purlin-fmt"}
    for hook in hooks:
        assert re.search(hook["files"], "infrastructure/main.purlin") and not re.search(hook["files"], "main.py")
        (tmp_path / "main.purlin").write_text(GOOD)
        names = [] if hook.get("pass_filenames") is False else ["main.purlin"]
        done = run([*hook["entry"].split(), *names], tmp_path)
        assert done.returncode == 0, done.stderr
    (tmp_path / "main.purlin").write_text(BAD)
    assert run(["purlin", "check"], tmp_path).returncode == 1


def test_the_action_annotates_and_writes_sarif(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    given = {name.upper(): str(value["default"]) for name, value in action["inputs"].items()}
    assert {key: f"${{{{ inputs.{key.lower()} }}}}" for key in given} == step["env"]
    (tmp_path / "main.purlin").write_text(BAD)
    given |= {"PURLIN": str(PURLIN), "GITHUB_ACTION_PATH": str(ROOT), "SARIF": "out.sarif", "DENY": "warnings"}
    done = run(["bash", "-eo", "pipefail", "-c", step["run"]], tmp_path, **given)
    assert done.returncode == 1 and "::error file=main.purlin,line=3" in done.stdout, done.stdout + done.stderr
    assert json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    (tmp_path / "main.purlin").write_text(GOOD)
    assert run(["bash", "-eo", "pipefail", "-c", step["run"]], tmp_path, **given).returncode == 0


def test_a_repository_of_templates_is_gated_by_the_hook_and_by_the_action(tmp_path: Path) -> None:
    hook = next(h for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()) if h["id"] == "purlin-check")
    for name in ("template.yaml", "a/stack.yml", "cdk.out/a.template.json", "b.template", "purlin.toml", "a/purlin.toml"):
        assert re.search(hook["files"], name), name
    assert not re.search(hook["files"], "Cargo.toml")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    assert run(hook["entry"].split(), tmp_path).returncode == 1
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    given = {name.upper(): str(value["default"]) for name, value in action["inputs"].items()} | {"PURLIN": str(PURLIN)}
    step = ["bash", "-eo", "pipefail", "-c", action["runs"]["steps"][-1]["run"]]
    done = run(step, tmp_path, **given)
    assert done.returncode == 1 and "::error file=template.yaml," in done.stdout, done.stdout + done.stderr
    known = run(["purlin", "check", "--write-baseline", "known.json"], tmp_path)
    assert known.returncode == 0, known.stderr
    assert run(step, tmp_path, **(given | {"ARGS": "--baseline known.json", "FORMAT": "json"})).returncode == 0


def test_the_pieces_of_the_page_of_templates_name_real_hooks_and_inputs() -> None:
    pieces = [yaml.safe_load(block) for block in blocks("templates.md")]
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    repos = [repo for piece in pieces for repo in piece.get("repos", [])]
    used = {hook["id"] for repo in repos if repo["repo"] != "local" for hook in repo["hooks"]}
    assert used and used <= hooks
    steps = [step for piece in pieces for job in piece.get("jobs", {}).values() for step in job["steps"]]
    actions = [step for step in steps if "purlin-lang" in step.get("uses", "")]
    assert actions and all(set(step.get("with", {})) <= set(inputs) for step in actions)


def test_the_snippets_of_the_page_can_be_read_and_name_real_options(tmp_path: Path) -> None:
    config, workflow, pipeline = (yaml.safe_load(block) for block in blocks("ci.md"))
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} <= hooks
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    used = next(step for step in workflow["jobs"]["infrastructure"]["steps"] if "purlin-lang" in step.get("uses", ""))
    assert set(used["with"]) <= set(inputs)
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "infrastructure" / "main.purlin").write_text(GOOD)
    check = next(line for line in pipeline["infrastructure"]["script"] if line.startswith("purlin check"))
    assert run(["bash", "-c", check], tmp_path).returncode == 0
    assert json.loads((tmp_path / "gl-code-quality-report.json").read_text()) == []


def test_sarif_validates_against_its_schema(tmp_path: Path) -> None:
    from jsonschema import Draft7Validator

    schema = json.loads((ROOT / "tests" / "oracles" / "sarif-2.1.0.schema.json").read_text())
    (tmp_path / "main.purlin").write_text((ROOT / "tests" / "gate" / "main.purlin").read_text())
    done = run(["purlin", "check", "--format", "sarif"], tmp_path)
    errors = [error.message for error in Draft7Validator(schema).iter_errors(json.loads(done.stdout))]
    assert errors == []
