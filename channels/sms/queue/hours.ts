/** Quiet hours and days in China, where there is one time zone and no summer time. */

const offset = 8 * 3_600_000;
const hour = 3_600_000;
const day = 24 * hour;

/** When the Chinese day of a moment began, epoch milliseconds. */
export const dayStart = (at: number): number => Math.floor((at + offset) / day) * day - offset;

/** 22:00–08:00: nobody is written to unasked. Returns the end of the quiet, or undefined when it is not quiet. */
export function quietUntil(at: number, quiet: { from: number; to: number } = { from: 22, to: 8 }): number | undefined {
  const midnight = dayStart(at);
  const clock = (at - midnight) / hour;
  if (clock < quiet.to) return midnight + quiet.to * hour;
  return clock >= quiet.from ? midnight + day + quiet.to * hour : undefined;
}

/** The first moment of the next day at which notices may go. */
export const nextMorning = (at: number, quiet = { from: 22, to: 8 }): number => dayStart(at) + day + quiet.to * hour;
