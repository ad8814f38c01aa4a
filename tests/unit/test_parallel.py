from __future__ import annotations

import threading
import unittest

from ...tools.parallel import in_parallel


class TestInParallel(unittest.TestCase):
    def test_all_are_done_once(self) -> None:
        for count in (1, 2, 7, 200):
            with self.subTest(count=count):
                found = in_parallel(lambda item: item * 2, range(100), count)
                self.assertEqual(sorted(found), [item * 2 for item in range(100)])

    def test_nothing_to_do(self) -> None:
        self.assertEqual(list(in_parallel(str, [], 4)), [])

    def test_several_at_once(self) -> None:
        # Each waits for the others: alone it would wait for ever.
        together = threading.Barrier(3, timeout=20)
        found = in_parallel(lambda _item: together.wait(), range(9), 3)
        self.assertEqual(sorted(found), sorted([0, 1, 2] * 3))

    def test_one_at_a_time_stays_in_this_thread(self) -> None:
        found = in_parallel(lambda _item: threading.get_ident(), range(3), 1)
        self.assertEqual(set(found), {threading.get_ident()})

    def test_whoever_stops_asking_has_no_more_begun(self) -> None:
        for count in (1, 2):
            begun: list[int] = []
            for _result in in_parallel(begun.append, range(100), count):
                break
            with self.subTest(count=count):
                self.assertLessEqual(len(begun), 2 * count)

    def test_errors_come_to_the_one_who_asks(self) -> None:
        for count in (1, 2):
            with self.subTest(count=count), self.assertRaises(ZeroDivisionError):
                list(in_parallel(lambda item: 1 // item, [1, 0, 2], count))
