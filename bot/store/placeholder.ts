/** Stands where a value will be in a query that is compiled before its values are known. */

const noValueYet = () => {
  throw new Error('A placeholder of a prepared query has no value yet: hand it on as it is');
};

export class Placeholder {
  /** Its value, of the values a run is given. */
  readonly read: (values: unknown) => unknown;

  constructor(read: (values: unknown) => unknown) {
    this.read = read;
  }

  /** The same place, whose value is changed on its way into the database, as a seal does. */
  through(change: (value: unknown) => unknown): Placeholder {
    return new Placeholder((values) => change(this.read(values)));
  }

  [Symbol.toPrimitive](): never {
    return noValueYet();
  }

  toJSON(): never {
    return noValueYet();
  }
}

/** Gives a placeholder for every field that is asked for, of the values `within` finds. */
export function placeholders<Values extends object>(within: (values: unknown) => unknown = (values) => values): Values {
  return new Proxy({} as Values, {
    get: (_, field) => new Placeholder((values) => (within(values) as Record<PropertyKey, unknown>)[field]),
  });
}
