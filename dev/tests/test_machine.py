from __future__ import annotations

import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import cluster, locks, run, settings, shell, stamps
from dev.settings import SetupError


class TestSettings(unittest.TestCase):
    def port(self, text: str) -> int | None:
        with mock.patch.dict(os.environ, PORT=text):
            return settings.wanted_port()

    def test_port(self) -> None:
        self.assertEqual(self.port("8070"), 8070)
        self.assertIsNone(self.port(""))

    def test_bad_port(self) -> None:
        for text in ("http", "0", "65536", "-1", "80 80"):
            with self.subTest(text=text), self.assertRaisesRegex(SetupError, "PORT="):
                self.port(text)

    def test_port_in_use(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as busy:
            port = busy.getsockname()[1]
            environment = mock.patch.dict(os.environ, PORT=str(port))
            with environment, self.assertRaisesRegex(SetupError, "in use"):
                run._port()


class TestShell(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name, "logs", "x.log")

    def python(self, code: str, text: str = "") -> None:
        shell.run([sys.executable, "-c", code], log=self.log, text=text)

    def test_output_is_logged(self) -> None:
        self.python("print(input())", text="hello\n")
        self.assertEqual(self.log.read_text().splitlines()[-1], "hello")

    def test_failure_tells_why(self) -> None:
        with self.assertRaisesRegex(SetupError, "exit code 3(.|\n)*the reason"):
            self.python("print('the reason'); raise SystemExit(3)")

    def test_missing_program_gives_no_output(self) -> None:
        self.assertEqual(shell.output(["no-such-program"]), "")
        self.assertEqual(shell.output(["false"]), "")

    def test_stop_ends_the_whole_session(self) -> None:
        code = "import subprocess; subprocess.run(['sleep', '60'])"
        process = shell.spawn([sys.executable, "-c", code], out=-3)
        shell.stop(process)
        with self.assertRaises(ProcessLookupError):
            os.killpg(process.pid, 0)

    def test_no_root_and_no_sudo(self) -> None:
        user = mock.patch("os.geteuid", return_value=1000)
        programs = mock.patch("shutil.which", return_value=None)
        wanted = self.assertRaisesRegex(SetupError, "apt-get install x")
        with user, programs, wanted:
            shell.privileged(["apt-get", "install", "x"])


class InTemporaryFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for module, name in ((locks, "DEV"), (stamps, "STAMPS"), (cluster, "DEV")):
            patch = mock.patch.object(module, name, self.folder)
            patch.start()
            self.addCleanup(patch.stop)


class TestLocks(InTemporaryFolder):
    def test_exclusive(self) -> None:
        with locks.try_hold("x", "note") as held:
            self.assertIsNone(locks.try_hold("x"))
            self.assertEqual(locks.read_note("x"), "note")
            locks.write_note(held, "n2")
            self.assertEqual(locks.read_note("x"), "n2")
        locks.try_hold("x").close()

    def test_last_sharer(self) -> None:
        with locks.share("x") as first:
            with locks.share("x"):
                self.assertFalse(locks.is_last(first))
            self.assertTrue(locks.is_last(first))


class TestStamps(InTemporaryFolder):
    def test_stamp(self) -> None:
        self.assertFalse(stamps.is_fresh("x", "1"))
        stamps.write("x", "1")
        self.assertTrue(stamps.is_fresh("x", "1"))
        self.assertFalse(stamps.is_fresh("x", "2"))
        stamps.clear("x")
        self.assertFalse(stamps.is_fresh("x", "1"))

    def test_digest_keeps_parts_apart(self) -> None:
        self.assertNotEqual(stamps.digest("ab", "c"), stamps.digest("a", "bc"))


class TestCluster(InTemporaryFolder):
    def locate(self, reachable: bool = True) -> cluster.Cluster:
        with mock.patch.object(cluster, "_is_reachable", return_value=reachable):
            return cluster.locate()

    def test_in_the_checkout(self) -> None:
        found = self.locate()
        self.assertEqual(found.base, self.folder / "pg")
        self.assertEqual(found.sockets, self.folder / "pg" / "socket")

    def test_long_path_gets_a_short_socket(self) -> None:
        cluster.DEV = self.folder / ("x" * 80)
        found = self.locate()
        self.assertEqual(found.base, cluster.DEV / "pg")
        self.assertLess(len(str(found.sockets)), 60)
        self.assertIn(settings.CHECKOUT_ID, found.sockets.name)

    def test_unreachable_checkout(self) -> None:
        with mock.patch.object(cluster, "_owner", return_value="postgres"):
            found = self.locate(reachable=False)
        self.assertFalse(found.base.is_relative_to(self.folder))
        self.assertIn(settings.CHECKOUT_ID, found.base.name)

    def test_stale_pid_file_of_another_process(self) -> None:
        found = cluster.Cluster(self.folder, self.folder / "socket", "")
        found.data.mkdir()
        pid_file = found.data / "postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n")
        found._remove_stale_pid_file()
        self.assertFalse(pid_file.exists())
