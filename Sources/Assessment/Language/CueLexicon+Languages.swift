// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension CueLexicon {
    /// The cues of German.
    static let german = CueLexicon(
        language: "de",
        cues: [
            (
                .neutral,
                ["nicht nur", "kein zweifel", "nicht mehr als", "nicht länger als", "ob oder nicht", "oder nicht"]
            ),
            (
                .negator,
                [
                    "nicht", "nie", "niemals", "keinesfalls", "keineswegs", "nichts", "auf keinen fall",
                    "unter keinen umständen",
                    "nicht mehr", "muss nicht", "braucht nicht", "nicht nötig", "weder",
                ]
            ),
            (.negatorAfter, ["kein", "keine", "keinen", "keinem", "keiner", "ohne", "statt", "anstatt", "anstelle"]),
            (.neglect, ["zögern", "vergessen", "versäumen", "es sei denn"]),
            (
                .avoid,
                [
                    "vermeiden", "meiden", "absetzen", "abgesetzt", "stoppen", "beenden", "verzichten", "weglassen",
                    "unterlassen",
                    "pausieren", "aufhören", "abraten", "verweigern", "einstellen", "verboten",
                ]
            ),
            (.proceed, ["weiter", "weiterhin", "fortsetzen", "fortführen", "weiternehmen", "beibehalten"]),
            (
                .use,
                [
                    "nehmen", "nimmt", "einnehmen", "geben", "gibt", "verwenden", "anwenden", "empfehlen",
                    "verabreichen", "kann", "können",
                    "darf", "dürfen", "soll", "sollte", "sollten", "muss", "müssen",
                ]
            ),
            (
                .permit,
                ["sicher", "geeignet", "erlaubt", "in ordnung", "unbedenklich", "möglich", "gut verträglich", "okay"]
            ),
            (
                .reassure,
                [
                    "kein problem", "keine sorge", "keine gefahr", "kein risiko", "keine wechselwirkung",
                    "macht nichts", "nicht schlimm",
                    "nicht gefährlich", "harmlos",
                ]
            ),
            (
                .unsafe,
                [
                    "gefährlich", "ungeeignet", "kontraindiziert", "schädlich", "unsicher", "tödlich", "riskant",
                    "unverträglich", "lebensgefährlich",
                ]
            ),
            (
                .hedge,
                [
                    "ich weiß nicht", "nicht sicher ob", "keine ahnung", "ich bin nicht sicher",
                    "ich bin mir nicht sicher",
                ]
            ),
            (.condition, ["wenn", "falls", "sobald", "solange", "während", "bis", "auch wenn"]),
            (
                .boundary,
                ["weil", "aber", "da", "denn", "sondern", "deshalb", "daher", "obwohl", "dass", "jedoch", "sonst"]
            ),
        ],
        functionWords: [
            "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "und", "oder",
            "ich", "du", "er", "sie",
            "es", "wir", "ihr", "man", "mich", "dich", "ihn", "ihm", "ihnen", "uns", "sich", "sein", "seine", "ihre",
            "ihren", "ist", "sind", "war",
            "wird", "werden", "wurde", "hat", "haben", "hatte", "in", "im", "an", "am", "auf", "aus", "bei", "beim",
            "mit", "von", "vom", "zu", "zum", "zur",
            "für", "um", "als", "wie", "so", "auch", "noch", "nur", "dann", "hier", "da", "mehr", "sehr", "bitte",
            "dieser", "diese", "dieses", "patient",
            "patientin", "würde", "kann", "soll", "sollte", "muss", "darf", "wäre", "dabei", "damit", "etwas", "vor",
            "nach", "über", "unter", "durch", "gegen",
            "einmal", "immer", "gut",
        ],
        verbs: ["nehmen", "geben", "rufen", "melden", "prüfen", "kontrollieren", "trinken", "warten", "spülen"],
        pronouns: ["ich", "du", "er", "sie", "wir", "man", "es"]
    )

    /// The cues of Spanish.
    static let spanish = CueLexicon(
        language: "es",
        cues: [
            (.neutral, ["no solo", "no sólo", "no solamente", "sin duda", "no más de", "no mas de"]),
            (
                .negator,
                [
                    "no", "nunca", "jamás", "tampoco", "nada", "ni", "de ninguna manera", "no hace falta",
                    "no es necesario", "no hay que",
                ]
            ),
            (.negatorAfter, ["sin", "ningún", "ninguna", "ninguno", "en lugar de", "en vez de", "excepto"]),
            (.neglect, ["dudar en", "olvidar", "a menos que"]),
            (
                .avoid,
                [
                    "evitar", "evite", "evita", "suspender", "suspenda", "dejar de", "deje de", "deja de", "parar",
                    "pare", "interrumpir", "abstenerse",
                    "retirar", "desaconsejar", "rechazar", "prohibir", "prohibido",
                ]
            ),
            (.proceed, ["continuar", "continúe", "continúa", "seguir", "siga", "sigue", "mantener", "mantenga"]),
            (
                .use,
                [
                    "tomar", "tome", "toma", "usar", "use", "usa", "dar", "administrar", "administre", "recomendar",
                    "recomiendo", "ofrecer", "puede", "pueden", "puedo", "debe",
                    "deben", "debería", "poner", "ponga",
                ]
            ),
            (
                .permit,
                [
                    "seguro", "segura", "adecuado", "adecuada", "apropiado", "permitido", "está bien", "recomendable",
                    "apto", "apta",
                ]
            ),
            (
                .reassure,
                [
                    "no hay problema", "ningún problema", "sin problema", "no pasa nada", "no hay riesgo",
                    "no es peligroso", "inofensivo", "no importa", "no hay interacción",
                ]
            ),
            (
                .unsafe,
                [
                    "peligroso", "peligrosa", "inadecuado", "inadecuada", "contraindicado", "contraindicada", "dañino",
                    "inseguro", "mortal", "perjudicial", "inapropiado",
                ]
            ),
            (.hedge, ["no sé", "no estoy seguro", "no estoy segura", "no recuerdo"]),
            (.condition, ["si", "cuando", "mientras", "hasta que", "en caso de", "aunque"]),
            (.boundary, ["porque", "pero", "ya que", "sino", "por eso", "puesto que", "así que", "que"]),
        ],
        functionWords: [
            "el", "la", "los", "las", "un", "una", "unos", "unas", "y", "o", "de", "del", "a", "al", "en", "con", "por",
            "para", "que", "se", "su", "sus", "lo", "le",
            "les", "me", "mi", "te", "tu", "yo", "él", "ella", "usted", "es", "son", "está", "están", "era", "ser",
            "estar", "ha", "han", "hay", "haber", "como", "más", "muy", "también",
            "este", "esta", "esto", "ese", "esa", "paciente", "puede", "debe", "porque", "cuando", "si", "ya", "entre",
            "sobre", "cada", "bien", "antes", "después", "hasta", "desde",
        ],
        verbs: ["tomar", "dar", "llamar", "avisar", "esperar", "beber", "consultar", "revisar"],
        pronouns: ["yo", "usted", "él", "ella", "nosotros", "ellos"]
    )

    /// The cues of French.
    static let french = CueLexicon(
        language: "fr",
        cues: [
            (.neutral, ["pas seulement", "sans doute", "pas plus de", "ne", "non seulement"]),
            (
                .negator,
                [
                    "pas", "jamais", "rien", "aucunement", "en aucun cas", "plus jamais", "non", "pas besoin de",
                    "pas nécessaire de", "inutile de", "nullement",
                ]
            ),
            (.negatorAfter, ["sans", "aucun", "aucune", "au lieu de", "plutôt que", "sauf"]),
            (.neglect, ["hésiter à", "oublier de", "à moins que"]),
            (
                .avoid,
                [
                    "éviter", "évitez", "arrêter", "arrêtez", "stopper", "cesser", "suspendre", "interrompre",
                    "renoncer", "déconseiller", "déconseillé", "refuser", "interdire",
                    "interdit",
                ]
            ),
            (.proceed, ["continuer", "continuez", "poursuivre", "poursuivez", "maintenir", "garder"]),
            (
                .use,
                [
                    "prendre", "prenez", "prend", "donner", "donnez", "utiliser", "utilisez", "recommander",
                    "recommande", "proposer", "administrer", "peut", "peuvent", "pouvez", "doit",
                    "devez", "faut", "mettre",
                ]
            ),
            (
                .permit,
                [
                    "sûr", "sûre", "approprié", "adapté", "adaptée", "autorisé", "convient", "possible", "sans danger",
                    "bien toléré",
                ]
            ),
            (
                .reassure,
                [
                    "pas de problème", "aucun problème", "sans problème", "pas de souci", "pas grave", "aucun risque",
                    "pas dangereux", "pas de risque", "aucune interaction",
                ]
            ),
            (
                .unsafe,
                [
                    "dangereux", "dangereuse", "inapproprié", "contre indiqué", "contre indiquée", "contreindiqué",
                    "inadapté", "nocif", "mortel", "risqué",
                ]
            ),
            (.hedge, ["je ne sais pas", "pas sûr si", "pas certain", "aucune idée", "je ne suis pas sûr"]),
            (.condition, ["si", "quand", "lorsque", "tant que", "jusqu", "en cas de", "même si", "dès que"]),
            (.boundary, ["parce que", "mais", "car", "donc", "puisque", "cependant", "que", "qui"]),
        ],
        functionWords: [
            "le", "la", "les", "un", "une", "des", "du", "de", "et", "ou", "à", "au", "aux", "en", "dans", "avec",
            "par", "pour", "sur", "que", "qui", "se", "sa", "son", "ses", "ce",
            "cette", "ces", "il", "elle", "je", "tu", "nous", "vous", "on", "ils", "elles", "lui", "leur", "est",
            "sont", "être", "a", "ont", "avoir", "ne", "plus", "très", "aussi", "comme",
            "patient", "patiente", "peut", "doit", "faut", "y", "si", "car", "bien", "avant", "après", "chaque",
        ],
        verbs: ["prendre", "donner", "appeler", "attendre", "boire", "consulter", "vérifier", "rincer"],
        pronouns: ["je", "tu", "il", "elle", "nous", "vous", "on", "ils", "elles"]
    )
}
