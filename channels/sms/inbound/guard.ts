/** Who may push where the provider signs nothing: a secret in the address, an allow-list of sources, or this machine only. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface SourceRules {
  /** Stands at the end of the push address, or as ?token=. */
  readonly token: string | undefined;
  /** Addresses or networks (1.2.3.0/24) the provider pushes from; empty: any. */
  readonly sources: readonly string[];
}

const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip', 'origin'];

/** What is wrong with a list of sources, or undefined. */
export function sourcesProblem(sources: readonly string[]): string | undefined {
  const wrong = sources.find((source) => {
    const [address = '', bits, ...more] = source.split('/');
    const family = isIP(address);
    const longest = family === 6 ? 128 : 32;
    return family === 0 || more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= longest));
  });
  return wrong && `${wrong} is no IP address or network`;
}

/** Whether a push may come from here. With neither token nor sources only programs on this machine may push, and not through a proxy. */
export function mayPush(request: IncomingMessage, given: string | undefined, rules: SourceRules): boolean {
  if (rules.token === undefined && rules.sources.length === 0) {
    return listed(['127.0.0.0/8', '::1'], request.socket.remoteAddress) && !forwarding.some((name) => request.headers[name] !== undefined);
  }
  if (rules.token !== undefined && !sameSecret(given ?? '', rules.token)) return false;
  return rules.sources.length === 0 || listed(rules.sources, request.socket.remoteAddress);
}

function listed(sources: readonly string[], address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const source of sources) {
    const [network = '', bits] = source.split('/');
    const type = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, type);
    else list.addSubnet(network, Number(bits), type);
  }
  return list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

const sameSecret = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
