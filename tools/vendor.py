"""Vendored browser files: fetch them (`update`), prove them unchanged (`check`).

`update` is for developers: it needs npm and the network. `check` needs neither: it compares the
files on disk with vendor.lock, and vendor.lock with tools/vendor.toml.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = "vendor.lock"
WANTED = "tools/vendor.toml"

Wanted = dict[str, Any]
Lock = dict[str, Any]


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def folder_name(name: str, version: str) -> str:
    """`@tabler/core`, `1.6.1` -> `tabler-core@1.6.1`: one level, so that paths stay short."""
    return f"{name.removeprefix('@').replace('/', '-')}@{version}"


def read_wanted(root: Path) -> Wanted:
    return tomllib.loads((root / WANTED).read_text(encoding="utf-8"))


def read_lock(root: Path) -> Lock:
    path = root / LOCK
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"packages": []}


def pack(package: Wanted, into: Path) -> bytes:
    """Download one package with npm and return its archive."""
    spec = f"{package['name']}@{package['version']}"
    command = ["npm", "pack", spec, "--json", "--silent", "--pack-destination", str(into)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=into)
    told = json.loads(answer.stdout)[0]
    archive = (into / told["filename"]).read_bytes()
    if integrity(archive) != told["integrity"]:
        raise SystemExit(f"{spec}: the archive does not match the integrity npm states")
    return archive


def members(archive: bytes, scratch: Path) -> dict[str, bytes]:
    """Contents by path inside the package (npm puts everything under one first folder)."""
    path = scratch / "package.tgz"
    path.write_bytes(archive)
    found: dict[str, bytes] = {}
    with tarfile.open(path) as tar:
        for member in tar:
            handle = tar.extractfile(member)
            if handle is not None:
                found[member.name.split("/", 1)[1]] = handle.read()
    return found


def sprite(sources: dict[str, bytes], wanted: Wanted) -> bytes:
    """One SVG of <symbol>s, drawn with the current text colour as the single icons are."""
    symbols = []
    for icon in sorted(wanted["icons"]):
        source = sources.get(f"{wanted['folder']}/{icon}.svg")
        if source is None:
            raise SystemExit(f"icon {icon!r} is not in the package: correct it in {WANTED}")
        inner = re.sub(r"\s*\n\s*", "", source.decode().split(">", 1)[1].rsplit("</svg>", 1)[0])
        inner = inner.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        symbols.append(
            f'<symbol id="{icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    return text.encode()


def taken(package: Wanted, sources: dict[str, bytes], root: Path) -> dict[str, bytes]:
    """The files of one package as they are written, by their name in its folder."""
    out = {Path(path).name: sources[path] for path in package["files"]}
    if "sprite" in package:
        out[package["sprite"]["file"]] = sprite(sources, package["sprite"])
    if "built" in package:
        built = package["built"]
        out[built["file"]] = sources[built["source"]] + f"\n{built['append']}\n".encode()
    if "licence_text" in package:
        out["LICENSE"] = (root / package["licence_text"]).read_bytes()
    else:
        out["LICENSE"] = sources[package["licence"]]
    return out


def file_names(package: Wanted) -> list[str]:
    made = [package[kind]["file"] for kind in ("sprite", "built") if kind in package]
    return [Path(path).name for path in package["files"]] + made


def indexes(wanted: Wanted) -> dict[str, bytes]:
    """Names without versions: manifest.json for templates, NAME.js for modules that import."""
    files: dict[str, str] = {}
    out: dict[str, bytes] = {}
    for package in wanted["package"]:
        folder = folder_name(package["name"], package["version"])
        files |= {name: f"{folder}/{name}" for name in file_names(package)}
        if "module" in package:
            line = f'export * from "./{folder}/{package["module"]}";\n'
            out[f"{package['name']}.js"] = line.encode()
    out["manifest.json"] = (json.dumps(files, indent=2) + "\n").encode()
    return out


def update(root: Path) -> None:
    wanted, before = read_wanted(root), read_lock(root)
    known = {(p["name"], p["version"]): p["integrity"] for p in before["packages"]}
    target = root / wanted["target"]
    packages = []
    with tempfile.TemporaryDirectory() as scratch_name:
        staged = Path(scratch_name) / "staged"
        for package in wanted["package"]:
            name, version = package["name"], package["version"]
            archive = pack(package, Path(scratch_name))
            if known.get((name, version), integrity(archive)) != integrity(archive):
                raise SystemExit(f"{name}@{version} is no longer the archive that was locked")
            files = taken(package, members(archive, Path(scratch_name)), root)
            folder = staged / folder_name(name, version)
            folder.mkdir(parents=True)
            for file_name, content in files.items():
                (folder / file_name).write_bytes(content)
            packages.append(locked(package, archive, files))
            print(f"{name}@{version}: {len(files)} files", file=sys.stderr)
        for file_name, content in indexes(wanted).items():
            (staged / file_name).write_bytes(content)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(staged, target)
    (root / LOCK).write_text(json.dumps({"packages": packages}, indent=2) + "\n", encoding="utf-8")


def locked(package: Wanted, archive: bytes, files: dict[str, bytes]) -> Lock:
    entry: Lock = {
        "name": package["name"],
        "version": package["version"],
        "integrity": integrity(archive),
        "files": {name: integrity(content) for name, content in sorted(files.items())},
    }
    if "sprite" in package:
        entry["icons"] = sorted(package["sprite"]["icons"])
    return entry


def check(root: Path) -> list[str]:
    """Everything that differs, one line each; empty when the tree is as locked."""
    wanted, lock = read_wanted(root), read_lock(root)
    target = root / wanted["target"]
    faults = compare_lock(wanted, lock)
    expected = {target / name: integrity(content) for name, content in indexes(wanted).items()}
    for package in lock["packages"]:
        folder = target / folder_name(package["name"], package["version"])
        expected |= {folder / name: digest for name, digest in package["files"].items()}
    for path, digest in expected.items():
        if not path.is_file():
            faults.append(f"{path.relative_to(root)}:1: missing")
        elif integrity(path.read_bytes()) != digest:
            faults.append(f"{path.relative_to(root)}:1: differs from {LOCK}")
    for path in sorted(target.rglob("*")):
        if path.is_file() and path not in expected:
            faults.append(f"{path.relative_to(root)}:1: not in {LOCK}")
    return faults


def compare_lock(wanted: Wanted, lock: Lock) -> list[str]:
    faults = []
    by_name = {package["name"]: package for package in lock["packages"]}
    for package in wanted["package"]:
        held = by_name.pop(package["name"], None)
        names = {*file_names(package), "LICENSE"}
        icons = sorted(package.get("sprite", {}).get("icons", []))
        if held is None:
            faults.append(f"{LOCK}:1: {package['name']} is wanted but not locked")
        elif held["version"] != package["version"]:
            faults.append(
                f"{LOCK}:1: {package['name']} {held['version']} is not {package['version']}"
            )
        elif set(held["files"]) != names or held.get("icons", []) != icons:
            faults.append(f"{LOCK}:1: {package['name']}: other files or icons than {WANTED} asks")
    faults.extend(f"{LOCK}:1: {name} is locked but not wanted" for name in by_name)
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description="Vendored browser files")
    parser.add_argument("verb", choices=["update", "check"])
    if parser.parse_args().verb == "update":
        update(ROOT)
    faults = check(ROOT)
    for fault in faults:
        print(fault)
    if faults:
        print("run `python tools/vendor.py update` (needs npm) or restore the files")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
