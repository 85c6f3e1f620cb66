package catalog

// countryTable has a line for each country: |code|code|name|alias|…|, folded.
// First come the 249 countries of ISO 3166-1 by their two-letter code, then
// Kosovo, then countries that are no more. No name stands in two lines, and
// neither does one that differs from it only in punctuation or in "the", "of"
// and "and" (CountryAliases). Names that several countries bear are left out.
const countryTable = `
|ad|and|andorra|principality of andorra|
|ae|are|united arab emirates|the united arab emirates|united arab emirates (the)|uae|u.a.e.|emirates|
|af|afg|afghanistan|islamic republic of afghanistan|
|ag|atg|antigua and barbuda|antigua & barbuda|
|ai|aia|anguilla|
|al|alb|albania|republic of albania|
|am|arm|armenia|republic of armenia|
|ao|ago|angola|republic of angola|
|aq|ata|antarctica|
|ar|arg|argentina|argentine republic|
|as|asm|american samoa|
|at|aut|austria|republic of austria|
|au|aus|australia|commonwealth of australia|
|aw|abw|aruba|
|ax|ala|aland islands|aland|
|az|aze|azerbaijan|republic of azerbaijan|azerbaidjan|
|ba|bih|bosnia and herzegovina|bosnia & herzegovina|bosnia-herzegovina|bosnia|republic of bosnia and herzegovina|bosnia and hercegovina|
|bb|brb|barbados|
|bd|bgd|bangladesh|people's republic of bangladesh|
|be|bel|belgium|kingdom of belgium|
|bf|bfa|burkina faso|burkina|
|bg|bgr|bulgaria|republic of bulgaria|
|bh|bhr|bahrain|kingdom of bahrain|
|bi|bdi|burundi|republic of burundi|
|bj|ben|benin|republic of benin|
|bl|blm|saint barthelemy|st. barthelemy|st barthelemy|saint-barthelemy|
|bm|bmu|bermuda|bermudas|
|bn|brn|brunei darussalam|brunei|
|bo|bol|bolivia|bolivia, plurinational state of|bolivia (plurinational state of)|plurinational state of bolivia|
|bq|bes|bonaire, sint eustatius and saba|bonaire, sint eustatius & saba|caribbean netherlands|
|br|bra|brazil|federative republic of brazil|brasil|
|bs|bhs|bahamas|the bahamas|bahamas (the)|bahamas, the|commonwealth of the bahamas|
|bt|btn|bhutan|kingdom of bhutan|
|bv|bvt|bouvet island|
|bw|bwa|botswana|republic of botswana|
|by|blr|belarus|republic of belarus|
|bz|blz|belize|
|ca|can|canada|
|cc|cck|cocos (keeling) islands|cocos (keeling) islands (the)|cocos islands|keeling islands|
|cd|cod|congo, the democratic republic of the|congo (the democratic republic of the)|congo, democratic republic of the|congo, democratic republic|democratic republic of the congo|democratic republic of congo|the democratic republic of the congo|the democratic republic of congo|dr congo|d.r. congo|congo, dr|congo (drc)|drc|d.r.c.|congo-kinshasa|congo - kinshasa|congo (kinshasa)|
|cf|caf|central african republic|the central african republic|central african republic (the)|
|cg|cog|republic of the congo|republic of congo|the republic of the congo|congo, republic of the|congo, republic|congo republic|congo-brazzaville|congo - brazzaville|congo (brazzaville)|
|ch|che|switzerland|swiss confederation|
|ci|civ|cote d'ivoire|republic of cote d'ivoire|ivory coast|the ivory coast|
|ck|cok|cook islands|the cook islands|cook islands (the)|
|cl|chl|chile|republic of chile|
|cm|cmr|cameroon|republic of cameroon|
|cn|chn|china|people's republic of china|the people's republic of china|prc|p.r.c.|p.r. china|mainland china|china, people's republic of|
|co|col|colombia|republic of colombia|
|cr|cri|costa rica|republic of costa rica|
|cu|cub|cuba|republic of cuba|
|cv|cpv|cabo verde|republic of cabo verde|cape verde|cape verde islands|republic of cape verde|
|cw|cuw|curacao|
|cx|cxr|christmas island|
|cy|cyp|cyprus|republic of cyprus|
|cz|cze|czechia|czech republic|the czech republic|czech rep.|
|de|deu|germany|federal republic of germany|germany, federal republic of|
|dj|dji|djibouti|republic of djibouti|
|dk|dnk|denmark|kingdom of denmark|
|dm|dma|dominica|commonwealth of dominica|
|do|dom|dominican republic|the dominican republic|dominican republic (the)|
|dz|dza|algeria|people's democratic republic of algeria|
|ec|ecu|ecuador|republic of ecuador|
|ee|est|estonia|republic of estonia|
|eg|egy|egypt|arab republic of egypt|
|eh|esh|western sahara|
|er|eri|eritrea|the state of eritrea|state of eritrea|
|es|esp|spain|kingdom of spain|
|et|eth|ethiopia|federal democratic republic of ethiopia|
|fi|fin|finland|republic of finland|
|fj|fji|fiji|republic of fiji|
|fk|flk|falkland islands (malvinas)|falkland islands (the) [malvinas]|falkland islands|the falkland islands|falklands|
|fm|fsm|micronesia, federated states of|micronesia (federated states of)|federated states of micronesia|the federated states of micronesia|micronesia|
|fo|fro|faroe islands|the faroe islands|faroe islands (the)|faeroe islands|faroes|
|fr|fra|france|french republic|
|ga|gab|gabon|gabonese republic|
|gb|gbr|united kingdom|the united kingdom|united kingdom of great britain and northern ireland|united kingdom of great britain and northern ireland (the)|uk|u.k.|u.k|u. k.|the uk|great britain|britain|
|gd|grd|grenada|
|ge|geo|georgia|
|gf|guf|french guiana|
|gg|ggy|guernsey|
|gh|gha|ghana|republic of ghana|
|gi|gib|gibraltar|
|gl|grl|greenland|
|gm|gmb|gambia|the gambia|gambia (the)|gambia, the|republic of the gambia|
|gn|gin|guinea|republic of guinea|
|gp|glp|guadeloupe|
|gq|gnq|equatorial guinea|republic of equatorial guinea|
|gr|grc|greece|hellenic republic|
|gs|sgs|south georgia and the south sandwich islands|south georgia & south sandwich islands|
|gt|gtm|guatemala|republic of guatemala|
|gu|gum|guam|
|gw|gnb|guinea-bissau|republic of guinea-bissau|
|gy|guy|guyana|republic of guyana|co-operative republic of guyana|
|hk|hkg|hong kong|hongkong|hong kong sar|hong kong, china|hong kong sar china|hong kong special administrative region of china|
|hm|hmd|heard island and mcdonald islands|heard & mcdonald islands|
|hn|hnd|honduras|republic of honduras|
|hr|hrv|croatia|republic of croatia|
|ht|hti|haiti|republic of haiti|
|hu|hun|hungary|
|id|idn|indonesia|republic of indonesia|
|ie|irl|ireland|republic of ireland|the republic of ireland|eire|
|il|isr|israel|state of israel|
|im|imn|isle of man|
|in|ind|india|republic of india|
|io|iot|british indian ocean territory|british indian ocean territory (the)|
|iq|irq|iraq|republic of iraq|
|ir|irn|iran|iran, islamic republic of|iran (islamic republic of)|islamic republic of iran|
|is|isl|iceland|republic of iceland|
|it|ita|italy|italian republic|
|je|jey|jersey|
|jm|jam|jamaica|
|jo|jor|jordan|hashemite kingdom of jordan|
|jp|jpn|japan|
|ke|ken|kenya|republic of kenya|
|kg|kgz|kyrgyzstan|kyrgyz republic|
|kh|khm|cambodia|kingdom of cambodia|
|ki|kir|kiribati|republic of kiribati|
|km|com|comoros|the comoros|comoros (the)|union of the comoros|
|kn|kna|saint kitts and nevis|saint kitts & nevis|st. kitts and nevis|st. kitts & nevis|st kitts and nevis|st kitts & nevis|
|kp|prk|north korea|korea, democratic people's republic of|korea (the democratic people's republic of)|korea (democratic people's republic of)|democratic people's republic of korea|the democratic people's republic of korea|dprk|d.p.r.k.|dpr korea|korea, north|korea (north)|n. korea|
|kr|kor|south korea|korea, republic of|korea (the republic of)|korea (republic of)|republic of korea|the republic of korea|korea, south|korea (south)|korea republic|s. korea|
|kw|kwt|kuwait|state of kuwait|
|ky|cym|cayman islands|the cayman islands|cayman islands (the)|
|kz|kaz|kazakhstan|republic of kazakhstan|kazakstan|
|la|lao|laos|lao people's democratic republic|lao people's democratic republic (the)|lao pdr|
|lb|lbn|lebanon|lebanese republic|
|lc|lca|saint lucia|st. lucia|st lucia|
|li|lie|liechtenstein|principality of liechtenstein|
|lk|lka|sri lanka|democratic socialist republic of sri lanka|
|lr|lbr|liberia|republic of liberia|
|ls|lso|lesotho|kingdom of lesotho|
|lt|ltu|lithuania|republic of lithuania|
|lu|lux|luxembourg|grand duchy of luxembourg|luxemburg|
|lv|lva|latvia|republic of latvia|
|ly|lby|libya|state of libya|libyan arab jamahiriya|
|ma|mar|morocco|kingdom of morocco|
|mc|mco|monaco|principality of monaco|
|md|mda|moldova|moldova, republic of|moldova (the republic of)|moldova (republic of)|republic of moldova|the republic of moldova|
|me|mne|montenegro|
|mf|maf|saint martin (french part)|st. martin (french part)|saint martin (france)|
|mg|mdg|madagascar|republic of madagascar|
|mh|mhl|marshall islands|the marshall islands|marshall islands (the)|republic of the marshall islands|
|mk|mkd|north macedonia|republic of north macedonia|the republic of north macedonia|macedonia|republic of macedonia|macedonia, republic of|macedonia, the former yugoslav republic of|the former yugoslav republic of macedonia|former yugoslav republic of macedonia|fyrom|f.y.r.o.m.|fyr macedonia|macedonia, fyr|
|ml|mli|mali|republic of mali|
|mm|mmr|myanmar|republic of myanmar|republic of the union of myanmar|burma|bu|bur|bumm|burma, socialist republic of the union of|union of burma|myanmar (burma)|burma (myanmar)|
|mn|mng|mongolia|
|mo|mac|macao|macau|macao sar|macau sar|macao special administrative region of china|macao sar china|
|mp|mnp|northern mariana islands|the northern mariana islands|northern mariana islands (the)|commonwealth of the northern mariana islands|
|mq|mtq|martinique|
|mr|mrt|mauritania|islamic republic of mauritania|
|ms|msr|montserrat|
|mt|mlt|malta|republic of malta|
|mu|mus|mauritius|republic of mauritius|
|mv|mdv|maldives|the maldives|republic of maldives|
|mw|mwi|malawi|republic of malawi|
|mx|mex|mexico|united mexican states|
|my|mys|malaysia|
|mz|moz|mozambique|republic of mozambique|
|na|nam|namibia|republic of namibia|
|nc|ncl|new caledonia|
|ne|ner|niger|niger (the)|republic of the niger|republic of niger|
|nf|nfk|norfolk island|
|ng|nga|nigeria|federal republic of nigeria|
|ni|nic|nicaragua|republic of nicaragua|
|nl|nld|netherlands|the netherlands|netherlands (the)|netherlands, the|kingdom of the netherlands|netherlands (kingdom of the)|netherlands, kingdom of the|holland|
|no|nor|norway|kingdom of norway|
|np|npl|nepal|federal democratic republic of nepal|
|nr|nru|nauru|republic of nauru|
|nu|niu|niue|
|nz|nzl|new zealand|aotearoa|
|om|omn|oman|sultanate of oman|
|pa|pan|panama|republic of panama|
|pe|per|peru|republic of peru|
|pf|pyf|french polynesia|
|pg|png|papua new guinea|independent state of papua new guinea|
|ph|phl|philippines|the philippines|philippines (the)|republic of the philippines|
|pk|pak|pakistan|islamic republic of pakistan|
|pl|pol|poland|republic of poland|
|pm|spm|saint pierre and miquelon|saint pierre & miquelon|st. pierre and miquelon|st. pierre & miquelon|
|pn|pcn|pitcairn|pitcairn islands|
|pr|pri|puerto rico|
|ps|pse|palestine|palestine, state of|state of palestine|the state of palestine|palestinian territory|palestinian territories|the palestinian territories|occupied palestinian territory|palestinian territory, occupied|
|pt|prt|portugal|portuguese republic|
|pw|plw|palau|republic of palau|
|py|pry|paraguay|republic of paraguay|
|qa|qat|qatar|state of qatar|
|re|reu|reunion|la reunion|reunion island|
|ro|rou|romania|rumania|roumania|
|rs|srb|serbia|republic of serbia|
|ru|rus|russian federation|the russian federation|russian federation (the)|russia|
|rw|rwa|rwanda|rwandese republic|republic of rwanda|
|sa|sau|saudi arabia|kingdom of saudi arabia|
|sb|slb|solomon islands|the solomon islands|
|sc|syc|seychelles|the seychelles|republic of seychelles|
|sd|sdn|sudan|the sudan|sudan (the)|republic of the sudan|
|se|swe|sweden|kingdom of sweden|
|sg|sgp|singapore|republic of singapore|
|sh|shn|saint helena, ascension and tristan da cunha|saint helena|st. helena|st helena|
|si|svn|slovenia|republic of slovenia|
|sj|sjm|svalbard and jan mayen|svalbard & jan mayen|
|sk|svk|slovakia|slovak republic|the slovak republic|
|sl|sle|sierra leone|republic of sierra leone|
|sm|smr|san marino|republic of san marino|
|sn|sen|senegal|republic of senegal|
|so|som|somalia|federal republic of somalia|
|sr|sur|suriname|republic of suriname|surinam|
|ss|ssd|south sudan|republic of south sudan|
|st|stp|sao tome and principe|sao tome & principe|democratic republic of sao tome and principe|
|sv|slv|el salvador|republic of el salvador|
|sx|sxm|sint maarten (dutch part)|sint maarten|
|sy|syr|syrian arab republic|syrian arab republic (the)|the syrian arab republic|syria|
|sz|swz|eswatini|kingdom of eswatini|swaziland|kingdom of swaziland|eswatini (swaziland)|
|tc|tca|turks and caicos islands|turks & caicos islands|turks and caicos islands (the)|the turks and caicos islands|
|td|tcd|chad|republic of chad|
|tf|atf|french southern territories|french southern territories (the)|
|tg|tgo|togo|togolese republic|
|th|tha|thailand|kingdom of thailand|
|tj|tjk|tajikistan|republic of tajikistan|
|tk|tkl|tokelau|
|tl|tls|timor-leste|democratic republic of timor-leste|east timor|tp|tmp|
|tm|tkm|turkmenistan|
|tn|tun|tunisia|republic of tunisia|
|to|ton|tonga|kingdom of tonga|
|tr|tur|turkiye|republic of turkiye|turkey|republic of turkey|turkey (turkiye)|turkiye (turkey)|
|tt|tto|trinidad and tobago|trinidad & tobago|republic of trinidad and tobago|
|tv|tuv|tuvalu|
|tw|twn|taiwan|taiwan, province of china|taiwan (province of china)|
|tz|tza|tanzania|tanzania, united republic of|tanzania, the united republic of|tanzania (united republic of)|united republic of tanzania|the united republic of tanzania|
|ua|ukr|ukraine|the ukraine|
|ug|uga|uganda|republic of uganda|
|um|umi|united states minor outlying islands|united states minor outlying islands (the)|u.s. minor outlying islands|us minor outlying islands|u.s. outlying islands|
|us|usa|united states|the united states|united states of america|the united states of america|united states of america (the)|u.s.|u.s.a.|u.s|u.s.a|u. s.|u. s. a.|the us|the usa|the u.s.|the u.s.a.|america|
|uy|ury|uruguay|eastern republic of uruguay|
|uz|uzb|uzbekistan|republic of uzbekistan|
|va|vat|holy see (vatican city state)|holy see|the holy see|holy see (the)|vatican city|vatican city state|vatican|the vatican|
|vc|vct|saint vincent and the grenadines|saint vincent & the grenadines|st. vincent and the grenadines|st. vincent & the grenadines|st. vincent & grenadines|st vincent and the grenadines|
|ve|ven|venezuela|venezuela, bolivarian republic of|venezuela (bolivarian republic of)|bolivarian republic of venezuela|
|vg|vgb|virgin islands, british|virgin islands (british)|british virgin islands|the british virgin islands|
|vi|vir|virgin islands, u.s.|virgin islands (u.s.)|virgin islands of the united states|u.s. virgin islands|us virgin islands|united states virgin islands|
|vn|vnm|vietnam|viet nam|viet-nam|socialist republic of viet nam|socialist republic of vietnam|
|vu|vut|vanuatu|republic of vanuatu|
|wf|wlf|wallis and futuna|wallis & futuna|
|ws|wsm|samoa|independent state of samoa|western samoa|
|ye|yem|yemen|republic of yemen|
|yt|myt|mayotte|
|za|zaf|south africa|republic of south africa|rsa|r.s.a.|
|zm|zmb|zambia|republic of zambia|
|zw|zwe|zimbabwe|republic of zimbabwe|
|xk|xkx|kosovo|republic of kosovo|
|su|sun|suhh|soviet union|the soviet union|ussr|u.s.s.r.|the ussr|the u.s.s.r.|union of soviet socialist republics|ussr, union of soviet socialist republics|soviet union (ussr)|
|yu|yug|yucs|yugoslavia|sfr yugoslavia|sfry|socialist federal republic of yugoslavia|
|cs|csk|cshh|czechoslovakia|czecho-slovakia|czechoslovak republic|czechoslovak socialist republic|czechoslovakia, czechoslovak socialist republic|cssr|
|scg|csxx|serbia and montenegro|serbia & montenegro|state union of serbia and montenegro|
|dd|ddr|ddde|east germany|german democratic republic|the german democratic republic|germany, east|germany (east)|gdr|g.d.r.|d.d.r.|
|xwg|west germany|germany, west|germany (west)|
|an|ant|anhh|netherlands antilles|the netherlands antilles|
|zr|zar|zrcd|zaire|republic of zaire|zaire, republic of|
|hv|hvo|hvbf|upper volta|republic of upper volta|upper volta, republic of|
|dy|dhy|dybj|dahomey|republic of dahomey|
|rh|rho|rhzw|southern rhodesia|rhodesia|
|vd|vdr|vdvn|north vietnam|viet-nam, democratic republic of|democratic republic of vietnam|
|yd|ymd|ydye|south yemen|yemen, democratic, people's democratic republic of|people's democratic republic of yemen|democratic yemen|
`
