"""Names and continents of countries by their ISO 3166 codes, as GeoIP databases write them."""

CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}

_BY_CONTINENT = {
    "AF": (
        "DZ Algeria;AO Angola;BJ Benin;BW Botswana;BF Burkina Faso;BI Burundi;CV Cabo Verde;CM Cameroon;"
        "CF Central African Republic;TD Chad;KM Comoros;CG Congo Republic;CD DR Congo;DJ Djibouti;EG Egypt;"
        "GQ Equatorial Guinea;ER Eritrea;SZ Eswatini;ET Ethiopia;GA Gabon;GM Gambia;GH Ghana;GN Guinea;"
        "GW Guinea-Bissau;CI Ivory Coast;KE Kenya;LS Lesotho;LR Liberia;LY Libya;MG Madagascar;MW Malawi;ML Mali;"
        "MR Mauritania;MU Mauritius;YT Mayotte;MA Morocco;MZ Mozambique;NA Namibia;NE Niger;NG Nigeria;RE Réunion;"
        "RW Rwanda;SH St Helena;ST São Tomé and Príncipe;SN Senegal;SC Seychelles;SL Sierra Leone;SO Somalia;"
        "ZA South Africa;SS South Sudan;SD Sudan;TZ Tanzania;TG Togo;TN Tunisia;UG Uganda;EH Western Sahara;"
        "ZM Zambia;ZW Zimbabwe"
    ),
    "AN": (
        "AQ Antarctica;BV Bouvet Island;HM Heard and McDonald Islands;"
        "GS South Georgia and the South Sandwich Islands;TF French Southern Territories"
    ),
    "AS": (
        "AF Afghanistan;AM Armenia;AZ Azerbaijan;BH Bahrain;BD Bangladesh;BT Bhutan;"
        "IO British Indian Ocean Territory;BN Brunei;KH Cambodia;CN China;CX Christmas Island;"
        "CC Cocos (Keeling) Islands;GE Georgia;HK Hong Kong;IN India;ID Indonesia;IR Iran;IQ Iraq;IL Israel;"
        "JP Japan;JO Jordan;KZ Kazakhstan;KW Kuwait;KG Kyrgyzstan;LA Laos;LB Lebanon;MO Macao;MY Malaysia;"
        "MV Maldives;MN Mongolia;MM Myanmar;NP Nepal;KP North Korea;OM Oman;PK Pakistan;PS Palestine;"
        "PH Philippines;QA Qatar;SA Saudi Arabia;SG Singapore;KR South Korea;LK Sri Lanka;SY Syria;TW Taiwan;"
        "TJ Tajikistan;TH Thailand;TR Türkiye;TM Turkmenistan;AE United Arab Emirates;UZ Uzbekistan;VN Vietnam;"
        "YE Yemen"
    ),
    "EU": (
        "AX Åland Islands;AL Albania;AD Andorra;AT Austria;BY Belarus;BE Belgium;BA Bosnia and Herzegovina;"
        "BG Bulgaria;HR Croatia;CY Cyprus;CZ Czechia;DK Denmark;EE Estonia;FO Faroe Islands;FI Finland;FR France;"
        "DE Germany;GI Gibraltar;GR Greece;GG Guernsey;HU Hungary;IS Iceland;IE Ireland;IM Isle of Man;IT Italy;"
        "JE Jersey;XK Kosovo;LV Latvia;LI Liechtenstein;LT Lithuania;LU Luxembourg;MT Malta;MD Moldova;MC Monaco;"
        "ME Montenegro;MK North Macedonia;NO Norway;PL Poland;PT Portugal;RO Romania;RU Russia;SM San Marino;"
        "RS Serbia;SK Slovakia;SI Slovenia;ES Spain;SJ Svalbard and Jan Mayen;SE Sweden;CH Switzerland;"
        "NL The Netherlands;UA Ukraine;GB United Kingdom;VA Vatican City"
    ),
    "NA": (
        "AI Anguilla;AG Antigua and Barbuda;AW Aruba;BS Bahamas;BB Barbados;BZ Belize;BM Bermuda;"
        "BQ Bonaire, Sint Eustatius, and Saba;VG British Virgin Islands;CA Canada;KY Cayman Islands;CR Costa Rica;"
        "CU Cuba;CW Curaçao;DM Dominica;DO Dominican Republic;SV El Salvador;GL Greenland;GD Grenada;"
        "GP Guadeloupe;GT Guatemala;HT Haiti;HN Honduras;JM Jamaica;MQ Martinique;MX Mexico;MS Montserrat;"
        "NI Nicaragua;PA Panama;PR Puerto Rico;BL Saint Barthélemy;MF Saint Martin;SX Sint Maarten;"
        "KN St Kitts and Nevis;LC Saint Lucia;PM Saint Pierre and Miquelon;VC St Vincent and Grenadines;"
        "TT Trinidad and Tobago;TC Turks and Caicos Islands;VI U.S. Virgin Islands;US United States"
    ),
    "OC": (
        "AS American Samoa;AU Australia;CK Cook Islands;FJ Fiji;PF French Polynesia;GU Guam;KI Kiribati;"
        "MH Marshall Islands;FM Federated States of Micronesia;NR Nauru;NC New Caledonia;NZ New Zealand;NU Niue;"
        "NF Norfolk Island;MP Northern Mariana Islands;PW Palau;PG Papua New Guinea;PN Pitcairn Islands;WS Samoa;"
        "SB Solomon Islands;TL Timor-Leste;TK Tokelau;TO Tonga;TV Tuvalu;UM U.S. Outlying Islands;VU Vanuatu;"
        "WF Wallis and Futuna"
    ),
    "SA": (
        "AR Argentina;BO Bolivia;BR Brazil;CL Chile;CO Colombia;EC Ecuador;FK Falkland Islands;GF French Guiana;"
        "GY Guyana;PY Paraguay;PE Peru;SR Suriname;UY Uruguay;VE Venezuela"
    ),
}

COUNTRIES: dict[str, tuple[str, str]] = {
    entry[:2]: (entry[3:], continent) for continent, text in _BY_CONTINENT.items() for entry in text.split(";")
}
"""Name and continent of each code."""
