// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Analysis

@Suite struct `Quantities and dates` {
    @Test(arguments: [
        ("she weighs seventy kilograms", ["seventy kilograms = 70 kg"]),
        ("he is 24 years old and 1.8 metres tall", ["24 years old = 24 a", "1.8 metres = 1.8 m"]),
        ("a potassium of 5.5 mmol/L", ["5.5 mmol/L = 5.5 mmol/L"]),
        ("creatinine 120 micromoles per litre", ["120 micromoles per litre = 120 umol/L"]),
        ("her blood pressure is 140 over 90", ["140 over 90 = 140/90 mm[Hg]"]),
        ("120/80 mmHg", ["120/80 mmHg = 120/80 mm[Hg]"]),
        ("a fever of thirty eight point five degrees celsius", ["thirty eight point five degrees celsius = 38.5 Cel"]),
        ("for five to seven days", ["five to seven days = 5..7 d"]),
        ("wait for half an hour", ["half an hour = 0.5 h"]),
        ("within an hour", ["an hour = 1 h"]),
        ("fifty percent of patients, or 12.5 %", ["fifty percent = 50 %", "12.5 % = 12.5 %"]),
        ("it costs $20 or 15 euros", ["$20 = 20 [USD]", "15 euros = 15 [EUR]"]),
        ("72 beats per minute", ["72 beats per minute = 72 {beats}/min"]),
        ("a 10-year-old", ["10-year-old = 10 a"]),
        ("hba1c 48 mmol/mol", ["48 mmol/mol = 48 mmol/mol"]),
        ("14 units of alcohol", ["14 units = 14 {unit}"]),
        ("he weighs 70,5 kg", ["70,5 kg = 70.5 kg"]),
        ("two patients and three questions", []),
        ("", []),
    ])
    func `Quantities are found with their unit in UCUM`(text: String, found: [String]) {
        let quantities = QuantityGrammar.quantities(in: SpokenToken.tokens(of: text))
        #expect(quantities.map { "\(text[$0.range]) = \($0.summary)" } == found)
    }

    @Test(arguments: [
        ("on the third of May", ["the third of May = --05-03"]),
        ("on 3 May 2024", ["3 May 2024 = 2024-05-03"]),
        ("May 3rd, 2024", ["May 3rd, 2024 = 2024-05-03"]),
        ("the twenty-first of december", ["the twenty-first of december = --12-21"]),
        ("in march 2021", ["march 2021 = 2021-03"]),
        ("may 2024, since may", ["may 2024 = 2024-05", "may = --05"]),
        ("31/02/2024, 29/02/2023, 2023-02-29", []),
        (
            "13/05/2024, 05/13/2024 and 05/05/2024",
            ["13/05/2024 = 2024-05-13", "05/13/2024 = 2024-05-13", "05/05/2024 = 2024-05-05"]
        ),
        ("since monday", ["monday = "]),
        ("from monday to friday", ["monday = ", "friday = "]),
        ("this may help", []),
        ("in March 2021", ["March 2021 = 2021-03"]),
        ("since January", ["January = --01"]),
        ("in 2019 she had", ["2019 = 2019"]),
        ("diagnosed in 2019.", ["2019 = 2019"]),
        ("since nineteen ninety eight", ["nineteen ninety eight = 1998"]),
        ("on 2024-05-03 or 03/05/2024", ["2024-05-03 = 2024-05-03", "03/05/2024 = [2024-05-03,2024-03-05]"]),
        ("yesterday and two weeks ago", ["yesterday = ", "two weeks ago = "]),
        ("last Monday, next week", ["last Monday = ", "next week = "]),
        ("on friday", ["friday = "]),
        ("it may help and they march on", []),
        ("May I ask", []),
        ("the second dose", []),
        ("in 2000 patients", []),
        ("", []),
    ])
    func `Dates are found, and written in ISO 8601 as far as they were said`(text: String, found: [String]) {
        let dates = DateGrammar.dates(in: text, SpokenToken.tokens(of: text))
        #expect(dates.map { "\(text[$0.range]) = \($0.date ?? "")" } == found)
    }

    @Test(arguments: [
        ("en", "[2024-05-03,2024-03-05]"), ("en-AU", "2024-05-03"), ("en-US", "2024-03-05"),
        ("en-CA", "[2024-05-03,2024-03-05]"),
        ("en-Latn-GB", "2024-05-03"),
    ])
    func `The country says whether the day or the month comes first`(language: String, date: String) {
        let text = "on 03/05/2024"
        let dates = DateGrammar.dates(
            in: text, SpokenToken.tokens(of: text), order: DateOrder(language: language))
        #expect(dates.map(\.date) == [date])
    }
}
