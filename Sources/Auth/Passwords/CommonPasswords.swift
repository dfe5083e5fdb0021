// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What guessing programs try first: a compact list of the project's own, compiled by hand, not taken from a leak.
///
/// It is short because ``PasswordPolicy`` also refuses what is mostly made of these words, years and sequences.
enum CommonPasswords {
    /// Whole passwords of twelve characters or more, in the plain form of ``PasswordPolicy``.
    static let whole: Set<String> = Set(
        """
        000000000000 012345678910 098765432109 111111111111 111222333444 112233445566 121212121212 123123123123
        123321123321 123456123456 1234567890ab 123456789abc 123qweasdzxc 147258369147 159753159753 987654321000
        999999999999 abc123456789 abcd12345678 abcdefghijkl admin12345678 admin123456789 admin1234567890
        admin@123456 adminadminadmin administrator!!! administrator!23 administrator000 administrator007
        administrator1 administrator111 administrator1111 administrator123 administrator123! administrator1234
        administrator1234! administrator12345 administrator123456 administrator12345678 administrator123456789
        administrator1234567890 administrator2020 administrator2021 administrator2022 administrator2023
        administrator2024 administrator2025 administrator2026 administrator321 administrator4321 administratorabc
        administratorabc123 administratoradministrator administratorqwerty aib2cedaesf6 alexander123 arsenal12345
        asdfghjkl123 asdfghjklqwerty assalamualaikum barcelona123 baseball1111 baseball123! baseball1234
        baseball1234! baseball12345 baseball123456 baseball12345678 baseball123456789 baseball1234567890
        baseball2020 baseball2021 baseball2022 baseball2023 baseball2024 baseball2025 baseball2026 baseball4321
        baseballabc123 baseballbaseball baseballqwerty basketball123 basketball23 batman123456 batman12345678
        batman123456789 batman1234567890 batmanabc123 batmanbatman batmanqwerty bismillah123 blink182blink
        butterfly123 changeme1111 changeme123! changeme1234 changeme1234! changeme12345 changeme123456
        changeme12345678 changeme123456789 changeme1234567890 changeme2020 changeme2021 changeme2022 changeme2023
        changeme2024 changeme2025 changeme2026 changeme4321 changemeabc123 changemechangeme changemeqwerty
        charlie1234! charlie12345 charlie123456 charlie12345678 charlie123456789 charlie1234567890 charlieabc123
        charliecharlie charlieqwerty chelsea12345 chocolate123 christopher1 computer1111 computer123! computer1234
        computer1234! computer12345 computer123456 computer12345678 computer123456789 computer1234567890
        computer2020 computer2021 computer2022 computer2023 computer2024 computer2025 computer2026 computer4321
        computerabc123 computercomputer computerqwerty contrasena123 contraseña123 correcthorsebatterystaple
        cristiano123 cristianoronaldo dallascowboys darthvader123 defaultpassword demodemodemo donttellanyone
        dragon123456 dragon12345678 dragon123456789 dragon1234567890 dragonabc123 dragonball123 dragonballz1
        dragondragon dragonqwerty elizabeth123 enterpassword facebook1234 ferrari12345 football1111 football123!
        football1234 football1234! football12345 football123456 football12345678 football123456789
        football1234567890 football2020 football2021 football2022 football2023 football2024 football2025
        football2026 football4321 footballabc123 footballfootball footballqwerty forgotpassword gameofthrones
        geheimespasswort godisgreat123 guestguestguest hallohallo123 harrypotter1 harrypotter123 hello1234567
        hellokitty123 helloworld123 iforgotmypassword ihateappasswords ihatepasswords ilovechocolate ilovefootball
        ilovemyfamily ilovemymother ilovemyself1 iloveyou1111 iloveyou123! iloveyou1234 iloveyou1234! iloveyou12345
        iloveyou123456 iloveyou12345678 iloveyou123456789 iloveyou1234567890 iloveyou2020 iloveyou2021 iloveyou2022
        iloveyou2023 iloveyou2024 iloveyou2025 iloveyou2026 iloveyou3000 iloveyou4321 iloveyouabc123 iloveyoubabe
        iloveyoubaby iloveyouforever iloveyouiloveyou iloveyoumore iloveyouqwerty iloveyousomuch internet1234
        inthenameofgod ipsumdolorsitamet iq2weearst6y iq2weearst6ytu iqaz2wsxeedc iqaz2wsxeedcarfv jennifer1234
        jesuschrist1 jesusislord1 jesuslovesme juventus1234 letmein1234! letmein12345 letmein123456 letmein12345678
        letmein123456789 letmein1234567890 letmeinabc123 letmeinletmein letmeinplease letmeinqwerty liverpool!!!
        liverpool!23 liverpool000 liverpool007 liverpool111 liverpool1111 liverpool123 liverpool123! liverpool1234
        liverpool1234! liverpool12345 liverpool123456 liverpool12345678 liverpool123456789 liverpool1234567890
        liverpool2020 liverpool2021 liverpool2022 liverpool2023 liverpool2024 liverpool2025 liverpool2026
        liverpool321 liverpool4321 liverpoolabc liverpoolabc123 liverpoolfc1 liverpoolliverpool liverpoolqwerty
        lordoftherings losangeleslakers manchestercity manchesterunited maytheforcebewithyou michael1234!
        michael12345 michael123456 michael12345678 michael123456789 michael1234567890 michaelabc123 michaelmichael
        michaelqwerty michelle1234 microsoft123 monkey123456 monkey12345678 monkey123456789 monkey1234567890
        monkeyabc123 monkeymonkey monkeyqwerty motdepasse123 motdepasse1234 mypasswordismypassword mysecretpassword
        myverysecurepassword neverguessthis newpassword123 newyorkyankees notmypassword onceuponatime opensesame123
        password-123 password.123 password1111 password123! password1234 password1234! password12345 password123456
        password12345678 password123456789 password1234567890 password2020 password2021 password2022 password2023
        password2024 password2025 password2026 password4321 password@123 password_123 passwordabc123
        passwordpassword passwordqwerty passwort1111 passwort123! passwort1234 passwort1234! passwort12345
        passwort123456 passwort12345678 passwort123456789 passwort1234567890 passwort2020 passwort2021 passwort2022
        passwort2023 passwort2024 passwort2025 passwort2026 passwort4321 passwortabc123 passwortpasswort
        passwortqwerty pleaseletmein pokemon12345 praisethelord princess1111 princess123! princess1234 princess1234!
        princess12345 princess123456 princess12345678 princess123456789 princess1234567890 princess2020 princess2021
        princess2022 princess2023 princess2024 princess2025 princess2026 princess4321 princessabc123
        princessprincess princessqwerty qazwsxedcrfv qazwsxedcrfvtgb qiw2eeratsy6 qweasdzxc123 qwerty123456
        qwerty1234567 qwerty12345678 qwerty123456789 qwerty1234567890 qwerty@12345 qwertyabc123 qwertyqwerty
        qwertyuiop123 qwertyuiop1234 qwertyuiopasdf qwertyuiopasdfghjkl realmadrid10 realmadrid123 rockyou12345
        rootrootroot samsung12345 sayangku1234 schalke04schalke secretpassword skateboard123 spiderman123
        starwars1111 starwars123! starwars1234 starwars1234! starwars12345 starwars123456 starwars12345678
        starwars123456789 starwars1234567890 starwars2020 starwars2021 starwars2022 starwars2023 starwars2024
        starwars2025 starwars2026 starwars4321 starwarsabc123 starwarsqwerty starwarsstarwars stephanie123
        strawberry123 student12345 summer123456 sunshine1111 sunshine123! sunshine1234 sunshine1234! sunshine12345
        sunshine123456 sunshine12345678 sunshine123456789 sunshine1234567890 sunshine2020 sunshine2021 sunshine2022
        sunshine2023 sunshine2024 sunshine2025 sunshine2026 sunshine4321 sunshineabc123 sunshineqwerty
        sunshinesunshine superman1111 superman123! superman1234 superman1234! superman12345 superman123456
        superman12345678 superman123456789 superman1234567890 superman2020 superman2021 superman2022 superman2023
        superman2024 superman2025 superman2026 superman4321 supermanabc123 supermanqwerty supermansuperman
        supersecretpassword teacher12345 temporarypassword testtesttest thankyoujesus thequickbrownfox
        thisisapassword thisismypassword tobeornottobe trustnoitrustno1 university123 useruseruser watermelon123
        welcome1234! welcome12345 welcome123456 welcome12345678 welcome123456789 welcome1234567890 welcome@1234
        welcomeabc123 welcomehome1 welcomeqwerty welcometohell welcomewelcome windows12345 winter123456
        youwillneverguess zaq12wsxcde3 zaqixsw2cde3 zxcvbnmasdfg
        """.split { $0.isWhitespace }.map(String.init))

    /// Words that common passwords are put together from.
    static let words: Set<[Unicode.Scalar]> = Set(
        """
        abc access admin administrator always amanda america and andrew android angel anna anthony apple april
        arsenal asdf ashley august australia autumn azerty baby babyboy babygirl banana barcelona baseball
        basketball batman berlin bienvenue black blue bonjour brazil brother bunny business butterfly campus canada
        change changeme charlie cheese chelsea cherry chicken chocolate christ church classroom coffee college
        company computer cookie corvette course cowboys cricket daddy daniel december default diamond doctor doggie
        dragon dragons eagle eagles educator england exam facebook family father february ferrari flower football
        forever france freedom friday friend friends geheim george germany ginger golden google green guest hallo
        harley heaven hello hockey honey horse hospital hunter iloveyou india internet iphone january jennifer
        jessica jesus jordan joshua july june juventus killer kitten kitty lakers lecture lesson letmein lightning
        linux lion liverpool login logon london love lover loveyou madrid manchester march maria master matrix
        matthew may medicine melbourne mercedes mexico michael michelle microsoft monday monkey mother mummy mustang
        naruto network nicole nothing november nursing october office one open orange panthers paris pass passwd
        password passwort pepper pharmacy phoenix pikachu pink pizza pokemon porsche prince princess professor puppy
        purple qazwsx qwerty qwertz rainbow ranger red robert root rugby samantha samsung saturday school secret
        security september server sesame shadow signin silver sister soccer spiderman spring starwars steelers
        student summer sunday sunshine superman superuser sweet sweetie sydney system teacher temp temporary tennis
        test tester testing the thomas three thunder thursday tiger tigers trust trustno tuesday twitter two united
        university user username wednesday welcome whatever white william willkommen windows winter wolf word xyz
        yamaha yankees yellow you youtube zxcv
        """.split { $0.isWhitespace }.map { Array($0.unicodeScalars) })
}
