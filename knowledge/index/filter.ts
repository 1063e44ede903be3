/** Which knowledge a question may be answered from: in force on the day, for the region and the audience. */
import type { Audience } from '../item.ts';
import type { SearchFilter } from './types.ts';

/** What of an item or passage the filter looks at. */
export interface Filtered {
  readonly validFrom?: string | undefined;
  readonly validTo?: string | undefined;
  readonly region?: string | undefined;
  readonly audience: readonly Audience[];
}

/** Both days of validity count; what names no region or audience is for all of them. */
export function admits(subject: Filtered, filter: SearchFilter): boolean {
  if (subject.validFrom !== undefined && subject.validFrom > filter.on) return false;
  if (subject.validTo !== undefined && subject.validTo < filter.on) return false;
  if (filter.region !== undefined && subject.region !== undefined && subject.region !== filter.region) return false;
  return !(filter.audience !== undefined && subject.audience.length > 0 && !subject.audience.some((one) => one === filter.audience));
}
