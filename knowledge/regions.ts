/** Whose knowledge an item is: administrative divisions by their codes, from the country down to a village. */

/** What of a pack says where it serves. */
export interface Place {
  /** Its code. */
  readonly region: string;
  readonly city: string;
  readonly districts: readonly string[];
}

const nationwide: ReadonlySet<string> = new Set(['全国', '中国', '国家', '中华人民共和国']);

/**
 * The part of a code that tells: two digits a level down to the county, three for a township and a village; zeros fill up.
 * 990100 → 9901 (a city), 990000 → 99 (a province), 000000 → the country. Undefined for what is no code.
 * Source: GB/T 2260—2007 (six digits), GB/T 10114—2003 (below the county).
 */
export function divisionOf(code: string): string | undefined {
  if (!/^(?:\d{6}|\d{9}|\d{12})$/.test(code)) return undefined;
  const parts = [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6), code.slice(6, 9), code.slice(9, 12)];
  let last = parts.length;
  while (last > 0 && /^0*$/.test(parts[last - 1] ?? '')) last -= 1;
  return parts.slice(0, last).join('');
}

/**
 * Whether an item of `region` may be served in a place: it is of the place, of what is above it (its province, the country) or within it (its
 * districts). A neighbour's never is. No region: the whole pack's. A name counts only if it is the place's own, a district's or the country's.
 */
export function servedIn(place: Place, region: string | undefined): boolean {
  if (region === undefined || region === place.region) return true;
  const [here, there] = [divisionOf(place.region), divisionOf(region)];
  if (there === undefined) return region === place.city || place.districts.includes(region) || nationwide.has(region);
  return here !== undefined && (here.startsWith(there) || there.startsWith(here));
}
