"""The sentences of the sample and how three annotators wrote each of them down.

Each annotator has habits, mostly kept: ava writes British, digits, full stops; ben American, words for numbers,
typographic apostrophes; chi lower case without marks.
"""

# Decomposed on purpose (e + U+0301): looks like the composed letter, is another string.
CAFE_DECOMPOSED = 'cafe\u0301'

# What is said; what differs; ava's, ben's and chi's transcript.
PROMPTS = [
    ("Um, today's weather", 'filler', "Um, today's weather", 'Um... today’s weather', "today's weather"),
    ('Uh, play some music', 'filler', 'Uh, play some music.', 'Uh... play some music', 'play some music'),
    ('Call the, um, dentist', 'filler', 'Call the, um, dentist.', 'Call the... um... dentist', 'call the dentist'),
    ('Well, er, not today', 'filler', 'Well, er, not today.', 'Well... not today', 'well er not today'),
    ('Wake me at seven P M', 'number', 'Wake me at 7 pm.', 'Wake me at seven PM', 'wake me at 7 p.m.'),
    ('Set a timer for ten minutes', 'number', 'Set a timer for 10 minutes.', 'Set a timer for ten minutes', 'set a timer for ten minutes'),
    ('The first of May', 'number', 'The 1st of May.', 'The first of May', 'the 1st of may'),
    ('Turn it down by twenty five percent', 'number', 'Turn it down by 25%.', 'Turn it down by twenty-five percent', 'turn it down by 25 percent'),
    ('My favourite colour is blue', 'spelling', 'My favourite colour is blue.', 'My favorite color is blue', 'my favourite color is blue'),
    ('The centre is grey', 'spelling', 'The centre is grey.', 'The center is gray', 'the centre is gray'),
    ('Organise my photos', 'spelling', 'Organise my photos.', 'Organize my photos', 'organize my photos'),
    ('Send an email to Anna', 'hyphen', 'Send an e-mail to Anna.', 'Send an email to Anna', 'send an e mail to anna'),
    ('Check in online', 'hyphen', 'Check-in online.', 'Check in online', 'check in on-line'),
    ("Don't stop", 'apostrophe', "Don't stop.", 'Don’t stop', 'dont stop'),
    ("It's nine o'clock", 'apostrophe', "It's 9 o'clock.", 'It’s nine o’clock', "it's nine oclock"),
    ('Okay, go on', 'spelling', 'OK, go on.', 'Okay, go on', 'ok go on'),
    ('Doctor Smith is here', 'abbreviation', 'Dr Smith is here.', 'Doctor Smith is here', 'dr. smith is here'),
    ('Meet me at the cafe', 'unicode', 'Meet me at the café.', f'Meet me at the {CAFE_DECOMPOSED}', 'meet me at the cafe'),
    ('Left, then right', 'spacing', 'Left, then right.', 'Left, then  right', ' left then right'),
    ('Open the window', 'tag', 'Open the window.', 'Open the window', '[noise] open the window'),
]

ANNOTATORS = ['ava', 'ben', 'chi']

# (prompt, annotator) -> a transcript of something that was not said.
WRONG_TRANSCRIPTS = {(10, 'ava'): 'Send my photos.', (19, 'ben'): 'Close the window'}
