/** A real OpenID provider on this machine (package oidc-provider) whose people sign in without being asked. For tests. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface Person {
  readonly name?: string;
  readonly roles: readonly string[];
}

export interface IdentityProvider {
  readonly issuer: string;
  /** Who signs in next: subject → what is known of them. */
  readonly people: Map<string, Person>;
  /** Subject of whoever sits at the browser; undefined: they press cancel. */
  at: string | undefined;
  close(): Promise<void>;
}

/** `redirectUri`: the only place it sends people back to. */
export async function startIdentityProvider(redirectUri: string, backTo: string): Promise<IdentityProvider> {
  const people = new Map<string, Person>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: IdentityProvider = {
    issuer,
    people,
    at: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'wenban',
        client_secret: 'a secret of thirty-two characters',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [backTo],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles'] },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['for tests'] },
    pkce: { required: () => true },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: people.get(sub)?.name, roles: [...(people.get(sub)?.roles ?? [])] }),
    }),
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({ accountId: session?.accountId ?? '', clientId: client?.clientId ?? '' });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    const result =
      self.at === undefined
        ? { error: 'access_denied', error_description: 'cancelled' }
        : { login: { accountId: self.at, remember: false } };
    void provider.interactionFinished(request, response, result);
  });
  return self;
}

/** A browser that follows redirects and keeps cookies by host; answers the last page it came to. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async go(address: string): Promise<{ url: string; status: number; text: string; headers: Headers }> {
    let url = address;
    for (let hops = 0; hops < 15; hops++) {
      const { host } = new URL(url);
      const jar = this.#cookies.get(host) ?? new Map<string, string>();
      this.#cookies.set(host, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      const next = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || next === null)
        return { url, status: response.status, text: await response.text(), headers: response.headers };
      await response.body?.cancel();
      url = new URL(next, url).href;
    }
    throw new Error('the redirects never end');
  }

  cookie(host: string, name: string): string | undefined {
    return this.#cookies.get(host)?.get(name);
  }

  /** As an attacker's page would. */
  plant(host: string, name: string, value: string): void {
    this.#cookies.set(host, (this.#cookies.get(host) ?? new Map()).set(name, value));
  }
}
