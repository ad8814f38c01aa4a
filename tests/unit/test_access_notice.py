from __future__ import annotations

import unittest

from ...tools.access_notice import describe, is_new

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537"
NEWER = CHROME.replace("120.0.0.0", "121.0.6167.85")
EDGE = f"{CHROME} Edg/120.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Version/17.2 Safari/60"


class TestAccessNotice(unittest.TestCase):
    def test_another_browser_is_new(self) -> None:
        self.assertTrue(is_new(IPHONE, [CHROME, NEWER]))
        self.assertTrue(is_new(EDGE, [CHROME]))
        self.assertTrue(is_new("", [CHROME]))

    def test_an_updated_browser_is_the_same(self) -> None:
        self.assertFalse(is_new(NEWER, [IPHONE, CHROME]))

    def test_nothing_is_new_where_nothing_is_known(self) -> None:
        self.assertFalse(is_new(CHROME, []))

    def test_names_for_persons(self) -> None:
        expected = {
            CHROME: "Chrome, Windows",
            EDGE: "Edge, Windows",
            IPHONE: "Safari, iPhone",
            "curl/8": "",
            "": "",
        }
        self.assertEqual({agent: describe(agent) for agent in expected}, expected)
