"""The closed lists of the directory: countries, kinds of help, and tags."""

from typing import Literal, get_args

COUNTRIES = ("KH", "LA", "MM", "TH", "VN")

# Part 4.3 of the directory model: code and English label.
TAXONOMY = {
    "EMG.POLICE": "Emergency police",
    "EMG.AMBULANCE": "Ambulance",
    "HEA.INJ": "Emergency care and injuries",
    "HEA.CMR": "Care after sexual violence",
    "HEA.SRH": "Pregnancy test, contraception, women's health",
    "HEA.ANC": "Pregnancy and baby care",
    "HEA.HIV": "HIV care",
    "HEA.GEN": "General clinic",
    "HEA.DOC": "Medical certificate, forensic exam",
    "PSS.COUNSEL": "Counselling",
    "PSS.MH": "Mental health specialist",
    "PSS.CRISIS": "Suicide and crisis line",
    "PSS.GROUP": "Women's support group",
    "PSS.WGSS": "Women's and girls' safe space",
    "CMG.GBV": "Caseworker for violence against women",
    "CMG.TIP": "Caseworker for trafficking",
    "CMG.CP": "Caseworker for children",
    "HOT.GBV": "Helpline on violence",
    "HOT.CHILD": "Child helpline",
    "HOT.TIP": "Trafficking helpline",
    "HOT.LABOUR": "Labour helpline",
    "HOT.MIGRANT": "Helpline for migrants",
    "SHE.EMERG": "Emergency shelter",
    "SHE.LONG": "Longer stay shelter",
    "SHE.TIP": "Shelter for trafficked persons",
    "SHE.CHILD": "Safe place for children",
    "SHE.TRANSIT": "Short stay during travel",
    "LEG.AID": "Free legal help",
    "LEG.FAM": "Family law",
    "LEG.IMM": "Papers and immigration law",
    "LEG.COMP": "Compensation",
    "LAB.NGO": "Worker or migrant group, union",
    "LAB.OFFICE": "Labour or employment office",
    "LAB.COMP": "Work injury fund",
    "POL.WOMEN": "Police or office for women and children",
    "POL.TIP": "Anti-trafficking police",
    "POL.CYBER": "Online crime police",
    "CHP.NGO": "Child protection NGO",
    "CHP.GOV": "Child protection office",
    "DOC.CIVREG": "Birth and civil papers",
    "DOC.EMBASSY": "Embassy or consulate",
    "DOC.REFUGEE": "UN refugee office or partner",
    "RET.NGO": "Help to go home (NGO, IOM)",
    "RET.GOV": "State return unit",
    "RET.RECEIVE": "Reception and help after return",
    "MAT.CASH": "Money help",
    "MAT.FOOD": "Food",
    "MAT.DIGNITY": "Clothes, hygiene kit",
    "MAT.TRANSPORT": "Transport",
    "LIV.TRAIN": "Skills training",
    "LIV.JOB": "Job help",
    "DIG.IMAGE": "Remove pictures online",
    "DIG.SAFETY": "Phone and account safety",
    "INT.LANG": "Interpreter",
    "INT.SIGN": "Sign language",
    "CMP.PSEA": "Report a helper (safeguarding)",
}

# Part 4.4. A derived tag is read from the field that already says it, so that no entry can
# contradict itself; the others are recorded as they are, each with the day it was checked.
DerivedTag = Literal[
    "men_ok",
    "lgbti_ok",
    "older_boys_ok",
    "disability_access",
    "no_id_needed",
    "ngo_run",
    "no_police_report",
    "open_24h",
    "works_from_abroad",
]
DERIVED_TAGS: frozenset[str] = frozenset(get_args(DerivedTag))
RECORDED_TAGS = frozenset(
    {
        "female_staff",
        "free",
        "any_status",
        "pep",
        "ec",
        "sti",
        "hepb",
        "forensic",
        "child_friendly",
        "youth_friendly",
        "sex_worker_friendly",
        "independent",
        "interpreter_phone",
    }
)
TAGS = DERIVED_TAGS | RECORDED_TAGS
# "Pep, ec, hepb (stock) fall back to ask after 60 days without check" (part 4.4).
STOCK_TAGS = frozenset({"pep", "ec", "hepb"})
STOCK_DAYS = 60
