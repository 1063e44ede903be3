/** A citizen on the web who knows several servers and sticks to none: posts to one, listens on another, goes on elsewhere when one is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Activity } from '../../bot/activity.ts';
import { directLine, post, type Talk } from '../support/process.ts';

export interface Said {
  readonly clientId: string;
  readonly text: string;
  /** The id under which a server acknowledged it. */
  acknowledged: string | undefined;
}

export interface WebCitizenOptions {
  readonly name: string;
  readonly talk: Talk;
  /** Addresses of servers that live, as far as anybody knows. */
  readonly servers: () => readonly string[];
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export class WebCitizen {
  readonly said: Said[] = [];
  /** What came by WebSocket and is in the log, as it came. */
  readonly heard: Activity[] = [];
  /** Live activities: typing, streaming. */
  live = 0;
  connections = 0;
  readonly #options: WebCitizenOptions;
  #socket: WebSocket | undefined;
  #watermark = '0';
  #gone = false;

  constructor(options: WebCitizenOptions) {
    this.#options = options;
    this.#listen();
  }

  get talk(): Talk {
    return this.#options.talk;
  }

  /** Says it until some server has acknowledged it: the same message however often it is sent. */
  async say(text: string): Promise<void> {
    const one: Said = { clientId: `${this.#options.name}-${this.said.length}`, text, acknowledged: undefined };
    this.said.push(one);
    while (one.acknowledged === undefined && !this.#gone) {
      const answer = await post(this.#any(), this.talk, text, one.clientId).catch(() => undefined);
      if (answer?.status === 200) one.acknowledged = answer.json.id;
      else if (answer && answer.status !== 429 && answer.status < 500) throw new Error(`${answer.status} ${answer.text}`);
      else await sleep(50 + this.#options.random() * 100);
    }
  }

  close(): void {
    this.#gone = true;
    this.#socket?.terminate();
  }

  #any(): string {
    const servers = this.#options.servers();
    return servers[Math.floor(this.#options.random() * servers.length)] ?? '';
  }

  #listen(): void {
    if (this.#gone) return;
    const { conversationId, token } = this.talk;
    const address = `${directLine(this.#any()).replace('http', 'ws')}/conversations/${conversationId}/stream?t=${token}&watermark=${this.#watermark}`;
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.on('open', () => {
      this.connections += 1;
    });
    socket.on('message', (data) => {
      const text = String(data);
      if (text === '') return;
      const { activities, watermark } = JSON.parse(text) as { activities: Activity[]; watermark?: string };
      if (watermark === undefined) this.live += activities.length;
      else {
        this.heard.push(...activities);
        this.#watermark = watermark;
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(() => this.#listen(), 50 + this.#options.random() * 100));
  }
}
