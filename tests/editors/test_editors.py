"""Editors as docs/editors.md says that they are set up: the page's own blocks are taken and run.

    .tools/venv/bin/python -m pytest tests/editors
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURLIN = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "purlin"
NEOVIM = [ROOT / ".tools/debian/run", ROOT / ".tools/debian/usr/bin/nvim"]
RUNTIME = ROOT / ".tools/debian/usr/share/nvim/runtime"
GRAMMAR = ROOT / "editors/tree-sitter-purlin"


def block(heading: str, language: str) -> str:
    """The first block of a language below a heading of the page."""
    section = (ROOT / "docs/editors.md").read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.S)
    assert found, f"no {language} below {heading}"
    return found[1]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with folders of its own, in which `purlin` is on the path."""
    own = {name: str(tmp_path / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    for folder in own.values():
        Path(folder).mkdir()
    return os.environ | own | {"PATH": f"{PURLIN.parent}{os.pathsep}{os.environ['PATH']}", "VIMRUNTIME": str(RUNTIME)}


def shell(script: str, env: dict[str, str]) -> None:
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, env=env, check=True, timeout=120)


def neovim(env: dict[str, str], folder: Path, config: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "init.lua").write_text(config)
    command = [*map(str, NEOVIM), "--headless", "-i", "NONE", "-n", "-u", str(folder / "init.lua"), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def test_an_author_at_work_in_neovim(home: dict[str, str], tmp_path: Path) -> None:
    shell(block("Highlighting in Neovim", "sh"), home)
    folder = tmp_path / "orders"
    shutil.copytree(ROOT / "examples/orders", folder)
    (folder / "purlin.toml").touch()
    config = block("Neovim (0.7 to 0.10)", "lua") + block("Highlighting in Neovim", "lua")
    done = neovim(home, folder, config, "-c", f"luafile {ROOT}/tests/editors/neovim.lua")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok: ") == 9 and "FAILED" not in done.stdout, done.stdout + done.stderr


def test_both_ways_of_highlighting_see_the_same_keywords(home: dict[str, str], tmp_path: Path) -> None:
    shell(block("Highlighting in Neovim", "sh"), home)
    files = [str(file) for folder in ("examples", "stdlib") for file in sorted((ROOT / folder).rglob("*.purlin"))]
    assert len(files) > 30
    done = neovim(home, tmp_path, "", *files, "-c", f"luafile {ROOT}/tests/editors/keywords.lua")
    assert done.returncode == 0, done.stderr
    node = ["node", str(ROOT / "editors/vscode/tests/keywords.mjs"), *files]
    textmate = subprocess.run(node, capture_output=True, text=True, check=True, timeout=120).stdout
    expected, seen = set(done.stdout.splitlines()), set(textmate.splitlines())
    assert len(expected) > 2000, len(expected)
    assert sorted(expected - seen) == [], "TextMate misses these"
    assert sorted(seen - expected) == [], "TextMate sees these alone"


def test_the_configuration_for_newer_neovim_says_the_same(home: dict[str, str], tmp_path: Path) -> None:
    # Debian's Neovim has neither of the two functions that it calls: what they are given is looked at.
    told = "vim.lsp.config = function(name, given) given.name = name; told = given end\nvim.lsp.enable = function(name) enabled = name end\n"
    shown = "io.stdout:write(vim.json.encode({ told, enabled }))"
    done = neovim(home, tmp_path, told + block("Neovim (0.11 or newer)", "lua"), "-c", f"lua {shown}", "-c", "qall!")
    assert done.returncode == 0 and not done.stderr, done.stderr
    config, enabled = json.loads(done.stdout)
    assert config == {"name": "purlin", "cmd": ["purlin", "lsp"], "filetypes": ["purlin"], "root_markers": ["purlin.toml", ".git"]}
    assert enabled == "purlin"


def test_the_configuration_for_helix_names_what_there_is(home: dict[str, str]) -> None:
    config = tomllib.loads(block("Helix", "toml").replace("/path/to/purlin", str(ROOT)))
    [language], [grammar] = config["language"], config["grammar"]
    assert language["name"] == grammar["name"] == "purlin"
    [server] = language["language-servers"]
    command = [config["language-server"][server]["command"], *config["language-server"][server]["args"]]
    started = subprocess.run(command, env=home, input="", capture_output=True, text=True, timeout=30)
    assert "unrecognized" not in started.stderr, started.stderr
    for name in ("src/parser.c", "src/scanner.c", "src/tree_sitter/parser.h"):
        assert (Path(grammar["source"]["path"]) / name).is_file()
    assert json.loads((GRAMMAR / "src/grammar.json").read_text())["name"] == grammar["name"]
    shell(block("Helix", "sh").replace("hx --grammar build", ""), home)
    queries = Path(home["XDG_CONFIG_HOME"]) / "helix/runtime/queries/purlin"
    for name in ("highlights.scm", "indents.scm"):
        assert (queries / name).read_text() == (GRAMMAR / "queries" / name).read_text()


def test_every_path_that_the_page_names_exists() -> None:
    page = (ROOT / "docs/editors.md").read_text()
    named = set(re.findall(r"(?<![\w/$\"-])((?:editors|tests)/[\w./-]+[\w])", page))
    assert len(named) >= 4, named
    for path in named:
        assert (ROOT / path).exists(), path
