"""Words of work in progress: stages, what may be asked for, what may be called off."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "works_nav": ("Travaux", "Work"),
    "works_title": ("Travaux en cours", "Work in progress"),
    "works_lead": ("L'étape où en est chaque édition et chaque lieu. La page se met à jour seule ; aucune quantité n'y paraît.", "The stage that each edition and each venue is at. The page keeps itself up to date; no amount appears on it."),
    "works_now": ("En ce moment", "Now"),
    "works_none": ("Rien n'a encore été fait ni demandé.", "Nothing has been done or asked for yet."),
    "works_reload": ("Actualiser", "Refresh"),
    "work_kind_edition": ("Édition", "Edition"),
    "work_kind_batches": ("Lots d'un lieu", "A venue's batches"),
    "work_state_asked": ("demandée, attend le coffre", "asked for, waits for the vault"),
    "work_state_running": ("en cours", "under way"),
    "work_state_done": ("terminé", "done"),
    "work_state_failed": ("arrêté : le journal du coffre dit pourquoi, et ce qui est payé le reste", "stopped: the vault's log says why, and what is paid stays paid"),
    "work_state_cancelled": ("annulée avant le débit, rien n'a été dépensé", "called off before the charge, nothing was spent"),
    "work_step": ("étape {step} sur {steps} : {stage}", "stage {step} of {steps}: {stage}"),
    "work_since": ("depuis le {at}", "since {at}"),
    "stage_open": ("ouverture", "opening"),
    "stage_charge": ("débit du budget", "charging the budget"),
    "stage_draw": ("tirage, « {measure} »", "drawing, “{measure}”"),
    "stage_store": ("rangement", "storing"),
    "stage_witness": ("contreseing du tiers de confiance", "countersigning by the trusted third party"),
    "work_cancel": ("Annuler", "Call off"),
    "work_ask": ("Publier une édition", "Publish an edition"),
    "work_ask_more": ("Le coffre la prend à son prochain regard. Jusqu'au débit, elle s'annule ; ensuite elle se fait, car rien n'est rendu.", "The vault takes it up at its next look. Until the charge it can be called off; after that it is made, for nothing is given back."),
    "work_ask_go": ("Demander la publication", "Ask for publication"),
    "work_ask_none": ("La charte ne prévoit aucune autre édition à publier.", "The charter plans no other edition to publish."),
    "work_asked": ("L'édition est demandée.", "The edition is asked for."),
    "work_cancelled": ("L'édition est annulée ; rien n'a été dépensé.", "The edition is called off; nothing was spent."),
    "work_wrong": ("Choisissez une édition de la charte qui n'est ni publiée ni demandée.", "Choose an edition of the charter that is neither published nor asked for."),
    "work-paid": ("Trop tard pour annuler : l'édition est payée, elle se fait.", "Too late to call off: the edition is paid for, and is being made."),
    "work-over": ("Cette édition n'est plus en cours.", "This edition is not under way any more."),
    "act_work-asked": ("a demandé la publication d'une édition", "asked for an edition to be published"),
    "act_work-cancelled": ("a annulé une édition", "called an edition off"),
}  # fmt: skip
