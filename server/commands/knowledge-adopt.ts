/** `wenban knowledge adopt`: the way out when a city's pack got another name or region code. */
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';
import { adoptStore } from '../tenant.ts';
import { badUsage } from './command.ts';
import { withStore } from './with-store.ts';

/** Without `--yes` it says what it would mean, exit code 2. */
export async function adoptCommand(config: Config, { yes }: { yes?: boolean }): Promise<number> {
  const { name, region } = await loadManifest(config.packFolder);
  if (!yes) {
    console.error(
      `数据库里的对话、坐席、工单都会归 ${name} ${region}，另一座城市的不能这样并过来；先停掉所有服务，再加 --yes。\n` +
        `Everything in the database will be that of ${name} ${region}: never do this with another city's. Stop every server, then add --yes.`,
    );
    return badUsage;
  }
  return withStore(config, async (database) => {
    const before = await adoptStore(database, { name, region });
    console.log(`数据库现在属于 the database belongs to: ${name} ${region}${before ? `（原来 before: ${before}）` : ''}`);
    return 0;
  });
}
