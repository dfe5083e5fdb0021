// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// What is known of drugs without a list of names: common brands with what they contain, families, and the stems of
/// international names.
///
/// Brands and families are general knowledge; stems are those of the World Health Organization ("The use of stems in the
/// selection of International Nonproprietary Names").
enum DrugNames {
    /// The international name that a word or phrase stands for; nil where it is none that is known here.
    static func generic(_ name: String) -> String? { brands[name] ?? (known.contains(name) ? name : nil) }

    /// Whether a word ends as international names do.
    static func looksLikeName(_ word: String) -> Bool {
        guard word.utf8.count >= 7, let last = word.utf8.last, let candidates = stemsByEnd[last] else { return false }
        return candidates.contains { $0.count <= word.utf8.count && word.utf8.suffix($0.count).elementsEqual($0) }
            && !notNames.contains(word)
    }

    private static let stemsByEnd = Dictionary(grouping: stems.map { Array($0.utf8) }) { $0.last ?? 0 }

    /// The families that a drug belongs to, as they are called.
    static func families(of drug: String) -> [String] {
        var found = families.filter { $0.members.contains(drug) }.map(\.name)
        for (ending, name) in endings where drug.hasSuffix(ending) { found.append(name) }
        return found
    }

    /// The family that a word or phrase names.
    static func family(_ name: String) -> String? { familyNames[name] }

    /// How many words the longest brand, drug or family has that begins with a word; nil where none does.
    static func longest(from word: String) -> Int? { lengths[word] }

    private static let lengths: [String: Int] = {
        var lengths: [String: Int] = [:]
        for name in Array(brands.keys) + Array(known) + Array(familyNames.keys) {
            let words = name.split(separator: " ")
            guard let first = words.first.map(String.init) else { continue }
            lengths[first] = max(lengths[first] ?? 0, words.count)
        }
        return lengths
    }()

    private static let brands: [String: String] = {
        var table: [String: String] = [:]
        for line in [
            "ibuprofen nurofen advil brufen motrin calprofen", "acetaminophen paracetamol panadol calpol tylenol",
            "aspirin disprin acetylsalicylic_acid asa", "naproxen naprosyn aleve", "diclofenac voltarol voltaren",
            "warfarin coumadin marevan", "apixaban eliquis", "rivaroxaban xarelto", "dabigatran pradaxa",
            "edoxaban lixiana savaysa",
            "clopidogrel plavix", "simvastatin zocor", "atorvastatin lipitor", "rosuvastatin crestor",
            "amlodipine norvasc istin",
            "ramipril tritace altace", "lisinopril zestril prinivil", "bisoprolol cardicor zebeta",
            "furosemide lasix frusemide",
            "metformin glucophage", "gliclazide diamicron", "insulin humalog novorapid lantus actrapid",
            "glucagon glucagen",
            "epinephrine adrenaline epipen adrenalin jext emerade", "salbutamol albuterol ventolin salamol",
            "beclomethasone_dipropionate beclometasone beclomethasone clenil qvar",
            "fluticasone flixotide flovent", "budesonide pulmicort", "prednisolone prednisone deltacortril",
            "levothyroxine thyroxine synthroid eltroxin euthyrox levothyroxin",
            "methotrexate", "folic_acid folate", "trimethoprim", "amoxicillin amoxil amoxycillin",
            "amoxicillin_clavulanate co_amoxiclav augmentin coamoxiclav", "penicillin",
            "flucloxacillin floxapen", "doxycycline vibramycin", "clarithromycin klaricid biaxin", "erythromycin",
            "azithromycin zithromax",
            "ciprofloxacin cipro ciproxin", "metronidazole flagyl", "nitrofurantoin macrobid", "gentamicin",
            "vancomycin", "fluconazole diflucan",
            "aciclovir acyclovir zovirax", "lithium priadel camcolit", "digoxin lanoxin", "amiodarone cordarone",
            "glyceryl_trinitrate gtn nitroglycerin nitroglycerine nitrolingual",
            "sildenafil viagra revatio", "tadalafil cialis", "omeprazole losec prilosec", "lansoprazole zoton",
            "ranitidine zantac", "loperamide imodium",
            "morphine oramorph mst", "codeine", "tramadol ultram", "fentanyl", "oxycodone oxycontin",
            "naloxone narcan prenoxad", "flumazenil", "diazepam valium", "lorazepam ativan", "midazolam buccolam",
            "sertraline zoloft lustral", "fluoxetine prozac", "citalopram cipramil celexa", "amitriptyline elavil",
            "carbamazepine tegretol", "phenytoin dilantin epanutin",
            "sodium_valproate valproate epilim depakote", "lamotrigine lamictal", "levetiracetam keppra",
            "latanoprost xalatan", "timolol timoptol timoptic",
            "alendronic_acid alendronate fosamax", "levonorgestrel levonelle plan_b", "ulipristal ellaone",
            "chlorphenamine piriton chlorpheniramine", "cetirizine zirtek zyrtec piriteze",
            "loratadine clarityn claritin", "hydrocortisone", "heparin", "enoxaparin clexane lovenox",
            "dalteparin fragmin",
            "tranexamic_acid", "ferrous_sulfate ferrous_sulphate iron_tablets iron",
            "calcium calcium_carbonate", "isotretinoin roaccutane accutane", "spironolactone aldactone",
            "allopurinol zyloric", "colchicine", "tamoxifen", "heroin diamorphine",
            "st_john's_wort st_johns_wort st_john_wort", "potassium potassium_chloride", "magnesium",
            "ondansetron zofran", "cyclizine", "haloperidol", "clozapine clozaril", "olanzapine zyprexa",
            "mirtazapine", "venlafaxine", "gabapentin neurontin", "pregabalin lyrica", "baclofen", "methadone",
            "buprenorphine", "nicotine", "pseudoephedrine sudafed", "senna senokot", "lactulose",
            "ipratropium atrovent", "montelukast singulair", "tiotropium spiriva", "dexamethasone", "nystatin",
            "clotrimazole canesten", "miconazole daktarin", "linezolid", "rifampicin rifampin", "isoniazid",
        ] {
            let words = line.split(separator: " ").map { String($0.replacing("_", with: " ")) }
            for word in words { table[word] = words[0] }
        }
        return table
    }()

    /// Names of one word that are long enough to be told by their sound.
    static let spellings: [String] = brands.keys.filter { $0.utf8.count >= 7 && !$0.contains(" ") }.sorted()

    private static let known: Set<String> = Set(brands.values)

    private static let stems = [
        "profen", "statin", "cillin", "mycin", "micin", "cycline", "floxacin", "azole", "conazole", "prazole", "sartan",
        "olol", "dipine", "triptan", "setron", "gliptin",
        "gliflozin", "glutide", "glitazone", "xaban", "parin", "gatran", "grel", "vir", "vudine", "azepam", "azolam",
        "barbital", "caine", "codone", "morphone", "fentanil",
        "thiazide", "semide", "lukast", "terol", "sone", "solone", "onide", "mab", "tinib", "zosin", "idine", "oxetine",
        "pramine", "triptyline", "peridone", "apine",
        "fibrate", "dronate", "dronic", "prost", "stigmine", "curium", "curonium", "phylline", "tadine", "rizine",
        "sulfa", "sulide", "oxicam", "coxib", "relin", "trexate",
        "platin", "rubicin", "taxel", "navir", "tegravir", "ciclovir", "oxaban", "formin", "pril", "bamazepine",
        "triptan", "semide",
    ]
    private static let notNames: Set<String> = [
        "someone", "telephone", "personne", "ozone", "april", "everyone", "cocaine", "urine", "routine",
    ]

    private static let families: [(name: String, members: Set<String>)] = [
        (
            "nsaid",
            [
                "ibuprofen", "naproxen", "diclofenac", "aspirin", "indometacin", "mefenamic acid", "ketorolac",
                "etodolac", "celecoxib",
            ]
        ),
        (
            "opioid",
            [
                "morphine", "codeine", "tramadol", "fentanyl", "oxycodone", "heroin", "methadone", "buprenorphine",
                "dihydrocodeine",
            ]
        ),
        (
            "anticoagulant",
            ["warfarin", "apixaban", "rivaroxaban", "dabigatran", "edoxaban", "heparin", "enoxaparin", "dalteparin"]
        ),
        ("heparin", ["heparin", "enoxaparin", "dalteparin", "tinzaparin"]),
        ("benzodiazepine", ["diazepam", "lorazepam", "midazolam", "temazepam", "clonazepam", "alprazolam"]),
        (
            "penicillin",
            ["amoxicillin", "penicillin", "flucloxacillin", "amoxicillin clavulanate", "ampicillin", "piperacillin"]
        ),
        ("macrolide", ["clarithromycin", "erythromycin", "azithromycin"]),
        (
            "steroid",
            [
                "prednisolone", "beclomethasone dipropionate", "fluticasone", "budesonide", "hydrocortisone",
                "dexamethasone",
            ]
        ),
        ("ssri", ["sertraline", "fluoxetine", "citalopram", "escitalopram", "paroxetine"]),
        ("diuretic", ["furosemide", "bendroflumethiazide", "spironolactone", "indapamide", "bumetanide"]),
        ("antihistamine", ["chlorphenamine", "cetirizine", "loratadine", "fexofenadine"]),
        ("nitrate", ["glyceryl trinitrate", "isosorbide mononitrate"]),
        (
            "antibiotic",
            [
                "amoxicillin", "trimethoprim", "doxycycline", "clarithromycin", "metronidazole", "nitrofurantoin",
                "flucloxacillin", "gentamicin", "vancomycin", "erythromycin",
            ]
        ),
        ("antacid", ["calcium carbonate", "magnesium"]),
    ]

    private static let endings: [(String, String)] = [
        ("profen", "nsaid"), ("oxicam", "nsaid"), ("coxib", "nsaid"), ("statin", "statin"), ("cillin", "penicillin"),
        ("olol", "beta blocker"), ("pril", "ace inhibitor"),
        ("sartan", "arb"), ("prazole", "ppi"), ("azepam", "benzodiazepine"), ("xaban", "anticoagulant"),
        ("cycline", "tetracycline"), ("floxacin", "quinolone"), ("mycin", "antibiotic"),
        ("cycline", "antibiotic"), ("floxacin", "antibiotic"), ("cillin", "antibiotic"),
        ("dronic acid", "bisphosphonate"),
    ]

    private static let familyNames: [String: String] = {
        var table: [String: String] = [:]
        for line in [
            "nsaid nsaids anti_inflammatory anti_inflammatories antiinflammatory antiinflammatories non_steroidal non_steroidals n_says",
            "opioid opioids opiate opiates", "anticoagulant anticoagulants blood_thinner blood_thinners",
            "heparin heparins lmwh",
            "benzodiazepine benzodiazepines benzo benzos", "penicillin penicillins",
            "macrolide macrolides", "steroid steroids corticosteroid corticosteroids", "ssri ssris",
            "diuretic diuretics water_tablet water_tablets", "antihistamine antihistamines",
            "nitrate nitrates", "antibiotic antibiotics", "statin statins cholesterol_tablet cholesterol_tablets",
            "beta_blocker beta_blockers betablocker", "ace_inhibitor ace_inhibitors",
            "ppi ppis proton_pump_inhibitor", "antacid antacids", "quinolone quinolones", "tetracycline tetracyclines",
        ] {
            let words = line.split(separator: " ").map { String($0.replacing("_", with: " ")) }
            for word in words { table[word] = words[0] }
        }
        table["beta blockers"] = "beta blocker"
        return table
    }()
}
