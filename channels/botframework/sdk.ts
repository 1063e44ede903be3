/** The part of botbuilder that is used, loaded when it is first needed: that takes half a second or more, and most servers never need it. */
import type { ConversationReference, Activity as SdkActivity } from 'botbuilder';
import { sdkSettings } from './credentials.ts';
import { BotFrameworkError } from './errors.ts';
import type { BotActivity } from './incoming.ts';
import type { BotFrameworkOptions } from './options.ts';
import type { Reference } from './reference.ts';

export interface Sdk {
  /** Checks the JWT of a request as CloudAdapter does. Throws BotFrameworkError 401, or 503 when Azure's keys can't be fetched. */
  authenticate(activity: BotActivity, authorization: string): Promise<void>;
  /** Sends one activity, once, exactly as given. Rejects with what the connector or the login answered. */
  send(reference: Reference, activity: OutgoingActivity): Promise<void>;
}

/** An activity that is ready to be sent. */
export type OutgoingActivity = Record<string, unknown> & { readonly type: string };

type SdkOptions = Omit<BotFrameworkOptions, 'core' | 'findConversation' | 'saveProfile' | 'conversationKey'>;

const defaultTimeoutMs = 10_000;

/** The pipeline of an @azure/core-client ServiceClient, as far as it is used. */
interface Pipeline {
  removePolicy(which: { name: string }): unknown;
  addPolicy(policy: { name: string; sendRequest(request: PipelineRequest, next: (request: PipelineRequest) => unknown): unknown }): void;
}
interface PipelineRequest {
  timeout: number;
  body?: unknown;
}

/** A function that loads botbuilder at its first call; later calls get the same. A failed load is tried again. */
export function lazySdk(options: SdkOptions): () => Promise<Sdk> {
  let loading: Promise<Sdk> | undefined;
  return () => {
    loading ??= load(options).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function load(options: SdkOptions): Promise<Sdk> {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import('botbuilder');
  const authentication = new ConfigurationBotFrameworkAuthentication(sdkSettings(options));
  const adapter = new CloudAdapter(authentication);
  return {
    async authenticate(activity, authorization) {
      // Tokens of the App Service extension are not bound to serviceUrl; nobody needs them here.
      if (activity.channelId === 'AseChannel') throw unauthorized();
      try {
        await authentication.authenticateRequest(activity as unknown as SdkActivity, authorization);
      } catch (error) {
        options.log.warn({ err: error, channelId: activity.channelId }, 'a Bot Framework request could not be authenticated');
        throw isUnreachable(error)
          ? new BotFrameworkError(503, 'ServiceUnavailable', 'the signing keys could not be fetched; try again')
          : unauthorized();
      }
    },
    async send(reference, activity) {
      await adapter.continueConversationAsync(options.appId ?? '', reference as Partial<ConversationReference>, async (context) => {
        takeOver(context.turnState.get(adapter.ConnectorClientKey), JSON.stringify(activity), options.requestTimeoutMs ?? defaultTimeoutMs);
        await adapter.sendActivities(context, [{ ...activity }]);
      });
    },
  };
}

/**
 * The connector client keeps of an entity its type only, so citations and the AI label would be lost: the body is put in as it is.
 * It also tries again by itself, with pauses; the outbox does that, and must not be held up by one channel.
 */
function takeOver(connector: unknown, body: string, timeoutMs: number): void {
  const pipeline = (connector as { client?: { pipeline?: Pipeline } }).client?.pipeline;
  if (!pipeline) throw new Error('this version of botbuilder has no pipeline where 4.23.3 has it');
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline.addPolicy({
    name: 'wenbanDelivery',
    sendRequest(request, next) {
      request.timeout = timeoutMs;
      request.body = body;
      return next(request);
    },
  });
}

const unauthorized = () =>
  new BotFrameworkError(401, 'Unauthorized', 'the request carries no valid token of the Bot Framework for this bot');

/** Whether it was Azure that could not be asked, rather than the token that is wrong. */
function isUnreachable(error: unknown): boolean {
  const { name, statusCode } = error as { name?: unknown; statusCode?: unknown };
  return name === 'FetchError' || (typeof statusCode === 'number' && statusCode >= 500);
}
