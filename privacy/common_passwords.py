"""Passwords that are tried first, and the pieces long ones are made of; none of them is taken.

Written for this project: the kinds that studies of leaked passwords name again and again (runs of
keys, counting, names of things everybody likes, years), and words of this project's own field.
"""

from typing import Final

_RUNS: Final = """
    00 000 11 111 12 123 1234 12345 123456 1234567 12345678
    123456789 1234567890 0123456789 987654321 0987654321 9876543210 112233 123123 121212 111111
    000000 654321 666666 696969 777777 888888 999999 159753 147258369 123321 789456123
    qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc 1q2w3e4r
    1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qaz2wsx3edc zaq12wsx abc abcd abcde abcdef abcdefgh
    abcdefghijklmnopqrstuvwxyz abc123 a1b2c3 aaa aaaa aaaaaa qqqq xxxx zzzz
    asdfghjkl; qwerty123 !@#$ !@#$% !@#$%^&*()
"""
_WORDS: Final = """
    password passwords passw0rd p@ssw0rd p@ssword pass passcode passphrase passwort secret secrets
    letmein welcome login logon admin administrator root user users guest test tests testing
    default changeme change me please open sesame access master iloveyou ilove loveyou love lovely
    lover loves you forever baby angel princess prince queen king sunshine flower flowers sweet
    honey sugar cookie butterfly rainbow dragon monkey tiger panda lion kitty hello world goodbye
    football soccer baseball basketball superman batman spiderman starwars pokemon minecraft
    michael jordan jessica ashley daniel thomas david maria anna andrew charlie george jennifer
    computer internet server office company work home family mother father mama papa sister brother
    money dollar lucky happy smile summer winter spring autumn monday friday sunday january
    february march april may june july august september october november december whatever trustno1
    freedom jesus christ buddha god bless amen google facebook telegram whatsapp viber line gmail
    saphan bridge bridges mekong thailand cambodia myanmar burma laos vietnam bangkok phnompenh
    yangon hanoi vientiane maesot referral referrals caseworker coordinator supervisor organisation
    ngo shelter hotline helpline
"""
_YEARS: Final = frozenset(str(year) for year in range(1940, 2041))

COMMON: Final = frozenset((_RUNS + _WORDS).split()) | _YEARS
"""In small letters."""
