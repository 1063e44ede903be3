/** Who serves a queue, and who gets the next conversation: skill, language, least load; others step in when it takes too long. Pure. */
import type { Handoff } from '../store/handoffs.ts';
import type { Candidate } from '../store/staff-profiles.ts';

/** What everybody without a skill of their own serves. */
export const GENERAL = 'general';

type Wanted = Pick<Handoff, 'skill' | 'language' | 'waitingSince'>;

export interface RoutingRules {
  /** After this long any colleague of the language may take an expert's conversation, milliseconds. */
  readonly spillAfterMs: number;
  /** Whether the expert queue is on duty now; if not, others step in at once. */
  readonly onDuty: (skill: string) => boolean;
}

/** Whether this person's queues include `skill`. */
export function serves(person: Pick<Candidate, 'skills'>, skill: string): boolean {
  return person.skills.includes(skill) || (skill === GENERAL && person.skills.length === 0);
}

/** People who talk with citizens: those of a department work on orders, editors and analysts on knowledge and figures. */
export function talksWithCitizens({ role, department }: Pick<Candidate, 'role' | 'department'>): boolean {
  return department === null && (role === 'agent' || role === 'supervisor' || role === 'admin');
}

/**
 * The person to give a waiting conversation to, or undefined when all are busy. Of those with the skill and the language the one with the
 * least in hand, then the one who was given nothing for longest, then by name. Others step in when the wait was too long or the experts are
 * off duty; a language is never given up on: somebody who can't read the citizen is no help.
 */
export function pickAgent(wanted: Wanted, people: readonly Candidate[], now: number, rules: RoutingRules): Candidate | undefined {
  const free = people.filter(
    (person) =>
      talksWithCitizens(person) &&
      person.presence === 'auto' &&
      person.load < person.capacity &&
      person.languages.includes(wanted.language),
  );
  const skilled = free.filter((person) => serves(person, wanted.skill));
  const spills = now - wanted.waitingSince >= rules.spillAfterMs || !rules.onDuty(wanted.skill);
  const [first] = (skilled.length > 0 || !spills ? skilled : free).toSorted(
    (a, b) => a.load - b.load || a.lastAssignedAt - b.lastAssignedAt || (a.name < b.name ? -1 : 1),
  );
  return first;
}
