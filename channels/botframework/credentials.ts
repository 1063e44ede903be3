/** The bot's registration with Azure: which settings belong together, and as botbuilder wants them. */

/** Addresses of a cloud that is not Azure's public one; names as in botbuilder's settings. */
export interface CloudAddresses {
  readonly OAuthUrl: string;
  readonly ToChannelFromBotLoginUrl: string;
  readonly ToChannelFromBotOAuthScope: string;
  readonly ToBotFromChannelTokenIssuer: string;
  readonly ToBotFromChannelOpenIdMetadataUrl: string;
  readonly ToBotFromEmulatorOpenIdMetadataUrl: string;
}

export interface CredentialOptions {
  /** MICROSOFT_APP_ID. Without it only programs on this machine may talk (Bot Framework Emulator). */
  readonly appId?: string | undefined;
  /** MICROSOFT_APP_PASSWORD: the client secret. */
  readonly appPassword?: string | undefined;
  /** MICROSOFT_APP_TENANT_ID: the tenant of a SingleTenant or UserAssignedMSI registration. */
  readonly tenantId?: string | undefined;
  /** MICROSOFT_APP_TYPE: MultiTenant, SingleTenant or UserAssignedMSI. Default: SingleTenant with a tenant, else MultiTenant. */
  readonly appType?: string | undefined;
  /** `china`: Azure operated by 21Vianet; or the addresses of another cloud. Default: Azure public. */
  readonly cloud?: 'china' | CloudAddresses | undefined;
}

const appTypes = ['MultiTenant', 'SingleTenant', 'UserAssignedMSI'] as const;
type AppType = (typeof appTypes)[number];

function typeOf({ appType, tenantId }: CredentialOptions): AppType | undefined {
  if (!appType) return tenantId ? 'SingleTenant' : 'MultiTenant';
  return appTypes.find((type) => type.toLowerCase() === appType.toLowerCase());
}

/** What is wrong with the settings, one sentence a problem, each naming the key; empty when they fit together or all are absent. */
export function credentialProblems(options: CredentialOptions): string[] {
  const { appId, appPassword, tenantId, appType } = options;
  if (!appId) {
    const orphans = { MICROSOFT_APP_PASSWORD: appPassword, MICROSOFT_APP_TENANT_ID: tenantId, MICROSOFT_APP_TYPE: appType };
    return Object.entries(orphans).flatMap(([key, value]) => (value ? [`MICROSOFT_APP_ID: is missing, but ${key} is set`] : []));
  }
  const type = typeOf(options);
  if (!type) return [`MICROSOFT_APP_TYPE: must be one of ${appTypes.join(', ')}`];
  const problems: string[] = [];
  if (type === 'UserAssignedMSI' && appPassword) problems.push('MICROSOFT_APP_PASSWORD: a UserAssignedMSI bot has none; remove it');
  if (type !== 'UserAssignedMSI' && !appPassword)
    problems.push(`MICROSOFT_APP_PASSWORD: is missing; a ${type} bot needs its client secret`);
  if (type !== 'MultiTenant' && !tenantId) problems.push(`MICROSOFT_APP_TENANT_ID: is missing; a ${type} bot needs its tenant`);
  if (options.cloud === 'china' && !tenantId) problems.push('MICROSOFT_APP_TENANT_ID: is missing; Azure China needs it');
  return problems;
}

/** The settings under botbuilder's names, for ConfigurationBotFrameworkAuthentication. */
export function sdkSettings(options: CredentialOptions): Record<string, string> {
  const { appId, appPassword, tenantId, cloud } = options;
  return {
    ...(appId ? { MicrosoftAppId: appId, MicrosoftAppType: typeOf(options) ?? 'MultiTenant' } : {}),
    ...(appPassword ? { MicrosoftAppPassword: appPassword } : {}),
    ...(tenantId ? { MicrosoftAppTenantId: tenantId } : {}),
    ...(cloud === 'china' ? chinaCloud(tenantId ?? '') : cloud),
  };
}

/** Source: Microsoft Learn, "Configure a bot in Microsoft Azure operated by 21Vianet" (how-to-deploy-china-cloud). */
function chinaCloud(tenantId: string): CloudAddresses {
  return {
    OAuthUrl: 'https://token.botframework.azure.cn/',
    ToChannelFromBotLoginUrl: `https://login.partner.microsoftonline.cn/${tenantId}`,
    ToChannelFromBotOAuthScope: 'https://api.botframework.azure.cn',
    ToBotFromChannelTokenIssuer: 'https://api.botframework.azure.cn',
    ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
    ToBotFromEmulatorOpenIdMetadataUrl:
      'https://login.partner.microsoftonline.cn/a55a4d5b-9241-49b1-b4ff-befa8db00269/v2.0/.well-known/openid-configuration',
  };
}
