"""Words of the page on which a PDF report is made: its stages, and what may be done meanwhile."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Rapport", "Report"),
    "title": ("Le rapport d'une édition", "The report of an edition"),
    "lead": ("Tous ses tableaux en un PDF qui s'imprime, se lit à voix haute et se vérifie : chiffres, intervalles, prix, charte, signature.", "All of its tables in one PDF that prints, can be read aloud and can be verified: figures, intervals, price, charter, signature."),
    "of": ("L'édition « {title} »", "The edition '{title}'"),
    "state_none": ("Ce rapport n'est pas encore écrit. Il faut une demi-minute environ ; les pages restent ouvertes pendant ce temps.", "This report is not written yet. It takes about half a minute; the pages stay open meanwhile."),
    "state_running": ("Le rapport s'écrit", "The report is being written"),
    "state_done": ("Le rapport est prêt.", "The report is ready."),
    "state_cancelled": ("L'écriture a été annulée ; rien n'en reste.", "The writing was called off; nothing is left of it."),
    "state_failed": ("L'écriture s'est arrêtée. La demander de nouveau ; si elle s'arrête encore, il manque à cette machine les bibliothèques qui écrivent du PDF.", "The writing stopped. Ask for it again; if it stops once more, this machine lacks the libraries that write PDF."),
    "state_full": ("Plusieurs rapports s'écrivent déjà. Redemander dans un instant.", "Several reports are being written already. Ask again in a moment."),
    "stage_open": ("ouverture", "opening"),
    "stage_wait": ("attend son tour", "waits for its turn"),
    "stage_chart": ("étape {at} sur {of} : dessin de « {table} »", "stage {at} of {of}: drawing '{table}'"),
    "stage_layout": ("étape {at} sur {of} : mise en page", "stage {at} of {of}: laying the pages out"),
    "stage_write": ("étape {at} sur {of} : écriture du PDF", "stage {at} of {of}: writing the PDF"),
    "make": ("Écrire le rapport", "Write the report"),
    "again": ("Recommencer", "Start again"),
    "open": ("Ouvrir le rapport (PDF)", "Open the report (PDF)"),
    "cancel": ("Annuler", "Call off"),
    "reload": ("Actualiser", "Refresh"),
    "kept": ("La page se met à jour seule ; la fermer n'arrête rien.", "The page keeps itself up to date; closing it stops nothing."),
    "to_edition": ("Lire l'édition en ligne", "Read the edition online"),
    "progress": ("Avancement du rapport", "Progress of the report"),
    "so_venue": ("Joindre les pages de son lieu à un dossier de subvention : chaque chiffre y porte son intervalle.", "Add the pages about one's venue to a grant application: each figure bears its interval there."),
    "so_coordinator": ("L'envoyer aux élus avec l'adresse de l'édition : quiconque peut refaire les comptes.", "Send it to elected officials with the edition's address: anybody can do the sums again."),
}  # fmt: skip
