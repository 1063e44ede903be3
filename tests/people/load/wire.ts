/** HTTP as one person's machine speaks it: kept-alive connections from an address of its own, every answer timed. */
import { Agent, type IncomingMessage, request } from 'node:http';

/** Milliseconds by what was done. */
export class Timings {
  readonly all = new Map<string, number[]>();

  add(name: string, ms: number): void {
    const list = this.all.get(name);
    if (list) list.push(ms);
    else this.all.set(name, [ms]);
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly json: any;
}

export interface Call {
  /** Under which name it is timed; absent: not at all. */
  readonly name?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

class StaleConnection extends Error {
  override readonly message = 'a kept connection was closed';
}

export class Wire {
  readonly #base: string;
  readonly #timings: Timings;
  readonly #agent: Agent;
  #cutting = false;

  /** `localAddress`: where the calls come from, so that limits by address see many people. */
  constructor(base: string, timings: Timings, localAddress?: string) {
    this.#base = base;
    this.#timings = timings;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 6, ...(localAddress === undefined ? {} : { localAddress }) });
  }

  /** Rejects only when there is no answer at all. A kept connection that the server closed at that moment is opened anew, as browsers do. */
  async call(method: string, path: string, call: Call = {}): Promise<Reply> {
    try {
      return await this.#once(method, path, call);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return this.#once(method, path, call);
    }
  }

  #once(method: string, path: string, { name, body, headers = {} }: Call): Promise<Reply> {
    const start = performance.now();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#base}${path}`, {
        method,
        agent: this.#agent,
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
          ...headers,
        },
        timeout: 60_000,
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
      sent.on('error', (error: NodeJS.ErrnoException) =>
        reject(sent.reusedSocket && error.code === 'ECONNRESET' && !this.#cutting ? new StaleConnection() : error),
      );
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (name !== undefined) this.#timings.add(name, performance.now() - start);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) });
        });
      });
      sent.end(payload);
    });
  }

  /** Opens an event stream and hears its events; returns how to hang up. `ended` is called once, however it ends. */
  events(path: string, headers: Record<string, string>, heard: (event: string, data: string) => void, ended: () => void): () => void {
    const sent = request(`${this.#base}${path}`, { headers, agent: false });
    const once = () => {
      sent.destroy();
      ended();
      ended = () => undefined;
    };
    sent.on('error', once);
    sent.on('response', (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        const blocks = (rest + part).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, event] = /^event: (.*)$/m.exec(block) ?? [];
          if (event !== undefined) heard(event, /^data: (.*)$/m.exec(block)?.[1] ?? '');
        }
      });
      response.on('error', once);
      response.on('close', once);
    });
    sent.end();
    return once;
  }

  /** Breaks every connection, also those in use. */
  cut(): void {
    this.#cutting = true;
    this.#agent.destroy();
    setImmediate(() => {
      this.#cutting = false;
    });
  }
}
