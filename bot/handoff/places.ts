/** Where everybody waiting stands: place in the queue of their skill, and the honest estimate. */
import type { Db } from '../store/database.ts';
import { type Handoff, waitingHandoffs } from '../store/handoffs.ts';
import { type Candidate, staffOnDuty } from '../store/staff-profiles.ts';
import { estimateWait, type QueueLoad, queueLoad } from './estimate.ts';
import { serves, talksWithCitizens } from './routing.ts';

/** A colleague counts as on duty when the desk has heard from them this recently. */
export const ON_DUTY_MS = 5 * 60_000;

export interface WaitingPlace {
  readonly handoff: Handoff;
  /** From 1. */
  readonly place: number;
  /** Minutes; undefined when nobody can say. */
  readonly minutes: number | undefined;
}

/** Everybody waiting, first to be taken first. */
export async function waitingPlaces(tx: Db, now: number): Promise<WaitingPlace[]> {
  const waiting = await waitingHandoffs(tx);
  if (waiting.length === 0) return [];
  const people = await staffOnDuty(tx, now - ON_DUTY_MS);
  const loads = new Map<string, QueueLoad>();
  const ahead = new Map<string, number>();
  const places: WaitingPlace[] = [];
  for (const handoff of waiting) {
    const place = (ahead.get(handoff.skill) ?? 0) + 1;
    ahead.set(handoff.skill, place);
    const load = loads.get(handoff.skill) ?? (await queueLoad(tx, handoff.skill, servers(people, handoff.skill), now));
    loads.set(handoff.skill, load);
    places.push({ handoff, place, minutes: estimateWait(place, load) });
  }
  return places;
}

/** People who serve a queue now. */
export function servers(people: readonly Candidate[], skill: string): Candidate[] {
  return people.filter((person) => talksWithCitizens(person) && serves(person, skill));
}
