/** Where the store is and with which keys its personal data is sealed. */
import type { DatabaseConfig } from '../../bot/store/database.ts';
import type { Config } from '../config.ts';

export const storeOf = ({ databaseUrl, databaseDirectUrl, dataDir, security }: Config): DatabaseConfig => ({
  databaseUrl,
  directUrl: databaseDirectUrl,
  dataDir,
  dataKeys: security.dataKeys,
});
