/** How fast people live: seeded chance, and pauses that a fast clock shortens. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../../bot/understand/classifier/softmax.ts';

export class Pace {
  /** How many times faster than real time everybody lives. */
  readonly speed: number;
  readonly random: () => number;

  constructor(seed: number, speed: number) {
    this.random = randomFrom(seed);
    this.speed = speed;
  }

  /** A time between two, in seconds of people's time. */
  between(least: number, most: number): number {
    return least + (most - least) * this.random();
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  one<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  /** Waits so many seconds of people's time; ends early, without an error, when told to stop. */
  async pause(seconds: number, signal?: AbortSignal): Promise<void> {
    await sleep((seconds * 1000) / this.speed, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}
