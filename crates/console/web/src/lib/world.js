// The world: countries, where their middle lies, where it is day.

import { geoCentroid } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import atlas from 'world-atlas/countries-110m.json';

// ISO 3166-1: alpha-2 and number of what is large enough for this map.
const CODES =
  'AE784AF004AL008AM051AO024AQ010AR032AT040AU036AZ031BA070BD050BE056BF854BG100BI108BJ204BN096BO068BR076BS044BT064BW072BY112BZ084CA124CD180CF140CG178CH756CI384CL152CM120CN156CO170CR188CU192CY196CZ203DE276DJ262DK208DO214DZ012EC218EE233EG818EH732ER232ES724ET231FI246FJ242FK238FR250GA266GB826GE268GH288GL304GM270GN324GQ226GR300GT320GW624GY328HN340HR191HT332HU348ID360IE372IL376IN356IQ368IR364IS352IT380JM388JO400JP392KE404KG417KH116KP408KR410KW414KZ398LA418LB422LK144LR430LS426LT440LU442LV428LY434MA504MD498ME499MG450MK807ML466MM104MN496MR478MW454MX484MY458MZ508NA516NC540NE562NG566NI558NL528NO578NP524NZ554OM512PA591PE604PG598PH608PK586PL616PR630PS275PT620PY600QA634RO642RS688RU643RW646SA682SB090SD729SE752SI705SK703SL694SN686SO706SR740SS728SV222SY760SZ748TD148TF260TG768TH764TJ762TL626TM795TN788TR792TT780TW158TZ834UA804UG800US840UY858UZ860VE862VN704VU548XK000YE887ZA710ZM894ZW716';
const BY_NUMBER = new Map(CODES.match(/.{5}/g).map((entry) => [entry.slice(2), entry.slice(0, 2)]));

// Where most people of a country live is rarely where its middle is; and what is too small for the map has a place all the same.
const PLACES = {
  US: [-95, 38], CA: [-95, 50], FR: [2.5, 46.5], NO: [9, 61], RU: [45, 55], AU: [146, -32], CL: [-71, -33], NZ: [174, -40], NL: [5.2, 52.2],
  SG: [103.8, 1.35], HK: [114.2, 22.3], MO: [113.5, 22.2], MT: [14.4, 35.9], BH: [50.6, 26], MU: [57.6, -20.2], MV: [73.5, 4.2], SC: [55.5, -4.7],
  BB: [-59.5, 13.2], LC: [-61, 13.9], GD: [-61.7, 12.1], AG: [-61.8, 17.1], DM: [-61.4, 15.4], VC: [-61.2, 13.2], KN: [-62.7, 17.3], KY: [-81.3, 19.3],
  BM: [-64.8, 32.3], AD: [1.6, 42.5], LI: [9.5, 47.2], MC: [7.4, 43.7], SM: [12.5, 43.9], GI: [-5.4, 36.1], KM: [43.3, -11.7], CV: [-23.6, 15.1],
  ST: [6.6, 0.2], WS: [-172.1, -13.8], TO: [-175.2, -21.2], KI: [173, 1.4], TV: [179.2, -8.5], NR: [166.9, -0.5], GP: [-61.5, 16.2], MQ: [-61, 14.6],
  RE: [55.5, -21.1], GU: [144.8, 13.4], JE: [-2.1, 49.2], GG: [-2.6, 49.5], IM: [-4.5, 54.2], FO: [-6.9, 62], CW: [-69, 12.2], AW: [-70, 12.5],
};

export const land = feature(atlas, atlas.objects.land);
export const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
export const countries = feature(atlas, atlas.objects.countries).features.map((shape) => ({
  code: BY_NUMBER.get(shape.id ?? '000') ?? null,
  shape,
}));

const middles = new Map(countries.filter(({ code }) => code).map(({ code, shape }) => [code, geoCentroid(shape)]));

/** Where a country is, or nothing. */
export const place = (code) => PLACES[code] ?? middles.get(code) ?? null;

const names = new Intl.DisplayNames(['en'], { type: 'region' });

export function country(code) {
  if (!code || code === 'ZZ') return 'Unreadable numbers';
  if (code === '001') return 'International services';
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

/** Where the sun stands overhead: longitude and latitude, to a quarter of a degree. */
export function overhead(now) {
  const days = now / 86_400_000 - 10_957.5;
  const rad = Math.PI / 180;
  const mean = (357.529 + 0.98560028 * days) * rad;
  const longitude = (280.459 + 0.98564736 * days + 1.915 * Math.sin(mean) + 0.02 * Math.sin(2 * mean)) * rad;
  const tilt = (23.439 - 0.00000036 * days) * rad;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude)) / rad;
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude)) / rad;
  const sidereal = 280.46061837 + 360.98564736629 * days;
  return [(((ascension - sidereal) % 360) + 540) % 360 - 180, declination];
}
