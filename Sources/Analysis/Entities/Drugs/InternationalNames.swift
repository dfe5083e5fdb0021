// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// International nonproprietary names (World Health Organization, "INN lists") of drugs that lists from the United States call
/// otherwise; British approved names where there is no international one.
enum InternationalNames {
    /// The international name for the one that a list gives: "acetaminophen and codeine" is "paracetamol and codeine".
    static func name(for listed: String) -> String {
        if let whole = phrases[listed] { return whole }
        // Most names hold none of these words.
        var changed = false
        let words = listed.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            let letters = word.hasSuffix(",") ? String(word.dropLast()) : String(word)
            guard let name = self.words[letters] else { return String(word) }
            changed = true
            return name + (word.hasSuffix(",") ? "," : "")
        }
        return changed ? words.joined(separator: " ") : listed
    }

    private static let phrases = [
        "penicillin g": "benzylpenicillin", "penicillin g (potassium, sodium)": "benzylpenicillin",
        "penicillin g benzathine": "benzathine benzylpenicillin", "penicillin g procaine": "procaine benzylpenicillin",
        "penicillin v potassium": "phenoxymethylpenicillin", "vitamin k 1": "phytomenadione",
        "niacin": "nicotinic acid",
        "cholestyramine resin": "colestyramine", "cromolyn sodium": "cromoglicic acid", "cromolyn": "cromoglicic acid",
        "divalproex sodium": "valproate semisodium",
    ]

    private static let words = [
        "acetaminophen": "paracetamol", "acyclovir": "aciclovir", "albuterol": "salbutamol",
        "amphetamine": "amfetamine",
        "beclomethasone": "beclometasone", "benztropine": "benzatropine", "cephalexin": "cefalexin",
        "chlorpheniramine": "chlorphenamine", "chlorthalidone": "chlortalidone", "cholecalciferol": "colecalciferol",
        "cholestyramine": "colestyramine", "cosyntropin": "tetracosactide", "cyclosporine": "ciclosporin",
        "dextroamphetamine": "dexamfetamine", "dicyclomine": "dicycloverine", "ergonovine": "ergometrine",
        "flumethasone": "flumetasone", "glyburide": "glibenclamide", "glycopyrrolate": "glycopyrronium",
        "heroin": "diamorphine", "hydroxyurea": "hydroxycarbamide", "indomethacin": "indometacin",
        "isoproterenol": "isoprenaline", "leuprolide": "leuprorelin", "levalbuterol": "levosalbutamol",
        "mechlorethamine": "chlormethine", "meperidine": "pethidine", "mesalamine": "mesalazine",
        "metaproterenol": "orciprenaline", "methamphetamine": "metamfetamine", "methimazole": "thiamazole",
        "methylergonovine": "methylergometrine", "nitroglycerin": "glyceryl trinitrate",
        "phytonadione": "phytomenadione",
        "propoxyphene": "dextropropoxyphene", "quinacrine": "mepacrine", "rifampin": "rifampicin",
        "scopolamine": "hyoscine",
        "succinylcholine": "suxamethonium", "torsemide": "torasemide", "trimeprazine": "alimemazine",
    ]

    /// Names that patients say and lists have not, with what they stand for.
    static let added = [
        "st john's wort": "st john's wort", "st john\u{2019}s wort": "st john's wort",
        "st johns wort": "st john's wort",
        "saint john's wort": "st john's wort", "movicol": "macrogol", "laxido": "macrogol", "lemsip": "paracetamol",
        "senokot": "senna", "beechams": "paracetamol", "night nurse": "paracetamol", "gaviscon": "alginate",
        "dioralyte": "oral rehydration salts", "buscopan": "hyoscine butylbromide", "strepsils": "lozenges",
    ]

    /// What has a drug's name and is spoken of as a part of the body, or of its chemistry.
    static let bodily: Set<String> = ["thyroid", "potassium", "fluoride", "lanthanum", "progesterone", "testosterone"]
}
