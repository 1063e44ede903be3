/** One house for a test file: opened before its tests, closed after them, and no test may leave a complaint of the house behind. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openHouse, type Reply, type TestHouse } from './house.ts';

export interface Town {
  readonly town: () => TestHouse;
  /** What the house complained about since it was last asked; a test that expects complaints asks. */
  readonly newComplaints: () => readonly string[];
  /** A new citizen says these one after another; the reply to the last. */
  readonly chat: (...messages: string[]) => Promise<Reply>;
}

/** Call it at the top of a test file. */
export function inTown(): Town {
  let house: TestHouse;
  let heard = 0;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());
  const newComplaints = () => {
    const fresh = house.complaints.slice(heard);
    heard = house.complaints.length;
    return fresh;
  };
  afterEach(() => expect(newComplaints()).toEqual([]));
  return {
    town: () => house,
    newComplaints,
    chat: async (...messages) => {
      const citizen = await house.citizen();
      let reply = citizen.greeting;
      for (const message of messages) reply = await citizen.says(message);
      return reply;
    },
  };
}
