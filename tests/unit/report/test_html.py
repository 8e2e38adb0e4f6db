"""HTML becomes the words a person would read, quickly, whatever it tries."""

import pytest

from bounce_assistant.report.html import html_to_text
from tests.unit.growth import LIMIT, growth


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<table><tr><td>To:</td><td>Dana</td></tr></table>", "To: Dana"),
        ("5 &lt; 6 &amp; &quot;so&quot; &#8211; &eacute;", '5 < 6 & "so" – é'),
        ("&lt;dana@larkspur.example&gt;", "<dana@larkspur.example>"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("a\nb", "a\nb"),
        ("<p>a\nb</p>", "a b"),
        ("<style>p { color: red }</style>seen", "seen"),
        ("<script>alert('x')</script>seen", "seen"),
        ("<head><title>no</title></head>seen", "seen"),
        ("<!-- hidden -->seen", "seen"),
        ("<a href='http://cheat.example'>Google</a>", "Google"),
        ("<img src='http://cheat.example/pixel.gif' alt='x'>seen", "seen"),
        ("<STYLE>x</STYLE>SEEN", "SEEN"),
        ("price < 500 and > 400", "price < 500 and > 400"),
        ("no markup at all", "no markup at all"),
        ("", ""),
    ],
)
def test_markup_becomes_words(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize("html", ["<style>never closed", "<script>never closed", "<!-- never"])
def test_what_is_never_closed_hides_no_words(html: str) -> None:
    assert "never" in html_to_text(html)


def test_a_bounce_in_html_keeps_its_address() -> None:
    html = "<b>Address not found</b><div>Your message wasn't delivered to <b>d@x.example</b></div>"
    assert "d@x.example" in html_to_text(html)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<style>",
        "<script></script>",
        "<p",
        "</p",
        "<br ",
        "<br><br>",
        "&lt;",
        "&#",
        "&",
        "\n",
        " \n",
        "\xa0",
        "<td></td>",
        "<a href='",
        "-->",
        "<head>",
        "<pre>",
        "</",
    ],
)
def test_more_markup_takes_more_time_only_in_step(piece: str) -> None:
    assert growth(html_to_text, lambda size: piece * (size // len(piece)), 40_000) < LIMIT
