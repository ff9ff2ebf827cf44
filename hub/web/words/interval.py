"""Words of « Lire un intervalle »."""

from typing import Final

from hub.web.words import Words

WORDS: Final[Words] = {
    "nav": ("Lire un intervalle", "Reading an interval"),
    "title": ("Lire un intervalle en deux minutes", "Reading an interval in two minutes"),
    "lead": ("Pourquoi chaque chiffre d'ici porte deux bornes, et ce que l'on peut en dire à voix haute.", "Why every figure here carries two bounds, and what one may say aloud."),
    "why": ("Un peu de hasard, exprès", "A little chance, on purpose"),
    "why_text": ("Avant de publier, le réseau ajoute à chaque nombre un petit hasard, tiré une seule fois. Que vous soyez venu ou non, le chiffre publié aurait pu être le même : personne ne peut donc y lire votre présence. Le prix est une petite imprécision, dont la taille est connue d'avance.", "Before publishing, the network adds a little chance to each number, drawn once only. Whether you came or not, the published figure could have been the same: nobody can read your presence in it. The price is a small imprecision, whose size is known in advance."),
    "what": ("Ce que dit l'intervalle", "What the interval says"),
    "what_text": ("« Environ {value} personnes, de {low} à {high} » : sur cent chiffres annoncés ainsi, le vrai nombre se trouve entre les deux bornes quatre-vingt-quinze fois. Le milieu n'est pas plus sûr que le reste : c'est l'intervalle qui est l'information.", "'About {value} people, from {low} to {high}': of a hundred figures told in this way, the true number lies between the bounds ninety-five times. The middle is no surer than the rest: the interval is the information."),
    "three": ("Trois mots pour le dire", "Three words to say it"),
    "sure_do": ("On peut citer le chiffre seul : « environ {value} ».", "One may quote the figure alone: 'about {value}'."),
    "maybe_do": ("On cite l'intervalle, jamais le chiffre seul : « entre {low} et {high} ».", "Quote the interval, never the figure alone: 'between {low} and {high}'."),
    "few_do": ("On ne cite rien : « trop peu de monde pour le dire ». L'intervalle reste vrai, et dit au moins un maximum.", "Quote nothing: 'too few people to tell'. The interval still holds, and gives at least a maximum."),
    "compare": ("Comparer deux chiffres", "Comparing two figures"),
    "compare_text": ("Si les deux intervalles se chevauchent, on ne sait pas lequel est le plus grand : ils sont à égalité. S'ils ne se touchent pas, l'écart est réel. Un rang s'écrit donc « 2–4 » quand trois lieux ne peuvent être départagés.", "If the two intervals overlap, nobody knows which is larger: they are tied. If they do not touch, the gap is real. So a rank is written '2–4' when three venues cannot be told apart."),
    "tie": ("À égalité : les intervalles se chevauchent", "Tied: the intervals overlap"),
    "apart": ("L'écart est réel : ils ne se touchent pas", "A real gap: they do not touch"),
    "not": ("Ce que l'intervalle ne dit pas", "What the interval does not say"),
    "not_text": ("Cinq choses rendent un chiffre incertain ; l'intervalle en compte deux : le hasard ajouté, et le poids borné des gens très assidus. Trois n'y sont pas. La couverture : les billets sans nom. L'accord : ceux qui n'ont pas dit oui. La page « Le réseau » dit quelle part des billets reste. Le rapprochement : deux fiches que rien ne relie comptent pour deux personnes ; dans nos essais (de vraies visites, des identités inventées), 7 à 11 rapprochements sur cent manquent, et 1 à 5 sont faux.", "Five things make a figure uncertain; the interval counts two: the added chance, and the bounded weight of very assiduous people. Three are not in it. Coverage: tickets without a name. Consent: those who did not say yes. The page 'The network' says what share of tickets is left. Linkage: two records that nothing joins count as two people; in our trials (real visits, invented identities) 7 to 11 links in a hundred are missed, and 1 to 5 are wrong."),
    "quiz": ("Trois phrases, une seule est juste", "Three sentences, only one is right"),
    "quiz_lead": ("Deux lieux : A, environ 1 250 personnes (1 190 à 1 310) ; B, environ 1 290 (1 230 à 1 350).", "Two venues: A, about 1,250 people (1,190 to 1,310); B, about 1,290 (1,230 to 1,350)."),
    "quiz_a": ("« B devance A de 40 personnes. »", "'B is 40 people ahead of A.'"),
    "quiz_a_no": ("Non : les intervalles se chevauchent ; l'écart peut être nul.", "No: the intervals overlap; there may be no gap at all."),
    "quiz_b": ("« A et B sont à égalité, avec un peu plus de 1 200 personnes chacun. »", "'A and B are tied, with a little over 1,200 people each.'"),
    "quiz_b_yes": ("Oui : c'est ce que les intervalles permettent de dire.", "Yes: this is what the intervals allow one to say."),
    "quiz_c": ("« A a reçu exactement 1 250 personnes. »", "'A received exactly 1,250 people.'"),
    "quiz_c_no": ("Non : aucun chiffre d'ici n'est exact, et c'est voulu.", "No: no figure here is exact, and this is meant."),
    "so_coordinator": ("Citer les phrases proposées par les pages : elles tiennent déjà compte des intervalles.", "Quote the sentences that the pages propose: they take the intervals into account already."),
    "so_citizen": ("Demander l'intervalle quand un chiffre de fréquentation est donné seul.", "Ask for the interval when an attendance figure is given alone."),
}  # fmt: skip
