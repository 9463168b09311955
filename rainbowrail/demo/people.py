"""Invented people: where they come from, where they are now, what to call them.

Weights follow the shape of what organisations of this kind report (few countries make most requests, neighbours that
criminalise too receive many), not any real count.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Origin:
    """A country of origin: how often it occurs, the languages its people write in, names, and where they are found now."""

    country: str
    weight: int
    languages: tuple[str, ...]
    names: tuple[str, ...]
    whereabouts: tuple[str, ...]


ORIGINS: tuple[Origin, ...] = (
    Origin(
        "AFG",
        170,
        ("en", "ar"),
        ("Arash", "Parwana", "Samir", "Nilofar", "Omid", "Zarah", "Farid", "Laleh"),
        ("AFG", "AFG", "PAK", "IRN", "TUR"),
    ),
    Origin(
        "UGA",
        130,
        ("en",),
        ("Akello", "Mukasa", "Nakato", "Okello", "Namara", "Ssali", "Kato", "Apio"),
        ("UGA", "UGA", "UGA", "KEN", "KEN", "SSD"),
    ),
    Origin(
        "NGA",
        80,
        ("en",),
        ("Chidi", "Amina", "Tunde", "Ngozi", "Bola", "Yusuf", "Ife", "Halima"),
        ("NGA", "NGA", "NGA", "GHA", "BEN"),
    ),
    Origin(
        "PAK",
        70,
        ("en",),
        ("Bilal", "Sana", "Hamza", "Mehwish", "Adil", "Rubina", "Kamran", "Zoya"),
        ("PAK", "PAK", "PAK", "ARE", "MYS"),
    ),
    Origin("KEN", 55, ("en",), ("Wanjiru", "Otieno", "Achieng", "Kamau", "Njeri", "Baraka"), ("KEN",)),
    Origin(
        "IRQ", 50, ("ar", "en"), ("Haidar", "Noor", "Sajad", "Zainab", "Yusra", "Karrar"), ("IRQ", "IRQ", "TUR", "LBN", "JOR")
    ),
    Origin("IRN", 45, ("en",), ("Kian", "Shirin", "Navid", "Mahsa", "Babak", "Roya"), ("IRN", "IRN", "TUR", "TUR", "ARM")),
    Origin("EGY", 40, ("ar", "en"), ("Karim", "Salma", "Tarek", "Farida", "Ramy", "Dina"), ("EGY", "EGY", "EGY", "LBN")),
    Origin(
        "CMR", 35, ("fr", "en"), ("Alain", "Mireille", "Didier", "Estelle", "Blaise", "Nadège"), ("CMR", "CMR", "TCD", "NGA")
    ),
    Origin("SYR", 35, ("ar",), ("Rami", "Lina", "Majd", "Hiba", "Anas", "Rasha"), ("SYR", "LBN", "TUR", "JOR", "LBN")),
    Origin("RUS", 35, ("en",), ("Ruslan", "Milana", "Timur", "Alina", "Salman", "Daria"), ("RUS", "RUS", "GEO", "ARM", "KAZ")),
    Origin("GHA", 30, ("en",), ("Kofi", "Abena", "Kwame", "Esi", "Yaw", "Adjoa"), ("GHA", "GHA", "TGO", "CIV")),
    Origin("TZA", 25, ("en",), ("Juma", "Neema", "Hamisi", "Rehema", "Salum"), ("TZA", "TZA", "KEN")),
    Origin("SEN", 22, ("fr",), ("Mamadou", "Awa", "Ousmane", "Fatou", "Cheikh"), ("SEN", "SEN", "GMB", "MRT")),
    Origin("JAM", 22, ("en",), ("Damar", "Shanice", "Rohan", "Kadeem", "Tianna"), ("JAM",)),
    Origin("BGD", 22, ("en",), ("Rifat", "Tania", "Shuvo", "Mim", "Arif"), ("BGD", "BGD", "IND", "MYS")),
    Origin("MAR", 18, ("ar", "fr"), ("Anis", "Ghita", "Ilyas", "Hajar", "Soufiane"), ("MAR", "MAR", "TUN")),
    Origin("BDI", 16, ("fr",), ("Eric", "Aline", "Claude", "Divine"), ("BDI", "RWA", "TZA")),
    Origin("COD", 16, ("fr",), ("Patrick", "Grâce", "Trésor", "Merveille"), ("COD", "UGA", "BDI")),
    Origin("ETH", 15, ("en",), ("Abel", "Hana", "Dawit", "Selam"), ("ETH", "ETH", "KEN", "SDN")),
    Origin("YEM", 14, ("ar",), ("Waleed", "Arwa", "Hani", "Amal"), ("YEM", "SAU", "EGY")),
    Origin("HND", 12, ("en",), ("Josué", "Keyla", "Danilo", "Yessenia"), ("HND", "GTM", "MEX")),
    Origin("TUR", 12, ("en",), ("Deniz", "Ece", "Umut", "Derya"), ("TUR",)),
    Origin("MYS", 10, ("en",), ("Hafiz", "Aisyah", "Wei", "Nabila"), ("MYS", "MYS", "IDN")),
    Origin("IDN", 10, ("en",), ("Rizky", "Dewi", "Putra", "Sari"), ("IDN",)),
    Origin("UZB", 9, ("en",), ("Jasur", "Dilnoza", "Sardor", "Malika"), ("UZB", "UZB", "KAZ")),
    Origin("LBN", 9, ("ar", "fr"), ("Elie", "Maya", "Jad", "Rana"), ("LBN",)),
    Origin("ZWE", 8, ("en",), ("Tendai", "Rudo", "Farai", "Chipo"), ("ZWE", "ZAF", "BWA")),
    Origin("ZMB", 8, ("en",), ("Mwila", "Chanda", "Mutale", "Bwalya"), ("ZMB",)),
    Origin("LKA", 7, ("en",), ("Nuwan", "Dilini", "Kasun", "Ishara"), ("LKA",)),
    Origin("BRA", 7, ("en",), ("Rafael", "Luana", "Caio", "Bianca"), ("BRA",)),
    Origin("SAU", 6, ("ar",), ("Faisal", "Reem", "Talal", "Joud"), ("SAU", "SAU", "TUR")),
    Origin("USA", 6, ("en",), ("Avery", "Jordan", "Riley", "Casey"), ("USA",)),
)
CITIES: dict[str, tuple[str, ...]] = {
    "AFG": ("Kabul", "Herat", "Kandahar"),
    "ARE": ("Dubai",),
    "ARM": ("Yerevan",),
    "BDI": ("Bujumbura", "Gitega"),
    "BEN": ("Cotonou",),
    "BGD": ("Dhaka", "Chattogram"),
    "BRA": ("Recife", "Fortaleza", "Belém"),
    "BWA": ("Gaborone",),
    "CIV": ("Abidjan",),
    "CMR": ("Douala", "Yaoundé", "Bafoussam"),
    "COD": ("Goma", "Bukavu"),
    "EGY": ("Cairo", "Alexandria", "Giza"),
    "ETH": ("Addis Ababa", "Bahir Dar"),
    "GEO": ("Tbilisi",),
    "GHA": ("Accra", "Kumasi", "Tamale"),
    "GMB": ("Banjul",),
    "GTM": ("Guatemala City",),
    "HND": ("San Pedro Sula", "Tegucigalpa"),
    "IDN": ("Medan", "Banda Aceh", "Jakarta", "Padang"),
    "IND": ("Kolkata",),
    "IRN": ("Mashhad", "Tehran", "Shiraz"),
    "IRQ": ("Baghdad", "Basra", "Erbil"),
    "JAM": ("Kingston", "Montego Bay", "Spanish Town"),
    "JOR": ("Amman",),
    "KAZ": ("Almaty", "Shymkent"),
    "KEN": ("Nairobi", "Kakuma", "Mombasa", "Kisumu", "Nakuru"),
    "LBN": ("Beirut", "Tripoli", "Saida"),
    "LKA": ("Colombo", "Jaffna", "Kandy"),
    "MAR": ("Casablanca", "Fès", "Rabat"),
    "MEX": ("Tapachula",),
    "MRT": ("Nouakchott",),
    "MYS": ("Kuala Lumpur", "Kota Bharu"),
    "NGA": ("Lagos", "Kano", "Port Harcourt", "Ibadan"),
    "PAK": ("Peshawar", "Lahore", "Karachi", "Multan", "Quetta"),
    "RUS": ("Grozny", "Makhachkala", "Moscow"),
    "RWA": ("Kigali",),
    "SAU": ("Jeddah", "Riyadh"),
    "SDN": ("Khartoum",),
    "SEN": ("Dakar", "Thiès"),
    "SSD": ("Juba",),
    "SYR": ("Damascus",),
    "TCD": ("N'Djamena",),
    "TGO": ("Lomé",),
    "TUN": ("Tunis",),
    "TUR": ("Gaziantep", "Van", "Denizli", "Istanbul", "Ankara", "Diyarbakır"),
    "TZA": ("Dar es Salaam", "Zanzibar", "Arusha"),
    "UGA": ("Kampala", "Jinja", "Gulu", "Mbale"),
    "USA": ("Houston", "Tampa", "Nashville"),
    "UZB": ("Tashkent", "Samarkand"),
    "YEM": ("Sana'a", "Aden"),
    "ZAF": ("Johannesburg",),
    "ZMB": ("Lusaka", "Kitwe", "Ndola"),
    "ZWE": ("Harare", "Bulawayo"),
}
WEIGHTS = tuple(origin.weight for origin in ORIGINS)
PRONOUNS = ("he/him", "she/her", "they/them", "")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: a name to call them, where they come from, where they are and how they write."""

    called: str
    pronouns: str
    nationality: str
    current_country: str
    city: str
    language: str


def invent_person(random: Random) -> Person:
    """Return an invented person; the same seed gives the same person."""
    origin = random.choices(ORIGINS, weights=WEIGHTS)[0]
    country = random.choice(origin.whereabouts)
    return Person(
        called=random.choice(origin.names),
        pronouns=random.choice(PRONOUNS),
        nationality=origin.country,
        current_country=country,
        city=random.choice(CITIES[country]),
        language=random.choice(origin.languages),
    )
