"""The words of the table of the shop's forecast, French and English."""

from typing import Final

from hub.measures.tables import Heading

SHOP: Final = Heading(
    table="shop",
    question="Q12",
    title_fr="D'où viendront les visiteurs du mois prochain ?",
    title_en="Where will next month's visitors come from?",
    how_fr=(
        "Cherchez le même mois dans ce tableau : « juillet, Rhône : 40 » se lit : en juillet de cette"
        " période, 40 personnes sur 100 habitaient le Rhône. C'est le passé qui parle, non les réservations."
    ),
    how_en=(
        "Look for the same month in this table: 'July, Rhône: 40' reads: in July of this period, 40 people"
        " in 100 lived in the Rhône. The past speaks here, not bookings."
    ),
    columns=("month", "departement", "percent"),
    estimand="Part, en pour cent, des personnes distinctes, consentantes et reliées venues ce mois-là,"
    " selon leur département de résidence ; qui vient dans plus de mois que la borne pèse moins.",
    estimand_en="Share, in per cent, of distinct, consenting, linked people who came in that month, by"
    " département of residence; whoever comes in more months than the bound weighs less.",
)
