"""The form under a preview, what is said after a yes, and what is said instead of one."""

from types import MappingProxyType
from typing import Final

from venue_agent.outbox.approval import LONGEST, SHORTEST, Approval
from venue_agent.pages import parts
from venue_agent.pages.markup import Html, page, tag
from venue_agent.pages.preview import preview_page
from venue_agent.screen import shown
from venue_agent.screen.sheet import Sheet
from venue_agent.words import _, mark

SORRY: Final = MappingProxyType(
    {
        "used": mark("This link was opened already. If it was not by you, tell whoever runs this "
                     "machine. For a new one, run `venue-agent review` again."),
        "unknown": mark("There is nothing at this address. Open the link that `venue-agent review` shows."),
        "unread": mark("Tick that you have read the page, then approve. Go back with your browser."),
    }
)  # fmt: skip


def review_page(sheet: Sheet, secret: str) -> str:
    """Return the preview with a button; *secret* comes back with the click."""
    form = tag(
        "section",
        tag("h2", _("Your approval"), id="yes"),
        tag("p", _("Without it, nothing of this page leaves. It is noted with your name, the time and "
                   "the digests below: one byte more or less, and it is void.")),
        tag(
            "form",
            tag("input", type="hidden", name="form", value=secret),
            tag("label", _("Your name"), for_="who"),
            tag("input", type="text", id="who", name="who", required="", autocomplete="name",
                minlength=SHORTEST, maxlength=LONGEST),
            tag("label", tag("input", type="checkbox", name="read", value="yes", required=""),
                tag("span", _("I have read what leaves {venue}, and may approve it in its name.").format(
                    venue=parts.name_of(sheet))), class_="box"),
            tag("button", _("I approve"), type="submit"),
            method="post",
        ),
        class_="yes",
        aria_labelledby="yes",
    )  # fmt: skip
    return preview_page(sheet, form)


def done_page(given: Approval) -> str:
    """Return what is said after a yes."""
    return _message(
        _("Approved"),
        _("Noted on {moment}: {who} approves {months}.").format(
            moment=shown.moment(given.at), who=given.who, months=", ".join(sorted(given.months))
        ),
        _("To send: `venue-agent push`, or the next daily run. You may close this window."),
    )


def sorry_page(what: str) -> str:
    """Return what is said instead: a kind of ``SORRY``, or a sentence of the agent's own."""
    return _message(_("Not approved"), _(SORRY[what]) if what in SORRY else what)


def _message(title: str, *sentences: str) -> str:
    told: list[Html] = [tag("p", text, class_="lead") for text in sentences]
    return page(title, tag("main", tag("h1", title), *told, class_="done"), forms=True)
