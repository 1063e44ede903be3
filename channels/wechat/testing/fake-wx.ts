/** A mini-program runtime for tests: real HTTP and sockets, which a test can cut. */
import { WebSocket } from 'ws';
import type { SocketTask, Wx } from '../miniprogram/lib/wx.ts';

export interface FakeWx extends Wx {
  /** Cuts every socket. */
  cut(): void;
  /** What the next requests whose address matches meet: no network, or an answer that gets lost after the server has acted. */
  spoil(address: RegExp, how: 'unreachable' | 'answer lost', times: number): void;
  socketsWork: boolean;
  readonly sockets: () => number;
}

/** `code` gives what wx.login gives. */
export function fakeWx(code: () => string): FakeWx {
  const open = new Set<WebSocket>();
  const spoilt: { address: RegExp; how: string; left: number }[] = [];
  const storage = new Map<string, unknown>();
  let made = 0;
  const wx: FakeWx = {
    socketsWork: true,
    sockets: () => made,
    cut: () => {
      for (const socket of open) socket.terminate();
    },
    spoil: (address, how, times) => void spoilt.push({ address, how, left: times }),
    login: ({ success }) => success({ code: code() }),
    request({ url, method, header, data, success, fail }) {
      const spoil = spoilt.find((one) => one.left > 0 && one.address.test(`${method} ${url}`));
      if (spoil) spoil.left--;
      if (spoil?.how === 'unreachable') return void setTimeout(fail, 1);
      fetch(url, { method, headers: header, ...(data ? { body: JSON.stringify(data) } : {}) }).then(
        async (response) => {
          const json: unknown = await response.json().catch(() => undefined);
          if (spoil) fail();
          else success({ statusCode: response.status, data: json });
        },
        () => fail(),
      );
    },
    connectSocket({ url }): SocketTask {
      made++;
      const socket = new WebSocket(wx.socketsWork ? url : 'ws://127.0.0.1:1/');
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      return {
        onMessage: (listener) => void socket.on('message', (data) => listener({ data: String(data) })),
        onClose: (listener) => void socket.on('close', listener),
        onError: (listener) => void socket.on('error', listener),
        close: () => socket.terminate(),
      };
    },
    setClipboardData: () => undefined,
    showToast: () => undefined,
    makePhoneCall: () => undefined,
    getStorageSync: (key) => storage.get(key) ?? '',
    setStorageSync: (key, value) => void storage.set(key, value),
  };
  return wx;
}
