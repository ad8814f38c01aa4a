from __future__ import annotations

import configparser
import io
import os
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import database, odoo_server
from dev.odoo_server import Server
from dev.provision import apt, archivers, odoo, python, wkhtmltopdf
from dev.settings import ADDONS, SetupError


class InTemporaryFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class TestOdoo(InTemporaryFolder):
    def test_dangling_link(self) -> None:
        (self.folder / "lib").mkdir()
        link = self.folder / "lib" / "jquery.js"
        link.symlink_to("../absent/jquery.js")
        with self.assertRaisesRegex(SetupError, "jquery.js -> ../absent"):
            odoo._check_links(self.folder)
        (self.folder / "absent").mkdir()
        (self.folder / "absent" / "jquery.js").touch()
        odoo._check_links(self.folder)

    def test_gap_is_filled_once(self) -> None:
        path = self.folder / "lib" / "x.js"
        odoo._fill_gap(path)
        path.write_text("the real one")
        odoo._fill_gap(path)
        self.assertEqual(path.read_text(), "the real one")

    def test_no_apt(self) -> None:
        with (
            mock.patch("shutil.which", return_value=None),
            self.assertRaisesRegex(SetupError, "to bring Odoo 19.\nSet ODOO_BIN"),
        ):
            apt.require("Odoo 19", "Set ODOO_BIN.")


class TestArchivers(unittest.TestCase):
    def test_only_what_is_missing_is_installed(self) -> None:
        for missing, expected in (
            ({"7z", "unzip"}, ["unzip", "p7zip-full"]),
            ({"7z"}, ["p7zip-full"]),
            (set(), []),
        ):
            with (
                self.subTest(missing=missing),
                mock.patch("shutil.which", lambda name, gone=missing: name not in gone),
                mock.patch.object(apt, "ensure_installed") as install,
            ):
                archivers.ensure()
                install.assert_called_once_with(expected)


class TestPython(unittest.TestCase):
    def test_own_odoo_needs_the_tools_only(self) -> None:
        names = [path.name for path in python._requirements(with_odoo=False)]
        self.assertEqual(names, ["requirements.txt"])
        both = [path.name for path in python._requirements(with_odoo=True)]
        self.assertEqual(both, ["requirements-odoo.txt", "requirements.txt"])

    def test_everything_is_pinned(self) -> None:
        for path in python._requirements(with_odoo=True):
            for line in path.read_text().splitlines():
                if not line.startswith("#"):
                    with self.subTest(line=line):
                        self.assertRegex(line, r"^[\w-]+==[\w.]+( ; .+)?$")

    def test_unsupported_python(self) -> None:
        with (
            mock.patch("sys.version_info", (3, 9, 1)),
            mock.patch("dev.shell.output", return_value=""),
            self.assertRaisesRegex(SetupError, "3.10 to 3.13"),
        ):
            python._base_python()


class TestWkhtmltopdf(InTemporaryFolder):
    def archive(self, name: str, content: bytes) -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        return buffer.getvalue()

    def script(self, version: str) -> Path:
        inner = self.archive("wkhtmltox/bin/wkhtmltopdf", b"#!/bin/sh\necho " + version)
        sdist = self.folder / "x.tar.gz"
        sdist.write_bytes(self.archive("x-1/wkhtmltox.tar.gz", inner))
        target = self.folder / "wkhtmltopdf"
        wkhtmltopdf._extract(sdist, target)
        return target

    def test_patched(self) -> None:
        target = self.script(b"'wkhtmltopdf 0.12.4 (with patched qt)'")
        self.assertTrue(wkhtmltopdf._is_patched(target))

    def test_unpatched(self) -> None:
        target = self.script(b"wkhtmltopdf 0.12.6")
        self.assertFalse(wkhtmltopdf._is_patched(target))
        with (
            mock.patch.dict(os.environ, WKHTMLTOPDF=str(target)),
            self.assertRaisesRegex(SetupError, "WKHTMLTOPDF="),
        ):
            wkhtmltopdf._own()


class TestServer(InTemporaryFolder):
    def options(self, server: Server) -> configparser.SectionProxy:
        with (
            mock.patch.object(database, "DATA", self.folder),
            mock.patch.dict(os.environ, DB_PASSWORD="secret", PGPASSWORD="secret"),
        ):
            path = server.write_config()
        self.assertNotIn("secret", path.read_text())
        parser = configparser.RawConfigParser()
        parser.read(path)
        return parser["options"]

    def test_options(self) -> None:
        options = self.options(Server("base", 8070, 2525))
        self.assertEqual(options["addons_path"], str(ADDONS))
        self.assertEqual(options["http_interface"], "127.0.0.1")
        self.assertEqual(options["http_port"], "8070")
        self.assertEqual(options["smtp_port"], "2525")
        self.assertEqual(options["data_dir"], str(self.folder / "base"))

    def test_without_addon(self) -> None:
        self.assertNotIn("addons_path", self.options(Server("base", addons=())))

    def test_mail_goes_nowhere_without_mailbox(self) -> None:
        self.assertEqual(self.options(Server("base"))["smtp_port"], "9")


class TestOwnOdoo(InTemporaryFolder):
    def own(self, first_line: str) -> str:
        path = self.folder / "odoo-bin"
        path.write_text(f"{first_line}\n")
        path.chmod(0o755)
        return str(path)

    def test_it_is_called(self) -> None:
        path = self.own("#!/opt/odoo/bin/python")
        with mock.patch.dict(os.environ, ODOO_BIN=path):
            self.assertEqual(odoo_server.launcher(), [path])
            self.assertEqual(odoo_server.interpreter(), "/opt/odoo/bin/python")
            path_variable = odoo_server.environment()["PYTHONPATH"]
        self.assertTrue(path_variable.startswith(str(self.folder)))

    def test_env_in_first_line(self) -> None:
        path = self.own("#!/usr/bin/env python3.11")
        with mock.patch.dict(os.environ, ODOO_BIN=path):
            self.assertEqual(odoo_server.interpreter(), "python3.11")

    def test_absent(self) -> None:
        with (
            mock.patch.dict(os.environ, ODOO_BIN="/absent/odoo-bin"),
            self.assertRaisesRegex(SetupError, "ODOO_BIN=/absent/odoo-bin"),
        ):
            odoo_server.launcher()

    def test_other_version(self) -> None:
        path = self.own("#!/bin/sh\necho Odoo Server 18.0\necho more")
        odoo_server.version.cache_clear()
        self.addCleanup(odoo_server.version.cache_clear)
        with (
            mock.patch.dict(os.environ, ODOO_BIN=path),
            self.assertRaisesRegex(SetupError, "answers 'Odoo Server 18.0'"),
        ):
            odoo_server.check_own()
