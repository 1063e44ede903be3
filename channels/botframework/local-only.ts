/** Who may talk without credentials: programs on this machine, and nobody who comes through a browser or a proxy. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { BotFrameworkError } from './errors.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A proxy or tunnel on this machine connects from loopback on behalf of the whole world; these headers give it away. */
const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Whether an IP address (also IPv4 in IPv6 form) is one of this machine's loopback addresses. */
export function isLoopback(address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  return family !== 0 && loopback.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Throws BotFrameworkError 403 for everything but a direct request of a program on this machine. */
export function requireLocal(request: IncomingMessage): void {
  const refuse = (why: string) =>
    new BotFrameworkError(403, 'Forbidden', `${why}; set MICROSOFT_APP_ID and MICROSOFT_APP_PASSWORD to let others in`);
  if (!isLoopback(request.socket.remoteAddress)) throw refuse('without credentials only this machine may talk to the bot');
  if (forwarding.some((name) => request.headers[name] !== undefined)) throw refuse('without credentials nothing may come through a proxy');
  // A page the user happens to visit can reach loopback too; browsers say so with Origin.
  if (request.headers.origin !== undefined) throw refuse('without credentials no web page may talk to the bot');
}

/** Throws BotFrameworkError 403 when replies would leave this machine: nobody has vouched for the address. */
export function requireLocalService(serviceUrl: string): void {
  const host = new URL(serviceUrl).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || isLoopback(host)) return;
  throw new BotFrameworkError(
    403,
    'Forbidden',
    'serviceUrl: without credentials it must be on this machine, for example http://localhost:…',
  );
}
