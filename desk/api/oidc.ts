/**
 * Signing in at the organisation's own identity provider: OpenID Connect, authorisation code with PKCE, state and nonce.
 * Sources: OpenID Connect Core 1.0; RFC 9700 (current best practice: PKCE also for clients with a secret, exact redirect address).
 */
import type * as Client from 'openid-client';
import type { OpenDatabase } from '../../bot/store/database.ts';
import type { StaffRole } from '../../bot/store/staff.ts';
import { type IdentityOutcome, signInIdentity } from '../../bot/store/staff-identities.ts';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, PKCE alone. */
  readonly clientSecret?: string | undefined;
  /** Claim that holds the person's groups or roles; dots reach into objects (`realm_access.roles`). */
  readonly roleClaim: string;
  /** Value of the claim → role here; the first that fits wins. */
  readonly roles: readonly { readonly value: string; readonly role: StaffRole }[];
  /** Claim that names the account. */
  readonly nameClaim: string;
  readonly scope: string;
}

/** What must come back unchanged from the provider; kept in the browser, sealed. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export type OidcOutcome =
  | { readonly ok: true; readonly name: string; readonly role: StaffRole }
  | {
      readonly ok: false;
      readonly reason: 'refused' | 'failed' | 'no_role' | 'no_name' | 'name_taken' | 'expired';
      readonly detail: string;
    };

/** Somebody needs longer than this to sign in: the attempt is over. */
const longestMs = 10 * 60_000;
const nameShape = /^[\p{L}\p{N}._@-]{1,64}$/u;

/** One provider. What it says of itself is read at the first sign-in, and again after a failure. */
export class OidcLogin {
  readonly #settings: OidcSettings;
  readonly #redirectUri: string;
  #loaded: Promise<{ client: typeof Client; provider: Client.Configuration }> | undefined;

  constructor(settings: OidcSettings, redirectUri: string) {
    this.#settings = settings;
    this.#redirectUri = redirectUri;
  }

  /** Where to send the browser, and what to remember until it comes back. Rejects when the provider can't be reached. */
  async begin(now: number): Promise<{ url: URL; pending: PendingLogin }> {
    const { client, provider } = await this.#provider();
    const pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      startedAt: now,
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri,
      scope: this.#settings.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { url, pending };
  }

  /** The browser is back: exchanges the code, checks everything and makes the account known. `query`: with its question mark. */
  async finish(database: OpenDatabase, query: string, pending: PendingLogin | undefined, now: number): Promise<OidcOutcome> {
    if (pending === undefined || now - pending.startedAt > longestMs)
      return { ok: false, reason: 'expired', detail: 'the sign-in was not begun in this browser, or too long ago' };
    let claims: Record<string, unknown>;
    try {
      claims = await this.#claims(query, pending);
    } catch (error) {
      const refused = (error as { error?: unknown }).error === 'access_denied';
      return { ok: false, reason: refused ? 'refused' : 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
    const role = roleOf(claims, this.#settings);
    const subject = String(claims.sub);
    if (role === undefined) {
      // Whoever lost their groups must not go on with a session from before.
      await signInIdentity(database, { issuer: this.#settings.issuer, subject }, undefined, now);
      return { ok: false, reason: 'no_role', detail: `none of the values of ${this.#settings.roleClaim} is mapped to a role` };
    }
    const name = claims[this.#settings.nameClaim];
    if (typeof name !== 'string' || !nameShape.test(name))
      return { ok: false, reason: 'no_name', detail: `the claim ${this.#settings.nameClaim} holds no usable name` };
    const outcome: IdentityOutcome = await signInIdentity(database, { issuer: this.#settings.issuer, subject }, { name, role }, now);
    return outcome.ok ? { ok: true, name: outcome.name, role } : { ok: false, reason: 'name_taken', detail: `${name} is a local account` };
  }

  /** Where the browser ends the provider's own session; undefined when the provider offers no such place. */
  async endUrl(backTo: string): Promise<URL | undefined> {
    const { client, provider } = await this.#provider();
    if (provider.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(provider, { post_logout_redirect_uri: backTo });
  }

  async #claims(query: string, pending: PendingLogin): Promise<Record<string, unknown>> {
    const { client, provider } = await this.#provider();
    const answer = await client.authorizationCodeGrant(provider, new URL(`${this.#redirectUri}${query}`), {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    });
    const token = answer.claims();
    if (token === undefined) throw new Error('the provider sent no id token');
    // Roles are often told only at the userinfo endpoint, to keep the token small.
    if (valueAt(token, this.#settings.roleClaim) !== undefined || provider.serverMetadata().userinfo_endpoint === undefined) return token;
    return { ...(await client.fetchUserInfo(provider, answer.access_token, token.sub)), ...token };
  }

  #provider() {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #load() {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.#settings;
    const server = new URL(issuer);
    const provider = await client.discovery(
      server,
      clientId,
      clientSecret,
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
      // The settings allow http on this machine only.
      server.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {},
    );
    return { client, provider };
  }
}

/** The first mapped role among the values of the claim. */
export function roleOf(
  claims: Record<string, unknown>,
  { roleClaim, roles }: Pick<OidcSettings, 'roleClaim' | 'roles'>,
): StaffRole | undefined {
  const held = [valueAt(claims, roleClaim)].flat();
  return roles.find(({ value }) => held.includes(value))?.role;
}

/** A claim by its whole name, or by the steps its dots make. */
function valueAt(claims: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
