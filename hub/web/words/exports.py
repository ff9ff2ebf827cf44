"""Words of the files that leave the site: what they are made of, and how to read them."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "about": ("À lire d'abord", "Read me first"),
    "data": ("Données", "Data"),
    "contents": ("Sommaire", "Contents"),
    "sheet": ("Feuille", "Sheet"),
    "table": ("Tableau", "Table"),
    "question": ("Question", "Question"),
    "how": ("Comment lire", "How to read"),
    "estimand": ("Ce qui est estimé", "What is estimated"),
    "unit": ("Unité", "Unit"),
    "network": ("Réseau", "Network"),
    "title": ("Édition", "Edition"),
    "edition": ("Nom court de l'édition", "Short name of the edition"),
    "period": ("Période", "Period"),
    "prepared": ("Préparée le", "Prepared on"),
    "release": ("Publication", "Release"),
    "mechanism": ("Bruit", "Noise"),
    "mechanism_is": (
        "gaussien discret, tiré une seule fois (OpenDP), poids d'une personne borné",
        "discrete Gaussian, drawn once (OpenDP), one person's weight bounded",
    ),
    "rho": ("Prix : ρ", "Price: ρ"),
    "epsilon": ("Prix : ε, seul", "Price: ε, alone"),
    "delta": ("δ auquel ε est dit", "δ at which ε is told"),
    "share": ("Part de ce que la charte permet dans la saison", "Share of what the charter allows in the season"),
    "interval": ("Intervalle", "Interval"),
    "interval_is": (
        "à 95 % : il contient le vrai chiffre 95 fois sur 100 ; il compte le bruit ajouté et le poids borné, non la couverture",
        "95%: it holds the true figure 95 times in 100; it counts the added noise and the bounded weight, not coverage",
    ),
    "words": ("Lecture", "Wording"),
    "words_are": (
        "« presque sûr » : on peut citer le chiffre ; « indicatif » : citer l'intervalle ; « trop peu de monde » : ne pas citer le chiffre",
        "'almost certain': the figure may be quoted; 'indicative': quote the interval; 'too few people': do not quote the figure",
    ),
    "charter": ("Empreinte de la charte (SHA-256)", "Fingerprint of the charter (SHA-256)"),
    "sha256": ("Empreinte de l'édition (SHA-256)", "Fingerprint of the edition (SHA-256)"),
    "head": ("Tête de la chaîne d'audit", "Head of the audit chain"),
    "hub_signature": ("Signature du hub (Ed25519)", "Signature of the hub (Ed25519)"),
    "custodian_signature": ("Contre-signature du tiers de confiance (Ed25519)", "Countersignature of the trusted third party (Ed25519)"),
    "none": ("aucune", "none"),
    "verify": ("Vérifier", "Verify"),
    "verify_is": ("hub verify {edition}.json --charter charter.json", "hub verify {edition}.json --charter charter.json"),
    "demonstration": ("Démonstration", "Demonstration"),
    "demonstration_is": (
        "lieux et personnes sont fictifs : ces chiffres ne disent rien du monde",
        "venues and people are fictitious: these figures say nothing of the world",
    ),
    "suppressed": ("Trop peu de monde", "Too few people"),
    "chart_of": ("Diagramme : {title}. Les chiffres sont dans le tableau.", "Chart: {title}. The figures are in the table."),
    "chart_covered": ("trop peu de monde", "too few people"),
    "chart_foot": (
        "Barre : la valeur. Trait : l'intervalle à 95 %. Hachures : trop peu de monde. Édition {edition}, ρ = {rho}.",
        "Bar: the value. Line: the 95% interval. Hatching: too few people. Edition {edition}, ρ = {rho}.",
    ),
    "chart_foot_square": (
        "Hachures : trop peu de monde. Tous les intervalles à 95 % sont dans les données. Édition {edition}, ρ = {rho}.",
        "Hatching: too few people. All 95% intervals are in the data. Edition {edition}, ρ = {rho}.",
    ),
    "chart_more": ("{count} autres lignes sont dans les données.", "{count} more rows are in the data."),
    "chart_none": (
        "Ce tableau est trop fin pour être dessiné : tous ses chiffres sont dans les données.",
        "This table is too fine to be drawn: all its figures are in the data.",
    ),
    "chart_silent": (
        "Trop peu de monde : aucun chiffre de ce tableau n'est assez précis pour être dit.",
        "Too few people: no figure of this table is precise enough to be told.",
    ),
    "report": ("Rapport", "Report"),
    "report_rows": ("Les {shown} premières lignes de {rows} ; toutes sont dans les fichiers de données.", "The first {shown} lines of {rows}; all are in the data files."),
    "report_about": ("Origine, prix et vérification", "Origin, price and verification"),
    "busy": (
        "Un autre rapport est en train de s'écrire. Redemandez celui-ci dans quelques secondes.",
        "Another report is being written. Ask for this one again in a few seconds.",
    ),
    "no_pdf": (
        "Ce serveur n'a pas de quoi écrire un PDF : il lui manque la bibliothèque Pango. La page s'imprime, et les autres fichiers restent offerts.",
        "This server cannot write a PDF: it lacks the Pango library. The page prints, and the other files are still offered.",
    ),
}  # fmt: skip
