/** How many cases it takes to see a difference between two runs of the same cases (reference evaluation.md §4; Connor 1987). */

/** Two-sided 5 % and power 80 %. */
const zLevel = 1.96;
const zPower = 0.8416;

/** Cases needed to see a change of `difference` (0..1) when the share `discordant` (0..1) of the cases changes either way. */
export function sizeFor(difference: number, discordant: number): number {
  const root = zLevel * Math.sqrt(discordant) + zPower * Math.sqrt(Math.max(0, discordant - difference ** 2));
  return Math.ceil((root / difference) ** 2);
}

/** The smallest change that `n` cases can show at that share of changed cases; the share itself when even that is too small. */
export function smallestVisible(n: number, discordant: number): number {
  let low = 0.0001;
  let high = discordant;
  if (sizeFor(high, discordant) > n) return Number.NaN;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (sizeFor(middle, discordant) > n) low = middle;
    else high = middle;
  }
  return high;
}

/** Share of cases that changed between two runs. */
export const shareOfDiscordant = (changed: number, n: number): number => changed / n;
