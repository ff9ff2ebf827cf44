"""When a person last did something towards the house, and when that is too long ago (CNIL: three years)."""

import pandas as pd


def last_contacts(
    tickets: pd.DataFrame, contacts: pd.DataFrame, index: pd.Index, now: pd.Timestamp
) -> pd.Series:
    """Return for each person of *index* the day of her last active contact, never after *now*; NaT unknown.

    Buying, coming, clicking and writing are acts; opening an e-mail is not (CNIL, référentiel
    « gestion des activités commerciales », 2022, and its answers on hyperlinks).
    ``tickets``: ``person, booked, event_at``; ``contacts``: ``person, at``, acts only. A date in the
    future is no act: a booking for next season counts by the day it was bought, or today.
    """
    came = tickets["event_at"].where(tickets["event_at"] <= now)
    bought = tickets["booked"].where(tickets["booked"] <= now)
    ahead = (tickets["event_at"] > now) & bought.isna()
    acts = pd.concat(
        [
            pd.DataFrame({"person": tickets["person"], "at": came}),
            pd.DataFrame({"person": tickets["person"], "at": bought}),
            pd.DataFrame({"person": tickets.loc[ahead, "person"]}).assign(at=now),
            contacts.loc[contacts["at"] <= now, ["person", "at"]],
        ],
        ignore_index=True,
    )
    acts["at"] = acts["at"].astype("datetime64[s]")
    return acts.groupby("person")["at"].max().reindex(index)


def lapsed(last: pd.Series, now: pd.Timestamp, months: int) -> pd.Series:
    """Return whose last active contact is more than *months* months before *now*.

    Whoever has none that is known bought nothing: nothing of hers could leave.
    """
    oldest = now - pd.DateOffset(months=months)
    return last < oldest.normalize()
