"""Where a session came from: PostHog's rules over the entry's campaign, referrer and click ids.

The tables of sources and domains are Leanbase's own and modest; a project's own rules come first: see
:mod:`leanbase.query.channel_rules`.
"""

from collections.abc import Callable, Mapping

from leanbase.query.binder import Binder

CROSS_NETWORK = "Cross Network"
PAID_MEDIA = ("cpc", "cpm", "cpv", "cpa", "ppc", "retargeting")
SHOPPING_CAMPAIGN = r"^(.*(([^a-df-z]|^)shop|shopping).*)$"

SEARCH = (
    "google", "bing", "yahoo", "duckduckgo", "baidu", "yandex", "ecosia", "brave", "startpage", "qwant", "naver",
    "seznam", "ask", "aol", "kagi", "sogou", "presearch", "mojeek",
)  # fmt: skip
SOCIAL = (
    "facebook", "instagram", "twitter", "x", "t", "linkedin", "reddit", "pinterest", "tiktok", "snapchat", "threads",
    "mastodon", "bluesky", "bsky", "whatsapp", "telegram", "discord", "quora", "tumblr", "vk", "weibo", "wechat",
    "line", "news.ycombinator", "hackernews", "lnkd", "fb", "ig", "meta", "slack", "medium", "producthunt",
)  # fmt: skip
VIDEO = ("youtube", "vimeo", "twitch", "dailymotion", "bilibili", "youku", "wistia", "netflix", "disneyplus", "hulu")
SHOPPING = (
    "amazon", "ebay", "etsy", "alibaba", "aliexpress", "walmart", "shopify", "shopping", "idealo", "rakuten", "stripe",
)  # fmt: skip
AI = ("chatgpt", "openai", "perplexity", "claude", "gemini", "copilot", "mistral", "deepseek", "grok", "you", "phind")

# Hosts that do not end in one of the names above plus a top-level domain.
DOMAINS: dict[str, str] = {
    "t.co": "social", "lnkd.in": "social", "fb.me": "social", "m.facebook.com": "social", "l.facebook.com": "social",
    "lm.facebook.com": "social", "l.instagram.com": "social", "out.reddit.com": "social", "old.reddit.com": "social",
    "news.ycombinator.com": "social", "bsky.app": "social", "web.whatsapp.com": "social", "wa.me": "social",
    "youtu.be": "video", "m.youtube.com": "video", "search.brave.com": "search", "search.yahoo.com": "search",
    "chat.openai.com": "ai", "copilot.microsoft.com": "ai", "gemini.google.com": "ai", "claude.ai": "ai",
    "www.perplexity.ai": "ai", "perplexity.ai": "ai", "you.com": "ai", "mail.google.com": "email",
    "outlook.live.com": "email", "mail.yahoo.com": "email", "android-app://com.google.android.gm": "email",
    "com.google.android.gm": "email", "com.google.android.googlequicksearchbox": "search",
    "plus.google.com": "social", "shopping.yahoo.co.jp": "shopping", "substack.com": "social",
}  # fmt: skip

MEDIA: dict[str, str] = {
    "email": "Email", "e-mail": "Email", "e_mail": "Email", "newsletter": "Email", "mail": "Email", "sms": "SMS",
    "text": "SMS", "affiliate": "Affiliate", "affiliates": "Affiliate", "partner": "Affiliate",
    "partnership": "Affiliate", "referral": "Referral", "display": "Display",
    "banner": "Display", "expandable": "Display", "interstitial": "Display", "audio": "Audio", "push": "Push",
    "mobile": "Push", "notification": "Push", "social": "Organic Social", "social-network": "Organic Social",
    "social-media": "Organic Social", "sm": "Organic Social", "social network": "Organic Social",
    "social media": "Organic Social", "video": "Organic Video", "organic": "Organic Search", "ai": "AI",
}  # fmt: skip

ORGANIC = {
    "search": "Organic Search", "social": "Organic Social", "video": "Organic Video", "shopping": "Organic Shopping",
    "email": "Email", "sms": "SMS", "ai": "AI", "affiliate": "Affiliate", "push": "Push",
}  # fmt: skip
PAID = {"search": "Paid Search", "social": "Paid Social", "video": "Paid Video", "shopping": "Paid Shopping"}

# The properties a channel is told from, in the order of the tuple that ``channel`` takes.
CHANNEL_INPUTS = (
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "$referring_domain",
    "gclid",
    "gad_source",
    "fbclid",
)


def _sources() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for names, kind in ((AI, "ai"), (SHOPPING, "shopping"), (VIDEO, "video"), (SOCIAL, "social"), (SEARCH, "search")):
        for name in names:
            kinds[name] = kind
    kinds |= {"email": "email", "newsletter": "email", "mailchimp": "email", "sendgrid": "email", "klaviyo": "email"}
    kinds |= {"sms": "sms", "affiliate": "affiliate", "push": "push", "firebase": "push", "onesignal": "push"}
    return kinds | DOMAINS


def initial_channel(read: Callable[[str], str], binder: Binder) -> str:
    """SQL of the channel that a person first came by, from the ``$initial_…`` properties; ``read`` gives one as SQL."""
    return channel(f"tuple({', '.join(read('$initial_' + key.removeprefix('$')) for key in CHANNEL_INPUTS)})", binder)


def channel(inputs: str, binder: Binder) -> str:
    """SQL of the channel type (String) from a tuple of the texts of :data:`CHANNEL_INPUTS`, each Nullable(String)."""

    def part(position: int) -> str:
        return f"nullIf(nullIf(lower(tupleElement(inputs_, {position})), ''), 'null')"

    names_of_parts = ("source_", "medium_", "campaign_", "domain_", "gclid_", "gad_", "fbclid_")
    source, medium, campaign, domain, gclid, gad, fbclid = names_of_parts
    kinds = _sources()
    names, values = binder(list(kinds), "Array(String)"), binder(list(kinds.values()), "Array(String)")
    media, media_values = binder(list(MEDIA), "Array(String)"), binder(list(MEDIA.values()), "Array(String)")

    def named(kind: str, table: dict[str, str]) -> str:
        keys, kinds = binder(list(table), "Array(String)"), binder(list(table.values()), "Array(String)")
        return f"transform({kind}, {keys}, {kinds}, '')"

    def of_kind(text: str) -> str:
        """By the text itself (a host too), else by its registrable name: www.google.co.uk -> google."""
        stem = f"splitByChar('.', cutToFirstSignificantSubdomain(concat('https://', {text})))[1]"
        known = f"if({text} IN {names} OR position({text}, '.') = 0, {text}, {stem})"
        return f"transform({known}, {names}, {values}, '')"

    whole, by_source, by_domain, by_medium = "whole_", "by_source_", "by_domain_", "by_medium_"
    paid_medium = f"if(startsWith({by_medium}, 'Organic '), replaceOne({by_medium}, 'Organic ', 'Paid '), '')"
    campaign_text = f"ifNull({campaign}, '')"
    shopping = f"match({campaign_text}, {binder(SHOPPING_CAMPAIGN, 'String')})"
    video = f"position({campaign_text}, 'video') > 0"
    paid = (
        f"(ifNull({medium}, '') IN {binder(list(PAID_MEDIA), 'Array(String)')}"
        f" OR startsWith(ifNull({medium}, ''), 'paid')"
        f" OR isNotNull({gclid}) OR isNotNull({gad}))"
    )
    if_paid = (
        f"multiIf({named(by_source, PAID)} != '', {named(by_source, PAID)}, {shopping}, 'Paid Shopping',"
        f" {paid_medium} != '', {paid_medium}, {named(by_domain, PAID)} != '', {named(by_domain, PAID)},"
        f" ifNull({gad}, '') = '1', 'Paid Search', {video}, 'Paid Video', isNotNull({fbclid}), 'Paid Social',"
        " 'Paid Unknown')"
    )
    direct = (
        f"({whole} = '$direct' AND isNull({medium}) AND ifNull({source}, 'direct') IN ('(direct)', 'direct', '$direct')"
        f" AND isNull({fbclid}))"
    )
    if_organic = (
        f"multiIf({named(by_source, ORGANIC)} != '', {named(by_source, ORGANIC)}, {shopping}, 'Organic Shopping',"
        f" {by_medium} != '', {by_medium}, {named(by_domain, ORGANIC)} != '', {named(by_domain, ORGANIC)},"
        f" {video}, 'Organic Video', endsWith(ifNull({medium}, ''), 'push'), 'Push',"
        f" isNotNull({fbclid}), 'Organic Social',"
        f" {whole} = '$direct', 'Direct', {whole} != '', 'Referral', 'Unknown')"
    )
    chosen = (
        f"multiIf(position({campaign_text}, 'cross-network') > 0, '{CROSS_NETWORK}', {paid}, {if_paid},"
        f" {direct}, 'Direct', {if_organic})"
    )
    kinds_of_parts = {
        by_source: of_kind(f"ifNull({source}, '')"),
        by_domain: of_kind(whole),
        by_medium: f"transform(ifNull({medium}, ''), {media}, {media_values}, '')",
    }
    host = f"ifNull(if(match({domain}, '^https?://'), domain({domain}), {domain}), '')"
    chosen = _where({whole: host}, _where(kinds_of_parts, chosen))
    return _where({"inputs_": inputs}, _where({name: part(n) for n, name in enumerate(names_of_parts, 1)}, chosen))


def _where(named: Mapping[str, str], text: str) -> str:
    """SQL in which names stand for expressions. Written out at every place the rules are 100 times as long, and take
    the engine 0.4 s to understand.
    """
    values = ", ".join(f"[{value}]" for value in named.values())
    return f"arrayMap(({', '.join(named)}) -> {text}, {values})[1]"
