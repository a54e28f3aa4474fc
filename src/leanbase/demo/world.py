"""The made-up world of the demo: what the product is, who comes, from where, with what. Tables only."""

DAYS = 60
VISITORS = 52_000
SITE = "https://fernwood.example"

# Share of a day's visits by hour, UTC: a European and American office product.
HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 13, 16, 16, 15, 14, 16, 17, 16, 14, 12, 10, 8, 7, 6, 4, 3)
WEEKDAYS = (1.0, 1.08, 1.1, 1.06, 0.92, 0.42, 0.46)  # Monday first

BROWSERS = (
    ("Chrome", "140", 62),
    ("Safari", "19.1", 19),
    ("Firefox", "144", 9),
    ("Microsoft Edge", "141", 8),
    ("Opera", "124", 2),
)
SYSTEMS = (
    ("Windows", "11", "Desktop", 1920, 1080, 41),
    ("Mac OS X", "15.6", "Desktop", 1728, 1117, 29),
    ("iOS", "26.1", "Mobile", 393, 852, 13),
    ("Android", "16", "Mobile", 412, 915, 12),
    ("Linux", "", "Desktop", 1920, 1200, 5),
)
COUNTRIES = (
    ("US", "81.2.69.160", 0),
    ("US", "216.160.83.56", 34),
    ("DE", "91.64.10.20", 13),
    ("GB", "81.2.69.142", 12),
    ("FR", "90.63.10.20", 8),
    ("IN", "49.36.10.20", 9),
    ("BR", "177.32.10.20", 6),
    ("NL", "84.24.10.20", 5),
    ("JP", "126.10.10.20", 4),
    ("CA", "99.224.10.20", 5),
    ("AU", "1.120.10.20", 4),
)
# referring domain, utm_source, utm_medium, utm_campaign, weight, how likely such a visitor signs up
SOURCES = (
    ("$direct", "", "", "", 34, 0.22),
    ("www.google.com", "", "", "", 27, 0.20),
    ("www.google.com", "google", "cpc", "notes-brand", 9, 0.26),
    ("news.ycombinator.com", "", "", "", 7, 0.14),
    ("www.linkedin.com", "linkedin", "paid-social", "teams-q4", 6, 0.12),
    ("t.co", "twitter", "social", "", 4, 0.10),
    ("github.com", "", "", "", 5, 0.33),
    ("www.youtube.com", "youtube", "video", "walkthrough", 3, 0.25),
    ("", "newsletter", "email", "november", 5, 0.38),
)
LANDINGS = (
    ("/", 55),
    ("/pricing", 12),
    ("/blog/meeting-notes", 14),
    ("/blog/second-brain", 9),
    ("/templates", 7),
    ("/docs", 3),
)
BROWSING = ("/", "/pricing", "/features", "/templates", "/blog/meeting-notes", "/customers", "/docs", "/about")
PLANS = (("free", 0, 72), ("team", 12, 22), ("business", 24, 6))
COMPANIES = tuple(
    f"{a} {b}"
    for a in (
        "Amber",
        "Birch",
        "Cobalt",
        "Delta",
        "Ember",
        "Fjord",
        "Granite",
        "Harbor",
        "Indigo",
        "Juniper",
        "Kestrel",
        "Lumen",
        "Meadow",
        "North",
        "Orchid",
        "Pine",
        "Quartz",
        "River",
        "Summit",
        "Tidal",
    )
    for b in (
        "Labs",
        "Studio",
        "Foods",
        "Health",
        "Logistics",
        "Works",
        "Media",
        "Energy",
        "Bank",
        "School",
        "Robotics",
        "Travel",
        "Games",
        "Legal",
        "Design",
    )
)
ERRORS = (
    ("TypeError", "Cannot read properties of undefined (reading 'blocks')", "editor.tsx"),
    ("NetworkError", "Failed to fetch", "sync.ts"),
    ("QuotaExceededError", "The quota has been exceeded", "offline.ts"),
)
FIRST_NAMES = (
    "Ada",
    "Ben",
    "Chloe",
    "Dev",
    "Elif",
    "Finn",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Liam",
    "Mina",
    "Noor",
    "Omar",
    "Pia",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
    "Uma",
    "Vera",
    "Wei",
    "Yara",
    "Zoe",
)
