/** `wenban user …`: staff accounts. */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { addStaff, deleteSessionsOf, listStaff, setPassword } from '../../bot/store/staff.ts';
import { hashPassword, passwordProblem } from '../../desk/api/passwords.ts';
import type { Config } from '../config.ts';
import { badUsage } from './command.ts';
import { withStore } from './with-store.ts';

const accountSchema = z.object({
  name: z.string().regex(/^[\p{L}\p{N}._-]{1,32}$/u, 'up to 32 letters, digits, . _ -'),
  role: z.enum(['agent', 'editor', 'analyst', 'supervisor', 'admin']),
});

/** Adds an account. Exit code 2 for a bad name, role or password, 1 when the name is taken. */
export async function userAddCommand(config: Config, name: string, role: string): Promise<number> {
  const account = accountSchema.safeParse({ name, role });
  if (!account.success) return refuse(z.prettifyError(account.error));
  const password = await readPassword();
  const problem = passwordProblem(password);
  if (problem) return refuse(problem);
  return withStore(config, async ({ db }) => {
    const added = await addStaff(db, { ...account.data, passwordHash: await hashPassword(password) }, Date.now());
    console.log(added ? `已添加 added: ${name} (${role})` : `这个名字已经有人用了 the name is taken: ${name}`);
    return added ? 0 : 1;
  });
}

/** Sets a password and ends the account's sessions. Exit code 1 when there is no such account. */
export async function userPasswordCommand(config: Config, name: string): Promise<number> {
  const password = await readPassword();
  const problem = passwordProblem(password);
  if (problem) return refuse(problem);
  return withStore(config, async ({ db }) => {
    const found = await setPassword(db, name, await hashPassword(password));
    if (found) await deleteSessionsOf(db, name);
    console.log(found ? `密码已更新 password set: ${name}` : `没有这个账号 no such account: ${name}`);
    return found ? 0 : 1;
  });
}

export async function userListCommand(config: Config, flags: { json?: boolean }): Promise<number> {
  return withStore(config, async ({ db }) => {
    for (const { name, role } of await listStaff(db)) console.log(flags.json ? JSON.stringify({ name, role }) : `${name}\t${role}`);
    return 0;
  });
}

function refuse(message: string): number {
  console.error(message);
  return badUsage;
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('密码（回车结束）password: ');
  const lines = createInterface({ input: process.stdin, terminal: false });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
}
