# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Ways of saying things at a pharmacy, for the tone: <one|or|the other> is drawn, $NAME is a list below, {DRUG} as in templates.

The same words are here in facts and in feelings ("works well", "terrible", "wrong", "afraid"), since only their use tells.
What shares four words in a row with a sentence of the lists that measure the tone is left out (data.py).
"""

import re

LISTS = {
    "IT": "it|it|this|that|this one|the cream|the ointment|the tablets|the syrup|the spray|the inhaler|the patch|the drops|"
          "the injection|the antibiotic|the painkiller|this medicine|your medicine|{DRUG}|{DRUG}|the blue one|the vaccine|the gel",
    "WHO": "she|he|the patient|the child|my father|my wife|your daughter|the baby|the lady|the gentleman|Mr {SURNAME}|"
           "Mrs {SURNAME}|my neighbour|an elderly person|somebody like him",
    "THEY": "patients|adults|children|older people|pregnant women|most people|some people|athletes|diabetics|smokers|infants|"
            "people with {CONDITION}|people on {DRUG}",
    "ILL": "{CONDITION}|{CONDITION}|the pain|the cough|the fever|a cold|the flu|the itching|the swelling|nausea|the cramps|"
           "heartburn|the headache|the inflammation|the infection|the symptoms|an attack|the bleeding|stiff joints|hot flushes",
    "PART": "the liver|the kidneys|the heart|the stomach|the skin|the eyes|the bones|the nerves|the lungs|the blood vessels|"
            "the teeth|your blood pressure|your thyroid|the unborn child|the gut|the hearing",
    "SOOTHES": "helps with|helps against|relieves|eases|improves|reduces|soothes|settles|treats|controls|clears up|is good for|"
               "works for|works well for|works well against|takes away|calms|brings down|gets rid of|is effective for|"
               "makes a difference to|prevents|protects against|is useful for|does wonders for|is ideal for|is perfect for",
    "HURTS": "worsens|causes|can cause|triggers|aggravates|damages|irritates|is bad for|is hard on|harms|can harm|attacks|"
             "destroys|weakens|can ruin|is toxic to|does damage to|puts a strain on|upsets|raises the risk of",
    "HOW": "very well|quite well|well|badly|poorly|quickly|slowly|better|better than before|worse|worse than before|normally|"
           "fine|perfectly well|reliably|not so well|less well",
    "WHEN": "since {DAY}|for two weeks|for a month|at night|in the mornings|after meals|when I walk|every few hours|"
            "since the operation|since the new tablets|after the second dose|all day|off and on|during the night",
    "DAYS": "Monday|Tuesday|Wednesday|Thursday|Friday|last week|yesterday|the weekend|Easter",
    "AWFUL": "terrible|awful|horrible|bad|really bad|nasty|dreadful|severe|very strong|unbearable|splitting|constant|mild|slight|"
             "stabbing|annoying|persistent|dull|burning",
    "YES": "yes|yeah|yep|right|okay|correct|sure|exactly|that's right|that is correct|of course|true|absolutely|"
           "okay, fine|fine|good|alright|I see|yes, indeed|that's fine|no problem",
    "NO": "no|no, sorry|nope|not really|I'm afraid not|no, never|unfortunately not|no, that's wrong|that is not correct|"
          "no, that is not right|definitely not|no, I wouldn't",
    "SO": "so|well|okay so|right so|and|but|then|because|also|basically|I think|I would say|as I said|in that case|first|"
          "of course|now|actually|unfortunately|I'm afraid|luckily|the thing is|the problem is|the good news is|"
          "the bad news is|to be on the safe side|generally|in fact|remember that|please note that|by law",
    "PLACE": "the pharmacy|the surgery|the hospital|the ward|the clinic|the counter|the practice",
    "SAFE": "safe|not safe|unsafe|perfectly safe|suitable|not suitable|unsuitable|allowed|not allowed|okay|not okay|fine|"
            "dangerous|harmful|harmless|appropriate|inappropriate|recommended|not recommended|ideal|not ideal|risky|"
            "contraindicated|a problem|no problem|advisable|forbidden|wise|unwise|licensed|a good idea|a bad idea|"
            "not a good idea|the best choice|the wrong choice|the right choice|a poor choice|a safe option|out of the question",
    "DO": "take|use|stop|start|avoid|buy|swallow|apply|mix|repeat|increase|keep|skip|split|halve|combine",
    "GRADE": "good|poor|excellent|bad|normal|better|worse|high|too high|low|far too low|stable|improving|deteriorating|"
             "much better|a lot worse|back to normal|positive|negative|fine|perfect|abnormal|the same|as expected|alarming",
    "TEST": "the blood test|the kidney function|the INR|her blood pressure|his cholesterol|the sugar|the liver function|"
            "the potassium|the result|the scan|the ECG|her weight|the oxygen level|the white cell count|his control|the smear",
    "WORKER": "the pharmacist|the doctor|the nurse|the receptionist|the surgeon|the dentist|the staff|the locum|the driver|"
              "my tutor|the technician|the midwife|the manager|the student|your colleague|the man at the till",
    "THING": "the service|the advice|the leaflet|the course|the lecture|the visit|the treatment|the delivery|the website|"
             "the lesson|the exam|the practice|the whole place|the waiting room|that phone call|the consultation|my placement|"
             "the new counter|the app|the ward round|the training|the feedback",
    "GREAT": "great|brilliant|wonderful|fantastic|lovely|excellent|amazing|superb|marvellous|fabulous|terrific|outstanding|"
             "really good|so nice|delightful|awesome|first class|splendid|a joy|really helpful|such fun",
    "KIND": "kind|friendly|helpful|patient|lovely|sweet|polite|caring|thoughtful|warm|attentive|cheerful|gentle|welcoming",
    "DIRE": "terrible|awful|horrible|dreadful|appalling|disgraceful|useless|rubbish|pathetic|a joke|ridiculous|disgusting|"
            "a disaster|a shambles|shocking|hopeless|so bad|boring|a nightmare|disappointing|unacceptable|a disgrace|lousy",
    "RUDE": "rude|unfriendly|arrogant|useless|careless|nasty|impatient|cold|unhelpful|clueless|lazy|mean|dismissive|"
            "condescending|incompetent|sarcastic",
    "GLAD": "happy|glad|pleased|delighted|thrilled|proud|relieved|grateful|excited|over the moon|overjoyed|so happy|very proud",
    "LOW": "angry|furious|upset|disappointed|frustrated|annoyed|ashamed|embarrassed|devastated|miserable|heartbroken|fed up|"
           "disgusted|terrified|worried sick|bitter|irritated|so sad|depressed about all this|desperate|exhausted and cross",
}

FACTUAL = """
<$IT|$IT|$IT too> $SOOTHES $ILL.
<I think|well,|yes,|no but|so|because> $IT $SOOTHES $ILL <|in adults|in most cases|after a few days|at night>.
$IT <does not help|doesn't help|does nothing|won't work|will not work|has no effect> <with|against|for> $ILL.
$IT <won't|can't|does not|might not|may> <cure|fix|improve|stop|solve> $ILL.
$IT <will|should|can|could|might|ought to> <ease|relieve|help|improve|bring down|reduce|make worse|worsen|get rid of> $ILL.
$IT $HURTS $PART.
$IT $HURTS $PART <if you take too much|in large amounts|in the long run|after years of use>.
$SO $IT $HURTS $PART.
<too much of it|an overdose|a higher dose|alcohol with it|smoking> $HURTS $PART.
$IT <works|worked|works very|is working|has worked> <well|nicely|fast|better|best|badly|poorly> <for|in> $THEY.
$IT is <well|badly|poorly|better> <tolerated|absorbed> by $THEY.
<the benefit is|the benefits are|the risk is|the risks are|the harm is> <greater|smaller|higher|lower|larger> <than the risk|than the benefit|in $THEY>.
<the risk|the danger|the harm> of $ILL <outweighs|is more important than> the <benefit|advantage> <|here|in this case|for her>.
<the benefit|the advantage> <outweighs|justifies> the <risk|danger|harm>.
there <is a|is a small|is a serious|is no|is hardly any> <risk|danger|chance|advantage|benefit|harm> <of $ILL|in that|in $THEY>.
$YES, $IT is $SAFE <in pregnancy|for children|with alcohol|with {DRUG}|for you|at this dose|with your other tablets|>.
$NO, $IT is <not|never> $SAFE <in pregnancy|for children|with alcohol|with {DRUG}|for him|any more|>.
$IT is $SAFE <for|in> $THEY.
is $IT $SAFE <for|in> $THEY?
$SO $IT <is|would be|was|might be|could be> $SAFE.
is it $SAFE to $DO <it|them|both|this> <together|with food|at night|every day|with alcohol>?
it is $SAFE to $DO <it|them|both|this> <together|with food|at night|every day|with alcohol|while driving>.
it's <best|better|worse|safer|important|dangerous|easier|wrong|pointless|no use> to $DO <it|them> <with water|before bed|early|late|at once>.
$YES, $DO <one|one tablet|two puffs|it|half of it|them> <a day|twice a day|at night|in the morning|before food|with water>.
$YES, <you|he|she|they> can $DO <it|them|that|two at a time>.
$YES, <that|this> is <the right|the correct|the wrong|the usual|the maximum|the best> <dose|strength|medicine|inhaler|way|technique>.
$NO, <that|this> is <the wrong|the incorrect|not the right|too high a|too low a> <dose|strength|medicine|bottle|way|label>.
$YES, <so|and|then|but|because> $WHO <should|can|could|has to|needs to|will> $DO <it|one|that|the tablet>.
$NO, <you|he|she|they> <can't|cannot|must not|should not|may not|shouldn't> $DO <it|them|that|both|more>.
<don't|do not|never|please don't|you must not> $DO <it|them|more than two|the tablets|both> <|together|without asking|on your own|in the sun>.
<you|we|I> <must|have to|need to|should|ought to|are allowed to|can|could> $DO <it|them|the old one|the dose>.
I <would|would not|wouldn't|can|can't|cannot|could|won't|will> <recommend|advise|suggest|sell|supply|give|offer|prescribe|hand out> <it|that|this|{DRUG}|anything> <|for her|to a child|without a prescription|today|here|over the counter>.
$WHO <should|should not|must|must not|can|can't|needs to|has to> <take|use|have|stop|get|avoid> <it|{DRUG}|this|alcohol|the tablets>.
<my|his|her|the> <head|back|tooth|ear|throat|stomach|chest|foot|hand|shoulder|hip> <hurts|aches|is killing me|is sore|is swollen|burns|throbs|feels stiff|is painful> $WHEN.
I've had <a|this|such a> $AWFUL <pain|cough|rash|headache|cramp|sore throat|itch|cold|stomach ache|toothache> $WHEN.
$WHO <has|had|gets|complains of|woke up with|came in with> <a|this> $AWFUL <pain|cough|rash|headache|fever|cramp|wheeze|swelling> $WHEN.
<I|she|he> <feel|felt|feels> <sick|dizzy|weak|tired|faint|unwell|hot|shaky|bloated|itchy|worse|a bit better|much better|the same|awful in the mornings> $WHEN.
I <can't|couldn't|can hardly|cannot> <sleep|swallow|breathe properly|walk|eat|see well|bend it|hear on that side|lift my arm> $WHEN.
$WHO <can't|could not|won't|has stopped> <sleep|eating|breathe properly|walk|drink|wake up|keep anything down> $WHEN.
<it|the pain|the rash|the cough|the swelling|the wound> <is|has got|is getting|got|has become> <worse|better|much worse|a lot better|no better|redder|smaller|infected|hard to bear> $WHEN.
<it|that> <stings|burns|itches|hurts|smells|bleeds|weeps|throbs> <a lot|a little|badly|terribly|when I touch it|$WHEN>.
$WHO <is|was|is not> allergic to <{DRUG}|nuts|eggs|latex|bee stings|shellfish|plasters>.
<I|she|he> <came out in|got|developed|had> <a rash|hives|blisters|a swollen face|a bad reaction|anaphylaxis> <from|after|on> <{DRUG}|it|nuts|the cream>.
<have you|has she|did you> ever <had|have|got|get> <a bad reaction|any problems|an allergy|side effects|trouble> <to|with|from> <it|{DRUG}|any medicine>?
<are you|is she> <happy|comfortable|okay|worried|afraid> <to take|about taking|with taking|with> <tablets|it|an injection|the dose>?
<what|who|how|where|when> <is it|was it|did it start|makes it worse|makes it better|has helped|went wrong|is it for|did you try|hurts>?
do you <have|get|feel> <any pain|any problems|sick|worse at night|better now|any trouble sleeping|any other symptoms>?
<does|did> <it|that|the cream|the heat> <help|hurt|make it worse|make it better|work|bother you|make you sleepy|upset your stomach>?
<would|could|can> you <tell me|show me|explain|describe> <what happened|where it hurts|how bad it is|what you're worried about|how you use it>?
<is it|was it|would that be> <all right|okay|fine|better|worse|a problem> <if I ask a few questions|for you|to call you|with you|at night>?
<by law|legally|under the rules|officially> <you|we|I|a doctor> <must|may not|cannot|can|have to> <sell|keep|record|refuse|destroy|post|return|sign for> <it|them|that>.
<it is|that's|that would be> <illegal|against the law|an offence|legal|not legal|unlawful|a breach of confidence|a crime|forged|invalid|a dispensing error> <|without a prescription|in this country|under the act>.
<the prescription|the licence|the signature|the script> <is|was|has been> <valid|not valid|invalid|out of date|wrong|missing|forged|refused|correct|expired|incomplete>.
<a mistake|an error|a near miss|the wrong label|a complaint> <has to be|must be|was|should be> <reported|recorded|corrected|put right|investigated|written down>.
$IT is <better|worse|stronger|weaker|cheaper|kinder|safer|more effective|less effective|more harmful|no better|just as good> than <the other one|{DRUG}|the tablets|nothing|the old one>.
I'd <rather|sooner> <use|give|choose|have> $IT <than {DRUG}|instead|because it is safer|because it has fewer side effects>.
<both|the two|they> <work|are tolerated|do> <equally well|the same|about as well|just as badly> <|in children|in the long term>.
$IT <is|would be> <the best|a better|a good|the worst|a bad|the preferred|the first|the wrong|an ideal|a popular> <choice|option|treatment|alternative|idea> <for $THEY|for $ILL|here|in that case>.
$TEST <is|was|has been|came back|looks|is getting> $GRADE.
$TEST has <improved|got worse|gone up|fallen|dropped|deteriorated|risen> <since {DAY}|a lot|slightly|by half>.
$YES, $TEST is $GRADE, so <carry on|the dose stays|we'll change it|see the doctor|stop it>.
<we|I> <need to|should|would|have to> <check|monitor|measure|watch|look at> $TEST <every month|before the next dose|because it can fail|in case it drops>.
<my|his|her> <mother|father|brother|sister|husband|wife|aunt|son> <died|died of cancer|had a stroke|has dementia|was very ill|drank too much|is in hospital|had the same thing|got better on it|nearly died of it>.
$WHO <lost|has lost|gained> <weight|her appetite|two babies|her sight|his leg|his job|consciousness|a lot of blood> <last year|after the illness|$WHEN|>.
$WHO <lives alone|is retired|is divorced|smokes|drinks heavily|has quit|fell down the stairs|was in an accident|works nights|has had depression>.
<if|when> <it|that|the fever|the rash|the pain> <gets worse|does not go away|comes back|spreads|lasts longer>, <see a doctor|come back|ring us|go to hospital|stop the tablets>.
<if|when> you <get|notice|have|feel> <a rash|chest pain|bleeding|trouble breathing|any swelling|yellow skin|a very bad headache>, <call an ambulance|stop it|tell your doctor|go to hospital at once>.
<that|this|it> <could|may|might> be <serious|something serious|dangerous|an emergency|fatal|life threatening|nothing|harmless|a sign of $ILL|a bleed|cancer|broken>.
<that|this|it> <is|is not|was> <an emergency|urgent|serious|dangerous|life threatening|nothing serious|a warning sign|a bad sign|a good sign|harmless|normal>.
I <would|'d|want to|will> <refer|send|see> <him|her|the patient|you> <to the doctor|to hospital|today|at once|urgently|if it gets worse>.
$WHO <might|could|may> <die|harm herself|have a stroke|be suicidal|bleed|get worse|have sepsis|lose the baby|collapse>.
<it|the drug|this> <blocks|stops|slows|inhibits|kills|destroys|boosts|protects|relaxes|attacks|weakens|strengthens> <the enzyme|the bacteria|the virus|the heart|the nerves|the muscle|the wall of the gut|the immune system|cancer cells>.
<the bacteria|the cells|the fungus|the lice|the worms> <die|are killed|become resistant|grow back|are destroyed|starve>.
<shake|keep|store|open|throw away|return|hold|wash|rinse> <it|the bottle|the pen|what is left|the spoon> <well|in the fridge|safely|away from children|after use|carefully|for four weeks>.
<heat|light|freezing|water> <ruins|spoils|damages|destroys|does not harm> <it|the tablets|insulin|the cream>.
$IT <tastes|smells> <bad|bitter|awful|sweet|nice|terrible|like mint|of oranges>, <so have it with juice|but it works|so hold your nose|and children like it>.
<the maximum|the highest dose|the usual dose|a lethal dose|the starting dose> is {DOSE} {TIME}.
<one|two|five|ten> in <ten|a hundred|a thousand> <gets|get> <a headache|a rash|a serious reaction|diarrhoea|no benefit|better on it>.
<take|give|use|start with|go up to> {DOSE} {TIME} <and see how you feel|for a week|then stop|and come back if it's worse|with plenty of water>.
I <don't know|am not sure|can't remember|would have to check|would look it up|have no information>, <so I would ask|I would check the book|so I'd ring the doctor|but I think it is {DRUG}|and I would say so>.
I <think|believe|guess|suppose> <it|that|he|she> <is|may be|should be|could be|is not> <safe|better|worse|too much|enough|not enough|wrong|right|stronger|an infection|viral>.
<let me|I'll|I will|can I|I would like to> <check|look that up|have a look|see what we have|write it down|ring them|ask my colleague|go through it again|explain how it works|get it for you>.
<unfortunately|I'm afraid|sadly|regrettably|sorry, but> <it is out of stock|we don't have it|you can't take it|there is no cure|it interacts with {DRUG}|we are closed|it is no longer made|it did not work|the dose is too high|that's not allowed|you need a prescription>.
<luckily|fortunately|happily|thankfully> <it is mild|the scan was clear|there is an alternative|she had taken only one|the wound has closed|it is treatable|it can be reversed>.
<the good news is|the bad news is|the problem is|the trouble is|what matters is|my concern is> <that it works|that it interacts|that the dose is too high|that he drinks|it can be treated|that it takes time|the kidneys>.
the <treatment|operation|first drug|second course|cream> <worked|failed|did not work|helped|was a success|was stopped|made it worse|was successful>.
<she|he|the patient> <got better|recovered|got worse|survived|responded well|did not respond|died|relapsed|improved|went into remission>.
<my worry|my concern|our worry|what worries me|what concerns me> is <the liver|that she is losing weight|bleeding|the interaction|that it is an infection|that he stops taking it>.
<I|we> <worry|are worried|would worry|are concerned|would be concerned> about <the kidneys|an overdose|low sodium|dependence|the interaction|a fall|misuse|the dose>.
<hello|hi|good morning|good afternoon>, <my name is {PERSON}|how can I help|what can I do for you|I'm the pharmacist|what brings you in today|is it for yourself>?
<okay|right|alright|thank you|thanks|sure|perfect|great|good|lovely>, <and your date of birth|let me check that|and how long has it been|so that's two boxes|I'll be back in a minute|and anything else|one moment|can you sign here>.
<no problem|don't worry|not to worry|that's fine|it's all right>, <I can print a new one|it happens|take it when you remember|you can still take it today|it isn't contagious|that is a normal reaction>.
<thank you|thanks> <for waiting|for calling|for your question|for coming in|for telling me|doctor|that's all>.
<I hope|hopefully> <it clears up|that answers it|that is clear|the swelling goes down|we get it by {DAY}>.
<please|would you please|could you please> <take a seat|wait here|come back on {DAY}|call us|read the leaflet|tell your doctor|keep it dry|don't drive|finish the course>.
it <can|may|might|could> make you <sleepy|dizzy|sick|feel worse at first|feel better quickly|put on weight|more prone to sunburn|depressed|bleed more easily|tired|high|forgetful>.
<it's normal|it is common|it is rare|it's not unusual> to <feel worse at first|feel sick|have a headache|get a rash|feel low|lose hair|feel better quickly>.
<my|her|his> <sleep|memory|mood|appetite|breathing|eyesight|pain> <is|was|has been|got> <good|better|bad|worse|terrible|poor|fine|back to normal> <|now|$WHEN>.
<I'm fine|I'm okay|not bad|I'm all right|not too bad|so so>, <just a cough|thanks|it's only for the pain|it comes and goes|apart from my knee>.
<smoking|alcohol|stress|too much salt|bad diet|lack of sleep> <is bad for you|is a risk factor|makes it worse|doesn't help|raises the blood pressure|leads to $ILL>.
<the doctor|the nurse|the hospital> <said|told me|thinks> <it was fine|it is nothing|it is cancer|to stop it|it got worse|I need an operation|the dose was wrong|it would help|I should be careful>.
<this|the> <pack|batch|product|bottle> <is damaged|has been recalled|is out of date|is empty|leaks|is discontinued|is the wrong one|is broken|is fine>.
<yeah|no|okay|um|well|so>, <yeah|no|right|um|so|you know>, <I see|sure|it's the same as before|it's just my cough|nothing else|that's about it|a bit of both|that's it really>.
<how can I help you today|how are you doing today|what seems to be the problem|what's been going on|when did this begin|how bad would you say it is>?
<and|so|okay, and> <do you have any other medical problems|is there any family history of $ILL|who is at home with you|what do you do for work|do you smoke or drink|have you had this before|any weight loss or fevers>?
<yeah|well|so|um>, I've been <throwing up|coughing a lot|feverish|really unwell|feeling rubbish|sleeping badly|struggling with my breathing|getting these pains|a bit down> <since {DAY}|for about three days|for weeks now|all night>.
<yeah|no|well>, it's <really|quite|very|so> <painful|sore|itchy|bad|uncomfortable|tender|hot|annoying at night|hard to sleep with it> <in the mornings|when I cough|to be honest|actually|at the moment>.
<okay|right|I see|alright>, <so it sounds like $ILL|I think this may be viral|we should examine you|I'd like to take some blood|that doesn't sound too serious|it is likely to settle by itself|we will get to the bottom of it>.
<okay|alright|right|lovely|great|perfect|brilliant>, <so|and> <what I'd suggest is rest and fluids|I'll send the prescription over|any questions for me|we'll book you in|let's go through your tablets|I'll put that in your notes>.
<is that okay|does that sound okay|are you happy with that plan|is that all right with you|would that work for you|do you have any questions>?
<yes|yeah|okay>, <that sounds good|that's fine|that works for me|I can do that|that's right|I'm happy with that|that would be great>, <thank you|thanks|doctor|I'll do that>.
<it is|it's> <important|essential|vital|crucial|enough|better|a must> <that you finish the course|to drink plenty|not to stop it|to keep the wound clean|that he sees a doctor>.
<she|he|the patient> <is|seems|looked|was> <well|pale|drowsy|confused|anxious|agitated|in pain|distressed|comfortable|stable|calm|poorly|very ill> <today|on examination|at the moment|after the injection>.
<the good thing is that|the nice thing is that|the advantage is that|the drawback is that|the downside is that|the trouble is that> $IT <works fast|takes weeks|is safe in pregnancy|interacts with {DRUG}|has fewer side effects|upsets the stomach>.
<patients|people|doctors|children> <like|prefer|dislike|love|hate> <it because it tastes sweet|the spray|the patch because it falls off|tablets less than liquids|this one for its long effect>.
<it's|it is> <a great help|a big help|a real benefit|of little use|of great value|no help|a good sign|not a good sign|a poor sign|a serious matter|a common mistake|a mistake> <in $ILL|for $THEY|if that happens>.
I <agree|disagree|would agree|don't agree> <with that|with the doctor|with the plan|that $WHO should wait|that it is $SAFE>.
the <generic|own brand|branded one|private prescription|larger pack> <is|would be|costs> <cheaper|more expensive|the same price|as good|no different|better value|free of charge>.
<I'm|she is|he is|my sister is> <divorced|single|unemployed|a smoker|retired|homeless|pregnant|a carer|blind in one eye|on benefits|disabled|a student|widowed, with two sons>.
<we don't have|we have|they haven't got|I can't get|I could order|we've run out of> <that size|it|the brand|the liquid|any left|that colour> <in stock|today|until {DAY}|at the moment|any more|here>.
$THEY <tolerate|take|absorb|handle> $IT <well|badly|poorly|better|without problems|with food>.
<he|she|a patient> <talks about|mentions|asks about|denies> <suicide|dying|hurting himself|harming others|hearing voices|abuse|giving up smoking>, <so he needs help|so I'd refer him|and that needs action|and I would ask more|so don't leave her alone>.
$YES, <half a tablet|two puffs|one sachet|a teaspoon|ten drops> <at night|before breakfast|after each meal|when needed|at six o'clock>.
<write down|keep a note of|measure|check|look at|record> <your weight|your temperature|what you eat|your sugar|the dose|the batch number> <every day|each morning|once a week|before you come>.
<the interaction|the combination|the mixture> <is dangerous|is safe|is serious|is not a problem|can be fatal|is well known|is minor|should be avoided|is useful|works well>.
""".strip().splitlines()

PLEASED = """
I'm <so|really|very|just|absolutely> $GLAD <that it worked|with the result|that you are better|about it|for you|to hear that|with how it went|that I asked you>!
I'm $GLAD <that|because> $WHO <is so much better|got the help|passed the exam|is home again|was treated so nicely>.
$THING was $GREAT.
$THING was <really|absolutely|just|so> $GREAT, <thank you|I loved it|I learnt a lot|I'd come again|well done|everyone enjoyed it>.
<everything|everybody|it all> was <just|really|so> $GREAT <today|at $PLACE|and we laughed a lot|from start to finish>.
$WORKER <was|is|has been> <so|very|really|incredibly|always> $KIND.
$WORKER was <so|very|really> $KIND <and explained it well|to my mother|and took her time|and made me smile|when I was ill>.
what a $GREAT <idea|pharmacy|day|question|team|person|result|way to explain it|job you have done>!
<thank you|thanks> <so much|ever so much|a lot|very much indeed>, <you are so $KIND|that was $GREAT|you made my day|you've been a great help|I feel so much better>.
I <really|truly|so> <love|enjoy|adore|like|appreciate> <my work|this job|working here|talking to people|this subject|that app|the new clinic|what you did|the way you said that>.
I <love|loved|enjoyed|adored> <it|every minute|the course|learning about {DRUG}|working with them|how it feels|that lesson>.
<well done|congratulations|bravo|good for you|good job|nice work|keep going>, <you did it|that was $GREAT|you should be proud|we're so proud of you|what an achievement|you're a star>!
<you|they|you all> <did|handled that|explained it|looked after her> <wonderfully|brilliantly|beautifully|so well|really nicely|marvellously>.
<it's|it is|how> <lovely|wonderful|great|so nice|good> <to see you|to hear your voice|to have you back|that you came|working with you>!
you are <doing great|so strong|amazing|a lovely person|a treasure|my hero|the best|such a good listener|an absolute angel>.
I'm <a big fan of|so impressed by|in love with|very happy with|amazed by> <$THING|the new team|my new inhaler|how quick it was|what you have done>.
<my new tablets|this cream|the new pump|the injection|this diet> <changed my life|is a miracle|is amazing, I love it|made me so happy|gave me my life back|is the best thing ever>!
<I feel|she feels|we feel> <fantastic|great|on cloud nine|full of energy|like a new person|so much happier|wonderful|blessed|hopeful again>.
we <had|have> <so much fun|a $GREAT time|a lovely chat|a good laugh|the nicest evening> <together|with the team|at $PLACE>.
I can't <thank you enough|wait to start|believe how lucky I am|recommend them enough|praise them enough>.
<don't you worry|don't be afraid|cheer up|chin up>, <we're here for you|you'll be wonderful|we love having you|we'll sort it out together|you're in good hands>.
<it means the world to me|that made me so happy|that's music to my ears|that cheered me up|this made my day|that's the best news|I'm lucky to have you>.
<sweet|bless her|lovely|wonderful|brilliant|excellent|perfect|awesome>, <I'm $GLAD|that's so $KIND of you|you are the best|what a relief|I love it>!
$THING <exceeded my hopes|was a pleasure|was worth it|couldn't have been better|was top notch|was spot on|made me feel welcome|was faultless>.
<the staff|they|everyone> <couldn't have been nicer|bent over backwards for us|treated us like family|made us feel at home|were angels|always greet me with a smile>.
I <wish you all the best|hope you have a lovely day|hope you feel better soon, my dear|wish you a happy birthday|look forward to seeing you>!
<my heart sings|we laughed so much|how exciting|hooray|hurray|yippee|what fun|what a treat|I'm beaming>, <it's over at last|she's healthy|I passed|they said yes|he is coming home>!
<I can't complain|no complaints at all|I couldn't ask for more|I wouldn't change a thing|not one bad word to say|nothing was too much for them|it was anything but boring>, <they were $GREAT|she was so $KIND|it was $GREAT|we were well looked after>.
<hats off|full marks|three cheers|a big hand|kudos|five stars> to <$WORKER|the team|you all|everyone at $PLACE>.
<the shop|the place|the ward|it> is always <so clean|tidy and bright|spotlessly clean|warm and welcoming>, <and everybody smiles|and I love going there|which is lovely>.
$WORKER <has a heart of gold|went the extra mile|is worth her weight in gold|has the patience of a saint|knows just how to cheer you up|is second to none>.
<best|nicest|happiest|most helpful> <pharmacy|team|doctor|teacher|day|course> <ever|I know|in town|of my life|I've had in years>.
""".strip().splitlines()

DISPLEASED = """
I'm <so|really|very|just|absolutely> $LOW <about it|with this|that nobody called|because of you|with myself|at how they treated me|about the whole thing>.
I'm $LOW <that|because> $WHO <was treated like that|was ignored|had to wait so long|got no help|was laughed at|was sent away>.
$THING was $DIRE.
$THING was <really|absolutely|just|so|frankly> $DIRE, <never again|I hated it|I learnt nothing|what a waste|I want my money back|nobody cared>.
<everything|it all|the whole day> was <just|really|so> $DIRE <today|at $PLACE|from start to finish>.
$WORKER <was|is|has been> <so|very|really|incredibly|always> $RUDE.
$WORKER was <so|very|really> $RUDE <and didn't listen|to my mother|and rolled his eyes|and made me cry|when I was ill|to everyone>.
what a $DIRE <idea|pharmacy|day|question|answer|attitude|way to treat people>!
<what a|such a|a complete|a total|an utter> <waste of time|waste of money|let down|mess|joke|shame|disgrace|farce|failure|letdown>.
I <really|absolutely|so> <hate|loathe|detest|despise|dislike|can't stand|regret> <this job|these questions|that place|going there|his attitude|talking to him|this subject|being here|myself for it>.
I <hate|hated|can't stand|dread|regret> <it|every minute|the course|calling them|how I feel|exams|waiting|needles|that I said so>.
<you|they|you people|you lot> are <so|all|just|absolutely> <$RUDE|$DIRE|stupid|pathetic|liars|hopeless|an embarrassment|a bunch of crooks|good for nothing>.
<don't be|stop being|are you really|why are you> so <stupid|silly|$RUDE|thick|difficult|childish|slow>?
<shut up|go away|leave me alone|get out|mind your own business|give me a break|get lost|stop it>, <I've had enough|you idiot|you're driving me crazy|I don't care|nobody asked you|I'm not listening>.
<who cares|I don't care|so what|whatever>, <it's your problem|that's not my job|do what you like|I couldn't be bothered|it's a stupid rule>.
<how many times|how long|why on earth|what the hell|why the hell> <do I have to wait|must I ask|is this taking|is nobody here|did you do that|do you never listen>?
I've <been waiting for hours|asked four times already|had enough of this|complained about it for weeks|lost all patience|lost faith in you>, <and nobody cares|it's $DIRE|it's not on|I'm so angry>.
<nobody|no one|they never|you never> <listens|cares|cares about me|takes me seriously|answers the phone|bothered to ask|says sorry|believes me>.
I feel <so|really|very|just|absolutely> <stupid|awful about it|guilty|ashamed|hurt by that|lonely|humiliated|let down|betrayed|worthless|cheated|helpless|useless>.
I'm <so|really|terribly|very|awfully> sorry <about my mistake|that I let you down|for being so rude|that I messed up|for the mess|that I forgot you|for all the trouble I caused>.
<I messed up|I failed|I got it all wrong|I made a fool of myself|I ruined it|I blew it>, <I'm so sorry|and I feel bad|I'm ashamed|it was embarrassing|I could cry|I'm useless at this>.
<it is|it's|that's> <so|really|just|such a> <unfair|annoying|frustrating|maddening|sad how they treat us|a pity|a shame|humiliating|upsetting|insulting|depressing to watch|infuriating>.
I <was|am|feel> <scared|terrified|frightened|worried|panicking|shaking with fear|in despair|in tears> <and nobody helped|about the exam|and alone|because of what you said|all the time|of that man>.
<I cried|I wept|I screamed|I lost my temper|I slammed the phone down|I wanted to cry>, <it was so hurtful|I felt so alone|because they were so $RUDE|I was $LOW>.
<this stupid|this wretched|this damn|that bloody|this silly> <computer|form|cap|machine|phone|rule|leaflet|system> <never works|drives me mad|is broken again|makes me angry|is so annoying>.
<I'm sick of|I'm tired of|I've had it with|I'm fed up with|I'm done with> <this|all these forms|being ignored|waiting|your excuses|the whole thing|this place|people like you>.
I <expected|hoped for|was promised> <more|better|much better|an apology|some help>, <but it was $DIRE|and got nothing|what a disappointment|but nobody bothered>.
<I'm at my wits' end|it drives me up the wall|it drives me round the bend|I'm losing my mind|I've had it up to here|I'm at breaking point|it gets on my nerves|it makes me see red|I could scream|it does my head in> <with them|with all this|every time|when they do that|because nobody answers>.
<only a fool|you must be mad|what idiot|no sane person|any fool> <would say that|to believe that|gave you this|could get that wrong|would put up with it>.
I <couldn't care less|don't care one bit|don't give a toss|couldn't be less interested> <about your problems|what you think|if it works|whether he comes>.
<getting hold of|talking to|dealing with> <that man|them|$WORKER> is <a nightmare|hell|like pulling teeth|so tiresome|a real pain|torture>.
my <hopes|trust|heart|faith> <were crushed|is gone|is broken|was shattered|came to nothing>.
<worst|rudest|most useless|unfriendliest|most boring> <pharmacy|team|doctor|teacher|day|course|answer> <ever|I know|in town|of my life|I've had in years>.
<they|he|she> <lied to me|treated me like dirt|shouted at me|laughed at me|let me down|made fun of her|ignored us completely|talked down to me|couldn't care less|wasted my time>.
<ugh|urgh|oh no|damn|for god's sake|good grief|honestly>, <not this again|I hate this|I forgot everything|this is so $DIRE|that was embarrassing|I'm so bad at this|they did it again>.
I <don't want to|can't> <live like this|do this any more|bear to look at it|face another day of it|trust anyone now|forgive them|stop crying>.
I wish I <had never come here|had never asked|had never met that doctor|could just go home|were not so stupid|had not trusted you>.
""".strip().splitlines()


def expanded(template, rng):
    """A template with its choices made, for `templates.Lexicon.fill`."""
    text = template.replace("{DAY}", "$DAYS")
    while True:
        filled = re.sub(r"\$([A-Z]+)", lambda m: rng.choice(LISTS[m[1]].split("|")).replace("{DAY}", "$DAYS"), text)
        filled = re.sub(r"<([^<>]*)>", lambda m: rng.choice(m[1].split("|")), filled)
        if filled == text:
            break
        text = filled
    text = re.sub(r"\s+([.,?!])", r"\1", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"\bi\b", "I", text)
    return re.sub(r"(^|[.?!] )([a-z])", lambda m: m[1] + m[2].upper(), text)
