/** Which addresses may be called on behalf of a setting: those of the open internet, and inner networks only where the operator names them. */
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Never on the open internet. Source: IANA IPv4 and IPv6 special-purpose address registries; multicast RFC 5771 and RFC 4291. */
const special: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** A network in the notation `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/');
  const family = isIP(address);
  return more === undefined && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

export class ForbiddenAddressError extends Error {
  constructor(host: string) {
    super(`${host} leads into an inner network; if that is meant, name it in WEBHOOK_INNER_NETWORKS`);
  }
}

type Lookup = typeof lookup;
type Found = readonly { readonly address: string; readonly family: number }[];

export class AddressGuard {
  readonly #special = listOf(special);
  readonly #inner: BlockList;
  readonly #lookup: Lookup;

  /** `inner`: networks that may be called although they are not on the internet. */
  constructor(inner: readonly string[], resolve: Lookup = lookup) {
    this.#inner = listOf(inner);
    this.#lookup = resolve;
  }

  /** Whether an IP address may be called; an IPv4 address in IPv6 form is the IPv4 address. */
  allows(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) return false;
    // BlockList looks at ::ffff:a.b.c.d as at a.b.c.d.
    return this.#inner.check(address, family) || !this.#special.check(address, family);
  }

  /** Throws ForbiddenAddressError for a host that is an address which may not be called; names are looked at when they are resolved. */
  checkHost(hostname: string): void {
    const plain = hostname.replace(/^\[|\]$/g, '');
    if (isIP(plain) !== 0 && !this.allows(plain)) throw new ForbiddenAddressError(plain);
  }

  /**
   * For `https.request({ lookup })`: the connection goes to the very address that was looked at here, so a name can't lead elsewhere in
   * between. One forbidden address among several forbids the name.
   */
  readonly resolve = (
    host: string,
    options: { readonly all?: boolean | undefined },
    done: (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void,
  ): void => {
    this.#lookup(host, { all: true }, (error, found: Found) => {
      if (error) return done(error, '');
      const [first] = found;
      if (first === undefined || found.some(({ address }) => !this.allows(address))) return done(new ForbiddenAddressError(host), '');
      return options.all ? done(null, [...found]) : done(null, first.address, first.family);
    });
  };
}
