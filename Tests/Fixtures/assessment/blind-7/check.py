import json,collections
Q={}
for l in open('/tmp/blind7/questions.jsonl'):
    q=json.loads(l);Q[q['question']]={k['id'] for k in q['key_points']};assert 5<=len(q['key_points'])<=7
want=dict(correct=2,paraphrase=4,synonyms=1,misspelling=2,negation_added=2,negation_removed=1,contraindication_reversed=3,dose_x10=1,unit_swapped=1,drug_swapped=1,off_topic=1,salad=1)
C=collections.defaultdict(collections.Counter);ids=set();n=0;texts=set()
for l in open('/tmp/blind7/answers.jsonl'):
    a=json.loads(l);n+=1
    assert a['id'] not in ids;ids.add(a['id']);assert a['text'] not in texts;texts.add(a['text'])
    assert a['id'].rsplit('-',1)[0]==a['question']
    assert a['targets'] and set(a['targets'])<=Q[a['question']],a['id']
    C[a['question']][a['category']]+=1
    w=len(a['text'].split())
    if a['category']=='correct' and not 40<=w<=120: print(a['id'],w)
    if a['category'] in('off_topic','salad'): assert set(a['targets'])==Q[a['question']],a['id']
    if a['category']=='contraindication_reversed' and ("not" in a['text'].lower().split() or "n't" in a['text']): print('not',a['id'])
assert set(C)==set(Q)
for q in C: assert dict(C[q])==want,(q,C[q])
print(len(Q),n)
