from __future__ import annotations

import unittest
from datetime import date

from ...tools.statement import PERIODS, Period, PeriodError, read_period, year_before

TODAY = date(2024, 5, 15)


class TestStatementPeriod(unittest.TestCase):
    def test_periods_by_name(self) -> None:
        expected = {
            "last_12_months": (date(2023, 6, 1), TODAY),
            "this_month": (date(2024, 5, 1), TODAY),
            "last_month": (date(2024, 4, 1), date(2024, 4, 30)),
            "this_quarter": (date(2024, 4, 1), TODAY),
            "last_quarter": (date(2024, 1, 1), date(2024, 3, 31)),
            "this_year": (date(2024, 1, 1), TODAY),
            "last_year": (date(2023, 1, 1), date(2023, 12, 31)),
            "all": (None, TODAY),
        }
        self.assertEqual(set(PERIODS), set(expected))
        for name, period in expected.items():
            with self.subTest(name):
                self.assertEqual(read_period(TODAY, name), Period(*period))

    def test_last_quarter_of_last_year(self) -> None:
        found = read_period(date(2024, 2, 1), "last_quarter")
        self.assertEqual(found, (date(2023, 10, 1), date(2023, 12, 31)))

    def test_dates_of_a_person(self) -> None:
        found = read_period(TODAY, "custom", "2024-01-02", "2024-02-03")
        self.assertEqual(found, (date(2024, 1, 2), date(2024, 2, 3)))

    def test_nothing_is_twelve_months(self) -> None:
        self.assertEqual(read_period(TODAY), (date(2023, 6, 1), TODAY))
        self.assertEqual(read_period(TODAY, "", "", "2022-03-04").first.year, 2021)

    def test_the_future_is_today(self) -> None:
        for text in ("9999-12-31", "2024-05-16"):
            self.assertEqual(read_period(TODAY, "", "2024-05-01", text).last, TODAY)

    def test_the_far_past_is_a_date(self) -> None:
        self.assertEqual(read_period(TODAY, "", "0001-01-01", "").first, date.min)
        self.assertEqual(year_before(date(1, 12, 31)), date.min)
        self.assertEqual(read_period(TODAY, "", "", "0001-01-01").last, date.min)

    def test_reversed_dates_are_refused(self) -> None:
        for dates in (("2024-03-02", "2024-03-01"), ("9999-12-31", "")):
            with self.assertRaises(PeriodError) as caught:
                read_period(TODAY, "", *dates)
            self.assertEqual(caught.exception.reason, "reversed")

    def test_what_is_no_date_is_refused(self) -> None:
        garbage = ("x", "2024-02-30", "20240101", "2024-W01-1", "1/2/2024", "\0" * 10)
        for text in (*garbage, "2024-01-01' OR 1=1", "٢٠٢٤-٠١-٠١", "-024-01-01"):
            with self.subTest(text), self.assertRaises(PeriodError) as caught:
                read_period(TODAY, "", text, "")
            self.assertEqual(caught.exception.reason, "not_a_date")
            self.assertLessEqual(len(caught.exception.value), 20)
