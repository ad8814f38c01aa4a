from __future__ import annotations

import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from dev import dist, shipped

_TREE = {
    "__manifest__.py": "{'name': 'Client Hub', 'version': '19.0.1.2.3'}",
    "models/client.py": "x = 1",
    "static/src/app.js": "",
    "i18n/fr.po": "",
    "tests/test_client.py": "",
    "README.md": "",
    "dev/run.py": "",
    "docs/guide.md": "",
    ".ci/run": "",
    ".gitignore": "ignored/\n",
    "ignored/secret.txt": "",
    "Makefile": "",
    "package.json": "",
    "eslint.config.mjs": "",
    "pyproject.toml": "",
    "models/__pycache__/client.pyc": "",
}
_SHIPPED = [
    "README.md",
    "__manifest__.py",
    "i18n/fr.po",
    "models/client.py",
    "static/src/app.js",
    "tests/test_client.py",
]


class ShippedCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "checkout"
        for name, text in _TREE.items():
            self.write(name, text)
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class TestFiles(ShippedCase):
    def test_files(self) -> None:
        self.assertEqual(shipped.files(self.root), _SHIPPED)

    def test_files_without_git(self) -> None:
        subprocess.run(["rm", "-r", str(self.root / ".git")], check=True)
        self.assertEqual(
            shipped.files(self.root), sorted([*_SHIPPED, "ignored/secret.txt"])
        )

    def test_deleted_file_is_not_shipped(self) -> None:
        subprocess.run(["git", "-C", str(self.root), "add", "."], check=True)
        (self.root / "i18n/fr.po").unlink()
        self.assertNotIn("i18n/fr.po", shipped.files(self.root))

    def test_names_beyond_ascii(self) -> None:
        self.write("static/été 1.svg", "")
        self.assertIn("static/été 1.svg", shipped.files(self.root))

    def test_entries(self) -> None:
        entries = ["README.md", "__manifest__.py", "i18n", "models", "static", "tests"]
        self.assertEqual(shipped.entries(self.root), entries)

    def test_this_checkout(self) -> None:
        entries = shipped.entries()
        self.assertIn("__manifest__.py", entries)
        self.assertIn("models", entries)
        self.assertFalse({"dev", "docs", "Makefile", ".ci", ".dev"} & set(entries))


class TestFingerprint(ShippedCase):
    def setUp(self) -> None:
        super().setUp()
        self.before = shipped.fingerprint(self.root)

    def test_content_counts(self) -> None:
        self.write("models/client.py", "x = 2")
        self.assertNotEqual(shipped.fingerprint(self.root), self.before)

    def test_translation_counts(self) -> None:
        self.write("i18n/fr.po", 'msgid ""')
        self.assertNotEqual(shipped.fingerprint(self.root), self.before)

    def test_name_counts(self) -> None:
        (self.root / "models/client.py").rename(self.root / "models/partner.py")
        self.assertNotEqual(shipped.fingerprint(self.root), self.before)

    def test_new_file_counts(self) -> None:
        self.write("views/client.xml", "")
        self.assertNotEqual(shipped.fingerprint(self.root), self.before)

    def test_the_rest_does_not_count(self) -> None:
        for name in ("tests/test_client.py", "dev/run.py", "ignored/secret.txt"):
            self.write(name, "changed")
        self.assertEqual(shipped.fingerprint(self.root), self.before)


class TestLinks(ShippedCase):
    def setUp(self) -> None:
        super().setUp()
        self.addons = self.root / ".dev" / "addons"
        shipped.link_addon(self.root, self.addons)
        self.addon = self.addons / "client_hub"

    def names(self) -> list[str]:
        return sorted(path.name for path in self.addon.iterdir())

    def test_links(self) -> None:
        self.assertEqual(self.names(), shipped.entries(self.root))
        self.assertEqual((self.addon / "models/client.py").read_text(), "x = 1")

    def test_refresh(self) -> None:
        self.write("wizards/pay.py", "")
        (self.root / "README.md").unlink()
        (self.addon / "stray").mkdir()
        shipped.link_addon(self.root, self.addons)
        self.assertIn("wizards", self.names())
        self.assertNotIn("README.md", self.names())
        self.assertNotIn("stray", self.names())


class TestDist(ShippedCase):
    def test_content(self) -> None:
        path = dist.build(self.root)
        self.assertEqual(path.name, "client_hub-19.0.1.2.3.zip")
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            self.assertEqual(archive.read("client_hub/models/client.py"), b"x = 1")
        self.assertEqual(names, [f"client_hub/{name}" for name in _SHIPPED])

    def test_same_input_same_bytes(self) -> None:
        first = dist.build(self.root).read_bytes()
        (self.root / "models/client.py").touch()
        self.assertEqual(dist.build(self.root).read_bytes(), first)
