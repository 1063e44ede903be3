/** The seam for traces and figures: the core says which step runs, the server decides what becomes of that. */

/** What is told of a step: names of channels, outcomes, ids. Never what anybody wrote. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Runs a step and resolves (or rejects) as its work does. `note` adds facts that are known only at its end. */
export type Observe = <T>(step: string, facts: Facts, work: (note: (facts: Facts) => void) => T | Promise<T>) => Promise<T>;

/** The observer of a house nobody looks into: the work just runs. */
export const unobserved: Observe = async (_step, _facts, work) => work(() => undefined);
